//! Commands: taken once, done at most once, answered from the journal ever after.
use super::{
    Mode, Output, Peer, Server,
    place::{OWN, run_of},
};
use crate::{
    bridge::{
        journal::{Done, Entry, State, Verdict},
        refusal::{Code, Refusal},
        wire::{Answer, Submit},
    },
    microscope::{Command, Fault, Reading},
};

/// What waits for the calibration of the image waits this much longer: three moves and three images.
const CALIBRATION_MS: u64 = 400_000;
/// And what waits for the stage to be back, this much.
const RETURN_MS: u64 = 130_000;

/// A command that has been heard of.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub op: Command,
    pub fate: Fate,
    /// Who is to be told, under which id.
    pub waiting: Vec<(Peer, String)>,
}

#[derive(Clone, Debug)]
pub(super) enum Fate {
    /// Neither waiting nor begun.
    Open,
    Queued,
    Running,
    InDoubt,
    Done(Done),
}

/// A command that waits for its turn.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub cid: String,
    pub epoch: u64,
    pub until_ms: u64,
    pub approved: bool,
}

impl Server {
    pub(super) fn submit(
        &mut self,
        peer: Peer,
        session: usize,
        id: &str,
        submit: Submit,
    ) -> Result<Option<Answer>, Refusal> {
        let Submit { cid, epoch, op, deadline_ms } = submit;
        let about = |refusal: Refusal| refusal.about(&cid);
        if let Some(known) = self.known.get_mut(&cid) {
            if known.op != op {
                let text = "the same identity came with other arguments; allowed: a new one";
                return Err(about(Refusal::new(Code::KeyReuse, text)));
            }
            match &known.fate {
                Fate::Done(done) => return Ok(Some(Answer::Done(done.clone()))),
                Fate::InDoubt => {
                    let text = "begun before a restart, and nobody knows whether it was done; resolve it: redo or skip";
                    return Err(about(Refusal::new(Code::InDoubt, text)));
                }
                Fate::Queued | Fate::Running => {
                    known.waiting.retain(|(waiter, _)| *waiter != peer);
                    known.waiting.push((peer, id.into()));
                    return Ok(None);
                }
                Fate::Open => {}
            }
        }
        if cid.starts_with(OWN) {
            let text = format!("cid {cid:?}; allowed: one that does not begin with {OWN}");
            return Err(about(Refusal::new(Code::Frame, text)));
        }
        self.held(session, epoch).map_err(about)?;
        if !matches!(self.state, State::Leased | State::Running) {
            return Err(about(self.illegal("cmd", "LEASED, RUNNING")));
        }
        if self.queue.len() >= self.settings.limits.queue {
            let text = format!("{} commands wait; allowed: {}", self.queue.len(), self.settings.limits.queue);
            return Err(about(Refusal::new(Code::Queue, text)));
        }
        if self.accepted.is_full(self.now_ms) {
            let rate = self.settings.limits.commands_per_sec;
            return Err(about(Refusal::new(Code::Rate, format!("more than {rate} commands in a second"))));
        }
        if !self.moves_soon(run_of(&cid)) {
            self.has_moved(&cid, &op).map_err(about)?;
        }
        self.accepted.count(self.now_ms);
        let approved = self.settings.mode != Mode::Approve;
        let mut until_ms = self.now_ms.saturating_add(deadline_ms);
        if let Some(back) = self.lacks_place(&cid, &op) {
            // Its own move is on its way, or the way back is.
            if !self.moves_soon(run_of(&cid)) && !self.soon().any(|(_, soon)| *soon == back) {
                self.precede("gateway.return", back, epoch, until_ms);
            }
            until_ms = until_ms.saturating_add(RETURN_MS);
        }
        if self.lacks_calibration(&op) {
            let calibration = self.usage.image_calibration(&self.settings.limits).map_err(about)?;
            if !self.soon().any(|(_, op)| matches!(op, Command::CalibrateImage { .. })) {
                self.precede("gateway.calibrate-image", calibration, epoch, until_ms);
            }
            until_ms = until_ms.saturating_add(CALIBRATION_MS);
        }
        self.known.insert(cid.clone(), Known { op, fate: Fate::Queued, waiting: vec![(peer, id.into())] });
        self.queue.push_back(Job { cid, epoch, until_ms, approved });
        Ok(None)
    }

    /// Begin what can be begun.
    pub(super) fn pump(&mut self) {
        while let Some(at) = self.queue.iter().position(|job| self.now_ms >= job.until_ms) {
            let Some(job) = self.queue.remove(at) else { return };
            self.refuse(&job.cid, Refusal::new(Code::Deadline, "its turn did not come in time"));
        }
        while self.running.is_none() && matches!(self.state, State::Leased | State::Running) {
            let Some(job) = self.queue.pop_front_if(|job| job.approved) else { break };
            self.begin(&job);
        }
        if self.running.is_none() && self.queue.is_empty() && self.state == State::Running {
            self.state = State::Leased;
        }
    }

