//! Posterior mean and variance over many points, kept up to date as observations are appended.
//!
//! With K = L Lᵀ, every point p carries the column v = L⁻¹ k(X, p): a new observation k adds
//! v_k = (k(x_k, p) − Σ_{j<k} L_kj v_j) / L_kk, and then mean += v_k z_k, variance −= v_k². That is O(n) work for each point and
//! observation. Several observations can be taken up in one sweep (each old v_j is then loaded once for all of them); every
//! element goes through the same operations in the same order either way, so the bits do not depend on when a field is
//! brought up to date.
use super::{Gp, kernel::BATCH};
use crate::{composition::Composition, num};

/// Observations taken up in one sweep over a batch of points.
const SWEEP: usize = 8;
/// Rows of v allocated together, so that rows never move; a multiple of 4.
const SLAB: usize = 32;

/// Points and their posterior under the first [`Field::rows`] observations of a [`Gp`].
#[derive(Clone, Debug, Default)]
pub struct Field {
    batches: Vec<Batch>,
    mean: Vec<f64>,
    variance: Vec<f64>,
    epoch: u32,
    rows: usize,
    /// Rows being filled.
    scratch: Vec<f64>,
    /// Whether the next update goes from the last batch to the first.
    backwards: bool,
}

#[derive(Clone, Debug)]
struct Batch {
    start: usize,
    len: usize,
    rows: usize,
    coordinates: Vec<f64>,
    slabs: Vec<Vec<f64>>,
}

impl Field {
    /// Add points; returns the index of the first. Each call starts a batch of its own, so add many at once.
    pub fn push(&mut self, points: &[Composition]) -> usize {
        let first = self.mean.len();
        for chunk in points.chunks(BATCH) {
            let start = self.mean.len();
            let components = chunk[0].components();
            let mut coordinates = Vec::with_capacity(components * chunk.len());
            for i in 0..components {
                coordinates.extend(chunk.iter().map(|c| c.fractions()[i]));
            }
            self.mean.resize(start + chunk.len(), f64::NAN);
            self.variance.resize(start + chunk.len(), f64::NAN);
            self.batches.push(Batch { start, len: chunk.len(), rows: NEW, coordinates, slabs: Vec::new() });
        }
        first
    }

