//! Why something was not done, and what the other side may do about it.
use serde::{Deserialize, Serialize};

/// Kind of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Code {
    /// The frame is no strict JSON.
    #[serde(rename = "E_JSON")]
    Json,
    /// The frame is no message of this protocol, or too long.
    #[serde(rename = "E_FRAME")]
    Frame,
    /// The other side speaks another version.
    #[serde(rename = "E_VERSION")]
    Version,
    /// Not introduced, or the secret is wrong.
    #[serde(rename = "E_AUTH")]
    Auth,
    /// The role does not allow this.
    #[serde(rename = "E_ROLE")]
    Role,
    /// The lease is not held, or under a later epoch.
    #[serde(rename = "E_LEASE")]
    Lease,
    /// Not possible in this state of the gateway.
    #[serde(rename = "E_STATE")]
    State,
    /// The same command identity came with other arguments.
    #[serde(rename = "E_KEY_REUSE")]
    KeyReuse,
    /// Outside the safety envelope.
    #[serde(rename = "E_LIMIT")]
    Limit,
    /// Too many commands in a second.
    #[serde(rename = "E_RATE")]
    Rate,
    /// Too many commands waiting.
    #[serde(rename = "E_QUEUE")]
    Queue,
    /// The deadline passed before its turn came.
    #[serde(rename = "E_DEADLINE")]
    Deadline,
    /// Begun before a crash, and nobody knows whether it was done: redo or skip.
    #[serde(rename = "E_IN_DOUBT")]
    InDoubt,
    /// There is nothing under this name.
    #[serde(rename = "E_UNKNOWN")]
    Unknown,
    /// The operator refused it.
    #[serde(rename = "E_REFUSED")]
    Refused,
    /// The journal holds a command that the replayed planner would not give.
    #[serde(rename = "E_DIVERGED")]
    Diverged,
}

/// What may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Nothing: it will be refused again.
    Never,
    /// The same command under the same identity.
    SameCid,
    /// The same command under a new identity.
    NewCid,
    /// The same frame after this many milliseconds.
    AfterMs(u64),
}

/// Why something was not done. Nothing has changed by it and nothing has reached the instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[error("{text}")]
pub struct Refusal {
    /// Its kind.
    pub code: Code,
    /// The command it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cid: Option<String>,
    /// The field, the value and what is allowed, in words.
    pub text: String,
    /// What may be tried again.
    pub retry: Retry,
}

impl Refusal {
    /// A refusal with the retry word of its kind.
    pub fn new(code: Code, text: impl Into<String>) -> Self {
        let retry = match code {
            Code::Lease | Code::Deadline => Retry::SameCid,
            Code::Rate => Retry::AfterMs(1000),
            Code::Queue | Code::State => Retry::AfterMs(500),
            Code::KeyReuse => Retry::NewCid,
            _ => Retry::Never,
        };
        Self { code, cid: None, text: text.into(), retry }
    }

    /// The same about a command.
    #[must_use]
    pub fn about(mut self, cid: &str) -> Self {
        self.cid = Some(cid.into());
        self
    }
}
