//! The planner's side as a state machine that performs no I/O: it gets each request answered once, over a link that may break,
//! by a gateway that may be started again.
//!
//! A request goes out under an identity made of the run and its number. Whatever is sent a second time is answered from the
//! gateway's journal, so a page that was loaded again replays its campaign by asking everything once more.
mod heard;

use super::{
    refusal::{Code, Refusal, Retry},
    wire::{Call, Hello, Incoming, Outgoing, PROTOCOL, Role, Submit},
};
use crate::{
    microscope::{Reply, Request},
    rng::{Purpose, Stream},
};
use serde::Serialize;
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
/// Begins the id of a request that the user made.
const CALL: &str = "user";
/// Id of the wish for the lease.
const LEASE: &str = "lease";
/// Longest wait of a command for its turn, ms.
const DEADLINE_MS: u64 = 600_000;

/// Anything that can happen to a client.
#[derive(Clone, Debug)]
pub enum Input {
    /// The campaign wants this done.
    Ask(Request),
    /// The user asks something of the gateway; the answer is [`Output::Heard`]. The epoch is put in here.
    Call(Call),
    /// The connection stands.
    Opened,
    /// It is gone, or could not be made.
    Closed,
    /// A text frame came.
    Frame(String),
    /// Time has passed; the campaign is at this iteration.
    Tick(u64),
    /// Give the lease back and go on watching.
    Yield,
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
    /// For the user: something else came from the gateway. Journal entries come in order, each once, without a gap.
    Heard(Outgoing),
    /// Nothing more can be done. After [`Code::Diverged`] the gateway is held and the connection is kept, so that a person can
    /// look; so it is after [`Code::Lease`], when another has taken the lease; otherwise it is closed.
    Failed(Refusal),
}

/// How a client stands with its gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Link {
    /// No connection.
    Down {
        /// When the next is made, ms.
        until_ms: u64,
    },
    /// On its way, or not answered yet.
    Connecting,
    /// Introduced; a driver waits for the lease.
    Open,
    /// Holding the lease.
    Leased {
        /// Its epoch.
        epoch: u64,
    },
    /// Given up, or finished.
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
    role: Role,
    /// Wants the lease.
    drives: bool,
    link: Link,
    now_ms: u64,
    heard_ms: u64,
    beat_ms: u64,
    beats: u64,
    /// Number and time of the heartbeat whose answer is timed.
    timed: Option<(u64, u64)>,
    round_trip_ms: Option<u64>,
    calls: u64,
    diverged: bool,
    lease_ms: u64,
    iteration: u64,
    failures: u32,
    /// The last lease it was granted; none when it is not known whether that was the last.
    held: Option<u64>,
    /// The newest lease that the journal tells of.
    newest: u64,
    /// Wishes for the lease over this connection that are not answered: the newest lease may be its own.
    asked: u32,
    /// Entry up to which the journal has to be known before the lease is asked for again.
    behind: u64,
    last_jseq: Option<u64>,
    /// Entry after which a gap was asked to be filled over this connection.
    resynced_after: Option<u64>,
    jitter: Stream,
    pending: BTreeMap<u32, Pending>,
    out: VecDeque<Output>,
}

impl Client {
    /// A client that drives one run. `seed` spreads the attempts of many clients to connect again.
    #[must_use]
    pub fn new(run: &str, secret: &str, seed: u32) -> Self {
        Self {
            run: run.into(),
            secret: secret.into(),
            role: Role::Driver,
            drives: true,
            link: Link::Down { until_ms: 0 },
            now_ms: 0,
            heard_ms: 0,
            beat_ms: 0,
            beats: 0,
            timed: None,
            round_trip_ms: None,
            calls: 0,
            diverged: false,
            lease_ms: 0,
            iteration: 0,
            failures: 0,
            held: None,
            newest: 0,
            asked: 0,
            behind: 0,
            last_jseq: None,
            resynced_after: None,
            jitter: Stream::new(seed, Purpose::Backoff, 0),
            pending: BTreeMap::new(),
            out: VecDeque::new(),
        }
    }

    /// The same in another role.
    #[must_use]
    pub fn with_role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// The same without the wish for the lease.
    #[must_use]
    pub fn watching(self) -> Self {
        Self { drives: false, ..self }
    }

