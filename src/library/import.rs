//! A user's own particles from a CSV table: `x_um,y_um,radius_nm,c1,…,cn`.
use super::{
    Grid, ImportedParticle, Particle,
    table::{Column, ImportError, read_rows},
};
use crate::composition::Composition;

const COLUMNS: [Column; 3] = [
    ("x_um", "a number, 0 or more", |v| v >= 0.0),
    ("y_um", "a number, 0 or more", |v| v >= 0.0),
    ("radius_nm", "a number above 0", |v| v > 0.0),
];

/// Read a table of particles with `components` components. Columns may stand in any order.
///
/// # Errors
/// See [`ImportError`]; the first problem is reported with its line.
pub fn parse_particles_csv(text: &str, components: usize) -> Result<Vec<ImportedParticle>, ImportError> {
    let particle = |row: Vec<f64>| ImportedParticle {
        x_um: row[0],
        y_um: row[1],
        radius_nm: row[2],
        fractions: row[COLUMNS.len()..].to_vec(),
    };
    Ok(read_rows(text, &COLUMNS, components)?.into_iter().map(particle).collect())
}

/// Sort checked particles into the tiles of a grid.
pub(super) fn into_tiles(list: &[ImportedParticle], grid: &Grid) -> Vec<Vec<Particle>> {
    let mut tiles = vec![Vec::new(); grid.tile_count() as usize];
    for p in list {
        if let Ok(composition) = Composition::new(&p.fractions) {
            let (x_um, y_um, radius_nm) = (p.x_um, p.y_um, p.radius_nm);
            tiles[grid.tile_at(x_um, y_um) as usize].push(Particle { x_um, y_um, radius_nm, composition });
        }
    }
    tiles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_reads_in_any_column_order() {
        let particles = parse_particles_csv("c2, c1, y_um, x_um, radius_nm\n0.25, 0.75, 2, 1, 20\n", 2).unwrap();
        assert_eq!(particles[0].fractions, [0.75, 0.25]);
        assert_eq!((particles[0].x_um, particles[0].y_um), (1.0, 2.0));
    }

    #[test]
    fn each_kind_of_damage_is_named_with_its_place() {
        let says = |text: &str| parse_particles_csv(text, 2).unwrap_err().to_string();
        assert!(says("x_um,y_um,c1,c2\n").contains("column `radius_nm` is missing"));
        assert!(says("x_um,y_um,radius_nm,c1,c2,c3\n").contains("`c3` is unknown"));
        assert!(says("x_um,y_um,radius_nm,c1,c2\n1,2,3,0.5,0.4\n").contains("line 2: the fractions sum to 0.9"));
        assert!(
            says("x_um,y_um,radius_nm,c1,c2\n1,2,3,0.5,0.5\n1,2,-3,0.5,0.5\n")
                .contains("line 3, column `radius_nm` is `-3`")
        );
        assert!(says("x_um,y_um,radius_nm,c1,c2\n1,nan,3,0.5,0.5\n").contains("column `y_um` is `nan`"));
        assert!(says("x_um,y_um,radius_nm,c1,c2\n1,2\n").contains("line 2"));
        assert!(says("x_um,y_um,radius_nm,c1,c2\n").contains("no row"));
    }
}
