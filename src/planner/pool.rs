//! Compositions drawn from p(c), over which expectations about unseen regions are taken.
use crate::{
    acquisition::Novelty,
    composition::Composition,
    rng::{Purpose, Stream},
    surrogate::Field,
};

pub(super) struct Pool {
    pub field: Field,
    pub novelty: Novelty,
    pub values: Vec<f64>,
    seed: u32,
    draws: u64,
}

impl Pool {
    pub fn new(seed: u32) -> Self {
        let novelty = Novelty::new(0.0, 1.0, Vec::new());
        Self { field: Field::default(), novelty, values: Vec::new(), seed, draws: 0 }
    }

    /// Draw `size` compositions from a Dirichlet distribution, in place of those before.
    pub fn draw(&mut self, alpha: &[f64], size: u32, novelty: (f64, f64), seen: impl Iterator<Item = Composition>) {
        let mut stream = Stream::new(self.seed, Purpose::Pool, self.draws);
        self.draws += 1;
        let points: Vec<_> = (0..size).map(|_| Composition::dirichlet(alpha, &mut stream)).collect();
        self.field = Field::default();
        self.field.push(&points);
        self.novelty = Novelty::new(novelty.0, novelty.1, points);
        seen.for_each(|c| self.novelty.saw(&c));
    }
}
