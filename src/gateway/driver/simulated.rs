//! The engine's own microscope, in real or scaled time.
use super::{Driver, Guard, Orders, Performed, orders::Counter};
use crate::microscope::{self, Command, Fault, Microscope, Reading, Request};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Write},
    path::Path,
    sync::Arc,
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
}

impl Simulated {
    /// A driver over `microscope`; `scale` 1 is real time, 0 none.
    #[must_use]
    pub fn new(microscope: microscope::Simulated, scale: f64) -> Self {
        Self { microscope, scale, beam: Arc::default(), remembered: BTreeMap::new(), book: None }
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
            let _ = self.microscope.perform(&Request { id: 0, command: op });
            self.remembered.insert(cid, Performed { took_secs, outcome, raw: Vec::new(), beam_off: Ok(()) });
        }
        let book = File::options().create(true).append(true).open(path)?;
        book.set_len(whole as u64)?;
        self.book = Some(book);
        Ok(self)
    }
}

impl Driver for Simulated {
    fn perform(&mut self, cid: &str, op: &Command, since: Orders) -> Performed {
        let reply = self.microscope.perform(&Request { id: 0, command: op.clone() });
        let (took_secs, mut outcome) = (reply.took_secs, reply.outcome);
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
        let time = Duration::from_secs_f64((took_secs * self.scale).max(0.0));
        let orders = self.beam.orders.wait(time, |orders| orders.blanks != since.blanks);
        if let (Err(fault), false) = (orders.beam_since(since), matches!(op, Command::MoveToRegion { .. })) {
            outcome = Err(fault);
        }
        let performed = Performed { took_secs, outcome, raw: Vec::new(), beam_off: Ok(()) };
        self.remembered.insert(cid.into(), performed.clone());
        performed
    }

    fn recall(&mut self, cid: &str) -> Option<Performed> {
        self.remembered.get(cid).cloned()
    }

    fn guard(&self) -> Arc<dyn Guard> {
        self.beam.clone()
    }
}

impl Guard for Beam {
    fn blank(&self) -> Result<(), String> {
        self.orders.blank();
        Ok(())
    }

    fn stop_stage(&self) {
        self.orders.stop();
    }

    fn orders(&self) -> Orders {
        self.orders.now()
    }
}
