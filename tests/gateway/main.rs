//! The gateway as strangers and drivers meet it: over real sockets, with a real journal on the disk.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs, clippy::disallowed_methods)]
mod child;
#[path = "../common/mod.rs"]
mod common;
mod drive;
mod frames;
mod handshake;
mod logs;
mod runs;
mod site;
mod stalled;
mod tls;

use gridscout::{bridge::journal::Entry, campaign::simulate, gateway::journal::Journal};
use handshake::{Hostile, request};
use site::Site;
use std::{io::Read, io::Write, time::Duration, time::Instant};
use tokio_tungstenite::tungstenite::Message;

#[test]
fn no_hostile_handshake_is_upgraded() {
    let site = Site::open("hostile", &[]);
    assert_eq!(site.status(&request(&site.host(), &Hostile::none())), 101, "the control does not open");
    let cases = handshake::cases(&site.host(), site::BEARER);
    assert!(cases.len() >= 60, "{} cases", cases.len());
    for (name, bytes) in &cases {
        assert_ne!(site.status(bytes), 101, "{name}");
    }
    assert_eq!(
        site.status(&request(&site.host(), &Hostile::none())),
        101,
        "the gateway is gone after {} cases",
        cases.len()
    );
    println!("{} hostile handshakes: none got 101", cases.len());
}

/// The same requests open as soon as the list that stops them names them: it is this check that stops them.
#[test]
fn each_list_is_what_stops_its_strangers() {
    let strangers =
        ["http://evil.example", "http://127.0.0.1:1", "https://evil.example:8443", "http://rebound.example:80"];
    let closed = Site::open("lists-closed", &[]);
    let open = Site::open("lists-open", &strangers);
    for stranger in strangers {
        let origin = Hostile::none().with("Origin", stranger);
        assert_eq!(closed.status(&request(&closed.host(), &origin)), 403, "{stranger}");
        assert_eq!(open.status(&request(&open.host(), &origin)), 101, "{stranger}");
        let host = Hostile::none().with("Host", stranger.split_once("://").unwrap().1);
        assert_eq!(closed.status(&request(&closed.host(), &host)), 421, "{stranger}");
        assert_eq!(open.status(&request(&open.host(), &host)), 101, "{stranger}");
    }
    let bearer = |secret: &str| Hostile::none().without("Origin").with("Authorization", &format!("Bearer {secret}"));
    assert_eq!(closed.status(&request(&closed.host(), &bearer("wrong"))), 403);
    assert_eq!(closed.status(&request(&closed.host(), &bearer(site::BEARER))), 101);
}

#[test]
fn a_code_opens_one_session_and_guesses_are_few() {
    let site = Site::open("code", &[]);
    let post = |code: &str, origin: &str| {
        let length = code.len();
        let head = format!("POST /session HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\n", site.host());
        site.exchange(format!("{head}Content-Length: {length}\r\nConnection: close\r\n\r\n{code}").as_bytes())
    };
    let own = format!("http://{}", site.host());
    let code = site.code();
    assert!(post(&code, "http://evil.example").starts_with("HTTP/1.1 403"));
    let reply = post(&code, &own);
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    assert_eq!(reply.split("\r\n\r\n").nth(1).unwrap().len(), 64);
    for _ in 0..5 {
        assert!(post(&code, &own).starts_with("HTTP/1.1 401"), "a code was good twice");
    }
    assert!(post(&site.code(), &own).starts_with("HTTP/1.1 429"), "the sixth guess in a minute was looked at");
}

#[test]
fn a_campaign_over_the_wire_has_the_record_of_the_simulator() {
    let settings = [("stop.iterations", "12")];
    let site = Site::open("campaign", &[]);
    let mut inside = simulate(common::config(&settings)).unwrap();
    let outside = site.drive(&settings);
    assert_eq!(outside, inside.summary().digest);
    // Asked again, everything is answered from the journal: nothing is exposed twice.
    let intents = |entries: &[gridscout::bridge::journal::Numbered]| {
        entries.iter().filter(|numbered| matches!(numbered.entry, Entry::Intent { .. })).count()
    };
    let before = intents(&Journal::read_only(&site.journal()).unwrap());
    assert_eq!(site.drive(&settings), outside);
    assert_eq!(intents(&Journal::read_only(&site.journal()).unwrap()), before);
    assert!(before > 12);
}

