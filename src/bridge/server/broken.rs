//! A gateway whose journal cannot be written: it does nothing more, says so to everyone who asks, and still stops.
use super::{CLOSE_BROKEN, Guest, Input, Output, Server};
use crate::bridge::{
    journal::State,
    refusal::{Code, Refusal},
    wire::{Answer, Call, Hello, Incoming},
};

impl Server {
    /// An entry could not be written. Nothing that waited for it is done; the gateway must be started again.
    pub fn journal_failed(&mut self) {
        self.broken = true;
        self.state = State::Fault;
        (self.lease, self.asked, self.running) = (None, None, None);
        self.queue.clear();
        self.out.clear();
        self.out.extend([Output::Blank, Output::StopStage]);
        let peers = std::mem::take(&mut self.peers);
        self.out.extend(peers.into_keys().map(|peer| Output::Close(peer, CLOSE_BROKEN)));
    }

    /// What is left without a journal: everybody is told of it, and the emergency stop stops.
    pub(super) fn without_journal(&mut self, input: Input) {
        match input {
            Input::Opened(peer) => {
                self.peers.insert(peer, Guest::new(self.now_ms));
            }
            Input::Closed(peer) => self.leave(peer),
            Input::Frame(peer, text) => match Incoming::parse(&text) {
                // Nothing is read to it from a journal whose end nobody knows.
                Ok(Incoming { id, call: Call::Hello(hello) }) => {
                    self.greet(peer, id, &Hello { last_jseq: None, ..hello })
                }
                Ok(Incoming { call: Call::Ping { .. }, .. }) | Err(_) => self.frame(peer, &text),
                Ok(Incoming { id, call }) => {
                    let greeted = self.peers.get(&peer).is_some_and(|guest| guest.session.is_some());
                    let result = if greeted && matches!(call, Call::EmergencyStop {}) {
                        self.out.extend([Output::Blank, Output::StopStage]);
                        Ok(Answer::Accepted {})
                    } else {
                        Err(Refusal::new(Code::State, "the journal cannot be written; start the gateway again"))
                    };
                    self.answer(peer, id, result);
                }
            },
            _ => {}
        }
        self.expire();
        self.announce();
    }
}
