//! Seconds and cost by kind of action.
use serde::{Deserialize, Serialize};

/// What time and cost are spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Stage travel.
    StageMove,
    /// Realignment after a move.
    Retune,
    /// Overview image.
    Overview,
    /// Composition map.
    EdxMap,
    /// Spectrum.
    Eels,
    /// Beam shift.
    BeamShift,
}

impl Action {
    /// All kinds, in the order of a ledger.
    pub const ALL: [Self; 6] =
        [Self::StageMove, Self::Retune, Self::Overview, Self::EdxMap, Self::Eels, Self::BeamShift];
}

/// One charge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Charge {
    /// For what.
    pub action: Action,
    /// Time, s.
    pub secs: f64,
    /// Cost, cost units.
    pub cost: f64,
}

/// Total of one kind of action.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// For what.
    pub action: Action,
    /// How often.
    pub count: u32,
    /// Time, s.
    pub seconds: f64,
    /// Cost, cost units.
    pub cost: f64,
}

/// Totals of a campaign by kind of action.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger([Entry; 6]);

impl Default for Ledger {
    fn default() -> Self {
        Self(Action::ALL.map(|action| Entry { action, count: 0, seconds: 0.0, cost: 0.0 }))
    }
}

impl Ledger {
    /// Book the charges of one command. An instrument that took another time than the model says (`took_secs`) is charged what
    /// it took, shared out in the model's proportions.
    pub fn add(&mut self, charges: &[Charge], took_secs: Option<f64>) {
        let modelled: f64 = charges.iter().map(|c| c.secs).sum();
        for charge in charges {
            let secs = match took_secs {
                Some(took) if took != modelled && modelled > 0.0 => took * (charge.secs / modelled),
                Some(took) if took != modelled => took / charges.len() as f64,
                _ => charge.secs,
            };
            let entry = &mut self.0[charge.action as usize];
            entry.count += 1;
            entry.seconds += secs;
            entry.cost += charge.cost;
        }
    }

    /// The totals, one entry for each kind of action.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// Time of all actions, s.
    #[must_use]
    pub fn secs(&self) -> f64 {
        self.0.iter().map(|e| e.seconds).sum()
    }

    /// Cost of all actions.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.0.iter().map(|e| e.cost).sum()
    }
}
