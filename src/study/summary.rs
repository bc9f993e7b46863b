//! What is typical of many campaigns: medians and quartiles, curves and ends, and which rule wins where.
use super::{
    Cell, Outcome, Run, Spec,
    win::{Win, win},
};
use crate::planner::Rule;
use serde::Serialize;
use serde_json::Value;

/// Steps of a curve over time.
const TIME_STEPS: usize = 100;

/// Quartiles of one number over campaigns; null where a campaign that never gets there makes them infinite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quartiles {
    /// A quarter of the campaigns is below.
    pub low: f64,
    /// Half of them.
    pub median: f64,
    /// Three quarters.
    pub high: f64,
}

/// Quartiles along an axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Band {
    /// Lower quartile.
    pub low: Vec<f64>,
    /// Median.
    pub median: Vec<f64>,
    /// Upper quartile.
    pub high: Vec<f64>,
}

/// Two curves.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bands {
    /// Iterations, or instrument time in s.
    pub x: Vec<f64>,
    /// Mean posterior standard deviation over the library.
    pub mean_sd: Band,
    /// Mean absolute error over the library.
    pub mean_abs_error: Band,
}

/// When the mean absolute error was first at most the target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reached {
    /// Campaigns that got there.
    pub count: u32,
    /// Instrument time, s.
    pub time_secs: Quartiles,
}

/// The campaigns of one configuration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellSummary {
    /// The rule in force.
    pub rule: Rule,
    /// Value of each axis.
    pub values: Vec<Value>,
    /// Campaigns that were run.
    pub runs: u32,
    /// Seeds that drew a library that cannot be explored.
    pub failed: u32,
    /// Seeds that were not run: the study is still running, or was cancelled.
    pub not_run: u32,
    /// Instrument time at the end, s.
    pub time_secs: Quartiles,
    /// Cost at the end.
    pub cost: Quartiles,
    /// Regions visited.
    pub regions: Quartiles,
    /// Mean posterior standard deviation at the end.
    pub mean_sd: Quartiles,
    /// Mean absolute error at the end.
    pub mean_abs_error: Quartiles,
    /// When there is a target.
    pub reached: Option<Reached>,
    /// Curves over iterations, as long as at least half of the campaigns.
    pub by_iteration: Bands,
    /// Curves over instrument time, until half of the campaigns have ended; one that has ended stays where it was.
    pub by_time: Bands,
}

/// Part of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Unfinished {
    /// Campaigns that are done with, failed ones too.
    pub done: u64,
    /// All of them.
    pub campaigns: u64,
}

/// A study in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Study {
    /// Of the engine that made it.
    pub version: &'static str,
    /// What was asked for.
    pub spec: Spec,
    /// What there is of it, when that is not all: of a study that is still running, or was cancelled.
    pub unfinished: Option<Unfinished>,
    /// Each configuration.
    pub cells: Vec<CellSummary>,
    /// Each place of the axes, when several rules competed.
    pub wins: Vec<Win>,
}

pub(super) fn summarise(spec: &Spec, cells: &[Cell], seeds: usize, outcomes: &[Outcome]) -> Study {
    let outcomes_of =
        |cell: usize| (0..seeds).map(move |seed| outcomes.get(cell * seeds + seed).unwrap_or(&Outcome::NotRun));
    let summaries: Vec<CellSummary> =
        cells.iter().enumerate().map(|(i, cell)| summary(spec, cell, outcomes_of(i))).collect();
    // Seed by seed, so that rules can be compared on the same libraries.
    let by_seed: Vec<Vec<Option<&Run>>> =
        (0..cells.len()).map(|cell| outcomes_of(cell).map(Outcome::run).collect()).collect();
    let rules = spec.rules.len();
    let win = |first: usize| win(&spec.rules, &cells[first].values, &by_seed[first..first + rules], spec.target_error);
    let wins = if rules > 1 { (0..cells.len()).step_by(rules).map(win).collect() } else { Vec::new() };
    let campaigns = cells.len() as u64 * seeds as u64;
    let done = campaigns - summaries.iter().map(|cell| u64::from(cell.not_run)).sum::<u64>();
    let unfinished = (done < campaigns).then_some(Unfinished { done, campaigns });
    Study { version: env!("CARGO_PKG_VERSION"), spec: spec.clone(), unfinished, cells: summaries, wins }
}

fn summary<'a>(spec: &Spec, cell: &Cell, outcomes: impl Iterator<Item = &'a Outcome> + Clone) -> CellSummary {
    let runs: &[&Run] = &outcomes.clone().filter_map(Outcome::run).collect::<Vec<_>>();
    let not_run = outcomes.clone().filter(|outcome| **outcome == Outcome::NotRun).count();
    CellSummary {
        rule: cell.rule,
        values: cell.values.clone(),
        runs: runs.len() as u32,
        failed: (outcomes.count() - not_run - runs.len()) as u32,
        not_run: not_run as u32,
        time_secs: ends(runs, |run| &run.time_secs),
        cost: ends(runs, |run| &run.cost),
        regions: quartiles(runs.iter().map(|run| f64::from(run.regions)).collect()),
        mean_sd: ends(runs, |run| &run.mean_sd),
        mean_abs_error: ends(runs, |run| &run.mean_abs_error),
        reached: spec.target_error.map(|target| reached(runs, target)),
        by_iteration: by_iteration(runs),
        by_time: by_time(runs),
    }
}

