//! The real gateway, killed while it works and started again: the campaign goes on, nothing is exposed twice, and the record is
//! that of the simulator.
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_gridscout");
const SETTINGS: [&str; 2] = ["--set", "stop.iterations=40"];
const KILLS: u64 = 4;
const PATIENCE: Duration = Duration::from_secs(60);

/// A gateway over the folder, and the port it listens on; 0 asks for any.
fn gateway(folder: &Path, port: u16) -> (Child, u16) {
    let mut child = Command::new(PROGRAM)
        .args([
            "serve",
            "--driver",
            "simulated",
            "--time-scale",
            "0.004",
            "--port",
            &port.to_string(),
            "--page",
            "none",
        ])
        .arg("--dir")
        .arg(folder)
        .args(SETTINGS)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port =
        line.trim().trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap_or_else(|_| panic!("{line}"));
    (child, port)
}

fn digest(command: &mut Command) -> String {
    let output = command.args(SETTINGS).arg("--json").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    value["digest"].as_str().unwrap().to_owned()
}

#[test]
fn a_killed_gateway_goes_on_where_it_was() {
    let folder = std::env::temp_dir().join(format!("gridscout-crash-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let (mut child, port) = gateway(&folder, 0);
    let mut drive = Command::new(PROGRAM)
        .args(["drive", "--json", "--url", &format!("ws://127.0.0.1:{port}/ws"), "--secret-file"])
        .arg(folder.join("bearer"))
        .args(SETTINGS)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for kill in 0..KILLS {
        thread::sleep(Duration::from_millis(600 + 37 * kill));
        child.kill().unwrap();
        child.wait().unwrap();
        child = gateway(&folder, port).0;
    }
    let began = Instant::now();
    while drive.try_wait().unwrap().is_none() && began.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(500));
        let export = Command::new(PROGRAM).args(["journal", "export"]).arg(folder.join("journal.db")).output().unwrap();
        if String::from_utf8_lossy(&export.stdout).contains("\"entry\":\"in_doubt\"") {
            // Time to go on in spite of the doubt, if it would.
            thread::sleep(Duration::from_secs(2));
            break;
        }
    }
    let _ = drive.kill();
    let driven = drive.wait_with_output().unwrap().stdout;
    child.kill().unwrap();
    child.wait().unwrap();
    let verify = Command::new(PROGRAM).args(["journal", "verify"]).arg(folder.join("journal.db")).output().unwrap();
    let verified = String::from_utf8(verify.stdout).unwrap();
    println!("{KILLS} kills; {verified}");
    assert!(verified.starts_with("verified: "), "{}", String::from_utf8_lossy(&verify.stderr));
    let mut exposures: BTreeMap<String, u32> = BTreeMap::new();
    for line in fs::read_to_string(folder.join("instrument.jsonl")).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        *exposures.entry(line["cid"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let twice: Vec<_> = exposures.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "exposed twice: {twice:?}");
    let doubt = verified.lines().last().unwrap().strip_prefix("in doubt: ").unwrap();
    if doubt == "none" {
        let driven: serde_json::Value = serde_json::from_slice(&driven).expect("the campaign ended");
        assert_eq!(driven["digest"], digest(Command::new(PROGRAM).arg("simulate")));
    } else {
        // A kill between the intent and the instrument: one command, named, not done, and nothing goes on without a decision.
        assert!(!doubt.contains(',') && !exposures.contains_key(doubt), "in doubt: {doubt}");
        assert!(driven.is_empty(), "the campaign ended with a command in doubt");
    }
    let _ = fs::remove_dir_all(&folder);
}
