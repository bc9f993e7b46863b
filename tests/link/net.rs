//! A simulated network, clock, disk and instrument around the two state machines of the bridge.
use gridscout::{
    bridge::{
        client::{self, Client},
        journal::{Done, Entry, Numbered, State, Verdict},
        server::{self, Server, Settings},
        wire::{Call, Hello, Incoming, Outgoing, PROTOCOL, Role},
    },
    campaign::{Campaign, Input, Output, Record, World},
    microscope::{Command, Microscope, Request, Simulated},
    rng::{Purpose, Stream},
};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// Nothing passes.
    Partition,
    /// Nothing passes one way.
    OneWay,
    /// Everything is late.
    Delay,
    /// Frames come twice.
    Duplicate,
    /// Frames overtake each other.
    Reorder,
    /// The gateway dies, at times between two outputs, and is started again from its journal.
    GatewayCrash,
    /// The planner dies and begins its campaign anew.
    ClientRestart,
}

enum Happens {
    ToServer(u64, String),
    ToClient(u64, String),
    OpenedAtServer(u64),
    ClosedAtServer(u64),
    ClosedAtClient(u64),
    Finished(String),
    Tick,
    Crash,
    Restart,
    NewClient,
}

/// What is left at the end.
pub struct End {
    /// Exposures for each command identity, in the instrument's own book.
    pub exposures: BTreeMap<String, u32>,
    /// Digest of the record; none when the campaign did not end.
    pub digest: Option<String>,
    pub ms: u64,
    pub sent_again: usize,
    pub doubts: usize,
    /// Times the lease was lost.
    pub losses: usize,
}

/// The identity in a frame that carries a command.
fn cid(text: &str) -> Option<&str> {
    text.contains("\"method\":\"cmd\"").then(|| text.split("\"cid\":\"").nth(1)?.split('"').next())?
}

/// The same frame for a gateway without dedupe: what comes again is taken for new.
fn looks_new(text: &str) -> String {
    cid(text).map_or_else(|| text.to_owned(), |cid| text.replace(&format!("\"{cid}\""), &format!("\"{cid}~again\"")))
}

const SECRET: &str = "correct horse";
const OPERATOR: u64 = 1_000_000;
const LATENCY_MS: u64 = 5;
const EXPOSURE_MS: u64 = 200;
const GIVE_UP_MS: u64 = 600_000;

pub struct Net<'a> {
    world: &'a World,
    trouble: Trouble,
    dedupe: bool,
    dice: Stream,
    windows: Vec<(u64, u64)>,
    now: u64,
    count: u64,
    calendar: BTreeMap<(u64, u64), Happens>,
    /// Last delivery in each direction: frames stay in order.
    last: [u64; 2],
    connection: u64,
    server: Option<Server>,
    journal: Vec<Numbered>,
    /// The gateway dies before this many outputs more.
    fuse: Option<u32>,
    client: Client,
    /// Last journal entry that the client passed on.
    heard: u64,
    campaign: Campaign,
    instrument: Simulated,
    exposures: BTreeMap<String, u32>,
    memory: BTreeMap<String, Done>,
    sent: BTreeMap<String, u32>,
    blanked: bool,
    losses: usize,
    doubts: usize,
}

impl<'a> Net<'a> {
    pub fn new(world: &'a World, trouble: Trouble, seed: u64, dedupe: bool) -> Self {
        let mut dice = Stream::new(seed as u32, Purpose::Choice, trouble as u64);
        let mut windows = Vec::new();
        let mut at = 0;
        for _ in 0..4 {
            at += 20 + u64::from(dice.below(4000));
            let until = at + 200 + u64::from(dice.below(9000));
            windows.push((at, until));
            at = until;
        }
        let (campaign, instrument) = world.clone().open().unwrap();
        let mut net = Self {
            world,
            trouble,
            dedupe,
            dice,
            windows,
            now: 0,
            count: 0,
            calendar: BTreeMap::new(),
            last: [0; 2],
            connection: 0,
            server: None,
            journal: Vec::new(),
            fuse: None,
            client: Client::new("run", SECRET, seed as u32).told_after(0),
            heard: 0,
            campaign,
            instrument,
            exposures: BTreeMap::new(),
            memory: BTreeMap::new(),
            sent: BTreeMap::new(),
            blanked: true,
            losses: 0,
            doubts: 0,
        };
        for (from, _) in net.windows.clone() {
            match trouble {
                Trouble::GatewayCrash => net.at(from, Happens::Crash),
                Trouble::ClientRestart => net.at(from, Happens::NewClient),
                _ => {}
            }
        }
        net
    }

