//! The planner's side as a state machine that performs no I/O: it gets each request answered once, over a link that may break,
//! by a gateway that may be started again.
//!
//! A request goes out under an identity made of the run and its number. Whatever is sent a second time is answered from the
//! gateway's journal, so a page that was loaded again replays its campaign by asking everything once more.
use super::{
    journal::Done,
    refusal::{Code, Refusal, Retry},
    wire::{Answer, Call, Hello, Incoming, Outgoing, PROTOCOL, Role, Submit},
};
use crate::{
    microscope::{Fault, Reply, Request},
    rng::{Purpose, Stream},
};
use std::collections::{BTreeMap, VecDeque};

/// Time between two heartbeats, ms.
pub const HEARTBEAT_MS: u64 = 2000;
/// Silence after which the link is given up and made anew, ms.
const SILENCE_MS: u64 = 6000;
/// Time after which an unanswered request is sent again, ms.
const RESEND_MS: u64 = 3000;
/// Longest wait before connecting again, ms.
const LONGEST_BACKOFF_MS: u64 = 8000;
const FIRST_BACKOFF_MS: u64 = 250;
/// Longest wait of a command for its turn, ms.
const DEADLINE_MS: u64 = 600_000;

/// Anything that can happen to a client.
#[derive(Clone, Debug)]
pub enum Input {
    /// The campaign wants this done.
    Ask(Request),
    /// The connection stands.
    Opened,
    /// It is gone, or could not be made.
    Closed,
    /// A text frame came.
    Frame(String),
    /// Time has passed; the campaign is at this iteration.
    Tick(u64),
    /// Give the lease back and close.
    Finish,
}

