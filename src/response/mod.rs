//! The hidden property that a campaign discovers: a superposition of K Gaussians over composition space.
mod table;

pub use table::{KnownValue, MAX_ROWS, parse_response_csv};

use crate::{
    composition::Composition,
    num,
    rng::{Purpose, Stream},
};
use serde::{Deserialize, Serialize};

/// How amplitudes are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Amplitudes {
    /// Uniform on (−1, 1).
    UniformSigned,
    /// Uniform on (0, 1).
    Uniform,
    /// Standard normal.
    Normal,
    /// All 1.
    Equal,
}

/// How the sum is scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Minimum to 0, maximum to 1, both over 512 compositions drawn from the library's distribution.
    MinMax,
    /// Divided by the largest magnitude over the same compositions.
    Peak,
    /// As summed.
    None,
}

/// Settings of the response.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ResponseConfig {
    /// K.
    pub gaussians: u32,
    /// Standard deviation of each Gaussian, in composition units.
    pub width: f64,
    /// How amplitudes are drawn.
    pub amplitudes: Amplitudes,
    /// How the sum is scaled.
    pub scale: Scale,
    /// Values that are known, in place of the Gaussians; between them they are interpolated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Vec<KnownValue>>,
}

/// Compositions on which the sum is normalised.
pub const SCALE_SAMPLE: u32 = 512;
/// Gaussians evaluated together; a fixed number, so that the order of the sum is fixed.
const CHUNK: usize = 16;
const LANES: usize = 8;

/// The response; normalised once [`Response::advance`] has seen the whole sample.
#[derive(Clone, Debug)]
pub struct Response {
    components: usize,
    /// Blocks of `components` × [`CHUNK`] coordinates, then [`CHUNK`] amplitudes.
    blocks: Vec<f64>,
    inverse: f64,
    config: ResponseConfig,
    sample: Stream,
    alpha: Vec<f64>,
    sampled: u32,
    range: (f64, f64),
}

impl Response {
    /// The response of a checked configuration, not normalised yet. Centres are uniform over the simplex, the sample follows
    /// the Dirichlet concentrations `alpha` of the library.
    #[must_use]
    pub(crate) fn new(config: &ResponseConfig, alpha: &[f64], seed: u32) -> Self {
        let components = alpha.len();
        let mut stream = Stream::new(seed, Purpose::Response, 0);
        let stride = (components + 1) * CHUNK;
        let gaussians = if config.table.is_some() { 0 } else { config.gaussians as usize };
        let chunks = gaussians.div_ceil(CHUNK);
        let mut blocks = vec![0.0; chunks * stride];
        let uniform = vec![1.0; components];
        for k in 0..gaussians {
            let centre = Composition::dirichlet(&uniform, &mut stream);
            let amplitude = match config.amplitudes {
                Amplitudes::UniformSigned => 2.0 * stream.uniform() - 1.0,
                Amplitudes::Uniform => stream.uniform(),
                Amplitudes::Normal => stream.normal(),
                Amplitudes::Equal => 1.0,
            };
            let block = &mut blocks[k / CHUNK * stride..][..stride];
            for (d, c) in centre.fractions().iter().enumerate() {
                block[d * CHUNK + k % CHUNK] = *c;
            }
            block[components * CHUNK + k % CHUNK] = amplitude;
        }
        Self {
            components,
            blocks,
            inverse: -0.5 / (config.width * config.width),
            config: config.clone(),
            sample: Stream::new(seed, Purpose::ResponseScale, 0),
            alpha: alpha.to_vec(),
            sampled: if config.scale == Scale::None || config.table.is_some() { SCALE_SAMPLE } else { 0 },
            range: (f64::INFINITY, f64::NEG_INFINITY),
        }
    }

