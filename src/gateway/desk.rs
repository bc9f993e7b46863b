//! The one thread that owns the state machine and the journal. Everything that happens is posted to it.
use super::{
    clock::Clock,
    driver::{Guard, Job},
    journal::Journal,
};
use crate::{
    bridge::{
        server::{Input, Output, Peer, Server},
        wire::{Outgoing, Role},
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
use tokio::sync::mpsc::UnboundedSender;

/// Longest time without a look at the clock.
const TICK: Duration = Duration::from_millis(200);
/// A reader this far behind, for [`PATIENCE_MS`], is closed; it comes back and is served from the journal.
const MOST_FRAMES: usize = 256;
const MOST_BYTES: usize = 4 * 1024 * 1024;
const PATIENCE_MS: u64 = 5000;
/// Close code of a reader that is too slow.
const CLOSE_SLOW: u16 = 4008;
/// The instrument may take this much longer than a command says, ms.
const GRACE_MS: u64 = 120_000;

/// What is posted.
pub enum Post {
    /// For the state machine.
    Input(Input),
    /// A connection passed the handshake; frames for it go here.
    Join(Peer, Outbox),
    /// A secret was issued.
    Admit(String, Role),
}

/// What is on its way to one connection.
#[derive(Clone)]
pub struct Outbox {
    pub frames: UnboundedSender<Sending>,
    /// Frames and bytes not written to the socket yet.
    pub waiting: Arc<(AtomicUsize, AtomicUsize)>,
}

pub enum Sending {
    Text(String),
    Close(u16),
}

struct Reader {
    outbox: Outbox,
    behind_since_ms: Option<u64>,
}

pub struct Desk {
    pub server: Server,
    pub journal: Journal,
    pub clock: Clock,
    pub jobs: mpsc::Sender<Job>,
    pub guard: Arc<dyn Guard>,
}

impl Desk {
    /// Until every sender is gone.
    pub fn run(mut self, inbox: &mpsc::Receiver<Post>) {
        let mut readers: HashMap<Peer, Reader> = HashMap::new();
        let mut silent_at_ms = None;
        self.carry_out(&mut readers, &mut silent_at_ms);
        loop {
            let wait = self.server.wakes_ms().map_or(TICK, |at| self.clock.until(at).min(TICK));
            let input = match inbox.recv_timeout(wait) {
                Ok(Post::Input(input)) => input,
                Ok(Post::Admit(secret, role)) => Input::Admit(secret, role),
                Ok(Post::Join(peer, outbox)) => {
                    readers.insert(peer, Reader { outbox, behind_since_ms: None });
                    Input::Opened(peer)
                }
                Err(mpsc::RecvTimeoutError::Timeout) => Input::Tick,
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            };
            if let Input::Closed(peer) = input {
                readers.remove(&peer);
            }
            let now_ms = self.clock.now_ms();
            self.server.handle(now_ms, input);
            self.carry_out(&mut readers, &mut silent_at_ms);
            if silent_at_ms.is_some_and(|at| now_ms >= at) {
                silent_at_ms = None;
                self.server.handle(now_ms, Input::Silent);
                self.carry_out(&mut readers, &mut silent_at_ms);
            }
            self.close_slow(&mut readers, now_ms);
        }
    }

    fn carry_out(&mut self, readers: &mut HashMap<Peer, Reader>, silent_at_ms: &mut Option<u64>) {
        while let Some(output) = self.server.poll() {
            match output {
                Output::Append(entry) => {
                    if let Err(error) = self.journal.append(&entry) {
                        tracing::error!(%error, jseq = entry.jseq, "the journal cannot be written: stopped");
                        self.server.journal_failed();
                    } else {
                        tracing::info!(jseq = entry.jseq, entry = %entry.entry.name(), "journal");
                    }
                }
                Output::Send(peer, message) => send(readers, peer, Sending::Text(message.to_text())),
                Output::Serve(peer, after, until) => match self.journal.between(after, until) {
                    Ok(entries) => {
                        for entry in entries {
                            send(readers, peer, Sending::Text(Outgoing::Event(entry).to_text()));
                        }
                    }
                    Err(error) => tracing::error!(%error, "the journal cannot be read"),
                },
                Output::Close(peer, code) => {
                    send(readers, peer, Sending::Close(code));
                    readers.remove(&peer);
                }
                Output::Perform(cid, op) => {
                    *silent_at_ms = Some(self.clock.now_ms() + expected_ms(&op) + GRACE_MS);
                    let _ = self.jobs.send(Job::Perform(cid, op));
                }
                Output::Recall(cid) => {
                    let _ = self.jobs.send(Job::Recall(cid));
                }
                Output::Blank => {
                    if let Err(error) = self.guard.blank() {
                        tracing::error!(%error, "ALARM: the beam could not be blanked");
                        self.server.handle(self.clock.now_ms(), Input::BlankFailed);
                    }
                }
                Output::StopStage => self.guard.stop_stage(),
            }
        }
        if !self.server.is_busy() {
            *silent_at_ms = None;
        }
    }

    fn close_slow(&mut self, readers: &mut HashMap<Peer, Reader>, now_ms: u64) {
        let mut slow = Vec::new();
        for (peer, reader) in readers.iter_mut() {
            let (frames, bytes) = &*reader.outbox.waiting;
            let behind = frames.load(Ordering::Relaxed) > MOST_FRAMES || bytes.load(Ordering::Relaxed) > MOST_BYTES;
            let since = reader.behind_since_ms.get_or_insert(now_ms);
            if !behind {
                reader.behind_since_ms = None;
            } else if now_ms >= *since + PATIENCE_MS {
                slow.push(*peer);
            }
        }
        for peer in slow {
            tracing::warn!(peer, "a reader is too slow: closed");
            send(readers, peer, Sending::Close(CLOSE_SLOW));
            readers.remove(&peer);
            self.server.handle(now_ms, Input::Closed(peer));
        }
    }
}

fn send(readers: &HashMap<Peer, Reader>, peer: Peer, sending: Sending) {
    let Some(Reader { outbox, .. }) = readers.get(&peer) else { return };
    if let Sending::Text(text) = &sending {
        outbox.waiting.0.fetch_add(1, Ordering::Relaxed);
        outbox.waiting.1.fetch_add(text.len(), Ordering::Relaxed);
    }
    let _ = outbox.frames.send(sending);
}

fn expected_ms(op: &Command) -> u64 {
    match op {
        Command::MapComposition { dwell_secs } | Command::Spectrum { dwell_secs, .. } => (dwell_secs * 1e3) as u64,
        Command::MoveToRegion { .. } | Command::Overview => 0,
    }
}
