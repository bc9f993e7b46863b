//! The random library: particles of different composition mixed on one grid, made tile by tile on demand.
//!
//! A tile is one field of view, which is also the range of the beam shift. Its particles depend on (seed, tile) alone, so
//! asking for one tile of a grid of 10⁸ particles costs that tile only. Discs lie wholly inside their tile: that is what
//! lets tiles be made alone and still never overlap.
pub mod capacity;
mod geometry;
mod hits;
mod import;
mod table;
mod tile;
mod visit;

pub use geometry::Grid;
pub use import::parse_particles_csv;
pub use table::ImportError;
pub(crate) use table::{Column, read_rows};
pub use tile::{JAMMING_COVERAGE, MAX_COVERAGE, Tile};
pub use visit::Visit;

use crate::composition::Composition;
use serde::{Deserialize, Serialize};

/// One particle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Particle {
    /// Centre, µm from the left edge of the grid.
    pub x_um: f64,
    /// Centre, µm from the lower edge of the grid.
    pub y_um: f64,
    /// Radius, nm.
    pub radius_nm: f64,
    /// True composition.
    pub composition: Composition,
}

/// How the number of particles of a tile varies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Poisson with mean density × area.
    Poisson,
    /// The same in every tile, up to the fraction that density × area leaves.
    Uniform,
}

/// One number for all components, or one for each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum PerComponent {
    /// The same for all.
    Same(f64),
    /// One for each component.
    Each(Vec<f64>),
}

impl PerComponent {
    /// The values for n components.
    #[must_use]
    pub fn values(&self, n: usize) -> Vec<f64> {
        match self {
            Self::Same(x) => vec![*x; n],
            Self::Each(list) => list.clone(),
        }
    }
}

/// A particle of the user's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportedParticle {
    /// Centre, µm from the left edge of the grid.
    pub x_um: f64,
    /// Centre, µm from the lower edge of the grid.
    pub y_um: f64,
    /// Radius, nm.
    pub radius_nm: f64,
    /// Atomic fractions, one for each element.
    pub fractions: Vec<f64>,
}

/// Settings of the library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LibraryConfig {
    /// Width of the accessible area, µm.
    pub width_um: f64,
    /// Height of the accessible area, µm.
    pub height_um: f64,
    /// Side of a tile: field of view and beam-shift range, µm.
    pub tile_um: f64,
    /// Mean number of particles per µm².
    pub density_per_um2: f64,
    /// How the number of particles of a tile varies.
    pub count: Count,
    /// Mean of the radius before truncation at 0, nm.
    pub radius_mean_nm: f64,
    /// Standard deviation of the radius before truncation at 0, nm.
    pub radius_sd_nm: f64,
    /// Dirichlet concentrations; 1 is uniform over the simplex.
    pub dirichlet_alpha: PerComponent,
    /// The user's own particles instead of generated ones.
    pub particles: Option<Vec<ImportedParticle>>,
}

/// A library; cheap to make, since no particle exists before its tile is asked for.
#[derive(Clone, Debug)]
pub struct Library {
    seed: u32,
    grid: Grid,
    count: Count,
    density_per_um2: f64,
    radius_nm: (f64, f64),
    alpha: Vec<f64>,
    imported: Option<Vec<Vec<Particle>>>,
}

impl Library {
    /// The library of a checked configuration with `components` components.
    #[must_use]
    pub(crate) fn new(config: &LibraryConfig, components: usize, seed: u32) -> Self {
        let grid = Grid::new(config.width_um, config.height_um, config.tile_um);
        Self {
            seed,
            count: config.count,
            density_per_um2: config.density_per_um2,
            radius_nm: (config.radius_mean_nm, config.radius_sd_nm),
            alpha: config.dirichlet_alpha.values(components),
            imported: config.particles.as_deref().map(|list| import::into_tiles(list, &grid)),
            grid,
        }
    }

    /// The geometry of the grid.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The Dirichlet concentrations that compositions are drawn from, one for each component.
    #[must_use]
    pub fn alpha(&self) -> &[f64] {
        &self.alpha
    }

    /// The particles of one tile (0 ≤ tile < `grid().tile_count()`); the same on every call.
    #[must_use]
    pub fn tile(&self, tile: u32) -> Tile {
        match &self.imported {
            Some(tiles) => Tile { particles: tiles[tile as usize].clone(), unplaced: 0 },
            None => tile::generate(self, tile),
        }
    }

    /// Expected number of particles; exact for imported ones.
    #[must_use]
    pub fn expected_particles(&self) -> f64 {
        match &self.imported {
            Some(tiles) => tiles.iter().map(|t| t.len() as f64).sum(),
            None => self.density_per_um2 * self.grid.area_um2(),
        }
    }
}
