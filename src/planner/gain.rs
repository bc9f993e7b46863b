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
    /// Values of the pool as bits, and room to sort them.
    order: Vec<u64>,
    scratch: Vec<u64>,
    sorted: Vec<f64>,
}

impl ExactGain {
    /// The expectation; `pool` holds values ≥ 0 in any order.
    pub fn expected(&mut self, pool: &[f64], lambda: f64) -> f64 {
        if self.weights.len() != pool.len() || self.lambda != lambda {
            self.weigh(pool.len(), lambda);
        }
        self.sort(pool);
        self.sorted.clear();
        self.sorted.extend(self.order.iter().map(|bits| f64::from_bits(*bits)));
        num::wide(
            #[inline(always)]
            || num::dot(&self.sorted, &self.weights),
        )
    }

    fn weigh(&mut self, pool: usize, lambda: f64) {
        let m = pool as f64;
        let mut below = vec![0.0; pool + 1];
        num::wide(
            #[inline(always)]
            || below.iter_mut().enumerate().for_each(|(k, p)| *p = num::exp(-lambda * (1.0 - k as f64 / m))),
        );
        self.weights = below.windows(2).map(|pair| pair[1] - pair[0]).collect();
        self.lambda = lambda;
    }

    /// Sort the pool. Values that are not negative order like their bits, so two passes of a radix sort over the leading bits
    /// leave few neighbours to exchange, which insertion then does.
    // Within a larger body, V8 keeps its registers in memory.
    #[inline(never)]
    fn sort(&mut self, pool: &[f64]) {
        self.order.clear();
        self.order.extend(pool.iter().map(|a| (a + 0.0).to_bits()));
        let (low, high) = self.order.iter().fold((u64::MAX, 0), |(l, h), x| (l.min(*x), h.max(*x)));
        let shift = (64 - (high - low.min(high)).leading_zeros()).saturating_sub(2 * DIGIT);
        self.scratch.resize(pool.len(), 0);
        for pass in [0, DIGIT] {
            let digit = |x: u64| ((x - low) >> (shift + pass)) as usize & ((1 << DIGIT) - 1);
            let mut starts = [0_u32; 1 << DIGIT];
            self.order.iter().for_each(|x| starts[digit(*x)] += 1);
            let mut sum = 0;
            for start in &mut starts {
                sum += std::mem::replace(start, sum);
            }
            for x in &self.order {
                let start = &mut starts[digit(*x)];
                self.scratch[*start as usize] = *x;
                *start += 1;
            }
            std::mem::swap(&mut self.order, &mut self.scratch);
        }
        for i in 1..self.order.len() {
            let (x, mut j) = (self.order[i], i);
            while j > 0 && self.order[j - 1] > x {
                self.order[j] = self.order[j - 1];
                j -= 1;
            }
            self.order[j] = x;
        }
    }
}

/// Bits of one pass of the radix sort.
const DIGIT: u32 = 10;

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
