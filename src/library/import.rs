//! A user's own particles from a CSV table: `x_um,y_um,radius_nm,c1,…,cn`.
use super::{Grid, ImportedParticle, Particle};
use crate::composition::{Composition, CompositionError};

/// What is wrong with a table of particles; lines count from 1, the header being line 1.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// A column is missing.
    #[error(
        "column `{column}` is missing; the header is `{header}`; allowed: x_um, y_um, radius_nm, c1 … c{components}"
    )]
    MissingColumn {
        /// Its name.
        column: String,
        /// The header found.
        header: String,
        /// How many components the campaign has.
        components: usize,
    },
    /// A column that means nothing here.
    #[error("column `{column}` is unknown; allowed: x_um, y_um, radius_nm, c1 … c{components}")]
    UnknownColumn {
        /// Its name.
        column: String,
        /// How many components the campaign has.
        components: usize,
    },
    /// A column that stands twice.
    #[error("column `{column}` stands twice; allowed: each column once")]
    RepeatedColumn {
        /// Its name.
        column: String,
    },
    /// A cell is no number in its range.
    #[error("line {line}, column `{column}` is `{value}`; allowed: {allowed}")]
    Cell {
        /// Line of the file.
        line: u64,
        /// Column.
        column: String,
        /// Text found.
        value: String,
        /// What would be accepted.
        allowed: &'static str,
    },
    /// The fractions of a row are no composition.
    #[error("line {line}: {source}")]
    Composition {
        /// Line of the file.
        line: u64,
        /// Why.
        source: CompositionError,
    },
    /// The table cannot be read as CSV.
    #[error("line {line}: {text}")]
    Csv {
        /// Line of the file.
        line: u64,
        /// What the reader says.
        text: String,
    },
    /// No rows.
    #[error("the table holds no particle; allowed: at least one row below the header")]
    Empty,
}

/// Read a table of particles with `components` components. Columns may stand in any order.
///
/// # Errors
/// See [`ImportError`]; the first problem is reported with its line.
pub fn parse_particles_csv(text: &str, components: usize) -> Result<Vec<ImportedParticle>, ImportError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| csv_error(&e))?.clone();
    let names: Vec<String> = ["x_um", "y_um", "radius_nm"]
        .into_iter()
        .map(String::from)
        .chain((1..=components).map(|i| format!("c{i}")))
        .collect();
    let find = |name: &String| {
        header.iter().position(|h| h == name).ok_or_else(|| ImportError::MissingColumn {
            column: name.clone(),
            header: header.iter().collect::<Vec<_>>().join(","),
            components,
        })
    };
    let columns: Vec<usize> = names.iter().map(find).collect::<Result<_, _>>()?;
    if let Some(extra) = header.iter().find(|h| !names.iter().any(|n| n == h)) {
        return Err(ImportError::UnknownColumn { column: extra.to_string(), components });
    }
    if let Some(twice) = names.iter().find(|n| header.iter().filter(|h| h == n).count() > 1) {
        return Err(ImportError::RepeatedColumn { column: twice.clone() });
    }
    let (mut particles, mut row) = (Vec::new(), csv::StringRecord::new());
    while reader.read_record(&mut row).map_err(|e| csv_error(&e))? {
        // The reader's own position of a row is where the blank lines and comments before it begin.
        let line = || {
            let read = &text.as_bytes()[..(reader.position().byte() as usize).min(text.len())];
            (read.iter().filter(|b| **b == b'\n').count() + usize::from(!matches!(read.last(), Some(b'\n')))) as u64
        };
        particles.push(particle(&row, &line, &names, &columns)?);
    }
    if particles.is_empty() { Err(ImportError::Empty) } else { Ok(particles) }
}

fn particle(
    row: &csv::StringRecord,
    line: &impl Fn() -> u64,
    names: &[String],
    columns: &[usize],
) -> Result<ImportedParticle, ImportError> {
    let number = |i: usize, allowed: &'static str, fits: fn(f64) -> bool| {
        let text = row.get(columns[i]).unwrap_or("");
        text.parse::<f64>().ok().filter(|v| v.is_finite() && fits(*v)).ok_or_else(|| ImportError::Cell {
            line: line(),
            column: names[i].clone(),
            value: text.to_string(),
            allowed,
        })
    };
    let x_um = number(0, "a number, 0 or more", |v| v >= 0.0)?;
    let y_um = number(1, "a number, 0 or more", |v| v >= 0.0)?;
    let radius_nm = number(2, "a number above 0", |v| v > 0.0)?;
    let fractions: Vec<f64> = (3..names.len())
        .map(|i| number(i, "a number from 0 to 1", |v| (0.0..=1.0).contains(&v)))
        .collect::<Result<_, _>>()?;
    Composition::new(&fractions).map_err(|source| ImportError::Composition { line: line(), source })?;
    Ok(ImportedParticle { x_um, y_um, radius_nm, fractions })
}

fn csv_error(error: &csv::Error) -> ImportError {
    ImportError::Csv { line: error.position().map_or(1, csv::Position::line), text: error.to_string() }
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
        assert!(says("x_um,y_um,radius_nm,c1,c2\n").contains("no particle"));
    }
}
