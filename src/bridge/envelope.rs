//! The safety envelope: what no client may have the instrument do, whatever it says.
use super::refusal::{Code, Refusal};
use crate::{error::ConfigError, microscope::Command};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Limits of one run. Lengths in µm on the stage, doses in electrons per nm².
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Least and greatest x, µm.
    pub x_um: (f64, f64),
    /// Least and greatest y, µm.
    pub y_um: (f64, f64),
    /// Corners of a convex or concave polygon that the stage stays inside, µm; empty for none.
    pub polygon_um: Vec<(f64, f64)>,
    /// Longest single move, µm.
    pub step_um: f64,
    /// How far from where it was sent the stage may report itself, µm.
    pub arrival_um: f64,
    /// Longest exposure, s.
    pub dwell_secs: f64,
    /// Exposure of an overview image, s.
    pub overview_secs: f64,
    /// Beam current, pA.
    pub current_pa: f64,
    /// Side of the square field of view, µm.
    pub field_um: f64,
    /// Diameter of the parked probe, nm.
    pub spot_nm: f64,
    /// Most electrons per nm² on one particle.
    pub particle_dose: f64,
    /// Most electrons per nm² spread over one field of view.
    pub field_dose: f64,
    /// Most charge in a run, nC.
    pub run_nc: f64,
    /// Most moves in a run.
    pub moves: u32,
    /// Longest time from the first command after a start of the gateway, s.
    pub run_secs: f64,
    /// Most commands accepted in a second.
    pub commands_per_sec: u32,
    /// Most commands waiting.
    pub queue: usize,
}

impl Default for Limits {
    /// A grid of 3 mm, a beam of 200 pA, and what the design allows at most.
    fn default() -> Self {
        Self {
            x_um: (0.0, 3000.0),
            y_um: (0.0, 3000.0),
            polygon_um: Vec::new(),
            step_um: 3000.0,
            arrival_um: 1.0,
            dwell_secs: 30.0,
            overview_secs: 1.0,
            current_pa: 200.0,
            field_um: 30.0,
            spot_nm: 100.0,
            particle_dose: 1e8,
            field_dose: 1e3,
            run_nc: 10_000.0,
            moves: 10_000,
            run_secs: 7.0 * 86_400.0,
            commands_per_sec: 20,
            queue: 4,
        }
    }
}

impl Limits {
    /// These, but for what `named` names.
    ///
    /// # Errors
    /// It names something else, or a value is of the wrong kind.
    pub fn with(&self, named: &serde_json::Map<String, serde_json::Value>) -> Result<Self, serde_json::Error> {
        let mut all = serde_json::to_value(self)?;
        if let Some(all) = all.as_object_mut() {
            all.extend(named.clone());
        }
        serde_json::from_value(all)
    }

    /// Limits that limit.
    ///
    /// # Errors
    /// The first value that does not, and what is allowed.
    pub fn checked(self) -> Result<Self, ConfigError> {
        let ordered = |(low, high): (f64, f64)| low.is_finite() && high.is_finite() && low < high;
        for (name, range) in [("x_um", self.x_um), ("y_um", self.y_um)] {
            if !ordered(range) {
                return Err(ConfigError::new(name, format!("{range:?}"), "two finite numbers, the smaller one first"));
            }
        }
        let corners = &self.polygon_um;
        if !corners.is_empty() && (corners.len() < 3 || corners.iter().any(|(x, y)| !x.is_finite() || !y.is_finite())) {
            return Err(ConfigError::new(
                "polygon_um",
                format!("{corners:?}"),
                "no corners, or three and more, finite",
            ));
        }
        // Longest exposure: a day. Nothing here is free of charge, and no probe is wider than the field of view.
        let ranges = [
            ("step_um", self.step_um, 1e-3, 1e6),
            ("arrival_um", self.arrival_um, 1e-4, 1e3),
            ("dwell_secs", self.dwell_secs, 1e-6, 86_400.0),
            ("overview_secs", self.overview_secs, 0.0, 86_400.0),
            ("current_pa", self.current_pa, 1e-3, 1e6),
            ("field_um", self.field_um, 1e-3, 1e4),
            ("spot_nm", self.spot_nm, 1e-2, 1e3 * self.field_um),
            ("particle_dose", self.particle_dose, 0.0, 1e15),
            ("field_dose", self.field_dose, 0.0, 1e15),
            ("run_nc", self.run_nc, 0.0, 1e9),
            ("run_secs", self.run_secs, 1.0, 3.2e7),
            ("moves", f64::from(self.moves), 1.0, 1e7),
            ("commands_per_sec", f64::from(self.commands_per_sec), 1.0, 1e4),
            ("queue", self.queue as f64, 1.0, 1e4),
        ];
        match ranges.into_iter().find(|(_, value, low, high)| !(low..=high).contains(&value)) {
            Some((name, value, low, high)) => Err(ConfigError::new(name, value, format!("{low} to {high}"))),
            None => Ok(self),
        }
    }
}

