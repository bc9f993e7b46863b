//! What repositioning costs: seconds (eq 5) and cost units (eq 6).
//!
//! `t_move(d) = t_bs` inside a region, else `t_0 + d / v`; `C_move(d) = C_intra` inside a region, else `α (t_0 + d / v)`, with
//! `t_0 = t_ma + t_bs +` what the new region needs (overview and composition map; a region seen before needs neither).
mod ledger;

pub use ledger::{Action, Charge, Entry, Ledger};

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
}