    fn begin(&mut self, job: &Job) {
        let Some(op) = self.known.get(&job.cid).map(|known| known.op.clone()) else { return };
        if self.lease.is_none() || job.epoch != self.epoch {
            return self.refuse(&job.cid, Refusal::new(Code::Lease, "its lease is over"));
        }
        let run_began_ms = self.run_began_ms.unwrap_or(self.now_ms);
        let limit_secs = self.settings.limits.run_secs;
        if (self.now_ms - run_began_ms) as f64 / 1e3 > limit_secs {
            let text = format!("the run takes longer than {limit_secs} s");
            return self.refuse(&job.cid, Refusal::new(Code::Limit, text));
        }
        // The move that it waited for may have been refused, or have come too late.
        if let Err(refusal) = self.has_moved(&job.cid, &op) {
            return self.refuse(&job.cid, refusal);
        }
        if self.lacks_place(&job.cid, &op).is_some() {
            let text = "the stage is not known to be at the region of this run; allowed: after it is back there";
            return self.refuse(&job.cid, Refusal::new(Code::State, text));
        }
        if self.lacks_calibration(&op) {
            let text = "it is not known how the image lies on the stage; allowed: after its calibration";
            return self.refuse(&job.cid, Refusal::new(Code::State, text));
        }
        let usage = match self.usage.with(&op, &self.settings.limits) {
            Ok(usage) => usage,
            Err(refusal) => return self.refuse(&job.cid, refusal),
        };
        self.run_began_ms = Some(run_began_ms);
        let exposes = !matches!(op, Command::MoveToRegion { .. });
        if exposes && self.settings.mode == Mode::Shadow {
            let text = "the gateway is in shadow mode: nothing is exposed";
            return self.refuse(&job.cid, Refusal::new(Code::Refused, text));
        }
        self.usage = usage;
        self.sent(&job.cid, &op);
        self.running = Some(job.cid.clone());
        if let Some(known) = self.known.get_mut(&job.cid) {
            known.fate = Fate::Running;
        }
        self.append(Entry::Intent { cid: job.cid.clone(), epoch: job.epoch, op: op.clone() });
        // Intents and outcomes tell it; entries of their own would double the journal.
        self.state = State::Running;
        self.out.push_back(Output::Perform(job.cid.clone(), op));
    }

    /// Where an exposure would fall is not known before the image has been calibrated.
    fn lacks_calibration(&self, op: &Command) -> bool {
        let exposes = !matches!(op, Command::MoveToRegion { .. } | Command::CalibrateImage { .. });
        exposes && self.settings.calibrates_image && !self.image_calibrated && self.settings.mode != Mode::Shadow
    }

    /// Put a command of the gateway's own in the queue.
    fn precede(&mut self, name: &str, op: Command, epoch: u64, until_ms: u64) {
        let mut names = (1..).map(|n: u64| format!("{name}.{n}"));
        let Some(cid) = names.find(|cid| !self.known.contains_key(cid)) else { return };
        self.known.insert(cid.clone(), Known { op, fate: Fate::Queued, waiting: Vec::new() });
        self.queue.push_back(Job { cid, epoch, until_ms, approved: self.settings.mode != Mode::Approve });
    }

    /// Nothing was done: whoever waits is told, and the identity may come again.
    fn refuse(&mut self, cid: &str, refusal: Refusal) {
        let refusal = refusal.about(cid);
        let Some(known) = self.known.get_mut(cid) else { return };
        known.fate = Fate::Open;
        for (peer, id) in std::mem::take(&mut known.waiting) {
            self.answer(peer, id, Err(refusal.clone()));
        }
    }

    pub(super) fn drop_queue(&mut self, why: &str) {
        for job in std::mem::take(&mut self.queue) {
            self.refuse(&job.cid, Refusal::new(Code::Lease, why));
        }
    }

    /// The instrument answered. Late, twice or unasked: not heard.
    pub(super) fn performed(&mut self, done: Done) {
        if self.running.as_ref() != Some(&done.cid) {
            return;
        }
        self.running = None;
        let cid = done.cid.clone();
        self.settle(done);
        // What was measured before a restart is not known to the driver any more.
        let calibrated = |done: &Done| matches!(done.outcome, Ok(Reading::ImageCalibrated { .. }));
        let Some(Known { op, fate: Fate::Done(done), .. }) = self.known.get(&cid) else { return };
        self.image_calibrated |= calibrated(done);
        self.place.after(op, &done.outcome);
    }

