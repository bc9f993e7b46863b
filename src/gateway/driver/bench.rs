//! A driver over any instrument: breaks commands into operations and believes only what is read back.
use super::{
    Driver, Guard, Performed,
    axes::image_calibrated,
    instrument::{Instrument, Matrix, Operation, Urgent, checked_image},
    orders::{Counter, Orders},
    sample::{Exposures, Sample},
};
use crate::{
    error::ConfigError,
    gateway::{clock::Clock, store::Raw},
    microscope::{Command, Fault, Microscope, Reading, Request, Sighting},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How an instrument is worked with.
#[derive(Clone, Debug, PartialEq)]
pub struct Manner {
    /// Stage position of the corner of the grid, µm.
    pub corner_um: (f64, f64),
    /// Side of the field of view, µm.
    pub field_um: f64,
    /// Time of an overview image, s.
    pub overview_secs: f64,
    /// Rows and columns of an overview image.
    pub pixels: u32,
    /// How near to where it was sent the stage has arrived, µm; two readings a twentieth of this apart are of a stage at rest.
    pub arrival_um: f64,
    /// Time between two looks at the stage.
    pub look: Duration,
    /// A move may take this long …
    pub move_ms: u64,
    /// … and this much longer for each µm.
    pub move_ms_per_um: f64,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            corner_um: (0.0, 0.0),
            field_um: 30.0,
            overview_secs: 1.0,
            pixels: 256,
            arrival_um: 1.0,
            look: Duration::from_millis(50),
            move_ms: 10_000,
            move_ms_per_um: 1000.0,
        }
    }
}

/// The gateway takes an instrument for silent after two minutes; what is wrong should be said before.
const LONGEST_MOVE_MS: f64 = 100_000.0;

/// A driver over any instrument. The beam is on during an exposure and at no other time.
pub struct Bench<I> {
    instrument: I,
    /// As stated, until it is measured.
    to_image: Matrix,
    manner: Manner,
    exposures: Exposures,
    guard: Arc<BenchGuard>,
    clock: Clock,
    /// Where the last move that ended well went, µm on the grid: nothing is exposed elsewhere.
    at_um: Option<(f64, f64)>,
    /// The region of that move.
    region: u32,
    /// Particles that the last overview image of a region showed, by region.
    in_view: BTreeMap<u32, Vec<usize>>,
}

struct BenchGuard {
    counter: Counter,
    urgent: Arc<dyn Urgent>,
}

/// What an exposure brings.
type Taken = (Reading, Vec<Raw>);

/// What else there is to say of a command.
struct Aside {
    beam_off: Result<(), String>,
    /// When the engine answered, the time it says this took.
    simulated_secs: Option<f64>,
}

impl<I: Instrument> Bench<I> {
    /// A driver over `instrument`.
    ///
    /// # Errors
    /// Its image-to-stage matrix cannot be inverted.
    pub fn new(instrument: I, manner: Manner, exposures: Exposures) -> Result<Self, ConfigError> {
        let to_stage = instrument.image_to_stage();
        let to_image = to_stage.inverse().ok_or_else(|| {
            ConfigError::new("image_to_stage", format!("{:?}", to_stage.0), "a matrix that can be inverted")
        })?;
        let guard = Arc::new(BenchGuard { counter: Counter::default(), urgent: instrument.urgent() });
        let (clock, at_um, region, in_view) = (Clock::start(), None, 0, BTreeMap::new());
        Ok(Self { instrument, to_image, manner, exposures, guard, clock, at_um, region, in_view })
    }

