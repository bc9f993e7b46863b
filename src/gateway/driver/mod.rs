//! Instruments. Each driver is a separate failure domain: it has a thread of its own and is never trusted to answer.
mod simulated;

pub use simulated::Simulated;

use super::desk::Post;
use crate::{
    bridge::{journal::Done, server::Input},
    microscope::{Command, Fault, Reading},
};
use std::sync::{Arc, mpsc};

/// One instrument. Commands come one at a time.
pub trait Driver: Send {
    /// Perform a command to its end: how long it took by the driver's own clock, s, and what came of it. The beam is blanked
    /// when this returns, however it returns.
    fn perform(&mut self, cid: &str, op: &Command) -> (f64, Result<Reading, Fault>);

    /// What became of a command that was begun before the gateway was started; `None` when the instrument does not know.
    fn recall(&mut self, cid: &str) -> Option<(f64, Result<Reading, Fault>)>;

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
pub(super) fn start(mut driver: Box<dyn Driver>, desk: mpsc::Sender<Post>) -> mpsc::Sender<Job> {
    let (jobs, inbox) = mpsc::channel();
    std::thread::spawn(move || {
        for job in inbox {
            let input = match job {
                Job::Perform(cid, op) => {
                    let (took_secs, outcome) = driver.perform(&cid, &op);
                    Input::Performed(Done { cid, took_secs, outcome })
                }
                Job::Recall(cid) => {
                    let done = driver.recall(&cid);
                    let done = done.map(|(took_secs, outcome)| Done { cid: cid.clone(), took_secs, outcome });
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
