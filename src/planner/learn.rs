//! What the planner makes of outcomes: readings become knowledge, faults are counted.
use super::{ATTEMPTS, CompositionPrior, Planner, State, rules::Target};
use crate::{
    composition::{Composition, Measured, dirichlet_by_moments},
    microscope::{Command, Fault, Reading, Sighting},
    surrogate::{Gp, Hyper, HyperSource, fit},
};

impl Planner {
    /// Learn what came of the last command. Readings must fit it ([`Reading::fits`]).
    pub fn tell(&mut self, command: &Command, outcome: &Result<Reading, Fault>, before_refactor: impl FnOnce(&Gp)) {
        let here = self.atlas.here();
        match (command, outcome) {
            (Command::MoveToRegion { region, .. }, Ok(_)) => {
                self.atlas.set_here(Some(*region));
                self.lost = false;
            }
            (Command::Overview, Ok(Reading::Particles { particles })) => {
                if let Some(tile) = here {
                    self.atlas.region_mut(tile).sightings = Some(particles.clone());
                }
            }
            (Command::MapComposition { .. }, Ok(Reading::Compositions { compositions })) => {
                if let Some(tile) = here {
                    self.map(tile, compositions.clone());
                    self.refresh_pool();
                }
            }
            (Command::Spectrum { particle, .. }, Ok(Reading::Property { value, .. })) => {
                self.learn(*particle, *value, before_refactor);
            }
            (_, Ok(_)) => {}
            (command, Err(_)) => return self.fail(command),
        }
        self.attempts = 0;
    }

    /// Fit the hyper-parameters when it is time; the new ones, when they changed.
    pub fn refit(&mut self, before_refactor: impl FnOnce(&Gp)) -> Option<Hyper> {
        let due = self.surrogate.hyper == HyperSource::MaximumLikelihood
            && !self.is_seeding()
            && (self.fitted_at == 0 || self.gp.len() >= self.fitted_at + self.surrogate.refit_every as usize);
        if !due {
            return None;
        }
        self.fitted_at = self.gp.len();
        let hyper = fit(&self.gp, self.surrogate.fit_mean);
        if hyper == *self.gp.hyper() {
            return None;
        }
        before_refactor(&self.gp);
        self.gp.set_hyper(hyper.clone()).ok().map(|()| hyper)
    }

    /// The content of a region is known without looking ([`Rule::GreedyKnown`]).
    pub(crate) fn know(&mut self, tile: u32, sightings: Vec<Sighting>, compositions: &[Composition]) {
        self.atlas.region_mut(tile).sightings = Some(sightings);
        self.map(tile, compositions.iter().map(|c| Measured::exact(*c)).collect());
    }

    pub(super) fn map(&mut self, tile: u32, compositions: Vec<Measured>) {
        let points: Vec<Composition> = compositions.iter().map(|m| m.composition).collect();
        let first = self.candidates.push(&points);
        let region = self.atlas.region_mut(tile);
        region.first = first;
        region.states = vec![State::Open; points.len()];
        region.compositions = Some(compositions);
    }

    fn learn(&mut self, particle: u32, value: f64, before_refactor: impl FnOnce(&Gp)) {
        let Some(tile) = self.atlas.here() else { return };
        let region = self.atlas.region_mut(tile);
        let Some(at) = region.compositions.as_ref().and_then(|c| c.get(particle as usize)).cloned() else { return };
        // A point that the surrogate cannot tell from another adds nothing it could use; it is not measured twice either.
        let taken = self.gp.append(&at, value, before_refactor).is_ok();
        region.states[particle as usize] = if taken { State::Measured } else { State::Excluded };
        self.pool.novelty.saw(&at.composition);
        self.target = None;
        self.arrived = false;
        match &mut self.seeds {
            Some(seeds) if !seeds.is_empty() => {
                seeds.remove(0);
            }
            _ => self.iteration += 1,
        }
    }

    /// A command failed: try again, and after [`ATTEMPTS`] give up what it was for.
    fn fail(&mut self, command: &Command) {
        self.lost |= matches!(command, Command::MoveToRegion { .. });
        self.attempts += 1;
        if self.attempts < ATTEMPTS {
            return;
        }
        self.attempts = 0;
        match self.target.take() {
            Some(Target::Explore(tile)) => {
                self.atlas.region_mut(tile).sightings = Some(Vec::new());
                self.map(tile, Vec::new());
            }
            Some(Target::Measure(c)) => {
                let whole_region = matches!(command, Command::MoveToRegion { .. });
                for (i, state) in self.atlas.region_mut(c.tile).states.iter_mut().enumerate() {
                    if *state == State::Open && (whole_region || i == c.particle as usize) {
                        *state = State::Excluded;
                    }
                }
                if let Some(seeds) = &mut self.seeds {
                    seeds.retain(|s| *s != c.particle);
                }
            }
            _ => {}
        }
    }

    pub(super) fn draw_pool(&mut self) {
        let uniform = vec![1.0; self.components];
        let fitted = match self.config.composition_prior {
            CompositionPrior::Uniform => None,
            CompositionPrior::Fitted => dirichlet_by_moments(&self.candidates.points().collect::<Vec<_>>()),
        };
        let novelty = (self.config.novelty_weight, self.config.novelty_length);
        let seen = (0..self.gp.len()).map(|i| *self.gp.input(i));
        self.pool.draw(&fitted.unwrap_or(uniform), self.config.gain_pool, novelty, seen);
    }

    fn refresh_pool(&mut self) {
        if self.config.composition_prior == CompositionPrior::Fitted {
            self.draw_pool();
        }
    }
}
