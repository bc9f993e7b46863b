//! A campaign on file: configuration, every event, every score, and a digest over all of it.
//!
//! The text is canonical: what is read must be written back byte by byte, so that no changed byte passes. A replay runs the
//! planner again on the recorded replies and must reach the same decisions.
use super::{Campaign, Config, Event, Input, Score, StopReason, ValidConfig, World, run};
use crate::{
    error::Invalid,
    microscope::{Fault, Microscope, Reply, Request},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt::Write};

/// First field of every record.
pub const RECORD_FORMAT: &str = "gridscout-record";
/// Version of the format; a record of another version is refused.
pub const RECORD_VERSION: u32 = 1;

/// A campaign on file: configuration, every event, every score, and a digest over all of it. Its text is canonical, so that no
/// changed byte passes; a replay must reach the same decisions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    format: String,
    version: u32,
    engine: String,
    config: Config,
    events: Vec<Event>,
    scores: Vec<Score>,
    digest: String,
}

/// Why a record cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RecordError {
    /// Not a record at all.
    #[error("line {line}, column {column}: {text}; allowed: a record as `gridscout simulate --out` writes it")]
    Unreadable {
        /// Line of the text, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader says.
        text: String,
    },
    /// Made by another version.
    #[error("{field} is {value}; allowed: {allowed}")]
    Version {
        /// `format`, `version` or `engine`.
        field: &'static str,
        /// What it says.
        value: String,
        /// What this program reads.
        allowed: String,
    },
    /// A byte differs from how a record is written.
    #[error("byte {byte} differs from what this record would be written as; allowed: the file unchanged")]
    NotCanonical {
        /// Position, from 0.
        byte: usize,
    },
    /// The content does not have the digest it carries.
    #[error("digest is {found}, but the content has {computed}; allowed: a record that nobody has edited")]
    Digest {
        /// As written.
        found: String,
        /// As computed.
        computed: String,
    },
    /// The configuration cannot be used.
    #[error("config: {0}")]
    Config(#[from] Invalid),
    /// The planner decides otherwise.
    #[error("event {index}: recorded {recorded}, replayed {replayed}")]
    Diverged {
        /// Position among the events, from 0.
        index: usize,
        /// As recorded.
        recorded: String,
        /// As replayed.
        replayed: String,
    },
    /// The scores come out otherwise.
    #[error("scores after measurement {index} differ when replayed")]
    Scores {
        /// Position among the scores, from 0.
        index: usize,
    },
}

#[derive(Deserialize)]
struct Header {
    format: Option<String>,
    version: Option<u64>,
    engine: Option<String>,
}

impl Record {
    /// The record of a campaign as it stands.
    #[must_use]
    pub fn of(campaign: &mut Campaign) -> Self {
        let _ = campaign.scores();
        let mut record = Self {
            format: RECORD_FORMAT.into(),
            version: RECORD_VERSION,
            engine: env!("CARGO_PKG_VERSION").into(),
            config: (**campaign.config()).clone(),
            events: campaign.events().to_vec(),
            scores: campaign.scoreboard.scores().to_vec(),
            digest: String::new(),
        };
        record.digest = record.compute_digest();
        record
    }

