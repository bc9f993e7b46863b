//! Several runs of one experiment: each is measured where it sent the stage itself.
use crate::{
    THERE, TO,
    desk::{CHIEF, DRIVER, Desk},
    place::{SPECTRUM, particles, told},
};
use gridscout::{
    bridge::{
        journal::Entry,
        refusal::Code,
        server::{Server, Settings},
    },
    microscope::{Command, Fault, Reading},
};

const AWAY: Command = Command::MoveToRegion { region: 7, x_um: 225.0, y_um: 15.0 };

fn away() -> Result<Reading, Fault> {
    Ok(Reading::Arrived { x_um: 225.0, y_um: 15.0 })
}

fn spectrum(particle: u32) -> Command {
    Command::Spectrum { particle, dwell_secs: 1.0 }
}

fn value() -> Result<Reading, Fault> {
    Ok(Reading::Property { value: 0.5, sd: 0.01 })
}

/// Run "run" has measured at one region, and run "trial" has moved the stage to another since.
fn two_runs() -> (Desk, u64) {
    let mut desk = Desk::new(|_| {});
    let epoch = desk.lease(DRIVER);
    for (cid, op, reading) in [
        ("run.0", TO, THERE()),
        ("run.1", Command::Overview, particles()),
        ("run.2", SPECTRUM, value()),
        ("trial.0", AWAY, away()),
        ("trial.1", Command::Overview, particles()),
    ] {
        desk.submit(DRIVER, cid, epoch, op);
        desk.answer_with(cid, reading);
    }
    (desk, epoch)
}

#[test]
fn a_run_that_goes_on_after_another_is_moved_back_first() {
    let (mut desk, epoch) = two_runs();
    desk.submit(DRIVER, "run.3", epoch, spectrum(1));
    assert_eq!(told(&mut desk), [("gateway.return.1".into(), TO)], "it would be measured in the region of another run");
    desk.answer_with("gateway.return.1", THERE());
    assert_eq!(told(&mut desk), [("run.3".into(), spectrum(1))]);
    desk.answer_with("run.3", value());
    // Once is enough, and the other is moved back in its turn.
    desk.submit(DRIVER, "run.4", epoch, SPECTRUM);
    assert_eq!(told(&mut desk), [("run.4".into(), SPECTRUM)]);
    desk.answer_with("run.4", value());
    desk.submit(DRIVER, "trial.2", epoch, SPECTRUM);
    assert_eq!(told(&mut desk), [("gateway.return.2".into(), AWAY)]);
}

#[test]
fn so_it_is_after_the_gateway_was_started_again() {
    let (mut desk, _) = two_runs();
    desk.server = Server::recover(Settings::new(3), desk.journal.clone());
    let mut desk = Desk::over(desk);
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "run.3", epoch, spectrum(1));
    assert_eq!(told(&mut desk), [("gateway.return.1".into(), TO)]);
    desk.answer_with("gateway.return.1", THERE());
    assert_eq!(told(&mut desk), [("run.3".into(), spectrum(1))]);
}

#[test]
fn its_own_move_serves_as_well() {
    let (mut desk, epoch) = two_runs();
    desk.submit(DRIVER, "run.3", epoch, TO);
    assert_eq!(told(&mut desk), [("run.3".into(), TO)]);
    desk.submit(DRIVER, "run.4", epoch, Command::Overview);
    desk.answer_with("run.3", THERE());
    assert_eq!(told(&mut desk), [("run.4".into(), Command::Overview)]);
}

#[test]
fn the_move_of_another_that_is_still_under_way_is_waited_for_and_undone() {
    let (mut desk, epoch) = two_runs();
    desk.submit(DRIVER, "trial.2", epoch, TO);
    desk.answer_with("trial.2", THERE());
    desk.submit(DRIVER, "trial.3", epoch, AWAY);
    let epoch = desk.lease(CHIEF);
    desk.submit(CHIEF, "run.3", epoch, SPECTRUM);
    assert_eq!(told(&mut desk), []);
    desk.answer_with("trial.3", away());
    assert_eq!(told(&mut desk), [("gateway.return.1".into(), TO)]);
}

