//! Strangers who ask and then stall: each has a place that others need, and does not keep it.
use crate::site::Site;
use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

/// More than the kernel holds for one connection, bytes.
const LONG: usize = 32 * 1024 * 1024;

#[test]
fn a_code_that_never_comes_is_given_up() {
    let site = Site::open("stalled-code", &[]);
    let mut stream = site.connect();
    let head = format!("POST /session HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n", site.host());
    stream.write_all(format!("{head}Content-Length: 8\r\n\r\nabc").as_bytes()).unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).expect("still open");
    assert!(heard.starts_with("HTTP/1.1 408"), "{heard}");
}

/// Half a minute, so only with `GRIDSCOUT_DRIBBLERS`.
#[test]
fn an_answer_that_nobody_takes_is_given_up() {
    if std::env::var_os("GRIDSCOUT_DRIBBLERS").is_none() {
        return println!("not asked for: cargo dev prove dribble");
    }
    let site = Site::open("stalled-answer", &[]);
    fs::create_dir(site.page()).unwrap();
    fs::write(site.page().join("long.bin"), vec![0; LONG]).unwrap();
    let asked = || {
        let mut stream = site.connect();
        write!(stream, "GET /long.bin HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", site.host()).unwrap();
        stream
    };
    let heard = |mut stream: TcpStream| {
        let mut heard = Vec::new();
        let end = stream.read_to_end(&mut heard);
        assert!(!end.is_err_and(|error| error.kind() == ErrorKind::WouldBlock), "still open");
        heard.len()
    };
    assert!(heard(asked()) > LONG, "the control is cut off");
    // Longer than a WebSocket would live if it were cut off like the rest.
    let (stalled, mut driver) = (asked(), site.introduced());
    for _ in 0..35 {
        thread::sleep(Duration::from_secs(1));
        Site::latency(&mut driver, 1);
    }
    let length = heard(stalled);
    println!("an answer that nobody takes: given up after {length} of {LONG} bytes; a WebSocket beside it stays");
    assert!(length < LONG);
}
