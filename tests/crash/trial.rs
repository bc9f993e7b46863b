//! One crash: a gateway that is spoiled at one call, started again, and held to account.
use crate::{
    SETTINGS,
    account::{Found, account},
    folder::Folder,
    planner::{Told, plan, settle},
    served::{PROGRAM, Served, arguments, call, hear},
    trace::{Fault, Log, Spoiled, Watch},
};
use gridscout::bridge::{
    journal::State,
    refusal::{Code, Refusal},
    wire::{Answer, Call, Outgoing, Role},
};
use std::{path::Path, process::Command, time::Duration};

/// From where on a gateway is spoiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// From its first instruction, over an empty folder.
    Start,
    /// When it listens, over an empty folder.
    Empty,
    /// When it listens, over a journal that is long enough to be moved from the log into the database during the run.
    Long,
}

/// What is tried.
#[derive(Clone, Debug)]
pub struct Case {
    pub from: From,
    pub watch: Watch,
    pub spoiled: Spoiled,
}

/// How often each call is made in a run to its end, or at the start.
pub fn count(from: From, watch: &Watch, long: &Folder) -> Vec<(String, usize)> {
    let folder = prepared(from, long);
    let log = Log::new(&folder.0);
    let (told, served) = run(from, watch, None, &folder, &log);
    assert!(from == From::Start || told.digest.is_some(), "undisturbed: {}", told.ended);
    drop(served);
    log.counts()
}

fn prepared(from: From, long: &Folder) -> Folder {
    if from == From::Long { long.copy(&["journal.db", "journal.db-wal"]) } else { Folder::new() }
}

/// A run that may be spoiled; the gateway is dead when this returns.
fn run(
    from: From,
    watch: &Watch,
    spoiled: Option<&Spoiled>,
    folder: &Folder,
    log: &Log,
) -> (Told, Result<Served, String>) {
    if from == From::Start {
        let options = folder.options();
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let mut command = watch.launch(&folder.0, log.path(), spoiled, PROGRAM);
        let mut served = Served::spawn(command.args(arguments(&folder.0, &options)), &folder.0);
        let told = match &served {
            Ok(served) if spoiled.is_some() => plan(served, SETTINGS),
            _ => Told::default(),
        };
        if let Ok(served) = &mut served {
            end(served);
        }
        return (told, served);
    }
    let mut served = folder.serve();
    let strace = watch.attach(&folder.0, log.path(), spoiled, served.child.id());
    let told = plan(&served, SETTINGS);
    if told.digest.is_none() && spoiled.is_some_and(|spoiled| spoiled.fault != Fault::Kill) {
        only_says_that_it_failed(&served);
    }
    end(&mut served);
    strace.join();
    (told, Ok(served))
}

fn end(served: &mut Served) {
    let _ = served.child.kill();
    let _ = served.child.wait();
}

/// A gateway whose journal failed says that, and nothing else; it still takes an emergency stop.
fn only_says_that_it_failed(served: &Served) {
    let Ok(mut socket) = served.greet(Role::Driver, Some(0)) else { return };
    let _ = call(&mut socket, "lease", Call::Acquire {});
    let _ = call(&mut socket, "stop", Call::EmergencyStop {});
    socket.get_ref().set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let mut stopped = false;
    while let Ok(told) = hear(&mut socket) {
        match told {
            Outgoing::Answer { result: Ok(Answer::Welcome { state: State::Fault, .. }), .. } => {}
            Outgoing::Answer { result: Err(Refusal { code: Code::State, .. }), .. } => {}
            Outgoing::Answer { id: Some(id), result: Ok(Answer::Accepted {}) } if id == "stop" => stopped = true,
            Outgoing::Status(status) if status.state == State::Fault && status.epoch.is_none() => {}
            told => panic!("the journal failed, and afterwards it said {told:?}"),
        }
    }
    assert!(stopped, "the emergency stop was not answered");
}

pub fn try_out(case: &Case, long: &Folder, digest: &str) -> Found {
    let folder = prepared(case.from, long);
    let log = Log::new(&folder.0);
    let (told, served) = run(case.from, &case.watch, Some(&case.spoiled), &folder, &log);
    let mut found = Found { manner: manner(&told, &served, case.spoiled.fault), ..Found::default() };
    drop(served);
    found.hit = if case.spoiled.fault == Fault::Kill { told.digest.is_none() } else { log.was_hit() };
    let served = folder.serve();
    let doubts = settle(&served, || found.faults.extend(unnamed(&folder.0)));
    let end = plan(&served, SETTINGS);
    if end.digest.as_deref() != Some(digest) {
        found.faults.push(format!("the record is another: {:?}, {}", end.digest, end.ended));
    }
    drop(served);
    account(&folder.0, &told, &doubts, &mut found);
    found
}

/// How the gateway took it, in a few words, to be counted.
fn manner(told: &Told, served: &Result<Served, String>, fault: Fault) -> String {
    let log = served.as_ref().map_or_else(String::clone, Served::log);
    match (served, &told.digest) {
        _ if log.contains("panicked") => format!("PANICKED {log}"),
        (Err(_), _) if fault == Fault::Kill => "killed at the start".into(),
        (Err(_), _) => "did not start, and said why".into(),
        (Ok(_), Some(_)) => "went on to the end".into(),
        (Ok(_), None) if log.contains("cannot be written: stopped") => {
            format!("stopped, the process stays, {}", told.ended)
        }
        (Ok(_), None) if fault == Fault::Kill => "killed".into(),
        (Ok(_), None) => format!("UNEXPLAINED {} {log}", told.ended),
    }
}

/// `gridscout journal verify` names exactly one.
fn unnamed(folder: &Path) -> Option<String> {
    let verify = Command::new(PROGRAM).args(["journal", "verify"]).arg(folder.join("journal.db")).output().unwrap();
    let text = String::from_utf8(verify.stdout).unwrap();
    let named = text.lines().find_map(|line| line.strip_prefix("in doubt: ")).unwrap_or_default();
    let one = named.starts_with("run.") && !named.contains(',');
    (!one).then(|| format!("verify does not name what is in doubt: {text}"))
}
