//! What is known of the grid: regions seen, the particles in them, what was measured.
use crate::{
    composition::Measured,
    library::Grid,
    microscope::Sighting,
    rng::{Purpose, hash},
};
use std::collections::BTreeMap;

/// What has become of a particle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not measured yet.
    Open,
    /// Measured.
    Measured,
    /// Given up after repeated faults.
    Excluded,
}

/// A region that was visited, or whose content is known.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its tile.
    pub tile: u32,
    /// Whether the stage has been there.
    pub visited: bool,
    /// Particles found by the overview; none before it.
    pub sightings: Option<Vec<Sighting>>,
    /// Their measured compositions; none before the map.
    pub compositions: Option<Vec<Measured>>,
    /// Index of the first particle among all candidates.
    pub first: usize,
    /// What has become of each particle; empty before the map.
    pub states: Vec<State>,
}

impl Region {
    /// Particles found.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.sightings.as_ref().map_or(0, |s| s.len() as u32)
    }

    /// Particles measured.
    #[must_use]
    pub fn measured(&self) -> u32 {
        self.states.iter().filter(|s| **s == State::Measured).count() as u32
    }

    /// Particles that can still be measured.
    pub fn open(&self) -> impl Iterator<Item = u32> + '_ {
        self.states.iter().enumerate().filter(|(_, s)| **s == State::Open).map(|(i, _)| i as u32)
    }
}

/// Everything known, regions in the order in which they were first seen.
#[derive(Clone, Debug)]
pub struct Atlas {
    seed: u32,
    grid: Grid,
    regions: Vec<Region>,
    by_tile: BTreeMap<u32, usize>,
    here: Option<u32>,
    nearest: Option<(u32, usize, Option<u32>)>,
}

impl Atlas {
    /// An empty atlas of a grid.
    #[must_use]
    pub fn new(grid: Grid, seed: u32) -> Self {
        Self { seed, grid, regions: Vec::new(), by_tile: BTreeMap::new(), here: None, nearest: None }
    }

    /// The geometry of the grid.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The tile in view; none when the position is not known.
    #[must_use]
    pub fn here(&self) -> Option<u32> {
        self.here
    }

    /// The region in view.
    #[must_use]
    pub fn region_here(&self) -> Option<&Region> {
        self.here.and_then(|tile| self.region(tile))
    }

    /// All regions.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// A region, if it was seen.
    #[must_use]
    pub fn region(&self, tile: u32) -> Option<&Region> {
        self.by_tile.get(&tile).map(|i| &self.regions[*i])
    }

    /// A region, made when it is new.
    pub fn region_mut(&mut self, tile: u32) -> &mut Region {
        let regions = &mut self.regions;
        let index = *self.by_tile.entry(tile).or_insert_with(|| {
            let new =
                Region { tile, visited: false, sightings: None, compositions: None, first: 0, states: Vec::new() };
            regions.push(new);
            regions.len() - 1
        });
        &mut self.regions[index]
    }

    /// The stage has arrived at a tile, or its position has become unknown.
    pub fn set_here(&mut self, here: Option<u32>) {
        self.here = here;
        if let Some(tile) = here {
            self.region_mut(tile).visited = true;
        }
    }

    /// The unvisited tile nearest to the one in view; equal distances are ordered by the seed.
    pub fn nearest_unvisited(&mut self) -> Option<u32> {
        let here = self.here?;
        let visited = self.by_tile.len();
        if let Some((from, count, found)) = self.nearest
            && from == here
            && count == visited
        {
            return found;
        }
        let found = (0..self.grid.tile_count())
            .filter(|tile| !self.by_tile.contains_key(tile))
            .map(|tile| (self.grid.distance_um(here, tile), hash(self.seed, Purpose::TieBreak, u64::from(tile)), tile))
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, _, tile)| tile);
        self.nearest = Some((here, visited, found));
        found
    }

    /// ρ: particles found in mapped regions over their area, µm⁻².
    #[must_use]
    pub fn density_per_um2(&self) -> f64 {
        let (mut found, mut area) = (0.0, 0.0);
        for region in self.regions.iter().filter(|r| r.sightings.is_some()) {
            let rect = self.grid.rect(region.tile);
            found += f64::from(region.total());
            area += rect.width_um * rect.height_um;
        }
        if area > 0.0 { found / area } else { 0.0 }
    }

    /// λ = ρA for a tile: particles expected there.
    #[must_use]
    pub fn expected_particles(&self, tile: u32) -> f64 {
        let rect = self.grid.rect(tile);
        self.density_per_um2() * rect.width_um * rect.height_um
    }
}
