//! The gateway's state machine, rule by rule.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs, clippy::disallowed_methods)]
mod axes;
mod desk;
mod place;
mod runs;
mod takeover;

use desk::{CHIEF, DRIVER, Desk, OBSERVER, OTHER};
use gridscout::{
    bridge::{
        client::{self, Client},
        journal::{Done, Entry, Numbered, State, Verdict},
        refusal::{Code, Retry},
        server::{CLOSE_AUTH, Input, Mode, Output, Server, Settings},
        status::Waiting,
        wire::{Answer, Call, Incoming, Outgoing, Role, Submit},
    },
    microscope::{Command, Fault, Reading, Request},
};

const TO: Command = Command::MoveToRegion { region: 0, x_um: 15.0, y_um: 15.0 };
const THERE: fn() -> Result<Reading, Fault> = || Ok(Reading::Arrived { x_um: 15.0, y_um: 15.0 });

#[test]
fn silence_loses_the_lease_and_blanks_the_beam() {
    let mut desk = Desk::new(|_| {});
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "a", epoch, TO);
    desk.wait(4500);
    desk.submit(DRIVER, "b", epoch, Command::Overview);
    desk.wait(499);
    assert_eq!(desk.server.state(), State::Running);
    desk.wanted.clear();
    desk.wait(1);
    assert_eq!(desk.server.state(), State::Safe);
    assert!(desk.blanked_first(), "{:?}", desk.wanted);
    assert_eq!(desk.answer_to(DRIVER), Some(Err(Code::Lease)), "what waited is refused");
    // What was under way is written down all the same, and nothing else begins.
    desk.answer_with("a", THERE());
    assert!(matches!(&desk.journal.last().unwrap().entry, Entry::Outcome(done) if done.cid == "a"));
    assert_eq!((desk.server.state(), desk.performs()), (State::Safe, 0));
}

#[test]
fn heartbeats_keep_it_and_only_the_holder_s_count() {
    let mut desk = Desk::new(|_| {});
    let epoch = desk.lease(DRIVER);
    for n in 0..10 {
        desk.wait(2000);
        assert_eq!(desk.ask(DRIVER, Call::Heartbeat { epoch, n, iteration: 0 }), Some(Ok(Answer::Alive { n })));
        assert_eq!(desk.ask(OTHER, Call::Heartbeat { epoch, n, iteration: 0 }), Some(Err(Code::Lease)));
    }
    assert_eq!(desk.ask(DRIVER, Call::Heartbeat { epoch: epoch + 1, n: 0, iteration: 0 }), Some(Err(Code::Lease)));
    assert_eq!(desk.server.state(), State::Leased);
}

/// A planner that was started again and would do something else than the journal says.
#[test]
fn a_diverged_planner_is_held_and_stays_in_view() {
    let mut desk = Desk::new(|_| {});
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "run.0", epoch, TO);
    desk.answer_with("run.0", THERE());
    desk.wanted.clear();
    let mut client = Client::new("run", &format!("secret {DRIVER}"), 1);
    client.handle(0, client::Input::Ask(Request { id: 0, command: Command::Overview }));
    let mut failed = None;
    for now in (0..6000).step_by(100) {
        client.handle(now, client::Input::Tick(0));
        while let Some(output) = client.poll() {
            match output {
                client::Output::Connect => client.handle(now, client::Input::Opened),
                client::Output::Send(text) => desk.feed(Input::Frame(DRIVER, text)),
                client::Output::Failed(refusal) => failed = Some(refusal.code),
                _ => {}
            }
        }
        desk.wait(100);
        for output in std::mem::take(&mut desk.wanted) {
            if let Output::Send(DRIVER, message) = output {
                client.handle(now, client::Input::Frame(message.to_text()));
            }
        }
    }
    assert_eq!(failed, Some(Code::Diverged));
    assert_eq!((desk.server.state(), client.holds_lease()), (State::Hold, true), "nobody sees that it is held");
}

