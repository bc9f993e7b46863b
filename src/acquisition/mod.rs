//! What a measurement at a composition is worth under the surrogate: one file for each function, formula and source in its
//! documentation.
//!
//! Eq 4 divides an acquisition by a cost, which orders candidates only while it is not negative. Functions that can be
//! negative are therefore shifted by their minimum over everything in sight, and the logarithmic one is compared in log space.
mod bound;
mod improvement;
mod novelty;
mod thompson;

pub use improvement::{expected_improvement, log_expected_improvement, probability_of_improvement};
pub use novelty::Novelty;

use crate::{
    num,
    rng::{Purpose, Stream},
    surrogate::{Field, Gp},
};
use serde::{Deserialize, Serialize};

/// Which function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// Posterior standard deviation: pure exploration, the paper's choice.
    PosteriorSd,
    /// Expected improvement over the best value measured.
    ExpectedImprovement,
    /// Its logarithm.
    LogExpectedImprovement,
    /// Probability of an improvement.
    ProbabilityOfImprovement,
    /// mean + β sd.
    UpperConfidenceBound,
    /// One draw from the posterior.
    Thompson,
    /// β sd − |mean − threshold|: learn where the property crosses a threshold.
    Straddle,
}

/// Settings of the acquisition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AcquisitionConfig {
    /// Which function.
    pub function: Function,
    /// Margin ξ of the improvement functions, units of the property.
    pub xi: f64,
    /// β of the confidence bound and of straddle.
    pub beta: f64,
    /// Threshold of straddle, units of the property.
    pub threshold: f64,
}

/// The acquisition of one iteration, ready to be evaluated over fields.
#[derive(Debug)]
pub struct Acquisition<'a> {
    config: &'a AcquisitionConfig,
    gp: &'a Gp,
    best: f64,
    sample: Option<thompson::Sample>,
}

impl<'a> Acquisition<'a> {
    /// The acquisition under the current posterior; `iteration` chooses the Thompson sample.
    #[must_use]
    pub fn new(config: &'a AcquisitionConfig, gp: &'a Gp, seed: u32, iteration: u32) -> Self {
        let best = gp.values().iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
        let best = if best.is_finite() { best } else { gp.mean() };
        let sample = (config.function == Function::Thompson)
            .then(|| thompson::Sample::draw(gp, &mut Stream::new(seed, Purpose::Thompson, u64::from(iteration))));
        Self { config, gp, best, sample }
    }

    /// Values over the points of a field that is up to date.
    pub fn values(&self, field: &Field, out: &mut Vec<f64>) {
        out.clear();
        let AcquisitionConfig { xi, beta, threshold, .. } = *self.config;
        let pairs = || field.mean().iter().zip(field.variance()).map(|(m, v)| (*m, num::root(*v)));
        match self.config.function {
            Function::PosteriorSd => num::wide(
                #[inline(always)]
                || out.extend(field.variance().iter().map(|v| num::root(*v))),
            ),
            Function::ExpectedImprovement => {
                out.extend(pairs().map(|(m, s)| expected_improvement(m - self.best - xi, s)))
            }
            Function::LogExpectedImprovement => {
                out.extend(pairs().map(|(m, s)| log_expected_improvement(m - self.best - xi, s)));
            }
            Function::ProbabilityOfImprovement => {
                out.extend(pairs().map(|(m, s)| probability_of_improvement(m - self.best - xi, s)));
            }
            Function::UpperConfidenceBound => out.extend(pairs().map(|(m, s)| bound::upper_confidence(m, s, beta))),
            Function::Straddle => out.extend(pairs().map(|(m, s)| bound::straddle(m, s, beta, threshold))),
            Function::Thompson => {
                if let Some(sample) = &self.sample {
                    out.extend(sample.values(self.gp, field));
                }
            }
        }
    }