    /// Number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.mean.len()
    }

    /// Whether there are no points.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mean.is_empty()
    }

    /// How many observations the posterior rests on.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Posterior means, one for each point.
    #[must_use]
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// Posterior variances of the latent function, one for each point; rounding can leave them a hair below 0.
    #[must_use]
    pub fn variance(&self) -> &[f64] {
        &self.variance
    }

    /// Bring the posterior up to the first `rows` observations. Every other time it goes from the last batch to the first, so
    /// that it begins with what the second-level cache still holds.
    pub fn update(&mut self, gp: &Gp, rows: usize) {
        let backwards = std::mem::take(&mut self.backwards);
        self.backwards = !backwards;
        let count = self.batches.len();
        for i in 0..count {
            self.update_batch(if backwards { count - 1 - i } else { i }, gp, rows, &mut |_, _, _, _| {});
        }
        self.settle(gp, rows);
    }

    /// As [`Self::update`], and show `watch(row, first point, means, variances)` every batch in turn after each observation.
    pub fn update_watching(&mut self, gp: &Gp, rows: usize, mut watch: impl FnMut(usize, usize, &[f64], &[f64])) {
        for i in 0..self.batches.len() {
            self.update_batch(i, gp, rows, &mut watch);
        }
        self.settle(gp, rows);
    }

    fn update_batch(&mut self, i: usize, gp: &Gp, rows: usize, watch: &mut impl FnMut(usize, usize, &[f64], &[f64])) {
        self.scratch.resize(SWEEP * BATCH, 0.0);
        let batch = &mut self.batches[i];
        if self.epoch != gp.epoch() {
            batch.rows = NEW;
        }
        let range = batch.start..batch.start + batch.len;
        let (mean, variance) = (&mut self.mean[range.clone()], &mut self.variance[range]);
        let scratch = &mut self.scratch[..];
        num::wide(
            #[inline(always)]
            || batch.update(gp, rows.min(gp.len()), mean, variance, scratch, watch),
        );
    }

    fn settle(&mut self, gp: &Gp, rows: usize) {
        self.epoch = gp.epoch();
        self.rows = rows.min(gp.len());
    }

    /// Σ_k `weights[k]` v_k(p) for every point: what a correction in the span of the observations adds (`weights` = L⁻¹ u).
    #[must_use]
    pub fn project(&self, weights: &[f64]) -> Vec<f64> {
        let mut out = vec![0.0; self.len()];
        for b in &self.batches {
            let slice = &mut out[b.start..b.start + b.len];
            for (k, w) in weights.iter().enumerate().take(b.rows) {
                slice.iter_mut().zip(b.row(k)).for_each(|(x, v)| *x += w * v);
            }
        }
        out
    }

    /// Coordinates of every point in turn, `components` each.
    pub fn points(&self) -> impl Iterator<Item = Composition> + '_ {
        self.batches.iter().flat_map(|b| (0..b.len).map(|i| b.point(i)))
    }

    /// Posterior covariance between point `i` and each of `members`, all points of this field.
    #[must_use]
    pub fn covariances_among(&self, gp: &Gp, i: usize, members: &[usize]) -> Vec<f64> {
        let (a, at) = self.locate(i);
        let covariance = |j: &usize| {
            let (b, bt) = self.locate(*j);
            let prior = gp.kernel().value(&a.point(at), &b.point(bt));
            (0..self.rows).fold(prior, |c, k| c - a.row(k)[at] * b.row(k)[bt])
        };
        members.iter().map(covariance).collect()
    }

    fn locate(&self, i: usize) -> (&Batch, usize) {
        let batch = &self.batches[self.batches.partition_point(|b| b.start + b.len <= i)];
        (batch, i - batch.start)
    }

    /// Posterior covariance between point `i` of this field and every point of `other`; both must rest on the same rows.
    #[must_use]
    pub fn covariances(&self, gp: &Gp, i: usize, other: &Self) -> Vec<f64> {
        let (b, at) = self.locate(i);
        let point = b.point(at);
        let mut out = vec![0.0; other.len()];
        for o in &other.batches {
            let slice = &mut out[o.start..o.start + o.len];
            gp.kernel().row(&point, &o.coordinates, slice);
            for k in 0..self.rows {
                let weight = b.row(k)[at];
                slice.iter_mut().zip(o.row(k)).for_each(|(c, v)| *c -= weight * v);
            }
        }
        out
    }
}

/// A batch that holds no posterior yet.
const NEW: usize = usize::MAX;

impl Batch {
    fn point(&self, i: usize) -> Composition {
        let parts: Vec<f64> = self.coordinates.chunks_exact(self.len).map(|c| c[i]).collect();
        Composition::normalised(&parts)
    }

    #[inline(always)]
    fn update(
        &mut self,
        gp: &Gp,
        rows: usize,
        mean: &mut [f64],
        variance: &mut [f64],
        scratch: &mut [f64],
        watch: &mut impl FnMut(usize, usize, &[f64], &[f64]),
    ) {
        // Going back to fewer rows starts again: a sum cannot be undone bit by bit.
        if self.rows > rows {
            mean.fill(gp.mean());
            variance.fill(gp.kernel().variance());
            self.rows = 0;
            self.slabs.iter_mut().for_each(Vec::clear);
        }
        while self.slabs.len() * SLAB < rows {
            self.slabs.push(Vec::with_capacity(SLAB * self.len));
        }
        while self.rows < rows {
            let first = self.rows;
            let many = SWEEP.min(rows - first);
            self.sweep(gp, first, many, scratch);
            for k in first..first + many {
                let (v, z) = (self.row(k), gp.whitened(k));
                for ((m, s), v) in mean.iter_mut().zip(variance.iter_mut()).zip(v) {
                    *m += v * z;
                    *s -= v * v;
                }
                watch(k, self.start, mean, variance);
            }
            self.rows += many;
        }
    }

