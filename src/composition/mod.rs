//! Compositions: points of the unit simplex, cᵢ ≥ 0 and Σ cᵢ = 1, of 2 to 10 components.
mod closure;
mod fit;
mod grid;

pub use closure::{Closure, Measured};
pub use fit::dirichlet_by_moments;
pub use grid::{grid_point_count, grid_points};

use crate::rng::Stream;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Fewest components.
pub const MIN_COMPONENTS: usize = 2;
/// Most components.
pub const MAX_COMPONENTS: usize = 10;
/// Largest distance between two compositions, √2.
pub const DIAMETER: f64 = std::f64::consts::SQRT_2;
/// Largest deviation of Σ cᵢ from 1 that is taken for rounding in a user's table and closed silently.
pub const SUM_TOLERANCE: f64 = 1e-3;

/// A composition; fractions are atomic, in the order of the campaign's elements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Composition {
    components: u8,
    fractions: [f64; MAX_COMPONENTS],
}

/// Fractions that are no composition.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CompositionError {
    /// The number of components is out of range.
    #[error("{0} components; allowed: {MIN_COMPONENTS} to {MAX_COMPONENTS}")]
    Components(usize),
    /// A fraction is negative or not finite.
    #[error("fraction {index} is {value}; allowed: a number from 0 to 1")]
    Fraction {
        /// Which component, from 1.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// The fractions do not sum to 1.
    #[error("the fractions sum to {0:.4}; allowed: 1 within {SUM_TOLERANCE}")]
    Sum(f64),
}

impl Composition {
    /// A composition from fractions that sum to 1 within [`SUM_TOLERANCE`]; the sum is then closed exactly.
    ///
    /// # Errors
    /// Wrong number of components, a negative or non-finite fraction, or a sum that is not 1.
    pub fn new(fractions: &[f64]) -> Result<Self, CompositionError> {
        if !(MIN_COMPONENTS..=MAX_COMPONENTS).contains(&fractions.len()) {
            return Err(CompositionError::Components(fractions.len()));
        }
        if let Some((i, &value)) = fractions.iter().enumerate().find(|(_, c)| !(c.is_finite() && **c >= 0.0)) {
            return Err(CompositionError::Fraction { index: i + 1, value });
        }
        let sum: f64 = fractions.iter().sum();
        if (sum - 1.0).abs() > SUM_TOLERANCE {
            return Err(CompositionError::Sum(sum));
        }
        Ok(Self::normalised(fractions))
    }

    /// The composition proportional to non-negative `parts` (2 to 10 of them, not all 0).
    pub(crate) fn normalised(parts: &[f64]) -> Self {
        let sum: f64 = parts.iter().sum();
        let mut fractions = [0.0; MAX_COMPONENTS];
        for (c, part) in fractions.iter_mut().zip(parts) {
            *c = part / sum;
        }
        Self { components: parts.len() as u8, fractions }
    }

    /// A draw from the Dirichlet distribution with concentrations `alpha` (each > 0); all ones is the uniform distribution.
    pub fn dirichlet(alpha: &[f64], stream: &mut Stream) -> Self {
        let mut parts = [0.0; MAX_COMPONENTS];
        for (part, a) in parts.iter_mut().zip(alpha) {
            // A gamma draw of a small shape can underflow to 0; the floor keeps the sum above 0.
            *part = stream.gamma(*a).max(f64::MIN_POSITIVE);
        }
        Self::normalised(&parts[..alpha.len()])
    }

    /// The fractions, one for each component.
    #[must_use]
    pub fn fractions(&self) -> &[f64] {
        &self.fractions[..self.components()]
    }

    /// How many components.
    #[must_use]
    pub fn components(&self) -> usize {
        usize::from(self.components)
    }

    /// Euclidean distance on the full n-vector, 0 to √2.
    #[must_use]
    pub fn distance(&self, other: &Self) -> f64 {
        self.fractions().iter().zip(other.fractions()).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
    }
}

impl Serialize for Composition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fractions().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Composition {
    /// Keeps the bits that were written: a record must read back as it was.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Vec::<f64>::deserialize(deserializer)?;
        let checked = Self::new(&list).map_err(serde::de::Error::custom)?;
        let mut exact = checked;
        exact.fractions[..list.len()].copy_from_slice(&list);
        Ok(exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    #[test]
    fn what_is_no_composition_is_refused_by_name() {
        assert_eq!(Composition::new(&[1.0]), Err(CompositionError::Components(1)));
        assert_eq!(Composition::new(&[1.5, -0.5]), Err(CompositionError::Fraction { index: 2, value: -0.5 }));
        assert_eq!(Composition::new(&[0.5, 0.4]), Err(CompositionError::Sum(0.9)));
        assert!(Composition::new(&[f64::NAN, 1.0]).is_err());
        assert!(Composition::new(&[0.3333, 0.3333, 0.3333]).is_ok(), "rounded tables are closed");
    }

    #[test]
    fn uniform_draws_have_the_dirichlet_moments() {
        let mut s = Stream::new(1, Purpose::Pool, 0);
        let draws: Vec<_> = (0..40_000).map(|_| Composition::dirichlet(&[1.0; 4], &mut s)).collect();
        let mean = draws.iter().map(|c| c.fractions()[2]).sum::<f64>() / 4e4;
        let square = draws.iter().map(|c| c.fractions()[2] * c.fractions()[2]).sum::<f64>() / 4e4;
        assert!((mean - 0.25).abs() < 0.005, "{mean}");
        assert!((square - 0.1).abs() < 0.005, "E c² = 2 / (n (n + 1)): {square}");
        assert!(draws.iter().all(|c| (c.fractions().iter().sum::<f64>() - 1.0).abs() < 1e-12));
    }

    #[test]
    fn corners_are_one_diameter_apart() {
        let (a, b) = (Composition::new(&[1.0, 0.0, 0.0]).unwrap(), Composition::new(&[0.0, 0.0, 1.0]).unwrap());
        assert_eq!(a.distance(&b), DIAMETER);
    }
}
