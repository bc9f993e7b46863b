//! How the simulated instrument goes wrong, so that one can see what the gateway and the planner make of it.
use super::instrument::Matrix;
use crate::{
    error::ConfigError,
    microscope::{Command, Fault, Reading},
    num,
    rng::{Purpose, Stream},
};
use serde::{Deserialize, Serialize};

/// What goes wrong and how often. By default nothing does. Shares are of commands, 0 to 1; the same seed goes wrong in the same
/// places.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Misbehaviour {
    /// Seed of everything here.
    pub seed: u32,
    /// Time that every command takes beyond that of the cost model, s.
    pub overhead_secs: f64,
    /// Relative standard deviation of the time of a command.
    pub time_spread: f64,
    /// Standard deviation added to a measured property.
    pub noise_sd: f64,
    /// How far the stage ends beside where it was sent, µm for each command so far.
    pub drift_um: f64,
    /// Share that is answered after `silence_secs` only.
    pub silent: f64,
    /// Length of a silence, s; the gateway takes an instrument for silent after two minutes.
    pub silence_secs: f64,
    /// Share that is refused.
    pub refused: f64,
    /// Share that is answered with what cannot be: not finite, of another kind, of another length, in less than no time.
    pub lies: f64,
    /// Share in which the driver panics.
    pub panics: f64,
    /// Share of orders to blank the beam, from anyone, that fail.
    pub blank_fails: f64,
    /// By how much the image is turned against what the driver states, counter-clockwise, degrees.
    pub image_turned_deg: f64,
    /// Whether its left and right are exchanged.
    pub image_mirrored: bool,
}

/// What becomes of one command.
pub(super) struct Spoilt {
    pub took_secs: f64,
    pub outcome: Result<Reading, Fault>,
    /// Real time of silence before it, s.
    pub silence_secs: f64,
}

impl Misbehaviour {
    /// The settings, when they are in their ranges.
    ///
    /// # Errors
    /// Names the first that is not.
    pub fn checked(self) -> Result<Self, ConfigError> {
        let shares = [
            ("silent", self.silent),
            ("refused", self.refused),
            ("lies", self.lies),
            ("panics", self.panics),
            ("blank_fails", self.blank_fails),
        ];
        let amounts = [
            ("overhead_secs", self.overhead_secs),
            ("time_spread", self.time_spread),
            ("noise_sd", self.noise_sd),
            ("drift_um", self.drift_um),
            ("silence_secs", self.silence_secs),
            ("image_turned_deg", self.image_turned_deg),
        ];
        let bad = |list: &[(&'static str, f64)], most: f64| {
            list.iter()
                .find(|(_, x)| !(0.0..=most).contains(x))
                .map(|(name, x)| ConfigError::new(*name, x, format!("0 to {most}")))
        };
        bad(&shares, 1.0).or_else(|| bad(&amounts, 1e4)).map_or(Ok(self), Err)
    }

    /// What becomes of the `count`-th command, which the honest microscope answers so.
    pub(super) fn spoil(&self, count: u64, op: &Command, took_secs: f64, outcome: Result<Reading, Fault>) -> Spoilt {
        if *self == Self::default() {
            return Spoilt { took_secs, outcome, silence_secs: 0.0 };
        }
        let mut stream = Stream::new(self.seed, Purpose::Misbehaviour, count);
        let mut happens = |share: f64| stream.uniform() < share;
        let [silent, refused, lies, panics] = [self.silent, self.refused, self.lies, self.panics].map(&mut happens);
        assert!(!panics, "the simulated instrument was told to panic");
        let mut spoilt = Spoilt {
            took_secs: ((took_secs + self.overhead_secs) * (1.0 + self.time_spread * stream.normal())).max(0.0),
            outcome,
            silence_secs: if silent { self.silence_secs } else { 0.0 },
        };
        match &mut spoilt.outcome {
            Ok(Reading::Property { value, .. }) => *value += self.noise_sd * stream.normal(),
            Ok(Reading::Arrived { x_um, .. }) => *x_um += self.drift_um * count as f64,
            _ => {}
        }
        if refused {
            spoilt.outcome = Err(Fault::Refused { reason: "the simulated instrument was told to refuse".into() });
        } else if lies {
            lie(&mut spoilt, op, stream.below(3));
        }
        spoilt
    }

    /// From µm on the stage to µm in the image, which the driver states to be upright.
    pub(super) fn to_image(&self) -> Matrix {
        let angle = self.image_turned_deg.to_radians();
        let (sin, cos) = (num::sin(angle), num::cos(angle));
        let left = if self.image_mirrored { -1.0 } else { 1.0 };
        Matrix([[left * cos, left * sin], [sin, -cos]])
    }

    /// Whether the `count`-th order to blank the beam is carried out.
    pub(super) fn blanks(&self, count: u64) -> bool {
        self.blank_fails == 0.0 || Stream::new(self.seed, Purpose::Misbehaviour, !count).uniform() >= self.blank_fails
    }
}

fn lie(spoilt: &mut Spoilt, op: &Command, kind: u32) {
    match (kind, &mut spoilt.outcome) {
        (0, _) => spoilt.took_secs = -1.0,
        (1, outcome) => {
            let other = match op {
                Command::Overview => Reading::Property { value: 0.5, sd: 0.0 },
                _ => Reading::Particles { particles: Vec::new() },
            };
            *outcome = Ok(other);
        }
        (_, Ok(Reading::Arrived { x_um, .. })) => *x_um = f64::NAN,
        (_, Ok(Reading::ImageCalibrated { residual_um, .. })) => *residual_um = f64::NAN,
        (_, Ok(Reading::Property { value, .. })) => *value = f64::NAN,
        (_, Ok(Reading::Compositions { compositions })) => drop(compositions.pop()),
        (_, Ok(Reading::Particles { particles })) => particles.iter_mut().for_each(|p| p.radius_nm = f64::INFINITY),
        (_, Err(_)) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HONEST: Result<Reading, Fault> = Ok(Reading::Property { value: 0.5, sd: 0.1 });
    const OP: Command = Command::Spectrum { particle: 0, dwell_secs: 1.0 };

    #[test]
    fn nothing_goes_wrong_by_default() {
        let spoilt = Misbehaviour::default().spoil(7, &OP, 2.0, HONEST);
        assert_eq!((spoilt.took_secs, spoilt.outcome, spoilt.silence_secs), (2.0, HONEST, 0.0));
        assert!((0..100).all(|count| Misbehaviour::default().blanks(count)));
    }

    #[test]
    fn a_share_is_a_share_and_a_lie_is_never_believed() {
        let misbehaviour = Misbehaviour { lies: 0.3, blank_fails: 0.5, ..Misbehaviour::default() };
        let spoilt: Vec<_> = (0..1000).map(|count| misbehaviour.spoil(count, &OP, 2.0, HONEST)).collect();
        let believed = |s: &&Spoilt| s.took_secs >= 0.0 && s.outcome.as_ref().is_ok_and(|r| r.fits(&OP, 1, 3).is_ok());
        let honest = spoilt.iter().filter(believed).inspect(|s| assert_eq!(s.outcome, HONEST)).count();
        assert!((650..750).contains(&honest), "{honest}");
        assert!((450..550).contains(&(0..1000).filter(|count| misbehaviour.blanks(*count)).count()));
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let bad = Misbehaviour { lies: 1.5, ..Misbehaviour::default() };
        assert_eq!(bad.checked().unwrap_err().field, "lies");
        let bad = Misbehaviour { drift_um: f64::NAN, ..Misbehaviour::default() };
        assert_eq!(bad.checked().unwrap_err().field, "drift_um");
    }
}
