//! A campaign as a state machine that performs no I/O.
//!
//! Contract: after every [`Campaign::handle`], call [`Campaign::poll`] until it returns [`Output::Wait`] or
//! [`Output::Ended`]. Time is an input, in seconds since the start. The simulator in the page, the command line, a replayed
//! record and a real microscope drive the same machine and leave the same [`Event`]s.
mod config;
mod event;
mod parameter_table;
mod parameters;
mod presets;
mod record;
mod scoreboard;
mod summary;
mod what_if;
mod world;

pub use config::{Config, StopConfig, ValidConfig, set_by_path};
pub use event::{Entry, Event, Input, Measurement, Output, REPLY_TIMEOUT_SECS, StopReason};
pub use parameter_table::parameters;
pub use parameters::{Choice, Kind, Parameter};
pub use presets::{Preset, preset, presets};
pub use record::{RECORD_FORMAT, RECORD_VERSION, Record, RecordError, simulate};
pub use scoreboard::{Score, Scoreboard};
pub use summary::{Summary, Visit};
pub use what_if::{Lever, Moment, Turn};
pub use world::World;

use crate::{
    composition::Composition,
    cost::Ledger,
    library::Grid,
    microscope::{Command, Fault, Microscope, Reading, Reply, Request, Sighting, Stage},
    planner::{Budget, News, Planner, Setup},
};
use std::collections::VecDeque;

/// Longest time that one command can have taken, s.
const LONGEST_SECS: f64 = 1e9;

/// See the [module documentation](self).
pub struct Campaign {
    config: ValidConfig,
    grid: Grid,
    planner: Planner,
    scoreboard: Scoreboard,
    stage: Stage,
    ledger: Ledger,
    events: Vec<Event>,
    entries: Vec<Entry>,
    measurements: Vec<Measurement>,
    path: Vec<(u32, u32)>,
    now_secs: f64,
    next_id: u32,
    in_flight: Option<(Request, f64)>,
    outbox: VecDeque<Request>,
    ended: Option<StopReason>,
}

impl Campaign {
    /// A campaign that has not started, judged by `scoreboard`.
    #[must_use]
    pub fn new(config: &ValidConfig, scoreboard: Scoreboard) -> Self {
        let grid = Grid::new(config.library.width_um, config.library.height_um, config.library.tile_um);
        let planner = Planner::new(&Setup {
            seed: config.seed,
            grid: &grid,
            components: config.elements.len(),
            planner: &config.planner,
            acquisition: &config.acquisition,
            surrogate: &config.surrogate,
            cost: &config.cost,
        });
        Self {
            config: config.clone(),
            grid,
            planner,
            scoreboard,
            stage: Stage::default(),
            ledger: Ledger::default(),
            events: Vec::new(),
            entries: Vec::new(),
            measurements: Vec::new(),
            path: Vec::new(),
            now_secs: 0.0,
            next_id: 0,
            in_flight: None,
            outbox: VecDeque::new(),
            ended: None,
        }
    }

    pub(crate) fn know(&mut self, tile: u32, sightings: Vec<Sighting>, compositions: &[Composition]) {
        self.planner.know(tile, sightings, compositions);
    }

    /// Feed one input. Drain [`Self::poll`] before the next one. After the end nothing changes any more.
    pub fn handle(&mut self, input: Input) {
        if self.ended.is_some() {
            return;
        }
        match input {
            Input::Start if self.next_id == 0 => self.ask(),
            Input::Start => {}
            Input::Stop => self.end(StopReason::Stopped),
            Input::Reply(reply) => self.settle(reply),
            Input::Tick(now_secs) => {
                self.now_secs = self.now_secs.max(now_secs);
                let overdue = self.in_flight.as_ref().filter(|(_, deadline)| self.now_secs >= *deadline);
                if let Some((request, _)) = overdue {
                    let id = request.id;
                    self.settle(Reply { id, took_secs: REPLY_TIMEOUT_SECS, outcome: Err(Fault::TimedOut) });
                }
            }
        }
    }

