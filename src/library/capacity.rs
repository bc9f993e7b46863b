//! How many particles, and so how many compositions, one grid can hold (section III, eq 1, Figure 1).
use super::{geometry::Rect, tile::Placed, visit::Visit};
use crate::{
    composition::{MAX_COMPONENTS, grid_point_count},
    error::{ConfigError, Invalid},
    library::{JAMMING_COVERAGE, MAX_COVERAGE},
    num,
    rng::{Purpose, Stream},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, f64::consts::PI};

/// Points per composition dimension: the paper's step of 0.1.
pub(super) const STEPS: u32 = 10;
/// Largest dimension for which the simplex is counted.
const MAX_DIMENSION: u32 = 12;

/// What the estimate assumes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CapacityConfig {
    /// Usable area, mm²: two thirds of a 2 × 2 mm² grid.
    pub area_mm2: f64,
    /// Share of the usable area that particles cover.
    pub coverage: f64,
    /// Mean radius μ, nm.
    pub radius_nm: f64,
    /// σ / μ of the radius.
    pub sd_ratio: f64,
    /// Components whose compositions are counted, 2 to 12.
    pub components: u32,
    /// One spectrum, s.
    pub eels_secs: f64,
    /// Before each spectrum, s.
    pub beam_shift_secs: f64,
    /// From one field of view to the next, retuning and EDX map included, s.
    pub switch_secs: f64,
    /// Side of a field of view, µm.
    pub tile_um: f64,
}

impl Default for CapacityConfig {
    fn default() -> Self {
        Self {
            area_mm2: 2.67,
            coverage: 0.5,
            radius_nm: 150.0,
            sd_ratio: 0.3,
            components: 6,
            eels_secs: 1.0,
            beam_shift_secs: 0.02,
            switch_secs: 18.0,
            tile_um: 30.0,
        }
    }
}

/// The estimate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capacity {
    /// A_c, mm².
    pub covered_area_mm2: f64,
    /// E\[N\] of eq 1.
    pub expected_particles: f64,
    /// The paper's count: the largest n with 10ⁿ ≤ E\[N\].
    pub dimension_by_powers_of_ten: u32,
    /// The largest number of components (up to 12) whose simplex grid of step 0.1 has no more points than E\[N\].
    pub components_by_simplex_grid: u32,
    /// Points of the simplex grid of step 0.1, by number of components.
    pub simplex_points: BTreeMap<u32, u64>,
    /// Whether discs can be laid down at random without overlap at this coverage.
    pub placeable: bool,
    /// Said when they cannot.
    pub note: Option<String>,
    /// Times of as many measurements as there are compositions.
    pub visit: Visit,
}

