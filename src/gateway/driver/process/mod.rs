//! Any program that speaks one JSON object a line on its standard input and output; see `src/docs/drivers/process.md`.
//!
//! It is a failure domain of its own: every operation has its time, a line that is no answer to what was asked ends the trust and
//! the program, and orders that blank the beam or stop the stage go to it while another operation is going on.
mod inbox;
mod link;
mod message;

use super::instrument::{Instrument, Matrix, Operation, Spectrum, StageReading, Urgent};
use crate::microscope::Fault;
use link::Link;
use message::{Hello, Image, Nothing};
use serde_json::json;
use std::{ffi::OsString, sync::Arc};

/// How long a program may take, ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// To say hello.
    pub hello_ms: u64,
    /// To say that the beam is blanked.
    pub blank_ms: u64,
    /// To end an operation after the beam was ordered to be blanked or the stage to be stopped.
    pub wind_up_ms: u64,
    /// For what sets or reads something.
    pub quick_ms: u64,
    /// For the stage to take an order; some programs answer when it has arrived.
    pub move_ms: u64,
    /// For an exposure, beyond the time that was asked for.
    pub exposure_ms: u64,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            hello_ms: 60_000,
            blank_ms: 1000,
            wind_up_ms: 2000,
            quick_ms: 5000,
            move_ms: 100_000,
            exposure_ms: 30_000,
        }
    }
}

/// An instrument behind a program.
pub struct Process {
    link: Arc<Link>,
    hello: Hello,
    times: Times,
}

impl Process {
    /// Start `program`; it is started again when it had to be ended.
    ///
    /// # Errors
    /// It cannot be started, does not say hello as it must, or does not blank the beam.
    pub fn open(program: OsString, arguments: Vec<OsString>, times: Times) -> Result<Self, String> {
        let (link, hello) = Link::open(program, arguments, times)?;
        Ok(Self { link: Arc::new(link), hello, times })
    }

    fn ask<T: serde::de::DeserializeOwned>(
        &self,
        op: Operation,
        args: &serde_json::Value,
        within_ms: u64,
    ) -> Result<T, Fault> {
        if !self.offers(op) {
            return Err(Fault::Refused { reason: format!("{} has no {op:?}", self.hello.name) });
        }
        self.link.call(op, args, within_ms)
    }

    fn set(&self, op: Operation, args: &serde_json::Value, within_ms: u64) -> Result<(), Fault> {
        self.ask(op, args, within_ms).map(|Nothing {}| ())
    }

    fn exposure_ms(&self, secs: f64) -> u64 {
        (secs * 1e3) as u64 + self.times.exposure_ms
    }
}

impl Instrument for Process {
    fn offers(&self, operation: Operation) -> bool {
        self.hello.operations.contains(&operation)
    }

    fn image_to_stage(&self) -> Matrix {
        self.hello.image_to_stage
    }

    fn move_stage(&mut self, x_m: f64, y_m: f64) -> Result<(), Fault> {
        self.set(Operation::MoveStage, &json!({ "x_m": x_m, "y_m": y_m }), self.times.move_ms)
    }

    fn get_stage(&mut self) -> Result<StageReading, Fault> {
        self.ask(Operation::GetStage, &json!({}), self.times.quick_ms)
    }

    fn set_fov(&mut self, fov_m: f64) -> Result<(), Fault> {
        self.set(Operation::SetFov, &json!({ "fov_m": fov_m }), self.times.quick_ms)
    }

    fn set_image_shift(&mut self, x_m: f64, y_m: f64) -> Result<(), Fault> {
        self.set(Operation::SetImageShift, &json!({ "x_m": x_m, "y_m": y_m }), self.times.quick_ms)
    }

    fn acquire_scanned_image(&mut self, pixels: u32, dwell_secs: f64) -> Result<Vec<f32>, Fault> {
        let within_ms = self.exposure_ms(dwell_secs * f64::from(pixels) * f64::from(pixels));
        let args = json!({ "pixels": pixels, "dwell_secs": dwell_secs });
        self.ask(Operation::AcquireScannedImage, &args, within_ms).map(|image: Image| image.values.0)
    }

    fn place_beam(&mut self, x: f64, y: f64) -> Result<(), Fault> {
        self.set(Operation::PlaceBeam, &json!({ "x": x, "y": y }), self.times.quick_ms)
    }

    fn acquire_spectrum(&mut self, exposure_secs: f64) -> Result<Spectrum, Fault> {
        let args = json!({ "exposure_secs": exposure_secs });
        let message::Spectrum { first_ev, step_ev, counts_per_electron, counts } =
            self.ask(Operation::AcquireSpectrum, &args, self.exposure_ms(exposure_secs))?;
        Ok(Spectrum { first_ev, step_ev, counts_per_electron, counts: counts.0 })
    }

    fn unblank_beam(&mut self) -> Result<(), Fault> {
        self.link.beam_may_be_on();
        self.set(Operation::UnblankBeam, &json!({}), self.times.quick_ms)
    }

    fn urgent(&self) -> Arc<dyn Urgent> {
        self.link.clone()
    }
}

impl Urgent for Link {
    fn blank_beam(&self) -> Result<(), String> {
        self.blank()
    }

    fn stop_stage(&self) -> Result<(), String> {
        Link::stop_stage(self)
    }

    fn interlock_open(&self) -> bool {
        Link::interlock_open(self)
    }
}
