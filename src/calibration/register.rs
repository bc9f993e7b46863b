//! Cross-correlation of two square images, and its peak.
use super::image::{ImageError, MOST_RIVAL};
use rustfft::{FftPlanner, num_complex::Complex};

/// Larger images are binned: sub-pixel places of 512 pixels are finer than any stage.
const MOST_PX: usize = 512;
const FEWEST_PX: usize = 16;

/// A square image, smoothed, less its mean.
pub(super) struct Pixels {
    pub name: &'static str,
    side: usize,
    /// Pixels of the original for each pixel here.
    bin: usize,
    values: Vec<f64>,
    /// Sum of squares.
    contrast: f64,
}

/// Where two images fit best.
pub(super) struct Peak {
    pub x_px: f64,
    pub y_px: f64,
    pub correlation: f64,
    pub share: f64,
    pub prominence: f64,
    pub rival: f64,
}

impl Pixels {
    pub fn new(name: &'static str, values: &[f32], side: u32) -> Result<Self, ImageError> {
        let unusable = ImageError::Unusable { image: name, values: values.len(), side };
        let full = side as usize;
        if full < FEWEST_PX || full.checked_mul(full) != Some(values.len()) || !values.iter().all(|x| x.is_finite()) {
            return Err(unusable);
        }
        let bin = full.div_ceil(MOST_PX);
        let side = full / bin;
        let pixel = |i: usize| -> f64 {
            let (row, column) = (i / side * bin, i % side * bin);
            (0..bin).flat_map(|y| &values[(row + y) * full + column..][..bin]).map(|x| f64::from(*x)).sum()
        };
        let binned: Vec<f64> = (0..side * side).map(pixel).collect();
        let across = smoothed(&binned, side, 1);
        let mut values = smoothed(&across, side, side);
        // The largest of them is 1: squares of what a camera may deliver stay finite.
        let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)));
        if high <= low {
            return Err(unusable);
        }
        values.iter_mut().for_each(|x| *x = (*x - low) / (high - low));
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter_mut().for_each(|x| *x -= mean);
        let contrast = values.iter().map(|x| x * x).sum();
        Ok(Self { name, side, bin, values, contrast })
    }

    /// Of an image of the same size.
    pub fn peak(&self, other: &Self) -> Peak {
        let reach = (self.side / 2) as i64;
        let width = (2 * reach + 1) as usize;
        let all = self.correlate(other);
        let padded = 2 * self.side as i64;
        let norm = (self.contrast * other.contrast).sqrt();
        let at = |i: usize| ((i % width) as i64 - reach, (i / width) as i64 - reach);
        let share = |i: usize| {
            let (x, y) = at(i);
            all[(y.rem_euclid(padded) * padded + x.rem_euclid(padded)) as usize] / norm
        };
        let shares: Vec<f64> = (0..width * width).map(share).collect();
        let best = (0..shares.len()).fold(0, |best, i| if shares[i] > shares[best] { i } else { best });
        let mean_square = shares.iter().map(|x| x * x).sum::<f64>() / shares.len() as f64;
        let (x, y) = self.summit(other, at(best), reach);
        let fit = |dx: i64, dy: i64| self.coefficient(other, x + dx, y + dy);
        let correlation = fit(0, 0);
        let place =
            |whole: i64, before: f64, after: f64| (whole as f64 + vertex(before, correlation, after)) * self.bin as f64;
        Peak {
            x_px: place(x, fit(-1, 0), fit(1, 0)),
            y_px: place(y, fit(0, -1), fit(0, 1)),
            correlation,
            share: shares[best],
            prominence: shares[best] / mean_square.sqrt(),
            rival: outside(&shares, width, best) / shares[best],
        }
    }

    /// Uphill from a displacement to where what overlaps fits best: things cut by the edge pull the correlation toward 0.
    fn summit(&self, other: &Self, from: (i64, i64), reach: i64) -> (i64, i64) {
        let height = |(x, y): (i64, i64)| self.coefficient(other, x, y);
        let (mut here, mut highest) = (from, height(from));
        loop {
            let steps = [(-1, 0), (1, 0), (0, -1), (0, 1)].map(|(dx, dy)| (here.0 + dx, here.1 + dy));
            let inside = steps.into_iter().filter(|(x, y)| x.abs() < reach && y.abs() < reach);
            let best = inside.map(|at| (at, height(at))).fold((here, highest), |a, b| if b.1 > a.1 { b } else { a });
            if best.0 == here {
                return here;
            }
            (here, highest) = best;
        }
    }

    /// Σ self(p) other(p + s) for every displacement s, row by row of a square twice as wide; negative ones from its end.
    fn correlate(&self, other: &Self) -> Vec<f64> {
        let padded = 2 * self.side;
        let mut planner = FftPlanner::new();
        let (forward, back) = (planner.plan_fft_forward(padded), planner.plan_fft_inverse(padded));
        let spectrum = |image: &Self| {
            let mut grid = vec![Complex::default(); padded * padded];
            for (row, line) in image.values.chunks(self.side).enumerate() {
                grid[row * padded..][..self.side].iter_mut().zip(line).for_each(|(to, x)| to.re = *x);
            }
            forward.process(&mut grid);
            let mut grid = turned(&grid, padded);
            forward.process(&mut grid);
            grid
        };
        let mut product: Vec<_> = spectrum(self).iter().zip(spectrum(other)).map(|(a, b)| a.conj() * b).collect();
        back.process(&mut product);
        let mut product = turned(&product, padded);
        back.process(&mut product);
        let cells = (padded * padded) as f64;
        product.iter().map(|x| x.re / cells).collect()
    }

    /// Correlation coefficient of what overlaps; 0 when there is no contrast in it.
    fn coefficient(&self, other: &Self, dx: i64, dy: i64) -> f64 {
        let side = self.side as i64;
        let range = |d: i64| (0.max(-d)..side.min(side - d)).map(|i| i as usize);
        let shifted = |i: usize, d: i64| (i as i64 + d) as usize;
        let (mut n, mut a1, mut b1, mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for row in range(dy) {
            let there = shifted(row, dy) * self.side;
            for column in range(dx) {
                let (a, b) = (self.values[row * self.side + column], other.values[there + shifted(column, dx)]);
                n += 1.0;
                a1 += a;
                b1 += b;
                aa += a * a;
                bb += b * b;
                ab += a * b;
            }
        }
        let variance = (aa - a1 * a1 / n) * (bb - b1 * b1 / n);
        if variance > 0.0 { (ab - a1 * b1 / n) / variance.sqrt() } else { 0.0 }
    }
}

