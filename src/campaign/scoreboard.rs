//! How much is known after each measurement, judged over every particle of the library.
use crate::{
    composition::Composition,
    num,
    surrogate::{BATCH, Field, Gp},
};
use serde::{Deserialize, Serialize};

/// Measurements that may wait before the points are brought up to date: one sweep serves several of them.
const LAZY: usize = 8;

/// Judgement after one measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Mean posterior standard deviation.
    pub mean_sd: f64,
    /// Mean absolute error of the posterior mean.
    pub mean_abs_error: f64,
    /// Root of the mean squared error.
    pub rmse: f64,
}

/// Points with true values, and the scores after each observation.
#[derive(Clone, Debug, Default)]
pub struct Scoreboard {
    field: Field,
    truth: Vec<f64>,
    scores: Vec<Score>,
}

impl Scoreboard {
    /// A scoreboard over `points` whose true values are `truth`.
    #[must_use]
    pub fn new(points: &[Composition], truth: Vec<f64>) -> Self {
        let mut field = Field::default();
        field.push(points);
        Self { field, truth, scores: Vec::new() }
    }

    /// Number of points.
    #[must_use]
    pub fn points(&self) -> usize {
        self.truth.len()
    }

    /// Catch up when enough observations wait.
    pub fn nudge(&mut self, gp: &Gp) {
        if gp.len() >= self.scores.len() + LAZY {
            self.catch_up(gp);
        }
    }

    /// Score every observation that was not scored yet. Must be called before earlier rows of the process change.
    pub fn catch_up(&mut self, gp: &Gp) {
        let done = self.scores.len();
        if gp.len() <= done {
            return;
        }
        let mut sums = vec![Score::default(); gp.len() - done];
        let truth = &self.truth;
        self.field.update_watching(
            gp,
            gp.len(),
            #[inline(always)]
            |row, first, mean, variance| {
                if row < done {
                    return;
                }
                let total = &mut sums[row - done];
                let (mut sds, mut errors) = ([0.0; BATCH], [0.0; BATCH]);
                let (sds, errors) = (&mut sds[..mean.len()], &mut errors[..mean.len()]);
                sds.iter_mut().zip(variance).for_each(|(s, v)| *s = num::root(*v));
                errors.iter_mut().zip(mean.iter().zip(&truth[first..])).for_each(|(e, (m, t))| *e = (m - t).abs());
                total.mean_sd += num::sum(sds);
                total.mean_abs_error += num::sum(errors);
                total.rmse += num::dot(errors, errors);
            },
        );
        let n = self.truth.len().max(1) as f64;
        self.scores.extend(sums.into_iter().map(|s| Score {
            mean_sd: s.mean_sd / n,
            mean_abs_error: s.mean_abs_error / n,
            rmse: (s.rmse / n).sqrt(),
        }));
    }

    /// The scores after each observation, as far as it has caught up.
    #[must_use]
    pub fn scores(&self) -> &[Score] {
        &self.scores
    }
}