    /// Evaluate up to `points` more compositions of the normalisation sample; returns the share done, 1 when ready.
    pub fn advance(&mut self, points: u32) -> f64 {
        let until = self.sampled.saturating_add(points).min(SCALE_SAMPLE);
        while self.sampled < until {
            let at = Composition::dirichlet(&self.alpha, &mut self.sample);
            let value = self.sum(&at);
            self.range = (self.range.0.min(value), self.range.1.max(value));
            self.sampled += 1;
        }
        f64::from(self.sampled) / f64::from(SCALE_SAMPLE)
    }

    /// The property at a composition. Before normalisation is complete this is the plain sum.
    #[must_use]
    pub fn value(&self, at: &Composition) -> f64 {
        if let Some(rows) = &self.config.table {
            return table::between(rows, at);
        }
        let sum = self.sum(at);
        if self.sampled < SCALE_SAMPLE {
            return sum;
        }
        let (low, high) = self.range;
        match self.config.scale {
            Scale::None => sum,
            Scale::MinMax => (sum - low) / (high - low).max(f64::MIN_POSITIVE),
            Scale::Peak => sum / low.abs().max(high.abs()).max(f64::MIN_POSITIVE),
        }
    }

    /// Relative work of one evaluation: Gaussians, or rows of the table.
    #[must_use]
    pub fn gaussians(&self) -> u32 {
        self.config.table.as_ref().map_or(self.config.gaussians, |rows| rows.len().max(1) as u32)
    }

    fn sum(&self, at: &Composition) -> f64 {
        let lanes = num::wide(
            #[inline(always)]
            || self.lanes(at),
        );
        num::sum(&lanes)
    }

    #[inline(always)]
    fn lanes(&self, at: &Composition) -> [f64; LANES] {
        let stride = (self.components + 1) * CHUNK;
        let mut lanes = [0.0; LANES];
        for block in self.blocks.chunks_exact(stride) {
            let mut square = [0.0; CHUNK];
            for (row, c) in block.chunks_exact(CHUNK).zip(at.fractions()) {
                for i in 0..CHUNK {
                    let d = row[i] - c;
                    square[i] += d * d;
                }
            }
            let amplitudes = &block[self.components * CHUNK..][..CHUNK];
            for i in 0..CHUNK {
                square[i] = amplitudes[i] * num::exp(square[i] * self.inverse);
            }
            for terms in square.chunks_exact(LANES) {
                lanes.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
            }
        }
        lanes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(gaussians: u32, scale: Scale) -> ResponseConfig {
        ResponseConfig { gaussians, width: 0.1, amplitudes: Amplitudes::UniformSigned, scale, table: None }
    }

    #[test]
    fn one_gaussian_is_what_it_says() {
        let one = ResponseConfig { amplitudes: Amplitudes::Equal, ..config(1, Scale::None) };
        let response = Response::new(&one, &[1.0; 3], 5);
        let mut stream = Stream::new(5, Purpose::Response, 0);
        let centre = Composition::dirichlet(&[1.0; 3], &mut stream);
        let at = Composition::new(&[0.2, 0.3, 0.5]).unwrap();
        let d = at.distance(&centre);
        assert!((response.value(&at) - libm::exp(-d * d / 0.02)).abs() < 1e-14);
        assert!((response.value(&centre) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn min_max_covers_the_unit_interval() {
        let mut response = Response::new(&config(106, Scale::MinMax), &[1.0; 3], 1);
        assert!(response.advance(100) < 1.0);
        assert_eq!(response.advance(u32::MAX), 1.0);
        let mut stream = Stream::new(1, Purpose::ResponseScale, 0);
        let values: Vec<f64> =
            (0..SCALE_SAMPLE).map(|_| response.value(&Composition::dirichlet(&[1.0; 3], &mut stream))).collect();
        assert_eq!(values.iter().fold(f64::INFINITY, |a, b| a.min(*b)), 0.0);
        assert_eq!(values.iter().fold(0.0_f64, |a, b| a.max(*b)), 1.0);
    }
}
