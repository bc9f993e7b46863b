//! The planner: `ask` for the next command, `tell` what came of it.
//!
//! It keeps what is known (atlas, surrogate), asks a rule where to measure next, and breaks that into commands: move, overview,
//! composition map, spectrum. Faults are information: a command that fails three times is given up, and the planner goes on
//! with what is left.
mod atlas;
mod budget;
mod config;
mod decision;
pub mod gain;
mod learn;
mod pool;
mod reconsider;
mod rules;

pub use atlas::{Atlas, Region, State};
pub use budget::Budget;
pub use config::{CompositionPrior, GainMethod, PlannerConfig, Rule};
pub use decision::{Action, Decision, Numbers, Pick, Reason};
pub(crate) use reconsider::Choice;
pub use rules::Candidate;

use crate::{
    acquisition::{Acquisition, AcquisitionConfig},
    cost::CostConfig,
    library::Grid,
    microscope::Command,
    rng::{Purpose, Stream},
    surrogate::{Field, Gp, Hyper, SurrogateConfig},
};
use gain::ExactGain;
use pool::Pool;
use rules::{Situation, Target, Verdict};
use std::collections::VecDeque;

/// Failures of one command before it is given up.
const ATTEMPTS: u32 = 3;

/// What the planner wants on the record.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// Where to measure next was decided.
    Decided(Decision),
    /// A particle was picked.
    Picked(Pick),
}

/// What a planner needs to know at the start; all of it checked.
pub(crate) struct Setup<'a> {
    pub seed: u32,
    pub grid: &'a Grid,
    pub components: usize,
    pub planner: &'a PlannerConfig,
    pub acquisition: &'a AcquisitionConfig,
    pub surrogate: &'a SurrogateConfig,
    pub cost: &'a CostConfig,
}

/// See the [module documentation](self).
pub struct Planner {
    seed: u32,
    components: usize,
    config: PlannerConfig,
    acquisition: AcquisitionConfig,
    surrogate: SurrogateConfig,
    cost: CostConfig,
    gp: Gp,
    fitted_at: usize,
    atlas: Atlas,
    candidates: Field,
    pool: Pool,
    gain: ExactGain,
    /// Seed particles still to measure; absent before the first region with particles is mapped.
    seeds: Option<Vec<u32>>,
    iteration: u32,
    target: Option<Target>,
    arrived: bool,
    lost: bool,
    attempts: u32,
    news: Vec<News>,
    /// What was chosen before, when a campaign is gone through again ([`Self::foretell`]).
    foretold: VecDeque<Target>,
}

impl Planner {
    pub(crate) fn new(setup: &Setup<'_>) -> Self {
        let hyper = Hyper::from_config(setup.surrogate, setup.components);
        let mut planner = Self {
            seed: setup.seed,
            components: setup.components,
            config: setup.planner.clone(),
            acquisition: setup.acquisition.clone(),
            surrogate: setup.surrogate.clone(),
            cost: setup.cost.clone(),
            gp: Gp::new(hyper, setup.surrogate.input_noise),
            fitted_at: 0,
            atlas: Atlas::new(setup.grid.clone(), setup.seed),
            candidates: Field::default(),
            pool: Pool::new(setup.seed),
            gain: ExactGain::default(),
            seeds: None,
            iteration: 1,
            target: None,
            arrived: false,
            lost: false,
            attempts: 0,
            news: Vec::new(),
            foretold: VecDeque::new(),
        };
        planner.draw_pool();
        planner
    }

    /// The next command; `None` when nothing is left to measure.
    pub fn ask(&mut self, budget: Budget) -> Option<Command> {
        loop {
            match self.target {
                None => match self.choose(budget) {
                    Target::Nothing => return None,
                    target => self.target = Some(target),
                },
                Some(Target::Explore(tile)) => {
                    if let Some(command) = self.explore(tile) {
                        return Some(command);
                    }
                    self.target = None;
                    self.arrived = true;
                }
                Some(Target::Measure(c)) => {
                    if self.atlas.here() != Some(c.tile) || self.lost {
                        return Some(self.move_to(c.tile));
                    }
                    return Some(Command::Spectrum { particle: c.particle, dwell_secs: self.cost.eels_secs });
                }
                Some(Target::Nothing) => return None,
            }
        }
    }

    /// Take what the planner wants on the record since the last call.
    pub fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// Whether seed particles are still to be measured.
    #[must_use]
    pub fn is_seeding(&self) -> bool {
        self.seeds.as_ref().is_none_or(|s| !s.is_empty())
    }

    /// The surrogate.
    #[must_use]
    pub fn gp(&self) -> &Gp {
        &self.gp
    }

    /// What is known of the grid.
    #[must_use]
    pub fn atlas(&self) -> &Atlas {
        &self.atlas
    }

    /// Particles in the region in view, as the last overview found them.
    #[must_use]
    pub fn particles_in_view(&self) -> usize {
        self.atlas.region_here().map_or(0, |r| r.total() as usize)
    }

    fn move_to(&self, tile: u32) -> Command {
        let (x_um, y_um) = self.atlas.grid().centre_um(tile);
        Command::MoveToRegion { region: tile, x_um, y_um }
    }

