//! The server at the instrument: a thin shell around [`crate::bridge::server`].
//!
//! Connections are taken up by [`accept`], come through [`admission`] and [`upgrade`], live in [`socket`], and post what they hear
//! to one thread, the [`desk`], which alone owns the state machine and the [`journal`]. The instrument has a thread of its own
//! ([`driver`]).
mod accept;
mod addresses;
mod admission;
mod clock;
mod desk;
pub mod driver;
mod echo;
pub mod journal;
mod log;
mod secret;
mod socket;
pub mod store;
pub mod tls;
mod upgrade;

pub use accept::listen;
pub use addresses::{Setup, serve};
pub use admission::names;
#[doc(hidden)]
pub use echo::echo;
pub use secret::{kept_secret, secret};