#[test]
fn a_changed_journal_is_refused() {
    let site = Site::open("changed", &[]);
    site.drive(&[("stop.iterations", "3")]);
    let copy = site.journal().with_extension("copy.db");
    for change in [
        "UPDATE entry SET text = replace(text, '\"took_secs\":', '\"took_secs\":1') WHERE text LIKE '%took_secs%'",
        "DELETE FROM entry WHERE jseq = 5",
        "UPDATE entry SET jseq = 9999 WHERE jseq = (SELECT max(jseq) FROM entry)",
        "PRAGMA application_id = 7",
    ] {
        let _ = std::fs::remove_file(&copy);
        let source = rusqlite::Connection::open(site.journal()).unwrap();
        source.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        assert!(Journal::read_only(&copy).is_ok());
        rusqlite::Connection::open(&copy).unwrap().execute_batch(change).unwrap();
        let refused = Journal::read_only(&copy).unwrap_err();
        println!("{refused}");
        assert!(Journal::open(&copy).is_err(), "{change}");
    }
}

#[test]
fn a_reader_that_stalls_is_closed_and_misses_nothing_when_it_resumes() {
    let site = Site::open("slow", &[]);
    site.drive(&[("stop.iterations", "40")]);
    let entries = Journal::read_only(&site.journal()).unwrap().len();
    let mut stalled = site.introduced();
    // The whole journal again and again, and nothing of it read.
    for _ in 0..150 {
        site::resync(&mut stalled, 0);
    }
    std::thread::sleep(Duration::from_secs(9));
    let code = loop {
        match stalled.read() {
            Ok(Message::Close(frame)) => break frame.map(|frame| u16::from(frame.code)),
            Ok(_) => {}
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!(code, Some(4008));
    let mut resumed = site.introduced();
    site::resync(&mut resumed, 0);
    let jseqs: Vec<u64> = std::iter::from_fn(|| site::jseq(&mut resumed)).take(entries).collect();
    assert_eq!(jseqs, (1..=entries as u64).collect::<Vec<_>>());
}

/// `GRIDSCOUT_DRIBBLERS` asks for more (the design says 1,000) and has the times judged: the ordinary tests run on machines that
/// are busy with something else.
#[test]
fn headers_that_never_end_are_given_up() {
    let asked: Option<usize> = std::env::var("GRIDSCOUT_DRIBBLERS").ok().and_then(|text| text.parse().ok());
    let count = asked.unwrap_or(50);
    let site = Site::open("dribble", &[]);
    let mut driver = site.introduced();
    let quiet = Site::latency(&mut driver, 100);
    let began = Instant::now();
    let mut streams: Vec<_> = (0..count).map(|_| site.connect()).collect();
    for stream in &mut streams {
        stream.write_all(b"GET /ws HTTP/1.1\r\nHost: 127").unwrap();
    }
    let busy = Site::latency(&mut driver, 100);
    for stream in &mut streams {
        stream.set_read_timeout(Some(Duration::from_secs(7))).unwrap();
        let mut rest = Vec::new();
        // Closed with or without an answer; a reset counts as closed.
        match stream.read_to_end(&mut rest) {
            Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => panic!("still open after {:?}", began.elapsed()),
            _ => {}
        }
    }
    let closed = began.elapsed();
    println!(
        "{count} dribbled headers: all closed after {closed:.1?}; a driver's p99 {quiet:.1?} before, {busy:.1?} during"
    );
    if asked.is_none() {
        return;
    }
    assert!(closed < Duration::from_secs(6), "{closed:?}");
    // Half a millisecond is the noise of a shared machine.
    assert!(busy <= 2 * quiet + Duration::from_micros(500), "{busy:?} against {quiet:?}");
}
