//! What is on the grid as far as an operator knows it: a list of particles, so that no image need be segmented.
use super::reduction::Reduction;
use crate::{
    composition::{Composition, Measured},
    library::ImportedParticle,
    microscope::{Fault, Sighting, Simulated},
};
use std::sync::Arc;

/// Who answers commands that expose.
pub enum Exposures {
    /// Nobody: moves only.
    Refused,
    /// The instrument, about the particles of a list.
    Own(Sample),
    /// The engine's own microscope, which knows nothing of this instrument; its times are those of the cost model, waited for
    /// `scale` times.
    Simulated {
        /// It.
        microscope: Box<Simulated>,
        /// 1 is real time, 0 none.
        scale: f64,
    },
}

/// The particles of the grid, in µm on the grid.
#[derive(Clone, Debug)]
pub struct Sample {
    /// From the experiment's table.
    pub particles: Arc<[ImportedParticle]>,
    /// Whether a composition map may be answered from the table: for instruments without EDX, when the operator says so.
    pub compositions_listed: bool,
    /// How a spectrum becomes the property.
    pub reduction: Reduction,
}

impl Sample {
    /// Indices of the particles at the places that `seen` says yes to, in the order of the table.
    pub(super) fn where_seen(&self, seen: impl Fn((f64, f64)) -> bool) -> Vec<usize> {
        (0..self.particles.len()).filter(|i| seen(self.position_um(*i))).collect()
    }

    pub(super) fn position_um(&self, i: usize) -> (f64, f64) {
        let p = &self.particles[i];
        (p.x_um, p.y_um)
    }

    pub(super) fn sightings(&self, in_view: &[usize]) -> Vec<Sighting> {
        let sighting = |p: &ImportedParticle| Sighting { x_um: p.x_um, y_um: p.y_um, radius_nm: p.radius_nm };
        in_view.iter().map(|i| sighting(&self.particles[*i])).collect()
    }

    /// Indices of these particles; `None` when one of them is not in the table.
    pub(super) fn those(&self, particles: &[Sighting]) -> Option<Vec<usize>> {
        let index = |s: &Sighting| (0..self.particles.len()).find(|i| self.position_um(*i) == (s.x_um, s.y_um));
        particles.iter().map(index).collect()
    }

    pub(super) fn compositions(&self, in_view: &[usize]) -> Result<Vec<Measured>, Fault> {
        let refused = |reason: String| Fault::Refused { reason };
        if !self.compositions_listed {
            return Err(refused("the instrument has no EDX, and listed compositions are not allowed".into()));
        }
        let composition = |i: &usize| Composition::new(&self.particles[*i].fractions).map(Measured::exact);
        in_view.iter().map(composition).collect::<Result<_, _>>().map_err(|error| refused(error.to_string()))
    }
}
