//! What goes into a campaign, what comes out, and what stays on record.
use crate::{
    microscope::{Reply, Request},
    planner::{Decision, Pick},
    surrogate::Hyper,
};
use serde::{Deserialize, Serialize};

/// Longest wait for one reply before it counts as a fault, s.
pub const REPLY_TIMEOUT_SECS: f64 = 600.0;

/// Anything that can happen to a campaign.
#[derive(Clone, Debug)]
pub enum Input {
    /// Begin.
    Start,
    /// An instrument answered.
    Reply(Reply),
    /// It is now this many seconds after the start.
    Tick(f64),
    /// The operator ends the campaign.
    Stop,
}

/// Anything a campaign wants from its surroundings.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Send this to the instrument.
    Send(Request),
    /// Nothing to do before the reply, or before this time, s.
    Wait(Option<f64>),
    /// The campaign is over.
    Ended(StopReason),
}

/// Why a campaign ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The iterations are done.
    Iterations,
    /// The time is spent.
    Time,
    /// The cost is spent.
    Cost,
    /// The target uncertainty is reached.
    Target,
    /// Nothing is left to measure.
    NothingLeft,
    /// The operator ended it.
    Stopped,
}

/// The append-only record of a campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The planner decided where to measure next.
    Decided(Decision),
    /// The planner picked a particle.
    Picked(Pick),
    /// A request left.
    Sent(Request),
    /// Its reply came.
    Received(Reply),
    /// The hyper-parameters were fitted anew.
    Fitted {
        /// After this many measurements.
        measurements: u32,
        /// The new ones.
        hyper: Hyper,
    },
    /// The jitter that keeps the covariance positive definite was raised.
    Jittered {
        /// After this many measurements.
        measurements: u32,
        /// Share of the mean diagonal.
        relative: f64,
    },
    /// The campaign ended.
    Ended {
        /// Why.
        reason: StopReason,
    },
}

/// The state of a campaign after the seeds (the first entry) and after each iteration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Measurements so far.
    pub measurements: u32,
    /// Instrument time so far, s.
    pub time_secs: f64,
    /// Cost so far.
    pub cost: f64,
    /// Tile in view.
    pub tile: u32,
}

/// One measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measurement {
    /// Tile of the particle.
    pub tile: u32,
    /// Index in the tile.
    pub particle: u32,
    /// Value measured.
    pub value: f64,
    /// Iteration; 0 for a seed.
    pub iteration: u32,
}
