//! The simulated driver, well-behaved and not, and what the gateway makes of a driver that goes wrong.
use crate::{
    common,
    gateway::{Gateway, gridscout},
    rig::{Rig, conforms},
};
use gridscout::{
    bridge::data::Kind,
    campaign::World,
    gateway::driver::{Misbehaviour, Simulated},
    microscope::{Command, Fault},
};
use std::{
    fs,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

fn rig(made: impl FnOnce(Simulated) -> Simulated, scale: f64) -> Rig {
    let (_, microscope) = World::new(common::config(&[])).open().unwrap();
    let driver = Box::new(made(Simulated::new(microscope, scale)));
    let places_um = [(15.0, 15.0), (45.0, 15.0)];
    Rig { driver, beam_is_on: Box::new(|| false), places_um, endless_secs: 4000.0 }
}

fn ops(rig: &Rig) -> Vec<Command> {
    let map = Command::MapComposition { dwell_secs: 10.0 };
    let spectra = (0..5).map(|particle| Command::Spectrum { particle, dwell_secs: 1.0 });
    [rig.go(0), Command::Overview, map].into_iter().chain(spectra).chain([rig.go(1), Command::Overview]).collect()
}

#[test]
fn the_simulated_driver_conforms() {
    conforms(&mut rig(|driver| driver.with_pictures(30.0, 1), 0.01));
}

#[test]
fn pictures_change_no_reading() {
    let (mut plain, mut drawn) = (rig(|driver| driver, 0.0), rig(|driver| driver.with_pictures(30.0, 1), 0.0));
    let mut shapes = Vec::new();
    for op in ops(&plain) {
        let (bare, pictured) = (plain.perform(&op), drawn.perform(&op));
        assert_eq!((bare.took_secs, bare.outcome), (pictured.took_secs, pictured.outcome));
        assert!(bare.raw.is_empty());
        for raw in pictured.raw {
            assert!(raw.values.iter().all(|x| x.is_finite()));
            assert_eq!(raw.values.len(), raw.shape.iter().product::<u32>() as usize);
            shapes.push(matches!(raw.kind, Kind::Image { field_um: 30.0 }));
        }
    }
    assert_eq!(shapes, [true, false, false, false, false, false, true]);
}

#[test]
fn a_driver_that_lies_is_never_believed() {
    let mut rig = rig(|driver| driver.misbehaving(Misbehaviour { lies: 1.0, ..Misbehaviour::default() }), 0.0);
    for op in ops(&rig).iter().cycle().take(60) {
        let since = rig.driver.guard().orders();
        let lie = rig.driver.perform("a", op, since);
        // Whatever the number of particles in view is: none is believed.
        let fits = lie.outcome.as_ref().is_ok_and(|reading| (0..200).any(|n| reading.fits(op, n, 3).is_ok()));
        let short = matches!(op, Command::MapComposition { .. });
        assert!(lie.took_secs < 0.0 || !fits || short, "{op:?}: {lie:?}");
    }
}

#[test]
fn a_silent_driver_still_blanks() {
    let misbehaviour = Misbehaviour { silent: 1.0, silence_secs: 1.0, ..Misbehaviour::default() };
    let mut rig = rig(|driver| driver.misbehaving(misbehaviour), 0.0);
    let (go, guard) = (rig.go(0), rig.driver.guard());
    let silent = thread::spawn(move || rig.perform(&go));
    thread::sleep(Duration::from_millis(200));
    assert_eq!(guard.blank(), Ok(()));
    assert!(!silent.is_finished(), "it is not silent");
    assert!(silent.join().unwrap().outcome.is_ok());
}

/// A gateway whose simulated instrument goes wrong.
fn served(name: &str, misbehaviour: &str) -> (Gateway, PathBuf) {
    let file = std::env::temp_dir().join(format!("gridscout-{name}-{}.json", std::process::id()));
    fs::write(&file, misbehaviour).unwrap();
    let arguments = ["--driver", "simulated", "--time-scale", "0", "--misbehave", file.to_str().unwrap()];
    (Gateway::open(name, &arguments), file)
}

fn journal(gateway: &Gateway) -> String {
    gridscout(&["journal", "export", gateway.folder.join("journal.db").to_str().unwrap()])
}

#[test]
fn a_driver_that_panics_or_lies_leaves_the_gateway_up() {
    for (misbehaviour, refused) in [(r#"{"panics": 1}"#, true), (r#"{"lies": 1}"#, false)] {
        let (gateway, file) = served(if refused { "panics" } else { "lies" }, misbehaviour);
        let mut driver = gateway.driver();
        for _ in 0..3 {
            let done = driver.perform(Command::MoveToRegion { region: 0, x_um: 15.0, y_um: 15.0 });
            let fault = done.outcome.unwrap_err();
            assert_eq!(matches!(fault, Fault::Refused { .. }), refused, "{misbehaviour}: {fault:?}");
            assert!(done.data.is_empty());
        }
        assert!(gateway.verified().contains("3 commands, 3 outcomes"));
        let _ = fs::remove_file(file);
    }
}

#[test]
fn a_beam_that_cannot_be_blanked_latches_the_gateway() {
    let (gateway, file) = served("unblankable", r#"{"blank_fails": 1}"#);
    let began = Instant::now();
    while !journal(&gateway).contains("the beam could not be blanked") {
        assert!(began.elapsed() < Duration::from_secs(20), "{}", journal(&gateway));
        thread::sleep(Duration::from_millis(50));
    }
    let _ = fs::remove_file(file);
}

/// The third order to blank is that at the end of the overview image.
#[test]
fn a_blank_that_fails_at_the_end_of_an_exposure_is_known_before_its_outcome() {
    let name = std::env::temp_dir().join(format!("gridscout-served-toy-{}", std::process::id()));
    let [trace, table, limits] = ["trace", "csv", "json"].map(|ending| name.with_extension(ending));
    fs::write(&table, "x_um,y_um,radius_nm,c1,c2,c3\n15,15,200,0.5,0.25,0.25\n").unwrap();
    let program = env!("CARGO_BIN_EXE_gridscout");
    let toy = ["toy-instrument", "--trace", trace.to_str().unwrap(), "--fault", "refuse@blank_beam", "--after", "2"];
    let toy = toy.iter().flat_map(|argument| ["--program-arg", argument]);
    let process = ["--driver", "process", "--program", program, "--window", "110,130", "--image-axes", "stated"];
    fs::write(&limits, r#"{"overview_secs": 0.01}"#).unwrap();
    let sample = ["--particles", table.to_str().unwrap(), "--limits", limits.to_str().unwrap()];
    let arguments: Vec<&str> =
        process.into_iter().chain(toy).chain(sample).chain(["--set", "stop.iterations=1"]).collect();
    let gateway = Gateway::open("served-toy", &arguments);
    let mut driver = gateway.driver();
    driver.perform(Command::MoveToRegion { region: 0, x_um: 15.0, y_um: 15.0 }).outcome.unwrap();
    let done = driver.perform(Command::Overview);
    assert!(done.outcome.is_ok() && done.data.len() == 1, "{done:?}");
    let text = journal(&gateway);
    let (fault, outcome) = (text.find("could not be blanked"), text.rfind("\"outcome\""));
    assert!(fault.is_some() && fault < outcome, "{text}");
    for file in [&trace, &table, &limits] {
        let _ = fs::remove_file(file);
    }
}
