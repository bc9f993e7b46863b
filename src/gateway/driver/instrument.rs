//! What an instrument can be told: the operations that commands are broken into, in SI units.
use crate::{
    bridge::data::{Kind, MAX_ARRAY_BYTES},
    gateway::store::Raw,
    microscope::Fault,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An operation, by the name it has on every wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// See [`Instrument::acquire_scanned_image`].
    AcquireScannedImage,
    /// See [`Instrument::acquire_spectrum`].
    AcquireSpectrum,
    /// See [`Instrument::place_beam`].
    PlaceBeam,
    /// See [`Instrument::move_stage`].
    MoveStage,
    /// See [`Instrument::get_stage`].
    GetStage,
    /// See [`Instrument::set_fov`].
    SetFov,
    /// See [`Instrument::set_image_shift`].
    SetImageShift,
    /// See [`Urgent::blank_beam`].
    BlankBeam,
    /// See [`Instrument::unblank_beam`].
    UnblankBeam,
    /// See [`Urgent::stop_stage`].
    StopStage,
}

/// An instrument. Every operation ends within a time that its driver sets, in a [`Fault`] when it must: `Refused` when the
/// instrument says no or is gone, `TimedOut` when it says nothing, `Nonsense` when it says what cannot be.
pub trait Instrument: Send {
    /// What it can do.
    fn offers(&self, operation: Operation) -> bool;

    /// Takes a vector of the image (x to the right, y downwards) to a vector of the stage, both in the same unit of length.
    fn image_to_stage(&self) -> Matrix;

    /// Send the stage somewhere, m. It need not have arrived when this returns.
    ///
    /// # Errors
    /// See [`Instrument`]; so for all of them.
    fn move_stage(&mut self, x_m: f64, y_m: f64) -> Result<(), Fault>;

    /// Where the stage is.
    ///
    /// # Errors
    /// See [`Instrument`].
    fn get_stage(&mut self) -> Result<StageReading, Fault>;

    /// Set the side of the square field of view, m.
    ///
    /// # Errors
    /// See [`Instrument`].
    fn set_fov(&mut self, fov_m: f64) -> Result<(), Fault>;

    /// Shift the image by means of the beam, m.
    ///
    /// # Errors
    /// See [`Instrument`].
    fn set_image_shift(&mut self, x_m: f64, y_m: f64) -> Result<(), Fault>;

    /// Scan the field of view; intensities of `pixels` × `pixels`, row by row from the top.
    ///
    /// # Errors
    /// See [`Instrument`].
    fn acquire_scanned_image(&mut self, pixels: u32, dwell_secs: f64) -> Result<Vec<f32>, Fault>;

    /// Park the probe in the field of view: (0, 0) is its upper left corner, (1, 1) the lower right one.
    ///
    /// # Errors
    /// See [`Instrument`].
    fn place_beam(&mut self, x: f64, y: f64) -> Result<(), Fault>;

    /// One energy-loss spectrum where the probe is parked.
    ///
    /// # Errors
    /// See [`Instrument`].
    fn acquire_spectrum(&mut self, exposure_secs: f64) -> Result<Spectrum, Fault>;

    /// Let the beam onto the sample.
    ///
    /// # Errors
    /// See [`Instrument`]; the beam may then be on or off.
    fn unblank_beam(&mut self) -> Result<(), Fault>;

    /// What works while another operation is going on.
    fn urgent(&self) -> Arc<dyn Urgent>;
}

/// Operations that wait for no other.
pub trait Urgent: Send + Sync {
    /// Keep the beam off the sample. Returns when the instrument has said that it is off.
    ///
    /// # Errors
    /// That is not certain.
    fn blank_beam(&self) -> Result<(), String>;

    /// Stop the stage where it is.
    ///
    /// # Errors
    /// The order may not have reached it.
    fn stop_stage(&self) -> Result<(), String>;

    /// Whether an interlock is open: somebody is at the column, or a valve is shut. Asked often; answers at once.
    fn interlock_open(&self) -> bool {
        false
    }
}

/// What the stage says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageReading {
    /// Position, m.
    pub x_m: f64,
    /// Position, m.
    pub y_m: f64,
    /// Whether it says that it moves; not believed when it says no.
    #[serde(default)]
    pub moving: bool,
}

/// Counts over energy loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// Energy of the first channel, eV.
    pub first_ev: f64,
    /// Width of a channel, eV.
    pub step_ev: f64,
    /// Counts that one electron makes.
    pub counts_per_electron: f64,
    /// Counts of each channel.
    pub counts: Vec<f32>,
}

impl Spectrum {
    /// The spectrum, when it can be one.
    ///
    /// # Errors
    /// [`Fault::Nonsense`] naming what cannot be.
    pub fn checked(self) -> Result<Self, Fault> {
        let positive = |x: f64| x > 0.0 && x.is_finite();
        let nonsense = |reason: String| Err(Fault::Nonsense { reason });
        match &self {
            s if s.counts.len() < 2 || s.counts.len() > MAX_ARRAY_BYTES / 4 => {
                nonsense(format!("a spectrum of {} channels", s.counts.len()))
            }
            s if !s.first_ev.is_finite() || !positive(s.step_ev) || !positive(s.counts_per_electron) => {
                nonsense(format!(
                    "a spectrum from {} eV in steps of {} eV, {} counts an electron",
                    s.first_ev, s.step_ev, s.counts_per_electron
                ))
            }
            s => finite(&s.counts).map(|()| self),
        }
    }

    /// As it is kept.
    #[must_use]
    pub fn into_raw(self) -> Raw {
        let kind = Kind::Spectrum { first_ev: self.first_ev, step_ev: self.step_ev };
        Raw { shape: vec![self.counts.len() as u32], kind, values: self.counts }
    }
}

/// An image that was asked for with so many pixels.
///
/// # Errors
/// [`Fault::Nonsense`]: it has another number, or one that is not finite.
pub fn checked_image(pixels: u32, field_um: f64, values: Vec<f32>) -> Result<Raw, Fault> {
    if values.len() as u64 != u64::from(pixels) * u64::from(pixels) {
        let reason = format!("an image of {} pixels, not of {pixels} × {pixels}", values.len());
        return Err(Fault::Nonsense { reason });
    }
    finite(&values)?;
    Ok(Raw { shape: vec![pixels, pixels], kind: Kind::Image { field_um }, values })
}

fn finite(values: &[f32]) -> Result<(), Fault> {
    match values.iter().position(|x| !x.is_finite()) {
        Some(i) => Err(Fault::Nonsense { reason: format!("value {i} is {}", values[i]) }),
        None => Ok(()),
    }
}

/// A matrix of two rows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matrix(pub [[f64; 2]; 2]);

impl Matrix {
    /// Image axes along the stage axes, the image's y downwards.
    pub const UPRIGHT: Self = Self([[1.0, 0.0], [0.0, -1.0]]);

    /// The matrix times a vector.
    #[must_use]
    pub fn times(self, (x, y): (f64, f64)) -> (f64, f64) {
        let Self([[a, b], [c, d]]) = self;
        (a * x + b * y, c * x + d * y)
    }

    /// Its inverse; none when an image axis has no length on the stage, or as good as none.
    #[must_use]
    pub fn inverse(self) -> Option<Self> {
        let Self([[a, b], [c, d]]) = self;
        let det = a * d - b * c;
        let inverse = [[d / det, -b / det], [-c / det, a / det]];
        let usable = det.abs() > 1e-6 && inverse.as_flattened().iter().all(|x| x.is_finite());
        usable.then_some(Self(inverse))
    }
}
