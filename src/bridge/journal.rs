//! What the gateway writes down before anyone is told of it, and what it knows again after a restart.
use super::{data::Data, wire::Role};
use crate::microscope::{Command, Fault, Reading, Sighting};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// State of the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody holds the lease.
    Idle,
    /// Someone holds it.
    Leased,
    /// A command is being performed.
    Running,
    /// No further command is taken up.
    Hold,
    /// The lease was lost: queue dropped, beam blanked, stage stopped.
    Safe,
    /// Something failed that a person must look at; latched.
    Fault,
    /// Emergency stop; latched.
    Estop,
}

/// What to do about a command in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may be done (again) when it is next asked for.
    Redo,
    /// It counts as refused.
    Skip,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// The command.
    pub cid: String,
    /// Time the instrument spent on it, s.
    pub took_secs: f64,
    /// Reading or fault.
    pub outcome: Result<Reading, Fault>,
    /// Raw arrays behind it, kept beside the journal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<Data>,
}

impl Done {
    /// An outcome without raw arrays.
    pub fn new(cid: impl Into<String>, took_secs: f64, outcome: Result<Reading, Fault>) -> Self {
        Self { cid: cid.into(), took_secs, outcome, data: Vec::new() }
    }
}

/// One entry. Each is on the disk before the next output of the server is carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "entry", rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    /// The lease was granted.
    Granted {
        /// One more than ever before.
        epoch: u64,
        /// To a connection of this role.
        role: Role,
    },
    /// A command is about to be given to the instrument.
    Intent {
        /// Its identity.
        cid: String,
        /// Lease it was given under.
        epoch: u64,
        /// What to do.
        op: Command,
    },
    /// It was done.
    Outcome(Done),
    /// After a restart: begun, and the instrument does not know what became of it.
    InDoubt {
        /// The command.
        cid: String,
    },
    /// Someone decided about it.
    Resolved {
        /// The command.
        cid: String,
        /// How.
        verdict: Verdict,
    },
    /// The gateway changed its state.
    State {
        /// To this.
        to: State,
        /// Because of this.
        why: String,
    },
}

impl Entry {
    /// Its kind, for a log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Granted { .. } => "granted",
            Self::Intent { .. } => "intent",
            Self::Outcome(_) => "outcome",
            Self::InDoubt { .. } => "in_doubt",
            Self::Resolved { .. } => "resolved",
            Self::State { .. } => "state",
        }
    }
}

/// An entry and its place, counted from 1 without gaps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Numbered {
    /// Its place.
    pub jseq: u64,
    /// When it was made by the gateway's clock, ms since 1970 (UTC).
    pub unix_ms: u64,
    /// The entry.
    pub entry: Entry,
}

/// What the last overview of each region showed.
#[must_use]
pub fn seen(entries: &[Numbered]) -> BTreeMap<u32, Vec<Sighting>> {
    let (mut regions, mut here, mut seen) = (BTreeMap::new(), None, BTreeMap::new());
    for Numbered { entry, .. } in entries {
        match entry {
            Entry::Intent { cid, op: Command::MoveToRegion { region, .. }, .. } => drop(regions.insert(cid, *region)),
            Entry::Outcome(Done { cid, outcome: Ok(Reading::Arrived { .. }), .. }) => here = regions.get(cid).copied(),
            Entry::Outcome(Done { outcome: Ok(Reading::Particles { particles }), .. }) => {
                here.map(|region| seen.insert(region, particles.clone()));
            }
            _ => {}
        }
    }
    seen
}
