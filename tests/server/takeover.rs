//! Two planners that both want the lease: who has lost it to the other does not take it back.
use crate::desk::Desk;
use gridscout::{
    bridge::{
        client::{Client, Input, Link, Output},
        journal::{Entry, State},
        refusal::Code,
        server::{self, Input as At},
        wire::{Call, Role},
    },
    microscope::{Command, Request},
};

/// Planners at the desk, each over a connection that can be cut.
struct Two {
    desk: Desk,
    clients: Vec<(u64, Client, Vec<Code>)>,
    /// Connections that carry nothing.
    cut: Vec<u64>,
}

const FIRST: u64 = 11;
const SECOND: u64 = 12;

impl Two {
    fn new() -> Self {
        let mut desk = Desk::new(|_| {});
        for peer in [FIRST, SECOND] {
            desk.feed(At::Admit(format!("secret {peer}"), Role::Supervisor));
        }
        Self { desk, clients: Vec::new(), cut: Vec::new() }
    }

    fn join(&mut self, peer: u64, run: &str) {
        let client = Client::new(run, &format!("secret {peer}"), peer as u32).with_role(Role::Supervisor).told_after(0);
        self.clients.push((peer, client, Vec::new()));
    }

    fn pass(&mut self, ms: u64) {
        for _ in 0..ms / 100 {
            for (peer, client, failed) in &mut self.clients {
                client.handle(self.desk.now, Input::Tick(0));
                while let Some(output) = client.poll() {
                    match output {
                        Output::Connect if self.cut.contains(peer) => client.handle(self.desk.now, Input::Closed),
                        Output::Connect => {
                            self.desk.feed(At::Opened(*peer));
                            client.handle(self.desk.now, Input::Opened);
                        }
                        Output::Send(text) if !self.cut.contains(peer) => self.desk.feed(At::Frame(*peer, text)),
                        Output::Failed(refusal) => failed.push(refusal.code),
                        _ => {}
                    }
                }
            }
            self.desk.wait(100);
            for output in std::mem::take(&mut self.desk.wanted) {
                let frames = match output {
                    server::Output::Send(peer, message) => vec![(peer, message.to_text())],
                    server::Output::Serve(peer, from, to) => {
                        let told = self.desk.journal.iter().filter(|n| n.jseq > from && n.jseq <= to);
                        told.map(|n| (peer, gridscout::bridge::wire::Outgoing::Event(n.clone()).to_text())).collect()
                    }
                    _ => Vec::new(),
                };
                for (peer, text) in frames {
                    let to = self.clients.iter_mut().find(|(of, ..)| *of == peer && !self.cut.contains(of));
                    if let Some((_, client, _)) = to {
                        client.handle(self.desk.now, Input::Frame(text));
                    }
                }
            }
        }
    }

    fn cut(&mut self, peer: u64) {
        self.cut.push(peer);
        self.desk.feed(At::Closed(peer));
        let now = self.desk.now;
        self.of(peer).0.handle(now, Input::Closed);
    }

    fn of(&mut self, peer: u64) -> (&mut Client, &[Code]) {
        let (_, client, failed) = self.clients.iter_mut().find(|(of, ..)| *of == peer).expect("joined");
        (client, failed)
    }

    fn grants(&self) -> usize {
        self.desk.journal.iter().filter(|n| matches!(n.entry, Entry::Granted { .. })).count()
    }
}

#[test]
fn the_second_takes_it_once_and_the_first_says_so_once() {
    let mut two = Two::new();
    two.join(FIRST, "run");
    two.pass(1000);
    assert!(two.of(FIRST).0.holds_lease());
    two.join(SECOND, "trial");
    two.pass(30_000);
    assert_eq!((two.grants(), two.desk.server.state()), (2, State::Leased), "they take it from each other");
    assert_eq!(two.of(FIRST).1, [Code::Lease]);
    assert_eq!(two.of(FIRST).0.link(), Link::Open, "it goes on watching");
    assert!(two.of(SECOND).0.holds_lease() && two.of(SECOND).1.is_empty());
    // What it would ask for now goes nowhere.
    let (now, request) = (two.desk.now, Request { id: 0, command: Command::Overview });
    two.of(FIRST).0.handle(now, Input::Ask(request));
    two.pass(5000);
    assert!(!two.desk.journal.iter().any(|n| matches!(n.entry, Entry::Intent { .. })));
}

#[test]
fn who_was_away_meanwhile_does_not_take_it_back_unknowingly() {
    let mut two = Two::new();
    two.join(FIRST, "run");
    two.pass(1000);
    two.cut(FIRST);
    two.join(SECOND, "trial");
    two.pass(3000);
    assert!(two.of(SECOND).0.holds_lease());
    two.cut.clear();
    two.pass(20_000);
    assert_eq!((two.grants(), two.of(FIRST).1.to_vec()), (2, vec![Code::Lease]));
    assert!(two.of(SECOND).0.holds_lease());
}

#[test]
fn a_lease_that_nobody_took_is_asked_for_again() {
    let mut two = Two::new();
    two.join(FIRST, "run");
    two.pass(1000);
    // A short break, and one that costs the lease.
    two.cut(FIRST);
    two.cut.clear();
    two.pass(3000);
    assert!(two.of(FIRST).0.holds_lease());
    two.cut(FIRST);
    two.pass(7000);
    assert_eq!(two.desk.server.state(), State::Safe);
    two.desk.ask(crate::desk::CHIEF, Call::Reset {});
    two.cut.clear();
    two.pass(12_000);
    assert!(two.of(FIRST).0.holds_lease());
    assert!(two.of(FIRST).1.is_empty());
}

/// A driver has asked for the lease and waits for an objection; then the state latches.
fn wished_and(latch: impl FnOnce(&mut Desk)) -> Desk {
    use crate::desk::{DRIVER, OTHER};
    let mut desk = Desk::new(|_| {});
    desk.lease(DRIVER);
    assert_eq!(desk.ask(OTHER, Call::Acquire {}), None, "it waits");
    latch(&mut desk);
    desk
}

#[test]
fn a_wish_for_the_lease_undoes_no_emergency_stop_and_no_fault() {
    use crate::desk::{CHIEF, OBSERVER, OTHER};
    let stopped = wished_and(|desk| {
        desk.ask(OBSERVER, Call::EmergencyStop {});
    });
    let faulty = wished_and(|desk| desk.feed(At::BlankFailed));
    for (mut desk, state) in [(stopped, State::Estop), (faulty, State::Fault)] {
        assert_eq!((desk.server.state(), desk.answer_to(OTHER)), (state, Some(Err(Code::State))));
        desk.wait(60_000);
        assert_eq!(desk.server.state(), state, "the lease was granted");
        assert_eq!(desk.journal.iter().filter(|n| matches!(n.entry, Entry::Granted { .. })).count(), 1);
        assert_eq!(desk.ask(OTHER, Call::Acquire {}), Some(Err(Code::State)));
        // After a reset it can be had again.
        desk.ask(CHIEF, Call::Reset {});
        desk.lease(OTHER);
    }
}
