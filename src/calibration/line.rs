//! Medians, and a line through points that does not mind a few wild ones.

/// Makes a median absolute deviation a standard deviation, for normal errors.
const SD_PER_MAD: f64 = 1.4826;
/// Variance of a median over that of a mean, for normal errors: π / 2.
const MEDIAN_VARIANCE: f64 = std::f64::consts::FRAC_PI_2;
/// Efficiency of the slope of Theil and Sen, for normal errors.
const SLOPE_EFFICIENCY: f64 = 0.91;
const FEWEST: usize = 3;

/// `y = intercept + slope · x`.
pub(super) struct Line {
    pub slope: f64,
    pub slope_error: f64,
    pub intercept: f64,
    pub intercept_error: f64,
    /// Standard deviation of single points about it.
    pub spread: f64,
}

impl Line {
    /// The line of Theil and Sen through points (µm, s), or why there is none that a stage could have.
    pub fn through(points: &[(f64, f64)]) -> Result<Self, String> {
        if points.len() < FEWEST {
            return Err(format!("{} moves; needed: {FEWEST}", points.len()));
        }
        let mut slopes: Vec<f64> = Vec::new();
        for (i, (x, y)) in points.iter().enumerate() {
            slopes.extend(points[..i].iter().filter(|(x0, _)| x0 != x).map(|(x0, y0)| (y - y0) / (x - x0)));
        }
        if slopes.is_empty() {
            return Err("all moves have the same distance".into());
        }
        let slope = median(&mut slopes);
        if slope <= 0.0 {
            return Err("longer distances did not take longer".into());
        }
        let mut rest: Vec<f64> = points.iter().map(|(x, y)| y - slope * x).collect();
        let intercept = median(&mut rest);
        let spread = spread(&rest, intercept);
        let count = points.len() as f64;
        let mean = points.iter().map(|(x, _)| x).sum::<f64>() / count;
        let square: f64 = points.iter().map(|(x, _)| (x - mean) * (x - mean)).sum();
        let slope_variance = spread * spread / square / SLOPE_EFFICIENCY;
        let intercept_variance = MEDIAN_VARIANCE * spread * spread / count + slope_variance * mean * mean;
        Ok(Self {
            slope,
            slope_error: slope_variance.sqrt(),
            intercept,
            intercept_error: intercept_variance.sqrt(),
            spread,
        })
    }
}

/// Median, its standard error, and the spread of single values; none of nothing.
pub(super) fn centre(values: &[f64]) -> Option<(f64, f64, f64)> {
    if values.is_empty() {
        return None;
    }
    let middle = median(&mut values.to_vec());
    let spread = spread(values, middle);
    Some((middle, spread * (MEDIAN_VARIANCE / values.len() as f64).sqrt(), spread))
}

fn spread(values: &[f64], about: f64) -> f64 {
    SD_PER_MAD * median(&mut values.iter().map(|value| (value - about).abs()).collect::<Vec<_>>())
}

/// Of at least one value.
fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let (half, odd) = (values.len() / 2, values.len() % 2 == 1);
    if odd { values[half] } else { f64::midpoint(values[half - 1], values[half]) }
}
