//! A planner without a browser that freezes, is killed or loses its network while the beam is on: the gateway blanks it.
//!
//! The planner is `gridscout drive`, a process of its own; the gateway runs here, so that the order to blank is timed where it
//! reaches the instrument. `GRIDSCOUT_TRIALS` asks for more and for the lease of the design, and has the times judged.
#![cfg(all(not(target_family = "wasm"), unix))]
#![allow(missing_docs, clippy::disallowed_methods)]
mod common;

use gridscout::{
    bridge::{
        journal::{Entry, Numbered, State},
        server::Settings,
    },
    campaign::World,
    gateway::{
        self, Setup,
        driver::{Driver, Guard, Orders, Performed, Simulated},
        journal::Journal,
        store::Store,
    },
    microscope::Command as Op,
};
use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

const BEARER: &str = "0123456789abcdef";
/// The first exposure is a map, longer than the lease, and comes at once.
const EXPOSURE: &[(&str, &str)] = &[("cost.retune_secs", "0"), ("cost.edx_secs", "25")];
/// Longer than the 2 s between two heartbeats, and no longer than a test should wait.
const SHORT_LEASE_MS: u64 = 3000;
const PATIENCE: Duration = Duration::from_secs(20);
/// After the lease.
const ALLOWANCE_MS: u64 = 1000;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Death {
    Frozen,
    Killed,
    NetworkDown,
}

const DEATHS: [Death; 3] = [Death::Frozen, Death::Killed, Death::NetworkDown];

/// The simulated instrument, and when its beam was ordered to be blanked.
struct Timed {
    instrument: Simulated,
    guard: Arc<TimedGuard>,
    exposing: mpsc::Sender<()>,
    spoiled: mpsc::Sender<bool>,
}

struct TimedGuard {
    guard: Arc<dyn Guard>,
    blanked: Mutex<Vec<Instant>>,
    stopped: Mutex<Vec<Instant>>,
}

impl Driver for Timed {
    fn perform(&mut self, cid: &str, op: &Op, since: Orders) -> Performed {
        let exposes = matches!(op, Op::MapComposition { .. });
        if exposes {
            let _ = self.exposing.send(());
        }
        let performed = self.instrument.perform(cid, op, since);
        if exposes {
            let _ = self.spoiled.send(performed.outcome.is_err());
        }
        performed
    }

    fn recall(&mut self, cid: &str) -> Option<Performed> {
        self.instrument.recall(cid)
    }

    fn guard(&self) -> Arc<dyn Guard> {
        self.guard.clone()
    }
}

impl Guard for TimedGuard {
    fn blank(&self) -> Result<(), String> {
        let done = self.guard.blank();
        self.blanked.lock().unwrap().push(Instant::now());
        done
    }

    fn stop_stage(&self) {
        self.guard.stop_stage();
        self.stopped.lock().unwrap().push(Instant::now());
    }

    fn orders(&self) -> Orders {
        self.guard.orders()
    }
}

