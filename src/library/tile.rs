//! One tile of the library from (seed, tile): counts, truncated-normal radii, random sequential addition.
use super::{Count, Library, Particle, geometry::Rect};
use crate::{
    composition::Composition,
    rng::{Purpose, Stream},
};

/// Share of the plane that random sequential addition of equal discs can cover at most (Feder 1980).
pub const JAMMING_COVERAGE: f64 = 0.547;
/// Largest expected coverage that a library may ask for: near jamming, placing by chance takes for ever.
pub const MAX_COVERAGE: f64 = 0.5;
/// Attempts to place one particle before it is given up and counted.
const ATTEMPTS: u32 = 2000;

/// The particles of a tile.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// In the order in which they were placed.
    pub particles: Vec<Particle>,
    /// How many did not fit without an overlap.
    pub unplaced: u32,
}

/// Make one tile. Costs that tile only.
pub(super) fn generate(library: &Library, tile: u32) -> Tile {
    let mut stream = Stream::new(library.seed, Purpose::Tile, u64::from(tile));
    let rect = library.grid.rect(tile);
    let mean = library.density_per_um2 * rect.width_um * rect.height_um;
    let count = match library.count {
        Count::Poisson => stream.poisson(mean),
        Count::Uniform => (mean + stream.uniform()).floor() as u32,
    };
    let (radius_mean, radius_sd) = library.radius_nm;
    let radii: Vec<f64> = (0..count).map(|_| stream.positive_normal(radius_mean, radius_sd)).collect();
    let mut placed = Placed::new(rect, &radii);
    let mut particles = Vec::with_capacity(radii.len());
    for radius_nm in radii {
        // The composition is drawn even for a particle that finds no place, so that the others do not depend on it.
        let composition = Composition::dirichlet(&library.alpha, &mut stream);
        if let Some((x_um, y_um)) = placed.add(radius_nm * 1e-3, &mut stream) {
            particles.push(Particle { x_um, y_um, radius_nm, composition });
        }
    }
    Tile { unplaced: count - particles.len() as u32, particles }
}

/// Discs placed so far, sorted into cells so that a test for overlap looks at few of them.
pub(super) struct Placed {
    rect: Rect,
    cell_um: f64,
    columns: usize,
    cells: Vec<Vec<(f64, f64, f64)>>,
}

impl Placed {
    /// An empty rectangle that will take discs of these radii, nm.
    pub(super) fn new(rect: Rect, radii_nm: &[f64]) -> Self {
        let largest_um = radii_nm.iter().fold(0.0_f64, |a, r| a.max(r * 1e-3));
        let area_each = rect.width_um * rect.height_um / radii_nm.len().max(1) as f64;
        // At least two radii, so that only adjacent cells can hold an overlap.
        let cell_um = (2.0 * largest_um).max(area_each.sqrt());
        let cells_along = |size: f64| (size / cell_um).floor().max(1.0) as usize;
        let (columns, rows) = (cells_along(rect.width_um), cells_along(rect.height_um));
        Self { rect, cell_um, columns, cells: vec![Vec::new(); columns * rows] }
    }

    /// Place one disc at random, wholly inside and touching no other; `None` when that fails.
    pub(super) fn add(&mut self, radius_um: f64, stream: &mut Stream) -> Option<(f64, f64)> {
        let room = (self.rect.width_um - 2.0 * radius_um, self.rect.height_um - 2.0 * radius_um);
        if room.0 <= 0.0 || room.1 <= 0.0 {
            return None;
        }
        for _ in 0..ATTEMPTS {
            let x = radius_um + room.0 * stream.uniform();
            let y = radius_um + room.1 * stream.uniform();
            if !self.overlaps(x, y, radius_um) {
                let (column, row) = self.cell(x, y);
                self.cells[row * self.columns + column].push((x, y, radius_um));
                return Some((self.rect.x_um + x, self.rect.y_um + y));
            }
        }
        None
    }

    fn cell(&self, x: f64, y: f64) -> (usize, usize) {
        let rows = self.cells.len() / self.columns;
        (((x / self.cell_um) as usize).min(self.columns - 1), ((y / self.cell_um) as usize).min(rows - 1))
    }

    fn overlaps(&self, x: f64, y: f64, radius: f64) -> bool {
        let (column, row) = self.cell(x, y);
        let rows = self.cells.len() / self.columns;
        (row.saturating_sub(1)..(row + 2).min(rows)).any(|r| {
            (column.saturating_sub(1)..(column + 2).min(self.columns)).any(|c| {
                self.cells[r * self.columns + c].iter().any(|(px, py, pr)| {
                    let reach = radius + pr;
                    (x - px) * (x - px) + (y - py) * (y - py) < reach * reach
                })
            })
        })
    }
}
