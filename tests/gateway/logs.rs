//! What the gateway writes down of everything that happens at its doors: who, when and why not, and never a secret.
use crate::{
    child::{Gateway, folder, gridscout},
    handshake::{self, Hostile, request},
};
use gridscout::bridge::wire::{Call, Hello, Incoming, PROTOCOL, Role};
use serde_json::{Value, json};
use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};
use tokio_tungstenite::tungstenite::{self, ClientRequestBuilder, Message};

const WRONG: &str = "0000000000000000wrong000000000000";

/// The beginning of the answer, or that there is none.
fn exchange(gateway: &Gateway, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(gateway.host()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let _ = stream.write_all(bytes);
    let mut heard = vec![0; 4096];
    let length = stream.read(&mut heard).unwrap_or(0);
    String::from_utf8_lossy(&heard[..length]).into_owned()
}

/// A native client that says these frames, and hears an answer to each.
fn talk(gateway: &Gateway, bearer: &str, frames: &[String]) -> Vec<String> {
    let mut socket = connected(gateway, bearer);
    let mut heard = Vec::new();
    for frame in frames {
        socket.send(Message::text(frame.clone())).unwrap();
        heard.push(socket.read().unwrap().to_string());
    }
    heard
}

fn connected(gateway: &Gateway, bearer: &str) -> tungstenite::WebSocket<TcpStream> {
    let request = ClientRequestBuilder::new(format!("ws://{}/ws", gateway.host()).parse().unwrap())
        .with_sub_protocol(PROTOCOL)
        .with_header("Authorization", format!("Bearer {bearer}"));
    tungstenite::client(request, TcpStream::connect(gateway.host()).unwrap()).unwrap().0
}

fn hello(secret: &str, role: Role) -> String {
    let hello = Hello { protocol: PROTOCOL.into(), secret: secret.into(), role, last_jseq: None };
    Incoming { id: "h".into(), call: Call::Hello(hello) }.to_text()
}

#[test]
fn no_secret_is_in_the_log_and_everything_else_is() {
    let folder = folder("logs");
    let mut gateway = Gateway::serve(&folder, &["--log-json"]);
    let bearer = fs::read_to_string(gateway.folder.join("bearer")).unwrap();
    let code = gateway.says("code").split_once(' ').unwrap().0.to_owned();
    for (_, bytes) in handshake::cases(gateway.host(), &bearer) {
        exchange(&gateway, &bytes);
    }
    let host = gateway.host().to_owned();
    for stray in [format!("Bearer {WRONG}"), format!("Basic {bearer}")] {
        exchange(&gateway, &request(&host, &Hostile::none().without("Origin").with("Authorization", &stray)));
    }
    let post = |code: &str, origin: &str| {
        let head = format!("POST /session HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: close\r\n");
        exchange(&gateway, format!("{head}Content-Length: {}\r\n\r\n{code}", code.len()).as_bytes())
    };
    let own = format!("http://{host}");
    post(&code, "http://evil.example");
    post(WRONG, &own);
    let opened = post(&code, &own);
    let session = opened.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(session.len(), 64, "{opened}");
    // A right secret, a wrong one, more than it allows, and secrets where none belongs.
    let stop = Incoming { id: "s".into(), call: Call::EmergencyStop {} }.to_text();
    assert!(talk(&gateway, &bearer, &[hello(&session, Role::Supervisor), stop])[0].contains("welcome"));
    talk(&gateway, &bearer, &[hello(WRONG, Role::Driver)]);
    talk(&gateway, &bearer, &[hello(&bearer, Role::Supervisor)]);
    let strays = [
        hello(&bearer, Role::Driver).replace("\"secret\"", &format!("\"{session}\"")),
        json!({ "jsonrpc": "2.0", "id": "x", "method": session, "params": {} }).to_string(),
        json!({ "jsonrpc": session, "id": "x", "method": "hello", "params": {} }).to_string(),
        session.clone(),
    ];
    for answer in talk(&gateway, &bearer, &strays) {
        assert!(answer.contains("E_"), "{answer}");
    }
    let next = gateway.says("code").split_once(' ').unwrap().0.to_owned();
    let log = gateway.end();
    for secret in [&*bearer, &code, &next, &session, WRONG, "Bearer", "Authorization", "authorization"] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"))).collect();
    let has = |level: &str, fields: Value| {
        let fits = |line: &&Value| {
            line["level"] == level
                && fields.as_object().unwrap().iter().all(|(name, value)| line["fields"][name] == *value)
        };
        let found = lines.iter().find(fits);
        found.unwrap_or_else(|| panic!("no {level} {fields} in the log:\n{log}")).clone()
    };
    has("WARN", json!({ "message": "host refused", "status": 421 }));
    has("WARN", json!({ "message": "handshake refused", "status": 403 }));
    has("WARN", json!({ "message": "handshake refused", "status": 400 }));
    has("WARN", json!({ "message": "code refused: origin", "status": 403 }));
    has("WARN", json!({ "message": "code refused: wrong" }));
    has("INFO", json!({ "message": "a code opened a session" }));
    let peer = has("INFO", json!({ "message": "introduced", "role": "Supervisor" }))["fields"]["peer"].clone();
    let connected = has("INFO", json!({ "message": "connected", "peer": peer }));
    assert!(connected["fields"]["remote"].as_str().unwrap().starts_with("127.0.0.1:"), "{connected}");
    for code in ["E_AUTH", "E_ROLE", "E_FRAME", "E_JSON"] {
        has("WARN", json!({ "message": "refused", "code": code }));
    }
    has("INFO", json!({ "message": "closed", "code": 4401 }));
    has("ERROR", json!({ "message": "ALARM", "why": "emergency stop" }));
    has("INFO", json!({ "message": "gone", "peer": peer }));
    let _ = fs::remove_dir_all(&folder);
}

/// `serve 2>&1 | tee log`, and the terminal is closed.
#[test]
fn a_log_that_nobody_reads_stops_nothing() {
    let folder = folder("unread-log");
    let mut gateway = Gateway::serve(&folder, &[]);
    let bearer = fs::read_to_string(gateway.folder.join("bearer")).unwrap();
    gateway.close_log();
    let frame = |id: &str, call: Call| Incoming { id: id.into(), call }.to_text();
    let unknown = |id: &str| frame(id, Call::Fetch { hash: "0".repeat(64) });
    let told = talk(&gateway, &bearer, &[hello(&bearer, Role::Driver)]);
    assert!(told[0].contains("state"), "{told:?}");
    // Refusals are logged, and so is the stop. Frames that nobody asked for come in between.
    let mut socket = connected(&gateway, &bearer);
    for (id, text) in [
        ("h", hello(&bearer, Role::Driver)),
        ("a", unknown("a")),
        ("b", unknown("b")),
        ("stop", frame("stop", Call::EmergencyStop {})),
    ] {
        socket.send(Message::text(text)).unwrap();
        let mut heard = String::new();
        while !heard.contains(&format!("\"id\":\"{id}\"")) {
            heard = socket.read().unwrap().to_string();
        }
        assert_eq!(heard.contains("error"), ["a", "b"].contains(&id), "{heard}");
    }
    drop(socket);
    // And it is as alive as before.
    assert!(talk(&gateway, &bearer, &[hello(&bearer, Role::Driver)])[0].contains("estop"));
}

#[test]
fn one_experiment_has_one_gateway() {
    let folder = folder("alone");
    let gateway = Gateway::serve(&folder, &[]);
    let path = gateway.folder.to_str().unwrap();
    let second = gridscout(&["serve", "--driver", "simulated", "--port", "0", "--page", "none", "--dir", path]);
    assert_eq!(second.status.code(), Some(2));
    let text = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(text.contains("--dir is") && text.contains("no other gateway"), "{text}");
    // A killed one leaves nothing behind that would keep the next from its place.
    let log = gateway.end();
    assert!(!log.contains("panicked"), "{log}");
    Gateway::serve(&folder, &[]);
}
