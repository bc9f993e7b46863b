//! Single frames, right and wrong, as bytes on the gateway's own socket.
use crate::{
    handshake::{Hostile, request},
    site::{BEARER, Site},
};
use gridscout::bridge::{
    strict::MAX_FRAME_BYTES,
    wire::{Call, Hello, Incoming, PROTOCOL, Role},
};
use std::{
    io::{Read, Write},
    net::TcpStream,
};

const FIN: u8 = 0x80;
const CONTINUED: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;
const MASK: [u8; 4] = [0xa5, 0x5a, 0x3c, 0xc3];

/// First byte, length, mask, payload.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = head(first, payload.len() as u64);
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// First byte and length; the mask is promised and does not follow.
fn head(first: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first];
    match length {
        0..126 => bytes.push(0x80 | length as u8),
        126..0x1_0000 => {
            bytes.push(0x80 | 126);
            bytes.extend((length as u16).to_be_bytes());
        }
        _ => {
            bytes.push(0x80 | 127);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes
}

/// A WebSocket without a library, past the handshake.
fn open(site: &Site) -> TcpStream {
    let mut stream = site.connect();
    stream.write_all(&request(&site.host(), &Hostile::none())).unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    stream
}

/// First byte and payload of the next frame; none when the connection is closed instead.
fn next(stream: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).ok().filter(|()| head[1] < 127)?;
    let mut length = u16::from(head[1]).to_be_bytes();
    if head[1] == 126 {
        stream.read_exact(&mut length).ok()?;
    }
    let mut payload = vec![0; u16::from_be_bytes(length).into()];
    stream.read_exact(&mut payload).ok()?;
    Some((head[0], payload))
}

/// The code that what was sent is closed with; that it is closed at all is waited for.
fn closed(stream: &mut TcpStream) -> Option<u16> {
    let mut code = None;
    while let Some((first, payload)) = next(stream) {
        if first == FIN | CLOSE {
            code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
            let _ = stream.shutdown(std::net::Shutdown::Write);
        }
    }
    let mut rest = Vec::new();
    let end = stream.read_to_end(&mut rest);
    assert!(!end.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock), "still open");
    code
}

fn hello() -> Vec<u8> {
    let hello = Hello { protocol: PROTOCOL.into(), secret: BEARER.into(), role: Role::Observer, last_jseq: None };
    Incoming { id: "hello".into(), call: Call::Hello(hello) }.to_text().into_bytes()
}

#[test]
fn what_is_no_frame_is_closed_with_its_code() {
    let site = Site::open("frames", &[]);
    let unmasked = |payload: &[u8]| [&[FIN | TEXT, payload.len() as u8][..], payload].concat();
    let cases = [
        ("unmasked", unmasked(b"{}"), 1002),
        ("reserved bit 1", frame(FIN | 0x40 | TEXT, b"{}"), 1002),
        ("reserved bit 2", frame(FIN | 0x20 | TEXT, b"{}"), 1002),
        ("reserved bit 3", frame(FIN | 0x10 | TEXT, b"{}"), 1002),
        ("reserved data opcode", frame(FIN | 3, b"{}"), 1002),
        ("reserved control opcode", frame(FIN | 11, b""), 1002),
        ("continuation of nothing", frame(FIN | CONTINUED, b"{}"), 1002),
        ("text inside text", [frame(TEXT, b"{"), frame(FIN | TEXT, b"}")].concat(), 1002),
        ("fragmented ping", frame(PING, b""), 1002),
        ("long ping", frame(FIN | PING, &[0; 126]), 1002),
        ("invalid UTF-8", frame(FIN | TEXT, b"\xff{}"), 1007),
        ("UTF-8 cut by the end", frame(FIN | TEXT, b"\xe2\x82"), 1007),
        ("surrogate", frame(FIN | TEXT, b"\xed\xa0\x80"), 1007),
        ("binary", frame(FIN | BINARY, b"{}"), 1003),
        // Refused by what it promises, before any of it is read.
        ("a length too long", [head(FIN | TEXT, MAX_FRAME_BYTES as u64 + 1), MASK.to_vec()].concat(), 1009),
        ("the largest length", [head(FIN | TEXT, u64::MAX >> 1), MASK.to_vec()].concat(), 1009),
    ];
    for (name, bytes, code) in cases {
        let mut stream = open(&site);
        stream.write_all(&bytes).unwrap();
        assert_eq!(closed(&mut stream), Some(code), "{name}");
    }
    // Longer than allowed, in one frame and in fragments: what is still on its way may overtake the reason.
    let half = vec![b' '; MAX_FRAME_BYTES / 2 + 1];
    let fragments = [frame(TEXT, &half), frame(FIN | CONTINUED, &half)].concat();
    for bytes in [frame(FIN | TEXT, &vec![b' '; MAX_FRAME_BYTES + 1]), fragments] {
        let mut stream = open(&site);
        let _ = stream.write_all(&bytes);
        let code = closed(&mut stream);
        assert!(matches!(code, Some(1009) | None), "{code:?}");
    }
}

#[test]
fn right_frames_are_understood_however_they_are_cut() {
    let site = Site::open("fragments", &[]);
    let hello = hello();
    let mut stream = open(&site);
    // A ping between two fragments is answered at once, with what it carried.
    stream.write_all(&frame(TEXT, &hello[..7])).unwrap();
    stream.write_all(&frame(FIN | PING, b"here?")).unwrap();
    assert_eq!(next(&mut stream), Some((FIN | PONG, b"here?".to_vec())));
    for byte in &hello[7..] {
        stream.write_all(&frame(CONTINUED, &[*byte])).unwrap();
    }
    stream.write_all(&frame(FIN | CONTINUED, b"")).unwrap();
    let (first, payload) = next(&mut stream).unwrap();
    assert!(first == FIN | TEXT && String::from_utf8_lossy(&payload).contains("welcome"));
    // The longest message that is read.
    let mut longest = hello.clone();
    longest.resize(MAX_FRAME_BYTES, b' ');
    let mut stream = open(&site);
    stream.write_all(&frame(FIN | TEXT, &longest)).unwrap();
    assert!(String::from_utf8_lossy(&next(&mut stream).unwrap().1).contains("welcome"));
    // A close is answered with its own code.
    let mut stream = open(&site);
    stream.write_all(&frame(FIN | CLOSE, &1001_u16.to_be_bytes())).unwrap();
    assert_eq!(closed(&mut stream), Some(1001));
}
