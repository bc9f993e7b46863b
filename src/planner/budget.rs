//! What is left to spend.

/// What is left of a campaign, as far as its stop rules say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Budget {
    /// Time, s.
    pub secs: Option<f64>,
    /// Iterations.
    pub iterations: Option<u32>,
}

impl Budget {
    pub(super) fn is_known(&self) -> bool {
        self.secs.is_some() || self.iterations.is_some()
    }

    /// How many measurements of `each_secs` fit after spending `first_secs`.
    pub(super) fn measurements(&self, first_secs: f64, each_secs: f64) -> usize {
        let by_time = self.secs.map_or(f64::MAX, |left| ((left - first_secs) / each_secs).max(0.0));
        let by_count = self.iterations.map_or(f64::MAX, f64::from);
        by_time.min(by_count).min(1e6) as usize
    }
}
