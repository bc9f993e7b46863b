//! One file for each way to decide. A rule sees a [`Situation`] and answers with a [`Verdict`]; it changes nothing.
mod baselines;
mod marginal;
mod paper;

use super::{
    Budget, PlannerConfig, Rule,
    atlas::Atlas,
    decision::{Numbers, Reason},
    gain::ExactGain,
};
use crate::{
    cost::CostConfig,
    surrogate::{Field, Gp},
};

/// A particle that could be measured next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Its tile.
    pub tile: u32,
    /// Its index in the tile.
    pub particle: u32,
    /// a(c) ≥ 0.
    pub acquisition: f64,
    /// C_move.
    pub move_cost: f64,
}

impl Candidate {
    /// s = a / C, eq 4.
    #[must_use]
    pub fn score(&self) -> f64 {
        self.acquisition / self.move_cost
    }
}

/// Everything a rule may look at.
pub(crate) struct Situation<'a> {
    pub iteration: u32,
    pub seed: u32,
    pub here: u32,
    pub config: &'a PlannerConfig,
    pub cost: &'a CostConfig,
    pub budget: Budget,
    pub atlas: &'a Atlas,
    pub nearest: Option<u32>,
    pub candidates: &'a [Candidate],
    /// ã over the pool of compositions drawn from p(c).
    pub pool_values: &'a [f64],
    pub gp: &'a Gp,
    pub pool: &'a Field,
    pub field: &'a Field,
    pub gain: &'a mut ExactGain,
}

/// Where to go, and why.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    pub target: Target,
    pub reason: Reason,
    pub numbers: Numbers,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    Measure(Candidate),
    Explore(u32),
    Nothing,
}

/// Decide by the configured rule.
pub(crate) fn decide(s: &mut Situation<'_>) -> Verdict {
    match s.config.rule {
        Rule::Paper => paper::decide(s),
        Rule::MarginalValue => marginal::decide(s),
        Rule::GreedyKnown => verdict(s.best_score(), Reason::Baseline),
        Rule::Random => baselines::random(s),
        Rule::Raster => baselines::raster(s),
        Rule::Exhaust => baselines::leave_when(s, false),
        Rule::OnePerRegion => {
            let done = s.atlas.region_here().is_some_and(|r| r.measured() > 0);
            baselines::leave_when(s, done)
        }
        Rule::FixedFraction => {
            let done = s
                .atlas
                .region_here()
                .is_some_and(|r| f64::from(r.measured()) >= s.config.fraction * f64::from(r.total()));
            baselines::leave_when(s, done)
        }
    }
}

/// What to measure after a move to a fresh region; `None` when the rule must decide again.
pub(crate) fn pick_after_move(s: &Situation<'_>) -> Option<Candidate> {
    match s.config.rule {
        Rule::Paper | Rule::GreedyKnown => s.best_score().filter(|_| s.has_open_here()),
        Rule::MarginalValue | Rule::Exhaust | Rule::OnePerRegion | Rule::FixedFraction => s.best_here(),
        Rule::Random => baselines::random_here(s),
        Rule::Raster => s.open_here().next().copied(),
    }
}

fn verdict(best: Option<Candidate>, reason: Reason) -> Verdict {
    Verdict { target: best.map_or(Target::Nothing, Target::Measure), reason, numbers: Numbers::default() }
}

/// The first of the best; the order of candidates is fixed, so ties are too.
fn best_by(candidates: impl Iterator<Item = Candidate>, worth: impl Fn(&Candidate) -> f64) -> Option<Candidate> {
    candidates.fold(None, |best: Option<Candidate>, c| match best {
        Some(b) if worth(&b) >= worth(&c) => Some(b),
        _ => Some(c),
    })
}

impl Situation<'_> {
    fn open_here(&self) -> impl Iterator<Item = &Candidate> {
        let here = self.here;
        self.candidates.iter().filter(move |c| c.tile == here)
    }

    fn has_open_here(&self) -> bool {
        self.open_here().next().is_some()
    }

    fn best_here(&self) -> Option<Candidate> {
        best_by(self.open_here().copied(), |c| c.acquisition)
    }

    fn best_score(&self) -> Option<Candidate> {
        best_by(self.candidates.iter().copied(), Candidate::score)
    }
}
