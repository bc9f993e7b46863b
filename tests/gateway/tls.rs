//! The gateway over TLS, and that it is nowhere without.
use crate::{
    child::{Gateway, folder, gridscout},
    common,
};
use gridscout::campaign::simulate;
use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

const SETTINGS: [&str; 2] = ["--set", "stop.iterations=5"];

fn drive(gateway: &Gateway, ca: &str) -> std::process::Output {
    let url = format!("wss://{}/ws", gateway.host());
    let secret = gateway.file("bearer");
    gridscout(&[&["drive", "--json", "--url", &url, "--secret-file", &secret, "--ca", ca], &SETTINGS[..]].concat())
}

/// What the gateway says to these bytes until it closes.
fn answer(gateway: &Gateway, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(gateway.host()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(9))).unwrap();
    stream.write_all(bytes).unwrap();
    let mut heard = Vec::new();
    let end = stream.read_to_end(&mut heard);
    let open = end.is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
    assert!(!open, "still open");
    String::from_utf8_lossy(&heard).into_owned()
}

#[test]
fn a_campaign_over_tls_has_the_record_of_the_simulator_and_only_for_the_right_certificate() {
    let folder = folder("tls");
    let mut gateway = Gateway::serve(&folder, &["--tls", "--origin", "https://microscope.example:8443"]);
    assert!(gateway.url.starts_with("https://"), "{}", gateway.url);
    let fingerprint = gateway.says("tls");
    assert_eq!(fingerprint.len(), "SHA-256 ".len() + 32 * 3 - 1, "{fingerprint}");
    let driven = drive(&gateway, &gateway.file("tls-cert.pem"));
    let digest = simulate(common::config(&[("stop.iterations", "5")])).unwrap().summary().digest;
    let said = String::from_utf8_lossy(&driven.stdout).into_owned();
    assert!(said.contains(&digest), "{said}{}", String::from_utf8_lossy(&driven.stderr));
    // The same names, another's signature.
    let other = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".into()]).unwrap();
    fs::write(gateway.file("other.pem"), other.cert.pem()).unwrap();
    let refused = drive(&gateway, &gateway.file("other.pem"));
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && why.contains("--ca is no proof of who is at wss://"), "{why}");
    // Plain http gets no answer; a handshake that stops is not waited for.
    let plain = format!("GET /gateway.json HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", gateway.host());
    assert!(!answer(&gateway, plain.as_bytes()).contains("HTTP"));
    assert_eq!(answer(&gateway, &[0x16, 3, 1, 2, 0, 1]), "");
    // Whoever is answered after that finds that it has been logged.
    assert!(!answer(&gateway, plain.as_bytes()).contains("HTTP"));
    let log = gateway.end();
    assert!(log.contains("a TLS handshake that does not end") && log.contains("no TLS handshake"), "{log}");
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn the_certificate_is_kept_while_it_names_the_gateway() {
    let folder = folder("certificate");
    let shown = |options: &[&str]| Gateway::serve(&folder, options).says("tls");
    let first = shown(&["--tls"]);
    assert_eq!(shown(&["--tls"]), first, "a new one each time: nobody could compare it");
    let named = shown(&["--tls", "--origin", "https://microscope.example:8443"]);
    assert_ne!(named, first, "it does not name microscope.example");
    assert_eq!(shown(&["--tls"]), named);
    let [certificate, key] = ["tls-cert.pem", "tls-key.pem"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    assert_eq!(shown(&["--tls-cert", &certificate, "--tls-key", &key]), named);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&key).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    let refused = |options: &[&str]| {
        let dir = folder.to_str().unwrap();
        let refused = gridscout(&[&["serve", "--driver", "simulated", "--port", "0", "--dir", dir], options].concat());
        assert_eq!(refused.status.code(), Some(2), "{options:?}");
        String::from_utf8(refused.stderr).unwrap()
    };
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    fs::write(&key, other.signing_key.serialize_pem()).unwrap();
    assert!(refused(&["--tls-cert", &certificate, "--tls-key", &key]).contains("--tls-cert is "));
    assert!(refused(&["--tls-cert", &key, "--tls-key", &key]).contains("--tls-cert is "));
    assert!(refused(&["--tls-cert", &certificate]).contains("--tls-key"));
    for address in ["0.0.0.0", "::", "192.0.2.1"] {
        let why = refused(&["--bind", address]);
        assert!(
            why.starts_with(&format!("error: --bind is {address}; allowed: 127.0.0.1 or ::1 without TLS")),
            "{why}"
        );
    }
    let _ = fs::remove_dir_all(&folder);
}
