//! The surrogate: an exact Gaussian process over composition space, with observations appended in O(n²).
mod field;
mod fit;
mod kernel;
mod likelihood;

pub use field::Field;
pub use fit::fit;
pub use kernel::{BATCH, Family, Kernel};
pub use likelihood::{Likelihood, log_likelihood};

use crate::{
    composition::{Composition, Measured},
    library::PerComponent,
    num,
};
use serde::{Deserialize, Serialize};

/// Where hyper-parameters come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HyperSource {
    /// As set.
    Fixed,
    /// Maximum likelihood, refitted every `refit_every` measurements, starting from what is set.
    MaximumLikelihood,
}

/// Settings of the surrogate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SurrogateConfig {
    /// Family of kernels.
    pub kernel: Family,
    /// Length scale in composition units: one (isotropic), or one for each component (ARD).
    pub length_scale: PerComponent,
    /// Prior standard deviation of the property.
    pub prior_sd: f64,
    /// Standard deviation of the noise of a measured property.
    pub noise_sd: f64,
    /// Prior mean of the property.
    pub mean: f64,
    /// Where hyper-parameters come from.
    pub hyper: HyperSource,
    /// Whether maximum likelihood fits the mean too.
    pub fit_mean: bool,
    /// Measurements between two fits.
    pub refit_every: u32,
    /// Whether the uncertainty of a composition (eq 3) enters as noise of the value measured there.
    pub input_noise: bool,
}

/// Hyper-parameters of a Gaussian process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hyper {
    /// Family of kernels.
    pub kernel: Family,
    /// One length scale for each component.
    pub length_scales: Vec<f64>,
    /// Whether all length scales are one parameter.
    pub isotropic: bool,
    /// Prior standard deviation.
    pub prior_sd: f64,
    /// Noise standard deviation.
    pub noise_sd: f64,
    /// Prior mean.
    pub mean: f64,
}

impl Hyper {
    /// The hyper-parameters that a checked configuration sets for n components.
    #[must_use]
    pub fn from_config(config: &SurrogateConfig, components: usize) -> Self {
        Self {
            kernel: config.kernel,
            length_scales: config.length_scale.values(components),
            isotropic: matches!(config.length_scale, PerComponent::Same(_)),
            prior_sd: config.prior_sd,
            noise_sd: config.noise_sd,
            mean: config.mean,
        }
    }

    fn to_kernel(&self) -> Kernel {
        Kernel::new(self.kernel, self.prior_sd * self.prior_sd, &self.length_scales)
    }
}

/// Relative jitter tried in turn when the covariance matrix is not positive definite in floating point; a share of its mean
/// diagonal.
pub const JITTER_LADDER: [f64; 5] = [0.0, 1e-14, 1e-12, 1e-10, 1e-8];

/// The covariance matrix stays singular at the last step of [`JITTER_LADDER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the covariance of {observations} observations is singular even with the largest jitter")]
pub struct Singular {
    /// How many observations there are.
    pub observations: usize,
}

/// An exact Gaussian process: K + noise = L Lᵀ, z = L⁻¹ (y − mean).
#[derive(Clone, Debug)]
pub struct Gp {
    hyper: Hyper,
    kernel: Kernel,
    input_noise: bool,
    inputs: Vec<Measured>,
    values: Vec<f64>,
    /// Rows of L, one after the other; row i has i + 1 entries.
    factor: Vec<f64>,
    z: Vec<f64>,
    jitter_step: usize,
    epoch: u32,
}

impl Gp {
    /// A process without observations. `input_noise`: whether composition uncertainty enters as noise.
    #[must_use]
    pub fn new(hyper: Hyper, input_noise: bool) -> Self {
        let kernel = hyper.to_kernel();
        Self {
            hyper,
            kernel,
            input_noise,
            inputs: Vec::new(),
            values: Vec::new(),
            factor: Vec::new(),
            z: Vec::new(),
            jitter_step: 0,
            epoch: 1,
        }
    }

    /// Append one observation in O(n²); climbs the jitter ladder (one refactorisation a step) when the matrix needs it.
    /// `before_refactor` is then shown the process as it was, so that what follows its rows can catch up with them first.
    ///
    /// # Errors
    /// [`Singular`] at the end of the ladder; the observation is then not taken up.
    pub fn append(&mut self, at: &Measured, value: f64, before_refactor: impl FnOnce(&Self)) -> Result<(), Singular> {
        self.inputs.push(at.clone());
        self.values.push(value);
        if self.extend() {
            return Ok(());
        }
        before_refactor(self);
        let before = self.jitter_step;
        while self.jitter_step + 1 < JITTER_LADDER.len() {
            self.jitter_step += 1;
            if self.refactor() {
                return Ok(());
            }
        }
        let observations = self.inputs.len();
        self.inputs.pop();
        self.values.pop();
        self.jitter_step = before;
        self.refactor();
        Err(Singular { observations })
    }