/// A gateway in a thread, that may also be called by the name of `door`; its address.
fn gateway(folder: &Path, lease_ms: u64, driver: Timed, door: SocketAddr) -> SocketAddr {
    let setup = Setup {
        settings: Settings { lease_ms, ..Settings::new(common::config(EXPOSURE).elements.len()) },
        journal: Journal::open(&folder.join("journal.db")).unwrap(),
        driver: Box::new(driver),
        store: Store::open(&folder.join("data")).unwrap(),
        about: serde_json::Value::Null,
        page: None,
        origins: vec![format!("http://{door}")],
        tls: None,
        bearer: BEARER.into(),
        show_code: |_| {},
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = runtime.block_on(async { gateway::listen("127.0.0.1:0".parse().unwrap()).unwrap() });
    let address = listener.local_addr().unwrap();
    thread::spawn(move || runtime.block_on(gateway::serve(listener, setup)));
    address
}

/// Carries bytes both ways until it is cut: then nothing arrives any more, and nothing is closed.
fn carry(door: TcpListener, to: SocketAddr, cut: Arc<AtomicBool>) {
    let one_way = move |mut from: TcpStream, mut into: TcpStream, cut: Arc<AtomicBool>| {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            if !cut.load(Ordering::SeqCst) && into.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        if !cut.load(Ordering::SeqCst) {
            let _ = into.shutdown(Shutdown::Both);
        }
    };
    thread::spawn(move || {
        for near in door.incoming().map_while(Result::ok) {
            let Ok(far) = TcpStream::connect(to) else { return };
            let (near_too, far_too) = (near.try_clone().unwrap(), far.try_clone().unwrap());
            let (cut, cut_too) = (cut.clone(), cut.clone());
            thread::spawn(move || one_way(near, far, cut));
            thread::spawn(move || one_way(far_too, near_too, cut_too));
        }
    });
}

/// A process that does not outlive its test.
struct Planner(Child);

impl Drop for Planner {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn planner(folder: &Path, to: SocketAddr) -> Planner {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridscout"));
    command.args(["drive", "--url", &format!("ws://{to}/ws"), "--secret-file"]).arg(folder.join("bearer"));
    for (path, value) in EXPOSURE {
        command.args(["--set", &format!("{path}={value}")]);
    }
    Planner(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

fn says_why(folder: &Path) -> bool {
    let safe = |n: &Numbered| matches!(&n.entry, Entry::State { to: State::Safe, why } if why == "no heartbeat");
    Journal::read_only(&folder.join("journal.db")).unwrap().iter().any(safe)
}

/// From the death to the later of the orders to blank the beam and to stop the stage.
fn trial(number: usize, death: Death, lease_ms: u64, wait: Duration) -> Duration {
    let folder: PathBuf = std::env::temp_dir().join(format!("gridscout-deadman-{}-{number}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("bearer"), BEARER).unwrap();
    let (_, microscope) = World::new(common::config(EXPOSURE)).open().unwrap();
    let instrument = Simulated::new(microscope, 1.0);
    let guard =
        Arc::new(TimedGuard { guard: instrument.guard(), blanked: Mutex::default(), stopped: Mutex::default() });
    let ((exposing, begun), (spoiled, over)) = (mpsc::channel(), mpsc::channel());
    let cut = Arc::new(AtomicBool::new(false));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let door = listener.local_addr().unwrap();
    let address = gateway(&folder, lease_ms, Timed { instrument, guard: guard.clone(), exposing, spoiled }, door);
    carry(listener, address, cut.clone());
    let mut planner = planner(&folder, door);

    begun.recv_timeout(PATIENCE).expect("nothing was exposed");
    thread::sleep(wait);
    assert!(over.try_recv().is_err(), "{death:?}: the exposure ended while the planner lived");
    let died = Instant::now();
    match death {
        Death::Frozen => {
            let stop = Command::new("kill").args(["-STOP", &planner.0.id().to_string()]).status().unwrap();
            assert!(stop.success());
        }
        Death::Killed => planner.0.kill().unwrap(),
        Death::NetworkDown => cut.store(true, Ordering::SeqCst),
    }
    // Well before it would end by itself.
    let was_spoiled = over.recv_timeout(PATIENCE).expect("the exposure went on");
    assert!(was_spoiled, "{death:?}: the exposure came to its end");
    // The beam goes first, the journal says why after it.
    while !says_why(&folder) {
        assert!(died.elapsed() < PATIENCE, "{death:?}: the journal does not say why");
        thread::sleep(Duration::from_millis(50));
    }
    let first = |orders: &Mutex<Vec<Instant>>| orders.lock().unwrap().iter().copied().find(|at| *at >= died);
    let blanked = first(&guard.blanked).expect("blanked before it died");
    let stopped = first(&guard.stopped).expect("the stage was not stopped");
    drop(planner);
    let _ = fs::remove_dir_all(&folder);
    blanked.max(stopped) - died
}

#[test]
fn a_planner_that_dies_has_its_beam_blanked() {
    let asked: Option<usize> = std::env::var("GRIDSCOUT_TRIALS").ok().and_then(|text| text.parse().ok());
    let lease_ms = if asked.is_some() { Settings::new(3).lease_ms } else { SHORT_LEASE_MS };
    let rounds = asked.unwrap_or(1).div_ceil(DEATHS.len());
    let mut times: Vec<(Death, Duration)> = thread::scope(|scope| {
        let trials = (0..rounds * DEATHS.len()).map(|number| {
            let death = DEATHS[number % DEATHS.len()];
            // Anywhere between two heartbeats.
            let wait = Duration::from_secs(2) * (number / DEATHS.len()) as u32 / rounds as u32;
            scope.spawn(move || (death, trial(number, death, lease_ms, wait)))
        });
        let trials: Vec<_> = trials.collect();
        trials.into_iter().map(|trial| trial.join().unwrap()).collect()
    });
    times.sort_by_key(|(_, time)| *time);
    for death in DEATHS {
        let of: Vec<Duration> = times.iter().filter(|(kind, _)| *kind == death).map(|(_, time)| *time).collect();
        let (least, median, most) = (of[0], of[of.len() / 2], of[of.len() - 1]);
        println!("{death:?}: {} times, blanked after {least:.2?} to {most:.2?}, median {median:.2?}", of.len());
    }
    let allowed = Duration::from_millis(lease_ms + ALLOWANCE_MS);
    let (slowest, fastest) = (times[times.len() - 1], times[0]);
    println!("{} of {} in {allowed:?}", times.iter().filter(|(_, time)| *time <= allowed).count(), times.len());
    if asked.is_some() {
        assert!(slowest.1 <= allowed, "{slowest:?}; allowed: {allowed:?}");
        // The last heartbeat keeps the lease for 5 s, and one comes every 2 s.
        assert!(fastest.1 > Duration::from_millis(lease_ms - 2500), "{fastest:?} is too soon to be the lease");
    }
}
