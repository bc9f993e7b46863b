//! What the simulated instrument would show: pictures to the readings of the engine, which come from elsewhere.
use super::instrument::Matrix;
use crate::{
    bridge::data::Kind,
    gateway::store::Raw,
    library::Library,
    microscope::{Command, Reading, Sighting},
    rng::{Purpose, Stream},
};
use std::collections::BTreeSet;

/// Rows and columns of an image.
const PIXELS: u32 = 128;
const CHANNELS: u32 = 512;
const FIRST_EV: f64 = 200.0;
/// Where the edge is whose height is the property.
const EDGE_EV: f64 = 450.0;
/// Counts of the background in the first channel.
const BACKGROUND: f64 = 4000.0;
/// Counts of the edge where it begins, for a property of 1.
const EDGE: f64 = 600.0;

/// Draws pictures of what a simulated microscope answers.
#[derive(Clone, Debug)]
pub(super) struct Pictures {
    pub field_um: f64,
    pub seed: u32,
    /// Where the stage is, µm; none before the first move.
    pub at_um: Option<(f64, f64)>,
    /// From µm on the stage to µm in the image, x to the right, y down.
    pub to_image: Matrix,
}

impl Pictures {
    /// Pictures to a reading; `count` is that of the command. What cannot be drawn has none.
    pub fn of(&mut self, count: u64, op: &Command, reading: &Reading) -> Vec<Raw> {
        let mut stream = Stream::new(self.seed, Purpose::Picture, count);
        match (op, reading) {
            (_, Reading::Arrived { x_um, y_um }) => {
                self.at_um = Some((*x_um, *y_um));
                Vec::new()
            }
            (Command::Overview, Reading::Particles { particles }) => {
                vec![self.image(self.at_um.unwrap_or_default(), particles, &mut stream)]
            }
            (Command::Spectrum { .. }, Reading::Property { value, .. }) => vec![spectrum(*value, &mut stream)],
            _ => Vec::new(),
        }
    }

    /// What is seen of a library from a place and after each step, x and y, from there.
    pub fn three(&self, count: u64, library: &Library, (x, y): (f64, f64), (x_um, y_um): (f64, f64)) -> [Raw; 3] {
        let mut stream = Stream::new(self.seed, Purpose::Picture, count);
        [(x, y), (x + x_um, y), (x, y + y_um)].map(|at| self.image(at, &self.around(library, at), &mut stream))
    }

    /// Particles of the tile in which a place is, and of those around it.
    fn around(&self, library: &Library, (x, y): (f64, f64)) -> Vec<Sighting> {
        let grid = library.grid();
        let side = self.field_um;
        let offsets = [-side, 0.0, side];
        let tiles = offsets.iter().flat_map(|dy| offsets.iter().map(move |dx| grid.tile_at(x + dx, y + dy)));
        // Beyond the edge of the grid the tile at the edge comes more than once.
        let tiles: BTreeSet<u32> = tiles.collect();
        let particles = tiles.into_iter().flat_map(|tile| library.tile(tile).particles);
        particles.map(|p| Sighting { x_um: p.x_um, y_um: p.y_um, radius_nm: p.radius_nm }).collect()
    }

    /// Spheres, brighter where they are thicker; rows from top to bottom.
    fn image(&self, at_um: (f64, f64), particles: &[Sighting], stream: &mut Stream) -> Raw {
        let step_um = self.field_um / f64::from(PIXELS);
        let mut values: Vec<f32> = (0..PIXELS * PIXELS).map(|_| (0.1 + 0.02 * stream.normal()) as f32).collect();
        for p in particles {
            let radius_um = p.radius_nm * 1e-3;
            // In pixels, from the upper left corner.
            let (right, down) = self.to_image.times((p.x_um - at_um.0, p.y_um - at_um.1));
            let (column, row) = ((right + self.field_um / 2.0) / step_um, (down + self.field_um / 2.0) / step_um);
            // A particle smaller than a pixel is still a bright pixel.
            let radius = (radius_um / step_um).clamp(0.75, f64::from(PIXELS));
            let span = |middle: f64| {
                let end = |x: f64| x.clamp(0.0, f64::from(PIXELS)) as u32;
                end((middle - radius).floor())..end((middle + radius).ceil())
            };
            for y in span(row) {
                for x in span(column) {
                    let (dx, dy) = (f64::from(x) + 0.5 - column, f64::from(y) + 0.5 - row);
                    let depth = 1.0 - (dx * dx + dy * dy) / (radius * radius);
                    if depth > 0.0 {
                        values[(y * PIXELS + x) as usize] += (0.9 * depth.sqrt()) as f32;
                    }
                }
            }
        }
        Raw { shape: vec![PIXELS, PIXELS], kind: Kind::Image { field_um: self.field_um }, values }
    }
}

/// A background that falls with the third power of the energy, and an edge as high as the property.
fn spectrum(value: f64, stream: &mut Stream) -> Raw {
    let cube = |x: f64| x * x * x;
    let counts = (0..CHANNELS).map(|i| {
        let ev = FIRST_EV + f64::from(i);
        let edge = if ev >= EDGE_EV { EDGE * value.clamp(0.0, 10.0) * cube(EDGE_EV / ev) } else { 0.0 };
        let counts = BACKGROUND * cube(FIRST_EV / ev) + edge;
        (counts + counts.sqrt() * stream.normal()).max(0.0) as f32
    });
    let kind = Kind::Spectrum { first_ev: FIRST_EV, step_ev: 1.0 };
    Raw { shape: vec![CHANNELS], kind, values: counts.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_particle_is_bright_where_it_is() {
        let mut pictures = Pictures { field_um: 30.0, seed: 1, at_um: None, to_image: Matrix::UPRIGHT };
        let arrived = Reading::Arrived { x_um: 45.0, y_um: 15.0 };
        assert!(pictures.of(0, &Command::Overview, &arrived).is_empty());
        // To the right and up: a column to the right, a row near the top.
        let particles = vec![Sighting { x_um: 45.0 + 7.5, y_um: 15.0 + 11.25, radius_nm: 500.0 }];
        let raw = pictures.of(1, &Command::Overview, &Reading::Particles { particles }).remove(0);
        let brightest = (0..raw.values.len()).max_by(|a, b| raw.values[*a].total_cmp(&raw.values[*b])).unwrap();
        let (row, column) = (brightest / 128, brightest % 128);
        assert!(row.abs_diff(16) <= 2 && column.abs_diff(96) <= 2, "row {row}, column {column}");
    }

    #[test]
    fn an_edge_is_as_high_as_the_property() {
        let op = Command::Spectrum { particle: 0, dwell_secs: 1.0 };
        let mut pictures = Pictures { field_um: 30.0, seed: 1, at_um: None, to_image: Matrix::UPRIGHT };
        let mut above_edge = |value: f64| -> f32 {
            let raw = pictures.of(0, &op, &Reading::Property { value, sd: 0.0 }).remove(0);
            raw.values[250..300].iter().sum::<f32>() - raw.values[200..250].iter().sum::<f32>()
        };
        assert!(above_edge(1.0) > above_edge(0.5) && above_edge(0.5) > above_edge(0.0));
    }
}
