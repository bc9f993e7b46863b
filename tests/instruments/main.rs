//! Against the programs of others, which are installed first: `cargo dev prove instamatic`, `cargo dev prove nion-swift`.
#![cfg(all(not(target_family = "wasm"), unix))]
#![allow(missing_docs, clippy::disallowed_methods)]
mod gateway;
mod instamatic;
mod nion_swift;
