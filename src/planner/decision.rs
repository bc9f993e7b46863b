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
        match self.reason {
            Reason::SwitchPays | Reason::StayPays => weighed(self.reason, n.expected_gain.zip(n.switch_cost)),
            Reason::FreshRateHigher | Reason::LocalRateHigher => rated(self.reason, n.fresh_rate.zip(n.local_rate)),
            Reason::RegionExhausted => "Moved: every particle in view has been measured.".into(),
            Reason::GridExhausted => "Every region has been visited; the best particle left was measured.".into(),
            Reason::BetterElsewhere => {
                "Went back: a mapped particle elsewhere is worth more than any here, its move included.".into()
            }
            Reason::BudgetTooShort => "Stayed: what is left of the budget cannot pay the move back.".into(),
            Reason::Baseline => match self.action {
                Action::Stay => "Stayed, as this baseline does.".into(),
                Action::Return => "Went back, as this baseline does.".into(),
                Action::Switch => "Moved, as this baseline does.".into(),
            },
        }
    }
}

/// Said when the numbers of a comparison are absent: there was nothing to compare with.
const NOWHERE_TO_GO: &str = "Stayed: no region is left that was not visited.";

/// E_gain against C_switch.
fn weighed(reason: Reason, pair: Option<(f64, f64)>) -> String {
    let Some((gain, cost)) = pair else { return NOWHERE_TO_GO.into() };
    let (offer, price) = told_apart(gain, cost);
    let than = if gain < cost { "less" } else { "no more" };
    if reason == Reason::SwitchPays {
        format!(
            "Moved: a new region is expected to offer {offer}, more than the {price} that the move costs in measurements not made here."
        )
    } else {
        format!(
            "Stayed: a new region is expected to offer {offer}, {than} than the {price} that the move would cost in measurements not made here."
        )
    }
}

/// The rate of a fresh region against that of the best particle here.
fn rated(reason: Reason, pair: Option<(f64, f64)>) -> String {
    let Some((fresh, local)) = pair else { return NOWHERE_TO_GO.into() };
    let (there, here) = told_apart(fresh, local);
    if reason == Reason::FreshRateHigher {
        format!("Moved: a fresh region gains {there} a second on average, the best particle here {here}.")
    } else {
        format!("Stayed: the best particle here gains {here} a second, a fresh region {there} on average.")
    }
}

/// Two numbers with three significant digits, or with as many as tell them apart.
fn told_apart(a: f64, b: f64) -> (String, String) {
    let both = |digits| (significant(a, digits), significant(b, digits));
    (3..=17).map(both).find(|(a, b)| a != b).unwrap_or_else(|| both(3))
}

/// Significant digits, without needless zeros.
fn significant(x: f64, digits: usize) -> String {
    let rounded = format!("{x:.0$e}", digits - 1);
    match rounded.parse::<f64>() {
        Ok(value) if value == 0.0 || value.abs() >= 1e-4 => value.to_string(),
        _ => rounded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(rule: Rule, reason: Reason, numbers: Numbers) -> String {
        let action = Action::Stay;
        Decision { iteration: 1, rule, action, reason, from_tile: 0, to_tile: 0, numbers }.sentence()
    }

    fn paper(reason: Reason, gain: f64, cost: f64) -> String {
        let numbers = Numbers { expected_gain: Some(gain), switch_cost: Some(cost), ..Numbers::default() };
        sentence(Rule::Paper, reason, numbers)
    }

    #[test]
    fn numbers_that_are_compared_can_be_told_apart() {
        let moved = paper(Reason::SwitchPays, 0.010_04, 0.009_96);
        assert!(moved.contains("offer 0.01, more than the 0.00996 that"), "{moved}");
        let close = paper(Reason::StayPays, 0.123_456_1, 0.123_456_2);
        assert!(close.contains("offer 0.1234561, less than the 0.1234562 that"), "{close}");
        let small = paper(Reason::StayPays, 1.234e-7, 5.678e-5);
        assert!(small.contains("offer 1.23e-7, less than the 5.68e-5 that"), "{small}");
        let equal = paper(Reason::StayPays, 0.0, 0.0);
        assert!(equal.contains("offer 0, no more than the 0 that"), "{equal}");
        let numbers = Numbers { fresh_rate: Some(2.0001e-5), local_rate: Some(2.0002e-5), ..Numbers::default() };
        let rates = sentence(Rule::MarginalValue, Reason::LocalRateHigher, numbers);
        assert!(rates.contains("gains 2.0002e-5 a second, a fresh region 2.0001e-5 on"), "{rates}");
    }

    #[test]
    fn nothing_is_compared_when_there_is_nowhere_to_go() {
        for (rule, reason) in [(Rule::Paper, Reason::StayPays), (Rule::MarginalValue, Reason::LocalRateHigher)] {
            assert_eq!(sentence(rule, reason, Numbers::default()), NOWHERE_TO_GO);
        }
    }
}