#[test]
fn an_identity_is_performed_once() {
    let mut desk = Desk::new(|_| {});
    let epoch = desk.lease(DRIVER);
    assert_eq!(desk.submit(DRIVER, "a", epoch, TO), None);
    assert_eq!(desk.performs(), 1);
    assert_eq!(desk.submit(DRIVER, "a", epoch, TO), None);
    assert_eq!(desk.performs(), 0);
    assert_eq!(desk.submit(DRIVER, "a", epoch, Command::Overview), Some(Err(Code::KeyReuse)));
    desk.answer_with("a", THERE());
    desk.answer_with("a", Err(Fault::TimedOut));
    let Some(Ok(Answer::Done(done))) = desk.submit(DRIVER, "a", 0, TO) else { panic!() };
    assert_eq!((done.outcome, desk.performs()), (THERE(), 0), "a second answer of the driver was heard");
    let outcomes = desk.journal.iter().filter(|numbered| matches!(numbered.entry, Entry::Outcome(_))).count();
    assert_eq!(outcomes, 1);
}

#[test]
fn a_stale_epoch_a_full_queue_and_a_fast_client_are_refused() {
    let mut desk = Desk::new(|_| {});
    let epoch = desk.lease(DRIVER);
    assert_eq!(desk.submit(DRIVER, "old", epoch - 1, TO), Some(Err(Code::Lease)));
    assert_eq!(desk.submit(OTHER, "other", epoch, TO), Some(Err(Code::Lease)));
    assert_eq!(desk.submit(OBSERVER, "look", epoch, TO), Some(Err(Code::Role)));
    for i in 0..5 {
        assert_eq!(desk.submit(DRIVER, &format!("q{i}"), epoch, TO), None, "{i}");
    }
    assert_eq!(desk.submit(DRIVER, "q5", epoch, TO), Some(Err(Code::Queue)));
    // Their turn does not come in time.
    desk.wanted.clear();
    desk.wait(1000);
    assert_eq!(desk.answer_to(DRIVER), Some(Err(Code::Deadline)));
    desk.answer_with("q0", THERE());
    let mut last = None;
    for i in 0..21 {
        last = desk.submit(DRIVER, &format!("r{i}"), epoch, TO);
        desk.answer_with(&format!("r{i}"), THERE());
    }
    assert_eq!(last, Some(Err(Code::Rate)));
}

#[test]
fn emergency_stop_is_anyone_s_and_latched() {
    let mut desk = Desk::new(|_| {});
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "a", epoch, TO);
    desk.wanted.clear();
    assert_eq!(desk.ask(OBSERVER, Call::EmergencyStop {}), Some(Ok(Answer::Accepted {})));
    assert!(desk.blanked_first());
    assert_eq!(desk.server.state(), State::Estop);
    assert_eq!(desk.submit(DRIVER, "b", epoch, TO), Some(Err(Code::Lease)));
    assert_eq!(desk.ask(DRIVER, Call::Acquire {}), Some(Err(Code::State)));
    desk.feed(Input::BlankFailed);
    assert_eq!(desk.server.state(), State::Estop, "a fault hides the stop");
    assert_eq!(desk.ask(DRIVER, Call::Reset {}), Some(Err(Code::Role)));
    assert_eq!(desk.ask(CHIEF, Call::Reset {}), Some(Ok(Answer::Accepted {})));
    // The journal remembers a latched state.
    desk.ask(OBSERVER, Call::EmergencyStop {});
    let again = Server::recover(Settings::new(3), desk.journal.clone());
    assert_eq!(again.state(), State::Estop);
}

#[test]
fn another_driver_waits_for_an_objection_and_a_supervisor_does_not() {
    let mut desk = Desk::new(|settings| settings.lease_ms = 60_000);
    let epoch = desk.lease(DRIVER);
    assert_eq!(desk.lease(DRIVER), epoch, "the same connection keeps its epoch");
    desk.wanted.clear();
    assert_eq!(desk.ask(OTHER, Call::Acquire {}), None);
    assert!(desk.wanted.contains(&Output::Send(DRIVER, Outgoing::LeaseAsked { within_ms: 10_000 })));
    desk.ask(DRIVER, Call::Keep { epoch });
    assert_eq!(desk.answer_to(OTHER), Some(Err(Code::Lease)));
    desk.wanted.clear();
    assert_eq!(desk.ask(OTHER, Call::Acquire {}), None);
    desk.wait(10_000);
    assert_eq!(desk.answer_to(OTHER), Some(Ok(Answer::Granted { epoch: epoch + 1, ttl_ms: 60_000 })));
    assert_eq!(desk.submit(DRIVER, "late", epoch, TO), Some(Err(Code::Lease)));
    assert_eq!(desk.lease(CHIEF), epoch + 2);
}

