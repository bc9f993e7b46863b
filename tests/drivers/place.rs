//! Nothing is exposed where the stage was not sent, and what was seen in a region is known again.
use crate::{rig::spectrum, toy::manner, toy::sample};
use gridscout::{
    gateway::driver::{
        Bench, Driver, Manner,
        instrument::{Instrument, Matrix, Operation, Spectrum, StageReading, Urgent},
    },
    microscope::{Command, Fault, Reading, Sighting},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

/// A stage that settles a little off, or jumps when nobody has moved it; it writes down where it was sent and what was exposed.
#[derive(Default)]
struct Stage {
    at_um: (f64, f64),
    off_um: f64,
    jumped_um: f64,
    sent_um: Vec<(f64, f64)>,
    exposed_um: Vec<(f64, f64)>,
}

struct Recorder(Arc<Mutex<Stage>>);
struct Off;

impl Urgent for Off {
    fn blank_beam(&self) -> Result<(), String> {
        Ok(())
    }
    fn stop_stage(&self) -> Result<(), String> {
        Ok(())
    }
}

impl Instrument for Recorder {
    fn offers(&self, _: Operation) -> bool {
        true
    }
    fn image_to_stage(&self) -> Matrix {
        Matrix::UPRIGHT
    }
    fn move_stage(&mut self, x_m: f64, y_m: f64) -> Result<(), Fault> {
        let mut stage = self.0.lock().unwrap();
        let (x_um, y_um) = (x_m * 1e6, y_m * 1e6);
        stage.sent_um.push((x_um, y_um));
        (stage.at_um, stage.jumped_um) = ((x_um + stage.off_um, y_um), 0.0);
        Ok(())
    }
    fn get_stage(&mut self) -> Result<StageReading, Fault> {
        let stage = self.0.lock().unwrap();
        Ok(StageReading { x_m: (stage.at_um.0 + stage.jumped_um) * 1e-6, y_m: stage.at_um.1 * 1e-6, moving: false })
    }
    fn set_fov(&mut self, _: f64) -> Result<(), Fault> {
        Ok(())
    }
    fn set_image_shift(&mut self, _: f64, _: f64) -> Result<(), Fault> {
        Ok(())
    }
    fn acquire_scanned_image(&mut self, pixels: u32, _: f64) -> Result<Vec<f32>, Fault> {
        let mut stage = self.0.lock().unwrap();
        let at_um = (stage.at_um.0 + stage.jumped_um, stage.at_um.1);
        stage.exposed_um.push(at_um);
        Ok(vec![1.0; (pixels * pixels) as usize])
    }
    fn place_beam(&mut self, _: f64, _: f64) -> Result<(), Fault> {
        Ok(())
    }
    fn acquire_spectrum(&mut self, _: f64) -> Result<Spectrum, Fault> {
        let mut stage = self.0.lock().unwrap();
        let at_um = (stage.at_um.0 + stage.jumped_um, stage.at_um.1);
        stage.exposed_um.push(at_um);
        Ok(Spectrum { first_ev: -20.0, step_ev: 1.0, counts_per_electron: 1.0, counts: vec![1.0; 240] })
    }
    fn unblank_beam(&mut self) -> Result<(), Fault> {
        Ok(())
    }
    fn urgent(&self) -> Arc<dyn Urgent> {
        Arc::new(Off)
    }
}

fn bench() -> (Bench<Recorder>, Arc<Mutex<Stage>>) {
    let stage = Arc::new(Mutex::new(Stage::default()));
    let bench = Bench::new(Recorder(stage.clone()), Manner { look: std::time::Duration::ZERO, ..manner() }, sample());
    (bench.unwrap(), stage)
}

fn perform(bench: &mut Bench<Recorder>, op: &Command) -> Result<Reading, Fault> {
    let since = bench.guard().orders();
    bench.perform("a", op, since).outcome
}

const TO: Command = Command::MoveToRegion { region: 7, x_um: 15.0, y_um: 15.0 };
const ELSEWHERE: Command = Command::MoveToRegion { region: 8, x_um: 60.0, y_um: 15.0 };
const CALIBRATE: Command = Command::CalibrateImage { x_step_um: 7.5, y_step_um: 7.5 };

#[test]
fn a_stage_that_has_jumped_is_not_exposed_before_it_is_moved_again() {
    let (mut bench, stage) = bench();
    perform(&mut bench, &TO).unwrap();
    perform(&mut bench, &Command::Overview).unwrap();
    for op in [Command::Overview, CALIBRATE, spectrum(0.1)] {
        perform(&mut bench, &TO).unwrap();
        perform(&mut bench, &Command::Overview).unwrap();
        let exposed = stage.lock().unwrap().exposed_um.len();
        let sent = stage.lock().unwrap().sent_um.len();
        stage.lock().unwrap().jumped_um = 400.0;
        let Err(Fault::Nonsense { reason }) = perform(&mut bench, &op) else { panic!("{op:?}") };
        assert!(reason.starts_with("the stage is 400") && reason.ends_with("µm from where it was sent"), "{reason}");
        // Also when it jumps back: nobody knows what it has been through.
        stage.lock().unwrap().jumped_um = 0.0;
        assert!(matches!(perform(&mut bench, &op), Err(Fault::Refused { .. })), "{op:?}");
        assert_eq!(stage.lock().unwrap().exposed_um.len(), exposed, "{op:?}");
        assert_eq!(stage.lock().unwrap().sent_um.len(), sent, "{op:?}");
    }
    perform(&mut bench, &TO).unwrap();
    assert!(perform(&mut bench, &Command::Overview).is_ok());
}

#[test]
fn a_calibration_steps_from_where_the_stage_was_sent() {
    let (mut bench, stage) = bench();
    stage.lock().unwrap().off_um = 0.9;
    perform(&mut bench, &TO).unwrap();
    // The images are all alike, so that nothing can be measured; the way is what is looked at.
    assert!(perform(&mut bench, &CALIBRATE).is_err());
    let stage = stage.lock().unwrap();
    for (sent, expected) in stage.sent_um.iter().zip([(15.0, 15.0), (22.5, 15.0), (15.0, 22.5), (15.0, 15.0)]) {
        assert!((sent.0 - expected.0).abs() < 1e-9 && (sent.1 - expected.1).abs() < 1e-9, "{:?}", stage.sent_um);
    }
    assert_eq!(stage.sent_um.len(), 4);
}

#[test]
fn a_region_that_was_seen_need_not_be_seen_again() {
    let (mut bench, _) = bench();
    perform(&mut bench, &TO).unwrap();
    let Ok(Reading::Particles { particles }) = perform(&mut bench, &Command::Overview) else { panic!() };
    perform(&mut bench, &ELSEWHERE).unwrap();
    assert!(matches!(perform(&mut bench, &spectrum(0.1)), Err(Fault::Refused { .. })), "nothing was seen there");
    perform(&mut bench, &TO).unwrap();
    assert!(perform(&mut bench, &spectrum(0.1)).is_ok());
    // A bench that was started again, and told what the journal says.
    let remembers = |particles: Vec<Sighting>| {
        let (mut bench, _) = self::bench();
        bench.remember(&BTreeMap::from([(7, particles)]));
        perform(&mut bench, &TO).unwrap();
        perform(&mut bench, &spectrum(0.1))
    };
    assert!(remembers(particles.clone()).is_ok());
    let strange = Sighting { x_um: 10.1, ..particles[0] };
    assert!(matches!(remembers(vec![strange]), Err(Fault::Refused { .. })), "a particle that is not in the table");
}
