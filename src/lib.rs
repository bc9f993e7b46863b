//! gridscout: cost-aware autonomous exploration of random particle libraries in a scanning electron microscope.
//!
//! A *random library* is one TEM grid with thousands of particles of different composition. A microscope decides for itself
//! which particle to measure next and when to move the stage: the cost of moving is in micrometres and seconds, the value of
//! measuring is in composition space, and the planner joins the two.
//!
//! # Flow
//!
//! ```text
//! seed ─► library (made tile by tile) ─┐
//!         response (hidden property) ──┼─► microscope::Simulated ── trait Microscope: Request → Reply
//!         cost (eqs 5–6) ──────────────┘                                   │
//! surrogate ─► acquisition ─► planner: ask / tell ─► campaign: handle(Input) / poll() → Output
//!                                                        └─► events ─► Record (digest, replay) · scores · views
//! ```
//!
//! Between a planner and an instrument elsewhere, [`bridge`] gets each command done at most once and each answer heard:
//!
//! ```text
//! Campaign ⇄ bridge::client ⇄ (a link that may break) ⇄ bridge::server ⇄ journal, safety envelope ⇄ instrument
//! ```
//!
//! The planner never knows which instrument it drives. The command line, the page's Worker and a replay drive the same
//! [`campaign::Campaign`], and leave the same record.
//!
//! # Invariants
//!
//! 1. The core (everything but `web`, `gateway` and the binaries) reads no clock, no entropy, no file, no socket, no DOM.
//! 2. Same seed and configuration, same record, bit for bit, native and wasm32; golden digests are tested on both.
//! 3. `wasm_bindgen` stands only in `web`.
//! 4. A number that has a unit says so in its name.
//! 5. Bad input ends in a typed error that names the field, the value and what is allowed; never a panic.
//!
//! # Example
//!
//! ```
//! use gridscout::campaign::{preset, simulate};
//!
//! let mut config = preset("figure-3").unwrap();
//! config.cost.stage_speed_um_per_s = 100.0;
//! config.stop.iterations = Some(40);
//! let mut campaign = simulate(config.check()?)?;
//! let summary = campaign.summary();
//! assert_eq!(summary.mean_sd.len(), 41);
//! assert!(summary.mean_sd[40] < summary.mean_sd[0]);
//! # Ok::<(), gridscout::error::Invalid>(())
//! ```
pub mod acquisition;
pub mod bridge;
pub mod calibration;
pub mod campaign;
pub mod composition;
pub mod cost;
pub mod error;
#[cfg(all(feature = "gateway", not(target_family = "wasm")))]
pub mod gateway;
pub mod library;
#[doc = include_str!("docs/model.md")]
pub mod model {}
pub mod microscope;
pub mod num;
pub mod planner;
pub mod response;
pub mod rng;
pub mod study;
pub mod surrogate;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
pub mod web;
