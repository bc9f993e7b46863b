//! A decision that explains itself: the numbers of eqs 4–17 as they stood when it was made.
use super::Rule;
use serde::{Deserialize, Serialize};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Measure another particle of the region in view.
    Stay,
    /// Go back to a region that is already mapped.
    Return,
    /// Move to a region that has not been seen.
    Switch,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// V_switch > 0 (eq 17).
    SwitchPays,
    /// V_switch ≤ 0.
    StayPays,
    /// Nothing is left to measure in view.
    RegionExhausted,
    /// No region is left that has not been seen.
    GridExhausted,
    /// A particle of a mapped region scores best, its move included (eq 4).
    BetterElsewhere,
    /// The best fresh region gains more per second (marginal value).
    FreshRateHigher,
    /// The region in view gains more per second (marginal value).
    LocalRateHigher,
    /// The rest of the budget cannot pay the move back (marginal value).
    BudgetTooShort,
    /// The baseline's own rule.
    Baseline,
}

/// A decision that explains itself: the numbers of eqs 4–17 as they stood when it was made. Numbers that a rule does not use are absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Counts from 1.
    pub iteration: u32,
    /// The rule that decided.
    pub rule: Rule,
    /// What was decided.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// Tile in view.
    pub from_tile: u32,
    /// Tile to be in view for the measurement.
    pub to_tile: u32,
    /// The numbers.
    #[serde(flatten)]
    pub numbers: Numbers,
}

/// The quantities behind a decision, in the symbols of the paper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Numbers {
    /// R, eq 7.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remaining_fraction: Option<f64>,
    /// G, eq 8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_here: Option<f64>,
    /// V_stay, eq 9.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stay_value: Option<f64>,
    /// ρ, µm⁻², eq 11.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub density: Option<f64>,
    /// λ = ρA, eq 11.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_particles: Option<f64>,
    /// E_gain, eq 13.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_gain: Option<f64>,
    /// Its standard error, when it was drawn and not computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_gain_error: Option<f64>,
    /// t_switch, s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switch_secs: Option<f64>,
    /// C_switch, eq 16.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switch_cost: Option<f64>,
    /// V_switch, eq 17.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switch_value: Option<f64>,
    /// Best local gain per second (marginal value).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local_rate: Option<f64>,
    /// Best average gain per second of a fresh region (marginal value).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fresh_rate: Option<f64>,
}

/// The particle chosen for an iteration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// Counts from 1; 0 for a seed particle.
    pub iteration: u32,
    /// Its tile.
    pub tile: u32,
    /// Its index in the tile.
    pub particle: u32,
    /// a(c), after the shift that makes it comparable.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub acquisition: Option<f64>,
    /// C_move, eq 6.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub move_cost: Option<f64>,
    /// s = a / C, eq 4.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub score: Option<f64>,
}

impl Decision {
    /// The reason as a sentence for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        let n = &self.numbers;
        let show = |x: Option<f64>| x.map_or_else(|| "?".to_string(), |x| format!("{x:.3}"));
        match self.reason {
            Reason::SwitchPays => format!(
                "Moved: a new region is expected to offer {}, more than the {} that the move costs in measurements not made here.",
                show(n.expected_gain),
                show(n.switch_cost)
            ),
            Reason::StayPays => format!(
                "Stayed: a new region is expected to offer {}, less than the {} that the move would cost in measurements not made here.",
                show(n.expected_gain),
                show(n.switch_cost)
            ),
            Reason::RegionExhausted => "Moved: every particle in view has been measured.".into(),
            Reason::GridExhausted => "Every region has been visited; the best particle left was measured.".into(),
            Reason::BetterElsewhere => {
                "Went back: a mapped particle elsewhere is worth more than any here, its move included.".into()
            }
            Reason::FreshRateHigher => format!(
                "Moved: a fresh region gains {} a second on average, the best particle here {}.",
                scientific(n.fresh_rate),
                scientific(n.local_rate)
            ),
            Reason::LocalRateHigher => format!(
                "Stayed: the best particle here gains {} a second, a fresh region {} on average.",
                scientific(n.local_rate),
                scientific(n.fresh_rate)
            ),
            Reason::BudgetTooShort => "Stayed: what is left of the budget cannot pay the move back.".into(),
            Reason::Baseline => match self.action {
                Action::Stay => "Stayed, as this baseline does.".into(),
                Action::Return => "Went back, as this baseline does.".into(),
                Action::Switch => "Moved, as this baseline does.".into(),
            },
        }
    }
}

fn scientific(x: Option<f64>) -> String {
    x.map_or_else(|| "?".to_string(), |x| format!("{x:.2e}"))
}
