//! A decision made again under other times and weights, by a planner that was brought back to the moment before it.
use super::{Action, Budget, Candidate, CostConfig, Decision, Pick, Planner, PlannerConfig, rules, rules::Target};

/// One choice of a planner in a record.
pub(crate) enum Choice<'a> {
    Decided(&'a Decision),
    Picked(&'a Pick),
}

impl Planner {
    /// Take these choices of a record in place of computing them, in their order; seeds are drawn as ever.
    pub(crate) fn foretell<'a>(&mut self, choices: impl Iterator<Item = Choice<'a>>) {
        self.foretold = choices.filter_map(target).collect();
    }

    /// Come to the point where the next decision is made.
    pub(crate) fn get_ready_to_reconsider(&mut self) {
        // A region that turned out to be empty is done with, as it is when the next command is asked for.
        if let Some(Target::Explore(tile)) = self.target
            && self.explore(tile).is_none()
        {
            self.target = None;
        }
        // Distances that nobody kept, because novelty did not count.
        if self.pool.novelty.is_off() {
            self.pool.novelty.weigh(1.0, 1.0);
            (0..self.gp.len()).for_each(|i| self.pool.novelty.saw(self.gp.input(i)));
        }
    }

    /// What would be decided now with other times and weights; `None` when nothing is left to do. The planner keeps these, so it
    /// is of no other use after.
    pub(crate) fn reconsider(&mut self, config: &PlannerConfig, cost: &CostConfig, budget: Budget) -> Option<Decision> {
        let here = self.atlas.here()?;
        self.pool.novelty.weigh(config.novelty_weight, config.novelty_length);
        self.config = config.clone();
        self.cost = cost.clone();
        let candidates = self.evaluate(here);
        let verdict = rules::decide(&mut self.situation(here, budget, &candidates));
        self.decision(here, &verdict)
    }
}

fn target(choice: Choice<'_>) -> Option<Target> {
    match choice {
        Choice::Decided(d) if d.action == Action::Switch => Some(Target::Explore(d.to_tile)),
        // The pick that follows says which particle.
        Choice::Decided(_) => None,
        Choice::Picked(p) if p.iteration == 0 => None,
        Choice::Picked(p) => Some(Target::Measure(Candidate {
            tile: p.tile,
            particle: p.particle,
            acquisition: p.acquisition.unwrap_or(0.0),
            move_cost: p.move_cost.unwrap_or(1.0),
        })),
    }
}
