//! A program that runs, and what may be believed of it.
use super::{
    Times,
    inbox::{Broken, Inbox, Said, read_line},
    message::{Hello, Nothing, Request},
};
use crate::{
    gateway::{clock::Clock, driver::instrument::Operation},
    microscope::Fault,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    ffi::OsString,
    io::{BufRead, BufReader, Read, Write},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

/// How often a waiting call looks whether something else has happened.
const SLICE: Duration = Duration::from_millis(20);
/// Longest line of a log, bytes.
const MAX_LOG_BYTES: u64 = 1000;

/// A program, started again when it had to be ended.
pub struct Link {
    command: (OsString, Vec<OsString>),
    times: Times,
    clock: Clock,
    next_id: AtomicU64,
    /// Orders that wait for nothing, so far.
    urgent: AtomicU64,
    live: Mutex<Option<Arc<Live>>>,
    interlock_open: Arc<AtomicBool>,
    /// Since it was last said to be off, it was not asked to be on.
    beam_is_off: AtomicBool,
    /// The program hangs and must not be ended by us.
    sealed: AtomicBool,
}

struct Live {
    hello: Hello,
    child: Mutex<Child>,
    requests: mpsc::Sender<Vec<u8>>,
    inbox: Arc<Inbox>,
}

impl Link {
    /// Start the program; it has said hello and blanked the beam when this returns.
    ///
    /// # Errors
    /// It cannot be started, or does not say hello as it must, or does not blank the beam.
    pub fn open(program: OsString, arguments: Vec<OsString>, times: Times) -> Result<(Self, Hello), String> {
        let link = Self {
            command: (program, arguments),
            times,
            clock: Clock::start(),
            next_id: AtomicU64::new(1),
            urgent: AtomicU64::new(0),
            live: Mutex::new(None),
            interlock_open: Arc::default(),
            beam_is_off: AtomicBool::new(false),
            sealed: AtomicBool::new(false),
        };
        let hello = link.start()?.hello.clone();
        Ok((link, hello))
    }

    /// Ask and wait for the answer. A program that does not answer in time, or wrongly, is ended.
    ///
    /// # Errors
    /// Its own error, or what is wrong with it, as a fault.
    pub fn call<T: DeserializeOwned>(&self, op: Operation, args: impl Serialize, within_ms: u64) -> Result<T, Fault> {
        if self.sealed.load(Ordering::SeqCst) {
            let reason = "the program hangs, and does not blank the beam when it is ended: end it by hand";
            return Err(Fault::Refused { reason: reason.into() });
        }
        let alive = self.lock().clone();
        let live = alive.map_or_else(|| self.start(), Ok).map_err(|reason| Fault::Refused { reason })?;
        match self.exchange(&live, op, args, within_ms, false) {
            Ok(Ok(value)) => serde_json::from_value(value)
                .map_err(|error| Fault::Nonsense { reason: format!("the reply to {op:?}: {error}") }),
            Ok(Err(reason)) => Err(Fault::Refused { reason }),
            Err(fault) => {
                tracing::warn!(%fault, ?op, "the program is ended");
                self.end(&live);
                Err(fault)
            }
        }
    }

    /// The beam may be on from now.
    pub fn beam_may_be_on(&self) {
        self.beam_is_off.store(false, Ordering::SeqCst);
    }

    /// # Errors
    /// See [`crate::gateway::driver::instrument::Urgent::blank_beam`].
    pub fn blank(&self) -> Result<(), String> {
        self.urgent.fetch_add(1, Ordering::SeqCst);
        let Some(live) = self.lock().clone() else {
            let gone = "the program is gone, and does not say that the beam is then blanked";
            return if self.beam_is_off.load(Ordering::SeqCst) { Ok(()) } else { Err(gone.into()) };
        };
        let blanked = self.try_blank(&live);
        // Only when it says that this blanks, and even so somebody must look.
        if blanked.is_err() && live.hello.blanks_on_exit {
            self.kill(&live);
        }
        blanked
    }

    /// # Errors
    /// The program is gone. Its answer is not waited for.
    pub fn stop_stage(&self) -> Result<(), String> {
        self.urgent.fetch_add(1, Ordering::SeqCst);
        let live = self.lock().clone().ok_or("the program is gone")?;
        self.send(&live, Operation::StopStage, Nothing {}).map(drop)
    }

    fn try_blank(&self, live: &Live) -> Result<(), String> {
        match self.exchange(live, Operation::BlankBeam, Nothing {}, self.times.blank_ms, true) {
            Ok(Ok(_)) => {
                self.beam_is_off.store(true, Ordering::SeqCst);
                Ok(())
            }
            Ok(Err(text)) => Err(text),
            Err(fault) => Err(fault.to_string()),
        }
    }

    fn send(&self, live: &Live, op: Operation, args: impl Serialize) -> Result<mpsc::Receiver<Said>, String> {
        let id = self.next_id.fetch_add(1, Ordering::SeqCst);
        let mut line = serde_json::to_vec(&Request { id, op, args }).map_err(|error| error.to_string())?;
        line.push(b'\n');
        let answer = live.inbox.expect(id);
        live.requests.send(line).map_err(|_| "the program takes nothing any more")?;
        Ok(answer)
    }

    fn exchange(
        &self,
        live: &Live,
        op: Operation,
        args: impl Serialize,
        within_ms: u64,
        urgent: bool,
    ) -> Result<Said, Fault> {
        let ended = || Fault::Refused { reason: "the program has ended".into() };
        let distrusted = || match live.inbox.broken() {
            Some(Broken::Nonsense(reason)) if !urgent => Err(Fault::Nonsense { reason }),
            _ => Ok(()),
        };
        distrusted()?;
        let orders = self.urgent.load(Ordering::SeqCst);
        let answer = self.send(live, op, args).map_err(|_| ended())?;
        let mut until_ms = self.clock.now_ms() + within_ms;
        let mut ordered = false;
        loop {
            match answer.recv_timeout(SLICE) {
                Ok(said) => return distrusted().map(|()| said),
                Err(mpsc::RecvTimeoutError::Disconnected) => return distrusted().and(Err(ended())),
                Err(mpsc::RecvTimeoutError::Timeout) => distrusted()?,
            }
            if !urgent && !ordered && self.urgent.load(Ordering::SeqCst) != orders {
                // What goes on must come to its end now.
                ordered = true;
                until_ms = until_ms.min(self.clock.now_ms() + self.times.wind_up_ms);
            }
            if self.clock.now_ms() >= until_ms {
                return Err(Fault::TimedOut);
            }
        }
    }

    /// Blank the beam as far as that goes, and end the program if that is safe.
    fn end(&self, live: &Live) {
        let off = self.try_blank(live).is_ok() || self.beam_is_off.load(Ordering::SeqCst);
        if off || live.hello.blanks_on_exit || matches!(live.inbox.broken(), Some(Broken::Ended)) {
            self.kill(live);
        } else {
            tracing::error!("the program hangs, and does not say that the beam is blanked when it ends: left alone");
            self.sealed.store(true, Ordering::SeqCst);
        }
    }

    fn kill(&self, live: &Live) {
        *self.lock() = None;
        let mut child = live.child.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
        if live.hello.blanks_on_exit {
            self.beam_is_off.store(true, Ordering::SeqCst);
        }
    }

    fn start(&self) -> Result<Arc<Live>, String> {
        let (program, arguments) = &self.command;
        let about = |error: &dyn std::fmt::Display| format!("{}: {error}", program.display());
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| about(&error))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut stdin), Some(stdout), Some(stderr)) = pipes else { return Err(about(&"no pipes")) };
        thread::spawn(move || log(stderr));
        let (requests, outbox) = mpsc::channel::<Vec<u8>>();
        // A program that does not read keeps this thread waiting and nobody else.
        thread::spawn(move || outbox.iter().try_for_each(|line| stdin.write_all(&line).and_then(|()| stdin.flush())));
        let (first, hello) = mpsc::channel();
        let inbox = Arc::new(Inbox::new(self.interlock_open.clone()));
        let mail = inbox.clone();
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let _ = first.send(read_line(&mut stdout));
            mail.fill(stdout);
        });
        let line = hello.recv_timeout(Duration::from_millis(self.times.hello_ms));
        let hello = match line {
            Ok(Ok(Some(line))) => Hello::parse(&line),
            Ok(Ok(None)) => Err("it ended without a word".into()),
            Ok(Err(reason)) => Err(reason),
            Err(_) => Err(format!("it said no hello within {} ms", self.times.hello_ms)),
        };
        let hello = hello.inspect_err(|_| drop(child.kill().and_then(|()| child.wait()))).map_err(|e| about(&e))?;
        tracing::info!(name = %hello.name, version = %hello.version, "the program is there");
        let live = Arc::new(Live { hello, child: Mutex::new(child), requests, inbox });
        self.beam_may_be_on();
        *self.lock() = Some(live.clone());
        if let Err(error) = self.try_blank(&live) {
            self.kill(&live);
            return Err(about(&format!("the beam could not be blanked: {error}")));
        }
        Ok(live)
    }

    pub fn interlock_open(&self) -> bool {
        self.interlock_open.load(Ordering::SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Live>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let live = self.lock().clone();
        if let Some(live) = live {
            let _ = self.try_blank(&live);
            self.kill(&live);
        }
    }
}

/// What a program writes for people goes to the gateway's log.
fn log(stderr: impl Read) {
    let mut stderr = BufReader::new(stderr);
    let mut line = Vec::new();
    while matches!(stderr.by_ref().take(MAX_LOG_BYTES).read_until(b'\n', &mut line), Ok(1..)) {
        tracing::info!(program = %String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
}
