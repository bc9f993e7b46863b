//! How long it would take to make as many measurements as there are compositions: by a microscope over a random library, by laboratory
//! diffraction, and what quasi-ternary spread libraries see of it (section III). Particles are random: as many of them hit some
//! compositions more than once and miss others.
use super::{
    capacity::{Capacity, CapacityConfig, STEPS},
    hits::{NEARLY_ALL, cells, particles_to_hit, share_hit},
};
use crate::composition::grid_point_count;
use serde::{Deserialize, Serialize};

/// One laboratory diffraction pattern takes 10 to 30 minutes, s.
const XRD_SECS: (f64, f64) = (600.0, 1800.0);
const UM2_PER_MM2: f64 = 1e6;

/// Times and counts for one number of components, at composition steps of 0.1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Compositions on the simplex grid.
    pub compositions: u64,
    /// Fields of view that hold as many particles, on as many grids as that takes.
    pub regions: f64,
    /// Grids that hold as many particles. To change them takes time that is not counted.
    pub grids: f64,
    /// The microscope at as many particles, s: a beam shift and a spectrum each, and a stage move with retuning and an EDX map for
    /// each field of view. A map is taken to last as long whatever the number of particles in it.
    pub stem_secs: f64,
    /// The same for every particle of the grid, s.
    pub stem_all_secs: f64,
    /// Expected share of the compositions that as many random particles hit.
    pub share_hit: f64,
    /// Random particles that are expected to hit 95 % of the compositions.
    pub nearly_all_particles: f64,
    /// The microscope at so many particles, s; absent when one grid does not hold them.
    pub nearly_all_secs: Option<f64>,
    /// Laboratory diffraction at each composition, shortest and longest, s.
    pub xrd_secs: (f64, f64),
    /// Quasi-ternary spread libraries: one for each three of the components.
    pub spread_libraries: u64,
    /// Share of the compositions that they hold: those of at most three components.
    pub spread_share: f64,
    /// Laboratory diffraction at each composition of each spread library, s.
    pub spread_xrd_secs: (f64, f64),
}

impl CapacityConfig {
    /// The times that belong to an estimate.
    pub(super) fn visit(&self, expected_particles: f64) -> Visit {
        let n = self.components;
        let compositions = grid_point_count(n, STEPS);
        let all_regions = self.area_mm2 * UM2_PER_MM2 / (self.tile_um * self.tile_um);
        let count = compositions as f64;
        let regions = |particles: f64| (particles * all_regions / expected_particles).max(1.0).ceil();
        let stem = |particles: f64, regions: f64| {
            particles * (self.beam_shift_secs + self.eels_secs) + regions * self.switch_secs
        };
        let cells = cells(n);
        let nearly_all = particles_to_hit(&cells, NEARLY_ALL);
        let xrd = |patterns: f64| (patterns * XRD_SECS.0, patterns * XRD_SECS.1);
        let spread_libraries = choose(n, 3).max(1);
        // So many of exactly k components: which they are, times how the ten steps fall on them with none left out.
        let exactly = |k: u32| choose(n, k) * choose(STEPS - 1, k - 1);
        let seen: u64 = (1..=n.min(3)).map(exactly).sum();
        Visit {
            compositions,
            regions: regions(count),
            grids: (count / expected_particles).ceil(),
            stem_secs: stem(count, regions(count)),
            stem_all_secs: stem(expected_particles, all_regions),
            share_hit: share_hit(&cells, count),
            nearly_all_particles: nearly_all,
            nearly_all_secs: (nearly_all <= expected_particles).then(|| stem(nearly_all, regions(nearly_all))),
            xrd_secs: xrd(count),
            spread_libraries,
            spread_share: seen as f64 / count,
            spread_xrd_secs: xrd((spread_libraries * grid_point_count(n.min(3), STEPS)) as f64),
        }
    }
}

impl Capacity {
    /// How many times longer diffraction takes than the microscope, at its quickest, at as many compositions.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.visit.xrd_secs.0 / self.visit.stem_secs
    }
}

/// Number of ways to choose `k` of `n` (n up to 12: nothing overflows).
pub(super) fn choose(n: u32, k: u32) -> u64 {
    if k > n { 0 } else { (0..u64::from(k)).fold(1, |c, i| c * (u64::from(n) - i) / (i + 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(components: u32) -> Visit {
        CapacityConfig { components, ..CapacityConfig::default() }.estimate().unwrap().visit
    }

    #[test]
    fn what_spread_libraries_see_is_counted_right() {
        // By hand, n = 4 at a step of 0.1: 286 compositions, 84 of them of exactly four components.
        let v = visit(4);
        assert_eq!((v.compositions, v.spread_libraries), (286, 4));
        assert!((v.spread_share - 202.0 / 286.0).abs() < 1e-12, "{}", v.spread_share);
        assert_eq!((visit(2).spread_share, visit(3).spread_share), (1.0, 1.0));
        assert!(visit(8).spread_share < 0.15);
    }

    #[test]
    fn times_are_those_one_can_work_out_by_hand() {
        let v = visit(6);
        assert_eq!(v.compositions, 3003);
        assert_eq!(v.xrd_secs, (1_801_800.0, 5_405_400.0));
        // 5841 particles in a field of 30 µm: one field is enough. 3003 spectra of 1 s with a beam shift of 0.02 s and one move of 18 s.
        assert_eq!(v.regions, 1.0);
        assert!((v.stem_secs - (3003.0 * 1.02 + 18.0)).abs() < 1e-9, "{}", v.stem_secs);
        // Nearly all of them: 26 658 particles in five fields.
        assert_eq!(v.nearly_all_particles, 26_658.0);
        assert!((v.nearly_all_secs.unwrap() - (26_658.0 * 1.02 + 5.0 * 18.0)).abs() < 1e-9, "{:?}", v.nearly_all_secs);
        assert_eq!((v.spread_libraries, v.spread_xrd_secs.0), (20, 20.0 * 66.0 * 600.0));
        let large = CapacityConfig { radius_nm: 500.0, components: 8, ..CapacityConfig::default() }.estimate().unwrap();
        assert_eq!(large.visit.regions, (19448.0_f64 * 2.67e6 / 900.0 / large.expected_particles).ceil());
        assert!(large.gain() > 100.0);
        assert_eq!((v.grids, large.visit.grids), (1.0, 1.0));
    }

    #[test]
    fn what_one_grid_does_not_hold_takes_more_of_them() {
        // 92 378 compositions of ten components, and not half as many particles.
        let wide =
            CapacityConfig { radius_nm: 3000.0, components: 10, ..CapacityConfig::default() }.estimate().unwrap();
        assert!(wide.expected_particles < 92_378.0 / 2.0);
        let v = wide.visit;
        assert_eq!((v.compositions, v.grids), (92_378, (92_378.0 / wide.expected_particles).ceil()));
        let one = CapacityConfig::default().area_mm2 * UM2_PER_MM2 / 900.0;
        assert!(v.regions > one && v.regions <= (v.grids * one).ceil(), "{} of {one}", v.regions);
        assert!(v.stem_secs > v.stem_all_secs);
        assert!(v.nearly_all_particles > wide.expected_particles && v.nearly_all_secs.is_none());
    }
}
