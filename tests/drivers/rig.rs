//! What every driver must do, whatever is behind it.
use gridscout::{
    gateway::driver::{Driver, Guard, Orders, Performed},
    microscope::{Command, Fault, Reading},
};
use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// A driver and what is known of it.
pub struct Rig {
    pub driver: Box<dyn Driver>,
    /// Whether the beam is on, as somebody else sees it.
    pub beam_is_on: Box<dyn Fn() -> bool + Send>,
    /// Two places, in regions 0 and 1.
    pub places_um: [(f64, f64); 2],
    /// An exposure this long would make the test fail.
    pub endless_secs: f64,
}

impl Rig {
    pub fn perform(&mut self, op: &Command) -> Performed {
        let since = self.driver.guard().orders();
        self.perform_since(op, since)
    }

    fn perform_since(&mut self, op: &Command, since: Orders) -> Performed {
        let performed = self.driver.perform("a-1", op, since);
        assert!(performed.took_secs.is_finite() && performed.took_secs >= 0.0, "{op:?} took {} s", performed.took_secs);
        assert_eq!(performed.beam_off, Ok(()), "{op:?}");
        assert!(!(self.beam_is_on)(), "the beam is on after {op:?}");
        performed
    }

    pub fn go(&self, region: u32) -> Command {
        let (x_um, y_um) = self.places_um[region as usize];
        Command::MoveToRegion { region, x_um, y_um }
    }

    /// The answer, which must be one to the question.
    fn reading(&mut self, op: &Command, particles: usize) -> Reading {
        let performed = self.perform(op);
        let reading = performed.outcome.unwrap_or_else(|fault| panic!("{op:?}: {fault}"));
        assert_eq!(reading.fits(op, particles, 3), Ok(()), "{op:?}: {reading:?}");
        reading
    }

    /// Move, look, and measure the first particle in view; how many there are.
    pub fn works(&mut self, region: u32) -> usize {
        let (op, (to_x, to_y)) = (self.go(region), self.places_um[region as usize]);
        let Reading::Arrived { x_um, y_um } = self.reading(&op, 0) else { panic!("no arrival") };
        assert!((x_um - to_x).abs() <= 1.0 && (y_um - to_y).abs() <= 1.0, "arrived at ({x_um}, {y_um}) µm");
        let Reading::Particles { particles } = self.reading(&Command::Overview, 0) else { panic!("no particles") };
        assert!(!particles.is_empty());
        self.reading(&spectrum(0.01), particles.len());
        particles.len()
    }

    fn refused(&mut self, op: &Command, since: Orders) {
        let performed = self.perform_since(op, since);
        assert!(matches!(performed.outcome, Err(Fault::Refused { .. })), "{op:?}: {performed:?}");
    }
}

pub fn spectrum(dwell_secs: f64) -> Command {
    Command::Spectrum { particle: 0, dwell_secs }
}

/// A driver that passes may be served.
pub fn conforms(rig: &mut Rig) {
    let guard: Arc<dyn Guard> = rig.driver.guard();
    assert_eq!(guard.blank(), Ok(()));
    let calibrate = Command::CalibrateImage { x_step_um: 7.5, y_step_um: 7.5 };
    for op in [Command::Overview, spectrum(1.0), Command::MapComposition { dwell_secs: 1.0 }, calibrate] {
        rig.refused(&op, guard.orders());
    }
    let particles = rig.works(0);
    rig.refused(&Command::Spectrum { particle: particles as u32, dwell_secs: 0.01 }, guard.orders());
    // An order that came after the command was given holds, although nothing was on yet.
    let before = guard.orders();
    guard.blank().unwrap();
    rig.refused(&spectrum(0.01), before);
    // An order in the middle of an exposure: it is answered at once, and the exposure is none.
    let began = Instant::now();
    let order = {
        let guard = guard.clone();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(300));
            guard.stop_stage();
            guard.blank()
        })
    };
    rig.refused(&spectrum(rig.endless_secs), guard.orders());
    assert_eq!(order.join().unwrap(), Ok(()));
    assert!(began.elapsed() < Duration::from_secs(20), "the exposure was not interrupted");
    rig.works(1);
    assert!(rig.driver.recall("never asked").is_none());
}
