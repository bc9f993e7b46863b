//! Regular grids on the simplex.
use super::Composition;

/// Points of the simplex grid of n components with 1/`steps` spacing: C(steps + n − 1, n − 1). Saturates at `u64::MAX`.
#[must_use]
pub fn grid_point_count(components: u32, steps: u32) -> u64 {
    let mut count: u128 = 1;
    for i in 1..u128::from(components) {
        count = count * (u128::from(steps) + i) / i;
        if count > u128::from(u64::MAX) {
            return u64::MAX;
        }
    }
    count as u64
}

/// Every point of the simplex grid with 1/`steps` spacing, the first component slowest.
#[must_use]
pub fn grid_points(components: usize, steps: u32) -> Vec<Composition> {
    let mut out = Vec::new();
    let mut counts = vec![0; components];
    fill(&mut counts, 0, steps, &mut out);
    out
}

fn fill(counts: &mut [u32], at: usize, left: u32, out: &mut Vec<Composition>) {
    if at + 1 == counts.len() {
        counts[at] = left;
        let parts: Vec<f64> = counts.iter().map(|k| f64::from(*k)).collect();
        out.push(Composition::normalised(&parts));
        return;
    }
    for k in 0..=left {
        counts[at] = k;
        fill(counts, at + 1, left - k, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_the_paper_s_step() {
        for (n, points) in [(3, 66), (6, 3003), (7, 8008), (8, 19448)] {
            assert_eq!(grid_point_count(n, 10), points);
        }
        assert_eq!(grid_points(4, 10).len() as u64, grid_point_count(4, 10));
        assert_eq!(grid_point_count(60, 1_000_000), u64::MAX);
    }

    #[test]
    fn the_first_component_is_slowest() {
        let points = grid_points(3, 2);
        assert_eq!(points[0].fractions(), [0.0, 0.0, 1.0]);
        assert_eq!(points[1].fractions(), [0.0, 0.5, 0.5]);
        assert_eq!(points[5].fractions(), [1.0, 0.0, 0.0]);
    }
}