#[test]
fn what_the_instrument_says_is_not_believed_blindly() {
    let nonsense = |outcome, took_secs: f64| {
        let mut desk = Desk::new(|_| {});
        let epoch = desk.lease(DRIVER);
        desk.submit(DRIVER, "a", epoch, TO);
        desk.feed(Input::Performed(Done::new("a", took_secs, outcome)));
        let Some(Ok(Answer::Done(done))) = desk.answer_to(DRIVER) else { panic!("{:?}", desk.wanted) };
        assert!(matches!(done.outcome, Err(Fault::Nonsense { .. })), "{done:?}");
        desk.server.state()
    };
    assert_eq!(nonsense(Ok(Reading::Property { value: 1.0, sd: 0.0 }), 1.0), State::Leased);
    assert_eq!(nonsense(Ok(Reading::Arrived { x_um: f64::NAN, y_um: 15.0 }), 1.0), State::Leased);
    assert_eq!(nonsense(THERE(), f64::INFINITY), State::Leased);
    assert_eq!(nonsense(THERE(), -1.0), State::Leased);
    // A stage that is somewhere else is more than a bad reading.
    assert_eq!(nonsense(Ok(Reading::Arrived { x_um: 15.0, y_um: 16.1 }), 1.0), State::Fault);
    let mut silent = Desk::new(|_| {});
    let epoch = silent.lease(DRIVER);
    silent.submit(DRIVER, "a", epoch, TO);
    silent.wanted.clear();
    silent.feed(Input::Silent);
    assert!(silent.blanked_first());
    assert_eq!(silent.server.state(), State::Fault);
    assert!(matches!(silent.answer_to(DRIVER), Some(Ok(Answer::Done(Done { outcome: Err(Fault::TimedOut), .. })))));
}

#[test]
fn approval_and_shadow() {
    let mut desk = Desk::new(|settings| settings.mode = Mode::Approve);
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "a", epoch, TO);
    assert_eq!(desk.performs(), 0);
    let queue = desk.status_of(OBSERVER).unwrap().queue.clone();
    assert_eq!(queue, [Waiting { cid: "a".into(), op: TO, approved: false }]);
    assert_eq!(desk.ask(DRIVER, Call::Approve { cid: "a".into(), yes: true }), Some(Err(Code::Role)));
    desk.ask(CHIEF, Call::Approve { cid: "a".into(), yes: true });
    assert_eq!(desk.performs(), 1);
    desk.answer_with("a", THERE());
    desk.submit(DRIVER, "b", epoch, Command::Overview);
    desk.ask(CHIEF, Call::Approve { cid: "b".into(), yes: false });
    assert_eq!((desk.answer_to(DRIVER), desk.performs()), (Some(Err(Code::Refused)), 0));

    let mut desk = Desk::new(|settings| settings.mode = Mode::Shadow);
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "a", epoch, TO);
    assert_eq!(desk.performs(), 1);
    desk.answer_with("a", THERE());
    assert_eq!(desk.submit(DRIVER, "b", epoch, Command::Overview), Some(Err(Code::Refused)));
    assert_eq!(desk.performs(), 0);
}

