//! What if, for the page: decisions of a session made again with one setting changed.
use super::{
    Session,
    convert::{invalid, plain, to_js},
    explain::decided,
};
use crate::campaign::{Lever, Moment};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Session {
    /// The last decision of an iteration (from 1) with one setting changed, as [`Self::decision`] gives it; null when nothing was
    /// decided there, or nothing would be left to do.
    ///
    /// # Errors
    /// Not prepared, no such lever, a value out of its range.
    #[wasm_bindgen(js_name = whatIf)]
    pub fn what_if(&mut self, iteration: u32, path: &str, value: f64) -> Result<JsValue, JsValue> {
        let lever = Lever::by_path(path).map_err(|e| invalid(e.into()))?;
        let Some(moment) = self.moment(iteration)? else { return Ok(JsValue::NULL) };
        let decision = moment.decide(lever, value).map_err(|e| invalid(e.into()))?;
        to_js(&decision.as_ref().map(decided))
    }

    /// Every value of a setting at which that decision turns, with the actions below and above it.
    ///
    /// # Errors
    /// Not prepared, no such lever.
    pub fn turns(&mut self, iteration: u32, path: &str) -> Result<JsValue, JsValue> {
        let lever = Lever::by_path(path).map_err(|e| invalid(e.into()))?;
        to_js(&self.moment(iteration)?.map(|moment| moment.turns(lever)).unwrap_or_default())
    }
}

impl Session {
    /// The moment before a decision; the last one is kept, since a slider asks for it again and again.
    fn moment(&mut self, iteration: u32) -> Result<Option<&mut Moment>, JsValue> {
        if self.moment.as_ref().is_none_or(|(of, _)| *of != iteration) {
            self.moment = Moment::before(self.ready()?, iteration).map(|moment| (iteration, moment));
        }
        match &mut self.moment {
            Some((of, moment)) if *of == iteration => Ok(Some(moment)),
            Some(_) => Err(plain("the moment of another iteration")),
            None => Ok(None),
        }
    }
}
