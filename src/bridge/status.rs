//! What the gateway is doing now, for everyone who looks at it.
use super::{journal::State, wire::Role};
use crate::microscope::Command;
use serde::{Deserialize, Serialize};

/// How far the planner is trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Commands go ahead.
    #[default]
    Auto,
    /// Each waits for a supervisor's yes.
    Approve,
    /// Moves go ahead, exposures do not.
    Shadow,
}

/// A command that is not finished.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// Its identity.
    pub cid: String,
    /// What is, would be or may have been done.
    pub op: Command,
    /// Whether it may go ahead without a supervisor's yes.
    pub approved: bool,
}

/// What a run has used of its limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// Stage moves.
    pub moves: u32,
    /// Charge of all exposures, nC.
    pub charge_nc: f64,
    /// Time since its first command, whole tens of seconds.
    pub run_secs: f64,
}

/// Sent after `hello` and whenever it has changed; only the newest matters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Status {
    /// State of the gateway.
    pub state: State,
    /// How far the planner is trusted.
    pub mode: Mode,
    /// Epoch of the lease in force; none when nobody holds it.
    pub epoch: Option<u64>,
    /// Role of its holder.
    pub holder: Option<Role>,
    /// What the instrument is doing.
    pub running: Option<Waiting>,
    /// What comes next, in order.
    pub queue: Vec<Waiting>,
    /// Begun before a restart, and nobody knows whether it was done: a supervisor says redo or skip.
    pub in_doubt: Vec<Waiting>,
    /// Whether the interlock is open: no command is taken up.
    pub interlock_open: bool,
    /// Of the limits of the run.
    pub used: Used,
}
