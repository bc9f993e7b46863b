//! The instrument as the planner sees it: commands, readings and faults as plain data.
//!
//! The simulator, a recorded log and a real microscope answer the same commands with the same readings, and the same types
//! go over the wire.
mod simulated;
mod stage;

pub use simulated::{MicroscopeConfig, Simulated};
pub use stage::Stage;

use crate::composition::Measured;
use serde::{Deserialize, Deserializer, Serialize};

/// What may be asked of an instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// Drive the stage to the centre of a region (tile) and retune.
    MoveToRegion {
        /// Index of the tile.
        region: u32,
        /// Centre of the tile, µm.
        x_um: f64,
        /// Centre of the tile, µm.
        y_um: f64,
    },
    /// Find the particles in view.
    #[serde(deserialize_with = "nothing_else")]
    Overview,
    /// Map the composition of all particles in view by EDX.
    MapComposition {
        /// Acquisition time, s.
        dwell_secs: f64,
    },
    /// One EELS spectrum, reduced to the property, on a particle in view.
    Spectrum {
        /// Index of the particle in the order of the overview.
        particle: u32,
        /// Acquisition time, s.
        dwell_secs: f64,
    },
    /// Find out how the image lies on the stage: an overview image here, one after a step along x, one after a step along y, and back.
    /// A gateway asks for it; no planner does.
    CalibrateImage {
        /// First step, along x, µm.
        x_step_um: f64,
        /// Second step, along y, from the same place, µm.
        y_step_um: f64,
    },
}

/// A particle found in an overview image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sighting {
    /// Centre on the grid, µm.
    pub x_um: f64,
    /// Centre on the grid, µm.
    pub y_um: f64,
    /// Radius, nm.
    pub radius_nm: f64,
}

/// What an instrument answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reading {
    /// The stage has arrived and the instrument is tuned.
    Arrived {
        /// Stage position read back, µm.
        x_um: f64,
        /// Stage position read back, µm.
        y_um: f64,
    },
    /// The particles in view; none is an answer.
    Particles {
        /// One entry for each.
        particles: Vec<Sighting>,
    },
    /// Their compositions, in the order of the overview.
    Compositions {
        /// One entry for each.
        compositions: Vec<Measured>,
    },
    /// The property of one particle.
    Property {
        /// Its value.
        value: f64,
        /// One standard deviation.
        sd: f64,
    },
    /// How the image lies on the stage.
    ImageCalibrated {
        /// Takes a vector of the image (x to the right, y downwards) to one of the stage, both in µm, as measured.
        image_to_stage: [[f64; 2]; 2],
        /// The same as the driver states it.
        stated: [[f64; 2]; 2],
        /// By how much the three images contradict each other, µm.
        residual_um: f64,
    },
}

/// A failure the planner must know about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The command is not possible in this state.
    #[error("refused: {reason}")]
    Refused {
        /// Why.
        reason: String,
    },
    /// No answer came in time.
    #[error("no answer in time")]
    #[serde(deserialize_with = "nothing_else")]
    TimedOut,
    /// The answer is not one to this command: wrong kind, wrong length, a number that is not finite.
    #[error("nonsense: {reason}")]
    Nonsense {
        /// What is wrong with it.
        reason: String,
    },
}

/// serde lets a variant without fields pass with any fields, `deny_unknown_fields` or not.
fn nothing_else<'de, D: Deserializer<'de>>(reader: D) -> Result<(), D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    Nothing::deserialize(reader).map(|Nothing {}| ())
}

/// A command with the identity under which its reply comes back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Counts from 0 in a campaign.
    pub id: u32,
    /// What to do.
    pub command: Command,
}

/// The answer to one [`Request`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Identity of the request.
    pub id: u32,
    /// Time the instrument spent on it, s.
    pub took_secs: f64,
    /// Reading or fault.
    pub outcome: Result<Reading, Fault>,
}

/// A synchronous instrument. An asynchronous one needs no other trait: its shell awaits, then feeds the reply.
pub trait Microscope {
    /// Perform one command to its end.
    fn perform(&mut self, request: &Request) -> Reply;
}

/// Largest magnitude that a reading may have: squares and sums of such numbers stay finite.
const LARGEST: f64 = 1e12;

fn believable(x: f64) -> bool {
    x.abs() <= LARGEST
}

impl Reading {
    /// Whether this can be the answer to `command` when `particles` are in view.
    ///
    /// # Errors
    /// [`Fault::Nonsense`] naming what does not fit; an instrument is not trusted to answer what it was asked.
    pub fn fits(&self, command: &Command, particles: usize, components: usize) -> Result<(), Fault> {
        let nonsense = |reason: String| Err(Fault::Nonsense { reason });
        match (command, self) {
            (Command::MoveToRegion { .. }, Self::Arrived { x_um, y_um }) if believable(*x_um) && believable(*y_um) => {
                Ok(())
            }
            (Command::Overview, Self::Particles { particles }) => {
                let usable = |s: &Sighting| {
                    believable(s.x_um) && believable(s.y_um) && believable(s.radius_nm) && s.radius_nm > 0.0
                };
                match particles.iter().position(|s| !usable(s)) {
                    Some(i) => nonsense(format!("particle {i} has a position or radius that cannot be")),
                    None => Ok(()),
                }
            }
            (Command::MapComposition { .. }, Self::Compositions { compositions }) => {
                if compositions.len() != particles {
                    return nonsense(format!("{} compositions for {particles} particles", compositions.len()));
                }
                let usable = |m: &Measured| {
                    m.composition.components() == components
                        && m.sigma.len() == components
                        && m.sigma.iter().all(|s| (0.0..=1.0).contains(s))
                };
                match compositions.iter().position(|m| !usable(m)) {
                    Some(i) => nonsense(format!(
                        "composition {i} has not {components} fractions with uncertainties from 0 to 1"
                    )),
                    None => Ok(()),
                }
            }
            (Command::Spectrum { .. }, Self::Property { value, sd })
                if believable(*value) && believable(*sd) && *sd >= 0.0 =>
            {
                Ok(())
            }
            (Command::CalibrateImage { .. }, Self::ImageCalibrated { image_to_stage, stated, residual_um })
                if [image_to_stage, stated].iter().all(|m| m.as_flattened().iter().all(|x| believable(*x)))
                    && believable(*residual_um) =>
            {
                Ok(())
            }
            (Command::Spectrum { .. }, Self::Property { value, sd }) => nonsense(format!("property {value} ± {sd}")),
            _ => nonsense("the reading is not of the kind that was asked for".into()),
        }
    }
}
