//! Where a command is done: in the region that its own run sent the stage to.
use super::{Mode, Server};
use crate::{
    bridge::refusal::{Code, Refusal},
    microscope::{Command, Fault, Reading},
};
use std::collections::BTreeMap;

/// Begins the identities of the gateway's own commands; the stage is nobody's by them.
pub(super) const OWN: &str = "gateway.";

/// The run of a command: what stands before the last point of its identity.
pub(super) fn run_of(cid: &str) -> &str {
    cid.rsplit_once('.').map_or("", |(run, _)| run)
}

/// Where the stage is, as far as it is known.
#[derive(Default)]
pub(super) struct Place {
    /// The driver knows it: a move ended well since this start, and nothing has gone wrong after it.
    pub known: bool,
    /// The last move did not end well.
    astray: bool,
    /// The last move of each run.
    of_runs: BTreeMap<String, Command>,
}

impl Place {
    /// A command has been performed.
    pub fn after(&mut self, op: &Command, outcome: &Result<Reading, Fault>) {
        if is_move(op) {
            self.astray = outcome.is_err();
            self.known = outcome.is_ok();
        }
        // Its steps led away, or what it took does not fit where the stage should be.
        let lost = match outcome {
            Err(Fault::Nonsense { .. } | Fault::TimedOut) => true,
            outcome => matches!(op, Command::CalibrateImage { .. }) && outcome.is_err(),
        };
        self.known &= !lost;
    }
}

impl Server {
    /// A command is begun, or was: a run may have sent the stage somewhere by it.
    pub(super) fn sent(&mut self, cid: &str, op: &Command) {
        if is_move(op) && !cid.starts_with(OWN) {
            self.place.of_runs.insert(run_of(cid).into(), op.clone());
        }
    }

    /// The move without which this would be done elsewhere: the last of its run, when the stage was sent somewhere else since, or
    /// when it is not known to be anywhere.
    pub(super) fn lacks_place(&self, cid: &str, op: &Command) -> Option<Command> {
        if is_move(op) || self.settings.mode == Mode::Shadow {
            return None;
        }
        let now = self.usage.return_move();
        let own = self.place.of_runs.get(run_of(cid)).cloned().or_else(|| now.clone());
        let lost = self.place.astray || self.settings.returns && !self.place.known;
        if lost || own != now { own } else { None }
    }

    /// A run that has not moved the stage would measure where another one did. The gateway's own calibration records nothing of
    /// a region.
    pub(super) fn has_moved(&self, cid: &str, op: &Command) -> Result<(), Refusal> {
        let run = run_of(cid);
        let own = cid.starts_with(OWN) && matches!(op, Command::CalibrateImage { .. });
        if is_move(op) || own || self.place.of_runs.is_empty() || self.place.of_runs.contains_key(run) {
            return Ok(());
        }
        let text = format!("run {run:?} has not sent the stage anywhere; allowed: after its first move");
        Err(Refusal::new(Code::Limit, text))
    }

    /// Whether a move of this run is under way or waits.
    pub(super) fn moves_soon(&self, run: &str) -> bool {
        self.soon().any(|(cid, op)| is_move(op) && run_of(cid) == run)
    }

    /// What is under way, and what waits.
    pub(super) fn soon(&self) -> impl Iterator<Item = (&str, &Command)> {
        let cids = self.running.iter().chain(self.queue.iter().map(|job| &job.cid));
        cids.filter_map(|cid| Some((&**cid, &self.known.get(cid)?.op)))
    }
}

fn is_move(op: &Command) -> bool {
    matches!(op, Command::MoveToRegion { .. })
}
