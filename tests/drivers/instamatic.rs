//! The Instamatic driver with a server in the test that speaks its protocol.
use crate::{
    common,
    rig::{Rig, conforms, spectrum},
    toy::manner,
};
use gridscout::{
    campaign::World,
    gateway::driver::{Bench, Exposures, Instamatic},
    microscope::{Command, Fault},
};
use serde_json::{Value, json};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

const QUICK_MS: u64 = 800;

#[derive(Default)]
struct Tem {
    blanked: bool,
    /// The blanker does not do what it is told.
    stuck: bool,
    at_nm: (f64, f64),
    to_nm: (f64, f64),
    /// What goes wrong once, and at which call.
    fault: Option<(&'static str, &'static str)>,
    calls: Vec<String>,
}

impl Tem {
    fn answer(&mut self, call: &Value) -> Value {
        let function = call["func_name"].as_str().unwrap();
        self.calls.push(function.into());
        match function {
            "setBeamBlank" if self.stuck => {}
            "setBeamBlank" => self.blanked = call["args"][0].as_bool().unwrap(),
            "isBeamBlanked" => return json!(self.blanked),
            "setStagePosition" => {
                let nm = |name: &str| call["kwargs"][name].as_i64().expect("whole nm") as f64;
                self.to_nm = (nm("x"), nm("y"));
            }
            "getStagePosition" => {
                let half = |at: f64, to: f64| if (to - at).abs() < 10.0 { to } else { (at + to) / 2.0 };
                self.at_nm = (half(self.at_nm.0, self.to_nm.0), half(self.at_nm.1, self.to_nm.1));
                return json!([self.at_nm.0, self.at_nm.1, 0, 0.0, 0.0]);
            }
            // Idle comes early.
            "isStageMoving" => return json!(false),
            _ => {}
        }
        Value::Null
    }