impl CapacityConfig {
    /// Check every setting.
    ///
    /// # Errors
    /// All settings out of range, by name.
    pub fn check(&self) -> Result<(), Invalid> {
        let ranges = [
            ("area_mm2", self.area_mm2, 1e-6, 1e6, "mm²"),
            ("coverage", self.coverage, 1e-6, 0.9069, "(0.9069 is the closest packing of equal discs)"),
            ("radius_nm", self.radius_nm, 0.1, 1e6, "nm"),
            ("sd_ratio", self.sd_ratio, 0.0, 1.0, ""),
            ("components", f64::from(self.components), 2.0, f64::from(MAX_DIMENSION), ""),
            ("eels_secs", self.eels_secs, 1e-3, 3600.0, "s"),
            ("beam_shift_secs", self.beam_shift_secs, 0.0, 3600.0, "s"),
            ("switch_secs", self.switch_secs, 0.0, 1e5, "s"),
            ("tile_um", self.tile_um, 0.1, 3000.0, "µm"),
        ];
        let errors: Vec<_> = ranges
            .into_iter()
            .filter(|(_, value, min, max, _)| !(min..=max).contains(&value))
            .map(|(field, value, min, max, unit)| {
                ConfigError::new(field, value, format!("{min} … {max} {unit}").trim_end())
            })
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(Invalid(errors)) }
    }

    /// Eq 1: E\[N\] = A_c / (π (μ² + σ²)).
    ///
    /// # Errors
    /// See [`Self::check`].
    pub fn estimate(&self) -> Result<Capacity, Invalid> {
        self.check()?;
        let expected_particles = self.expected_particles(self.radius_nm);
        let simplex_points: BTreeMap<u32, u64> = (2..=MAX_DIMENSION).map(|n| (n, grid_point_count(n, STEPS))).collect();
        let placeable = self.coverage <= MAX_COVERAGE;
        Ok(Capacity {
            covered_area_mm2: self.coverage * self.area_mm2,
            expected_particles,
            dimension_by_powers_of_ten: num::log10(expected_particles).floor().max(0.0) as u32,
            components_by_simplex_grid: simplex_points
                .iter()
                .filter(|(_, points)| (**points as f64) <= expected_particles)
                .map(|(n, _)| *n)
                .max()
                .unwrap_or(0),
            simplex_points,
            placeable,
            visit: self.visit(expected_particles),
            note: (!placeable).then(|| {
                format!(
                    "equal discs dropped at random without overlap jam at a coverage of {JAMMING_COVERAGE}; {} cannot be reached \
                     reliably that way, so the count is an upper bound",
                    self.coverage
                )
            }),
        })
    }

    /// Figure 1: expected particle count over mean radii from 10 to 1000 nm, evenly spaced in the logarithm.
    ///
    /// # Errors
    /// See [`Self::check`].
    pub fn curve(&self, points: u32) -> Result<Vec<(f64, f64)>, Invalid> {
        self.check()?;
        let radius = |i: u32| 10.0 * num::powf(10.0, 2.0 * f64::from(i) / f64::from(points.max(2) - 1));
        Ok((0..points.max(2)).map(|i| (radius(i), self.expected_particles(radius(i)))).collect())
    }

    fn expected_particles(&self, radius_nm: f64) -> f64 {
        let radius_mm = radius_nm * 1e-6;
        self.coverage * self.area_mm2 / (PI * radius_mm * radius_mm * (1.0 + self.sd_ratio * self.sd_ratio))
    }

    /// Eq 1 checked by drawing radii (normal, truncated at 0) until the covered area is full. Draws about `draws` radii and
    /// scales up, so that 10⁸ particles need not be drawn one by one.
    ///
    /// # Errors
    /// See [`Self::check`].
    pub fn monte_carlo(&self, draws: u32, seed: u32) -> Result<f64, Invalid> {
        self.check()?;
        let share = (f64::from(draws) / self.expected_particles(self.radius_nm)).min(1.0);
        let goal_mm2 = self.coverage * self.area_mm2 * share;
        let mut stream = Stream::new(seed, Purpose::Capacity, 0);
        let (mut covered, mut count) = (0.0, 0.0);
        while covered < goal_mm2 {
            let radius_mm = stream.positive_normal(self.radius_nm, self.sd_ratio * self.radius_nm) * 1e-6;
            covered += PI * radius_mm * radius_mm;
            count += 1.0;
        }
        Ok(count / share)
    }

    /// The coverage that random sequential addition reaches on a patch of 60 × 60 mean radii when asked for ours.
    ///
    /// # Errors
    /// See [`Self::check`].
    pub fn placed_coverage(&self, seed: u32) -> Result<f64, Invalid> {
        self.check()?;
        let mut stream = Stream::new(seed, Purpose::Capacity, 1);
        let side_um = 60.0 * self.radius_nm * 1e-3;
        let goal = self.coverage * side_um * side_um;
        let (mut radii, mut asked) = (Vec::new(), 0.0);
        while asked < goal {
            let r = stream.positive_normal(self.radius_nm, self.sd_ratio * self.radius_nm);
            asked += PI * r * r * 1e-6;
            radii.push(r);
        }
        let mut patch = Placed::new(Rect { x_um: 0.0, y_um: 0.0, width_um: side_um, height_um: side_um }, &radii);
        let placed: f64 =
            radii.iter().filter(|r| patch.add(**r * 1e-3, &mut stream).is_some()).map(|r| PI * r * r * 1e-6).sum();
        Ok(placed / (side_um * side_um))
    }
}

const _: () = assert!(MAX_DIMENSION as usize >= MAX_COMPONENTS);

#[cfg(test)]
mod tests {
    use super::*;

    fn with_radius(radius_nm: f64) -> CapacityConfig {
        CapacityConfig { radius_nm, ..CapacityConfig::default() }
    }

    #[test]
    fn figure_1_marks() {
        for (radius_nm, count, dimension) in [(500.0, 1.559e6, 6), (150.0, 1.733e7, 7), (50.0, 1.559e8, 8)] {
            let c = with_radius(radius_nm).estimate().unwrap();
            assert!((c.expected_particles / count - 1.0).abs() < 1e-3, "{radius_nm}: {}", c.expected_particles);
            assert_eq!(c.dimension_by_powers_of_ten, dimension);
        }
    }

    #[test]
    fn drawing_radii_agrees_with_eq_1() {
        let config = with_radius(500.0);
        let (drawn, expected) =
            (config.monte_carlo(200_000, 1).unwrap(), config.estimate().unwrap().expected_particles);
        // Truncating at 3.3 σ hardly moves the second moment; 2e5 draws leave a standard error of 0.13 %.
        assert!((drawn / expected - 1.0).abs() < 0.006, "{}", drawn / expected);
    }

    #[test]
    fn beyond_jamming_is_reported() {
        let dense = CapacityConfig { coverage: 0.65, ..with_radius(100.0) };
        assert!(dense.estimate().unwrap().note.unwrap().contains("jam"));
        assert!(dense.placed_coverage(1).unwrap() < 0.6);
        let sparse = CapacityConfig { coverage: 0.3, ..with_radius(100.0) };
        assert!(sparse.placed_coverage(1).unwrap() >= 0.299);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        let bad = CapacityConfig { radius_nm: -1.0, coverage: f64::NAN, ..CapacityConfig::default() };
        let Invalid(errors) = bad.estimate().unwrap_err();
        assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["coverage", "radius_nm"]);
    }
}
