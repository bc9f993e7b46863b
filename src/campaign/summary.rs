//! What a campaign came to, in a few numbers.
use super::{Campaign, Record, StopReason};
use crate::cost::Entry as LedgerEntry;
use serde::Serialize;

/// A region as it was left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Visit {
    /// Its tile.
    pub tile: u32,
    /// Particles measured.
    pub measured: u32,
    /// Particles found.
    pub total: u32,
    /// Entry that was being worked for when the stage first came.
    pub first_iteration: u32,
}

/// What a campaign came to, in a few numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Regions the stage went to, each counted once.
    pub regions_visited: u32,
    /// Measured share of each region in order of visit, the unfinished last one included; absent for an empty region.
    pub measured_fraction: Vec<Option<f64>>,
    /// Mean posterior sd over the library: after the seeds, then after each iteration.
    pub mean_sd: Vec<f64>,
    /// Mean absolute error over the library, likewise.
    pub mean_abs_error: Vec<f64>,
    /// Root mean squared error over the library, likewise.
    pub rmse: Vec<f64>,
    /// Instrument time, s.
    pub time_s: f64,
    /// Cost, cost units.
    pub cost: f64,
    /// Share of stage moves that went to a touching tile; absent when there was none.
    pub moves_to_neighbour_share: Option<f64>,
    /// Digest of the record.
    pub digest: String,
    /// Why it ended; absent while it runs.
    pub ended: Option<StopReason>,
    /// Measurements, seeds included.
    pub measurements: u32,
    /// Particles over which the scores are taken.
    pub scored_particles: u32,
    /// Time and cost by kind of action.
    pub ledger: Vec<LedgerEntry>,
}

impl Campaign {
    /// Every region that the stage went to, in order of the first visit.
    #[must_use]
    pub fn visits(&self) -> Vec<Visit> {
        let mut visits: Vec<Visit> = Vec::new();
        for (tile, entry) in self.path() {
            if visits.iter().any(|v| v.tile == *tile) {
                continue;
            }
            if let Some(region) = self.planner.atlas().region(*tile) {
                let (measured, total) = (region.measured(), region.total());
                visits.push(Visit { tile: *tile, measured, total, first_iteration: *entry });
            }
        }
        visits
    }

    /// The campaign in numbers, as it stands.
    #[must_use]
    pub fn summary(&mut self) -> Summary {
        let scores = self.scores();
        let visits = self.visits();
        let moves: Vec<_> = self.path.windows(2).map(|w| (w[0].0, w[1].0)).collect();
        let near = moves.iter().filter(|(a, b)| self.grid.are_neighbours(*a, *b)).count();
        Summary {
            regions_visited: visits.len() as u32,
            measured_fraction: visits
                .iter()
                .map(|v| (v.total > 0).then(|| f64::from(v.measured) / f64::from(v.total)))
                .collect(),
            mean_sd: scores.iter().map(|s| s.mean_sd).collect(),
            mean_abs_error: scores.iter().map(|s| s.mean_abs_error).collect(),
            rmse: scores.iter().map(|s| s.rmse).collect(),
            time_s: self.ledger.secs(),
            cost: self.ledger.cost(),
            moves_to_neighbour_share: (!moves.is_empty()).then(|| near as f64 / moves.len() as f64),
            digest: Record::of(self).digest().to_string(),
            ended: self.ended,
            measurements: self.measurements.len() as u32,
            scored_particles: self.scoreboard.points() as u32,
            ledger: self.ledger.entries().to_vec(),
        }
    }
}