    /// SHA-256 over configuration, events and scores as they stand in the text, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What happened.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The text of the record: one event a line.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let _ = write!(
            text,
            "{{\"format\":{},\"version\":{},\"engine\":{},\n\"config\":{},\n\"events\":[\n",
            json(&self.format),
            self.version,
            json(&self.engine),
            json(&self.config)
        );
        push_lines(&mut text, &self.events);
        text.push_str("],\n\"scores\":[\n");
        push_lines(&mut text, &self.scores);
        let _ = writeln!(text, "],\n\"digest\":{}}}", json(&self.digest));
        text
    }

    /// Read a record and verify its version, its form and its digest.
    ///
    /// # Errors
    /// See [`RecordError`].
    pub fn from_text(text: &str) -> Result<Self, RecordError> {
        let unreadable = |e: serde_json::Error| RecordError::Unreadable {
            line: e.line(),
            column: e.column(),
            text: e.to_string().split(" at line ").next().unwrap_or_default().to_string(),
        };
        let header: Header = serde_json::from_str(text).map_err(unreadable)?;
        let expect = |field, value: Option<String>, allowed: String| {
            let value = value.unwrap_or_else(|| "missing".into());
            if value == allowed { Ok(()) } else { Err(RecordError::Version { field, value, allowed }) }
        };
        expect("format", header.format, RECORD_FORMAT.into())?;
        expect("version", header.version.map(|v| v.to_string()), RECORD_VERSION.to_string())?;
        expect("engine", header.engine, env!("CARGO_PKG_VERSION").into())?;
        let record: Self = serde_json::from_str(text).map_err(unreadable)?;
        let computed = record.compute_digest();
        if record.digest != computed {
            return Err(RecordError::Digest { found: record.digest, computed });
        }
        let canonical = record.to_text();
        if canonical != text {
            let byte = canonical.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
            return Err(RecordError::NotCanonical { byte });
        }
        Ok(record)
    }

    /// Run the planner again on the recorded replies.
    ///
    /// # Errors
    /// The first event or score that comes out otherwise.
    pub fn replay(&self) -> Result<Campaign, RecordError> {
        let config: ValidConfig = self.config.clone().check()?;
        let (mut campaign, _) = World::new(config).open()?;
        let mut log = Recorded::new(&self.events);
        let stopped = self.events.last() == Some(&Event::Ended { reason: StopReason::Stopped });
        let length = self.events.len() - usize::from(stopped);
        super::run_until(&mut campaign, &mut log, |c| c.events().len() >= length && c.ended().is_none());
        if stopped {
            campaign.handle(Input::Stop);
        }
        let (old, new) = (&self.events, campaign.events());
        if let Some(index) = (0..old.len().max(new.len())).find(|i| old.get(*i) != new.get(*i)) {
            let show = |e: Option<&Event>| e.map_or_else(|| "nothing".to_string(), json);
            return Err(RecordError::Diverged {
                index,
                recorded: show(old.get(index)),
                replayed: show(new.get(index)),
            });
        }
        let _ = campaign.scores();
        let scores = campaign.scoreboard.scores();
        match (0..self.scores.len().max(scores.len())).find(|i| self.scores.get(*i) != scores.get(*i)) {
            Some(index) => Err(RecordError::Scores { index }),
            None => Ok(campaign),
        }
    }

    fn compute_digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut line = |text: String| {
            hash.update(text.as_bytes());
            hash.update(b"\n");
        };
        line(json(&self.config));
        self.events.iter().for_each(|e| line(json(e)));
        self.scores.iter().for_each(|s| line(json(s)));
        hash.finalize().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

/// Simulate a checked configuration to its end.
///
/// # Errors
/// The library turns out to be empty, or the first region chosen holds no particle.
pub fn simulate(config: ValidConfig) -> Result<Campaign, Invalid> {
    let (mut campaign, mut microscope) = World::new(config).open()?;
    run(&mut campaign, &mut microscope);
    Ok(campaign)
}

fn push_lines<T: Serialize>(text: &mut String, items: &[T]) {
    for (i, item) in items.iter().enumerate() {
        text.push_str(&json(item));
        text.push_str(if i + 1 < items.len() { ",\n" } else { "\n" });
    }
}

/// All types of a record serialise: they hold finite numbers, strings and lists.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A microscope that answers from a record.
struct Recorded(BTreeMap<u32, Reply>);

impl Recorded {
    fn new(events: &[Event]) -> Self {
        let replies = events.iter().filter_map(|e| match e {
            Event::Received(reply) => Some((reply.id, reply.clone())),
            _ => None,
        });
        Self(replies.collect())
    }
}

impl Microscope for Recorded {
    fn perform(&mut self, request: &Request) -> Reply {
        self.0.remove(&request.id).unwrap_or_else(|| Reply {
            id: request.id,
            took_secs: 0.0,
            outcome: Err(Fault::Refused { reason: "the record holds no reply to this request".into() }),
        })
    }
}