    /// The next thing to do. Never blocks.
    #[must_use]
    pub fn poll(&mut self) -> Output {
        if let Some(request) = self.outbox.pop_front() {
            return Output::Send(request);
        }
        match self.ended {
            Some(reason) => Output::Ended(reason),
            None => Output::Wait(self.in_flight.as_ref().map(|(_, deadline)| *deadline)),
        }
    }

    fn settle(&mut self, reply: Reply) {
        if !self.absorb(reply) || self.limits_reached() {
            return;
        }
        self.refit();
        self.ask();
    }

    /// Take what came of the command in flight; false when the reply is to another one.
    fn absorb(&mut self, reply: Reply) -> bool {
        // A late or duplicate reply is no error: its request was settled before.
        if self.in_flight.as_ref().is_none_or(|(request, _)| request.id != reply.id) {
            return false;
        }
        let Some((request, _)) = self.in_flight.take() else { return false };
        let usable_time = (0.0..=LONGEST_SECS).contains(&reply.took_secs);
        let took_secs = if usable_time { reply.took_secs } else { 0.0 };
        let fits = |reading: &Reading| {
            reading.fits(&request.command, self.planner.particles_in_view(), self.config.elements.len())
        };
        let outcome = match reply.outcome {
            Ok(_) if !usable_time => Err(Fault::Nonsense { reason: format!("took {} s", reply.took_secs) }),
            Ok(reading) => fits(&reading).map(|()| reading),
            Err(fault) => Err(fault),
        };
        let charges = match outcome {
            Ok(_) => self.stage.perform(&request.command, &self.config.cost, &self.grid),
            Err(_) => self.stage.clone().perform(&request.command, &self.config.cost, &self.grid),
        };
        self.ledger.add(&charges, Some(took_secs));
        let jitter = self.planner.gp().jitter();
        let scoreboard = &mut self.scoreboard;
        let was_seeding = self.planner.is_seeding();
        self.planner.tell(&request.command, &outcome, |gp| scoreboard.catch_up(gp));
        self.note(&request, &outcome);
        // The last seed was given up: what the others left is the first entry all the same.
        if was_seeding && !self.planner.is_seeding() && self.entries.is_empty() && !self.planner.gp().is_empty() {
            self.push_entry();
        }
        self.events.push(Event::Received(Reply { id: request.id, took_secs, outcome }));
        if self.planner.gp().jitter() != jitter {
            let measurements = self.planner.gp().len() as u32;
            self.events.push(Event::Jittered { measurements, relative: self.planner.gp().jitter() });
        }
        self.scoreboard.nudge(self.planner.gp());
        true
    }

    fn refit(&mut self) {
        let scoreboard = &mut self.scoreboard;
        if let Some(hyper) = self.planner.refit(|gp| scoreboard.catch_up(gp)) {
            self.events.push(Event::Fitted { measurements: self.planner.gp().len() as u32, hyper });
        }
    }

    /// Keep the books of one outcome.
    fn note(&mut self, request: &Request, outcome: &Result<Reading, Fault>) {
        match (&request.command, outcome) {
            (Command::MoveToRegion { region, .. }, Ok(_)) => self.path.push((*region, self.entries.len() as u32)),
            (Command::Spectrum { particle, .. }, Ok(Reading::Property { value, .. })) => {
                let tile = self.planner.atlas().here().unwrap_or(0);
                let iteration = self.entries.len() as u32;
                self.measurements.push(Measurement { tile, particle: *particle, value: *value, iteration });
                if !self.planner.is_seeding() {
                    self.push_entry();
                }
            }
            _ => {}
        }
    }

    fn push_entry(&mut self) {
        self.entries.push(Entry {
            measurements: self.planner.gp().len() as u32,
            time_secs: self.ledger.secs(),
            cost: self.ledger.cost(),
            tile: self.planner.atlas().here().unwrap_or(0),
        });
    }

