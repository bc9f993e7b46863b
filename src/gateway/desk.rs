//! The one thread that owns the state machine and the journal. Everything that happens is posted to it.
use super::{
    clock::Clock,
    driver::{Guard, Job},
    journal::Journal,
    log,
    store::Store,
};
use crate::{
    bridge::{
        data,
        server::{CLOSE_SLOW, Input, Output, Peer, Server},
        wire,
    },
    microscope::Command,
};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};
use tokio::sync::{mpsc::UnboundedSender, oneshot};

/// Longest time without a look at the clock.
const TICK: Duration = Duration::from_millis(200);
/// A reader this far behind, for [`PATIENCE_MS`], is closed; it comes back and is served from the journal.
const MOST_FRAMES: usize = 256;
const MOST_BYTES: usize = 4 * 1024 * 1024;
const PATIENCE_MS: u64 = 5000;
/// One this far behind is closed at once: it may ask for the journal again and again and read nothing.
const ENDURED_BYTES: usize = 4 * MOST_BYTES;
/// The instrument may take this much longer than a command says, ms.
const GRACE_MS: u64 = 120_000;

/// What is posted.
pub enum Post {
    /// For the state machine.
    Input(Input),
    /// A connection passed the handshake; frames for it go here.
    Join(Peer, Outbox),
}

/// What is on its way to one connection.
pub struct Outbox {
    pub frames: UnboundedSender<Sending>,
    /// Closes at once with this code, past everything that waits.
    pub cut: oneshot::Sender<u16>,
    /// Frames and bytes not written to the socket yet.
    pub waiting: Arc<(AtomicUsize, AtomicUsize)>,
}

pub enum Sending {
    Text(String),
    Binary(Vec<u8>),
    /// After everything before it.
    Close(u16),
}

impl Sending {
    /// Bytes of a message; none for a close.
    fn length(&self) -> Option<usize> {
        match self {
            Self::Text(text) => Some(text.len()),
            Self::Binary(bytes) => Some(bytes.len()),
            Self::Close(_) => None,
        }
    }
}

struct Reader {
    outbox: Outbox,
    behind_since_ms: Option<u64>,
}

pub struct Desk {
    server: Server,
    journal: Journal,
    store: Store,
    clock: Clock,
    jobs: mpsc::Sender<Job>,
    guard: Arc<dyn Guard>,
    readers: HashMap<Peer, Reader>,
    /// When the instrument counts as silent, ms.
    silent_at_ms: Option<u64>,
    interlock_open: bool,
}

impl Desk {
    pub fn new(
        server: Server,
        kept: (Journal, Store),
        clock: Clock,
        jobs: mpsc::Sender<Job>,
        guard: Arc<dyn Guard>,
    ) -> Self {
        let (journal, store) = kept;
        Self {
            server,
            journal,
            store,
            clock,
            jobs,
            guard,
            readers: HashMap::new(),
            silent_at_ms: None,
            interlock_open: false,
        }
    }

    /// Until every sender is gone.
    pub fn run(mut self, inbox: &mpsc::Receiver<Post>) {
        self.carry_out();
        loop {
            let wait = self.server.wakes_ms().map_or(TICK, |at| self.clock.until(at).min(TICK));
            let input = match inbox.recv_timeout(wait) {
                Ok(Post::Input(input)) => input,
                Ok(Post::Join(peer, outbox)) => {
                    self.readers.insert(peer, Reader { outbox, behind_since_ms: None });
                    Input::Opened(peer)
                }
                Err(mpsc::RecvTimeoutError::Timeout) => Input::Tick,
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            };
            if let Input::Closed(peer) = input {
                self.readers.remove(&peer);
            }
            self.handle(input);
            if self.silent_at_ms.take_if(|at| self.clock.now_ms() >= *at).is_some() {
                self.handle(Input::Silent);
            }
            let open = self.guard.interlock_open();
            if open != std::mem::replace(&mut self.interlock_open, open) {
                self.handle(Input::Interlock(open));
            }
            self.close_slow();
        }
    }

    fn handle(&mut self, input: Input) {
        self.server.handle(self.clock.now_ms(), input);
        self.carry_out();
    }

