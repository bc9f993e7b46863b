//! Functions of mean ± β sd.

/// Upper confidence bound: mean + β sd (Srinivas et al. 2010).
pub(super) fn upper_confidence(mean: f64, sd: f64, beta: f64) -> f64 {
    mean + beta * sd
}

/// Straddle: β sd − |mean − threshold| (Bryan et al. 2005, with β = 1.96 there).
pub(super) fn straddle(mean: f64, sd: f64, beta: f64, threshold: f64) -> f64 {
    beta * sd - (mean - threshold).abs()
}
