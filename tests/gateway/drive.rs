//! `gridscout drive` at a gateway that is none, and at one that it must not talk to.
use crate::child::{folder, gridscout};
use std::{
    fs,
    net::TcpListener,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

#[test]
fn a_listener_that_says_nothing_is_given_up_and_dialled_again() {
    let folder = folder("silent");
    fs::create_dir_all(&folder).unwrap();
    let secret = folder.join("bearer");
    fs::write(&secret, "s").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/ws", listener.local_addr().unwrap());
    let (heard, calls) = mpsc::channel();
    // What is accepted is kept open.
    thread::spawn(move || listener.incoming().for_each(|call| drop(heard.send(call))));
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridscout"));
    command.args(["drive", "--url", &url, "--secret-file"]).arg(&secret).stdout(Stdio::null()).stderr(Stdio::null());
    let mut planner = command.spawn().unwrap();
    let first = calls.recv_timeout(Duration::from_secs(20));
    let second = calls.recv_timeout(Duration::from_secs(20));
    let _ = planner.kill();
    let _ = planner.wait();
    let _ = fs::remove_dir_all(&folder);
    assert!(first.is_ok() && second.is_ok(), "it never came again");
}

#[test]
fn a_secret_does_not_leave_this_machine_in_clear() {
    let folder = folder("clear");
    fs::create_dir_all(&folder).unwrap();
    let secret = folder.join("bearer");
    fs::write(&secret, "s").unwrap();
    let drive = |url: &str| {
        let output = gridscout(&["drive", "--url", url, "--secret-file", secret.to_str().unwrap()]);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for url in ["ws://192.0.2.1:8421/ws", "ws://gateway.example:8421/ws", "ws://localhost.example:1/ws"] {
        let (code, said) = drive(url);
        assert!(code == Some(2) && said.contains("in clear"), "{url}: {said}");
    }
    let _ = fs::remove_dir_all(&folder);
}