    pub fn run(mut self) -> End {
        self.restart();
        self.campaign.handle(Input::Start);
        self.at(0, Happens::Tick);
        self.drain();
        while let Some(((at, _), what)) = self.calendar.pop_first() {
            if self.campaign.ended().is_some() || at > GIVE_UP_MS {
                break;
            }
            self.now = at;
            self.happen(what);
            self.drain();
        }
        let ended = self.campaign.ended().is_some();
        End {
            digest: ended.then(|| Record::of(&mut self.campaign).digest().to_string()),
            exposures: self.exposures,
            ms: self.now,
            sent_again: self.sent.values().map(|n| *n as usize - 1).sum(),
            doubts: self.doubts,
            losses: self.losses,
        }
    }

    fn at(&mut self, when: u64, what: Happens) {
        self.count += 1;
        self.calendar.insert((when, self.count), what);
    }

    fn troubled(&self) -> bool {
        self.windows.iter().any(|(from, until)| (*from..*until).contains(&self.now))
    }

    /// Put a frame on its way; `way` 0 is to the server.
    fn carry(&mut self, way: usize, text: String) {
        let connection = self.connection;
        let frame =
            |text| if way == 0 { Happens::ToServer(connection, text) } else { Happens::ToClient(connection, text) };
        let mut latency = LATENCY_MS;
        if self.troubled() {
            match self.trouble {
                Trouble::Partition => return,
                Trouble::OneWay if self.windows[0].0 % 2 == way as u64 => return,
                Trouble::Delay => latency += u64::from(self.dice.below(4000)),
                Trouble::Duplicate if self.dice.below(2) == 0 => {
                    let later = self.now + LATENCY_MS + u64::from(self.dice.below(3000));
                    let copy = if self.dedupe { text.clone() } else { looks_new(&text) };
                    self.at(later, frame(copy));
                }
                Trouble::Reorder => {
                    let when = self.now + LATENCY_MS + u64::from(self.dice.below(800));
                    return self.at(when, frame(text));
                }
                _ => {}
            }
        }
        let when = (self.now + latency).max(self.last[way]);
        self.last[way] = when;
        self.at(when, frame(text));
    }

    fn happen(&mut self, what: Happens) {
        match what {
            Happens::ToServer(peer, text) => self.tell_server(server::Input::Frame(peer, text)),
            Happens::OpenedAtServer(peer) => {
                if self.server.is_some() {
                    self.tell_server(server::Input::Opened(peer));
                    self.client.handle(self.now, client::Input::Opened);
                } else {
                    self.client.handle(self.now, client::Input::Closed);
                }
            }
            Happens::ClosedAtServer(peer) => self.tell_server(server::Input::Closed(peer)),
            Happens::ToClient(peer, text) if peer == self.connection => {
                self.client.handle(self.now, client::Input::Frame(text.replace("~again", "")));
            }
            Happens::ClosedAtClient(peer) if peer == self.connection => {
                self.client.handle(self.now, client::Input::Closed);
            }
            Happens::ToClient(..) | Happens::ClosedAtClient(_) => {}
            Happens::Finished(cid) => {
                self.blanked = true;
                let done = self.memory[&cid].clone();
                self.tell_server(server::Input::Performed(done));
            }
            Happens::Tick => {
                self.client.handle(self.now, client::Input::Tick(self.campaign.entries().len() as u64));
                self.tell_server(server::Input::Tick);
                self.at(self.now + 50, Happens::Tick);
            }
            // Anywhere between the next outputs, so also between an intent and its exposure.
            Happens::Crash => self.fuse = Some(self.dice.below(12)),
            Happens::Restart => self.restart(),
            Happens::NewClient => {
                self.tell_server(server::Input::Closed(self.connection));
                self.connection += 1;
                self.client = Client::new("run", SECRET, self.count as u32).told_after(0);
                self.heard = 0;
                self.campaign = self.world.clone().open().unwrap().0;
                self.campaign.handle(Input::Start);
            }
        }
    }

    fn tell_server(&mut self, input: server::Input) {
        if let Some(server) = &mut self.server {
            server.handle(self.now, input);
        }
    }

    fn restart(&mut self) {
        let components = self.campaign.config().elements.len();
        let mut server = Server::recover(Settings::new(components), self.journal.iter().cloned());
        server.handle(self.now, server::Input::Admit(SECRET.into(), Role::Supervisor));
        server.handle(self.now, server::Input::Opened(OPERATOR));
        let (protocol, secret) = (PROTOCOL.into(), SECRET.into());
        let hello = Call::Hello(Hello { protocol, secret, role: Role::Supervisor, last_jseq: None });
        server.handle(self.now, server::Input::Frame(OPERATOR, Incoming { id: "hello".into(), call: hello }.to_text()));
        self.server = Some(server);
    }

