//! A real gateway over a real instrument's program, and one who drives it over the WebSocket.
use gridscout::{
    bridge::{
        journal::Done,
        wire::{Answer, Call, Hello, Incoming, Outgoing, PROTOCOL, Role, Submit},
    },
    microscope::Command,
};
use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{self, Child, Stdio},
    time::{Duration, Instant},
};
use tokio_tungstenite::tungstenite::{ClientRequestBuilder, Message, WebSocket, client};

const PROGRAM: &str = env!("CARGO_BIN_EXE_gridscout");

/// A program that is ended with the test.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub struct Gateway {
    _process: Running,
    pub folder: PathBuf,
    port: u16,
}

impl Gateway {
    /// `gridscout serve` with these arguments, over a folder of its own.
    pub fn open(name: &str, arguments: &[&str]) -> Self {
        let folder = std::env::temp_dir().join(format!("gridscout-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        let mut command = process::Command::new(PROGRAM);
        command.args(["serve", "--port", "0", "--page", "none", "--dir"]).arg(&folder).args(arguments);
        // Its log, for when it does not start.
        let log = folder.with_extension("log");
        command.stderr(fs::File::create(&log).unwrap()).stdout(Stdio::piped());
        let mut process = Running(command.spawn().unwrap());
        let mut line = String::new();
        BufReader::new(process.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().trim_end_matches('/').rsplit(':').next().and_then(|text| text.parse().ok());
        Self { _process: process, folder, port: port.unwrap_or_else(|| panic!("{}", fs::read_to_string(log).unwrap())) }
    }

    #[allow(dead_code, reason = "each file of tests is a crate, and not all of them need it")]
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}/ws", self.port)
    }

    /// What `gridscout journal verify` says.
    pub fn verified(&self) -> String {
        let output = gridscout(&["journal", "verify", self.folder.join("journal.db").to_str().unwrap()]);
        assert!(output.starts_with("verified: ") && output.contains("in doubt: none"), "{output}");
        output.trim().replace('\n', ", ")
    }

    pub fn driver(&self) -> Driver {
        let secret = fs::read_to_string(self.folder.join("bearer")).unwrap();
        let request = ClientRequestBuilder::new(self.url().parse().unwrap())
            .with_sub_protocol(PROTOCOL)
            .with_header("Authorization", format!("Bearer {secret}"));
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        let mut driver =
            Driver { socket: client(request, stream).unwrap().0, epoch: 0, count: 0, beat: Instant::now() };
        let hello = Hello { protocol: PROTOCOL.into(), secret, role: Role::Driver, last_jseq: None };
        driver.ask(Call::Hello(hello));
        let Answer::Granted { epoch, .. } = driver.ask(Call::Acquire {}) else { panic!("no lease") };
        driver.epoch = epoch;
        driver
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_file(self.folder.with_extension("log"));
    }
}

/// Holds the lease and gives commands.
pub struct Driver {
    socket: WebSocket<TcpStream>,
    epoch: u64,
    count: u64,
    /// Last sign of life.
    beat: Instant,
}

impl Driver {
    pub fn perform(&mut self, op: Command) -> Done {
        let cid = format!("proof-{}", self.count);
        match self.ask(Call::Submit(Submit { cid, epoch: self.epoch, op, deadline_ms: 1000 })) {
            Answer::Done(done) => done,
            other => panic!("{other:?}"),
        }
    }

    fn ask(&mut self, call: Call) -> Answer {
        self.count += 1;
        let asked = format!("ask-{}", self.count);
        self.send(&asked, call);
        loop {
            if self.beat.elapsed() > Duration::from_secs(1) && self.epoch > 0 {
                self.beat = Instant::now();
                self.send("hb", Call::Heartbeat { epoch: self.epoch, n: self.count, iteration: 0 });
            }
            // Nothing within a second is no answer yet.
            let Ok(Message::Text(text)) = self.socket.read() else { continue };
            match Outgoing::parse(&text).unwrap() {
                Outgoing::Answer { id, result } if id.as_ref() == Some(&asked) => return result.unwrap(),
                _ => {}
            }
        }
    }

    fn send(&mut self, id: &str, call: Call) {
        self.socket.send(Message::text(Incoming { id: id.into(), call }.to_text())).unwrap();
    }
}

/// The output of the command line program, which must succeed.
pub fn gridscout(arguments: &[&str]) -> String {
    let output = process::Command::new(PROGRAM).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The Python that `cargo dev prove` made.
#[allow(dead_code, reason = "each file of tests is a crate, and not all of them need it")]
pub fn python() -> PathBuf {
    let python = std::env::var_os("GRIDSCOUT_PYTHON").expect("run it with `cargo dev prove`");
    Path::new(&python).to_owned()
}
