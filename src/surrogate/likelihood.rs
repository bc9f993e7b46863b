//! Log marginal likelihood and its gradient (Rasmussen and Williams 2006, eqs 2.30 and 5.9).
use super::Gp;
use super::Hyper;
use nalgebra::{Cholesky, DMatrix, DVector};

/// ln p(y | X, θ) and its gradient with respect to the logarithms of the parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Likelihood {
    /// ln p(y | X, θ).
    pub value: f64,
    /// With respect to ln ℓ (one, or one for each component), ln prior_sd, ln noise_sd.
    pub gradient: Vec<f64>,
    /// The mean that maximises the likelihood at these parameters (generalised least squares).
    pub best_mean: f64,
}

/// The likelihood of the process's observations under other hyper-parameters; `None` when the covariance is singular.
///
/// With `fit_mean` the mean of `hyper` is replaced by [`Likelihood::best_mean`]; the gradient then is that of the profile.
#[must_use]
pub fn log_likelihood(gp: &Gp, hyper: &Hyper, fit_mean: bool) -> Option<Likelihood> {
    let n = gp.len();
    let trial = Gp { kernel: hyper.to_kernel(), hyper: hyper.clone(), ..gp.clone() };
    let kernel = trial.kernel();
    let signal = DMatrix::from_fn(n, n, |i, j| kernel.value(trial.input(i), trial.input(j)));
    let mut covariance = signal.clone();
    for i in 0..n {
        covariance[(i, i)] = trial.diagonal(i);
    }
    let factor = Cholesky::new(covariance)?;
    let inverse = factor.inverse();
    let y = DVector::from_row_slice(trial.values());
    let ones = DVector::from_element(n, 1.0);
    let inverse_ones = &inverse * &ones;
    let best_mean = inverse_ones.dot(&y) / inverse_ones.dot(&ones);
    let residual = y.add_scalar(-if fit_mean { best_mean } else { hyper.mean });
    let alpha = &inverse * &residual;
    let log_determinant: f64 = (0..n).map(|i| crate::num::ln(factor.l_dirty()[(i, i)])).sum::<f64>() * 2.0;
    let value = -0.5 * (residual.dot(&alpha) + log_determinant + n as f64 * LN_2PI);

    // dL/dθ = ½ Σ (α αᵀ − K⁻¹)_ij ∂K_ij/∂θ.
    let lengths = if hyper.isotropic { 1 } else { hyper.length_scales.len() };
    let mut gradient = vec![0.0; lengths + 2];
    let variance = kernel.variance();
    for i in 0..n {
        for j in 0..n {
            let weight = 0.5 * (alpha[i] * alpha[j] - inverse[(i, j)]);
            let slope =
                variance * kernel.family().log_length_slope(kernel.scaled_square(trial.input(i), trial.input(j)));
            for (d, length) in hyper.length_scales.iter().enumerate() {
                let delta = (trial.input(i).fractions()[d] - trial.input(j).fractions()[d]) / length;
                gradient[if hyper.isotropic { 0 } else { d }] += weight * slope * delta * delta;
            }
            gradient[lengths] += weight * 2.0 * signal[(i, j)];
        }
        let weight = 0.5 * (alpha[i] * alpha[i] - inverse[(i, i)]);
        gradient[lengths] += weight * 2.0 * variance * trial.jitter();
        gradient[lengths + 1] += weight * 2.0 * hyper.noise_sd * hyper.noise_sd;
        if trial.input_noise {
            // Input noise is s² Σ σ²/ℓ²: it scales with the prior variance and falls with each length scale.
            let noise = |sigma: &[f64]| kernel.input_noise_variance(sigma);
            let sigma = &trial.inputs[i].sigma;
            gradient[lengths] += weight * 2.0 * noise(sigma);
            for (d, s) in sigma.iter().enumerate() {
                let mut only = vec![0.0; sigma.len()];
                only[d] = *s;
                gradient[if hyper.isotropic { 0 } else { d }] -= weight * 2.0 * noise(&only);
            }
        }
    }
    Some(Likelihood { value, gradient, best_mean })
}

/// ln 2π.
const LN_2PI: f64 = 1.837_877_066_409_345_5;
