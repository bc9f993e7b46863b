//! A planner that writes down what it was told, and a supervisor who looks at what is in doubt.
use crate::{
    common,
    served::{Served, call, hear},
};
use gridscout::{
    bridge::{
        client::{self, Client},
        journal::{Done, Entry, Numbered, Verdict},
        wire::{Answer, Call, Outgoing, Role},
    },
    campaign::{Input, Output, World},
};
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};
use tokio_tungstenite::tungstenite::{self, Message};

const PATIENCE: Duration = Duration::from_secs(20);

/// What a planner was told, by which the gateway is held to account.
#[derive(Default)]
pub struct Told {
    pub answers: Vec<Done>,
    pub entries: Vec<Numbered>,
    /// Digest of the record, when the campaign came to its end.
    pub digest: Option<String>,
    /// How the connection ended otherwise.
    pub ended: String,
}

impl Told {
    fn hear(&mut self, text: &str) {
        match Outgoing::parse(text).unwrap() {
            Outgoing::Answer { result: Ok(Answer::Done(done)), .. } => self.answers.push(done),
            Outgoing::Event(entry) => self.entries.push(entry),
            _ => {}
        }
    }
}

/// Drive a campaign until it or the connection ends.
pub fn plan(served: &Served, settings: &[(&str, &str)]) -> Told {
    let mut told = Told::default();
    if let Err(error) = drive(served, settings, &mut told) {
        told.ended = error.to_string();
    }
    told
}

fn drive(served: &Served, settings: &[(&str, &str)], told: &mut Told) -> tungstenite::Result<()> {
    let (mut campaign, _) = World::new(common::config(settings)).open().unwrap();
    let mut client = Client::new("run", &served.bearer(), 1);
    let mut socket = served.dial()?;
    socket.get_ref().set_read_timeout(Some(Duration::from_millis(100)))?;
    let began = Instant::now();
    let now = || began.elapsed().as_millis() as u64;
    campaign.handle(Input::Start);
    while campaign.ended().is_none() {
        assert!(began.elapsed() < PATIENCE, "the campaign hangs");
        if let Output::Send(request) = campaign.poll() {
            client.handle(now(), client::Input::Ask(request));
        }
        let input = match client.poll() {
            Some(client::Output::Connect) => client::Input::Opened,
            Some(client::Output::Send(text)) => {
                socket.send(Message::text(text))?;
                continue;
            }
            Some(client::Output::Reply(reply)) => {
                campaign.handle(Input::Reply(reply));
                continue;
            }
            Some(client::Output::Heard(_)) => continue,
            Some(other) => panic!("{other:?}"),
            None => match socket.read() {
                Ok(Message::Text(text)) => {
                    told.hear(&text);
                    client::Input::Frame(text.as_str().into())
                }
                Ok(Message::Close(frame)) => {
                    told.ended = format!("closed {:?}", frame.map(|frame| u16::from(frame.code)));
                    return Ok(());
                }
                Ok(_) => continue,
                Err(tungstenite::Error::Io(e)) if e.kind() == std::io::ErrorKind::WouldBlock => client::Input::Tick(0),
                Err(error) => return Err(error),
            },
        };
        client.handle(now(), input);
    }
    told.digest = Some(campaign.summary().digest);
    Ok(())
}

/// A supervisor looks at a gateway that was started again: which commands are in doubt, by name. Each is said to be done again.
pub fn settle(served: &Served, mut look: impl FnMut()) -> Vec<String> {
    let mut socket = served.greet(Role::Supervisor, Some(0)).unwrap();
    let (mut open, mut named) = (BTreeSet::new(), BTreeSet::new());
    let (mut seen, mut until) = (0, None);
    while until.is_none_or(|until| seen < until) || open != named {
        match hear(&mut socket).unwrap() {
            Outgoing::Answer { result: Ok(Answer::Welcome { jseq, .. }), .. } => until = Some(jseq),
            Outgoing::Event(Numbered { jseq, entry, .. }) => {
                seen = jseq;
                match entry {
                    Entry::Intent { cid, .. } => drop(open.insert(cid)),
                    Entry::InDoubt { cid } => drop(named.insert(cid)),
                    Entry::Outcome(Done { cid, .. }) | Entry::Resolved { cid, .. } => {
                        open.remove(&cid);
                        named.remove(&cid);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    if !named.is_empty() {
        look();
    }
    for cid in &named {
        call(&mut socket, "resolve", Call::Resolve { cid: cid.clone(), verdict: Verdict::Redo }).unwrap();
        loop {
            match hear(&mut socket).unwrap() {
                Outgoing::Answer { id: Some(id), result } if id == "resolve" => break drop(result.unwrap()),
                _ => {}
            }
        }
    }
    named.into_iter().collect()
}
