//! From raw element fractions with uncertainties to a composition on the simplex (eqs 2–3).
use super::{Composition, MAX_COMPONENTS};
use serde::{Deserialize, Serialize};

/// How raw fractions are brought onto the simplex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Closure {
    /// The paper's form: the least certain component is what the others leave (eqs 2–3).
    LargestSigma,
    /// Constrained least squares for independent, un-normalised fractions: σᵢ √(1 − σᵢ² / Σσ²).
    LeastSquares,
}

/// A composition as measured, with one standard deviation for each component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The composition, on the simplex.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<f64>"))]
    pub composition: Composition,
    /// One standard deviation for each component, atomic fraction.
    pub sigma: Vec<f64>,
}

impl Closure {
    /// Close raw fractions (any finite values, n of them) with standard deviations `sigma` (n, each ≥ 0).
    ///
    /// Noise can push a fraction below 0; it is then set to 0 and the rest is scaled back to a sum of 1.
    #[must_use]
    pub fn close(self, raw: &[f64], sigma: &[f64]) -> Measured {
        let n = raw.len();
        let total: f64 = sigma.iter().map(|s| s * s).sum();
        let (mut closed, mut spread) = ([0.0; MAX_COMPONENTS], sigma.to_vec());
        closed[..n].copy_from_slice(raw);
        match self {
            Self::LargestSigma => {
                // The first of equals, so that ties do not depend on the iteration order.
                let k = (1..n).fold(0, |best, i| if sigma[i] > sigma[best] { i } else { best });
                closed[k] = 1.0 - (0..n).filter(|i| *i != k).map(|i| raw[i]).sum::<f64>();
                spread[k] = (0..n).filter(|i| *i != k).map(|i| sigma[i] * sigma[i]).sum::<f64>().sqrt();
            }
            Self::LeastSquares if total > 0.0 => {
                let excess = raw.iter().sum::<f64>() - 1.0;
                for i in 0..n {
                    let share = sigma[i] * sigma[i] / total;
                    closed[i] -= excess * share;
                    spread[i] = sigma[i] * (1.0 - share).max(0.0).sqrt();
                }
            }
            Self::LeastSquares => {}
        }
        let inside: Vec<f64> = closed[..n].iter().map(|c| c.max(0.0)).collect();
        let composition = if inside.iter().sum::<f64>() > 0.0 {
            Composition::normalised(&inside)
        } else {
            Composition::normalised(&vec![1.0; n])
        };
        Measured { composition, sigma: spread }
    }
}

impl Measured {
    /// A composition known without error.
    #[must_use]
    pub fn exact(composition: Composition) -> Self {
        Self { sigma: vec![0.0; composition.components()], composition }
    }

    /// σ_tot of eq 3: the root of Σ σᵢ² over all components but the least certain one.
    #[must_use]
    pub fn sigma_total(&self) -> f64 {
        let largest = self.sigma.iter().fold(0.0_f64, |a, b| a.max(*b));
        let total: f64 = self.sigma.iter().map(|s| s * s).sum();
        // After eqs 2–3 the largest *is* the root of the others' sum; before them this drops the least certain.
        (total - largest * largest).max(0.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_certain_component_is_what_the_others_leave() {
        let m = Closure::LargestSigma.close(&[0.2, 0.3, 0.6], &[0.03, 0.04, 0.1]);
        assert!((m.composition.fractions()[2] - 0.5).abs() < 1e-15);
        assert!((m.sigma[2] - 0.05).abs() < 1e-15);
        assert!((m.sigma_total() - 0.05).abs() < 1e-12);
    }

    #[test]
    fn least_squares_shares_the_excess_by_variance_and_is_never_worse() {
        let m = Closure::LeastSquares.close(&[0.2, 0.3, 0.6], &[0.03, 0.04, 0.1]);
        assert!((m.composition.fractions().iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert!(m.composition.fractions()[2] < 0.6 - 0.07);
        assert!(m.sigma.iter().zip([0.03, 0.04, 0.1]).all(|(after, before)| *after < before));
    }

    #[test]
    fn negative_fractions_end_on_the_simplex() {
        let m = Closure::LargestSigma.close(&[-0.1, 0.4, 0.8], &[0.05, 0.05, 0.05]);
        assert!(m.composition.fractions().iter().all(|c| *c >= 0.0));
        assert!((m.composition.fractions().iter().sum::<f64>() - 1.0).abs() < 1e-15);
    }
}
