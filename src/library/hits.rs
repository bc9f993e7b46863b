//! How many of the compositions as many random particles hit: each particle counts for the grid point nearest to its composition.
//!
//! Compositions are uniform (Dirichlet 1), so a grid point is hit in proportion to the volume of its cell, which at the border of
//! the simplex is cut. With c in steps of the grid and r the sum of its fractional parts, the nearest point rounds the r largest
//! of them up. Their integer parts aside, the fractional parts are uniform, so that P(r) is an Eulerian number over (n − 1)!, and by symmetry
//! any r of them are the largest. A cell with z components at 0 keeps the share in which none of these z is rounded up.
use super::{capacity::STEPS, visit::choose};
use crate::num;

/// The share that is called nearly all.
pub const NEARLY_ALL: f64 = 0.95;

/// The grid's cells by their number of components at 0: how many there are, and the probability of each.
pub(super) fn cells(components: u32) -> Vec<(f64, f64)> {
    let n = components;
    let eulerian = eulerian(n - 1);
    let all: f64 = (1..n).map(|_| f64::from(STEPS)).product();
    let kept = |zeros: u32| -> f64 {
        (1..n).map(|r| eulerian[r as usize - 1] * choose(n - zeros, r) as f64 / choose(n, r) as f64).sum()
    };
    let count = |zeros: u32| choose(n, zeros) as f64 * choose(STEPS - 1, n - zeros - 1) as f64;
    (0..n).map(|zeros| (count(zeros), kept(zeros) / all)).collect()
}

/// Expected share of the compositions that so many random particles hit.
pub(super) fn share_hit(cells: &[(f64, f64)], particles: f64) -> f64 {
    let all: f64 = cells.iter().map(|(count, _)| count).sum();
    let missed: f64 = cells.iter().map(|(count, p)| count * num::exp(particles * num::ln_1p(-p))).sum();
    1.0 - missed / all
}

/// Particles that are expected to hit this share, rounded up.
pub(super) fn particles_to_hit(cells: &[(f64, f64)], share: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while share_hit(cells, high) < share {
        (low, high) = (high, 2.0 * high);
    }
    while high - low > 1.0 {
        let middle = ((low + high) / 2.0).floor();
        if share_hit(cells, middle) < share { low = middle } else { high = middle }
    }
    high
}

/// Eulerian numbers ⟨m, 0⟩ … ⟨m, m − 1⟩.
fn eulerian(m: u32) -> Vec<f64> {
    (2..=m).fold(vec![1.0], |row, m| {
        let at = |k: u32| row.get(k as usize).copied().unwrap_or(0.0);
        (0..m).map(|k| f64::from(k + 1) * at(k) + k.checked_sub(1).map_or(0.0, |j| f64::from(m - k) * at(j))).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        composition::grid_point_count,
        rng::{Purpose, Stream},
    };
    use std::collections::BTreeSet;

    #[test]
    fn cells_fill_the_simplex() {
        for n in 2..=12 {
            let cells = cells(n);
            let (count, volume) = cells.iter().fold((0.0, 0.0), |(c, v), (count, p)| (c + count, v + count * p));
            assert_eq!(count, grid_point_count(n, STEPS) as f64);
            assert!((volume - 1.0).abs() < 1e-12, "{n}: {volume}");
        }
        // By hand: of two components nine cells of a tenth and two halves; of three, a corner has a sixth of a hexagon.
        assert_eq!(cells(2), [(9.0, 0.1), (2.0, 0.05)]);
        let three = cells(3);
        assert!((three[2].1 / three[0].1 - 1.0 / 6.0).abs() < 1e-12 && (three[1].1 / three[0].1 - 0.5).abs() < 1e-12);
    }

    /// Compositions drawn and rounded one by one.
    #[test]
    fn shares_are_those_of_drawn_particles() {
        for (n, hit) in [(3, 0.609), (6, 0.538), (8, 0.491)] {
            let count = grid_point_count(n, STEPS);
            let share = share_hit(&cells(n), count as f64);
            assert!((share - hit).abs() < 5e-4, "{n}: {share}");
            let mut stream = Stream::new(1, Purpose::Capacity, 2);
            let runs = 20_000 / count + 1;
            let drawn: usize =
                (0..runs).map(|_| (0..count).map(|_| rounded(&mut stream, n)).collect::<BTreeSet<_>>().len()).sum();
            let drawn = drawn as f64 / (runs * count) as f64;
            assert!((drawn - share).abs() < 0.01, "{n}: {drawn} drawn, {share} by the formula");
        }
    }

    fn rounded(stream: &mut Stream, n: u32) -> Vec<u32> {
        let parts: Vec<f64> = (0..n).map(|_| stream.exponential()).collect();
        let sum: f64 = parts.iter().sum();
        let steps: Vec<f64> = parts.iter().map(|x| x / sum * f64::from(STEPS)).collect();
        let mut point: Vec<u32> = steps.iter().map(|x| *x as u32).collect();
        let mut order: Vec<usize> = (0..steps.len()).collect();
        order.sort_by(|a, b| steps[*b].fract().total_cmp(&steps[*a].fract()));
        let up = STEPS - point.iter().sum::<u32>();
        order.iter().take(up as usize).for_each(|i| point[*i] += 1);
        point
    }

    #[test]
    fn nearly_all_takes_many_times_as_many() {
        let cells = cells(6);
        let particles = particles_to_hit(&cells, NEARLY_ALL);
        assert_eq!(particles, 26_658.0);
        assert!(share_hit(&cells, particles) >= NEARLY_ALL && share_hit(&cells, particles - 1.0) < NEARLY_ALL);
    }
}
