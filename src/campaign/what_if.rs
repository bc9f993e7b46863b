//! What if: one decision made again with one setting changed, and the values at which it turns into another.
//!
//! The planner is brought back to the moment before the decision by going through the campaign's own replies and choices; what
//! decides then is the planner itself, so every rule can be asked and no equation stands here a second time.
use super::{Campaign, Event, parameters, scoreboard::Scoreboard};
use crate::{
    cost::CostConfig,
    error::ConfigError,
    num,
    planner::{Action, Budget, Choice, Decision, Planner, PlannerConfig, Rule},
};
use serde::Serialize;

/// A setting that a decision depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lever {
    /// v.
    StageSpeed,
    /// t_EDX.
    EdxMap,
    /// t_ma.
    Retuning,
    /// t_meas.
    EelsSpectrum,
    /// α.
    CostOfASecond,
    /// λ_nov.
    NoveltyWeight,
    /// Share at which the fixed-fraction rule leaves.
    Fraction,
}

/// A value of a [`Lever`] at which the decision turns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Turn {
    /// In the unit of the setting.
    pub value: f64,
    /// What is done just below it.
    pub below: Action,
    /// What is done just above it.
    pub above: Action,
}

impl Lever {
    /// Every lever.
    pub const ALL: [Self; 7] = [
        Self::StageSpeed,
        Self::EdxMap,
        Self::Retuning,
        Self::EelsSpectrum,
        Self::CostOfASecond,
        Self::NoveltyWeight,
        Self::Fraction,
    ];

    /// Path of the setting, as in [`super::Parameter::path`].
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::StageSpeed => "cost.stage_speed_um_per_s",
            Self::EdxMap => "cost.edx_secs",
            Self::Retuning => "cost.retune_secs",
            Self::EelsSpectrum => "cost.eels_secs",
            Self::CostOfASecond => "cost.cost_per_sec",
            Self::NoveltyWeight => "planner.novelty_weight",
            Self::Fraction => "planner.fraction",
        }
    }

    /// The lever of a path.
    ///
    /// # Errors
    /// No lever has it.
    pub fn by_path(path: &str) -> Result<Self, ConfigError> {
        let allowed = || Self::ALL.map(Self::path).join(", ");
        Self::ALL.into_iter().find(|l| l.path() == path).ok_or_else(|| ConfigError::new("lever", path, allowed()))
    }

    fn of(self, settings: &mut Settings) -> &mut f64 {
        match self {
            Self::StageSpeed => &mut settings.cost.stage_speed_um_per_s,
            Self::EdxMap => &mut settings.cost.edx_secs,
            Self::Retuning => &mut settings.cost.retune_secs,
            Self::EelsSpectrum => &mut settings.cost.eels_secs,
            Self::CostOfASecond => &mut settings.cost.cost_per_sec,
            Self::NoveltyWeight => &mut settings.planner.novelty_weight,
            Self::Fraction => &mut settings.planner.fraction,
        }
    }
}

#[derive(Clone)]
struct Settings {
    cost: CostConfig,
    planner: PlannerConfig,
}

/// A planner brought back to the moment before a decision.
pub struct Moment {
    planner: Planner,
    budget: Budget,
    own: Settings,
}

impl Moment {
    /// The moment before the last decision of an iteration (from 1); `None` when nothing was decided in it.
    #[must_use]
    pub fn before(campaign: &Campaign, iteration: u32) -> Option<Self> {
        let is_it = |e: &Event| matches!(e, Event::Decided(d) if d.iteration == iteration);
        let past = &campaign.events[..campaign.events.iter().rposition(is_it)?];
        let mut again = Campaign::new(&campaign.config, Scoreboard::default());
        if campaign.config.planner.rule == Rule::GreedyKnown {
            for region in campaign.planner.atlas().regions() {
                let compositions: Vec<_> = region.compositions.iter().flatten().map(|m| m.composition).collect();
                again.know(region.tile, region.sightings.clone().unwrap_or_default(), &compositions);
            }
        }
        again.planner.foretell(past.iter().filter_map(|e| match e {
            Event::Decided(decision) => Some(Choice::Decided(decision)),
            Event::Picked(pick) => Some(Choice::Picked(pick)),
            _ => None,
        }));
        for event in past {
            match event {
                Event::Sent(_) => again.ask(),
                Event::Received(reply) => {
                    again.absorb(reply.clone());
                    again.refit();
                }
                _ => {}
            }
        }
        again.planner.get_ready_to_reconsider();
        let own = Settings { cost: campaign.config.cost.clone(), planner: campaign.config.planner.clone() };
        Some(Self { budget: again.budget(), planner: again.planner, own })
    }