    fn answer(&mut self, op: &Command, since: Orders, aside: &mut Aside) -> Result<Taken, Fault> {
        if let Command::MoveToRegion { region, x_um, y_um } = op {
            self.at_um = None;
            let reading = self.travel((*x_um, *y_um), since)?;
            if let Exposures::Simulated { microscope, .. } = &mut self.exposures {
                microscope.perform(&Request { id: 0, command: op.clone() }).outcome?;
            }
            (self.at_um, self.region) = (Some((*x_um, *y_um)), *region);
            return Ok((reading, Vec::new()));
        }
        self.sent_um()?;
        let sample = match &mut self.exposures {
            Exposures::Refused => return refused("this gateway exposes nothing (--exposures refused)"),
            Exposures::Own(sample) => sample.clone(),
            // The beam stays blanked.
            Exposures::Simulated { microscope, scale } => {
                let reply = microscope.perform(&Request { id: 0, command: op.clone() });
                let time = Duration::from_secs_f64((reply.took_secs * *scale).max(0.0));
                self.guard.counter.wait(time, |orders| orders.blanks != since.blanks).beam_since(since)?;
                aside.simulated_secs = Some(reply.took_secs);
                return Ok((reply.outcome?, Vec::new()));
            }
        };
        match op {
            Command::MoveToRegion { .. } => refused("already handled"),
            Command::CalibrateImage { x_step_um, y_step_um } => {
                self.calibrate_image([*x_step_um, *y_step_um], since, aside)
            }
            Command::Overview => self.overview(&sample, since, aside),
            Command::MapComposition { .. } => {
                let compositions = sample.compositions(self.in_view.get(&self.region).ok_or_else(no_overview)?)?;
                Ok((Reading::Compositions { compositions }, Vec::new()))
            }
            Command::Spectrum { particle, dwell_secs } => self.spectrum(&sample, *particle, *dwell_secs, since, aside),
        }
    }

    /// Until the stage is where it was sent and two readings agree. A stage that stays elsewhere is reported where it is.
    fn travel(&mut self, to_um: (f64, f64), since: Orders) -> Result<Reading, Fault> {
        let (from_um, _) = self.stage_um()?;
        self.guard.counter.now().stage_since(since)?;
        let allowed_ms = self.manner.move_ms as f64 + distance(from_um, to_um) * self.manner.move_ms_per_um;
        let until_ms = self.clock.now_ms() + allowed_ms.min(LONGEST_MOVE_MS) as u64;
        let (x0, y0) = self.manner.corner_um;
        self.instrument.move_stage((to_um.0 + x0) * 1e-6, (to_um.1 + y0) * 1e-6)?;
        let mut before_um = None;
        loop {
            self.guard.counter.now().stage_since(since)?;
            let (at_um, moving) = self.stage_um()?;
            let rest_um = self.manner.arrival_um / 20.0;
            let at_rest = !moving && before_um.is_some_and(|before| distance(before, at_um) <= rest_um);
            let late = self.clock.now_ms() >= until_ms;
            if at_rest && (late || distance(at_um, to_um) <= self.manner.arrival_um) {
                return Ok(Reading::Arrived { x_um: at_um.0, y_um: at_um.1 });
            }
            if late {
                self.guard.stop_stage();
                return Err(Fault::TimedOut);
            }
            before_um = Some(at_um);
            self.guard.counter.wait(self.manner.look, |orders| orders.stops != since.stops);
        }
    }

    /// Position on the grid, µm, and whether the stage says that it moves.
    fn stage_um(&mut self) -> Result<((f64, f64), bool), Fault> {
        let stage = self.instrument.get_stage()?;
        if !stage.x_m.is_finite() || !stage.y_m.is_finite() {
            return Err(Fault::Nonsense { reason: format!("the stage is at ({}, {}) m", stage.x_m, stage.y_m) });
        }
        let (x0, y0) = self.manner.corner_um;
        Ok(((stage.x_m * 1e6 - x0, stage.y_m * 1e6 - y0), stage.moving))
    }

    fn sent_um(&self) -> Result<(f64, f64), Fault> {
        let never = || Fault::Refused { reason: "the stage has not been moved to a region".into() };
        self.at_um.ok_or_else(never)
    }

