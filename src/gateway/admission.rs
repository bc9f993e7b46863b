//! Who gets in. Checked before a WebSocket is granted, in this order: Host, Origin, the handshake itself.
//!
//! A cookie would ride along from another port of the same host, and a rebound DNS name passes "Origin equals Host": so both
//! are compared with lists, and the secret is neither a cookie nor in the address.
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, Version, header, request::Parts};
use sha2::{Digest, Sha256};
use std::net::{IpAddr, SocketAddr};

use crate::bridge::wire::PROTOCOL;

/// What is let in.
#[derive(Clone, Debug)]
pub struct Doors {
    /// `host:port` as browsers send it.
    pub hosts: Vec<String>,
    /// `scheme://host:port` as browsers send it.
    pub origins: Vec<String>,
    /// Of a native client, which has no origin.
    pub bearer: String,
}

/// A constant answer: nothing of the request comes back.
pub type Rejection = (StatusCode, &'static str);

const WRONG_HOST: Rejection = (StatusCode::MISDIRECTED_REQUEST, "wrong host\n");
const WRONG_ORIGIN: Rejection = (StatusCode::FORBIDDEN, "wrong origin\n");
const NO_UPGRADE: Rejection = (StatusCode::BAD_REQUEST, "not a websocket handshake of this protocol\n");

/// Names of a gateway at this address and of its other origins, without ports: what its certificate must say.
#[must_use]
pub fn names(address: IpAddr, origins: &[String]) -> Vec<String> {
    let own = [Some(address.to_string()), address.is_loopback().then(|| "localhost".into())];
    let others = origins.iter().filter_map(|origin| origin.parse::<Uri>().ok()?.host().map(str::to_owned));
    let mut names: Vec<String> = own.into_iter().flatten().collect();
    names.extend(others.map(|name| name.trim_matches(['[', ']']).to_owned()));
    names
}

impl Doors {
    /// Of a gateway at this address, open to its own page and to `others`, `scheme://host:port`.
    pub fn of(address: SocketAddr, secure: bool, others: Vec<String>, bearer: String) -> Self {
        let (scheme, implied) = if secure { ("https", 443) } else { ("http", 80) };
        let port = address.port();
        let mut hosts = vec![address.to_string()];
        if address.ip().is_loopback() {
            hosts.push(format!("localhost:{port}"));
        }
        if port == implied {
            // Browsers leave it out.
            hosts.iter_mut().for_each(|host| host.truncate(host.len() - format!(":{port}").len()));
        }
        let mut origins: Vec<String> = hosts.iter().map(|host| format!("{scheme}://{host}")).collect();
        for origin in others {
            hosts.extend(origin.split_once("://").map(|(_, host)| host.to_owned()));
            origins.push(origin);
        }
        Self { hosts, origins, bearer }
    }

    /// The page and everything else: exactly one Host, in the list.
    pub fn host(&self, parts: &Parts) -> Result<(), Rejection> {
        // An address in absolute form would be used in place of the header.
        let absolute = parts.uri.authority().is_some();
        match one(&parts.headers, &header::HOST) {
            Some(host) if !absolute && self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) => Ok(()),
            _ => Err(WRONG_HOST),
        }
    }

    /// Exactly one Origin, in the list; none only for a native client that shows the bearer secret.
    pub fn origin(&self, parts: &Parts) -> Result<(), Rejection> {
        let known = |origin: &str| self.origins.iter().any(|known| known == origin);
        let native = || {
            let shown = one(&parts.headers, &header::AUTHORIZATION).and_then(|text| text.strip_prefix("Bearer "));
            shown.is_some_and(|shown| Sha256::digest(shown) == Sha256::digest(&self.bearer))
        };
        let passes = match parts.headers.get_all(header::ORIGIN).iter().count() {
            0 => native(),
            _ => one(&parts.headers, &header::ORIGIN).is_some_and(known),
        };
        if passes { Ok(()) } else { Err(WRONG_ORIGIN) }
    }

    /// A WebSocket of our protocol: method, version, each header once.
    pub fn handshake(&self, parts: &Parts) -> Result<(), Rejection> {
        self.host(parts)?;
        self.origin(parts)?;
        let has = |name: HeaderName, word: &str| {
            one(&parts.headers, &name)
                .is_some_and(|text| text.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
        };
        let plain = parts.method == Method::GET && parts.version == Version::HTTP_11 && parts.uri.query().is_none();
        let upgrades = has(header::CONNECTION, "upgrade") && has(header::UPGRADE, "websocket");
        let version = one(&parts.headers, &header::SEC_WEBSOCKET_VERSION) == Some("13");
        let key = one(&parts.headers, &header::SEC_WEBSOCKET_KEY).is_some_and(is_key);
        let protocol = one(&parts.headers, &header::SEC_WEBSOCKET_PROTOCOL) == Some(PROTOCOL);
        let empty = !parts.headers.contains_key(header::TRANSFER_ENCODING)
            && parts.headers.get(header::CONTENT_LENGTH).is_none_or(|length| length == "0");
        if plain && upgrades && version && key && protocol && empty { Ok(()) } else { Err(NO_UPGRADE) }
    }
}

/// The only value of a header, as text.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Base64 of 16 bytes.
fn is_key(text: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text.len() == 24 && text.ends_with("==") && text.bytes().take(22).all(digit)
}