/// By linear interpolation between the ordered values; not a number when there is none.
pub(super) fn quartiles(mut values: Vec<f64>) -> Quartiles {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
        let place = share * last as f64;
        let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
        let part = place - place.floor();
        // No part of what is infinite is nothing.
        if part == 0.0 || below == above { below } else { below + part * (above - below) }
    };
    Quartiles { low: at(0.25), median: at(0.5), high: at(0.75) }
}

fn ends(runs: &[&Run], of: fn(&Run) -> &Vec<f64>) -> Quartiles {
    quartiles(runs.iter().filter_map(|run| of(run).last().copied()).collect())
}

fn reached(runs: &[&Run], target: f64) -> Reached {
    let times: Vec<f64> = runs.iter().map(|run| first_at_most(run, target)).collect();
    let count = times.iter().filter(|time| time.is_finite()).count() as u32;
    Reached { count, time_secs: quartiles(times) }
}

/// Instrument time when the mean absolute error was first at most the target, s; infinite when it never was.
pub(super) fn first_at_most(run: &Run, target: f64) -> f64 {
    let place = run.mean_abs_error.iter().position(|error| *error <= target);
    place.map_or(f64::INFINITY, |place| run.time_secs[place])
}

fn by_iteration(runs: &[&Run]) -> Bands {
    // A curve ends where half of the campaigns have ended: what is left then is no sample of them.
    let mut lengths: Vec<usize> = runs.iter().map(|run| run.time_secs.len()).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    let length = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    let band = |of: fn(&Run) -> &Vec<f64>| {
        let at = |i: usize| quartiles(runs.iter().filter_map(|run| of(run).get(i).copied()).collect());
        collect((0..length).map(at))
    };
    Bands {
        x: (0..length).map(|i| i as f64).collect(),
        mean_sd: band(|run| &run.mean_sd),
        mean_abs_error: band(|run| &run.mean_abs_error),
    }
}

fn by_time(runs: &[&Run]) -> Bands {
    // As over iterations: beyond, most would only stand where their limit stopped them, and look as if they learnt no more.
    let end_secs = ends(runs, |run| &run.time_secs).median;
    if end_secs.is_nan() {
        return Bands::default();
    }
    let x: Vec<f64> = (0..=TIME_STEPS).map(|i| end_secs * (i as f64 / TIME_STEPS as f64)).collect();
    let band = |of: fn(&Run) -> &Vec<f64>| {
        let at = |secs: &f64| {
            let values: Vec<f64> = runs.iter().filter_map(|run| at(run, *secs, of)).collect();
            // Before half of the campaigns have measured their seeds there is no typical one.
            if 2 * values.len() < runs.len() { quartiles(Vec::new()) } else { quartiles(values) }
        };
        collect(x.iter().map(at))
    };
    let (mean_sd, mean_abs_error) = (band(|run| &run.mean_sd), band(|run| &run.mean_abs_error));
    Bands { x, mean_sd, mean_abs_error }
}

/// What was known at a time: the last entry until then.
pub(super) fn at(run: &Run, secs: f64, of: fn(&Run) -> &Vec<f64>) -> Option<f64> {
    let until = run.time_secs.partition_point(|time| *time <= secs);
    until.checked_sub(1).map(|last| of(run)[last])
}

fn collect(quartiles: impl Iterator<Item = Quartiles>) -> Band {
    let mut band = Band::default();
    for Quartiles { low, median, high } in quartiles {
        band.low.push(low);
        band.median.push(median);
        band.high.push(high);
    }
    band
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_those_of_the_textbook() {
        let q = |values: &[f64]| {
            let Quartiles { low, median, high } = quartiles(values.to_vec());
            [low, median, high]
        };
        assert_eq!(q(&[4.0, 1.0, 3.0, 2.0]), [1.75, 2.5, 3.25]);
        assert_eq!(q(&[7.0]), [7.0; 3]);
        assert!(q(&[]).iter().all(|x| x.is_nan()));
        let inf = f64::INFINITY;
        assert_eq!(q(&[1.0, 2.0, 3.0, inf, inf]), [2.0, 3.0, inf]);
        assert_eq!(q(&[inf, inf]), [inf; 3]);
    }

    fn made(times: &[f64], errors: &[f64]) -> Run {
        let (time_secs, mean_abs_error) = (times.to_vec(), errors.to_vec());
        Run { regions: 1, cost: times.to_vec(), mean_sd: errors.to_vec(), time_secs, mean_abs_error }
    }

    #[test]
    fn what_is_known_at_a_time_is_the_last_entry_until_then() {
        let run = made(&[10.0, 20.0, 40.0], &[0.5, 0.3, 0.1]);
        let known = |secs| at(&run, secs, |run| &run.mean_abs_error);
        assert_eq!([known(9.9), known(10.0), known(39.0), known(1e9)], [None, Some(0.5), Some(0.3), Some(0.1)]);
        let other = made(&[30.0, 60.0], &[0.4, 0.2]);
        // Ends after 40 and 60 s: the curve, after 50.
        let bands = by_time(&[&run, &other]);
        assert_eq!((bands.x.len(), bands.x[TIME_STEPS]), (TIME_STEPS + 1, 50.0));
        assert!((bands.mean_abs_error.median[TIME_STEPS] - 0.25).abs() < 1e-12, "{bands:?}");
        assert_eq!(by_time(&[]), Bands::default());
        let r = reached(&[&run, &other], 0.3);
        assert_eq!((r.count, r.time_secs.median), (2, 40.0));
        assert_eq!(reached(&[&run, &other], 0.15).time_secs.median, f64::INFINITY);
    }
}
