//! The gateway's side as a state machine that performs no I/O.
//!
//! Contract: after every [`Server::handle`], carry out [`Server::poll`]'s outputs one by one, in order, until there is none.
//! [`Output::Append`] is done when the entry is on the disk, and not before; when that fails, call
//! [`Server::journal_failed`] at once. Every other output relies on the entries before it.
mod broken;
mod commands;
mod io;
mod lease;
mod notices;
mod place;
mod recover;

pub use super::status::Mode;
pub use io::{Input, Output, Peer, Settings};

use super::{
    envelope::Usage,
    journal::{Entry, Numbered, State},
    refusal::{Code, Refusal},
    status::Status,
    window::Window,
    wire::{Answer, Call, Hello, Incoming, Outgoing, PROTOCOL, Role},
};
use commands::{Job, Known};
use lease::Lease;
use place::Place;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Close code of a connection that is not who it says, or says nothing.
pub const CLOSE_AUTH: u16 = 4401;
/// Close code of a reader that is too slow; it comes back with the last entry that it knows.
pub const CLOSE_SLOW: u16 = 4008;
/// Close code when the journal cannot be written.
pub const CLOSE_BROKEN: u16 = 1011;
/// Wrong secrets, or wrong codes, in a minute, from all connections together. Past them no code is looked at; a right secret
/// always opens.
pub const TRIES_A_MINUTE: usize = 5;
/// Entries of the journal that one connection may ask for again in a second, beyond its first request: who reads all of it again
/// and again would hold up everybody, and the emergency stop with them.
pub const REREAD: u64 = 5000;
/// The minute, ms.
pub const MINUTE_MS: u64 = 60_000;

/// See the [module documentation](self).
pub struct Server {
    settings: Settings,
    now_ms: u64,
    state: State,
    jseq: u64,
    sessions: Vec<(Vec<u8>, Role)>,
    wrong: Window,
    peers: BTreeMap<Peer, Guest>,
    epoch: u64,
    lease: Option<Lease>,
    asked: Option<lease::Asked>,
    known: BTreeMap<String, Known>,
    in_doubt: BTreeSet<String>,
    /// Names of the raw arrays in the journal.
    data: BTreeSet<String>,
    queue: VecDeque<Job>,
    running: Option<String>,
    usage: Usage,
    run_began_ms: Option<u64>,
    particles_in_view: usize,
    /// How many particles the overview of each region showed.
    seen: BTreeMap<u32, usize>,
    /// Since this start.
    image_calibrated: bool,
    place: Place,
    accepted: Window,
    interlock_open: bool,
    broken: bool,
    told: Option<Status>,
    out: VecDeque<Output>,
}

/// A connection.
#[derive(Clone, Copy, Debug)]
struct Guest {
    since_ms: u64,
    /// Session and role; none before hello.
    session: Option<(usize, Role)>,
    /// Entries of the journal that it asked for again, and since when they are counted, ms.
    reread: (u64, u64),
}

impl Guest {
    fn new(since_ms: u64) -> Self {
        Self { since_ms, session: None, reread: (0, since_ms) }
    }

    /// Whether so many more entries may be read for it now: any number once in a second, few of them more often.
    fn may_reread(&mut self, entries: u64, now_ms: u64) -> bool {
        let (read, since_ms) = &mut self.reread;
        if now_ms >= *since_ms + 1000 {
            (*read, *since_ms) = (0, now_ms);
        }
        let allowed = *read == 0 || *read + entries <= REREAD;
        if allowed {
            *read += entries;
        }
        allowed
    }
}

impl Server {
    /// Feed one input at a time that never goes back. Drain [`Self::poll`] before the next.
    pub fn handle(&mut self, now_ms: u64, input: Input) {
        self.now_ms = self.now_ms.max(now_ms);
        if self.broken {
            return self.without_journal(input);
        }
        match input {
            Input::Admit(secret, role) => self.sessions.push((digest(&secret), role)),
            Input::Opened(peer) => {
                self.peers.insert(peer, Guest::new(self.now_ms));
            }
            Input::Frame(peer, text) => self.frame(peer, &text),
            Input::Closed(peer) => self.leave(peer),
            Input::Performed(done) => self.performed(done),
            Input::Recalled(cid, done) => self.recalled(&cid, done),
            Input::Silent => self.silent(),
            Input::BlankFailed => self.blank_failed(),
            Input::DataLost => self.latch(State::Fault, "raw data could not be kept"),
            Input::Interlock(open) => {
                self.interlock_open = open;
                self.keep_interlock();
            }
            Input::Tick => {}
        }
        self.expire();
        self.pump();
        self.announce();
    }

