//! How the image lies on the stage is measured, whatever a driver states, or the instrument is not used.
use crate::{common, gateway::Gateway, rig::Rig, rig::spectrum, toy::Toy};
use gridscout::{
    campaign::World,
    gateway::driver::{Misbehaviour, Simulated},
    microscope::{Command, Fault, Reading},
};
use std::fs;

const CALIBRATE: Command = Command::CalibrateImage { x_step_um: 7.5, y_step_um: -7.5 };
const UPRIGHT: [[f64; 2]; 2] = [[1.0, 0.0], [0.0, -1.0]];

fn measured(rig: &mut Rig) -> [[f64; 2]; 2] {
    let go = rig.go(0);
    rig.perform(&go).outcome.unwrap();
    let performed = rig.perform(&CALIBRATE);
    assert_eq!(performed.raw.len(), 3);
    match performed.outcome {
        Ok(Reading::ImageCalibrated { image_to_stage, stated, residual_um }) => {
            assert_eq!(stated, UPRIGHT);
            assert!(residual_um < 0.1, "{residual_um} µm");
            image_to_stage
        }
        other => panic!("{other:?}"),
    }
}

/// Of an upright image that is turned counter-clockwise.
fn turned(degrees: f64, mirrored: bool) -> [[f64; 2]; 2] {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let x = if mirrored { -1.0 } else { 1.0 };
    [[x * cos, sin], [x * sin, -cos]]
}

fn assert_close(a: [[f64; 2]; 2], b: [[f64; 2]; 2]) {
    let worst = a.as_flattened().iter().zip(b.as_flattened()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst < 0.02, "{a:?}, not {b:?}");
}

#[test]
fn the_probe_goes_where_the_images_say_not_where_the_driver_does() {
    for degrees in [0.0, 90.0, 180.0, -35.0] {
        let mut toy = Toy::with_images(&format!("turned{degrees}"), &["--turned-deg", &degrees.to_string()]);
        assert_close(measured(&mut toy.rig), turned(degrees, false));
        let Ok(Reading::Particles { particles }) = toy.rig.perform(&Command::Overview).outcome else { panic!() };
        // The first particle is 5 µm to the left of the middle and 5 µm below it; the edge is as high as the probe is far right.
        let (sin, cos) = degrees.to_radians().sin_cos();
        let right = 0.5 + (cos * (particles[0].x_um - 15.0) + sin * (particles[0].y_um - 15.0)) / 30.0;
        let Ok(Reading::Property { value, .. }) = toy.rig.perform(&spectrum(0.01)).outcome else { panic!() };
        assert!((value - 200.0 * right / 5005.0).abs() < 200.0 * 0.01 / 5005.0, "{degrees}°: {value}, {right}");
        // It is where it was before.
        assert_eq!(toy.rig.perform(&Command::Overview).outcome, Ok(Reading::Particles { particles }));
    }
}

#[test]
fn an_image_that_does_not_move_with_the_stage_is_refused() {
    let mut toy = Toy::with_images("stuck", &["--stuck"]);
    let go = toy.rig.go(0);
    toy.rig.perform(&go).outcome.unwrap();
    let Err(Fault::Nonsense { reason }) = toy.rig.perform(&CALIBRATE).outcome else { panic!() };
    assert!(reason.contains("displaced by 0.00 pixels"), "{reason}");
    // Nothing is exposed in dimmed light either.
    let mut toy = Toy::with_images("refused", &["--fault", "refuse@move_stage", "--after", "2"]);
    toy.rig.perform(&go).outcome.unwrap();
    assert!(matches!(toy.rig.perform(&CALIBRATE).outcome, Err(Fault::Refused { .. })));
    assert!(
        matches!(toy.rig.perform(&Command::Overview).outcome, Err(Fault::Refused { .. })),
        "the stage is elsewhere"
    );
}

#[test]
fn the_simulated_image_can_lie_otherwise_than_stated() {
    for (image_turned_deg, image_mirrored) in [(0.0, false), (33.0, false), (-120.0, true), (180.0, true)] {
        let (_, microscope) = World::new(common::config(&[])).open().unwrap();
        let misbehaviour = Misbehaviour { image_turned_deg, image_mirrored, ..Misbehaviour::default() };
        let driver = Simulated::new(microscope, 0.0).with_pictures(30.0, 1).misbehaving(misbehaviour);
        assert!(gridscout::gateway::driver::Driver::can_calibrate_image(&driver));
        let places_um = [(15.0, 15.0), (45.0, 15.0)];
        let mut rig = Rig { driver: Box::new(driver), beam_is_on: Box::new(|| false), places_um, endless_secs: 1.0 };
        assert_close(measured(&mut rig), turned(image_turned_deg, image_mirrored));
    }
}

/// From the program through the gateway to the journal, before the first image.
#[test]
fn a_gateway_measures_it_by_itself() {
    let name = std::env::temp_dir().join(format!("gridscout-axes-{}", std::process::id()));
    let [table, limits] = ["csv", "json"].map(|ending| name.with_extension(ending));
    fs::write(&table, "x_um,y_um,radius_nm,c1,c2,c3\n12,20,200,0.5,0.25,0.25\n").unwrap();
    fs::write(&limits, r#"{"overview_secs": 0.01}"#).unwrap();
    let program = env!("CARGO_BIN_EXE_gridscout");
    let process = ["--driver", "process", "--program", program, "--window", "110,130"];
    let toy = ["--program-arg", "toy-instrument", "--program-arg", "--turned-deg", "--program-arg", "90"];
    let sample = ["--particles", table.to_str().unwrap(), "--limits", limits.to_str().unwrap()];
    let gateway = Gateway::open("axes", &[&process[..], &toy, &sample].concat());
    let mut driver = gateway.driver();
    driver.perform(Command::MoveToRegion { region: 0, x_um: 15.0, y_um: 15.0 }).outcome.unwrap();
    let done = driver.perform(Command::Overview);
    assert!(matches!(&done.outcome, Ok(Reading::Particles { particles }) if particles.len() == 1), "{done:?}");
    let told = gateway.verified();
    assert!(told.contains("3 commands, 3 outcomes"), "{told}");
    assert!(told.contains("image: turned 90.0°, scale 1.0"), "{told}");
    for file in [&table, &limits] {
        let _ = fs::remove_file(file);
    }
}
