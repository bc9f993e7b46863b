//! An ensemble in the browser: each Worker runs campaigns of it by their numbers, one of them puts the results together.
use super::convert::{from_js, invalid, plain};
use crate::study::{Outcome, Plan, Run, Spec};
use js_sys::Float64Array;
use wasm_bindgen::prelude::*;

/// A checked study and the campaigns of it that are known.
#[wasm_bindgen]
pub struct Study {
    plan: Plan,
    outcomes: Vec<Outcome>,
}

#[wasm_bindgen]
impl Study {
    /// A study from an object, see the schema of `study::Spec`.
    ///
    /// # Errors
    /// An `Error` whose `errors` names every setting that cannot be used.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: JsValue) -> Result<Study, JsValue> {
        let value: serde_json::Value = from_js(spec)?;
        let spec: Spec = serde_json::from_value(value).map_err(plain)?;
        let plan = Plan::new(spec).map_err(invalid)?;
        Ok(Self { plan, outcomes: Vec::new() })
    }

    /// Number of campaigns.
    pub fn campaigns(&self) -> f64 {
        self.plan.campaigns() as f64
    }

    /// Run one campaign, 0 ≤ `campaign` < [`Self::campaigns`]: its numbers, for [`Self::put`] of any study of the same object.
    ///
    /// # Errors
    /// This seed draws a library that cannot be explored.
    pub fn run(&self, campaign: u32) -> Result<Float64Array, JsValue> {
        let run = self.plan.run(u64::from(campaign)).map_err(invalid)?;
        Ok(Float64Array::from(run.to_numbers().as_slice()))
    }

    /// Take up what another Worker ran; no numbers at all say that the seed draws a library that cannot be explored.
    ///
    /// # Errors
    /// These are not the numbers of a campaign of this study.
    pub fn put(&mut self, campaign: u32, numbers: &[f64]) -> Result<(), JsValue> {
        let outcome = match numbers {
            [] => Some(Outcome::Failed),
            _ => Run::from_numbers(numbers).map(Outcome::Ended),
        };
        let outcome = outcome.filter(|_| u64::from(campaign) < self.plan.campaigns());
        let outcome = outcome.ok_or_else(|| plain(format!("{} numbers are no campaign {campaign}", numbers.len())))?;
        self.outcomes.resize(self.outcomes.len().max(campaign as usize + 1), Outcome::NotRun);
        self.outcomes[campaign as usize] = outcome;
        Ok(())
    }

    /// What is typical of the campaigns so far, as JSON: the same text as `gridscout study --json` prints, without its spaces.
    ///
    /// # Errors
    /// Never in practice.
    pub fn summary(&self) -> Result<String, JsValue> {
        serde_json::to_string(&self.plan.summarise(&self.outcomes)).map_err(plain)
    }
}
