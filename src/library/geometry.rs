//! The grid of tiles: row-major from the lower left corner.

/// A rectangular area cut into square tiles; the last column and row are narrower when the size is no multiple.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    width_um: f64,
    height_um: f64,
    tile_um: f64,
    columns: u32,
    rows: u32,
}

/// A tile's rectangle, µm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x_um: f64,
    /// Lower edge.
    pub y_um: f64,
    /// Width.
    pub width_um: f64,
    /// Height.
    pub height_um: f64,
}

/// A remainder thinner than this share of a tile is rounding, not a column.
const SLIVER: f64 = 1e-9;

impl Grid {
    /// A grid of checked sizes (each > 0, tile no larger than the area).
    pub(crate) fn new(width_um: f64, height_um: f64, tile_um: f64) -> Self {
        let count = |size: f64| (size / tile_um - SLIVER).ceil().max(1.0) as u32;
        Self { width_um, height_um, tile_um, columns: count(width_um), rows: count(height_um) }
    }

    /// Tiles in a row.
    #[must_use]
    pub fn columns(&self) -> u32 {
        self.columns
    }

    /// Rows of tiles.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Number of tiles.
    #[must_use]
    pub fn tile_count(&self) -> u32 {
        self.columns * self.rows
    }

    /// Side of a whole tile, µm.
    #[must_use]
    pub fn tile_um(&self) -> f64 {
        self.tile_um
    }

    /// Width and height of the area, µm.
    #[must_use]
    pub fn size_um(&self) -> (f64, f64) {
        (self.width_um, self.height_um)
    }

    /// Area, µm².
    #[must_use]
    pub fn area_um2(&self) -> f64 {
        self.width_um * self.height_um
    }

    /// Column and row of a tile.
    #[must_use]
    pub fn position(&self, tile: u32) -> (u32, u32) {
        (tile % self.columns, tile / self.columns)
    }

    /// The rectangle of a tile.
    #[must_use]
    pub fn rect(&self, tile: u32) -> Rect {
        let (column, row) = self.position(tile);
        let (x_um, y_um) = (f64::from(column) * self.tile_um, f64::from(row) * self.tile_um);
        Rect {
            x_um,
            y_um,
            width_um: self.tile_um.min(self.width_um - x_um),
            height_um: self.tile_um.min(self.height_um - y_um),
        }
    }

    /// Centre of a tile, µm: where the stage goes.
    #[must_use]
    pub fn centre_um(&self, tile: u32) -> (f64, f64) {
        let r = self.rect(tile);
        (r.x_um + 0.5 * r.width_um, r.y_um + 0.5 * r.height_um)
    }

    /// Distance between the centres of two tiles, µm.
    #[must_use]
    pub fn distance_um(&self, a: u32, b: u32) -> f64 {
        let ((ax, ay), (bx, by)) = (self.centre_um(a), self.centre_um(b));
        ((ax - bx) * (ax - bx) + (ay - by) * (ay - by)).sqrt()
    }

    /// Whether two tiles touch, corners included (distance ≤ √2 tiles).
    #[must_use]
    pub fn are_neighbours(&self, a: u32, b: u32) -> bool {
        let ((ac, ar), (bc, br)) = (self.position(a), self.position(b));
        a != b && ac.abs_diff(bc) <= 1 && ar.abs_diff(br) <= 1
    }

    /// The tile that holds a point of the area (edges count to the tile inside).
    #[must_use]
    pub fn tile_at(&self, x_um: f64, y_um: f64) -> u32 {
        let at = |v: f64, n: u32| ((v / self.tile_um) as u32).min(n - 1);
        at(y_um, self.rows) * self.columns + at(x_um, self.columns)
    }

    /// Tiles in serpentine order: along one row, back along the next.
    pub fn serpentine(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.tile_count()).map(|i| {
            let (column, row) = self.position(i);
            row * self.columns + if row % 2 == 0 { column } else { self.columns - 1 - column }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paper_s_grid_has_a_hundred_tiles() {
        let g = Grid::new(300.0, 300.0, 30.0);
        assert_eq!((g.columns(), g.rows(), g.tile_count()), (10, 10, 100));
        assert_eq!(g.centre_um(11), (45.0, 45.0));
        assert!((g.distance_um(0, 11) - 30.0 * 2.0_f64.sqrt()).abs() < 1e-12);
        assert!(g.are_neighbours(0, 11) && !g.are_neighbours(0, 2) && !g.are_neighbours(9, 10));
        assert_eq!((g.tile_at(300.0, 300.0), g.tile_at(0.0, 0.0), g.tile_at(29.9, 30.0)), (99, 0, 10));
    }

    #[test]
    fn a_remainder_makes_narrow_tiles_that_fill_the_area() {
        let g = Grid::new(100.0, 70.0, 30.0);
        assert_eq!((g.columns(), g.rows()), (4, 3));
        let area: f64 = (0..g.tile_count()).map(|t| g.rect(t).width_um * g.rect(t).height_um).sum();
        assert!((area - 7000.0).abs() < 1e-9);
        assert_eq!(g.serpentine().skip(3).take(3).collect::<Vec<_>>(), [3, 7, 6]);
    }
}