    /// Field of view and image shift as they must be, and where the stage is now. It may have drifted a little; when it is not
    /// where it was sent, nothing is exposed before it has been moved again.
    fn ready(&mut self) -> Result<(f64, f64), Fault> {
        self.instrument.set_fov(self.manner.field_um * 1e-6)?;
        if self.instrument.offers(Operation::SetImageShift) {
            self.instrument.set_image_shift(0.0, 0.0)?;
        }
        let (at_um, sent_um) = (self.stage_um()?.0, self.sent_um()?);
        self.near(at_um, sent_um)?;
        Ok(at_um)
    }

    fn near(&mut self, at_um: (f64, f64), sent_um: (f64, f64)) -> Result<(), Fault> {
        let astray_um = distance(at_um, sent_um);
        if astray_um <= self.manner.arrival_um {
            return Ok(());
        }
        self.at_um = None;
        Err(Fault::Nonsense { reason: format!("the stage is {astray_um} µm from where it was sent") })
    }

    /// Where in the image, (0, 0) to (1, 1), a place on the grid is.
    fn place(&self, at_um: (f64, f64), stage_um: (f64, f64)) -> (f64, f64) {
        let (dx, dy) = self.to_image.times((at_um.0 - stage_um.0, at_um.1 - stage_um.1));
        (0.5 + dx / self.manner.field_um, 0.5 + dy / self.manner.field_um)
    }

    fn image(&mut self, since: Orders, aside: &mut Aside) -> Result<Raw, Fault> {
        let Manner { pixels, overview_secs, field_um, .. } = self.manner;
        let dwell_secs = overview_secs / f64::from(pixels) / f64::from(pixels);
        let values = self.expose(since, aside, |instrument| instrument.acquire_scanned_image(pixels, dwell_secs))?;
        checked_image(pixels, field_um, values)
    }

    /// Images here and after each step; the stage is here again when this ends well. What is measured holds from now on.
    fn calibrate_image(&mut self, [x, y]: [f64; 2], since: Orders, aside: &mut Aside) -> Result<Taken, Fault> {
        let sent_um = self.sent_um()?;
        let here_um = self.ready()?;
        let reference = self.image(since, aside)?;
        let mut after = |step_um: (f64, f64)| -> Result<_, Fault> {
            self.go((sent_um.0 + step_um.0, sent_um.1 + step_um.1), since)?;
            let at_um = self.ready()?;
            Ok((self.image(since, aside)?, (at_um.0 - here_um.0, at_um.1 - here_um.1)))
        };
        let (first, first_um) = after((x, 0.0))?;
        let (second, second_um) = after((0.0, y))?;
        self.go(sent_um, since)?;
        let images = [reference, first, second];
        let (measured, reading) = image_calibrated(&images, [first_um, second_um], self.instrument.image_to_stage())?;
        self.to_image = measured.inverse().ok_or_else(|| Fault::Nonsense { reason: format!("matrix {measured:?}") })?;
        Ok((reading, images.into()))
    }

    /// Travel, and nothing else is good enough.
    fn go(&mut self, to_um: (f64, f64), since: Orders) -> Result<(), Fault> {
        self.at_um = None;
        let Reading::Arrived { x_um, y_um } = self.travel(to_um, since)? else { return Ok(()) };
        self.near((x_um, y_um), to_um)?;
        self.at_um = Some(to_um);
        Ok(())
    }

    fn overview(&mut self, sample: &Sample, since: Orders, aside: &mut Aside) -> Result<Taken, Fault> {
        self.in_view.remove(&self.region);
        let stage_um = self.ready()?;
        let raw = self.image(since, aside)?;
        let in_view = sample.where_seen(|at_um| inside(self.place(at_um, stage_um)));
        let particles = sample.sightings(&in_view);
        self.in_view.insert(self.region, in_view);
        Ok((Reading::Particles { particles }, vec![raw]))
    }

