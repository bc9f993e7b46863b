//! Stationary kernels of the scaled distance r = √Σ ((cᵢ − c′ᵢ) / ℓᵢ)².
use crate::{
    composition::{Composition, MAX_COMPONENTS},
    num,
};
use serde::{Deserialize, Serialize};

/// Points evaluated together; the arrays of one batch stay in the first-level cache.
pub const BATCH: usize = 256;
const SQRT_3: f64 = 1.732_050_807_568_877_2;
const SQRT_5: f64 = 2.236_067_977_499_79;

/// Family of kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// exp(−r²/2).
    Rbf,
    /// (1 + √3 r) exp(−√3 r).
    #[serde(rename = "matern_32")]
    Matern32,
    /// (1 + √5 r + 5r²/3) exp(−√5 r).
    #[serde(rename = "matern_52")]
    Matern52,
}

/// A kernel with its hyper-parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    family: Family,
    variance: f64,
    inverse_lengths: [f64; MAX_COMPONENTS],
    components: usize,
}

impl Family {
    /// Correlation at squared scaled distance `r2`.
    #[inline(always)]
    #[must_use]
    pub fn correlation(self, r2: f64) -> f64 {
        match self {
            Self::Rbf => num::exp(-0.5 * r2),
            Self::Matern32 => {
                let r = SQRT_3 * r2.sqrt();
                (1.0 + r) * num::exp(-r)
            }
            Self::Matern52 => {
                let r = SQRT_5 * r2.sqrt();
                (1.0 + r + r * r * (1.0 / 3.0)) * num::exp(-r)
            }
        }
    }

    /// −2 dk/d(r²): the derivative of the correlation with respect to ln ℓᵢ is this times ((cᵢ − c′ᵢ)/ℓᵢ)².
    #[must_use]
    pub fn log_length_slope(self, r2: f64) -> f64 {
        match self {
            Self::Rbf => num::exp(-0.5 * r2),
            Self::Matern32 => 3.0 * num::exp(-SQRT_3 * r2.sqrt()),
            Self::Matern52 => {
                let r = SQRT_5 * r2.sqrt();
                5.0 / 3.0 * (1.0 + r) * num::exp(-r)
            }
        }
    }
}

impl Kernel {
    /// A kernel of prior variance `variance` with one length scale for each component.
    #[must_use]
    pub fn new(family: Family, variance: f64, lengths: &[f64]) -> Self {
        let mut inverse_lengths = [0.0; MAX_COMPONENTS];
        for (inverse, length) in inverse_lengths.iter_mut().zip(lengths) {
            *inverse = 1.0 / length;
        }
        Self { family, variance, inverse_lengths, components: lengths.len() }
    }

    /// k(c, c), the prior variance.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.variance
    }

    /// The family.
    #[must_use]
    pub fn family(&self) -> Family {
        self.family
    }

    /// Squared scaled distance.
    #[must_use]
    pub fn scaled_square(&self, a: &Composition, b: &Composition) -> f64 {
        let mut r2 = 0.0;
        for i in 0..self.components {
            let d = (a.fractions()[i] - b.fractions()[i]) * self.inverse_lengths[i];
            r2 += d * d;
        }
        r2
    }

    /// k(a, b).
    #[must_use]
    pub fn value(&self, a: &Composition, b: &Composition) -> f64 {
        self.variance * self.family.correlation(self.scaled_square(a, b))
    }

    /// k(at, p) for a batch of points whose coordinates are stored component by component, `out.len()` in each.
    ///
    /// The same operations in the same order as [`Self::value`], so that both give the same bits.
    #[inline(always)]
    pub fn row(&self, at: &Composition, coordinates: &[f64], out: &mut [f64]) {
        let len = out.len();
        for i in 0..self.components {
            let (c, inverse) = (at.fractions()[i], self.inverse_lengths[i]);
            let square = |p: &f64| (c - p) * inverse * ((c - p) * inverse);
            let pairs = out.iter_mut().zip(&coordinates[i * len..(i + 1) * len]);
            if i == 0 {
                pairs.for_each(|(r2, p)| *r2 = square(p));
            } else {
                pairs.for_each(|(r2, p)| *r2 += square(p));
            }
        }
        // One loop for each family: a match inside would keep the loop from vectorising.
        match self.family {
            Family::Rbf => out.iter_mut().for_each(|k| *k = self.variance * Family::Rbf.correlation(*k)),
            Family::Matern32 => out.iter_mut().for_each(|k| *k = self.variance * Family::Matern32.correlation(*k)),
            Family::Matern52 => out.iter_mut().for_each(|k| *k = self.variance * Family::Matern52.correlation(*k)),
        }
    }

    /// Variance that input noise of standard deviations `sigma` adds to a measured value, to first order and averaged over
    /// the prior: Σ σᵢ² E\[(∂f/∂cᵢ)²\] = Σ σᵢ² s²/ℓᵢ² × (1, 3 or 5/3).
    #[must_use]
    pub fn input_noise_variance(&self, sigma: &[f64]) -> f64 {
        let slope = match self.family {
            Family::Rbf => 1.0,
            Family::Matern32 => 3.0,
            Family::Matern52 => 5.0 / 3.0,
        };
        sigma.iter().zip(&self.inverse_lengths).map(|(s, l)| s * s * l * l).sum::<f64>() * slope * self.variance
    }
}
