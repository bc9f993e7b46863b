//! A gateway's state machine with four connections, and what it wants looked at.
use gridscout::{
    bridge::{
        journal::{Done, Numbered},
        refusal::Code,
        server::{Input, Output, Server, Settings},
        status::Status,
        wire::{Answer, Call, Hello, Incoming, Outgoing, PROTOCOL, Role, Submit},
    },
    microscope::{Command, Fault, Reading},
};

pub const DRIVER: u64 = 1;
pub const OTHER: u64 = 2;
pub const OBSERVER: u64 = 3;
pub const CHIEF: u64 = 4;

pub struct Desk {
    pub server: Server,
    pub now: u64,
    pub journal: Vec<Numbered>,
    /// What was wanted since it was last looked at, journal entries left out.
    pub wanted: Vec<Output>,
}

pub type Answered = Result<Answer, Code>;

impl Desk {
    pub fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::new(3);
        change(&mut settings);
        Self::over(Self { server: Server::recover(settings, []), now: 0, journal: Vec::new(), wanted: Vec::new() })
    }

    /// The same with everyone connected anew.
    pub fn over(mut desk: Self) -> Self {
        for (peer, role) in
            [(DRIVER, Role::Driver), (OTHER, Role::Driver), (OBSERVER, Role::Observer), (CHIEF, Role::Supervisor)]
        {
            desk.feed(Input::Admit(format!("secret {peer}"), role));
            desk.feed(Input::Opened(peer));
            let welcome = desk.hello(peer, &format!("secret {peer}"), role);
            assert!(matches!(welcome, Some(Ok(Answer::Welcome { .. }))), "{welcome:?}");
        }
        desk.wanted.clear();
        desk
    }

    pub fn feed(&mut self, input: Input) {
        self.server.handle(self.now, input);
        while let Some(output) = self.server.poll() {
            match output {
                Output::Append(entry) => self.journal.push(entry),
                other => self.wanted.push(other),
            }
        }
    }

    pub fn hello(&mut self, peer: u64, secret: &str, role: Role) -> Option<Answered> {
        let hello = Hello { protocol: PROTOCOL.into(), secret: secret.into(), role, last_jseq: None };
        self.ask(peer, Call::Hello(hello))
    }

    /// The answer, when there is one at once.
    pub fn ask(&mut self, peer: u64, call: Call) -> Option<Answered> {
        self.feed(Input::Frame(peer, Incoming { id: "q".into(), call }.to_text()));
        self.answer_to(peer)
    }

    /// The last answer that a connection was sent.
    pub fn answer_to(&self, peer: u64) -> Option<Answered> {
        self.wanted.iter().rev().find_map(|output| match output {
            Output::Send(to, Outgoing::Answer { result, .. }) if *to == peer => {
                Some(result.clone().map_err(|e| e.code))
            }
            _ => None,
        })
    }

    /// The text of the last refusal that a connection was sent.
    pub fn said_to(&self, peer: u64) -> &str {
        let mut refusals = self.wanted.iter().rev().filter_map(|output| match output {
            Output::Send(to, Outgoing::Answer { result: Err(refusal), .. }) if *to == peer => Some(&*refusal.text),
            _ => None,
        });
        refusals.next().unwrap_or_default()
    }

    /// The last status that a connection was sent.
    pub fn status_of(&self, peer: u64) -> Option<&Status> {
        self.wanted.iter().rev().find_map(|output| match output {
            Output::Send(to, Outgoing::Status(status)) if *to == peer => Some(&**status),
            _ => None,
        })
    }

    pub fn lease(&mut self, peer: u64) -> u64 {
        match self.ask(peer, Call::Acquire {}) {
            Some(Ok(Answer::Granted { epoch, .. })) => epoch,
            other => panic!("{other:?}"),
        }
    }

    pub fn submit(&mut self, peer: u64, cid: &str, epoch: u64, op: Command) -> Option<Answered> {
        self.wanted.clear();
        self.ask(peer, Call::Submit(Submit { cid: cid.into(), epoch, op, deadline_ms: 1000 }))
    }

    pub fn performs(&self) -> usize {
        self.wanted.iter().filter(|output| matches!(output, Output::Perform(..))).count()
    }

    pub fn answer_with(&mut self, cid: &str, outcome: Result<Reading, Fault>) {
        self.feed(Input::Performed(Done::new(cid, 1.0, outcome)));
    }

    pub fn wait(&mut self, ms: u64) {
        self.now += ms;
        self.feed(Input::Tick);
    }

    /// The beam is off before anything else is done.
    pub fn blanked_first(&self) -> bool {
        matches!(self.wanted.first(), Some(Output::Blank)) && matches!(self.wanted.get(1), Some(Output::StopStage))
    }
}
