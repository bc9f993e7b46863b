//! The server at the instrument: a thin shell around [`crate::bridge::server`].
//!
//! Connections come through [`admission`], live in [`socket`], and post what they hear to one thread, the [`desk`], which
//! alone owns the state machine and the [`journal`]. The instrument has a thread of its own ([`driver`]).
mod accept;
mod admission;
mod clock;
mod desk;
pub mod driver;
pub mod journal;
mod secret;
mod socket;
pub mod store;

pub use accept::{Setup, listen, serve};
pub use secret::secret;
