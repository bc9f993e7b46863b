//! The engine's own microscope, in real or scaled time.
use super::{
    Driver, Guard, Misbehaviour, Orders, Performed, axes::image_calibrated, misbehaviour::Spoilt, orders::Counter,
    picture::Pictures,
};
use crate::{
    gateway::store::Raw,
    microscope::{self, Command, Fault, Microscope, Reading, Reply, Request},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Write},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The engine's own microscope. It says it took what the cost model says, and takes that times `scale`.
///
/// An instrument outlives its gateway. This one lives in the same process, so it keeps a book of what it began and what came
/// of it, and is again what it was when it is opened over its book.
pub struct Simulated {
    microscope: microscope::Simulated,
    scale: f64,
    beam: Arc<Beam>,
    remembered: BTreeMap<String, Performed>,
    book: Option<File>,
    pictures: Option<Pictures>,
    /// Commands so far.
    count: u64,
}

/// One line of the book.
#[derive(Serialize, Deserialize)]
struct Line {
    cid: String,
    op: Command,
    took_secs: f64,
    outcome: Result<Reading, Fault>,
}

#[derive(Default)]
struct Beam {
    orders: Counter,
    misbehaviour: Misbehaviour,
    /// Orders to blank, from outside and at the end of an exposure.
    blanks: AtomicU64,
}

impl Simulated {
    /// A driver over `microscope`; `scale` 1 is real time, 0 none.
    #[must_use]
    pub fn new(microscope: microscope::Simulated, scale: f64) -> Self {
        Self {
            microscope,
            scale,
            beam: Arc::default(),
            remembered: BTreeMap::new(),
            book: None,
            pictures: None,
            count: 0,
        }
    }

    /// The same with images and spectra behind its readings, of fields of view of `field_um`. No reading changes.
    #[must_use]
    pub fn with_pictures(mut self, field_um: f64, seed: u32) -> Self {
        let to_image = self.beam.misbehaviour.to_image();
        self.pictures = Some(Pictures { field_um, seed, at_um: None, to_image });
        self
    }

    /// The same, going wrong. Before [`Driver::guard`] is given to anyone.
    #[must_use]
    pub fn misbehaving(mut self, misbehaviour: Misbehaviour) -> Self {
        if let Some(pictures) = &mut self.pictures {
            pictures.to_image = misbehaviour.to_image();
        }
        self.beam = Arc::new(Beam { misbehaviour, ..Beam::default() });
        self
    }

    /// The same with a book, new or old. A last line that was cut off is a command that was not begun.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn with_book(mut self, path: &Path) -> io::Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        for line in text[..whole].lines() {
            let Line { cid, op, took_secs, outcome } = serde_json::from_str(line)?;
            let _ = self.microscope.perform(&Request { id: 0, command: op.clone() });
            self.count += 1;
            if let (Some(pictures), Ok(reading)) = (&mut self.pictures, &outcome) {
                let _ = pictures.of(self.count, &op, reading);
            }
            self.remembered.insert(cid, Performed { took_secs, outcome, raw: Vec::new(), beam_off: Ok(()) });
        }
        let book = File::options().create(true).append(true).open(path)?;
        book.set_len(whole as u64)?;
        self.book = Some(book);
        Ok(self)
    }

    /// Of what the library would show: the engine itself knows no images.
    fn calibrate_image(&self, x_um: f64, y_um: f64) -> (f64, Result<Reading, Fault>, Vec<Raw>) {
        let cost = self.microscope.cost();
        let seen = self.pictures.as_ref().and_then(|pictures| Some((pictures, pictures.at_um?)));
        let Some((pictures, at_um)) = seen else {
            let reason = "the stage has not been moved to a region".into();
            return (cost.beam_shift_secs, Err(Fault::Refused { reason }), Vec::new());
        };
        let images = pictures.three(self.count, self.microscope.library(), at_um, (x_um, y_um));
        let told = image_calibrated(&images, [(x_um, 0.0), (0.0, y_um)], self.image_to_stage());
        let there_and_back_secs = |um: f64| 2.0 * cost.travel_secs(um.abs());
        let took_secs = 3.0 * cost.overview_secs + there_and_back_secs(x_um) + there_and_back_secs(y_um);
        (took_secs, told.map(|(_, reading)| reading), images.into())
    }

    /// Time, reading, and pictures to it.
    fn answer(&mut self, op: &Command) -> (f64, Result<Reading, Fault>, Vec<Raw>) {
        if let Command::CalibrateImage { x_step_um, y_step_um } = *op {
            return self.calibrate_image(x_step_um, y_step_um);
        }
        let Reply { took_secs, outcome, .. } = self.microscope.perform(&Request { id: 0, command: op.clone() });
        let drawn = self.pictures.as_mut().zip(outcome.as_ref().ok());
        let raw = drawn.map_or_else(Vec::new, |(pictures, reading)| pictures.of(self.count, op, reading));
        (took_secs, outcome, raw)
    }
}

impl Driver for Simulated {
    fn perform(&mut self, cid: &str, op: &Command, since: Orders) -> Performed {
        self.count += 1;
        let (took_secs, outcome, mut raw) = self.answer(op);
        if let Some(book) = &mut self.book {
            let line = Line { cid: cid.into(), op: op.clone(), took_secs, outcome: outcome.clone() };
            // One write: a killed process leaves whole lines, or a piece of the last one.
            let written = serde_json::to_string(&line)
                .map_err(io::Error::from)
                .and_then(|text| book.write_all(format!("{text}\n").as_bytes()));
            if let Err(error) = written {
                let outcome = Err(Fault::Refused { reason: format!("the instrument's book: {error}") });
                return Performed { took_secs: 0.0, outcome, raw: Vec::new(), beam_off: Ok(()) };
            }
        }
        let Spoilt { took_secs, mut outcome, silence_secs } =
            self.beam.misbehaviour.spoil(self.count, op, took_secs, outcome);
        let time = Duration::from_secs_f64((took_secs * self.scale).max(0.0));
        let orders = self.beam.orders.wait(time, |orders| orders.blanks != since.blanks);
        let moves = matches!(op, Command::MoveToRegion { .. });
        if let (Err(fault), false) = (orders.beam_since(since), moves) {
            outcome = Err(fault);
        }
        if outcome.is_err() {
            raw.clear();
        }
        self.beam.orders.wait(Duration::from_secs_f64(silence_secs), |_| false);
        let beam_off = if moves { Ok(()) } else { self.beam.blanked() };
        let performed = Performed { took_secs, outcome, raw, beam_off };
        self.remembered.insert(cid.into(), Performed { raw: Vec::new(), ..performed.clone() });
        performed
    }

    fn recall(&mut self, cid: &str) -> Option<Performed> {
        self.remembered.get(cid).cloned()
    }

    /// Its book says, and without one it starts anew with the gateway.
    fn keeps_place(&self) -> bool {
        true
    }

    fn can_calibrate_image(&self) -> bool {
        self.pictures.is_some()
    }

    fn guard(&self) -> Arc<dyn Guard> {
        self.beam.clone()
    }
}

impl Beam {
    fn blanked(&self) -> Result<(), String> {
        let count = self.blanks.fetch_add(1, Ordering::SeqCst);
        let told = || Err("the simulated instrument was told not to blank".into());
        if self.misbehaviour.blanks(count) { Ok(()) } else { told() }
    }
}

impl Guard for Beam {
    fn blank(&self) -> Result<(), String> {
        self.orders.blank();
        self.blanked()
    }

    fn stop_stage(&self) {
        self.orders.stop();
    }

    fn orders(&self) -> Orders {
        self.orders.now()
    }
}
