//! Orders that wait for nothing, counted: whoever performs a command sees those that came since it was given.
use crate::microscope::Fault;
use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How often the beam was ordered to be blanked and the stage to be stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Orders {
    /// Beam.
    pub blanks: u64,
    /// Stage.
    pub stops: u64,
}

impl Orders {
    /// Whether the beam may go on (still) for a command that was given at `since`.
    ///
    /// # Errors
    /// It was ordered to be blanked.
    pub fn beam_since(self, since: Self) -> Result<(), Fault> {
        let refused = || Fault::Refused { reason: "the beam was blanked during the exposure".into() };
        if self.blanks == since.blanks { Ok(()) } else { Err(refused()) }
    }

    /// The same of the stage.
    ///
    /// # Errors
    /// It was ordered to stop.
    pub fn stage_since(self, since: Self) -> Result<(), Fault> {
        let refused = || Fault::Refused { reason: "the stage was stopped during the move".into() };
        if self.stops == since.stops { Ok(()) } else { Err(refused()) }
    }
}

/// Counts orders and wakes whoever waits.
#[derive(Debug, Default)]
pub(super) struct Counter {
    orders: Mutex<Orders>,
    changed: Condvar,
}

impl Counter {
    pub fn now(&self) -> Orders {
        *self.lock()
    }

    pub fn blank(&self) {
        self.lock().blanks += 1;
        self.changed.notify_all();
    }

    pub fn stop(&self) {
        self.lock().stops += 1;
        self.changed.notify_all();
    }

    /// Wait for `time`, or until `wakes` says of the orders that something came; the orders then.
    pub fn wait(&self, time: Duration, wakes: impl Fn(Orders) -> bool) -> Orders {
        let waited = self.changed.wait_timeout_while(self.lock(), time, |orders| !wakes(*orders));
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
