//! `gridscout serve` as a process of its own, and connections to it.
use gridscout::bridge::wire::{Call, Hello, Incoming, Outgoing, PROTOCOL, Role};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio_tungstenite::tungstenite::{self, ClientRequestBuilder, Message};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_gridscout");

pub type Socket = tungstenite::WebSocket<TcpStream>;

/// A gateway that listens.
pub struct Served {
    pub child: Child,
    pub address: SocketAddr,
    folder: PathBuf,
    /// The one-time code that is valid now.
    code: Arc<Mutex<String>>,
}

/// `gridscout serve` over this folder on a free port, as arguments.
pub fn arguments(folder: &Path, options: &[&str]) -> Vec<String> {
    let fixed = ["serve", "--driver", "simulated", "--port", "0", "--page", "none", "--dir"];
    let folder = folder.to_str().unwrap();
    fixed.iter().chain(&[folder]).chain(options).map(|text| (*text).to_owned()).collect()
}

impl Served {
    pub fn start(folder: &Path, options: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        Self::spawn(command.args(arguments(folder, options)), folder).unwrap_or_else(|log| panic!("{log}"))
    }

    /// Started by this command; its log goes beside the folder.
    ///
    /// # Errors
    /// It ended before it listened: its status and its log.
    pub fn spawn(command: &mut Command, folder: &Path) -> Result<Self, String> {
        let log = log_of(folder);
        let mut child = command.stdout(Stdio::piped()).stderr(File::create(&log).unwrap()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let said = |line: String, name: &str| {
            line.strip_prefix(name).and_then(|rest| rest.split_whitespace().next().map(str::to_owned))
        };
        let address = lines.by_ref().find_map(|line| said(line, "gateway"));
        let code = lines.by_ref().find_map(|line| said(line, "code"));
        let (Some(address), Some(code)) = (address, code) else {
            let status = child.wait().unwrap();
            return Err(format!("{status}: {}", std::fs::read_to_string(log).unwrap()));
        };
        let address = address.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        let code = Arc::new(Mutex::new(code));
        let newest = code.clone();
        std::thread::spawn(move || {
            lines.filter_map(|line| said(line, "code")).for_each(|code| *newest.lock().unwrap() = code);
        });
        Ok(Self { child, address, folder: folder.to_owned(), code })
    }

    pub fn bearer(&self) -> String {
        std::fs::read_to_string(self.folder.join("bearer")).unwrap().trim().to_owned()
    }

    /// A connection that passed the handshake and has said nothing.
    pub fn dial(&self) -> tungstenite::Result<Socket> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.set_nodelay(true)?;
        let request = ClientRequestBuilder::new(format!("ws://{}/ws", self.address).parse()?)
            .with_sub_protocol(PROTOCOL)
            .with_header("Authorization", format!("Bearer {}", self.bearer()));
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(socket),
            Err(error) => Err(io::Error::other(error.to_string()).into()),
        }
    }

    /// A connection of this role that has said hello; the answer is not read yet.
    pub fn greet(&self, role: Role, last_jseq: Option<u64>) -> tungstenite::Result<Socket> {
        let secret = if role == Role::Supervisor { self.open_session() } else { self.bearer() };
        let mut socket = self.dial()?;
        call(&mut socket, "hello", Call::Hello(Hello { protocol: PROTOCOL.into(), secret, role, last_jseq }))?;
        Ok(socket)
    }

    /// The secret of a supervisor, for the code on the console.
    fn open_session(&self) -> String {
        let code = self.code.lock().unwrap().clone();
        let host = self.address;
        let mut stream = TcpStream::connect(host).unwrap();
        let head = format!("POST /session HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n");
        let rest = format!("Content-Length: {}\r\nConnection: close\r\n\r\n{code}", code.len());
        stream.write_all(format!("{head}{rest}").as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
        reply.split("\r\n\r\n").nth(1).unwrap().to_owned()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(log_of(&self.folder)).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn log_of(folder: &Path) -> PathBuf {
    folder.with_extension("log")
}

pub fn call(socket: &mut Socket, id: &str, call: Call) -> tungstenite::Result<()> {
    socket.send(Message::text(Incoming { id: id.into(), call }.to_text()))
}

/// The next frame.
pub fn hear(socket: &mut Socket) -> tungstenite::Result<Outgoing> {
    loop {
        match socket.read()? {
            Message::Text(text) => return Ok(Outgoing::parse(text.as_str()).unwrap()),
            Message::Close(_) => return Err(tungstenite::Error::ConnectionClosed),
            _ => {}
        }
    }
}
