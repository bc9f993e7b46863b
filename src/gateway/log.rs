//! What is logged of entries and answers: numbers, roles and codes. Never a text that a client sent: a secret may stand in the
//! wrong place, and a refusal repeats what it refuses.
use crate::bridge::{
    journal::{Entry, Numbered, State},
    server::Peer,
    wire::{Answer, Outgoing},
};

pub fn entry(numbered: &Numbered) {
    let jseq = numbered.jseq;
    match &numbered.entry {
        Entry::State { to: State::Fault | State::Estop, why } => tracing::error!(jseq, why, "ALARM"),
        entry => tracing::info!(jseq, entry = %entry.name(), "journal"),
    }
}

pub fn answer(peer: Peer, message: &Outgoing) {
    match message {
        Outgoing::Answer { result: Ok(Answer::Welcome { role, .. }), .. } => {
            tracing::info!(peer, ?role, "introduced");
        }
        Outgoing::Answer { result: Err(refusal), .. } => {
            let code = serde_json::to_value(refusal.code).unwrap_or_default();
            tracing::warn!(peer, code = code.as_str(), "refused");
        }
        _ => {}
    }
}