    /// What the instrument still says about this command later is not heard.
    pub(super) fn silent(&mut self) {
        if let Some(cid) = self.running.take() {
            self.place.known = false;
            self.settle(Done::new(cid, 0.0, Err(Fault::TimedOut)));
            self.latch(State::Fault, "the instrument does not answer");
        }
    }

    /// Write down what became of a command, then tell whoever waits.
    pub(super) fn settle(&mut self, done: Done) {
        let Some(known) = self.known.get_mut(&done.cid) else { return };
        let op = known.op.clone();
        let mut done = judged(done, &op, self.particles_in_view, self.settings.components);
        let astray_um = astray_um(&op, &done.outcome);
        let lost = astray_um > self.settings.limits.arrival_um;
        if lost {
            done.outcome =
                Err(Fault::Nonsense { reason: format!("the stage is {astray_um} µm from where it was sent") });
        }
        known.fate = Fate::Done(done.clone());
        let waiting = std::mem::take(&mut known.waiting);
        self.look(&done);
        self.append(Entry::Outcome(done.clone()));
        for (peer, id) in waiting {
            self.answer(peer, id, Ok(Answer::Done(done.clone())));
        }
        if lost {
            self.latch(State::Fault, "the stage is not where it was sent");
        }
        // Without the lease the beam is off already, and that is why there is no image.
        if let (Command::CalibrateImage { .. }, Err(fault), Some(_)) = (&op, &done.outcome, &self.lease) {
            self.latch(State::Fault, &format!("how the image lies on the stage could not be measured: {fault}"));
        }
    }

    /// How many particles later readings must be about, and what can be fetched.
    pub(super) fn look(&mut self, done: &Done) {
        self.in_doubt.remove(&done.cid);
        self.data.extend(done.data.iter().map(|data| data.hash.clone()));
        match &done.outcome {
            Ok(Reading::Particles { particles }) => {
                self.particles_in_view = particles.len();
                self.seen.insert(self.usage.region(), particles.len());
            }
            Ok(Reading::Arrived { .. }) => {
                self.particles_in_view = self.seen.get(&self.usage.region()).copied().unwrap_or(0);
            }
            _ => {}
        }
    }

    pub(super) fn approve(&mut self, cid: &str, yes: bool) -> Result<(), Refusal> {
        let Some(at) = self.queue.iter().position(|job| job.cid == cid) else {
            return Err(Refusal::new(Code::State, "no such command waits for approval").about(cid));
        };
        if yes {
            self.queue[at].approved = true;
        } else if let Some(job) = self.queue.remove(at) {
            self.refuse(&job.cid, Refusal::new(Code::Refused, "the operator refused it"));
        }
        Ok(())
    }

    pub(super) fn resolve(&mut self, cid: &str, verdict: Verdict) -> Result<(), Refusal> {
        let Some(known) = self.known.get_mut(cid).filter(|known| matches!(known.fate, Fate::InDoubt)) else {
            return Err(Refusal::new(Code::State, "this command is not in doubt").about(cid));
        };
        known.fate = Fate::Open;
        self.in_doubt.remove(cid);
        self.append(Entry::Resolved { cid: cid.into(), verdict });
        if verdict == Verdict::Skip {
            self.settle(skipped(cid));
        }
        Ok(())
    }
}

/// What becomes of a command in doubt that is not to be done again.
pub(super) fn skipped(cid: &str) -> Done {
    let outcome = Err(Fault::Refused { reason: "in doubt after a restart, skipped by the operator".into() });
    Done::new(cid, 0.0, outcome)
}

/// Whether a reading may be believed; otherwise what is wrong with it.
fn judged(done: Done, op: &Command, particles: usize, components: usize) -> Done {
    let timely = done.took_secs.is_finite() && done.took_secs >= 0.0;
    let outcome = match done.outcome {
        Ok(_) if !timely => Err(Fault::Nonsense { reason: format!("took {} s", done.took_secs) }),
        Ok(reading) => reading.fits(op, particles, components).map(|()| reading),
        Err(fault) => Err(fault),
    };
    Done { took_secs: if timely { done.took_secs } else { 0.0 }, outcome, ..done }
}

/// How far the stage reports itself from where it was sent, µm; 0 for anything else.
fn astray_um(op: &Command, outcome: &Result<Reading, Fault>) -> f64 {
    match (op, outcome) {
        (Command::MoveToRegion { x_um, y_um, .. }, Ok(Reading::Arrived { x_um: x, y_um: y })) => {
            let (dx, dy) = (x - x_um, y - y_um);
            (dx * dx + dy * dy).sqrt()
        }
        _ => 0.0,
    }
}
