//! A driver that does not know where the stage is has it moved back before anything is exposed; and what else a start must not forget.
use crate::{
    THERE, TO,
    desk::{CHIEF, DRIVER, Desk, OBSERVER},
};
use gridscout::{
    bridge::{
        envelope::Limits,
        journal::{State, seen},
        refusal::Code,
        server::{CLOSE_BROKEN, Input, Mode, Output, REREAD, Server, Settings},
        wire::{Answer, Call},
    },
    microscope::{Command, Fault, Reading, Sighting},
};

pub const SPECTRUM: Command = Command::Spectrum { particle: 0, dwell_secs: 1.0 };

pub fn told(desk: &mut Desk) -> Vec<(String, Command)> {
    let performs = std::mem::take(&mut desk.wanted).into_iter();
    performs.filter_map(|output| if let Output::Perform(cid, op) = output { Some((cid, op)) } else { None }).collect()
}

pub fn particles() -> Result<Reading, Fault> {
    let at = |x_um| Sighting { x_um, y_um: 15.0, radius_nm: 20.0 };
    Ok(Reading::Particles { particles: vec![at(12.0), at(16.0)] })
}

/// A gateway in the middle of a region, started again; its driver knows nothing.
fn started_again(change: impl Fn(&mut Settings)) -> (Desk, u64) {
    let mut settings = Settings { returns: true, ..Settings::new(3) };
    change(&mut settings);
    let mut desk = Desk::new(|s| *s = settings.clone());
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "run.0", epoch, TO);
    desk.answer_with("run.0", THERE());
    desk.submit(DRIVER, "run.1", epoch, Command::Overview);
    if desk.journal.iter().any(|n| format!("{n:?}").contains("gateway.calibrate-image.1")) {
        desk.answer_with("gateway.calibrate-image.1", calibrated());
    }
    desk.answer_with("run.1", particles());
    desk.server = Server::recover(settings, desk.journal.clone());
    let mut again = Desk::over(desk);
    let epoch = again.lease(DRIVER);
    (again, epoch)
}

fn calibrated() -> Result<Reading, Fault> {
    let upright = [[1.0, 0.0], [0.0, -1.0]];
    Ok(Reading::ImageCalibrated { image_to_stage: upright, stated: upright, residual_um: 0.02 })
}

#[test]
fn a_planner_that_goes_on_in_the_middle_of_a_region_can() {
    let (mut desk, epoch) = started_again(|s| s.calibrates_image = true);
    assert_eq!(seen(&desk.journal)[&0].len(), 2);
    // The planner's own move and overview are answered from the journal; the driver hears of neither.
    assert!(matches!(desk.submit(DRIVER, "run.0", epoch, TO), Some(Ok(Answer::Done(_)))));
    assert!(matches!(desk.submit(DRIVER, "run.1", epoch, Command::Overview), Some(Ok(Answer::Done(_)))));
    desk.submit(DRIVER, "run.2", epoch, SPECTRUM);
    assert_eq!(told(&mut desk), [("gateway.return.1".into(), TO)]);
    desk.answer_with("gateway.return.1", THERE());
    assert!(
        matches!(&told(&mut desk)[..], [(cid, Command::CalibrateImage { .. })] if cid == "gateway.calibrate-image.2")
    );
    desk.answer_with("gateway.calibrate-image.2", calibrated());
    assert_eq!(told(&mut desk), [("run.2".into(), SPECTRUM)]);
    desk.answer_with("run.2", Ok(Reading::Property { value: 0.5, sd: 0.01 }));
    assert!(matches!(desk.answer_to(DRIVER), Some(Ok(Answer::Done(done))) if done.outcome.is_ok()));
    desk.submit(DRIVER, "run.3", epoch, Command::Spectrum { particle: 1, dwell_secs: 1.0 });
    assert_eq!(told(&mut desk).len(), 1, "once is enough");
}

#[test]
fn a_driver_that_keeps_its_place_is_left_alone() {
    let (mut desk, epoch) = started_again(|s| s.returns = false);
    desk.submit(DRIVER, "run.2", epoch, SPECTRUM);
    assert_eq!(told(&mut desk), [("run.2".into(), SPECTRUM)]);
}

