//! Maximum-likelihood hyper-parameters by resilient backpropagation (iRprop⁻, Igel and Hüsken 2003).
//!
//! It uses only the signs of the gradient, which copes with the very different curvatures of length scale and noise, and it
//! needs no line search. Parameters move in the logarithm and stay inside [`LIMITS`].
use super::{Gp, Hyper, log_likelihood};
use crate::num;

/// Lower and upper limit of length scale (composition units), prior sd and noise sd (units of the property).
pub const LIMITS: [(f64, f64); 3] = [(0.01, 10.0), (1e-3, 1e3), (1e-5, 1e2)];
/// Likelihood evaluations of one fit.
const STEPS: u32 = 60;
/// First, smallest and largest step in the logarithm of a parameter.
const STEP: (f64, f64, f64) = (0.1, 1e-4, 0.5);
/// Fewest observations worth a fit.
pub const MIN_OBSERVATIONS: usize = 5;

/// The best hyper-parameters found from those in force; those in force when nothing better was found.
#[must_use]
pub fn fit(gp: &Gp, fit_mean: bool) -> Hyper {
    let mut hyper = gp.hyper().clone();
    if gp.len() < MIN_OBSERVATIONS {
        return hyper;
    }
    let mut theta = to_logs(&hyper);
    let mut steps = vec![STEP.0; theta.len()];
    let mut last = vec![0.0; theta.len()];
    let mut best: Option<(f64, Hyper)> = None;
    for _ in 0..STEPS {
        from_logs(&theta, &mut hyper);
        let Some(likelihood) = log_likelihood(gp, &hyper, fit_mean) else { break };
        if fit_mean {
            hyper.mean = likelihood.best_mean;
        }
        if best.as_ref().is_none_or(|(value, _)| likelihood.value > *value) {
            best = Some((likelihood.value, hyper.clone()));
        }
        for i in 0..theta.len() {
            let agreement = likelihood.gradient[i] * last[i];
            last[i] = likelihood.gradient[i];
            if agreement > 0.0 {
                steps[i] = (steps[i] * 1.2).min(STEP.2);
            } else if agreement < 0.0 {
                steps[i] = (steps[i] * 0.5).max(STEP.1);
                last[i] = 0.0;
                continue;
            }
            let direction = if likelihood.gradient[i] > 0.0 { 1.0 } else { -1.0 };
            let (low, high) = limits(i, theta.len());
            theta[i] = (theta[i] + direction * steps[i]).clamp(num::ln(low), num::ln(high));
        }
        if steps.iter().all(|s| *s <= STEP.1) {
            break;
        }
    }
    best.map_or_else(|| gp.hyper().clone(), |(_, hyper)| hyper)
}

fn limits(i: usize, parameters: usize) -> (f64, f64) {
    LIMITS[(i + 3).saturating_sub(parameters)]
}

fn to_logs(hyper: &Hyper) -> Vec<f64> {
    let lengths = if hyper.isotropic { &hyper.length_scales[..1] } else { &hyper.length_scales[..] };
    lengths.iter().chain([&hyper.prior_sd, &hyper.noise_sd]).map(|x| num::ln(*x)).collect()
}

fn from_logs(theta: &[f64], hyper: &mut Hyper) {
    let lengths = theta.len() - 2;
    for (d, length) in hyper.length_scales.iter_mut().enumerate() {
        *length = num::exp(theta[if hyper.isotropic { 0 } else { d.min(lengths - 1) }]);
    }
    hyper.prior_sd = num::exp(theta[lengths]);
    hyper.noise_sd = num::exp(theta[lengths + 1]);
}