    /// The next thing to do. Never blocks.
    #[must_use]
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// State of the gateway.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// Whether the instrument is at work.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// When something happens without any input, ms; the latest time for the next [`Input::Tick`].
    #[must_use]
    pub fn wakes_ms(&self) -> Option<u64> {
        let strangers =
            self.peers.values().filter(|g| g.session.is_none()).map(|g| g.since_ms + self.settings.hello_ms);
        let jobs = self.queue.iter().map(|job| job.until_ms);
        let lease = self.lease.iter().map(|l| l.until_ms).chain(self.asked.iter().map(|a| a.until_ms));
        strangers.chain(jobs).chain(lease).min()
    }

    fn frame(&mut self, peer: Peer, text: &str) {
        if !self.peers.contains_key(&peer) {
            return;
        }
        match Incoming::parse(text) {
            Ok(Incoming { id, call: Call::Hello(hello) }) => self.greet(peer, id, &hello),
            Ok(Incoming { id, call }) => match self.call(peer, &id, call) {
                Ok(Some(answer)) => self.answer(peer, id, Ok(answer)),
                Ok(None) => {}
                Err(refusal) => self.answer(peer, id, Err(refusal)),
            },
            Err(refusal) => self.out.push_back(Output::Send(peer, Outgoing::Answer { id: None, result: Err(refusal) })),
        }
    }

    fn greet(&mut self, peer: Peer, id: String, hello: &Hello) {
        let result = self.hello(peer, hello);
        let stranger = result.as_ref().is_err_and(|refusal| refusal.code != Code::Role);
        let welcome = result.is_ok();
        self.answer(peer, id, result);
        if welcome {
            self.brief(peer);
        }
        if stranger {
            self.out.push_back(Output::Close(peer, CLOSE_AUTH));
            self.leave(peer);
        }
    }

    /// `Ok(None)`: answered later.
    fn call(&mut self, peer: Peer, id: &str, call: Call) -> Result<Option<Answer>, Refusal> {
        let Some((session, role)) = self.peers.get(&peer).and_then(|guest| guest.session) else {
            return Err(Refusal::new(Code::Auth, "say hello first"));
        };
        let needs = |least: Role| {
            let text = format!("role {role:?}; allowed: {least:?} or higher");
            if role >= least { Ok(()) } else { Err(Refusal::new(Code::Role, text)) }
        };
        match call {
            Call::EmergencyStop {} => self.latch(State::Estop, "emergency stop"),
            Call::Resync { after_jseq } => {
                let (entries, now_ms) = (self.jseq.saturating_sub(after_jseq), self.now_ms);
                if !self.peers.get_mut(&peer).is_some_and(|guest| guest.may_reread(entries, now_ms)) {
                    let text = format!("{entries} more entries in the same second; allowed: {REREAD}");
                    return Err(Refusal::new(Code::Rate, text));
                }
                self.out.push_back(Output::Serve(peer, after_jseq, self.jseq));
            }
            Call::Hello(_) => {}
            Call::Ping { n } => return Ok(Some(Answer::Alive { n })),
            Call::Fetch { hash } => {
                if !self.data.contains(&hash) {
                    return Err(Refusal::new(
                        Code::Unknown,
                        "hash of no raw array; allowed: one that the journal names",
                    ));
                }
                self.out.push_back(Output::SendData(peer, hash));
            }
            Call::Acquire {} => {
                needs(Role::Driver)?;
                return self.acquire(peer, session, role, id);
            }
            Call::Heartbeat { epoch, n, .. } => {
                self.beat(session, epoch)?;
                return Ok(Some(Answer::Alive { n }));
            }
            Call::Release { epoch } => self.release(session, epoch)?,
            Call::Keep { epoch } => self.keep(session, epoch)?,
            Call::Submit(submit) => {
                needs(Role::Driver)?;
                return self.submit(peer, session, id, submit);
            }
            Call::Approve { cid, yes } => {
                needs(Role::Supervisor)?;
                self.approve(&cid, yes)?;
            }
            Call::Resolve { cid, verdict } => {
                needs(Role::Supervisor)?;
                self.resolve(&cid, verdict)?;
            }
            Call::Hold {} => {
                needs(Role::Driver)?;
                self.hold("asked for");
            }
            Call::Resume {} => {
                needs(Role::Supervisor)?;
                self.resume()?;
            }
            Call::Reset {} => {
                needs(Role::Supervisor)?;
                self.reset()?;
            }
        }
        Ok(Some(Answer::Accepted {}))
    }