/// Electrons in a picoampere-second.
const ELECTRONS_PER_PC: f64 = 1e-12 / 1.602_176_634e-19;
const NM2_PER_UM2: f64 = 1e6;

/// What a run has used of its limits so far. Counted when a command is about to be given, so that a crash never forgets a dose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    /// Where the stage was last sent, µm.
    at_um: Option<(f64, f64)>,
    /// The region of the last move to one.
    region: u32,
    /// Cell of the field in view, in a grid of fields: a stage that creeps does not find a fresh field.
    field: (i64, i64),
    moves: u32,
    charge_pc: f64,
    field_dose: BTreeMap<(i64, i64), f64>,
    particle_dose: BTreeMap<((i64, i64), u32), f64>,
}

impl Usage {
    /// Stage moves so far.
    #[must_use]
    pub fn moves(&self) -> u32 {
        self.moves
    }

    /// Charge of all exposures so far, nC.
    #[must_use]
    pub fn charge_nc(&self) -> f64 {
        self.charge_pc / 1e3
    }

    /// The region of the last move to one; 0 before.
    #[must_use]
    pub fn region(&self) -> u32 {
        self.region
    }

    /// The move that brings the stage back to where it was last sent; none before the first move.
    #[must_use]
    pub fn return_move(&self) -> Option<Command> {
        let (x_um, y_um) = self.at_um?;
        Some(Command::MoveToRegion { region: self.region, x_um, y_um })
    }

    /// The calibration of the image with steps of a quarter of the field of view, to sides that are allowed.
    ///
    /// # Errors
    /// No side is; what is wrong with the first.
    pub fn image_calibration(&self, limits: &Limits) -> Result<Command, Refusal> {
        let step_um = limits.field_um / 4.0;
        let toward = |(x, y)| Command::CalibrateImage { x_step_um: x * step_um, y_step_um: y * step_um };
        let allowed = |op: &Command| self.with(op, limits).map(|_| op.clone());
        let all = [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)].map(toward);
        all.iter().find_map(|op| allowed(op).ok()).map_or_else(|| allowed(&all[0]), Ok)
    }

    /// The usage after `op`.
    ///
    /// # Errors
    /// [`Code::Limit`] naming the quantity, its value and what is allowed; nothing is counted then.
    pub fn with(&self, op: &Command, limits: &Limits) -> Result<Self, Refusal> {
        let mut next = self.clone();
        match *op {
            Command::MoveToRegion { region, x_um, y_um } => {
                next.travel((x_um, y_um), limits)?;
                next.region = region;
            }
            Command::Overview => next.spread(limits.overview_secs, limits)?,
            Command::CalibrateImage { x_step_um, y_step_um } => {
                next.spread(limits.overview_secs, limits)?;
                let (x, y) = self.at_um.unwrap_or_default();
                for to in [(x + x_step_um, y), (x, y + y_step_um)] {
                    next.travel(to, limits)?;
                    next.spread(limits.overview_secs, limits)?;
                }
                next.travel((x, y), limits)?;
            }
            Command::MapComposition { dwell_secs } => {
                within("dwell", dwell_secs, (f64::MIN_POSITIVE, limits.dwell_secs), "s")?;
                next.spread(dwell_secs, limits)?;
            }
            Command::Spectrum { particle, dwell_secs } => {
                within("dwell", dwell_secs, (f64::MIN_POSITIVE, limits.dwell_secs), "s")?;
                let radius = limits.spot_nm / 2.0;
                let area_nm2 = std::f64::consts::PI * radius * radius;
                let charge = next.charge(dwell_secs, limits)?;
                let dose = next.particle_dose.entry((next.field, particle)).or_default();
                *dose += charge * ELECTRONS_PER_PC / area_nm2;
                within("dose of the particle", *dose, (0.0, limits.particle_dose), "electrons per nm²")?;
            }
        }
        Ok(next)
    }

    fn travel(&mut self, to: (f64, f64), limits: &Limits) -> Result<(), Refusal> {
        within("stage x", to.0, limits.x_um, "µm")?;
        within("stage y", to.1, limits.y_um, "µm")?;
        if !limits.polygon_um.is_empty() && !inside(to, &limits.polygon_um) {
            let text = format!("stage position ({}, {}) µm; allowed: inside the polygon", to.0, to.1);
            return Err(Refusal::new(Code::Limit, text));
        }
        if let Some(from) = self.at_um {
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            within("move", (dx * dx + dy * dy).sqrt(), (0.0, limits.step_um), "µm")?;
        }
        within("moves of the run", f64::from(self.moves) + 1.0, (0.0, f64::from(limits.moves)), "")?;
        self.moves += 1;
        self.at_um = Some(to);
        self.field = ((to.0 / limits.field_um).floor() as i64, (to.1 / limits.field_um).floor() as i64);
        Ok(())
    }

    /// A scan over the whole field of view.
    fn spread(&mut self, secs: f64, limits: &Limits) -> Result<(), Refusal> {
        let charge = self.charge(secs, limits)?;
        let dose = self.field_dose.entry(self.field).or_default();
        *dose += charge * ELECTRONS_PER_PC / (limits.field_um * limits.field_um * NM2_PER_UM2);
        within("dose of the field", *dose, (0.0, limits.field_dose), "electrons per nm²")
    }

    fn charge(&mut self, secs: f64, limits: &Limits) -> Result<f64, Refusal> {
        if self.at_um.is_none() {
            return Err(Refusal::new(Code::Limit, "exposure before the first move; allowed: where the stage was sent"));
        }
        let charge = limits.current_pa * secs;
        self.charge_pc += charge;
        within("charge of the run", self.charge_pc / 1e3, (0.0, limits.run_nc), "nC")?;
        Ok(charge)
    }
}

