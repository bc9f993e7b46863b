//! A gateway with a simulated instrument on a free port, for one test.
use crate::common;
use gridscout::{
    bridge::{
        client::{self, Client},
        server::Settings,
        wire::{Call, Hello, Incoming, Outgoing, PROTOCOL, Role},
    },
    campaign::{Campaign, Input, Output, World},
    gateway::{self, Setup, driver, journal::Journal, store::Store},
};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    sync::Mutex,
    time::{Duration, Instant},
};
use tokio_tungstenite::tungstenite::{self, ClientRequestBuilder, Message};

pub const BEARER: &str = "0123456789abcdef";

/// The code shown last by the gateway of each thread's name.
static CODES: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

pub struct Site {
    name: String,
    address: std::net::SocketAddr,
    folder: PathBuf,
}

impl Site {
    pub fn open(name: &str, origins: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("gridscout-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let config = common::config(&[]);
        let mut settings = Settings::new(config.elements.len());
        // The pace of a person's instrument would make tests slow.
        settings.limits.commands_per_sec = 10_000;
        let (_, microscope) = World::new(config).open().unwrap();
        let setup = Setup {
            settings,
            journal: Journal::open(&folder.join("journal.db")).unwrap(),
            driver: Box::new(driver::Simulated::new(microscope, 0.0)),
            store: Store::open(&folder.join("data")).unwrap(),
            about: serde_json::json!({ "gateway": true }),
            page: Some(folder.join("page")),
            origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
            tls: None,
            bearer: BEARER.into(),
            show_code: |code| {
                let name = std::thread::current().name().unwrap_or_default().to_owned();
                CODES.lock().unwrap().insert(name, code.into());
            },
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(async { gateway::listen("127.0.0.1:0".parse().unwrap()).unwrap() });
        let address = listener.local_addr().unwrap();
        let serve = move || runtime.block_on(gateway::serve(listener, setup));
        std::thread::Builder::new().name(name.into()).spawn(serve).unwrap();
        Self { name: name.into(), address, folder }
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn journal(&self) -> PathBuf {
        self.folder.join("journal.db")
    }

    /// Where the page would be.
    pub fn page(&self) -> PathBuf {
        self.folder.join("page")
    }

    pub fn code(&self) -> String {
        let began = Instant::now();
        loop {
            if let Some(code) = CODES.lock().unwrap().get(&self.name) {
                return code.clone();
            }
            assert!(began.elapsed() < Duration::from_secs(5), "no code was shown");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(8))).unwrap();
        stream
    }

    /// Status of the answer; 0 when there is none.
    pub fn status(&self, request: &[u8]) -> u16 {
        let mut stream = self.connect();
        let _ = stream.write_all(request);
        // Whoever waits for more hears that there is none.
        let mut head = [0; 12];
        let mut have = 0;
        while have < head.len() {
            match stream.read(&mut head[have..]) {
                Ok(n) if n > 0 => have += n,
                _ => return 0,
            }
        }
        String::from_utf8_lossy(&head[9..12]).parse().unwrap_or(0)
    }

    pub fn exchange(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    }

    /// A driver's connection, introduced.
    pub fn introduced(&self) -> tungstenite::WebSocket<TcpStream> {
        let mut socket = self.dial();
        let hello = Call::Hello(Hello {
            protocol: PROTOCOL.into(),
            secret: BEARER.into(),
            role: Role::Driver,
            last_jseq: None,
        });
        socket.send(Message::text(Incoming { id: "hello".into(), call: hello }.to_text())).unwrap();
        assert!(socket.read().unwrap().into_text().unwrap().contains("welcome"));
        socket
    }

    /// 99th percentile of `count` requests and their answers over an open connection, at the pace that one may have.
    pub fn latency(socket: &mut tungstenite::WebSocket<TcpStream>, count: usize) -> Duration {
        let beat = Incoming { id: "hb".into(), call: Call::Heartbeat { epoch: 0, n: 0, iteration: 0 } }.to_text();
        let mut times: Vec<Duration> = (0..count)
            .map(|_| {
                std::thread::sleep(Duration::from_millis(22));
                let began = Instant::now();
                socket.send(Message::text(beat.clone())).unwrap();
                socket.read().unwrap();
                began.elapsed()
            })
            .collect();
        times.sort_unstable();
        times[count * 99 / 100]
    }

    /// Drive a campaign to its end over a real socket; the digest of its record.
    pub fn drive(&self, settings: &[(&str, &str)]) -> String {
        let mut campaign = self.drive_until("run", &World::new(common::config(settings)), usize::MAX).unwrap();
        campaign.summary().digest
    }

    /// The same, under the name of a run; left without a word at the first command after so many entries, while it is on its way.
    pub fn drive_until(&self, run: &str, world: &World, entries: usize) -> Option<Campaign> {
        let (mut campaign, _) = world.clone().open().unwrap();
        let mut client = Client::new(run, BEARER, 1);
        let began = Instant::now();
        let now = || began.elapsed().as_millis() as u64;
        let mut socket = None;
        campaign.handle(Input::Start);
        while campaign.ended().is_none() {
            assert!(began.elapsed() < Duration::from_secs(60), "the campaign hangs");
            if let Output::Send(request) = campaign.poll() {
                client.handle(now(), client::Input::Ask(request));
            }
            match client.poll() {
                Some(client::Output::Connect) => {
                    socket = Some(self.dial());
                    client.handle(now(), client::Input::Opened);
                }
                Some(client::Output::Send(text)) => {
                    let leaves = campaign.entries().len() >= entries && text.contains("\"method\":\"cmd\"");
                    socket.as_mut().unwrap().send(Message::text(text)).unwrap();
                    if leaves {
                        return None;
                    }
                }
                Some(client::Output::Reply(reply)) => campaign.handle(Input::Reply(reply)),
                Some(client::Output::Heard(_)) => {}
                Some(other) => panic!("{other:?}"),
                None => match socket.as_mut().map(tungstenite::WebSocket::read) {
                    Some(Ok(Message::Text(text))) => client.handle(now(), client::Input::Frame(text.as_str().into())),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => panic!("{error}"),
                    None => client.handle(now(), client::Input::Tick(0)),
                },
            }
        }
        Some(campaign)
    }

    fn dial(&self) -> tungstenite::WebSocket<TcpStream> {
        let uri = format!("ws://{}/ws", self.address).parse().unwrap();
        let request = ClientRequestBuilder::new(uri)
            .with_sub_protocol(PROTOCOL)
            .with_header("Authorization", format!("Bearer {BEARER}"));
        tungstenite::client(request, self.connect()).unwrap().0
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub fn resync(socket: &mut tungstenite::WebSocket<TcpStream>, after_jseq: u64) {
    let text = Incoming { id: "again".into(), call: Call::Resync { after_jseq } }.to_text();
    socket.send(Message::text(text)).unwrap();
}

/// The place of the next journal entry that is sent; answers in between are passed over.
pub fn jseq(socket: &mut tungstenite::WebSocket<TcpStream>) -> Option<u64> {
    loop {
        match Outgoing::parse(socket.read().ok()?.to_text().ok()?) {
            Ok(Outgoing::Event(numbered)) => return Some(numbered.jseq),
            Ok(_) => {}
            Err(refusal) => panic!("{refusal}"),
        }
    }
}
