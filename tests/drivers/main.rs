//! Conformance of drivers: what is asked of each before it may be served.
#![cfg(all(not(target_family = "wasm"), unix))]
#![allow(missing_docs, clippy::disallowed_methods)]
mod axes;
#[path = "../common/mod.rs"]
mod common;
#[path = "../instruments/gateway.rs"]
mod gateway;
mod instamatic;
mod place;
mod rig;
mod simulated;
mod toy;
