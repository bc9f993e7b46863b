//! The gateway's acceptor against the rules of WebSockets, judged by the Autobahn test suite; `cargo dev prove autobahn` installs
//! it. Its client passes the real doors: the listed Host and Origin and our protocol.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs)]
use gridscout::{bridge::wire::PROTOCOL, gateway};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, net::SocketAddr, path::Path, process::Command};
use tokio_tungstenite::tungstenite::{self, ClientRequestBuilder, Message};

/// Cases 8 do not exist; 12 and 13 are about compression, which is not offered.
const CASES: [&str; 9] = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*"];
/// What the suite calls right; `NON-STRICT` is right too late, `INFORMATIONAL` is judged by nobody.
const RIGHT: [&str; 3] = ["OK", "NON-STRICT", "INFORMATIONAL"];

/// Behaviour and close behaviour of each case.
type Verdicts = BTreeMap<String, (String, String)>;

fn echo() -> SocketAddr {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = runtime.block_on(async { gateway::listen("127.0.0.1:0".parse().unwrap()).unwrap() });
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || runtime.block_on(gateway::echo(listener)));
    address
}

fn verdicts(index: &str) -> Verdicts {
    let index: Value = serde_json::from_str(index).unwrap();
    let word = |case: &Value, name: &str| case[name].as_str().unwrap_or("none").to_owned();
    let cases = index["gateway"].as_object().expect("cases of the gateway");
    cases.iter().map(|(id, case)| (id.clone(), (word(case, "behavior"), word(case, "behaviorClose")))).collect()
}

fn wrong(verdicts: &Verdicts) -> Vec<&String> {
    let right = |word: &String| RIGHT.contains(&word.as_str());
    verdicts.iter().filter(|(_, (said, closed))| !right(said) || !right(closed)).map(|(id, _)| id).collect()
}

fn counts<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    counts.iter().map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_suite_finds_nothing_wrong() {
    let Some(python) = std::env::var_os("GRIDSCOUT_AUTOBAHN") else {
        return println!("not asked for: cargo dev prove autobahn");
    };
    let address = echo();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("autobahn");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let server = json!({
        "agent": "gateway", "url": format!("ws://{address}/ws"),
        "origin": format!("http://{address}"), "protocols": [PROTOCOL],
    });
    let spec = json!({
        "outdir": folder, "servers": [server], "cases": CASES, "exclude-cases": [], "exclude-agent-cases": {},
    });
    let path = folder.join("spec.json");
    fs::write(&path, spec.to_string()).unwrap();
    let wstest = ["-c", "from autobahntestsuite import wstest; wstest.run()", "-m", "fuzzingclient", "-s"];
    let output = Command::new(python).args(wstest).arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let verdicts = verdicts(&fs::read_to_string(folder.join("index.json")).unwrap());
    println!("{} cases: {}", verdicts.len(), counts(verdicts.values().map(|(said, _)| said)));
    println!("closed: {}", counts(verdicts.values().map(|(_, closed)| closed)));
    let wrong = wrong(&verdicts);
    assert!(wrong.is_empty(), "wrong: {wrong:?}; see {}", folder.display());
    assert!(verdicts.len() > 250, "only {} cases ran", verdicts.len());
}

#[test]
fn a_failed_case_and_a_failed_close_are_seen() {
    let index = r#"{"gateway": {
        "1.1.1": {"behavior": "OK", "behaviorClose": "OK"}, "1.1.2": {"behavior": "FAILED", "behaviorClose": "OK"},
        "1.1.3": {"behavior": "OK", "behaviorClose": "FAILED"}, "1.1.4": {"behavior": "OK", "behaviorClose": "UNCLEAN"},
        "1.1.5": {"behavior": "UNIMPLEMENTED", "behaviorClose": "OK"}, "1.1.6": {"behavior": "OK"},
        "6.4.1": {"behavior": "NON-STRICT", "behaviorClose": "OK"}
    }}"#;
    assert_eq!(wrong(&verdicts(index)), ["1.1.2", "1.1.3", "1.1.4", "1.1.5", "1.1.6"]);
}

/// The echo has the gateway's doors: the suite judges what a page meets.
#[test]
fn the_echo_is_behind_the_doors() {
    let address = echo();
    let dial = |origin: &str, protocol: &str| {
        let request = ClientRequestBuilder::new(format!("ws://{address}/ws").parse().unwrap())
            .with_sub_protocol(protocol)
            .with_header("Origin", origin);
        tungstenite::client(request, std::net::TcpStream::connect(address).unwrap()).ok()
    };
    let own = format!("http://{address}");
    assert!(dial("http://evil.example", PROTOCOL).is_none());
    assert!(dial(&own, "other").is_none());
    let (mut socket, _) = dial(&own, PROTOCOL).unwrap();
    let long = "x".repeat(1024 * 1024);
    socket.send(Message::text(long.clone())).unwrap();
    assert_eq!(socket.read().unwrap().to_text().unwrap(), long);
}