#[test]
fn the_way_back_is_within_the_envelope_and_asked_for() {
    let (mut desk, epoch) = started_again(|s| s.limits.moves = 1);
    desk.submit(DRIVER, "run.2", epoch, SPECTRUM);
    assert_eq!(desk.answer_to(DRIVER), Some(Err(Code::State)), "no move is left, so nothing is exposed");
    assert!(told(&mut desk).is_empty());
    let (mut desk, epoch) = started_again(|s| s.calibrates_image = false);
    desk.submit(DRIVER, "run.2", epoch, SPECTRUM);
    assert_eq!(told(&mut desk), [("gateway.return.1".into(), TO)]);
    desk.answer_with("gateway.return.1", Err(Fault::TimedOut));
    assert_eq!(desk.answer_to(DRIVER), Some(Err(Code::State)), "it did not arrive");
    desk.submit(DRIVER, "run.2", epoch, SPECTRUM);
    assert_eq!(told(&mut desk), [("gateway.return.2".into(), TO)]);
}

#[test]
fn after_an_emergency_stop_in_a_calibration_the_run_goes_on() {
    let mut desk = Desk::new(|s| (s.returns, s.calibrates_image) = (true, true));
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "run.0", epoch, TO);
    desk.answer_with("run.0", THERE());
    desk.submit(DRIVER, "run.1", epoch, Command::Overview);
    desk.ask(OBSERVER, Call::EmergencyStop {});
    desk.answer_with("gateway.calibrate-image.1", Err(Fault::Refused { reason: "the beam was blanked".into() }));
    assert_eq!(desk.server.state(), State::Estop);
    desk.ask(CHIEF, Call::Reset {});
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "run.1", epoch, Command::Overview);
    assert_eq!(told(&mut desk), [("gateway.return.1".into(), TO)]);
    desk.answer_with("gateway.return.1", THERE());
    assert!(matches!(&told(&mut desk)[..], [(_, Command::CalibrateImage { .. })]));
}

#[test]
fn in_shadow_nothing_is_moved_for_an_exposure_that_never_comes() {
    let (mut desk, epoch) = started_again(|s| s.returns = true);
    desk.server =
        Server::recover(Settings { returns: true, mode: Mode::Shadow, ..Settings::new(3) }, desk.journal.clone());
    let mut desk = Desk::over(desk);
    let epoch = desk.lease(DRIVER).max(epoch);
    desk.submit(DRIVER, "run.2", epoch, SPECTRUM);
    assert_eq!(desk.answer_to(DRIVER), Some(Err(Code::Refused)));
    assert!(told(&mut desk).is_empty());
}

#[test]
fn raw_data_that_cannot_be_kept_latches_a_fault() {
    let (mut desk, epoch) = started_again(|s| s.returns = false);
    desk.submit(DRIVER, "run.2", epoch, SPECTRUM);
    desk.wanted.clear();
    desk.feed(Input::DataLost);
    assert_eq!(desk.server.state(), State::Fault);
    assert!(desk.blanked_first());
    assert_eq!(desk.submit(DRIVER, "run.3", epoch, SPECTRUM), Some(Err(Code::Lease)));
}

#[test]
fn a_reset_blanks_the_beam_and_is_none_when_that_fails() {
    let (mut desk, _) = started_again(|_| {});
    desk.feed(Input::BlankFailed);
    assert_eq!(desk.server.state(), State::Fault);
    desk.wanted.clear();
    desk.ask(CHIEF, Call::Reset {});
    assert!(desk.wanted.contains(&Output::Blank));
    desk.feed(Input::BlankFailed);
    assert_eq!(desk.server.state(), State::Fault);
}

