//! The simulated world of a campaign: library, hidden response, and the points by which knowledge is judged.
//!
//! Preparing it can take seconds (10⁶ Gaussians, 10⁵ particles), so it is done in slices.
use super::{Campaign, ValidConfig, scoreboard::Scoreboard};
use crate::{
    composition::Composition,
    error::{ConfigError, Invalid},
    library::Library,
    microscope::{Sighting, Simulated},
    planner::Rule,
    response::Response,
    rng::{Purpose, Stream},
};

/// Most particles that the scores look at; a larger library is judged by whole tiles chosen at random.
pub const MAX_SCORED: f64 = 60_000.0;
/// Gaussians that are evaluated in about a millisecond.
const GAUSSIANS_PER_MS: f64 = 3e5;

/// The simulated world of a campaign: library, hidden response, and the points by which knowledge is judged. Preparing it can
/// take seconds (10⁶ Gaussians, 10⁵ particles), so it is done in slices.
#[derive(Clone, Debug)]
pub struct World {
    config: ValidConfig,
    library: Library,
    response: Response,
    tiles: Vec<u32>,
    next: usize,
    points: Vec<Composition>,
    truth: Vec<f64>,
}

impl World {
    /// A world to be prepared with [`Self::advance`].
    #[must_use]
    pub fn new(config: ValidConfig) -> Self {
        let library = Library::new(&config.library, config.elements.len(), config.seed);
        let response = Response::new(&config.response, library.alpha(), config.seed);
        let tile_count = library.grid().tile_count();
        let share = (MAX_SCORED / library.expected_particles()).min(1.0);
        let tiles = if share < 1.0 {
            let wanted = (f64::from(tile_count) * share).ceil() as u32;
            let mut chosen = Stream::new(config.seed, Purpose::MetricsSample, 0).choose(tile_count, wanted);
            chosen.sort_unstable();
            chosen
        } else {
            (0..tile_count).collect()
        };
        Self { config, library, response, tiles, next: 0, points: Vec::new(), truth: Vec::new() }
    }

    /// Do about `work_ms` milliseconds of preparation; returns the share done, 1 when ready.
    ///
    /// # Errors
    /// The library turns out to be empty, or the first region chosen holds no particle.
    pub fn advance(&mut self, work_ms: f64) -> Result<f64, Invalid> {
        let mut evaluations = (work_ms * GAUSSIANS_PER_MS / f64::from(self.response.gaussians())).max(1.0);
        let normalised = self.response.advance(evaluations.min(1e9) as u32);
        if normalised < 1.0 {
            return Ok(0.5 * normalised);
        }
        while evaluations > 0.0 && self.next < self.tiles.len() {
            let tile = self.library.tile(self.tiles[self.next]);
            self.next += 1;
            // An empty tile is not free either.
            evaluations -= 1.0 + tile.particles.len() as f64;
            self.truth.extend(tile.particles.iter().map(|p| self.response.value(&p.composition)));
            self.points.extend(tile.particles.iter().map(|p| p.composition));
        }
        if self.next < self.tiles.len() {
            return Ok(0.5 + 0.5 * self.next as f64 / self.tiles.len() as f64);
        }
        self.check_particles()?;
        Ok(1.0)
    }

    fn check_particles(&self) -> Result<(), ConfigError> {
        if self.points.is_empty() {
            let value = self.config.library.density_per_um2;
            let allowed = "a density that puts at least one particle on the area; this seed drew none";
            return Err(ConfigError::new("library.density_per_um2", value, allowed));
        }
        match self.config.planner.first_region {
            Some(tile) if self.library.tile(tile).particles.is_empty() => {
                let allowed = "a tile that holds a particle; this one is empty";
                Err(ConfigError::new("planner.first_region", tile, allowed))
            }
            _ => Ok(()),
        }
    }

    /// The library.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &ValidConfig {
        &self.config
    }

    /// Prepare what is left, then hand out the campaign and the microscope that simulates it.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub fn open(mut self) -> Result<(Campaign, Simulated), Invalid> {
        while self.advance(1e3)? < 1.0 {}
        let scoreboard = Scoreboard::new(&self.points, self.truth);
        let mut campaign = Campaign::new(&self.config, scoreboard);
        if self.config.planner.rule == Rule::GreedyKnown {
            for tile in 0..self.library.grid().tile_count() {
                let particles = self.library.tile(tile).particles;
                let sightings =
                    particles.iter().map(|p| Sighting { x_um: p.x_um, y_um: p.y_um, radius_nm: p.radius_nm }).collect();
                let compositions: Vec<Composition> = particles.iter().map(|p| p.composition).collect();
                campaign.know(tile, sightings, &compositions);
            }
        }
        let microscope =
            Simulated::new(self.library, self.response, &self.config.microscope, &self.config.cost, self.config.seed);
        Ok((campaign, microscope))
    }
}