#[test]
fn a_run_measures_nowhere_before_its_first_move() {
    let (mut desk, epoch) = two_runs();
    assert_eq!(desk.submit(DRIVER, "new.0", epoch, Command::Overview), Some(Err(Code::Limit)));
    assert!(desk.said_to(DRIVER).contains("run \"new\" has not sent the stage anywhere"), "{}", desk.said_to(DRIVER));
    desk.submit(DRIVER, "new.1", epoch, AWAY);
    desk.submit(DRIVER, "new.2", epoch, Command::Overview);
    desk.answer_with("new.1", away());
    assert_eq!(desk.journal.iter().filter(|n| matches!(n.entry, Entry::Intent { .. })).count(), 7);
}

#[test]
fn so_it_is_when_its_first_move_was_refused() {
    let (mut desk, epoch) = two_runs();
    // Both wait behind the move of another run; the first is then outside the envelope.
    desk.submit(DRIVER, "run.3", epoch, TO);
    desk.submit(DRIVER, "new.0", epoch, Command::MoveToRegion { region: 9, x_um: -1.0, y_um: 15.0 });
    desk.submit(DRIVER, "new.1", epoch, Command::Overview);
    desk.answer_with("run.3", THERE());
    assert_eq!(told(&mut desk), [], "it would be measured in the region of another run");
    desk.submit(DRIVER, "new.2", epoch, AWAY);
    desk.submit(DRIVER, "new.1", epoch, Command::Overview);
    desk.answer_with("new.2", away());
    assert_eq!(told(&mut desk), [("new.1".into(), Command::Overview)]);
}

#[test]
fn the_calibration_of_the_gateway_is_of_no_run() {
    let (desk, _) = two_runs();
    let mut desk = {
        let settings = Settings { calibrates_image: true, ..Settings::new(3) };
        Desk::over(Desk { server: Server::recover(settings, desk.journal.clone()), ..desk })
    };
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "run.3", epoch, spectrum(1));
    assert_eq!(told(&mut desk), [("gateway.return.1".into(), TO)]);
    desk.answer_with("gateway.return.1", THERE());
    assert!(
        matches!(&told(&mut desk)[..], [(cid, Command::CalibrateImage { .. })] if cid == "gateway.calibrate-image.1")
    );
    let upright = [[1.0, 0.0], [0.0, -1.0]];
    let measured = Reading::ImageCalibrated { image_to_stage: upright, stated: upright, residual_um: 0.02 };
    desk.answer_with("gateway.calibrate-image.1", Ok(measured));
    assert_eq!(told(&mut desk), [("run.3".into(), spectrum(1))]);
}

#[test]
fn a_way_back_that_failed_is_tried_again_before_anything_is_exposed() {
    let (mut desk, epoch) = two_runs();
    desk.submit(DRIVER, "run.3", epoch, SPECTRUM);
    desk.wanted.clear();
    desk.answer_with("gateway.return.1", Err(Fault::TimedOut));
    assert_eq!(told(&mut desk), []);
    desk.submit(DRIVER, "run.3", epoch, SPECTRUM);
    assert_eq!(told(&mut desk), [("gateway.return.2".into(), TO)]);
}

#[test]
fn the_gateway_s_own_names_are_nobody_else_s() {
    let (mut desk, epoch) = two_runs();
    assert_eq!(desk.submit(DRIVER, "gateway.9", epoch, TO), Some(Err(Code::Frame)));
    assert!(
        desk.said_to(DRIVER).contains("cid \"gateway.9\"; allowed: one that does not begin with gateway."),
        "{}",
        desk.said_to(DRIVER)
    );
}