    fn spectrum(
        &mut self,
        sample: &Sample,
        particle: u32,
        dwell_secs: f64,
        since: Orders,
        aside: &mut Aside,
    ) -> Result<Taken, Fault> {
        let in_view = self.in_view.get(&self.region).ok_or_else(no_overview)?;
        let Some(at_um) = in_view.get(particle as usize).map(|i| sample.position_um(*i)) else {
            return refused("no such particle in view");
        };
        let stage_um = self.ready()?;
        let (x, y) = self.place(at_um, stage_um);
        if !inside((x, y)) {
            return refused("the particle has left the field of view");
        }
        self.instrument.place_beam(x, y)?;
        let spectrum = self.expose(since, aside, |instrument| instrument.acquire_spectrum(dwell_secs))?.checked()?;
        let property = sample.reduction.property(&spectrum)?;
        Ok((property, vec![spectrum.into_raw()]))
    }

    /// Beam on, take, beam off: off also when unblanking fails half-way, when taking fails, and when it panics.
    fn expose<T>(
        &mut self,
        since: Orders,
        aside: &mut Aside,
        take: impl FnOnce(&mut I) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.guard.counter.now().beam_since(since)?;
        let beam = BeamOn { urgent: &*self.guard.urgent, off: &mut aside.beam_off };
        self.instrument.unblank_beam()?;
        // An order that came between the look at the orders and the beam.
        self.guard.counter.now().beam_since(since)?;
        let taken = take(&mut self.instrument);
        drop(beam);
        self.guard.counter.now().beam_since(since)?;
        taken
    }
}

impl<I: Instrument> Driver for Bench<I> {
    fn perform(&mut self, _: &str, op: &Command, since: Orders) -> Performed {
        let began_ms = self.clock.now_ms();
        let mut aside = Aside { beam_off: Ok(()), simulated_secs: None };
        let taken = self.answer(op, since, &mut aside);
        let measured_secs = (self.clock.now_ms() - began_ms) as f64 / 1e3;
        let (outcome, raw) = match taken {
            Ok((reading, raw)) => (Ok(reading), raw),
            Err(fault) => (Err(fault), Vec::new()),
        };
        let took_secs = aside.simulated_secs.unwrap_or(measured_secs);
        Performed { took_secs, outcome, raw, beam_off: aside.beam_off }
    }

    fn recall(&mut self, _: &str) -> Option<Performed> {
        None
    }

    fn image_to_stage(&self) -> Matrix {
        self.instrument.image_to_stage()
    }

    fn remember(&mut self, seen: &BTreeMap<u32, Vec<Sighting>>) {
        let Exposures::Own(sample) = &self.exposures else { return };
        let found = seen.iter().filter_map(|(region, particles)| Some((*region, sample.those(particles)?)));
        self.in_view = found.collect();
    }

    fn can_calibrate_image(&self) -> bool {
        matches!(self.exposures, Exposures::Own(_)) && self.instrument.offers(Operation::AcquireScannedImage)
    }

    fn guard(&self) -> Arc<dyn Guard> {
        self.guard.clone()
    }
}

impl Guard for BenchGuard {
    fn blank(&self) -> Result<(), String> {
        self.counter.blank();
        self.urgent.blank_beam()
    }

    fn stop_stage(&self) {
        self.counter.stop();
        if let Err(error) = self.urgent.stop_stage() {
            tracing::error!(%error, "the stage may not have been stopped");
        }
    }

    fn interlock_open(&self) -> bool {
        self.urgent.interlock_open()
    }

    fn orders(&self) -> Orders {
        self.counter.now()
    }
}

/// The beam is on, or may be, while this lives.
struct BeamOn<'a> {
    urgent: &'a dyn Urgent,
    off: &'a mut Result<(), String>,
}

impl Drop for BeamOn<'_> {
    fn drop(&mut self) {
        *self.off = self.urgent.blank_beam();
    }
}

fn refused<T>(reason: &str) -> Result<T, Fault> {
    Err(Fault::Refused { reason: reason.into() })
}

fn no_overview() -> Fault {
    Fault::Refused { reason: "there is no overview image of this region".into() }
}

fn inside((x, y): (f64, f64)) -> bool {
    (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (a.0 - b.0, a.1 - b.1);
    (dx * dx + dy * dy).sqrt()
}
