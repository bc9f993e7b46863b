//! A property that is known at some compositions, from a CSV table: `value,c1,…,cn`.
use crate::{
    composition::Composition,
    library::{Column, ImportError, read_rows},
};
use serde::{Deserialize, Serialize};

/// Most rows: each is looked at for each particle.
pub const MAX_ROWS: usize = 20_000;

/// A composition and what the property is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KnownValue {
    /// The property.
    pub value: f64,
    /// Atomic fractions, one for each element.
    pub fractions: Vec<f64>,
}

/// Read a table of values with `components` components. Columns may stand in any order.
///
/// # Errors
/// See [`ImportError`]; the first problem is reported with its line.
pub fn parse_response_csv(text: &str, components: usize) -> Result<Vec<KnownValue>, ImportError> {
    const COLUMNS: [Column; 1] = [("value", "a number of magnitude up to 1e9", |v| v.abs() <= 1e9)];
    let known = |row: Vec<f64>| KnownValue { value: row[0], fractions: row[1..].to_vec() };
    Ok(read_rows(text, &COLUMNS, components)?.into_iter().map(known).collect())
}

/// Between the rows: the mean of all values, each weighted by its distance to the power −4 (Shepard). A row's own value at the row.
pub(super) fn between(rows: &[KnownValue], at: &Composition) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for row in rows {
        let square: f64 = row.fractions.iter().zip(at.fractions()).map(|(a, b)| (a - b) * (a - b)).sum();
        if square < 1e-18 {
            return row.value;
        }
        let weight = 1.0 / (square * square);
        sum += weight * row.value;
        weights += weight;
    }
    if weights > 0.0 { sum / weights } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_gives_its_values_and_what_lies_between_them() {
        let rows = parse_response_csv("c1,c2,c3,value\n1,0,0,2\n0,1,0,4\n0,0,1,-1\n", 3).unwrap();
        let at = |fractions: &[f64]| between(&rows, &Composition::new(fractions).unwrap());
        assert_eq!((at(&[1.0, 0.0, 0.0]), at(&[0.0, 0.0, 1.0])), (2.0, -1.0));
        let third = 1.0 / 3.0;
        assert!((at(&[third, third, third]) - 5.0 / 3.0).abs() < 1e-9);
        // Nearer to the first than to the second.
        assert!((2.0..2.5).contains(&at(&[0.8, 0.2, 0.0])));
        let says = |text: &str| parse_response_csv(text, 2).unwrap_err().to_string();
        assert!(says("value,c1\n").contains("allowed: value, c1 … c2"));
        assert!(says("value,c1,c2\nnan,0.5,0.5\n").contains("column `value` is `nan`"));
    }
}