#[test]
fn doubt_is_named_and_settled_by_a_supervisor() {
    let mut before = Desk::new(|_| {});
    let epoch = before.lease(DRIVER);
    before.submit(DRIVER, "a", epoch, TO);
    let crashed = |known: Option<Done>| {
        let mut desk = Desk::new(|_| {});
        desk.server = Server::recover(Settings::new(3), before.journal.clone());
        desk.wanted.clear();
        for (peer, role) in [(DRIVER, Role::Driver), (CHIEF, Role::Supervisor)] {
            desk.feed(Input::Admit(format!("secret {peer}"), role));
            desk.feed(Input::Opened(peer));
            desk.hello(peer, &format!("secret {peer}"), role);
        }
        assert!(desk.wanted.contains(&Output::Recall("a".into())));
        desk.feed(Input::Recalled("a".into(), known));
        let epoch = desk.lease(DRIVER);
        (desk, epoch)
    };
    let done = Done::new("a", 1.0, THERE());
    let (mut desk, epoch) = crashed(Some(done.clone()));
    assert_eq!(desk.submit(DRIVER, "a", epoch, TO), Some(Ok(Answer::Done(done))));
    for verdict in [Verdict::Redo, Verdict::Skip] {
        let (mut desk, epoch) = crashed(None);
        let named = |numbered: &Numbered| matches!(&numbered.entry, Entry::InDoubt { cid } if cid == "a");
        assert!(desk.journal.iter().any(named));
        assert_eq!(desk.submit(DRIVER, "a", epoch, TO), Some(Err(Code::InDoubt)));
        assert_eq!(desk.ask(DRIVER, Call::Resolve { cid: "a".into(), verdict }), Some(Err(Code::Role)));
        assert_eq!(desk.ask(CHIEF, Call::Resolve { cid: "a".into(), verdict }), Some(Ok(Answer::Accepted {})));
        let answer = desk.submit(DRIVER, "a", epoch, TO);
        match verdict {
            Verdict::Redo => assert_eq!((answer, desk.performs()), (None, 1)),
            Verdict::Skip => assert!(matches!(answer, Some(Ok(Answer::Done(Done { outcome: Err(_), .. }))))),
        }
    }
}

#[test]
fn strangers_are_closed_and_keep_nobody_out() {
    let mut desk = Desk::new(|_| {});
    for peer in 10..15 {
        desk.feed(Input::Opened(peer));
        assert_eq!(desk.hello(peer, "guess", Role::Driver), Some(Err(Code::Auth)));
        assert!(desk.wanted.contains(&Output::Close(peer, CLOSE_AUTH)));
    }
    desk.feed(Input::Opened(15));
    desk.hello(15, "guess", Role::Driver);
    assert!(desk.said_to(15).contains("wait a minute"), "the sixth guess is like the first");
    desk.feed(Input::Opened(15));
    let welcome = desk.hello(15, "secret 1", Role::Driver);
    assert!(matches!(welcome, Some(Ok(Answer::Welcome { .. }))), "guesses keep a right secret out: {welcome:?}");
    desk.feed(Input::Opened(16));
    assert_eq!(desk.hello(16, "secret 3", Role::Driver), Some(Err(Code::Role)), "more than the secret gives");
    assert!(matches!(desk.hello(16, "secret 3", Role::Observer), Some(Ok(Answer::Welcome { .. }))));
    desk.feed(Input::Opened(17));
    desk.wait(5000);
    assert!(desk.wanted.contains(&Output::Close(17, CLOSE_AUTH)), "who says nothing stays");
    assert!(!desk.wanted.contains(&Output::Close(16, CLOSE_AUTH)));
    let early = desk.wanted.len();
    desk.feed(Input::Opened(18));
    assert_eq!(desk.ask(18, Call::Acquire {}), Some(Err(Code::Auth)));
    assert!(desk.wanted.len() > early);
}

#[test]
fn a_journal_that_cannot_be_written_stops_everything() {
    let mut desk = Desk::new(|_| {});
    let epoch = desk.lease(DRIVER);
    let call = Call::Submit(Submit { cid: "a".into(), epoch, op: TO, deadline_ms: 1000 });
    desk.server.handle(desk.now, Input::Frame(DRIVER, Incoming { id: "q".into(), call }.to_text()));
    assert!(matches!(desk.server.poll(), Some(Output::Append(_))));
    desk.server.journal_failed();
    let rest: Vec<Output> = std::iter::from_fn(|| desk.server.poll()).collect();
    assert_eq!(rest[..2], [Output::Blank, Output::StopStage]);
    assert!(rest[2..].iter().all(|output| matches!(output, Output::Close(_, 1011))) && rest.len() == 6, "{rest:?}");
    desk.feed(Input::Frame(CHIEF, Incoming { id: "q".into(), call: Call::Reset {} }.to_text()));
    assert_eq!(desk.server.state(), State::Fault);
}

