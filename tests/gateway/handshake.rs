//! Handshakes that must not be answered with 101.

/// A handshake as a browser on our page sends it, changed.
#[derive(Clone)]
pub struct Hostile {
    line: &'static str,
    changes: Vec<(String, Option<String>)>,
    extra: Vec<(String, String)>,
}

impl Hostile {
    pub fn none() -> Self {
        Self { line: "GET /ws HTTP/1.1", changes: Vec::new(), extra: Vec::new() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.changes.push((name.into(), Some(value.into())));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.changes.push((name.into(), None));
        self
    }

    fn and(mut self, name: &str, value: &str) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }

    fn line(mut self, line: &'static str) -> Self {
        self.line = line;
        self
    }
}

pub fn request(host: &str, hostile: &Hostile) -> Vec<u8> {
    let mut headers: Vec<(String, String)> = [
        ("Host", host),
        ("Origin", &format!("http://{host}")),
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Protocol", "gridscout.v1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for (name, value) in &hostile.changes {
        headers.retain(|(known, _)| known != name);
        headers.extend(value.as_ref().map(|value| (name.clone(), value.clone())));
    }
    headers.extend(hostile.extra.iter().cloned());
    let lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{}\r\n{}\r\n", hostile.line, lines.concat()).into_bytes()
}

pub fn cases(host: &str, bearer: &str) -> Vec<(String, Vec<u8>)> {
    let none = Hostile::none;
    let port = host.split_once(':').unwrap().1;
    let own = format!("http://{host}");
    let mut cases: Vec<(String, Hostile)> = Vec::new();
    let hosts = [
        "evil.example",
        "127.0.0.1",
        "localhost",
        "127.0.0.1:1",
        "rebound.example:80",
        "[::1]",
        "0.0.0.0",
        "",
        "127.0.0.1.",
        "2130706433",
    ];
    for value in hosts {
        let value = if value.contains(':') || value.is_empty() { value.into() } else { format!("{value}:9") };
        cases.push((format!("Host {value}"), none().with("Host", &value)));
    }
    cases.push((format!("Host user@{host}"), none().with("Host", &format!("user@{host}"))));
    cases.push(("no Host".into(), none().without("Host")));
    cases.push(("two Hosts".into(), none().and("Host", host)));
    cases.push(("a good and a bad Host".into(), none().and("Host", "evil.example")));
    let origins = [
        "http://evil.example".to_owned(),
        "null".into(),
        String::new(),
        "http://127.0.0.1".into(),
        "http://127.0.0.1:1".into(),
        format!("https://{host}"),
        format!("ws://{host}"),
        format!("http://{host}/"),
        format!("http://{host}.evil.example"),
        format!("http://evil.example#{host}"),
        format!("http://user@{host}"),
        host.into(),
        format!("HTTP://{host}"),
        format!("http://LOCALHOST:{port}"),
        format!("http://[::1]:{port}"),
        format!("file://{host}"),
        "*".into(),
        format!("{own}, http://evil.example"),
        format!("{own} http://evil.example"),
        format!("chrome-extension://{host}"),
    ];
    for value in &origins {
        cases.push((format!("Origin {value}"), none().with("Origin", value)));
    }
    cases.push(("no Origin".into(), none().without("Origin")));
    cases.push(("two Origins".into(), none().and("Origin", &own)));
    cases.push(("a good and a bad Origin".into(), none().and("Origin", "http://evil.example")));
    cases.push((
        "a bad Origin and the bearer".into(),
        none().with("Origin", "null").with("Authorization", &format!("Bearer {}", bearer)),
    ));
    for value in [
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic eDp4",
        "bearer",
        &format!("Token {}", bearer),
        &format!("Bearer  {}", bearer),
    ] {
        cases.push((format!("Authorization {value}"), none().without("Origin").with("Authorization", value)));
    }
    for line in [
        "POST /ws HTTP/1.1",
        "HEAD /ws HTTP/1.1",
        "OPTIONS /ws HTTP/1.1",
        "PUT /ws HTTP/1.1",
        "GET /ws HTTP/1.0",
        "GET /ws HTTP/2.0",
        "GET /ws",
        "GET / HTTP/1.1",
        "GET /ws/ HTTP/1.1",
        "GET /ws?secret=x HTTP/1.1",
        "GET /ws? HTTP/1.1",
        "GET http://evil.example/ws HTTP/1.1",
        "CONNECT /ws HTTP/1.1",
    ] {
        cases.push((line.into(), none().line(line)));
    }
    for value in ["close", "keep-alive", ""] {
        cases.push((format!("Connection {value}"), none().with("Connection", value)));
    }
    for value in ["h2c", "websockets", ""] {
        cases.push((format!("Upgrade {value}"), none().with("Upgrade", value)));
    }
    for value in ["12", "8", "0", "13, 8", ""] {
        cases.push((format!("version {value}"), none().with("Sec-WebSocket-Version", value)));
    }
    for value in [
        "",
        "short",
        "dGhlIHNhbXBsZSBub25jZQ",
        "dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ==",
        "!!!!!!!!!!!!!!!!!!!!!!==",
    ] {
        cases.push((format!("key {value}"), none().with("Sec-WebSocket-Key", value)));
    }
    for value in ["", "gridscout.v2", "gridscout", "GRIDSCOUT.V1", "gridscout.v1, other"] {
        cases.push((format!("protocol {value}"), none().with("Sec-WebSocket-Protocol", value)));
    }
    for name in ["Connection", "Upgrade", "Sec-WebSocket-Version", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol"] {
        cases.push((format!("no {name}"), none().without(name)));
    }
    for (name, value) in [
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Version", "13"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Protocol", "gridscout.v1"),
    ] {
        cases.push((format!("{name} twice"), none().and(name, value)));
    }
    cases.push(("a body".into(), none().and("Content-Length", "3")));
    cases.push(("chunks".into(), none().and("Transfer-Encoding", "chunked")));
    cases.push(("headers too long".into(), none().and("X-Long", &"x".repeat(70_000))));
    let mut bytes: Vec<(String, Vec<u8>)> =
        cases.into_iter().map(|(name, hostile)| (name, request(host, &hostile))).collect();
    bytes.push(("TLS".into(), vec![0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]));
    bytes.push(("zeros".into(), vec![0; 64]));
    bytes.push(("a zero in a header".into(), b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\0\r\n\r\n".to_vec()));
    bytes
}