    fn hello(&mut self, peer: Peer, hello: &Hello) -> Result<Answer, Refusal> {
        if hello.protocol != PROTOCOL {
            return Err(Refusal::new(Code::Version, format!("protocol {:?}; allowed: {PROTOCOL}", hello.protocol)));
        }
        let wanted = digest(&hello.secret);
        // All sessions are compared, each by its digest: the time taken says nothing about a secret.
        let found = self.sessions.iter().enumerate().fold(
            None,
            |found, (i, (have, role))| {
                if *have == wanted { Some((i, *role)) } else { found }
            },
        );
        // Only wrong secrets are limited: 256 bits cannot be guessed, and a limit on the right one would let any stranger keep
        // the operator from the emergency stop. The code on the console is short: there the limit is for everybody.
        let Some((session, most)) = found else {
            if self.wrong.is_full(self.now_ms) {
                return Err(Refusal::new(Code::Auth, "too many wrong secrets; wait a minute"));
            }
            self.wrong.count(self.now_ms);
            return Err(Refusal::new(Code::Auth, "the secret is wrong"));
        };
        if hello.role > most {
            return Err(Refusal::new(Code::Role, format!("role {:?}; allowed: up to {most:?}", hello.role)));
        }
        if let Some(guest) = self.peers.get_mut(&peer) {
            guest.session = Some((session, hello.role));
        }
        if let Some(last) = hello.last_jseq {
            self.out.push_back(Output::Serve(peer, last, self.jseq));
        }
        Ok(Answer::Welcome { state: self.state, jseq: self.jseq, role: hello.role })
    }

    fn answer(&mut self, peer: Peer, id: String, result: Result<Answer, Refusal>) {
        if self.peers.contains_key(&peer) {
            self.out.push_back(Output::Send(peer, Outgoing::Answer { id: Some(id), result }));
        }
    }

    fn leave(&mut self, peer: Peer) {
        self.peers.remove(&peer);
        self.known.values_mut().for_each(|known| known.waiting.retain(|(waiter, _)| *waiter != peer));
        self.asked.take_if(|asked| asked.peer == peer);
    }

    /// Strangers who say nothing, and everything that has a time limit.
    fn expire(&mut self) {
        let late = |g: &Guest| g.session.is_none() && self.now_ms >= g.since_ms + self.settings.hello_ms;
        let late: Vec<Peer> = self.peers.iter().filter(|(_, g)| late(g)).map(|(peer, _)| *peer).collect();
        for peer in late {
            self.out.push_back(Output::Close(peer, CLOSE_AUTH));
            self.leave(peer);
        }
        self.expire_lease();
    }

    /// Onto the disk, then to everyone who said hello.
    fn append(&mut self, entry: Entry) {
        self.jseq += 1;
        let entry = Numbered { jseq: self.jseq, unix_ms: self.settings.began_unix_ms + self.now_ms, entry };
        self.out.push_back(Output::Append(entry.clone()));
        let greeted = self.peers.iter().filter(|(_, guest)| guest.session.is_some());
        self.out.extend(greeted.map(|(peer, _)| Output::Send(*peer, Outgoing::Event(entry.clone()))));
    }

    fn enter(&mut self, to: State, why: &str) {
        if self.state != to {
            self.state = to;
            self.append(Entry::State { to, why: why.into() });
        }
    }

    /// Beam off and stage still, whatever the journal does; then the queue, then the state.
    fn make_safe(&mut self, to: State, why: &str) {
        self.out.push_front(Output::StopStage);
        self.out.push_front(Output::Blank);
        self.lease = None;
        self.drop_queue(why);
        self.enter(to, why);
    }

    fn latch(&mut self, to: State, why: &str) {
        // A fault does not hide an emergency stop.
        let to = if self.state == State::Estop { State::Estop } else { to };
        self.make_safe(to, why);
        self.refuse_wish();
    }

    /// Ordering it once more would fail once more, for ever: the stage is stopped, nothing begins, a person must look.
    fn blank_failed(&mut self) {
        self.latch(State::Fault, "the beam could not be blanked");
        self.out.retain(|output| *output != Output::Blank);
    }

    /// An interlock that was open before the lease was granted holds as much as one that opens later.
    fn keep_interlock(&mut self) {
        if self.interlock_open {
            self.hold("the interlock is open");
        }
    }

    fn hold(&mut self, why: &str) {
        if matches!(self.state, State::Leased | State::Running) {
            self.enter(State::Hold, why);
        }
    }

    fn resume(&mut self) -> Result<(), Refusal> {
        if self.state != State::Hold {
            return Err(self.illegal("resume", "HOLD"));
        }
        if self.interlock_open {
            return Err(Refusal::new(Code::State, "the interlock is open; allowed: closed"));
        }
        self.enter(if self.running.is_some() { State::Running } else { State::Leased }, "resumed");
        Ok(())
    }

    fn reset(&mut self) -> Result<(), Refusal> {
        if !matches!(self.state, State::Safe | State::Fault | State::Estop) {
            return Err(self.illegal("reset", "SAFE, FAULT, ESTOP"));
        }
        // Whatever it was, the beam is off before anything begins; when that fails this is a fault again.
        self.out.push_back(Output::Blank);
        self.enter(State::Idle, "reset");
        Ok(())
    }

    fn illegal(&self, what: &str, allowed: &str) -> Refusal {
        Refusal::new(Code::State, format!("{what} in state {:?}; allowed in: {allowed}", self.state))
    }
}

fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
