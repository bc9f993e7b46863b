//! E_gain: what the best particle of a new region is worth on average (eqs 11–13).
use crate::{num, rng::Stream};

/// E\[max a\] over N ~ Poisson(λ) draws from a pool, 0 when N = 0, without sampling.
///
/// P(max ≤ x) = exp(−λ (1 − F(x))), so over the ascending pool a₁ ≤ … ≤ a_M
/// E = Σ_k a_k \[e^{−λ(1−k/M)} − e^{−λ(1−(k−1)/M)}\].
#[derive(Clone, Debug, Default)]
pub struct ExactGain {
    lambda: f64,
    weights: Vec<f64>,
    order: Vec<u64>,
}

impl ExactGain {
    /// The expectation; `pool` holds values ≥ 0 in any order.
    pub fn expected(&mut self, pool: &[f64], lambda: f64) -> f64 {
        if self.weights.len() != pool.len() || self.lambda != lambda {
            let m = pool.len() as f64;
            let below = |k: usize| num::exp(-lambda * (1.0 - k as f64 / m));
            self.weights = (1..=pool.len()).map(|k| below(k) - below(k - 1)).collect();
            self.lambda = lambda;
        }
        // Values that are not negative order like their bits, and integers sort without comparisons of floats.
        self.order.clear();
        self.order.extend(pool.iter().map(|a| (a + 0.0).to_bits()));
        self.order.sort_unstable();
        let mut lanes = [0.0; 8];
        for (chunk, weights) in self.order.chunks(8).zip(self.weights.chunks(8)) {
            for (i, (bits, w)) in chunk.iter().zip(weights).enumerate() {
                lanes[i] += f64::from_bits(*bits) * w;
            }
        }
        num::sum(&lanes)
    }
}

/// The same by drawing `draws` regions; the mean and its standard error.
#[must_use]
pub fn monte_carlo_gain(pool: &[f64], lambda: f64, draws: u32, stream: &mut Stream) -> (f64, f64) {
    let (mut sum, mut square) = (0.0, 0.0);
    for _ in 0..draws {
        let n = stream.poisson(lambda);
        let best = (0..n).map(|_| pool[stream.below(pool.len() as u32) as usize]).fold(0.0_f64, f64::max);
        sum += best;
        square += best * best;
    }
    let mean = sum / f64::from(draws);
    let variance = (square / f64::from(draws) - mean * mean).max(0.0);
    (mean, (variance / f64::from(draws)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    #[test]
    fn exact_and_drawn_agree_within_three_standard_errors() {
        let mut stream = Stream::new(11, Purpose::Gain, 0);
        for lambda in [0.3, 2.0, 18.0, 80.0] {
            let pool: Vec<f64> = (0..500).map(|_| stream.uniform() * stream.uniform()).collect();
            let exact = ExactGain::default().expected(&pool, lambda);
            let (drawn, error) = monte_carlo_gain(&pool, lambda, 40_000, &mut stream);
            assert!((exact - drawn).abs() <= 3.0 * error, "λ = {lambda}: {exact} against {drawn} ± {error}");
        }
    }

    #[test]
    fn limits() {
        let pool = [0.2, 0.9, 0.5];
        let mut gain = ExactGain::default();
        assert_eq!(gain.expected(&pool, 0.0), 0.0);
        assert!((gain.expected(&pool, 500.0) - 0.9).abs() < 1e-12);
        // One particle, with probability 1 − e^{−λ} more than none, to first order in λ: λ × mean.
        assert!((gain.expected(&pool, 1e-6) / 1e-6 - 1.6 / 3.0).abs() < 1e-5);
    }
}
