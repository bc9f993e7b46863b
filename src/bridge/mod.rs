//! The bridge between a planner and an instrument: what crosses the wire, and both ends of it as state machines.
//!
//! The claim of the whole: **a command identity is exposed at most once, every outcome is written down before anyone is told of
//! it, and what is in doubt after a crash is named.** Transport, disk, clock and instrument are the shells' ([`Input`]s and
//! [`Output`]s), so a simulated link can drop, delay, double and reorder whatever it likes.
//!
//! [`Input`]: server::Input
//! [`Output`]: server::Output
pub mod client;
pub mod data;
pub mod envelope;
pub mod journal;
#[cfg(feature = "schema")]
pub mod published;
pub mod refusal;
pub mod server;
pub mod status;
pub mod strict;
pub mod window;
pub mod wire;
