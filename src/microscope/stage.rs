//! What a command is charged, given where the stage is (eqs 5–6).
use super::Command;
use crate::{
    cost::{Action, Charge, CostConfig},
    library::Grid,
};

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

    /// What a command is charged in this state, which is then moved on.
    ///
    /// The clock starts at the first region: getting there is charged as one beam shift.
    #[must_use]
    pub fn perform(&mut self, command: &Command, cost: &CostConfig, grid: &Grid) -> Vec<Charge> {
        let timed = |action, secs: f64| Charge { action, secs, cost: cost.cost_per_sec * secs };
        let beam_shift = Charge { action: Action::BeamShift, secs: cost.beam_shift_secs, cost: cost.intra_cost };
        match command {
            Command::MoveToRegion { region, .. } => {
                let distance_um = self.region.map_or(0.0, |from| grid.distance_um(from, *region));
                *self = Self { region: Some(*region), settled: true };
                if distance_um == 0.0 {
                    return vec![beam_shift];
                }
                vec![
                    timed(Action::StageMove, distance_um / cost.stage_speed_um_per_s),
                    timed(Action::Retune, cost.retune_secs),
                    timed(Action::BeamShift, cost.beam_shift_secs),
                ]
            }
            // Part of no campaign.
            Command::CalibrateImage { .. } => Vec::new(),
            Command::Overview => vec![timed(Action::Overview, cost.overview_secs)],
            Command::MapComposition { dwell_secs } => vec![timed(Action::EdxMap, *dwell_secs)],
            Command::Spectrum { dwell_secs, .. } => {
                // Eq 6 prices repositioning; the exposure itself costs time only.
                let exposure = Charge { action: Action::Eels, secs: *dwell_secs, cost: 0.0 };
                if std::mem::take(&mut self.settled) { vec![exposure] } else { vec![beam_shift, exposure] }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Ledger, tests::paper};

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
            ledger.add(&stage.perform(command, &cost, &grid), None);
        }
        // First region: t_bs + 10 + 1 + (t_bs + 1); second: 3 + 5 + t_bs + 10 + 1.
        assert!((ledger.secs() - (12.04 + 19.02)).abs() < 1e-12, "{}", ledger.secs());
        // C_intra on arrival + α·10 + C_intra; α (t_0 + d / v) with t_0 = 5 + 0.02 + 10.
        assert!((ledger.cost() - (12.0 + 18.02)).abs() < 1e-12, "{}", ledger.cost());
    }
}