    /// The same, told of every journal entry after this one; 0 tells of all.
    #[must_use]
    pub fn told_after(self, jseq: u64) -> Self {
        Self { last_jseq: Some(jseq), ..self }
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
            Input::Call(call) => self.call(call),
            Input::Opened => self.greet(),
            Input::Closed => self.lost(),
            Input::Frame(text) => self.frame(&text),
            Input::Tick(iteration) => self.iteration = iteration,
            Input::Yield => self.yield_lease(),
            Input::Finish => {
                if let Link::Leased { epoch } = self.link {
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

    /// How it stands.
    #[must_use]
    pub fn link(&self) -> Link {
        self.link
    }

    /// Whether commands are accepted now.
    #[must_use]
    pub fn holds_lease(&self) -> bool {
        matches!(self.link, Link::Leased { .. })
    }

    /// Whether a request is not answered yet.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Time from a heartbeat to its answer, ms.
    #[must_use]
    pub fn round_trip_ms(&self) -> Option<u64> {
        self.round_trip_ms
    }

    /// Last journal entry heard.
    #[must_use]
    pub fn last_jseq(&self) -> Option<u64> {
        self.last_jseq
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
        let (secret, role, last_jseq) = (self.secret.clone(), self.role, self.last_jseq);
        self.send("hello".into(), Call::Hello(Hello { protocol: PROTOCOL.into(), secret, role, last_jseq }));
    }

    fn yield_lease(&mut self) {
        if let Link::Leased { epoch } = self.link {
            self.send("release".into(), Call::Release { epoch });
            self.link = Link::Open;
        }
        self.drives = false;
    }

    /// On behalf of the user. What cannot be sent is answered here: an emergency stop that went nowhere must not look like one.
    fn call(&mut self, call: Call) {
        self.calls += 1;
        let id = format!("{CALL}{}", self.calls);
        let call = match (call, self.link) {
            (Call::Keep { .. }, Link::Leased { epoch }) => Call::Keep { epoch },
            (Call::Release { .. }, Link::Leased { epoch }) => Call::Release { epoch },
            (call, _) => call,
        };
        if matches!(self.link, Link::Open | Link::Leased { .. }) {
            self.send(id, call);
        } else {
            let refusal = Refusal::new(Code::State, "not connected; nothing was sent");
            self.out.push_back(Output::Heard(Outgoing::Answer { id: Some(id), result: Err(refusal) }));
        }
    }

    /// Connect again after a wait that doubles with each failure; half of it is left to chance.
    fn lost(&mut self) {
        let most = (FIRST_BACKOFF_MS << self.failures.min(10)).min(LONGEST_BACKOFF_MS);
        let wait = most / 2 + (self.jitter.uniform() * (most / 2) as f64) as u64;
        self.failures += 1;
        // It may have been granted, and the answer lost.
        if std::mem::take(&mut self.asked) > 0 {
            self.held = None;
        }
        self.link = Link::Down { until_ms: self.now_ms + wait };
        (self.timed, self.round_trip_ms, self.resynced_after) = (None, None, None);
        let now_ms = self.now_ms;
        self.pending.values_mut().for_each(|p| p.at_ms = now_ms);
    }

    fn keep_going(&mut self) {
        match self.link {
            Link::Down { until_ms } if self.now_ms >= until_ms => {
                self.link = Link::Connecting;
                self.heard_ms = self.now_ms;
                self.out.push_back(Output::Connect);
            }
            Link::Connecting | Link::Open | Link::Leased { .. } if self.now_ms >= self.heard_ms + SILENCE_MS => {
                self.out.push_back(Output::Close);
                self.lost();
            }
            Link::Open => {
                self.want_lease();
                self.beat(|n, _| Call::Ping { n });
            }
            Link::Leased { epoch } => {
                self.beat(|n, iteration| Call::Heartbeat { epoch, n, iteration });
                if !self.diverged {
                    self.send_due(epoch);
                }
            }
            Link::Down { .. } | Link::Connecting | Link::Finished => {}
        }
    }

    fn beat(&mut self, call: impl FnOnce(u64, u64) -> Call) {
        if self.now_ms >= self.beat_ms {
            self.beat_ms = self.now_ms + HEARTBEAT_MS;
            self.beats += 1;
            let n = self.beats;
            self.timed = Some((n, self.now_ms));
            self.send(format!("hb{n}"), call(n, self.iteration));
        }
    }

    /// Ask for the lease, but not to take it back: while the connection was down another may have been granted it, and only the
    /// journal tells.
    fn want_lease(&mut self) {
        let knows = self.held.is_none() || self.last_jseq.is_none_or(|last| last >= self.behind);
        if !self.drives || self.now_ms < self.lease_ms || !knows {
            return;
        }
        if self.overtaken() {
            return self.give_up();
        }
        self.lease_ms = self.now_ms + RESEND_MS;
        self.asked += 1;
        self.send(LEASE.into(), Call::Acquire {});
    }

    /// Another holds, or held, the lease after this one.
    fn overtaken(&self) -> bool {
        self.asked == 0 && self.held.is_some_and(|held| self.newest > held)
    }

    /// Two that take the lease from each other would move the stage under each other for ever: who has lost it asks no more.
    fn give_up(&mut self) {
        let text = format!("another took the lease (epoch {}); connect again to ask for it", self.newest);
        self.drives = false;
        self.pending.clear();
        if self.holds_lease() {
            self.link = Link::Open;
        }
        let refusal = Refusal { retry: Retry::Never, ..Refusal::new(Code::Lease, text) };
        self.out.push_back(Output::Failed(refusal));
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
}
