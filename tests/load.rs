//! One driver and fifty observers at a real gateway: nobody misses an entry of the journal, and a reader that stalls comes back.
//!
//! `GRIDSCOUT_LOAD_SECS` asks for more than a few seconds, and has times and memory judged.
#![cfg(all(not(target_family = "wasm"), target_os = "linux"))]
#![allow(missing_docs, clippy::disallowed_methods)]
use futures_util::{SinkExt, StreamExt};
use gridscout::{
    bridge::{
        journal::Entry,
        server::REREAD,
        wire::{Answer, Call, Hello, Incoming, Outgoing, PROTOCOL, Role, Submit},
    },
    microscope::Command,
};
use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{ClientRequestBuilder, Message},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_gridscout");
const OBSERVERS: usize = 50;
/// Each command makes two entries of the journal: ten messages a second to everyone, and what the status says besides.
const COMMANDS_PER_SEC: u64 = 5;
const LIMIT_P99: Duration = Duration::from_millis(200);
const CLOSE_SLOW: u16 = 4008;
const STALL_AFTER_SECS: u64 = 40;
/// About as many entries the journal has by then.
const ENTRIES_THEN: u64 = 2 * COMMANDS_PER_SEC * STALL_AFTER_SECS;
/// What waits for a reader that has stalled, until it is closed; the allocator keeps it.
const STALLED_KIB: u64 = 16 * 1024;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Sent = Arc<Mutex<HashMap<String, Instant>>>;

