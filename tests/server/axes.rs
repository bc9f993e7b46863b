//! Nothing is exposed before it is known how the image lies on the stage.
use crate::{
    THERE, TO,
    desk::{CHIEF, DRIVER, Desk},
};
use gridscout::{
    bridge::{
        journal::{Entry, State},
        refusal::Code,
        server::{Mode, Output, Server, Settings},
        wire::Call,
    },
    microscope::{Command, Fault, Reading},
};

const CID: &str = "gateway.calibrate-image.1";
const UPRIGHT: [[f64; 2]; 2] = [[1.0, 0.0], [0.0, -1.0]];

fn at_a_region(change: impl FnOnce(&mut Settings)) -> (Desk, u64) {
    let mut desk = Desk::new(|settings| {
        settings.calibrates_image = true;
        change(settings);
    });
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "run.0", epoch, TO);
    if desk.server.is_busy() {
        desk.answer_with("run.0", THERE());
    }
    (desk, epoch)
}

fn measured() -> Result<Reading, Fault> {
    Ok(Reading::ImageCalibrated { image_to_stage: UPRIGHT, stated: UPRIGHT, residual_um: 0.02 })
}

/// What the instrument was told to do since it was last looked at.
fn told(desk: &mut Desk) -> Vec<(String, Command)> {
    let performs = std::mem::take(&mut desk.wanted).into_iter();
    performs.filter_map(|output| if let Output::Perform(cid, op) = output { Some((cid, op)) } else { None }).collect()
}

#[test]
fn it_comes_once_before_the_first_exposure_and_is_written_down() {
    // 15 µm from the corner of what is allowed: steps of 7.5 µm fit to both sides.
    let (mut desk, epoch) = at_a_region(|_| {});
    desk.submit(DRIVER, "run.1", epoch, Command::Overview);
    assert_eq!(told(&mut desk), [(CID.into(), Command::CalibrateImage { x_step_um: 7.5, y_step_um: 7.5 })]);
    desk.answer_with(CID, measured());
    assert_eq!(told(&mut desk), [("run.1".into(), Command::Overview)]);
    desk.answer_with("run.1", Ok(Reading::Particles { particles: Vec::new() }));
    desk.submit(DRIVER, "run.2", epoch, Command::Overview);
    assert_eq!(told(&mut desk), [("run.2".into(), Command::Overview)]);
    let intents = desk.journal.iter().filter(|n| matches!(&n.entry, Entry::Intent { cid, .. } if cid == CID)).count();
    assert_eq!(intents, 1);
    // A gateway that is started again has a driver that knows nothing.
    let settings = Settings { calibrates_image: true, ..Settings::new(3) };
    desk.server = Server::recover(settings, desk.journal.clone());
    let mut again = Desk::over(desk);
    let epoch = again.lease(DRIVER);
    again.submit(DRIVER, "run.3", epoch, TO);
    again.answer_with("run.3", THERE());
    again.submit(DRIVER, "run.4", epoch, Command::Overview);
    let told = told(&mut again);
    assert!(
        matches!(&told[..], [(cid, Command::CalibrateImage { .. })] if cid == "gateway.calibrate-image.2"),
        "{told:?}"
    );
}

#[test]
fn steps_go_where_the_stage_may_go() {
    let (mut desk, epoch) = at_a_region(|settings| {
        settings.limits.x_um = (0.0, 20.0);
        settings.limits.y_um = (10.0, 40.0);
    });
    desk.submit(DRIVER, "run.1", epoch, Command::Overview);
    assert_eq!(told(&mut desk), [(CID.into(), Command::CalibrateImage { x_step_um: -7.5, y_step_um: 7.5 })]);
    let (mut desk, epoch) = at_a_region(|settings| settings.limits.x_um = (10.0, 20.0));
    assert_eq!(desk.submit(DRIVER, "run.1", epoch, Command::Overview), Some(Err(Code::Limit)));
    assert!(desk.said_to(DRIVER).contains("stage x is 22.5 µm"), "{}", desk.said_to(DRIVER));
    assert!(told(&mut desk).is_empty());
}

#[test]
fn an_image_that_does_not_fit_latches_a_fault() {
    let (mut desk, epoch) = at_a_region(|_| {});
    desk.submit(DRIVER, "run.1", epoch, Command::Overview);
    told(&mut desk);
    desk.answer_with(CID, Err(Fault::Nonsense { reason: "displaced by 0.00 pixels".into() }));
    assert_eq!(desk.server.state(), State::Fault);
    assert_eq!(desk.answer_to(DRIVER), Some(Err(Code::Lease)), "the exposure was dropped");
    assert!(told(&mut desk).is_empty());
    // A person looks, and it is measured anew.
    desk.ask(CHIEF, Call::Reset {});
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "run.1", epoch, Command::Overview);
    let told = told(&mut desk);
    assert!(matches!(&told[..], [(cid, _)] if cid == "gateway.calibrate-image.2"), "{told:?}");
}

#[test]
fn the_operator_is_asked_about_it_too() {
    let (mut desk, epoch) = at_a_region(|settings| settings.mode = Mode::Approve);
    assert_eq!(desk.ask(CHIEF, Call::Approve { cid: "run.0".into(), yes: true }).map(|a| a.is_ok()), Some(true));
    desk.answer_with("run.0", THERE());
    desk.submit(DRIVER, "run.1", epoch, Command::Overview);
    assert!(told(&mut desk).is_empty());
    // Approved by itself, an exposure is still none.
    desk.ask(CHIEF, Call::Approve { cid: CID.into(), yes: false });
    desk.ask(CHIEF, Call::Approve { cid: "run.1".into(), yes: true });
    assert_eq!(desk.answer_to(DRIVER), Some(Err(Code::State)));
    assert!(told(&mut desk).is_empty());
}

#[test]
fn in_shadow_nothing_is_exposed_for_it() {
    let (mut desk, epoch) = at_a_region(|settings| settings.mode = Mode::Shadow);
    assert_eq!(desk.submit(DRIVER, "run.1", epoch, Command::Overview), Some(Err(Code::Refused)));
    desk.submit(DRIVER, "run.2", epoch, Command::CalibrateImage { x_step_um: 7.5, y_step_um: 7.5 });
    assert!(told(&mut desk).is_empty());
}
