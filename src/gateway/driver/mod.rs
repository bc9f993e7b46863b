//! Instruments. Each driver is a separate failure domain: it has a thread of its own and is never trusted to answer.
mod simulated;

pub use simulated::Simulated;

use super::{
    desk::Post,
    store::{Raw, Store},
};
use crate::{
    bridge::{journal::Done, server::Input},
    microscope::{Command, Fault, Reading},
};
use std::sync::{Arc, mpsc};

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Performed {
    /// How long it took, s.
    pub took_secs: f64,
    /// Reading or fault.
    pub outcome: Result<Reading, Fault>,
    /// Raw arrays behind the reading.
    pub raw: Vec<Raw>,
}

/// One instrument. Commands come one at a time.
pub trait Driver: Send {
    /// Perform a command to its end and say what came of it. The beam is blanked
    /// when this returns, however it returns.
    fn perform(&mut self, cid: &str, op: &Command) -> Performed;

    /// What became of a command that was begun before the gateway was started; `None` when the instrument does not know.
    fn recall(&mut self, cid: &str) -> Option<Performed>;

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
}

/// What the driver's thread is asked.
pub(super) enum Job {
    Perform(String, Command),
    Recall(String),
}

/// Give a driver its thread; the answers go to the desk.
pub(super) fn start(mut driver: Box<dyn Driver>, store: Store, desk: mpsc::Sender<Post>) -> mpsc::Sender<Job> {
    let (jobs, inbox) = mpsc::channel();
    std::thread::spawn(move || {
        for job in inbox {
            let input = match job {
                Job::Perform(cid, op) => {
                    let performed = driver.perform(&cid, &op);
                    Input::Performed(kept(&store, cid, performed))
                }
                Job::Recall(cid) => {
                    let done = driver.recall(&cid).map(|performed| kept(&store, cid.clone(), performed));
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

/// Raw arrays go to the disk before their reading goes to the journal. A reading whose arrays cannot be kept is none.
fn kept(store: &Store, cid: String, performed: Performed) -> Done {
    let Performed { took_secs, outcome, raw } = performed;
    match raw.iter().map(|raw| store.keep(raw)).collect() {
        Ok(data) => Done { cid, took_secs, outcome, data },
        Err(error) => {
            let reason = format!("its raw data could not be kept: {error}");
            Done::new(cid, took_secs, Err(Fault::Refused { reason }))
        }
    }
}
