//! Instruments. Each driver is a separate failure domain: it has a thread of its own and is never trusted to answer.
mod axes;
mod bench;
mod instamatic;
pub mod instrument;
mod misbehaviour;
mod orders;
mod picture;
mod process;
mod reduction;
mod sample;
mod simulated;

pub use bench::{Bench, Manner};
pub use instamatic::Instamatic;
pub use misbehaviour::Misbehaviour;
pub use orders::Orders;
pub use process::{Process, Times};
pub use reduction::{Reduction, Window};
pub use sample::{Exposures, Sample};
pub use simulated::Simulated;

use super::{
    desk::Post,
    store::{Raw, Store},
};
use crate::{
    bridge::{journal::Done, server::Input},
    microscope::{Command, Fault, Reading, Sighting},
};
use instrument::Matrix;
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
};

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Performed {
    /// How long it took, s.
    pub took_secs: f64,
    /// Reading or fault.
    pub outcome: Result<Reading, Fault>,
    /// Raw arrays behind the reading.
    pub raw: Vec<Raw>,
    /// Whether the beam is off again; else why that is not certain.
    pub beam_off: Result<(), String>,
}

/// One instrument. Commands come one at a time.
pub trait Driver: Send {
    /// Perform a command to its end and say what came of it. The beam is blanked when this returns, however it returns. The
    /// command was given when the guard had counted `since`: an order that came later holds, also when it came first here.
    fn perform(&mut self, cid: &str, op: &Command, since: Orders) -> Performed;

    /// What became of a command that was begun before the gateway was started; `None` when the instrument does not know.
    fn recall(&mut self, cid: &str) -> Option<Performed>;

    /// What the journal says that the overview of each region showed, once, after a start.
    fn remember(&mut self, _: &BTreeMap<u32, Vec<Sighting>>) {}

    /// Whether it knows, after a start, where the stage was; else the gateway moves it back before anything is exposed.
    fn keeps_place(&self) -> bool {
        false
    }

    /// Takes a vector of an overview image (x to the right, y downwards) to one of the stage, both in the same unit of length, as the
    /// maker of the driver states it.
    fn image_to_stage(&self) -> Matrix {
        Matrix::UPRIGHT
    }

    /// Whether it takes images that [`Command::CalibrateImage`] can be answered from.
    fn can_calibrate_image(&self) -> bool {
        false
    }

    /// What must work at any time, also while a command is being performed.
    fn guard(&self) -> Arc<dyn Guard>;
}

/// Orders that wait for nothing.
pub trait Guard: Send + Sync {
    /// Blank the beam.
    ///
    /// # Errors
    /// It is not certain that the beam is off.
    fn blank(&self) -> Result<(), String>;

    /// Stop the stage.
    fn stop_stage(&self);

    /// Whether an interlock is open: no command is taken up then. Asked often; answers at once.
    fn interlock_open(&self) -> bool {
        false
    }

    /// How often each was ordered so far.
    fn orders(&self) -> Orders;
}

/// What the driver's thread is asked.
pub(super) enum Job {
    Perform(String, Command, Orders),
    Recall(String),
}

/// Give a driver its thread; the answers go to the desk.
pub(super) fn start(mut driver: Box<dyn Driver>, store: Store, desk: mpsc::Sender<Post>) -> mpsc::Sender<Job> {
    let (jobs, inbox) = mpsc::channel();
    let guard = driver.guard();
    std::thread::spawn(move || {
        for job in inbox {
            let input = match job {
                Job::Perform(cid, op, since) => {
                    let performed = performed(&mut *driver, &*guard, &cid, &op, since);
                    if let Err(error) = &performed.beam_off {
                        tracing::error!(%error, "ALARM: the beam could not be blanked");
                        // Before the outcome: nothing may begin in between.
                        let _ = desk.send(Post::Input(Input::BlankFailed));
                    }
                    let (done, all_kept) = kept(&store, cid, performed);
                    if !all_kept {
                        tracing::error!(cid = done.cid, "ALARM: raw data could not be kept");
                        let _ = desk.send(Post::Input(Input::DataLost));
                    }
                    Input::Performed(done)
                }
                Job::Recall(cid) => {
                    let done = driver.recall(&cid).map(|performed| kept(&store, cid.clone(), performed).0);
                    Input::Recalled(cid, done)
                }
            };
            if desk.send(Post::Input(input)).is_err() {
                return;
            }
        }
    });
    jobs
}

/// A driver that panics has performed nothing, and the beam is blanked for it. What the instrument remembers is not done again:
/// a journal that has lost its end does not know of it.
fn performed(driver: &mut dyn Driver, guard: &dyn Guard, cid: &str, op: &Command, since: Orders) -> Performed {
    let once = || driver.recall(cid).unwrap_or_else(|| driver.perform(cid, op, since));
    catch_unwind(AssertUnwindSafe(once)).unwrap_or_else(|_| {
        let outcome = Err(Fault::Refused { reason: "the driver failed; see the log of the gateway".into() });
        Performed { took_secs: 0.0, outcome, raw: Vec::new(), beam_off: guard.blank() }
    })
}

/// Raw arrays go to the disk before their reading goes to the journal. A reading whose arrays cannot be kept is none; whether they
/// were.
fn kept(store: &Store, cid: String, performed: Performed) -> (Done, bool) {
    let Performed { took_secs, outcome, raw, .. } = performed;
    match raw.iter().map(|raw| store.keep(raw)).collect() {
        Ok(data) => (Done { cid, took_secs, outcome, data }, true),
        Err(error) => {
            let reason = format!("its raw data could not be kept: {error}");
            (Done::new(cid, took_secs, Err(Fault::Refused { reason })), false)
        }
    }
}