    fn serve(tem: &Mutex<Self>, mut stream: TcpStream) {
        let mut bytes = [0; 1024];
        while let Ok(n @ 1..) = stream.read(&mut bytes) {
            let call: Value = serde_json::from_slice(&bytes[..n]).expect("one call, whole");
            let (value, fault) = {
                let mut tem = tem.lock().unwrap();
                let due = tem.fault.take_if(|(_, function)| call["func_name"] == *function);
                (tem.answer(&call), due.map(|(kind, _)| kind))
            };
            let good = json!([200, value]).to_string();
            let answer = match fault {
                None => good,
                Some("again") => good,
                Some("late") => {
                    thread::sleep(Duration::from_millis(QUICK_MS + 500));
                    good
                }
                Some("silent") => continue,
                Some("hang_up") => return,
                Some("garbage") => "[200, tru]".into(),
                Some("endless") => "[".repeat(17 * 1024),
                Some("twice") => format!("{good}{good}"),
                Some("status") => json!([404, value]).to_string(),
                Some("nan") => "[200, [NaN, 0, 0, 0, 0]]".into(),
                Some("short") => "[200, [1, 2]]".into(),
                Some("wrong_kind") => json!([200, "yes"]).to_string(),
                Some(_) => json!([500, ["TEMValueError", ["no"]]]).to_string(),
            };
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
            if fault == Some("again") {
                thread::sleep(Duration::from_millis(50));
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    }
}

fn open(fault: Option<(&'static str, &'static str)>) -> (Rig, Arc<Mutex<Tem>>) {
    let (_, microscope) = World::new(common::config(&[])).open().unwrap();
    open_with(fault, Exposures::Simulated { microscope: Box::new(microscope), scale: 0.01 })
}

fn open_with(fault: Option<(&'static str, &'static str)>, exposures: Exposures) -> (Rig, Arc<Mutex<Tem>>) {
    let tem = Arc::new(Mutex::new(Tem::default()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = listener.local_addr().unwrap().to_string();
    let shared = tem.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let tem = shared.clone();
            thread::spawn(move || Tem::serve(&tem, stream.unwrap()));
        }
    });
    let driver = Box::new(Bench::new(Instamatic::open(&server, None, QUICK_MS).unwrap(), manner(), exposures).unwrap());
    tem.lock().unwrap().fault = fault;
    let seen = tem.clone();
    let beam_is_on = Box::new(move || !seen.lock().unwrap().blanked);
    let rig = Rig { driver, beam_is_on, places_um: [(15.0, 15.0), (45.0, 15.0)], endless_secs: 4000.0 };
    (rig, tem)
}

#[test]
fn instamatic_conforms() {
    let (mut rig, tem) = open(None);
    conforms(&mut rig);
    let tem = tem.lock().unwrap();
    assert_eq!(tem.calls[..2], ["setBeamBlank", "isBeamBlanked"], "the first things it is told");
    assert!(tem.calls.iter().any(|call| call == "stopStage"));
    assert_eq!(tem.to_nm, (45_000.0, 15_000.0));
}

#[test]
fn each_misbehaviour_of_the_server_is_a_typed_fault_and_the_next_command_works() {
    let nonsense = |fault: &Fault| matches!(fault, Fault::Nonsense { .. });
    let timed_out = |fault: &Fault| matches!(fault, Fault::TimedOut);
    let refused = |fault: &Fault| matches!(fault, Fault::Refused { .. });
    type Case = (&'static str, &'static str, fn(&Fault) -> bool);
    let cases: &[Case] = &[
        ("late", "getStagePosition", timed_out),
        ("silent", "setStagePosition", timed_out),
        ("hang_up", "getStagePosition", refused),
        ("garbage", "isStageMoving", nonsense),
        ("endless", "isStageMoving", nonsense),
        ("twice", "setStagePosition", nonsense),
        ("status", "getStagePosition", nonsense),
        ("nan", "getStagePosition", nonsense),
        ("short", "getStagePosition", nonsense),
        ("wrong_kind", "isStageMoving", nonsense),
        ("wrong_kind", "setStagePosition", nonsense),
        ("error", "setStagePosition", refused),
    ];
    thread::scope(|scope| {
        for (kind, function, expected) in cases {
            scope.spawn(move || {
                let (mut rig, _) = open(Some((kind, function)));
                let go = rig.go(0);
                let fault = rig.perform(&go).outcome.expect_err(kind);
                assert!(expected(&fault), "{kind} {function}: {fault:?}");
                let unmoved = rig.perform(&spectrum(1.0)).outcome;
                assert!(matches!(unmoved, Err(Fault::Refused { .. })), "{kind} {function}: {unmoved:?}");
                rig.works(1);
            });
        }
    });
    println!("{} misbehaviours of a server: each a typed fault, the beam off, the next command works", cases.len());
}

#[test]
fn a_blank_that_is_not_read_back_is_none() {
    for kind in ["wrong_kind", "error", "silent"] {
        let (rig, tem) = open(Some((kind, "isBeamBlanked")));
        let guard = rig.driver.guard();
        // A connection that went wrong is tried once more; silence is not waited for twice.
        assert_eq!(guard.blank().is_err(), kind == "silent", "{kind}");
        tem.lock().unwrap().fault = None;
        assert_eq!(guard.blank(), Ok(()));
    }
}

#[test]
fn a_blanker_that_is_stuck_is_an_alarm() {
    let (rig, tem) = open(None);
    (tem.lock().unwrap().stuck, tem.lock().unwrap().blanked) = (true, false);
    assert!(rig.driver.guard().blank().unwrap_err().contains("not blanked"));
}

#[test]
fn an_answer_that_comes_again_is_not_taken_for_the_next() {
    let (mut rig, _) = open(Some(("again", "stopStage")));
    rig.driver.guard().stop_stage();
    thread::sleep(Duration::from_millis(300));
    let go = rig.go(0);
    let fault = rig.perform(&go).outcome.unwrap_err();
    assert!(fault.to_string().contains("not asked"), "{fault}");
    rig.works(0);
}

#[test]
fn without_exposures_moves_go_ahead_and_nothing_else() {
    let (mut rig, _) = open_with(None, Exposures::Refused);
    let go = rig.go(1);
    rig.perform(&go).outcome.unwrap();
    assert!(matches!(rig.perform(&Command::Overview).outcome, Err(Fault::Refused { .. })));
    assert!(Instamatic::open("127.0.0.1:1", None, QUICK_MS).is_err());
}
