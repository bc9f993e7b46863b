//! A Dirichlet distribution fitted to compositions that were seen.
use super::Composition;

/// Concentrations of the Dirichlet distribution with the mean and the mean variance of `seen` (method of moments).
///
/// `None` when fewer than three compositions were seen or they have no spread: the uniform prior is then the honest one.
#[must_use]
pub fn dirichlet_by_moments(seen: &[Composition]) -> Option<Vec<f64>> {
    let n = seen.first()?.components();
    if seen.len() < 3 {
        return None;
    }
    let count = seen.len() as f64;
    let mut mean = vec![0.0; n];
    for c in seen {
        for (m, x) in mean.iter_mut().zip(c.fractions()) {
            *m += x / count;
        }
    }
    let variance = |i: usize| {
        seen.iter().map(|c| (c.fractions()[i] - mean[i]) * (c.fractions()[i] - mean[i])).sum::<f64>() / (count - 1.0)
    };
    let (spread, found): (f64, f64) =
        (0..n).fold((0.0, 0.0), |(s, v), i| (s + mean[i] * (1.0 - mean[i]), v + variance(i)));
    // Var cᵢ = mᵢ (1 − mᵢ) / (α₀ + 1), summed over i.
    let total = spread / found - 1.0;
    (found > 0.0 && total > 0.0).then(|| mean.iter().map(|m| (m * total).max(1e-3)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn the_fit_recovers_the_concentrations() {
        let (mut s, alpha) = (Stream::new(2, Purpose::Pool, 0), [4.0, 1.0, 2.0]);
        let seen: Vec<_> = (0..5000).map(|_| Composition::dirichlet(&alpha, &mut s)).collect();
        let fitted = dirichlet_by_moments(&seen).unwrap();
        assert!(fitted.iter().zip(alpha).all(|(f, a)| (f / a - 1.0).abs() < 0.1), "{fitted:?}");
        assert_eq!(dirichlet_by_moments(&seen[..2]), None);
    }
}