#[test]
fn a_beam_that_stays_on_is_a_fault_and_no_endless_order() {
    let mut desk = Desk::new(|_| {});
    desk.lease(DRIVER);
    desk.wanted.clear();
    desk.feed(Input::BlankFailed);
    assert_eq!(desk.server.state(), State::Fault);
    assert!(!desk.wanted.contains(&Output::Blank) && desk.wanted.contains(&Output::StopStage), "{:?}", desk.wanted);
}

#[test]
fn an_open_interlock_holds_whenever_it_opened() {
    let mut desk = Desk::new(|_| {});
    desk.feed(Input::Interlock(true));
    let epoch = desk.lease(DRIVER);
    assert_eq!(desk.server.state(), State::Hold);
    assert_eq!(desk.submit(DRIVER, "a", epoch, TO), Some(Err(Code::State)));
    assert_eq!(desk.ask(CHIEF, Call::Resume {}), Some(Err(Code::State)));
    desk.feed(Input::Interlock(false));
    assert_eq!(desk.server.state(), State::Hold, "work goes on by itself");
    assert_eq!(desk.ask(CHIEF, Call::Resume {}), Some(Ok(Answer::Accepted {})));
    assert_eq!(desk.submit(DRIVER, "a", epoch, TO), None);
    desk.feed(Input::Interlock(true));
    assert_eq!(desk.server.state(), State::Hold);
}

#[test]
fn a_skip_outlives_a_crash_before_its_outcome() {
    let mut desk = Desk::new(|_| {});
    let epoch = desk.lease(DRIVER);
    desk.submit(DRIVER, "a", epoch, TO);
    let jseq = desk.journal.len() as u64 + 1;
    desk.journal.push(Numbered {
        jseq,
        unix_ms: 0,
        entry: Entry::Resolved { cid: "a".into(), verdict: Verdict::Skip },
    });
    desk.server = Server::recover(Settings::new(3), desk.journal.clone());
    desk.feed(Input::Admit("secret 1".into(), Role::Driver));
    desk.feed(Input::Opened(DRIVER));
    desk.hello(DRIVER, "secret 1", Role::Driver);
    let epoch = desk.lease(DRIVER);
    let answer = desk.submit(DRIVER, "a", epoch, TO);
    assert!(matches!(answer, Some(Ok(Answer::Done(Done { outcome: Err(Fault::Refused { .. }), .. })))), "{answer:?}");
    assert_eq!(desk.performs(), 0);
}

#[test]
fn what_is_no_message_is_refused_with_its_retry_word() {
    let mut desk = Desk::new(|_| {});
    for text in [
        "",
        "[]",
        "{}",
        "null",
        r#"{"jsonrpc":"1.0","id":"a","method":"estop","params":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"estop","params":{}}"#,
        r#"{"jsonrpc":"2.0","method":"estop","params":{}}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"nothing","params":{}}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"estop"}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"estop","params":{"x":1}}"#,
        r#"{"jsonrpc":"2.0","id":"a","id":"b","method":"estop","params":{}}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"estop","params":{},"more":1}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"hb","params":{"epoch":1e999,"n":0,"iteration":0}}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"hb","params":{"epoch":9007199254740992,"n":0,"iteration":0}}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"hb","params":{"epoch":-1,"n":0,"iteration":0}}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"cmd","params":{"cid":"","epoch":1,"op":{"type":"overview"},"deadline_ms":1}}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"cmd","params":{"cid":"c","epoch":1,"op":{"type":"spectrum","particle":0,"dwell_secs":null},"deadline_ms":1}}"#,
    ] {
        desk.wanted.clear();
        let (state, entries) = (desk.server.state(), desk.journal.len());
        desk.feed(Input::Frame(DRIVER, text.into()));
        let [Output::Send(DRIVER, Outgoing::Answer { id: None, result: Err(refusal) })] = desk.wanted.as_slice() else {
            panic!("{text}: {:?}", desk.wanted)
        };
        assert!(
            matches!(refusal.code, Code::Json | Code::Frame) && refusal.retry == Retry::Never,
            "{text}: {refusal:?}"
        );
        assert_eq!((desk.server.state(), desk.journal.len()), (state, entries), "{text}");
    }
}
