//! The facade for browsers: the only place where `wasm_bindgen` stands.
//!
//! Settings and rare structured data cross by `serde-wasm-bindgen` ([`convert`]), bulk numbers as copied typed arrays; nothing
//! hands out a view into the memory of the module.
mod convert;
mod explain;
mod link;
mod own;
mod session;
mod socket;
mod study;
mod what_if;

use crate::{
    campaign::{Lever, parameters, presets},
    library::{capacity::CapacityConfig, parse_particles_csv},
};
use convert::{from_js, invalid, plain, to_js};
use js_sys::Float64Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

pub use link::Link;
pub use own::{journal_from_text, response_from_csv};
pub use session::Session;
pub use study::Study;

/// What the page needs to build itself: version, presets with their configurations, every setting, the levers of *what if*.
///
/// # Errors
/// Never in practice: all of it serialises.
#[wasm_bindgen]
pub fn describe() -> Result<JsValue, JsValue> {
    #[derive(Serialize)]
    struct Description {
        version: &'static str,
        presets: Vec<crate::campaign::Preset>,
        parameters: Vec<crate::campaign::Parameter>,
        levers: [&'static str; Lever::ALL.len()],
    }
    to_js(&Description {
        version: env!("CARGO_PKG_VERSION"),
        presets: presets(),
        parameters: parameters(),
        levers: Lever::ALL.map(Lever::path),
    })
}

/// A fresh seed, the only entropy there is.
///
/// # Errors
/// The browser has no source of randomness.
#[wasm_bindgen]
pub fn fresh_seed() -> Result<u32, JsValue> {
    getrandom::u32().map_err(plain)
}

/// The capacity estimate with its curve (eq 1, Figure 1); missing settings take their defaults.
///
/// # Errors
/// Names every setting that is out of range or unknown.
#[wasm_bindgen]
pub fn capacity(config: JsValue) -> Result<JsValue, JsValue> {
    let value: serde_json::Value = from_js(config)?;
    let config: CapacityConfig = serde_json::from_value(value).map_err(plain)?;
    let capacity = config.estimate().map_err(invalid)?;
    let (radius, expected): (Vec<f64>, Vec<f64>) = config.curve(101).map_err(invalid)?.into_iter().unzip();
    // Through JSON, where the numbers that are keys of a map become text, as keys of an object must be.
    let answer = to_js(&serde_json::to_value(&capacity).map_err(plain)?)?;
    let curve = js_sys::Object::new();
    js_sys::Reflect::set(&curve, &"radius_nm".into(), &Float64Array::from(radius.as_slice()))?;
    js_sys::Reflect::set(&curve, &"expected_particles".into(), &Float64Array::from(expected.as_slice()))?;
    js_sys::Reflect::set(&answer, &"curve".into(), &curve)?;
    Ok(answer)
}

/// Read a CSV table of particles for `library.particles`.
///
/// # Errors
/// Names the line, the column and what is allowed.
#[wasm_bindgen(js_name = parse_particles_csv)]
pub fn particles_from_csv(text: &str, components: usize) -> Result<JsValue, JsValue> {
    let particles = parse_particles_csv(text, components).map_err(plain)?;
    to_js(&particles)
}