struct Gateway {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Gateway {
    fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("gridscout-load-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let limits = folder.join("limits.json");
        fs::write(&limits, r#"{ "moves": 1000000 }"#).unwrap();
        let mut child = std::process::Command::new(PROGRAM)
            .args(["serve", "--driver", "simulated", "--time-scale", "0", "--port", "0", "--page", "none", "--limits"])
            .arg(&limits)
            .arg("--dir")
            .arg(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        Self { child, port, folder }
    }

    fn secret(&self) -> String {
        fs::read_to_string(self.folder.join("bearer")).unwrap()
    }

    async fn connect(&self, role: Role, last_jseq: Option<u64>) -> Socket {
        let secret = self.secret();
        let request = ClientRequestBuilder::new(format!("ws://127.0.0.1:{}/ws", self.port).parse().unwrap())
            .with_sub_protocol(PROTOCOL)
            .with_header("Authorization", format!("Bearer {secret}"));
        let (mut socket, _) = connect_async(request).await.unwrap();
        let hello = Call::Hello(Hello { protocol: PROTOCOL.into(), secret, role, last_jseq });
        say(&mut socket, "hello", hello).await;
        socket
    }

    /// Memory in use, KiB.
    fn memory_kib(&self) -> u64 {
        let status = fs::read_to_string(Path::new("/proc").join(self.child.id().to_string()).join("status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

async fn say(socket: &mut Socket, id: &str, call: Call) {
    socket.send(Message::text(Incoming { id: id.into(), call }.to_text())).await.unwrap();
}

/// The next thing the gateway says; none when it has closed.
async fn hear(socket: &mut Socket) -> Option<Outgoing> {
    loop {
        match socket.next().await? {
            Ok(Message::Text(text)) => return Some(Outgoing::parse(text.as_str()).unwrap()),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// What one reader heard.
#[derive(Default)]
struct Heard {
    entries: u64,
    last_jseq: Option<u64>,
    gaps: u64,
    /// From the submission of a command to its outcome here.
    delays: Vec<Duration>,
}

/// Read until the outcome of `last` has come.
async fn observe(mut socket: Socket, sent: Sent, last: String) -> Heard {
    let mut heard = Heard::default();
    while let Some(message) = hear(&mut socket).await {
        let Outgoing::Event(numbered) = message else { continue };
        heard.gaps += u64::from(heard.last_jseq.is_some_and(|last| numbered.jseq != last + 1));
        heard.last_jseq = Some(numbered.jseq);
        heard.entries += 1;
        if let Entry::Outcome(done) = &numbered.entry {
            let began = sent.lock().unwrap().get(&done.cid).copied();
            heard.delays.extend(began.map(|began| began.elapsed()));
            if done.cid == last {
                return heard;
            }
        }
    }
    panic!("closed after {} entries", heard.entries)
}

/// Submit commands at their pace; from each submission to its answer.
async fn drive(mut socket: Socket, sent: Sent, count: u64) -> Vec<Duration> {
    say(&mut socket, "lease", Call::Acquire {}).await;
    let epoch = loop {
        if let Outgoing::Answer { result: Ok(Answer::Granted { epoch, .. }), .. } = hear(&mut socket).await.unwrap() {
            break epoch;
        }
    };
    let mut pace = tokio::time::interval(Duration::from_secs(1) / COMMANDS_PER_SEC as u32);
    let mut delays = Vec::new();
    for n in 0..count {
        pace.tick().await;
        if n % COMMANDS_PER_SEC == 0 {
            say(&mut socket, &format!("hb{n}"), Call::Heartbeat { epoch, n, iteration: n }).await;
        }
        let (column, row) = ((n % 10) as u32, (n / 10 % 10) as u32);
        let (x_um, y_um) = (f64::from(column) * 30.0 + 15.0, f64::from(row) * 30.0 + 15.0);
        let op = Command::MoveToRegion { region: row * 10 + column, x_um, y_um };
        let cid = cid(n);
        let began = Instant::now();
        sent.lock().unwrap().insert(cid.clone(), began);
        say(&mut socket, &cid, Call::Submit(Submit { cid: cid.clone(), epoch, op, deadline_ms: 60_000 })).await;
        loop {
            match hear(&mut socket).await.unwrap() {
                Outgoing::Answer { result: Ok(Answer::Done(done)), .. } if done.cid == cid => {
                    assert!(done.outcome.is_ok(), "{done:?}");
                    break delays.push(began.elapsed());
                }
                Outgoing::Answer { result: Err(refusal), .. } => panic!("{refusal:?}"),
                _ => {}
            }
        }
    }
    delays
}

fn cid(n: u64) -> String {
    format!("load.{n}")
}

/// Asks for the journal again and again, reads nothing, is closed, and comes back for what it missed; entries heard after that.
async fn stall(gateway: Arc<Gateway>, last: String) -> u64 {
    let mut socket = gateway.connect(Role::Observer, None).await;
    let mut heard_jseq = 0;
    while heard_jseq == 0 {
        if let Some(Outgoing::Event(numbered)) = hear(&mut socket).await {
            heard_jseq = numbered.jseq;
        }
    }
    // By then the journal is long enough to fill what the system holds for a socket.
    tokio::time::sleep(Duration::from_secs(STALL_AFTER_SECS)).await;
    // As often as one connection may have all of it again; when nothing more goes in, it has five seconds.
    for _ in 0..6 {
        for _ in 0..REREAD / ENTRIES_THEN {
            say(&mut socket, "again", Call::Resync { after_jseq: 0 }).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::time::sleep(Duration::from_secs(7)).await;
    let farewell = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(frame))) => break frame.map(|frame| u16::from(frame.code)),
                Some(Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    };
    let code = tokio::time::timeout(Duration::from_secs(20), farewell).await.expect("it was not closed");
    assert_eq!(code, Some(CLOSE_SLOW));
    let socket = gateway.connect(Role::Observer, Some(heard_jseq)).await;
    let heard = observe(socket, Sent::default(), last).await;
    assert_eq!(heard.gaps, 0);
    assert_eq!(heard.last_jseq, Some(heard_jseq + heard.entries), "it did not go on where it was");
    heard.entries
}

fn quantile(delays: &mut [Duration], share: f64) -> Duration {
    delays.sort_unstable();
    delays[((delays.len() - 1) as f64 * share) as usize]
}

#[test]
fn fifty_observers_miss_nothing() {
    let asked: Option<u64> = std::env::var("GRIDSCOUT_LOAD_SECS").ok().and_then(|text| text.parse().ok());
    let secs = asked.unwrap_or(3);
    let count = secs * COMMANDS_PER_SEC;
    let gateway = Arc::new(Gateway::start());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let sent = Sent::default();
        let last = cid(count - 1);
        let mut observers = Vec::new();
        for _ in 0..OBSERVERS {
            let socket = gateway.connect(Role::Observer, None).await;
            observers.push(tokio::spawn(observe(socket, sent.clone(), last.clone())));
        }
        let driver = tokio::spawn(drive(gateway.connect(Role::Driver, None).await, sent, count));
        let stalled = asked.map(|_| tokio::spawn(stall(gateway.clone(), last.clone())));
        let mut memory = vec![gateway.memory_kib()];
        for _ in 0..secs {
            tokio::time::sleep(Duration::from_secs(1)).await;
            memory.push(gateway.memory_kib());
        }
        let mut answers = driver.await.unwrap();
        let (mut entries, mut gaps, mut delays) = (0, 0, Vec::new());
        for observer in observers {
            let heard = observer.await.unwrap();
            entries += heard.entries;
            gaps += heard.gaps;
            delays.extend(heard.delays);
        }
        let warm = memory[memory.len().min(10) - 1];
        let (peak, end) = (memory.iter().max().unwrap(), memory.last().unwrap());
        let ms = |delay: Duration| delay.as_secs_f64() * 1e3;
        println!("{count} commands in {secs} s, {OBSERVERS} observers: {entries} entries heard, {gaps} gaps");
        let p99 = quantile(&mut delays, 0.99);
        println!("outcome at an observer: median {:.2} ms, p99 {:.2} ms", ms(quantile(&mut delays, 0.5)), ms(p99));
        println!(
            "answer at the driver: median {:.2} ms, p99 {:.2} ms",
            ms(quantile(&mut answers, 0.5)),
            ms(quantile(&mut answers, 0.99))
        );
        println!("memory of the gateway: {warm} KiB when warm, {peak} KiB at most, {end} KiB at the end");
        assert_eq!(gaps, 0);
        // Granted, leased, and two for each command.
        assert_eq!(entries, OBSERVERS as u64 * (2 * count + 2));
        if let Some(stalled) = stalled {
            let entries = stalled.await.unwrap();
            println!("a stalled reader was closed with {CLOSE_SLOW} and went on with {entries} entries without a gap");
            assert!(p99 < LIMIT_P99, "{p99:?}");
            assert!(*end < warm + warm / 2 + STALLED_KIB, "memory grows: {memory:?}");
        }
    });
}
