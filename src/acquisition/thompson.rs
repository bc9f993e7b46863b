//! One draw from the posterior as a function (pathwise conditioning, Wilson et al. 2020): a prior draw from random Fourier
//! features, corrected by f(c) += k(c, X) K⁻¹ (y − f(X) − ε). The same function is seen by candidates and pool.
use crate::{
    composition::{Composition, MAX_COMPONENTS},
    num,
    rng::Stream,
    surrogate::{Family, Field, Gp},
};
use std::f64::consts::PI;

/// Fourier features of the prior draw.
const FEATURES: usize = 200;

#[derive(Debug)]
pub(super) struct Sample {
    /// Frequency vector, phase and weight of each feature.
    features: Vec<([f64; MAX_COMPONENTS], f64, f64)>,
    /// L⁻¹ (y − mean − f(X) − ε).
    correction: Vec<f64>,
}

impl Sample {
    pub(super) fn draw(gp: &Gp, stream: &mut Stream) -> Self {
        let hyper = gp.hyper();
        let scale = hyper.prior_sd * (2.0 / FEATURES as f64).sqrt();
        let features = (0..FEATURES)
            .map(|_| {
                // The spectral density of a Matérn kernel is Student's t with 2ν degrees of freedom.
                let stretch = match hyper.kernel {
                    Family::Rbf => 1.0,
                    Family::Matern32 => (1.5 / stream.gamma(1.5)).sqrt(),
                    Family::Matern52 => (2.5 / stream.gamma(2.5)).sqrt(),
                };
                let mut frequency = [0.0; MAX_COMPONENTS];
                for (f, length) in frequency.iter_mut().zip(&hyper.length_scales) {
                    *f = stream.normal() * stretch / length;
                }
                (frequency, 2.0 * PI * stream.uniform(), scale * stream.normal())
            })
            .collect();
        let mut sample = Self { features, correction: Vec::new() };
        let residual: Vec<f64> = (0..gp.len())
            .map(|i| gp.values()[i] - gp.mean() - sample.prior(gp.input(i)) - hyper.noise_sd * stream.normal())
            .collect();
        sample.correction = gp.whiten(&residual);
        sample
    }

    fn prior(&self, at: &Composition) -> f64 {
        self.features
            .iter()
            .map(|(frequency, phase, weight)| {
                let angle: f64 = at.fractions().iter().zip(frequency).map(|(c, f)| c * f).sum();
                weight * num::cos(angle + phase)
            })
            .sum()
    }

    pub(super) fn values(&self, gp: &Gp, field: &Field) -> Vec<f64> {
        let mut out = field.project(&self.correction);
        out.iter_mut().zip(field.points()).for_each(|(x, point)| *x += gp.mean() + self.prior(&point));
        out
    }
}
