//! The simulated microscope: a library and a hidden response behind the [`Microscope`] trait.
use super::{Command, Fault, Microscope, Reading, Reply, Request, Sighting, Stage};
use crate::{
    composition::{Closure, Measured},
    cost::CostConfig,
    library::{Library, Particle, PerComponent},
    response::Response,
    rng::{Purpose, Stream},
};
use serde::{Deserialize, Serialize};

/// Imperfections of the instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MicroscopeConfig {
    /// Standard deviation of an EDX fraction, one for all elements or one for each.
    pub edx_sigma: PerComponent,
    /// How raw fractions are closed onto the simplex (eqs 2–3).
    pub closure: Closure,
    /// Standard deviation of a measured property.
    pub value_noise_sd: f64,
}

/// The simulated microscope: a library and a hidden response behind the [`Microscope`] trait. It spends the time that the cost model says, and no more.
#[derive(Clone, Debug)]
pub struct Simulated {
    seed: u32,
    library: Library,
    response: Response,
    config: MicroscopeConfig,
    cost: CostConfig,
    sigma: Vec<f64>,
    stage: Stage,
    in_view: Vec<Particle>,
}

impl Simulated {
    /// A microscope over a library whose response is ready; all three from one checked configuration.
    #[must_use]
    pub(crate) fn new(
        library: Library,
        response: Response,
        config: &MicroscopeConfig,
        cost: &CostConfig,
        seed: u32,
    ) -> Self {
        let sigma = config.edx_sigma.values(library.alpha().len());
        let stage = Stage::default();
        Self { seed, library, response, config: config.clone(), cost: cost.clone(), sigma, stage, in_view: Vec::new() }
    }

    /// What is on the grid.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// What it charges.
    #[must_use]
    pub fn cost(&self) -> &CostConfig {
        &self.cost
    }

    fn measured(&self, tile: u32) -> Vec<Measured> {
        let mut stream = Stream::new(self.seed, Purpose::EdxNoise, u64::from(tile));
        if self.sigma.iter().all(|s| *s == 0.0) {
            return self.in_view.iter().map(|p| Measured::exact(p.composition)).collect();
        }
        let noisy = |p: &Particle, stream: &mut Stream| -> Vec<f64> {
            p.composition.fractions().iter().zip(&self.sigma).map(|(c, s)| c + s * stream.normal()).collect()
        };
        self.in_view.iter().map(|p| self.config.closure.close(&noisy(p, &mut stream), &self.sigma)).collect()
    }

    fn property(&self, tile: u32, particle: u32) -> Option<Reading> {
        let p = self.in_view.get(particle as usize)?;
        let mut stream = Stream::new(self.seed, Purpose::EelsNoise, u64::from(tile) << 32 | u64::from(particle));
        let sd = self.config.value_noise_sd;
        let noise = if sd > 0.0 { sd * stream.normal() } else { 0.0 };
        Some(Reading::Property { value: self.response.value(&p.composition) + noise, sd })
    }

    fn outcome(&mut self, command: &Command) -> Result<Reading, Fault> {
        let refused = |reason: &str| Err(Fault::Refused { reason: reason.into() });
        if let Command::MoveToRegion { region, .. } = command {
            if *region >= self.library.grid().tile_count() {
                return refused("no such region");
            }
            let (x_um, y_um) = self.library.grid().centre_um(*region);
            self.in_view = self.library.tile(*region).particles;
            return Ok(Reading::Arrived { x_um, y_um });
        }
        let Some(tile) = self.stage.region() else { return refused("the stage has not been moved to a region") };
        match command {
            Command::MoveToRegion { .. } => refused("already handled"),
            Command::Overview => Ok(Reading::Particles {
                particles: self
                    .in_view
                    .iter()
                    .map(|p| Sighting { x_um: p.x_um, y_um: p.y_um, radius_nm: p.radius_nm })
                    .collect(),
            }),
            Command::MapComposition { .. } => Ok(Reading::Compositions { compositions: self.measured(tile) }),
            Command::Spectrum { particle, .. } => match self.property(tile, *particle) {
                Some(reading) => Ok(reading),
                None => refused("no such particle in view"),
            },
            Command::CalibrateImage { .. } => refused("there is no image to calibrate"),
        }
    }
}

impl Microscope for Simulated {
    fn perform(&mut self, request: &Request) -> Reply {
        let outcome = self.outcome(&request.command);
        let took_secs = match outcome {
            Ok(_) => self.stage.perform(&request.command, &self.cost, self.library.grid()).iter().map(|c| c.secs).sum(),
            Err(_) => self.cost.beam_shift_secs,
        };
        Reply { id: request.id, took_secs, outcome }
    }
}