/// Anything a client wants from its surroundings.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Connect to the gateway.
    Connect,
    /// Send this text frame.
    Send(String),
    /// Close the connection.
    Close,
    /// For the campaign.
    Reply(Reply),
    /// For the user: something else came from the gateway.
    Heard(Outgoing),
    /// Nothing more can be done: the secret is wrong, or the journal and the planner disagree.
    Failed(Refusal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Link {
    /// Connect at this time, ms.
    Down(u64),
    Connecting,
    /// Introduced, waiting for the lease.
    Open,
    /// Holding the lease of this epoch.
    Leased(u64),
    Finished,
}

struct Pending {
    request: Request,
    /// When to send it (again), ms.
    at_ms: u64,
}

/// See the [module documentation](self).
pub struct Client {
    run: String,
    secret: String,
    link: Link,
    now_ms: u64,
    heard_ms: u64,
    beat_ms: u64,
    beats: u64,
    lease_ms: u64,
    iteration: u64,
    failures: u32,
    last_jseq: Option<u64>,
    jitter: Stream,
    pending: BTreeMap<u32, Pending>,
    out: VecDeque<Output>,
}

impl Client {
    /// A client for one run. `seed` spreads the attempts of many clients to connect again.
    #[must_use]
    pub fn new(run: &str, secret: &str, seed: u32) -> Self {
        Self {
            run: run.into(),
            secret: secret.into(),
            link: Link::Down(0),
            now_ms: 0,
            heard_ms: 0,
            beat_ms: 0,
            beats: 0,
            lease_ms: 0,
            iteration: 0,
            failures: 0,
            last_jseq: None,
            jitter: Stream::new(seed, Purpose::Backoff, 0),
            pending: BTreeMap::new(),
            out: VecDeque::new(),
        }
    }

    /// Feed one input at a time that never goes back, then drain [`Self::poll`].
    pub fn handle(&mut self, now_ms: u64, input: Input) {
        self.now_ms = self.now_ms.max(now_ms);
        if self.link == Link::Finished {
            return;
        }
        match input {
            Input::Ask(request) => {
                self.pending.insert(request.id, Pending { request, at_ms: self.now_ms });
            }
            Input::Opened => self.greet(),
            Input::Closed => self.lost(),
            Input::Frame(text) => self.frame(&text),
            Input::Tick(iteration) => self.iteration = iteration,
            Input::Finish => {
                if let Link::Leased(epoch) = self.link {
                    self.send("release".into(), Call::Release { epoch });
                }
                self.out.push_back(Output::Close);
                self.link = Link::Finished;
            }
        }
        self.keep_going();
    }

    /// The next thing to do. Never blocks.
    #[must_use]
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Whether commands are accepted now.
    #[must_use]
    pub fn holds_lease(&self) -> bool {
        matches!(self.link, Link::Leased(_))
    }

    /// The identity under which a request of this run goes out.
    #[must_use]
    pub fn cid(&self, id: u32) -> String {
        format!("{}.{id}", self.run)
    }

    fn send(&mut self, id: String, call: Call) {
        self.out.push_back(Output::Send(Incoming { id, call }.to_text()));
    }

    fn greet(&mut self) {
        self.link = Link::Connecting;
        self.heard_ms = self.now_ms;
        let (secret, last_jseq) = (self.secret.clone(), self.last_jseq);
        self.send(
            "hello".into(),
            Call::Hello(Hello { protocol: PROTOCOL.into(), secret, role: Role::Driver, last_jseq }),
        );
    }

    /// Connect again after a wait that doubles with each failure; half of it is left to chance.
    fn lost(&mut self) {
        let most = (FIRST_BACKOFF_MS << self.failures.min(10)).min(LONGEST_BACKOFF_MS);
        let wait = most / 2 + (self.jitter.uniform() * (most / 2) as f64) as u64;
        self.failures += 1;
        self.link = Link::Down(self.now_ms + wait);
        let now_ms = self.now_ms;
        self.pending.values_mut().for_each(|p| p.at_ms = now_ms);
    }

    fn keep_going(&mut self) {
        match self.link {
            Link::Down(at_ms) if self.now_ms >= at_ms => {
                self.link = Link::Connecting;
                self.heard_ms = self.now_ms;
                self.out.push_back(Output::Connect);
            }
            Link::Connecting | Link::Open | Link::Leased(_) if self.now_ms >= self.heard_ms + SILENCE_MS => {
                self.out.push_back(Output::Close);
                self.lost();
            }
            Link::Open if self.now_ms >= self.lease_ms => self.ask_for_lease(),
            Link::Leased(epoch) => {
                if self.now_ms >= self.beat_ms {
                    self.beat_ms = self.now_ms + HEARTBEAT_MS;
                    self.beats += 1;
                    let (n, iteration) = (self.beats, self.iteration);
                    self.send(format!("hb{n}"), Call::Heartbeat { epoch, n, iteration });
                }
                self.send_due(epoch);
            }
            Link::Down(_) | Link::Connecting | Link::Open | Link::Finished => {}
        }
    }

    fn ask_for_lease(&mut self) {
        self.lease_ms = self.now_ms + RESEND_MS;
        self.send("lease".into(), Call::Acquire {});
    }

    fn send_due(&mut self, epoch: u64) {
        let now_ms = self.now_ms;
        let due = |p: &&mut Pending| now_ms >= p.at_ms;
        let mut calls = Vec::new();
        for pending in self.pending.values_mut().filter(due) {
            pending.at_ms = now_ms + RESEND_MS;
            calls.push(pending.request.clone());
        }
        for Request { id, command } in calls {
            let cid = self.cid(id);
            let submit = Submit { cid: cid.clone(), epoch, op: command, deadline_ms: DEADLINE_MS };
            self.send(cid, Call::Submit(submit));
        }
    }

    fn frame(&mut self, text: &str) {
        let Ok(frame) = Outgoing::parse(text) else { return };
        self.heard_ms = self.now_ms;
        match frame {
            Outgoing::Answer { result: Ok(Answer::Welcome { .. }), .. } => {
                if self.link == Link::Connecting {
                    self.link = Link::Open;
                    self.lease_ms = self.now_ms;
                }
            }
            Outgoing::Answer { result: Ok(Answer::Granted { epoch, .. }), .. } => {
                let older = matches!(self.link, Link::Leased(known) if known >= epoch);
                if !older && self.link != Link::Connecting {
                    self.failures = 0;
                    self.beat_ms = self.now_ms;
                    self.link = Link::Leased(epoch);
                    let now_ms = self.now_ms;
                    self.pending.values_mut().for_each(|p| p.at_ms = now_ms);
                }
            }
            Outgoing::Answer { result: Ok(Answer::Done(done)), .. } => self.done(done),
            Outgoing::Answer { result: Ok(_), .. } => {}
            Outgoing::Answer { result: Err(refusal), .. } => self.refused(refusal),
            Outgoing::Event(ref entry) => {
                self.last_jseq = self.last_jseq.max(Some(entry.jseq));
                self.out.push_back(Output::Heard(frame));
            }
            Outgoing::LeaseAsked { .. } | Outgoing::Proposed { .. } => self.out.push_back(Output::Heard(frame)),
        }
    }

    fn done(&mut self, done: Done) {
        let Some(id) = self.number(&done.cid) else { return };
        if self.pending.remove(&id).is_some() {
            self.out.push_back(Output::Reply(Reply { id, took_secs: done.took_secs, outcome: done.outcome }));
        }
    }

    fn refused(&mut self, refusal: Refusal) {
        let pending =
            refusal.cid.as_deref().and_then(|cid| self.number(cid)).filter(|id| self.pending.contains_key(id));
        match (refusal.code, pending) {
            // Already being asked for, or of a connection before this one.
            (Code::Lease, _) if !self.holds_lease() => {}
            (Code::Lease, _) => {
                self.link = Link::Open;
                self.lease_ms = self.now_ms;
            }
            (Code::KeyReuse, Some(_)) => {
                let text = format!("{}; the journal holds another command under it", refusal.text);
                self.fail(Refusal { code: Code::Diverged, text, retry: Retry::Never, ..refusal });
            }
            (Code::Version, _) => self.fail(refusal),
            (Code::Auth, None) if self.link == Link::Connecting => self.fail(refusal),
            (Code::InDoubt, Some(id)) => self.later(id, RESEND_MS),
            (_, Some(id)) => match refusal.retry {
                Retry::AfterMs(ms) => self.later(id, ms),
                Retry::SameCid => self.later(id, 0),
                Retry::Never | Retry::NewCid => {
                    self.pending.remove(&id);
                    let outcome = Err(Fault::Refused { reason: refusal.text });
                    self.out.push_back(Output::Reply(Reply { id, took_secs: 0.0, outcome }));
                }
            },
            _ => {}
        }
    }

    fn later(&mut self, id: u32, ms: u64) {
        let at_ms = self.now_ms + ms;
        if let Some(pending) = self.pending.get_mut(&id) {
            pending.at_ms = at_ms;
        }
    }

    fn fail(&mut self, refusal: Refusal) {
        self.out.extend([Output::Close, Output::Failed(refusal)]);
        self.link = Link::Finished;
    }

    fn number(&self, cid: &str) -> Option<u32> {
        cid.strip_prefix(self.run.as_str())?.strip_prefix('.')?.parse().ok()
    }
}