    /// The decision with one setting changed; `None` when nothing would be left to do.
    ///
    /// # Errors
    /// The value is out of the setting's range.
    pub fn decide(&mut self, lever: Lever, value: f64) -> Result<Option<Decision>, ConfigError> {
        let parameter = parameters().into_iter().find(|p| p.path == lever.path());
        match parameter.filter(|p| !p.admits(value)) {
            Some(p) => Err(ConfigError::new(p.path, value, p.allowed())),
            None => Ok(self.with(lever, value)),
        }
    }

    fn with(&mut self, lever: Lever, value: f64) -> Option<Decision> {
        let mut changed = self.own.clone();
        *lever.of(&mut changed) = value;
        self.planner.reconsider(&changed.planner, &changed.cost, self.budget)
    }

    /// Every value, within the setting's range, at which the decision turns into another action, in ascending order. Two turns
    /// within a step of the scan ([`STEPS`]), there and back again, are not seen, unless the campaign's own value lies between them.
    pub fn turns(&mut self, lever: Lever) -> Vec<Turn> {
        let own = *lever.of(&mut self.own);
        let action = |moment: &mut Self, value| moment.with(lever, value).map(|d| d.action);
        let samples: Vec<_> = scale(lever, own).into_iter().map(|x| (x, action(self, x))).collect();
        let mut turns = Vec::new();
        for pair in samples.windows(2) {
            let ((low, Some(below)), (high, Some(above))) = (pair[0], pair[1]) else { continue };
            turns.extend(turns_between((low, below), (high, above), |x| action(self, x)));
        }
        turns
    }
}

/// The turns between two values, of which a third action may lie between theirs.
fn turns_between(from: (f64, Action), to: (f64, Action), mut action: impl FnMut(f64) -> Option<Action>) -> Vec<Turn> {
    let ((mut low, mut below), (end, last)) = (from, to);
    let mut turns = Vec::new();
    while below != last {
        let mut high = end;
        while let Some(middle) = between(low, high) {
            if action(middle) == Some(below) { low = middle } else { high = middle }
        }
        let Some(above) = action(high) else { break };
        turns.push(Turn { value: high, below, above });
        (low, below) = (high, above);
    }
    turns
}

/// Steps of the scan over a setting's range.
pub const STEPS: u32 = 64;
/// Turns are found to this relative precision.
const PRECISION: f64 = 1e-9;

/// Values to try, ascending: the range by decades, its ends and the campaign's own value among them.
fn scale(lever: Lever, own: f64) -> Vec<f64> {
    let range = parameters().iter().find(|p| p.path == lever.path()).and_then(|p| p.min.zip(p.max));
    let (min, max) = range.unwrap_or((own, own));
    let low = if min > 0.0 { min } else { max * 1e-6 };
    let decades = num::ln(max / low) / f64::from(STEPS);
    let mut values: Vec<f64> = (0..=STEPS).map(|i| (low * num::exp(decades * f64::from(i))).min(max)).collect();
    values.extend([min, own]);
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// A value between two that are not yet the same: their geometric mean, or a share of the upper one when the lower is 0.
fn between(low: f64, high: f64) -> Option<f64> {
    let middle = if low > 0.0 { num::root(low * high) } else { high * 1e-3 };
    (high - low > PRECISION * high && middle > low && middle < high && high > 1e-12).then_some(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Before, the second turn was not seen, and above the first stood what is done beyond it.
    #[test]
    fn a_third_action_within_a_step_is_found() {
        let action = |x: f64| {
            Some(if x < 1.02 {
                Action::Stay
            } else if x < 1.05 {
                Action::Return
            } else {
                Action::Switch
            })
        };
        let turns = turns_between((1.0, Action::Stay), (1.1, Action::Switch), action);
        let done: Vec<_> = turns.iter().map(|t| (t.below, t.above)).collect();
        assert_eq!(done, [(Action::Stay, Action::Return), (Action::Return, Action::Switch)]);
        assert!(turns.iter().zip([1.02, 1.05]).all(|(t, x)| (t.value - x).abs() < 1e-8), "{turns:?}");
    }
}