    /// v_k of every point.
    #[inline(always)]
    fn row(&self, k: usize) -> &[f64] {
        &self.slabs[k / SLAB][k % SLAB * self.len..][..self.len]
    }

    /// Fill rows `first .. first + many` of v.
    #[inline(always)]
    fn sweep(&mut self, gp: &Gp, first: usize, many: usize, scratch: &mut [f64]) {
        let len = self.len;
        let new = &mut scratch[..many * len];
        for (g, row) in new.chunks_exact_mut(len).enumerate() {
            gp.kernel().row(gp.input(first + g), &self.coordinates, row);
        }
        let quads = first / 4 * 4;
        for j in (0..quads).step_by(4) {
            let v = &self.slabs[j / SLAB][j % SLAB * len..][..4 * len];
            let weights = |g: usize| -> [f64; 4] { std::array::from_fn(|i| gp.row(first + g)[j + i]) };
            let mut pairs = new.chunks_exact_mut(2 * len);
            for (i, pair) in pairs.by_ref().enumerate() {
                let (a, b) = pair.split_at_mut(len);
                subtract_four_of_two(a, b, v, weights(2 * i), weights(2 * i + 1));
            }
            let odd = pairs.into_remainder();
            if !odd.is_empty() {
                subtract_four(odd, v, weights(many - 1));
            }
        }
        for (g, row) in new.chunks_exact_mut(len).enumerate() {
            for j in quads..first {
                subtract(row, self.row(j), gp.row(first + g)[j]);
            }
        }
        for g in 0..many {
            let (done, rest) = new.split_at_mut(g * len);
            let row = &mut rest[..len];
            let l = gp.row(first + g);
            for (h, v) in done.chunks_exact(len).enumerate() {
                subtract(row, v, l[first + h]);
            }
            let inverse = 1.0 / l[first + g];
            row.iter_mut().for_each(|x| *x *= inverse);
            self.slabs[(first + g) / SLAB].extend_from_slice(row);
        }
    }
}

#[inline(always)]
fn subtract(row: &mut [f64], v: &[f64], weight: f64) {
    row.iter_mut().zip(v).for_each(|(x, v)| *x -= weight * v);
}

/// row −= w₀ v₀; row −= w₁ v₁; … in this order, with each element loaded and stored once.
#[inline(always)]
fn subtract_four(row: &mut [f64], v: &[f64], weight: [f64; 4]) {
    let len = row.len();
    let (v0, rest) = v.split_at(len);
    let (v1, rest) = rest.split_at(len);
    let (v2, v3) = rest.split_at(len);
    let v3 = &v3[..len];
    for i in 0..len {
        let x = row[i] - weight[0] * v0[i];
        let x = x - weight[1] * v1[i];
        let x = x - weight[2] * v2[i];
        row[i] = x - weight[3] * v3[i];
    }
}

/// [`subtract_four`] for two rows at once: each v is loaded once for both.
#[inline(always)]
fn subtract_four_of_two(a: &mut [f64], b: &mut [f64], v: &[f64], wa: [f64; 4], wb: [f64; 4]) {
    let len = a.len();
    let b = &mut b[..len];
    let (v0, rest) = v.split_at(len);
    let (v1, rest) = rest.split_at(len);
    let (v2, v3) = rest.split_at(len);
    let v3 = &v3[..len];
    for i in 0..len {
        let (x, y) = (a[i] - wa[0] * v0[i], b[i] - wb[0] * v0[i]);
        let (x, y) = (x - wa[1] * v1[i], y - wb[1] * v1[i]);
        let (x, y) = (x - wa[2] * v2[i], y - wb[2] * v2[i]);
        (a[i], b[i]) = (x - wa[3] * v3[i], y - wb[3] * v3[i]);
    }
}
