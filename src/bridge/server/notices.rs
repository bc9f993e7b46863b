//! What everyone who said hello is told unasked: the status, when it has changed.
use super::{Output, Peer, Server};
use crate::bridge::{
    status::{Status, Used, Waiting},
    wire::Outgoing,
};

/// The time of the run is told in steps, so that it alone makes no traffic, s.
const RUN_STEP_SECS: u64 = 10;

impl Server {
    pub(super) fn status(&self) -> Status {
        let waiting = |cid: &String, approved: bool| {
            self.known.get(cid).map(|known| Waiting { cid: cid.clone(), op: known.op.clone(), approved })
        };
        let run_ms = self.run_began_ms.map_or(0, |began| self.now_ms - began);
        Status {
            state: self.state,
            mode: self.settings.mode,
            epoch: self.lease.as_ref().map(|_| self.epoch),
            holder: self.lease.as_ref().map(|lease| lease.role),
            running: self.running.as_ref().and_then(|cid| waiting(cid, true)),
            queue: self.queue.iter().filter_map(|job| waiting(&job.cid, job.approved)).collect(),
            in_doubt: self.in_doubt.iter().filter_map(|cid| waiting(cid, false)).collect(),
            interlock_open: self.interlock_open,
            used: Used {
                moves: self.usage.moves(),
                charge_nc: self.usage.charge_nc(),
                run_secs: (run_ms / 1000 / RUN_STEP_SECS * RUN_STEP_SECS) as f64,
            },
        }
    }

    /// To one who has just said hello.
    pub(super) fn brief(&mut self, peer: Peer) {
        self.out.push_back(Output::Send(peer, Outgoing::Status(Box::new(self.status()))));
    }

    /// To everyone, when there is news.
    pub(super) fn announce(&mut self) {
        let status = self.status();
        if self.told.as_ref() == Some(&status) {
            return;
        }
        self.told = Some(status.clone());
        let greeted = self.peers.iter().filter(|(_, guest)| guest.session.is_some());
        let notice = Outgoing::Status(Box::new(status));
        self.out.extend(greeted.map(|(peer, _)| Output::Send(*peer, notice.clone())));
    }
}