    /// Replace the hyper-parameters and factorise anew, O(n³).
    ///
    /// # Errors
    /// [`Singular`]; the old hyper-parameters then stay.
    pub fn set_hyper(&mut self, hyper: Hyper) -> Result<(), Singular> {
        let old = (self.hyper.clone(), self.jitter_step);
        self.kernel = hyper.to_kernel();
        self.hyper = hyper;
        for step in 0..JITTER_LADDER.len() {
            self.jitter_step = step;
            if self.refactor() {
                return Ok(());
            }
        }
        (self.hyper, self.jitter_step) = old;
        self.kernel = self.hyper.to_kernel();
        self.refactor();
        Err(Singular { observations: self.inputs.len() })
    }

    /// The process over the first `observations` with other hyper-parameters, for looking back.
    #[must_use]
    pub fn replayed(&self, hyper: Hyper, observations: usize) -> Self {
        let mut past = Self::new(hyper, self.input_noise);
        for (at, value) in self.inputs.iter().zip(&self.values).take(observations) {
            // What is singular now was taken up then under a jitter that is not worth repeating for a picture.
            let _ = past.append(at, *value, |_| {});
        }
        past
    }

    fn refactor(&mut self) -> bool {
        self.factor.clear();
        self.z.clear();
        self.epoch += 1;
        while self.z.len() < self.inputs.len() {
            if !self.extend() {
                return false;
            }
        }
        true
    }

    /// Compute the next row of L and entry of z; false when its pivot is not positive.
    fn extend(&mut self) -> bool {
        let i = self.z.len();
        let at = &self.inputs[i].composition;
        let start = self.factor.len();
        self.factor.reserve(i + 1);
        for j in 0..i {
            let k = self.kernel.value(at, &self.inputs[j].composition);
            let (done, row) = self.factor.split_at(start);
            let l = &done[j * (j + 1) / 2..][..=j];
            let entry = (k - num::dot(&l[..j], &row[..j])) / l[j];
            self.factor.push(entry);
        }
        let row = &self.factor[start..];
        let pivot = self.diagonal(i) - num::dot(row, row);
        // Below this the pivot is rounding noise of the diagonal, and its root would be too.
        if pivot <= 4.0 * f64::EPSILON * self.kernel.variance() {
            self.factor.truncate(start);
            return false;
        }
        let root = pivot.sqrt();
        let z = (self.values[i] - self.hyper.mean - num::dot(row, &self.z)) / root;
        self.factor.push(root);
        self.z.push(z);
        true
    }

    /// Diagonal of the covariance matrix: prior, noise, input noise and jitter.
    fn diagonal(&self, i: usize) -> f64 {
        self.kernel.variance() * (1.0 + JITTER_LADDER[self.jitter_step]) + self.noise_variance(i)
    }

    fn noise_variance(&self, i: usize) -> f64 {
        let input = if self.input_noise { self.kernel.input_noise_variance(&self.inputs[i].sigma) } else { 0.0 };
        self.hyper.noise_sd * self.hyper.noise_sd + input
    }

    /// Number of observations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.z.len()
    }

    /// Whether there are no observations.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.z.is_empty()
    }

    /// Prior mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.hyper.mean
    }

    /// The hyper-parameters in force.
    #[must_use]
    pub fn hyper(&self) -> &Hyper {
        &self.hyper
    }

    /// The kernel in force.
    #[must_use]
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// Measured values, in order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Relative jitter in force, one of [`JITTER_LADDER`].
    #[must_use]
    pub fn jitter(&self) -> f64 {
        JITTER_LADDER[self.jitter_step]
    }

    /// Changes whenever earlier rows of L change, so that a [`Field`] knows to start again.
    #[must_use]
    pub(crate) fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Where observation `i` was made.
    #[must_use]
    pub fn input(&self, i: usize) -> &Composition {
        &self.inputs[i].composition
    }

    /// L⁻¹ u by forward substitution; `u` has one entry for each observation.
    #[must_use]
    pub fn whiten(&self, u: &[f64]) -> Vec<f64> {
        let mut out: Vec<f64> = Vec::with_capacity(u.len());
        for (i, value) in u.iter().enumerate() {
            let row = self.row(i);
            out.push((value - num::dot(&row[..i], &out)) / row[i]);
        }
        out
    }

    /// Row i of L, i + 1 entries.
    #[must_use]
    pub(crate) fn row(&self, i: usize) -> &[f64] {
        &self.factor[i * (i + 1) / 2..][..=i]
    }

    pub(crate) fn whitened(&self, i: usize) -> f64 {
        self.z[i]
    }
}