    fn limits_reached(&mut self) -> bool {
        let stop = self.config.stop.clone();
        let iterations = (self.entries.len() as u32).saturating_sub(1);
        let reason = if stop.iterations.is_some_and(|limit| iterations >= limit) {
            StopReason::Iterations
        } else if stop.time_secs.is_some_and(|limit| self.ledger.secs() >= limit) {
            StopReason::Time
        } else if stop.cost.is_some_and(|limit| self.ledger.cost() >= limit) {
            StopReason::Cost
        } else if stop.mean_sd.is_some_and(|target| self.is_known_to(target)) {
            StopReason::Target
        } else {
            return false;
        };
        self.end(reason);
        true
    }

    fn is_known_to(&mut self, target_sd: f64) -> bool {
        if self.entries.is_empty() {
            return false;
        }
        self.scoreboard.catch_up(self.planner.gp());
        self.scoreboard.scores().last().is_some_and(|s| s.mean_sd <= target_sd)
    }

    fn budget(&self) -> Budget {
        let iterations = (self.entries.len() as u32).saturating_sub(1);
        Budget {
            secs: self.config.stop.time_secs.map(|limit| limit - self.ledger.secs()),
            iterations: self.config.stop.iterations.map(|limit| limit - iterations),
        }
    }

    fn ask(&mut self) {
        let command = self.planner.ask(self.budget());
        for news in self.planner.take_news() {
            self.events.push(match news {
                News::Decided(decision) => Event::Decided(decision),
                News::Picked(pick) => Event::Picked(pick),
            });
        }
        let Some(command) = command else { return self.end(StopReason::NothingLeft) };
        let request = Request { id: self.next_id, command };
        self.next_id += 1;
        self.in_flight = Some((request.clone(), self.now_secs + REPLY_TIMEOUT_SECS));
        self.events.push(Event::Sent(request.clone()));
        self.outbox.push_back(request);
    }

    fn end(&mut self, reason: StopReason) {
        self.scoreboard.catch_up(self.planner.gp());
        self.in_flight = None;
        self.outbox.clear();
        self.ended = Some(reason);
        self.events.push(Event::Ended { reason });
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &ValidConfig {
        &self.config
    }

    /// The planner, to look at.
    #[must_use]
    pub fn planner(&self) -> &Planner {
        &self.planner
    }

    /// Everything that happened, in order.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The state after the seeds and after each iteration.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every measurement, in order.
    #[must_use]
    pub fn measurements(&self) -> &[Measurement] {
        &self.measurements
    }

    /// Every tile the stage went to, with the entry that was being worked for.
    #[must_use]
    pub fn path(&self) -> &[(u32, u32)] {
        &self.path
    }

    /// Time and cost by kind of action.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Why it ended; `None` while it runs.
    #[must_use]
    pub fn ended(&self) -> Option<StopReason> {
        self.ended
    }

    /// The scores that belong to [`Self::entries`], brought up to date.
    pub fn scores(&mut self) -> Vec<Score> {
        self.scoreboard.catch_up(self.planner.gp());
        let scores = self.scoreboard.scores();
        self.entries
            .iter()
            .map(|e| scores.get((e.measurements as usize).wrapping_sub(1)).copied().unwrap_or_default())
            .collect()
    }
}

/// Drive a campaign until `enough` says so or it ends. The microscope answers before the next poll.
pub fn run_until(campaign: &mut Campaign, microscope: &mut impl Microscope, mut enough: impl FnMut(&Campaign) -> bool) {
    if campaign.next_id == 0 {
        campaign.handle(Input::Start);
    }
    while !enough(campaign) {
        match campaign.poll() {
            Output::Send(request) => campaign.handle(Input::Reply(microscope.perform(&request))),
            Output::Wait(_) | Output::Ended(_) => return,
        }
    }
}

/// Drive a campaign to its end.
pub fn run(campaign: &mut Campaign, microscope: &mut impl Microscope) {
    run_until(campaign, microscope, |_| false);
}
