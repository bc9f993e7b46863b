//! Functions of the improvement over the best value, `gap` = mean − best − ξ, for maximisation.
use crate::num;

/// EI = sd (z Φ(z) + φ(z)), z = gap / sd (Jones et al. 1998).
#[must_use]
pub fn expected_improvement(gap: f64, sd: f64) -> f64 {
    if sd <= 0.0 {
        return gap.max(0.0);
    }
    let z = gap / sd;
    (sd * (z * num::normal_cdf(z) + num::normal_pdf(z))).max(0.0)
}

/// ln EI, finite also where EI underflows (Ament et al. 2023); −∞ only for sd = 0 without a gain.
#[must_use]
pub fn log_expected_improvement(gap: f64, sd: f64) -> f64 {
    if sd <= 0.0 {
        return num::ln(gap.max(0.0));
    }
    num::ln(sd) + log_h(gap / sd)
}

/// ln(φ(z) + z Φ(z)). Far in the tail the difference cancels; there the asymptotic series of the Mills ratio is used.
fn log_h(z: f64) -> f64 {
    if z > -25.0 {
        return num::ln(num::normal_pdf(z) + z * num::normal_cdf(z));
    }
    let w = 1.0 / (z * z);
    let series = 1.0 - w * (3.0 - w * (15.0 - w * (105.0 - w * 945.0)));
    -0.5 * z * z + num::ln(num::INV_SQRT_2PI) + num::ln(w * series)
}

/// PI = Φ(gap / sd) (Kushner 1964).
#[must_use]
pub fn probability_of_improvement(gap: f64, sd: f64) -> f64 {
    if sd <= 0.0 {
        return if gap > 0.0 { 1.0 } else { 0.0 };
    }
    num::normal_cdf(gap / sd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert!((expected_improvement(0.0, 1.0) - num::INV_SQRT_2PI).abs() < 1e-16);
        assert!((expected_improvement(1.0, 1.0) - 1.083_315_470_587_675).abs() < 1e-12);
        assert_eq!(expected_improvement(-0.5, 0.0), 0.0);
        assert_eq!(probability_of_improvement(0.0, 2.0), 0.5);
    }

    #[test]
    fn the_logarithm_agrees_and_joins_smoothly() {
        for z in [-5.0, -1.0, 0.0, 2.0] {
            let (log, plain) = (log_expected_improvement(0.3 * z, 0.3), num::ln(expected_improvement(0.3 * z, 0.3)));
            assert!((log - plain).abs() < 1e-9, "{z}: {log} {plain}");
        }
        let (left, right) = (log_h(-25.000_001), log_h(-24.999_999));
        assert!((right - left - 25.08 * 2e-6).abs() < 1e-8, "{left} {right}");
        assert!(log_expected_improvement(-400.0, 1.0).is_finite());
    }
}