    /// The next step towards knowing a region; `None` when it is known.
    fn explore(&mut self, tile: u32) -> Option<Command> {
        let known = self.atlas.region(tile);
        if known.is_some_and(|r| r.compositions.is_some() && (r.visited || r.total() == 0)) {
            return None;
        }
        if self.atlas.here() != Some(tile) || self.lost {
            return Some(self.move_to(tile));
        }
        match known.and_then(|r| r.sightings.as_ref()).map(Vec::len) {
            None => Some(Command::Overview),
            Some(0) => {
                self.map(tile, Vec::new());
                None
            }
            Some(_) => Some(Command::MapComposition { dwell_secs: self.cost.edx_secs }),
        }
    }

    fn choose(&mut self, budget: Budget) -> Target {
        let Some(here) = self.atlas.here() else { return self.first_target() };
        if self.is_seeding() {
            return self.seed_target();
        }
        let arrived = std::mem::take(&mut self.arrived);
        if let Some(target) = self.foretold.pop_front() {
            return target;
        }
        let candidates = self.evaluate(here);
        let mut situation = self.situation(here, budget, &candidates);
        if arrived && let Some(picked) = rules::pick_after_move(&situation) {
            self.news.push(picked_news(self.iteration, &picked));
            return Target::Measure(picked);
        }
        let verdict = rules::decide(&mut situation);
        if let Some(decision) = self.decision(here, &verdict) {
            self.news.push(News::Decided(decision));
        }
        if let Target::Measure(c) = verdict.target {
            self.news.push(picked_news(self.iteration, &c));
        }
        verdict.target
    }

    fn situation<'a>(&'a mut self, here: u32, budget: Budget, candidates: &'a [Candidate]) -> Situation<'a> {
        Situation {
            iteration: self.iteration,
            seed: self.seed,
            here,
            config: &self.config,
            cost: &self.cost,
            budget,
            nearest: self.atlas.nearest_unvisited(),
            atlas: &self.atlas,
            candidates,
            pool_values: &self.pool.values,
            gp: &self.gp,
            pool: &self.pool.field,
            field: &self.candidates,
            gain: &mut self.gain,
        }
    }

    /// A verdict for the record; none when nothing is left to do.
    fn decision(&self, here: u32, verdict: &Verdict) -> Option<Decision> {
        let (action, to_tile) = match verdict.target {
            Target::Explore(tile) => (Action::Switch, tile),
            Target::Measure(c) if c.tile != here => (Action::Return, c.tile),
            Target::Measure(c) => (Action::Stay, c.tile),
            Target::Nothing => return None,
        };
        Some(Decision {
            iteration: self.iteration,
            rule: self.config.rule,
            action,
            reason: verdict.reason,
            from_tile: here,
            to_tile,
            numbers: verdict.numbers.clone(),
        })
    }

    fn first_target(&mut self) -> Target {
        let grid = self.atlas.grid();
        let tile = match (self.config.rule, self.config.first_region) {
            (_, Some(tile)) => tile,
            (Rule::Raster, None) => 0,
            _ => Stream::new(self.seed, Purpose::FirstTile, 0).below(grid.tile_count()),
        };
        // Faults can use up the first tile before the stage was ever seen to move, and a known one can be empty.
        let promising = |t: &u32| self.atlas.region(*t).is_none_or(|r| r.total() > 0);
        let tile = if promising(&tile) { Some(tile) } else { (0..grid.tile_count()).find(promising) };
        tile.map_or(Target::Nothing, Target::Explore)
    }

    fn seed_target(&mut self) -> Target {
        let Some((tile, total)) = self.atlas.region_here().map(|r| (r.tile, r.states.len() as u32)) else {
            return Target::Nothing;
        };
        if total == 0 {
            return self.atlas.nearest_unvisited().map_or(Target::Nothing, Target::Explore);
        }
        let seeds = self.seeds.get_or_insert_with(|| {
            Stream::new(self.seed, Purpose::Choice, 0).choose(total, self.config.seed_particles)
        });
        let particle = seeds[0];
        self.arrived = false;
        self.news.push(News::Picked(Pick {
            iteration: 0,
            tile,
            particle,
            acquisition: None,
            move_cost: None,
            score: None,
        }));
        Target::Measure(Candidate { tile, particle, acquisition: 0.0, move_cost: self.cost.intra_cost })
    }

    /// Bring every posterior up to date and list what can be measured.
    fn evaluate(&mut self, here: u32) -> Vec<Candidate> {
        let rows = self.gp.len();
        self.candidates.update(&self.gp, rows);
        self.pool.field.update(&self.gp, rows);
        let acquisition = Acquisition::new(&self.acquisition, &self.gp, self.seed, self.iteration);
        let mut utilities = Vec::new();
        acquisition.values(&self.candidates, &mut utilities);
        acquisition.values(&self.pool.field, &mut self.pool.values);
        acquisition.to_utilities(&mut utilities, &mut self.pool.values);
        self.pool.novelty.augment(&mut self.pool.values);
        let mut out = Vec::new();
        for region in self.atlas.regions() {
            let move_cost = self.cost.move_cost(self.atlas.grid().distance_um(here, region.tile));
            out.extend(region.open().map(|particle| Candidate {
                tile: region.tile,
                particle,
                acquisition: utilities[region.first + particle as usize],
                move_cost,
            }));
        }
        out
    }
}

fn picked_news(iteration: u32, c: &Candidate) -> News {
    News::Picked(Pick {
        iteration,
        tile: c.tile,
        particle: c.particle,
        acquisition: Some(c.acquisition),
        move_cost: Some(c.move_cost),
        score: Some(c.score()),
    })
}