/// A number that is not one is outside every range.
fn within(name: &str, value: f64, (low, high): (f64, f64), unit: &str) -> Result<(), Refusal> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(Refusal::new(Code::Limit, format!("{name} is {value} {unit}; allowed: {low} to {high} {unit}")))
}

/// Even-odd rule: a ray from the point to the right crosses the outline an odd number of times.
fn inside((x, y): (f64, f64), corners: &[(f64, f64)]) -> bool {
    let mut odd = false;
    let mut before = corners.len() - 1;
    for (i, &(xi, yi)) in corners.iter().enumerate() {
        let (xj, yj) = corners[before];
        if (yi > y) != (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi {
            odd = !odd;
        }
        before = i;
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(x_um: f64, y_um: f64) -> Command {
        Command::MoveToRegion { region: 0, x_um, y_um }
    }

    #[test]
    fn each_limit_holds_on_its_own() {
        let limits =
            Limits { polygon_um: vec![(0.0, 0.0), (100.0, 0.0), (0.0, 100.0)], step_um: 50.0, ..Limits::default() };
        let start = Usage::default().with(&to(10.0, 10.0), &limits).unwrap();
        let refused = |usage: &Usage, op: Command, why: &str| {
            let text = usage.with(&op, &limits).unwrap_err().text;
            assert!(text.contains(why), "{op:?}: {text}");
        };
        refused(&Usage::default(), Command::Overview, "before the first move");
        refused(&start, to(-0.1, 10.0), "stage x");
        refused(&start, to(10.0, 3000.1), "stage y");
        refused(&start, to(f64::NAN, 10.0), "stage x");
        refused(&start, to(10.0, f64::INFINITY), "stage y");
        refused(&start, to(60.0, 60.0), "polygon");
        refused(&start, to(10.0, 70.0), "move");
        refused(&start, Command::MapComposition { dwell_secs: 30.1 }, "dwell");
        refused(&start, Command::Spectrum { particle: 0, dwell_secs: 0.0 }, "dwell");
        refused(&start, Command::Spectrum { particle: 0, dwell_secs: -1.0 }, "dwell");
        assert!(start.with(&to(40.0, 40.0), &limits).is_ok());
    }

    #[test]
    fn doses_add_up_where_they_fall() {
        // 200 pA for 10 s on a spot of 100 nm: 1.248e10 electrons on 7854 nm².
        let spectrum = |particle| Command::Spectrum { particle, dwell_secs: 10.0 };
        let limits = Limits { particle_dose: 3.5e6, run_nc: 8.5, ..Limits::default() };
        let usage = Usage::default().with(&to(0.0, 0.0), &limits).unwrap();
        let usage = usage.with(&spectrum(1), &limits).unwrap().with(&spectrum(1), &limits).unwrap();
        assert!(usage.with(&spectrum(1), &limits).unwrap_err().text.contains("dose of the particle"));
        let usage = usage.with(&spectrum(2), &limits).unwrap().with(&spectrum(3), &limits).unwrap();
        assert!(usage.with(&spectrum(4), &limits).unwrap_err().text.contains("charge of the run"));
        let crept = usage.with(&to(0.5, 0.5), &Limits { run_nc: 100.0, ..limits.clone() }).unwrap();
        let more = crept.with(&spectrum(1), &Limits { run_nc: 100.0, ..limits.clone() });
        assert!(more.unwrap_err().text.contains("dose of the particle"), "a small move makes the dose forgotten");
        let far = usage.with(&to(30.0, 0.0), &limits).unwrap();
        assert!(far.with(&Command::Overview, &limits).is_ok());
    }
}
