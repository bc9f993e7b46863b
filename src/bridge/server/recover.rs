//! Starting again from the journal.
use super::{
    MINUTE_MS, Output, Server, Settings, TRIES_A_MINUTE,
    commands::{Fate, Known, skipped},
    place::Place,
};
use crate::bridge::{
    envelope::{Limits, Usage},
    journal::{Done, Entry, Numbered, State, Verdict},
    window::Window,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

impl Server {
    /// A gateway that knows what its journal says, empty or not. The beam is blanked first. Commands that were begun and not
    /// finished are in doubt; the instrument is asked about each. They are never done again by themselves.
    #[must_use]
    pub fn recover(settings: Settings, entries: impl IntoIterator<Item = Numbered>) -> Self {
        let accepted = Window::new(settings.limits.commands_per_sec as usize, 1000);
        let mut server = Self {
            settings,
            now_ms: 0,
            state: State::Idle,
            jseq: 0,
            sessions: Vec::new(),
            wrong: Window::new(TRIES_A_MINUTE, MINUTE_MS),
            peers: BTreeMap::new(),
            epoch: 0,
            lease: None,
            asked: None,
            known: BTreeMap::new(),
            in_doubt: BTreeSet::new(),
            data: BTreeSet::new(),
            queue: VecDeque::new(),
            running: None,
            usage: Usage::default(),
            run_began_ms: None,
            particles_in_view: 0,
            seen: BTreeMap::new(),
            image_calibrated: false,
            place: Place::default(),
            accepted,
            interlock_open: false,
            broken: false,
            told: None,
            out: VecDeque::from([Output::Blank, Output::StopStage]),
        };
        for Numbered { jseq, entry, .. } in entries {
            server.jseq = jseq;
            server.remember(entry);
        }
        let in_doubt = server.known.iter().filter(|(_, known)| matches!(known.fate, Fate::InDoubt));
        server.in_doubt = in_doubt.map(|(cid, _)| cid.clone()).collect();
        server.out.extend(server.in_doubt.iter().cloned().map(Output::Recall));
        if matches!(server.state, State::Leased | State::Running | State::Hold) {
            server.enter(State::Safe, "the gateway was started again");
        }
        server
    }

    fn remember(&mut self, entry: Entry) {
        match entry {
            Entry::Granted { epoch, .. } => self.epoch = epoch,
            Entry::Intent { cid, op, .. } => {
                // Doses count whatever the limits are today.
                let limits = &self.settings.limits;
                let endless = Limits {
                    step_um: f64::INFINITY,
                    x_um: (f64::NEG_INFINITY, f64::INFINITY),
                    y_um: (f64::NEG_INFINITY, f64::INFINITY),
                    polygon_um: Vec::new(),
                    dwell_secs: f64::INFINITY,
                    particle_dose: f64::INFINITY,
                    field_dose: f64::INFINITY,
                    run_nc: f64::INFINITY,
                    moves: u32::MAX,
                    ..limits.clone()
                };
                if let Ok(usage) = self.usage.with(&op, &endless) {
                    self.usage = usage;
                }
                self.sent(&cid, &op);
                self.known.insert(cid, Known { op, fate: Fate::InDoubt, waiting: Vec::new() });
            }
            Entry::Outcome(done) => {
                self.look(&done);
                if let Some(known) = self.known.get_mut(&done.cid) {
                    known.fate = Fate::Done(done);
                }
            }
            Entry::Resolved { cid, verdict } => {
                if let Some(known) = self.known.get_mut(&cid) {
                    // A crash may have come between the verdict and the outcome that it makes.
                    known.fate = match verdict {
                        Verdict::Redo => Fate::Open,
                        Verdict::Skip => Fate::Done(skipped(&cid)),
                    };
                }
            }
            Entry::InDoubt { .. } => {}
            Entry::State { to, .. } => self.state = to,
        }
    }

    pub(super) fn recalled(&mut self, cid: &str, done: Option<Done>) {
        let in_doubt = self.known.get(cid).is_some_and(|known| matches!(known.fate, Fate::InDoubt));
        match done {
            _ if !in_doubt => {}
            Some(done) => self.settle(Done { cid: cid.into(), ..done }),
            None => self.append(Entry::InDoubt { cid: cid.into() }),
        }
    }
}
