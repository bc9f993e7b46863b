//! What a command costs: seconds (eq 5) and cost units (eq 6).
//!
//! `t_move(d) = t_bs` inside a region, else `t_0 + d / v`; `C_move(d) = C_intra` inside a region, else `α (t_0 + d / v)`, with
//! `t_0 = t_ma + t_bs +` what the new region needs (overview and composition map; a region seen before needs neither).
mod ledger;

pub use ledger::{Action, Charge, Entry, Ledger};

use crate::{library::Grid, microscope::Command};
use serde::{Deserialize, Serialize};

/// Times and costs of the instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CostConfig {
    /// v, µm/s.
    pub stage_speed_um_per_s: f64,
    /// t_ma: realignment after each stage move, s.
    pub retune_secs: f64,
    /// Overview image of a new region, s.
    pub overview_secs: f64,
    /// t_EDX: composition map of a new region, s.
    pub edx_secs: f64,
    /// t_meas: one EELS spectrum, s.
    pub eels_secs: f64,
    /// t_bs: control overhead of a beam shift, s.
    pub beam_shift_secs: f64,
    /// C_intra: cost of a beam shift.
    pub intra_cost: f64,
    /// α: cost units per second of repositioning.
    pub cost_per_sec: f64,
}

/// Where the stage is, as far as costs depend on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stage {
    region: Option<u32>,
    /// The beam has been positioned as part of the move: the next spectrum pays no beam shift.
    settled: bool,
}

impl Stage {
    /// The region in view; none before the first move.
    #[must_use]
    pub fn region(&self) -> Option<u32> {
        self.region
    }
}

impl CostConfig {
    /// t_0 + d/v without what a new region needs: t_ma + t_bs + d/v, s.
    #[must_use]
    pub fn travel_secs(&self, distance_um: f64) -> f64 {
        self.retune_secs + self.beam_shift_secs + distance_um / self.stage_speed_um_per_s
    }

    /// C_move to a region that is already mapped (eq 6). The distance is that of the stage, 0 inside the current region.
    #[must_use]
    pub fn move_cost(&self, distance_um: f64) -> f64 {
        if distance_um == 0.0 { self.intra_cost } else { self.cost_per_sec * self.travel_secs(distance_um) }
    }

    /// t_switch of eq 16: map, overview, retune and travel, s (18 s to a neighbour tile at the paper's times).
    #[must_use]
    pub fn switch_secs(&self, distance_um: f64) -> f64 {
        self.edx_secs + self.overview_secs + self.retune_secs + distance_um / self.stage_speed_um_per_s
    }

    /// What a command is charged, in the state of the stage before it; the state is moved on.
    ///
    /// The clock starts at the first region: getting there is charged as one beam shift.
    #[must_use]
    pub fn charges(&self, command: &Command, stage: &mut Stage, grid: &Grid) -> Vec<Charge> {
        let timed = |action, secs: f64| Charge { action, secs, cost: self.cost_per_sec * secs };
        match command {
            Command::MoveToRegion { region, .. } => {
                let distance_um = stage.region.map(|from| grid.distance_um(from, *region));
                *stage = Stage { region: Some(*region), settled: true };
                match distance_um {
                    Some(d) if d > 0.0 => vec![
                        timed(Action::StageMove, d / self.stage_speed_um_per_s),
                        timed(Action::Retune, self.retune_secs),
                        timed(Action::BeamShift, self.beam_shift_secs),
                    ],
                    _ => vec![Charge { action: Action::BeamShift, secs: self.beam_shift_secs, cost: self.intra_cost }],
                }
            }
            Command::Overview => vec![timed(Action::Overview, self.overview_secs)],
            Command::MapComposition { dwell_secs } => vec![timed(Action::EdxMap, *dwell_secs)],
            Command::Spectrum { dwell_secs, .. } => {
                // Eq 6 prices repositioning; the exposure itself costs time only.
                let exposure = Charge { action: Action::Eels, secs: *dwell_secs, cost: 0.0 };
                if std::mem::take(&mut stage.settled) {
                    return vec![exposure];
                }
                vec![Charge { action: Action::BeamShift, secs: self.beam_shift_secs, cost: self.intra_cost }, exposure]
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The paper's times.
    pub(crate) fn paper() -> CostConfig {
        CostConfig {
            stage_speed_um_per_s: 10.0,
            retune_secs: 5.0,
            overview_secs: 0.0,
            edx_secs: 10.0,
            eels_secs: 1.0,
            beam_shift_secs: 0.02,
            intra_cost: 1.0,
            cost_per_sec: 1.0,
        }
    }

    #[test]
    fn a_neighbour_tile_is_18_seconds_away() {
        assert_eq!(paper().switch_secs(30.0), 18.0);
        assert_eq!(paper().travel_secs(30.0), 8.02);
        assert_eq!((paper().move_cost(0.0), paper().move_cost(30.0)), (1.0, 8.02));
    }

    #[test]
    fn a_region_s_commands_add_up_to_eqs_5_and_6() {
        let (cost, grid, mut stage) = (paper(), Grid::new(300.0, 300.0, 30.0), Stage::default());
        let mut ledger = Ledger::default();
        let go = |region| Command::MoveToRegion { region, x_um: 0.0, y_um: 0.0 };
        let map = Command::MapComposition { dwell_secs: 10.0 };
        let spectrum = Command::Spectrum { particle: 0, dwell_secs: 1.0 };
        for command in
            [&go(0), &Command::Overview, &map, &spectrum, &spectrum, &go(1), &Command::Overview, &map, &spectrum]
        {
            ledger.add(&cost.charges(command, &mut stage, &grid), None);
        }
        // First region: t_bs + 10 + 1 + (t_bs + 1); second: 3 + 5 + t_bs + 10 + 1.
        assert!((ledger.secs() - (12.04 + 19.02)).abs() < 1e-12, "{}", ledger.secs());
        // C_intra on arrival + α·10 + C_intra; α (t_0 + d / v) with t_0 = 5 + 0.02 + 10.
        assert!((ledger.cost() - (12.0 + 18.02)).abs() < 1e-12, "{}", ledger.cost());
    }
}