    /// Make two sets of values (candidates, pool) comparable and not negative, in place.
    pub fn to_utilities(&self, candidates: &mut [f64], pool: &mut [f64]) {
        match self.config.function {
            Function::PosteriorSd | Function::ExpectedImprovement | Function::ProbabilityOfImprovement => {}
            Function::UpperConfidenceBound | Function::Thompson | Function::Straddle => {
                let least = candidates.iter().chain(&*pool).fold(f64::INFINITY, |a, b| a.min(*b));
                candidates.iter_mut().chain(pool).for_each(|a| *a -= least);
            }
            Function::LogExpectedImprovement => {
                let most = candidates.iter().chain(&*pool).fold(f64::NEG_INFINITY, |a, b| a.max(*b));
                candidates.iter_mut().chain(pool).for_each(|a| *a = num::exp(*a - most));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        composition::{Composition, Measured, grid_points},
        surrogate::{Family, Hyper},
    };

    const ALL: [Function; 7] = [
        Function::PosteriorSd,
        Function::ExpectedImprovement,
        Function::LogExpectedImprovement,
        Function::ProbabilityOfImprovement,
        Function::UpperConfidenceBound,
        Function::Thompson,
        Function::Straddle,
    ];

    fn process() -> Gp {
        let hyper = Hyper {
            kernel: Family::Rbf,
            length_scales: vec![0.2; 3],
            isotropic: true,
            prior_sd: 1.0,
            noise_sd: 0.01,
            mean: 0.0,
        };
        let mut gp = Gp::new(hyper, false);
        for (fractions, y) in [([0.8, 0.1, 0.1], -2.0), ([0.1, 0.8, 0.1], -1.0), ([0.1, 0.1, 0.8], -3.0)] {
            gp.append(&Measured::exact(Composition::new(&fractions).unwrap()), y, |_| {}).unwrap();
        }
        gp
    }

    /// Dividing by a cost must never make a costlier candidate look better, also where the raw values are negative.
    #[test]
    fn utilities_are_not_negative_and_keep_the_order() {
        let gp = process();
        let mut field = Field::default();
        field.push(&grid_points(3, 12));
        field.update(&gp, gp.len());
        for function in ALL {
            let config = AcquisitionConfig { function, xi: 0.0, beta: 0.5, threshold: 0.0 };
            let acquisition = Acquisition::new(&config, &gp, 1, 1);
            let mut raw = Vec::new();
            acquisition.values(&field, &mut raw);
            assert_eq!(raw.len(), field.len(), "{function:?}");
            let (mut candidates, mut pool) = (raw[..40].to_vec(), raw[40..].to_vec());
            acquisition.to_utilities(&mut candidates, &mut pool);
            let all: Vec<f64> = candidates.into_iter().chain(pool).collect();
            assert!(all.iter().all(|a| *a >= 0.0 && a.is_finite()), "{function:?}");
            for i in 1..all.len() {
                let same_order = (raw[i] >= raw[i - 1]) == (all[i] >= all[i - 1]) || all[i] == all[i - 1];
                assert!(same_order, "{function:?}: {} {} became {} {}", raw[i - 1], raw[i], all[i - 1], all[i]);
            }
        }
        let negative =
            AcquisitionConfig { function: Function::UpperConfidenceBound, xi: 0.0, beta: 0.5, threshold: 0.0 };
        let mut raw = Vec::new();
        Acquisition::new(&negative, &gp, 1, 1).values(&field, &mut raw);
        assert!(raw.iter().any(|a| *a < 0.0), "the case this guards against does occur");
    }

    #[test]
    fn a_thompson_sample_has_the_posterior_s_moments() {
        let gp = process();
        let mut field = Field::default();
        field.push(&grid_points(3, 4));
        field.update(&gp, gp.len());
        let config = AcquisitionConfig { function: Function::Thompson, xi: 0.0, beta: 0.0, threshold: 0.0 };
        let (mut sum, mut square) = (vec![0.0; field.len()], vec![0.0; field.len()]);
        let draws = 800;
        for i in 0..draws {
            let mut values = Vec::new();
            Acquisition::new(&config, &gp, 3, i).values(&field, &mut values);
            for (k, v) in values.iter().enumerate() {
                sum[k] += v / f64::from(draws);
                square[k] += v * v / f64::from(draws);
            }
        }
        for k in 0..field.len() {
            let (m, sd) = (field.mean()[k], field.variance()[k].max(0.0).sqrt());
            assert!((sum[k] - m).abs() < 5.0 * (sd + 0.01) / f64::from(draws).sqrt(), "mean {k}: {} {m}", sum[k]);
            let drawn = (square[k] - sum[k] * sum[k]).max(0.0).sqrt();
            assert!((drawn - sd).abs() < 0.15 * sd + 0.02, "sd {k}: {drawn} {sd}");
        }
    }
}
