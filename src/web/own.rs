//! Files of the user's own, read and checked here: nothing leaves the browser.
use super::convert::{plain, to_js};
use crate::{
    bridge::journal::{Entry, Numbered},
    calibration::calibrate,
    campaign::Config,
    response::parse_response_csv,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wasm_bindgen::prelude::*;

/// Read a CSV table of values for `response.table`.
///
/// # Errors
/// Names the line, the column and what is allowed.
#[wasm_bindgen(js_name = parse_response_csv)]
pub fn response_from_csv(text: &str, components: usize) -> Result<JsValue, JsValue> {
    to_js(&parse_response_csv(text, components).map_err(plain)?)
}

/// Read a journal that `gridscout journal export` wrote as JSON lines: what was done, and its times beside those of `config`.
///
/// # Errors
/// Names the line and what is wrong with it, or the setting of `config`.
#[wasm_bindgen(js_name = read_journal)]
pub fn journal_from_text(text: &str, config: JsValue) -> Result<JsValue, JsValue> {
    let config = Config::from_json(&super::convert::from_js::<Value>(config)?).map_err(super::convert::invalid)?;
    let mut entries: Vec<Numbered> = Vec::new();
    for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        // By way of a value, as frames of the gateway are read: one reader less in the module.
        let entry: Result<Numbered, _> = serde_json::from_str::<Value>(line).and_then(serde_json::from_value);
        let entry = entry.map_err(|e| plain(format!("line {}: {e}", i + 1)))?;
        let expected = entries.last().map_or(entry.jseq, |last| last.jseq + 1);
        if entry.jseq != expected {
            return Err(plain(format!("line {}: jseq is {}; allowed: {expected}", i + 1, entry.jseq)));
        }
        entries.push(entry);
    }
    let mut open: BTreeSet<&str> = BTreeSet::new();
    let (mut commands, mut outcomes, mut faults) = (0, 0, 0);
    for numbered in &entries {
        match &numbered.entry {
            Entry::Intent { cid, .. } => {
                commands += 1;
                open.insert(cid);
            }
            Entry::Outcome(done) => {
                outcomes += 1;
                faults += usize::from(done.outcome.is_err());
                open.remove(done.cid.as_str());
            }
            _ => {}
        }
    }
    let calibration = calibrate(&entries, &config.cost);
    to_js(&json!({
        "entries": entries.len(), "commands": commands, "outcomes": outcomes, "faults": faults, "open": open,
        "fits": calibration.fits, "cost": calibration.applied(&config.cost),
    }))
}
