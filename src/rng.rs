//! Named random streams: every use of chance has its own generator, derived from the campaign's seed.
//!
//! Drawing more in one stream never shifts another, so that a changed option changes what it should and nothing else. The
//! samplers are our own because a distribution crate may call the platform's `ln`, whose bits differ between targets.
use crate::num;
use rand::{Rng, SeedableRng, rngs::Xoshiro256PlusPlus};

/// What a stream is for; part of the seed. The numbers are in every record: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Particles of one tile; index = tile.
    Tile = 1,
    /// Centres and amplitudes of the hidden response.
    Response = 2,
    /// Compositions on which the response is normalised.
    ResponseScale = 3,
    /// The first tile.
    FirstTile = 4,
    /// The seed particles, and what the random planner picks.
    Choice = 5,
    /// Order among equally good regions; index = tile.
    TieBreak = 6,
    /// Compositions over which expectations are taken; index = how often the pool was drawn.
    Pool = 7,
    /// Monte-Carlo expected gain and imagined regions; index = iteration.
    Gain = 8,
    /// Thompson samples; index = iteration.
    Thompson = 9,
    /// Instrument noise of a composition map; index = tile.
    EdxNoise = 10,
    /// Instrument noise of a spectrum; index = tile and particle.
    EelsNoise = 11,
    /// Monte-Carlo checks of the capacity estimate.
    Capacity = 12,
    /// Which tiles the metrics look at when a library is too large to look at every particle.
    MetricsSample = 13,
    /// How long a client waits before it connects again.
    Backoff = 14,
    /// Noise of a simulated picture; index = command.
    Picture = 15,
    /// What goes wrong in the simulated instrument; index = command.
    Misbehaviour = 16,
}

/// One stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream(Xoshiro256PlusPlus);

/// One round of the SplitMix64 finaliser.
const fn mix(x: u64) -> u64 {
    let z = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A hash of a seed, a purpose and an index; uniform over 64 bits.
#[must_use]
pub const fn hash(seed: u32, purpose: Purpose, index: u64) -> u64 {
    mix(mix(mix(seed as u64) ^ purpose as u64) ^ index)
}

impl Stream {
    /// The stream for `purpose` and `index` under a campaign's `seed`.
    #[must_use]
    pub fn new(seed: u32, purpose: Purpose, index: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(hash(seed, purpose, index)))
    }

    /// Uniform on [0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform on (0, 1]: safe to take the logarithm of.
    fn uniform_positive(&mut self) -> f64 {
        1.0 - self.uniform()
    }

    /// Uniform integer in 0..n (n > 0), without bias (Lemire's multiplication with rejection).
    pub fn below(&mut self, n: u32) -> u32 {
        let threshold = n.wrapping_neg() % n;
        loop {
            let product = (self.0.next_u64() >> 32) * u64::from(n);
            if product as u32 >= threshold {
                return (product >> 32) as u32;
            }
        }
    }

    /// Standard normal (Marsaglia's polar method; the second value is dropped so that a stream has no hidden state).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = x * x + y * y;
            if s > 0.0 && s < 1.0 {
                return x * (-2.0 * num::ln(s) / s).sqrt();
            }
        }
    }

    /// Normal truncated to values above 0, by rejection. `mean > 0`, so that at least half of the draws are kept.
    pub fn positive_normal(&mut self, mean: f64, sd: f64) -> f64 {
        loop {
            let x = mean + sd * self.normal();
            if x > 0.0 {
                return x;
            }
        }
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -num::ln(self.uniform_positive())
    }

    /// Gamma with the given shape (> 0) and scale 1 (Marsaglia and Tsang 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape == 1.0 {
            return self.exponential();
        }
        if shape < 1.0 {
            let boost = num::powf(self.uniform_positive(), 1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let z = self.normal();
            let t = 1.0 + c * z;
            if t <= 0.0 {
                continue;
            }
            let v = t * t * t;
            if num::ln(self.uniform_positive()) < 0.5 * z * z + d - d * v + d * num::ln(v) {
                return d * v;
            }
        }
    }

    /// Poisson with the given mean (≥ 0): Knuth's product, in pieces of mean ≤ 30 so that no factor underflows.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let pieces = (mean / 30.0).ceil().max(1.0);
        let limit = num::exp(-mean / pieces);
        let mut count = 0;
        for _ in 0..pieces as u64 {
            let mut product = self.uniform_positive();
            while product > limit {
                count += 1;
                product *= self.uniform_positive();
            }
        }
        count
    }

    /// `k` different integers of 0..n in random order (all of them when k ≥ n).
    pub fn choose(&mut self, n: u32, k: u32) -> Vec<u32> {
        let mut all: Vec<u32> = (0..n).collect();
        let k = k.min(n);
        for i in 0..k {
            let j = i + self.below(n - i);
            all.swap(i as usize, j as usize);
        }
        all.truncate(k as usize);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_and_variance(mut draw: impl FnMut(&mut Stream) -> f64) -> (f64, f64) {
        let mut s = Stream::new(7, Purpose::Tile, 0);
        let x: Vec<f64> = (0..100_000).map(|_| draw(&mut s)).collect();
        let mean = num::sum(&x) / 1e5;
        let centred: Vec<f64> = x.iter().map(|v| v - mean).collect();
        (mean, num::dot(&centred, &centred) / 1e5)
    }

    /// Mean and variance of 1e5 draws against theory, within five standard errors of the mean.
    #[test]
    fn samplers_have_the_moments_they_claim() {
        type Draw = Box<dyn FnMut(&mut Stream) -> f64>;
        let cases: Vec<(&str, Draw, f64, f64)> = vec![
            ("uniform", Box::new(Stream::uniform), 0.5, 1.0 / 12.0),
            ("normal", Box::new(Stream::normal), 0.0, 1.0),
            ("exponential", Box::new(Stream::exponential), 1.0, 1.0),
            ("gamma 0.5", Box::new(|s| s.gamma(0.5)), 0.5, 0.5),
            ("gamma 4.2", Box::new(|s| s.gamma(4.2)), 4.2, 4.2),
            ("poisson 18", Box::new(|s| f64::from(s.poisson(18.0))), 18.0, 18.0),
            ("poisson 75", Box::new(|s| f64::from(s.poisson(75.0))), 75.0, 75.0),
            ("below 6", Box::new(|s| f64::from(s.below(6))), 2.5, 35.0 / 12.0),
        ];
        for (name, draw, mean, variance) in cases {
            let (m, v) = mean_and_variance(draw);
            assert!((m - mean).abs() < 5.0 * (variance / 1e5).sqrt(), "{name}: mean {m}");
            assert!((v / variance - 1.0).abs() < 0.04, "{name}: variance {v}");
        }
    }

    #[test]
    fn streams_are_independent_and_repeatable() {
        let first = |p, i| Stream::new(3, p, i).uniform();
        assert_eq!(first(Purpose::Tile, 5), first(Purpose::Tile, 5));
        assert_ne!(first(Purpose::Tile, 5), first(Purpose::Tile, 6));
        assert_ne!(first(Purpose::Tile, 5), first(Purpose::Pool, 5));
    }

    #[test]
    fn choosing_gives_different_members() {
        let mut chosen = Stream::new(1, Purpose::Choice, 0).choose(10, 99);
        chosen.sort_unstable();
        assert_eq!(chosen, (0..10).collect::<Vec<_>>());
    }
}