#[test]
fn without_its_journal_a_gateway_says_so_stops_when_told_and_rests() {
    let (mut desk, epoch) = started_again(|s| s.returns = false);
    desk.submit(DRIVER, "run.2", epoch, SPECTRUM);
    desk.submit(DRIVER, "run.3", epoch, Command::Overview);
    desk.server.journal_failed();
    desk.wanted.clear();
    desk.wait(1);
    assert!(desk.wanted.contains(&Output::Close(DRIVER, CLOSE_BROKEN)));
    assert_eq!(desk.server.wakes_ms(), None, "it would spin");
    let written = desk.journal.len();
    desk.feed(Input::Opened(9));
    assert_eq!(desk.ask(9, Call::EmergencyStop {}), Some(Err(Code::State)), "nobody yet");
    let welcome = desk.hello(9, &format!("secret {CHIEF}"), gridscout::bridge::wire::Role::Supervisor);
    assert!(matches!(welcome, Some(Ok(Answer::Welcome { state: State::Fault, .. }))), "{welcome:?}");
    assert_eq!(desk.ask(9, Call::Acquire {}), Some(Err(Code::State)));
    assert_eq!(desk.ask(9, Call::Reset {}), Some(Err(Code::State)));
    desk.wanted.clear();
    assert_eq!(desk.ask(9, Call::EmergencyStop {}), Some(Ok(Answer::Accepted {})));
    assert!(desk.wanted.contains(&Output::Blank) && desk.wanted.contains(&Output::StopStage));
    desk.feed(Input::Opened(10));
    desk.wait(5001);
    assert!(desk.wanted.iter().any(|o| matches!(o, Output::Close(10, _))), "a stranger is closed all the same");
    assert_eq!(desk.journal.len(), written);
}

#[test]
fn the_journal_is_not_read_again_and_again_for_one() {
    let mut desk = Desk::new(|_| {});
    for i in 0..REREAD / 2 + 1 {
        let epoch = desk.lease(DRIVER);
        desk.ask(DRIVER, Call::Release { epoch });
        assert!(i < REREAD, "leases make entries");
    }
    assert!(desk.journal.len() as u64 > REREAD / 2);
    desk.wait(2000);
    let again = |desk: &mut Desk, after_jseq| {
        desk.wanted.clear();
        desk.ask(OBSERVER, Call::Resync { after_jseq })
    };
    let last = desk.journal.len() as u64;
    assert_eq!(again(&mut desk, 0), Some(Ok(Answer::Accepted {})));
    while let Some(Ok(_)) = again(&mut desk, 0) {}
    assert_eq!(again(&mut desk, 0), Some(Err(Code::Rate)));
    assert!(!desk.wanted.iter().any(|o| matches!(o, Output::Serve(..))));
    desk.wait(1000);
    assert_eq!(again(&mut desk, last - 1), Some(Ok(Answer::Accepted {})));
}

#[test]
fn limits_name_what_they_change_and_must_limit() {
    let grid = Limits { x_um: (0.0, 300.0), y_um: (0.0, 300.0), ..Limits::default() };
    let with = |json: serde_json::Value| grid.with(json.as_object().unwrap()).unwrap();
    let fewer = with(serde_json::json!({ "moves": 100 }));
    assert_eq!((fewer.x_um, fewer.moves), ((0.0, 300.0), 100));
    assert!(fewer.checked().is_ok());
    assert!(grid.with(serde_json::json!({ "move": 1 }).as_object().unwrap()).is_err());
    for (name, value) in [
        ("current_pa", serde_json::json!(0.0)),
        ("current_pa", serde_json::json!(-1.0)),
        ("spot_nm", serde_json::json!(1e9)),
        ("polygon_um", serde_json::json!([[0.0, 0.0], [1.0, 1.0]])),
        ("x_um", serde_json::json!([300.0, 0.0])),
        ("dwell_secs", serde_json::json!(1e300)),
        ("overview_secs", serde_json::json!(-1.0)),
        ("arrival_um", serde_json::json!(-1.0)),
        ("run_secs", serde_json::json!(-1.0)),
        ("field_um", serde_json::json!(0.0)),
        ("queue", serde_json::json!(0)),
    ] {
        let error = with(serde_json::json!({ name: value })).checked().unwrap_err();
        assert_eq!(error.field, name);
    }
}
