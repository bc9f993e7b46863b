//! Who may give commands: one session at a time, for as long as it is heard of.
use super::{Output, Peer, Server};
use crate::bridge::{
    journal::{Entry, State},
    refusal::{Code, Refusal},
    wire::{Answer, Outgoing, Role},
};

/// States in which the lease can be had.
const ALLOWED: &str = "IDLE, SAFE, LEASED, RUNNING, HOLD";

/// The lease in force; its epoch is [`Server`]'s.
#[derive(Clone, Debug)]
pub(super) struct Lease {
    pub session: usize,
    pub role: Role,
    /// The connection that asked for it.
    peer: Peer,
    pub until_ms: u64,
}

/// Someone else wants it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub peer: Peer,
    session: usize,
    role: Role,
    id: String,
    pub until_ms: u64,
}

impl Server {
    pub(super) fn acquire(
        &mut self,
        peer: Peer,
        session: usize,
        role: Role,
        id: &str,
    ) -> Result<Option<Answer>, Refusal> {
        if matches!(self.state, State::Fault | State::Estop) {
            return Err(self.illegal("lease.acquire", ALLOWED));
        }
        // Asked twice over one connection: a second epoch would refuse what is on its way under the first.
        if self.lease.as_ref().is_some_and(|lease| lease.session == session && lease.peer == peer) {
            self.beat(session, self.epoch)?;
            return Ok(Some(Answer::Granted { epoch: self.epoch, ttl_ms: self.settings.lease_ms }));
        }
        // Said over a connection that its session has left for another, and late.
        let newer =
            |lease: &Lease| lease.session == session && lease.peer > peer && self.peers.contains_key(&lease.peer);
        if self.lease.as_ref().is_some_and(newer) {
            return Err(Refusal::new(Code::Lease, "a newer connection of the same session holds the lease"));
        }
        let free = self.lease.as_ref().is_none_or(|lease| lease.session == session);
        if free || role == Role::Supervisor {
            return Ok(Some(self.grant(peer, session, role)));
        }
        if self.asked.is_some() {
            return Err(Refusal::new(Code::Lease, "another already asks for the lease"));
        }
        let within_ms = self.settings.objection_ms;
        let until_ms = self.now_ms + within_ms;
        self.asked = Some(Asked { peer, session, role, id: id.into(), until_ms });
        for holder in self.peers_of_holder() {
            self.out.push_back(Output::Send(holder, Outgoing::LeaseAsked { within_ms }));
        }
        Ok(None)
    }

    fn grant(&mut self, peer: Peer, session: usize, role: Role) -> Answer {
        // What waited under the earlier epoch is refused: its planner has been replaced, or asks again.
        self.drop_queue("the lease was granted anew");
        self.epoch += 1;
        self.lease = Some(Lease { session, role, peer, until_ms: self.now_ms + self.settings.lease_ms });
        self.append(Entry::Granted { epoch: self.epoch, role });
        if self.state != State::Hold {
            self.enter(if self.running.is_some() { State::Running } else { State::Leased }, "lease granted");
        }
        self.keep_interlock();
        Answer::Granted { epoch: self.epoch, ttl_ms: self.settings.lease_ms }
    }

    /// The lease under `epoch`, held by `session`.
    pub(super) fn held(&mut self, session: usize, epoch: u64) -> Result<&mut Lease, Refusal> {
        let current = self.epoch;
        match self.lease.as_mut().filter(|lease| lease.session == session && epoch == current) {
            Some(lease) => Ok(lease),
            None => Err(Refusal::new(Code::Lease, format!("epoch {epoch}; allowed: that of the lease in force"))),
        }
    }

    pub(super) fn beat(&mut self, session: usize, epoch: u64) -> Result<(), Refusal> {
        let until_ms = self.now_ms + self.settings.lease_ms;
        self.held(session, epoch)?.until_ms = until_ms;
        Ok(())
    }

    pub(super) fn release(&mut self, session: usize, epoch: u64) -> Result<(), Refusal> {
        self.held(session, epoch)?;
        if self.running.is_some() {
            self.make_safe(State::Safe, "the lease was given back during a command");
        } else {
            self.lease = None;
            self.drop_queue("the lease was given back");
            self.enter(State::Idle, "the lease was given back");
        }
        Ok(())
    }

    pub(super) fn keep(&mut self, session: usize, epoch: u64) -> Result<(), Refusal> {
        self.held(session, epoch)?;
        if let Some(asked) = self.asked.take() {
            let refusal = Refusal::new(Code::Lease, "the holder keeps the lease");
            self.answer(asked.peer, asked.id, Err(refusal));
        }
        Ok(())
    }

    pub(super) fn expire_lease(&mut self) {
        if self.lease.as_ref().is_some_and(|lease| self.now_ms >= lease.until_ms) {
            self.make_safe(State::Safe, "no heartbeat");
        }
        let due = |asked: &mut Asked| self.lease.is_none() || self.now_ms >= asked.until_ms;
        if let Some(asked) = self.asked.take_if(due) {
            let granted = self.grant(asked.peer, asked.session, asked.role);
            self.answer(asked.peer, asked.id, Ok(granted));
        }
    }

    /// Whoever waits for the lease would get it now that nobody holds it, and with it the instrument out of a latched state.
    pub(super) fn refuse_wish(&mut self) {
        if let Some(asked) = self.asked.take() {
            let refusal = self.illegal("lease.acquire", ALLOWED);
            self.answer(asked.peer, asked.id, Err(refusal));
        }
    }

    fn peers_of_holder(&self) -> Vec<Peer> {
        let Some(lease) = &self.lease else { return Vec::new() };
        let holds = |session: Option<(usize, Role)>| session.is_some_and(|(session, _)| session == lease.session);
        self.peers.iter().filter(|(_, guest)| holds(guest.session)).map(|(peer, _)| *peer).collect()
    }
}
