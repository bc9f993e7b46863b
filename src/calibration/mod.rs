//! What an instrument's journal says of the cost model: the times of eq 5 and eq 16 as they were, beside those assumed.
//!
//! A move over the distance `d` takes `t_ma + t_bs + d / v`. Slope and intercept are those of Theil and Sen: the median of the
//! slopes of all pairs, the median of what is left. One move in four may be an outlier. Spreads are `1.4826 · MAD`, one standard
//! deviation of normal errors. The last [`MOST_MOVES`] moves count.
#[cfg(feature = "gateway")]
pub mod image;
mod line;
#[cfg(feature = "gateway")]
mod register;

use crate::{
    bridge::journal::{Entry, Numbered},
    cost::CostConfig,
    microscope::{Command, Reading},
};
use line::{Line, centre};
use serde::Serialize;
use std::collections::BTreeMap;

/// Moves that are fitted: the pairs of more would take long, and what was long ago is another instrument.
pub const MOST_MOVES: usize = 500;

/// One parameter of the cost model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// Its path in a configuration, `cost.retune_secs`.
    pub path: &'static str,
    /// Unit of `assumed`, `fitted` and `standard_error`.
    pub unit: &'static str,
    /// What the planner goes by.
    pub assumed: f64,
    /// What the journal says; none when it does not.
    pub fitted: Option<f64>,
    /// Of `fitted`.
    pub standard_error: Option<f64>,
    /// Spread of single times about the fit, s.
    pub spread_secs: Option<f64>,
    /// Moves or exposures behind it.
    pub count: usize,
    /// What it contains, or why there is none.
    pub note: String,
}

/// One move, as it was.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Move {
    /// From where the stage had arrived before, µm.
    pub distance_um: f64,
    /// Time it took, s.
    pub took_secs: f64,
    /// Time it should take by the assumed model, s.
    pub assumed_secs: f64,
}

/// A journal's view of the cost model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Calibration {
    /// One for each parameter that can be fitted.
    pub fits: Vec<Fit>,
    /// All moves that ended where they should, oldest first.
    pub moves: Vec<Move>,
}

/// Times read off a journal.
#[derive(Default)]
struct Times {
    moves: Vec<(f64, f64)>,
    overviews: Vec<f64>,
    /// Beyond the dwell time.
    maps: Vec<f64>,
    spectra: Vec<f64>,
}

/// Fit the cost model to a journal. Commands that ended in a fault do not count, nor does the move after one: nobody knows where it began.
#[must_use]
pub fn calibrate(entries: &[Numbered], assumed: &CostConfig) -> Calibration {
    let times = read(entries);
    let recent = &times.moves[times.moves.len().saturating_sub(MOST_MOVES)..];
    let line = Line::through(recent);
    let (speed, retune) = match &line {
        Ok(line) => {
            let speed = 1.0 / line.slope;
            let of_speed = Some((speed, line.slope_error * speed * speed, line.spread));
            let of_retune = Some((line.intercept - assumed.beam_shift_secs, line.intercept_error, line.spread));
            (of_speed, of_retune)
        }
        Err(_) => (None, None),
    };
    let why_not = line.err().unwrap_or_default();
    let said = |fit: &Option<_>, note: &str| if fit.is_some() { note.to_owned() } else { why_not.clone() };
    let (overview, map, spectrum) = (centre(&times.overviews), centre(&times.maps), centre(&times.spectra));
    // What a map takes beyond its dwell time is spent once for a new region, as the overview image is.
    let region = overview.zip(map).map(|(a, b)| (a.0 + b.0, a.1 + b.1, a.2 + b.2));
    let row = |path, unit, assumed, fit: Option<(f64, f64, f64)>, count, note: String| Fit {
        path,
        unit,
        assumed,
        fitted: fit.map(|f| f.0),
        standard_error: fit.map(|f| f.1),
        spread_secs: fit.map(|f| f.2),
        count,
        note,
    };
    let exposed = |fit: &Option<_>, note: &str| if fit.is_some() { note } else { "none was done" }.to_owned();
    let fits = vec![
        row(
            "cost.stage_speed_um_per_s",
            "µm/s",
            assumed.stage_speed_um_per_s,
            speed,
            recent.len(),
            said(&speed, "slope of the moves"),
        ),
        row(
            "cost.retune_secs",
            "s",
            assumed.retune_secs,
            retune,
            recent.len(),
            said(&retune, "what moves take however short they are, retuning with it, without the assumed beam shift"),
        ),
        row(
            "cost.overview_secs",
            "s",
            assumed.overview_secs,
            region,
            times.overviews.len().min(times.maps.len()),
            exposed(&region, "overview image, and what a map takes beyond its dwell time"),
        ),
        row(
            "cost.beam_shift_secs",
            "s",
            assumed.beam_shift_secs,
            spectrum,
            times.spectra.len(),
            exposed(&spectrum, "what a spectrum takes beyond its dwell time"),
        ),
    ];
    let moves = times
        .moves
        .into_iter()
        .map(|(distance_um, took_secs)| Move { distance_um, took_secs, assumed_secs: assumed.travel_secs(distance_um) })
        .collect();
    Calibration { fits, moves }
}

impl Calibration {
    /// The cost model with what was fitted in place of what was assumed. A time below 0, which errors can make of a short one, is 0.
    #[must_use]
    pub fn applied(&self, assumed: &CostConfig) -> CostConfig {
        let mut cost = assumed.clone();
        for fit in &self.fits {
            let Some(value) = fit.fitted.map(|value| value.max(0.0)) else { continue };
            match fit.path {
                "cost.stage_speed_um_per_s" => cost.stage_speed_um_per_s = value,
                "cost.retune_secs" => cost.retune_secs = value,
                "cost.overview_secs" => cost.overview_secs = value,
                _ => cost.beam_shift_secs = value,
            }
        }
        cost
    }
}

