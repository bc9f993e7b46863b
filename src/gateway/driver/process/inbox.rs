//! What a program said, sorted by whom it answers.
use super::message::{self, MAX_LINE_BYTES};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io::{BufRead, Read},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

/// What a program answered: a value, or why not.
pub type Said = Result<Value, String>;

/// Why nothing more is believed.
#[derive(Clone, Debug)]
pub enum Broken {
    /// It ended.
    Ended,
    /// It said what no program of this protocol says.
    Nonsense(String),
}

pub struct Inbox {
    mail: Mutex<Mail>,
    /// Whether the program said last that the interlock is open.
    interlock_open: Arc<AtomicBool>,
}

#[derive(Default)]
struct Mail {
    waiting: BTreeMap<u64, mpsc::Sender<Said>>,
    broken: Option<Broken>,
}

impl Inbox {
    /// Of a program that has said nothing yet.
    pub fn new(interlock_open: Arc<AtomicBool>) -> Self {
        interlock_open.store(false, Ordering::SeqCst);
        Self { mail: Mutex::default(), interlock_open }
    }

    /// Someone waits for the answer to this id.
    pub fn expect(&self, id: u64) -> mpsc::Receiver<Said> {
        let (sender, receiver) = mpsc::channel();
        let mut mail = self.lock();
        // The sender is dropped when nothing can come any more.
        if !matches!(mail.broken, Some(Broken::Ended)) {
            mail.waiting.insert(id, sender);
        }
        receiver
    }

    pub fn broken(&self) -> Option<Broken> {
        self.lock().broken.clone()
    }

    /// Read to the end. What is not a reply, or one that nobody waits for (late, twice, of another id), breaks the trust: who
    /// knows what else is wrong. Answers are handed on all the same, for the sake of those to orders that blank the beam.
    pub fn fill(&self, mut from: impl BufRead) {
        loop {
            let line = match read_line(&mut from) {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(reason) => {
                    self.distrust(reason);
                    // To its end, if it has one.
                    let _ = from.skip_until(b'\n');
                    continue;
                }
            };
            if let Some(open) = message::interlock(&line) {
                self.interlock_open.store(open, Ordering::SeqCst);
                continue;
            }
            match message::reply(&line) {
                Ok((id, said)) => {
                    let waiting = self.lock().waiting.remove(&id);
                    match waiting {
                        // Whoever waited may have given up.
                        Some(sender) => drop(sender.send(said)),
                        None => self.distrust(format!("a reply to {id}, which was not asked or is answered already")),
                    }
                }
                Err(reason) => self.distrust(reason),
            }
        }
        let mut mail = self.lock();
        mail.broken = Some(Broken::Ended);
        mail.waiting.clear();
    }

    fn distrust(&self, reason: String) {
        tracing::warn!(%reason, "the program is not believed any more");
        self.lock().broken.get_or_insert(Broken::Nonsense(reason));
    }

    fn lock(&self) -> MutexGuard<'_, Mail> {
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The next line; none at the end.
///
/// # Errors
/// It is too long or cut off.
pub fn read_line(from: &mut impl BufRead) -> Result<Option<Vec<u8>>, String> {
    let mut line = Vec::new();
    match from.by_ref().take(MAX_LINE_BYTES as u64).read_until(b'\n', &mut line) {
        Ok(0) | Err(_) => Ok(None),
        Ok(_) if line.ends_with(b"\n") => Ok(Some(line)),
        Ok(length) if length < MAX_LINE_BYTES => Err("a line that is cut off".into()),
        Ok(_) => Err(format!("a line of more than {MAX_LINE_BYTES} bytes")),
    }
}