/// Weighted means of five neighbours, `step` values apart along rows or columns of `side`: noise of single pixels goes, and the peak
/// becomes round enough for a parabola.
fn smoothed(values: &[f64], side: usize, step: usize) -> Vec<f64> {
    const WEIGHTS: [f64; 5] = [1.0, 4.0, 6.0, 4.0, 1.0];
    let mean = |i: usize| {
        let place = i / step % side;
        // At the edge the last pixel stands for those beyond.
        let at = |k: usize| i - place * step + (place + k).saturating_sub(2).min(side - 1) * step;
        WEIGHTS.iter().enumerate().map(|(k, weight)| weight / 16.0 * values[at(k)]).sum()
    };
    (0..values.len()).map(mean).collect()
}

fn turned(grid: &[Complex<f64>], side: usize) -> Vec<Complex<f64>> {
    (0..side * side).map(|i| grid[i % side * side + i / side]).collect()
}

/// Where between −½ and ½ the parabola through three heights is highest; the middle one is the highest of them.
fn vertex(before: f64, middle: f64, after: f64) -> f64 {
    let curvature = before - 2.0 * middle + after;
    if curvature < 0.0 { (0.5 * (before - after) / curvature).clamp(-0.5, 0.5) } else { 0.0 }
}

/// The highest that is not on the mountain of `best`: what hangs together with it above the height at which a rival counts.
fn outside(shares: &[f64], width: usize, best: usize) -> f64 {
    let level = MOST_RIVAL * shares[best];
    let mut mountain = vec![false; shares.len()];
    let mut open = vec![best];
    while let Some(i) = open.pop() {
        if mountain[i] || shares[i] <= level {
            continue;
        }
        mountain[i] = true;
        let (x, y) = (i % width, i / width);
        open.extend((x > 0).then(|| i - 1));
        open.extend((x + 1 < width).then(|| i + 1));
        open.extend((y > 0).then(|| i - width));
        open.extend((y + 1 < width).then(|| i + width));
    }
    shares.iter().zip(mountain).filter(|(_, on)| !on).fold(0.0, |highest: f64, (x, _)| highest.max(*x))
}