fn read(entries: &[Numbered]) -> Times {
    let mut times = Times::default();
    let mut asked: BTreeMap<&str, &Command> = BTreeMap::new();
    let mut at_um = None;
    for Numbered { entry, .. } in entries {
        match entry {
            Entry::Intent { cid, op, .. } => {
                asked.insert(cid, op);
            }
            Entry::Outcome(done) => match (asked.remove(done.cid.as_str()), &done.outcome) {
                (Some(Command::MoveToRegion { .. }), Ok(Reading::Arrived { x_um, y_um })) => {
                    if let Some((x0, y0)) = at_um {
                        let (dx, dy): (f64, f64) = (x_um - x0, y_um - y0);
                        times.moves.push(((dx * dx + dy * dy).sqrt(), done.took_secs));
                    }
                    at_um = Some((*x_um, *y_um));
                }
                (Some(Command::MoveToRegion { .. }), _) => at_um = None,
                (Some(Command::Overview), Ok(_)) => times.overviews.push(done.took_secs),
                (Some(Command::MapComposition { dwell_secs }), Ok(_)) => times.maps.push(done.took_secs - dwell_secs),
                (Some(Command::Spectrum { dwell_secs, .. }), Ok(_)) => times.spectra.push(done.took_secs - dwell_secs),
                _ => {}
            },
            _ => {}
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bridge::journal::Done,
        cost::tests::paper,
        rng::{Purpose, Stream},
    };

    /// Moves of these distances, each taking what `took` says.
    fn journal(distances_um: &[f64], mut took: impl FnMut(f64) -> f64) -> Vec<Numbered> {
        let mut x_um = 0.0;
        let mut entries = Vec::new();
        for (i, distance_um) in [0.0].iter().chain(distances_um).enumerate() {
            x_um += distance_um;
            let cid = format!("m.{i}");
            let op = Command::MoveToRegion { region: 0, x_um, y_um: 0.0 };
            entries.push(Entry::Intent { cid: cid.clone(), epoch: 1, op });
            let reading = Reading::Arrived { x_um, y_um: 0.0 };
            entries.push(Entry::Outcome(Done::new(cid, took(*distance_um), Ok(reading))));
        }
        let numbered = |(at, entry)| Numbered { jseq: at as u64 + 1, unix_ms: 0, entry };
        entries.into_iter().enumerate().map(numbered).collect()
    }

    fn fit<'a>(calibration: &'a Calibration, path: &str) -> &'a Fit {
        calibration.fits.iter().find(|fit| fit.path == path).unwrap()
    }

    #[test]
    fn a_noisy_stage_is_recovered_outliers_and_all() {
        let (speed, overhead) = (6.5, 12.0);
        for seed in 0..20 {
            let mut dice = Stream::new(seed, Purpose::Choice, 0);
            let distances: Vec<f64> = (0..60).map(|_| 5.0 + 295.0 * dice.uniform()).collect();
            let mut n = 0;
            let entries = journal(&distances, |d| {
                n += 1;
                let outlier = if n % 8 == 0 { 200.0 } else { 0.0 };
                overhead + d / speed + 0.5 * dice.normal() + outlier
            });
            let calibration = calibrate(&entries, &paper());
            for (path, truth) in
                [("cost.stage_speed_um_per_s", speed), ("cost.retune_secs", overhead - paper().beam_shift_secs)]
            {
                let fit = fit(&calibration, path);
                let (value, error) = (fit.fitted.unwrap(), fit.standard_error.unwrap());
                assert!((value - truth).abs() < 3.0 * error, "seed {seed}: {path} {value} ± {error}, truth {truth}");
                assert!((0.3..1.0).contains(&fit.spread_secs.unwrap()), "{fit:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_told_is_not_told() {
        let same = calibrate(&journal(&[30.0; 9], |d| 5.0 + d / 10.0), &paper());
        assert_eq!(fit(&same, "cost.stage_speed_um_per_s").fitted, None);
        assert!(fit(&same, "cost.retune_secs").note.contains("distance"), "{:?}", same.fits);
        let few = calibrate(&journal(&[30.0, 60.0], |d| 5.0 + d / 10.0), &paper());
        assert!(fit(&few, "cost.stage_speed_um_per_s").note.contains("moves"), "{:?}", few.fits);
        let backwards = calibrate(&journal(&[10.0, 50.0, 90.0], |d| 20.0 - d / 10.0), &paper());
        assert_eq!(fit(&backwards, "cost.stage_speed_um_per_s").fitted, None);
        assert_eq!(calibrate(&[], &paper()).applied(&paper()), paper());
    }

    #[test]
    fn what_is_measured_takes_the_place_of_what_was_assumed() {
        let calibration = calibrate(&journal(&[10.0, 50.0, 90.0, 200.0], |d| 9.02 + d / 4.0), &paper());
        let cost = calibration.applied(&paper());
        assert!((cost.stage_speed_um_per_s - 4.0).abs() < 1e-9 && (cost.retune_secs - 9.0).abs() < 1e-9, "{cost:?}");
        assert_eq!((cost.edx_secs, cost.eels_secs), (paper().edx_secs, paper().eels_secs));
        assert_eq!(calibration.moves[0].assumed_secs, paper().travel_secs(10.0));
    }
}