    fn carry_out(&mut self) {
        let mut beam_may_be_on = false;
        while let Some(output) = self.server.poll() {
            match output {
                Output::Append(entry) => {
                    if let Err(error) = self.journal.append(&entry) {
                        tracing::error!(%error, jseq = entry.jseq, "the journal cannot be written: stopped");
                        self.server.journal_failed();
                    } else {
                        log::entry(&entry);
                    }
                }
                Output::Send(peer, message) => {
                    log::answer(peer, &message);
                    self.send(peer, Sending::Text(message.to_text()));
                }
                Output::Serve(peer, after, until) => match self.journal.texts(after, until) {
                    Ok(texts) => {
                        for text in texts {
                            self.send(peer, Sending::Text(wire::event_of(&text)));
                        }
                    }
                    Err(error) => tracing::error!(%error, "the journal cannot be read"),
                },
                Output::SendData(peer, hash) => match self.store.read(&hash) {
                    Ok(bytes) => data::frames(&bytes).for_each(|frame| self.send(peer, Sending::Binary(frame))),
                    Err(error) => tracing::error!(%error, hash, "raw data cannot be read"),
                },
                Output::Close(peer, code) => {
                    tracing::info!(peer, code, "closed");
                    self.send(peer, Sending::Close(code));
                    self.readers.remove(&peer);
                }
                Output::Perform(cid, op) => {
                    self.silent_at_ms = Some(self.clock.now_ms() + expected_ms(&op) + GRACE_MS);
                    let _ = self.jobs.send(Job::Perform(cid, op, self.guard.orders()));
                }
                Output::Recall(cid) => {
                    let _ = self.jobs.send(Job::Recall(cid));
                }
                Output::Blank => {
                    if let Err(error) = self.guard.blank() {
                        tracing::error!(%error, "ALARM: the beam could not be blanked");
                        beam_may_be_on = true;
                    }
                }
                Output::StopStage => self.guard.stop_stage(),
            }
        }
        if !self.server.is_busy() {
            self.silent_at_ms = None;
        }
        if beam_may_be_on {
            self.handle(Input::BlankFailed);
        }
    }

    fn close_slow(&mut self) {
        let now_ms = self.clock.now_ms();
        let slow = self.readers.extract_if(|_, reader| {
            let (frames, bytes) = &*reader.outbox.waiting;
            let behind = frames.load(Ordering::Relaxed) > MOST_FRAMES || bytes.load(Ordering::Relaxed) > MOST_BYTES;
            let since_ms = *reader.behind_since_ms.get_or_insert(now_ms);
            reader.behind_since_ms.take_if(|_| !behind);
            let lost = bytes.load(Ordering::Relaxed) > ENDURED_BYTES;
            lost || (behind && now_ms >= since_ms + PATIENCE_MS)
        });
        for (peer, reader) in slow.collect::<Vec<_>>() {
            tracing::warn!(peer, "a reader is too slow: closed");
            let _ = reader.outbox.cut.send(CLOSE_SLOW);
            self.handle(Input::Closed(peer));
        }
    }

    fn send(&self, peer: Peer, sending: Sending) {
        let Some(Reader { outbox, .. }) = self.readers.get(&peer) else { return };
        if let Some(length) = sending.length() {
            // It is closed before anything else comes: what it misses it asks for when it is back.
            if outbox.waiting.1.load(Ordering::Relaxed) > ENDURED_BYTES {
                return;
            }
            outbox.waiting.0.fetch_add(1, Ordering::Relaxed);
            outbox.waiting.1.fetch_add(length, Ordering::Relaxed);
        }
        let _ = outbox.frames.send(sending);
    }
}

fn expected_ms(op: &Command) -> u64 {
    match op {
        Command::MapComposition { dwell_secs } | Command::Spectrum { dwell_secs, .. } => (dwell_secs * 1e3) as u64,
        Command::MoveToRegion { .. } | Command::Overview => 0,
        // Three moves more than any other command.
        Command::CalibrateImage { .. } => 3 * GRACE_MS,
    }
}