    fn crash(&mut self) {
        self.server = None;
        self.fuse = None;
        self.at(self.now + LATENCY_MS, Happens::ClosedAtClient(self.connection));
        let pause = 1000 + u64::from(self.dice.below(3000));
        self.at(self.now + pause, Happens::Restart);
    }

    /// Carry out everything both sides want.
    fn drain(&mut self) {
        loop {
            if let Output::Send(request) = self.campaign.poll() {
                self.client.handle(self.now, client::Input::Ask(request));
            }
            if let Some(output) = self.client.poll() {
                self.client_wants(output);
            } else if let Some(output) = self.server.as_mut().and_then(Server::poll) {
                match self.fuse.as_mut() {
                    Some(0) => self.crash(),
                    fuse => {
                        if let Some(left) = fuse {
                            *left -= 1;
                        }
                        self.server_wants(output);
                    }
                }
            } else {
                return;
            }
        }
    }

    fn client_wants(&mut self, output: client::Output) {
        match output {
            client::Output::Connect => {
                self.connection += 1;
                self.last = [0; 2];
                let blocked = self.troubled() && self.trouble == Trouble::Partition;
                let what = if blocked { Happens::ClosedAtClient } else { Happens::OpenedAtServer };
                self.at(self.now + 2 * LATENCY_MS, what(self.connection));
            }
            client::Output::Send(text) => {
                let times = cid(&text).map_or(0, |cid| {
                    let times = self.sent.entry(cid.to_owned()).or_default();
                    *times += 1;
                    *times
                });
                let again = if self.dedupe { 0 } else { times.saturating_sub(1) };
                self.carry(0, (0..again).fold(text, |text, _| looks_new(&text)));
            }
            client::Output::Close => self.at(self.now + LATENCY_MS, Happens::ClosedAtServer(self.connection)),
            client::Output::Reply(reply) => self.campaign.handle(Input::Reply(reply)),
            client::Output::Heard(Outgoing::Event(numbered)) => {
                assert_eq!(numbered.jseq, self.heard + 1, "{:?}: an entry was passed over or told twice", self.trouble);
                assert!(!self.dedupe || numbered == self.journal[self.heard as usize]);
                self.heard += 1;
            }
            client::Output::Heard(_) => {}
            client::Output::Failed(refusal) => panic!("{:?}: {refusal:?}", self.trouble),
        }
    }

    fn server_wants(&mut self, output: server::Output) {
        match output {
            server::Output::Append(numbered) => {
                assert_eq!(numbered.jseq, self.journal.len() as u64 + 1, "the journal has a gap");
                match &numbered.entry {
                    Entry::State { to: State::Safe, .. } => {
                        self.losses += 1;
                        assert!(self.blanked, "safe, and the beam on");
                    }
                    Entry::InDoubt { cid } => self.settle_doubt(cid.clone()),
                    _ => {}
                }
                self.journal.push(numbered);
            }
            server::Output::Send(OPERATOR, _) | server::Output::SendData(..) => {}
            server::Output::Serve(_, after, until) => {
                let entries = self.journal[(after as usize).min(until as usize)..until as usize].to_vec();
                for numbered in entries {
                    self.carry(1, Outgoing::Event(numbered).to_text());
                }
            }
            server::Output::Send(_, message) => self.carry(1, message.to_text()),
            server::Output::Close(peer, _) => self.at(self.now + LATENCY_MS, Happens::ClosedAtClient(peer)),
            server::Output::Perform(cid, op) => self.perform(cid, op),
            server::Output::Recall(cid) => {
                let done = self.memory.get(&cid).cloned();
                self.tell_server(server::Input::Recalled(cid, done));
            }
            server::Output::Blank => self.blanked = true,
            server::Output::StopStage => {}
        }
    }

    /// The operator looks at the instrument: it has never heard of this command, so it may be done.
    fn settle_doubt(&mut self, cid: String) {
        self.doubts += 1;
        assert!(!self.exposures.contains_key(&cid));
        let call = Call::Resolve { cid, verdict: Verdict::Redo };
        let text = Incoming { id: "resolve".into(), call }.to_text();
        self.at(self.now + 700, Happens::ToServer(OPERATOR, text));
    }

    fn perform(&mut self, cid: String, op: Command) {
        let plain = cid.replace("~again", "");
        *self.exposures.entry(plain).or_default() += 1;
        self.blanked = false;
        let reply = self.instrument.perform(&Request { id: 0, command: op });
        let done = Done::new(cid.clone(), reply.took_secs, reply.outcome);
        self.memory.insert(cid.clone(), done);
        self.at(self.now + EXPOSURE_MS, Happens::Finished(cid));
    }
}
