//! Novelty: n(c) = 1 − exp(−d(c, C_seen) / d₀), ã = a (1 + λ_nov n) (eqs 14–15).
use crate::{composition::Composition, num};

/// Distances from a set of points to the nearest measured composition.
#[derive(Clone, Debug)]
pub struct Novelty {
    weight: f64,
    length: f64,
    points: Vec<Composition>,
    nearest: Vec<f64>,
}

impl Novelty {
    /// Novelty with weight λ_nov ≥ 0 and length d₀ > 0 (composition units).
    #[must_use]
    pub fn new(weight: f64, length: f64, points: Vec<Composition>) -> Self {
        let nearest = vec![f64::INFINITY; points.len()];
        Self { weight, length, points, nearest }
    }

    /// Whether it changes anything.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.weight == 0.0
    }

    /// The same distances under another weight and length. They are kept only while the weight is not 0.
    pub fn weigh(&mut self, weight: f64, length: f64) {
        (self.weight, self.length) = (weight, length);
    }

    /// A composition has been measured.
    pub fn saw(&mut self, seen: &Composition) {
        if !self.is_off() {
            for (point, d) in self.points.iter().zip(&mut self.nearest) {
                *d = d.min(point.distance(seen));
            }
        }
    }

    /// Augment the acquisitions of the points in place.
    pub fn augment(&self, acquisitions: &mut [f64]) {
        if !self.is_off() {
            for (a, d) in acquisitions.iter_mut().zip(&self.nearest) {
                *a *= 1.0 + self.weight * (1.0 - num::exp(-d / self.length));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_not_novel() {
        let c = |f: [f64; 2]| Composition::new(&f).unwrap();
        let mut novelty = Novelty::new(2.0, 0.5, vec![c([1.0, 0.0]), c([0.0, 1.0])]);
        novelty.saw(&c([1.0, 0.0]));
        let mut a = [1.0, 1.0];
        novelty.augment(&mut a);
        assert_eq!(a[0], 1.0);
        assert!((a[1] - (1.0 + 2.0 * (1.0 - libm::exp(-2.0_f64.sqrt() / 0.5)))).abs() < 1e-14);
    }
}
