//! Tables of compositions as CSV: some columns of their own, then `c1,…,cn`.
use crate::composition::{Composition, CompositionError};

/// What is wrong with a table of compositions; lines count from 1, the header being line 1.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// A column is missing.
    #[error("column `{column}` is missing; the header is `{header}`; allowed: {leading}, c1 … c{components}")]
    MissingColumn {
        /// Its name.
        column: String,
        /// The header found.
        header: String,
        /// The columns before the fractions.
        leading: String,
        /// How many components the campaign has.
        components: usize,
    },
    /// A column that means nothing here.
    #[error("column `{column}` is unknown; allowed: {leading}, c1 … c{components}")]
    UnknownColumn {
        /// Its name.
        column: String,
        /// The columns before the fractions.
        leading: String,
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
    #[error("the table holds no row; allowed: at least one below the header")]
    Empty,
}

/// A column before the fractions: its name, what is allowed in it, and whether a number is.
pub(crate) type Column = (&'static str, &'static str, fn(f64) -> bool);

/// The numbers of each row: those of `leading`, then the fractions. Columns may stand in any order.
///
/// # Errors
/// See [`ImportError`]; the first problem is reported with its line.
pub(crate) fn read_rows(text: &str, leading: &[Column], components: usize) -> Result<Vec<Vec<f64>>, ImportError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| csv_error(&e))?.clone();
    let own = || leading.iter().map(|(name, ..)| *name).collect::<Vec<_>>().join(", ");
    let fractions = (1..=components).map(|i| format!("c{i}"));
    let names: Vec<String> = leading.iter().map(|(name, ..)| (*name).to_owned()).chain(fractions).collect();
    let find = |name: &String| {
        header.iter().position(|h| h == name).ok_or_else(|| ImportError::MissingColumn {
            column: name.clone(),
            header: header.iter().collect::<Vec<_>>().join(","),
            leading: own(),
            components,
        })
    };
    let columns: Vec<usize> = names.iter().map(find).collect::<Result<_, _>>()?;
    if let Some(extra) = header.iter().find(|h| !names.iter().any(|n| n == h)) {
        return Err(ImportError::UnknownColumn { column: extra.to_string(), leading: own(), components });
    }
    if let Some(twice) = names.iter().find(|n| header.iter().filter(|h| h == n).count() > 1) {
        return Err(ImportError::RepeatedColumn { column: twice.clone() });
    }
    let (mut rows, mut row) = (Vec::new(), csv::StringRecord::new());
    while reader.read_record(&mut row).map_err(|e| csv_error(&e))? {
        // The reader's own position of a row is where the blank lines and comments before it begin.
        let line = || {
            let read = &text.as_bytes()[..(reader.position().byte() as usize).min(text.len())];
            (read.iter().filter(|b| **b == b'\n').count() + usize::from(!matches!(read.last(), Some(b'\n')))) as u64
        };
        let number = |(i, column): (usize, &usize)| {
            const FRACTION: Column = ("c", "a number from 0 to 1", |v| (0.0..=1.0).contains(&v));
            let (_, allowed, fits) = leading.get(i).unwrap_or(&FRACTION);
            let text = row.get(*column).unwrap_or("");
            text.parse::<f64>().ok().filter(|v| v.is_finite() && fits(*v)).ok_or_else(|| ImportError::Cell {
                line: line(),
                column: names[i].clone(),
                value: text.to_string(),
                allowed,
            })
        };
        let numbers: Vec<f64> = columns.iter().enumerate().map(number).collect::<Result<_, _>>()?;
        Composition::new(&numbers[leading.len()..])
            .map_err(|source| ImportError::Composition { line: line(), source })?;
        rows.push(numbers);
    }
    if rows.is_empty() { Err(ImportError::Empty) } else { Ok(rows) }
}

fn csv_error(error: &csv::Error) -> ImportError {
    ImportError::Csv { line: error.position().map_or(1, csv::Position::line), text: error.to_string() }
}
