//! What crosses the wire: JSON-RPC 2.0, commands and readings of [`crate::microscope`] inside.
use super::{
    journal::{Done, Numbered, State, Verdict},
    refusal::{Code, Refusal},
    status::Status,
    strict,
};
use crate::microscope::Command;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Name of the protocol: the WebSocket subprotocol, and what `hello` must say.
pub const PROTOCOL: &str = "gridscout.v1";
/// Longest identity of a command, bytes.
pub const MAX_CID_BYTES: usize = 128;

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Look, and press the emergency stop.
    Observer,
    /// Also hold the lease and give commands.
    Driver,
    /// Also approve, hold, take the lease over at once, settle doubts and reset.
    Supervisor,
}

/// A request to the gateway: the `method` and `params` of its JSON-RPC frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "method", content = "params", deny_unknown_fields)]
pub enum Call {
    /// The first frame of a connection.
    #[serde(rename = "hello")]
    Hello(Hello),
    /// Ask for the lease.
    #[serde(rename = "lease.acquire")]
    Acquire {},
    /// Give it back.
    #[serde(rename = "lease.release")]
    Release {
        /// Of the lease held.
        epoch: u64,
    },
    /// Keep it from the one who asked for it.
    #[serde(rename = "lease.keep")]
    Keep {
        /// Of the lease held.
        epoch: u64,
    },
    /// The planner lives. Sent by its Worker every two seconds, never by the socket.
    #[serde(rename = "hb")]
    Heartbeat {
        /// Of the lease held.
        epoch: u64,
        /// Counts up in a connection.
        n: u64,
        /// Iteration of the campaign.
        iteration: u64,
    },
    /// A sign of life that needs no lease; answered with the same number.
    #[serde(rename = "ping")]
    Ping {
        /// Counts up in a connection.
        n: u64,
    },
    /// Have the instrument do something.
    #[serde(rename = "cmd")]
    Submit(Submit),
    /// Decide about a command in doubt.
    #[serde(rename = "resolve")]
    Resolve {
        /// The command.
        cid: String,
        /// Redo or skip.
        verdict: Verdict,
    },
    /// Let a proposed command go ahead, or not.
    #[serde(rename = "approve")]
    Approve {
        /// The command.
        cid: String,
        /// Whether it goes ahead.
        yes: bool,
    },
    /// Take up no further command.
    #[serde(rename = "hold")]
    Hold {},
    /// Take them up again.
    #[serde(rename = "resume")]
    Resume {},
    /// Emergency stop; from any role, latched.
    #[serde(rename = "estop")]
    EmergencyStop {},
    /// Leave a latched state.
    #[serde(rename = "reset")]
    Reset {},
    /// Send a raw array, as the binary frames of [`super::data`].
    #[serde(rename = "fetch")]
    Fetch {
        /// Its name in the journal.
        hash: String,
    },
    /// Send the journal again.
    #[serde(rename = "resync")]
    Resync {
        /// After this entry.
        after_jseq: u64,
    },
}

/// Introduction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// [`PROTOCOL`].
    pub protocol: String,
    /// Of the session.
    pub secret: String,
    /// Wanted.
    pub role: Role,
    /// Last journal entry seen; nothing is sent again without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_jseq: Option<u64>,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// Its identity for ever: whatever comes under it a second time is not done a second time.
    pub cid: String,
    /// Of the lease held.
    pub epoch: u64,
    /// What to do.
    pub op: Command,
    /// Longest wait for its turn, ms.
    pub deadline_ms: u64,
}

/// What a request is answered with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// To `hello`.
    Welcome {
        /// State of the gateway.
        state: State,
        /// Last entry of the journal.
        jseq: u64,
        /// Role given.
        role: Role,
    },
    /// To `lease.acquire`.
    Granted {
        /// Under which commands are accepted.
        epoch: u64,
        /// Silence after which it is lost, ms.
        ttl_ms: u64,
    },
    /// To `lease.acquire` when another holds it: it comes when that one does not object in time.
    Asked {
        /// Time it has, ms.
        within_ms: u64,
    },
    /// To `hb` and `ping`.
    Alive {
        /// The same number.
        n: u64,
    },
    /// To `cmd`: what stands in the journal.
    Done(Done),
    /// To everything else.
    Accepted {},
}

/// A frame to the gateway.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// Under which it is answered.
    pub id: String,
    /// What is asked.
    pub call: Call,
}

impl Incoming {
    /// Read a frame.
    ///
    /// # Errors
    /// [`Code::Json`] or [`Code::Frame`], naming what is wrong.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let bad = |text: String| Refusal::new(Code::Frame, text);
        let Value::Object(mut frame) = strict::parse(text)? else { return Err(bad("a frame is an object".into())) };
        if frame.remove("jsonrpc") != Some(json!("2.0")) {
            return Err(bad("jsonrpc; allowed: \"2.0\"".into()));
        }
        let id = match frame.remove("id") {
            Some(Value::String(id)) if (1..=MAX_CID_BYTES).contains(&id.len()) => id,
            other => return Err(bad(format!("id {other:?}; allowed: a text of 1 to {MAX_CID_BYTES} bytes"))),
        };
        let call: Call = serde_json::from_value(Value::Object(frame)).map_err(|e| bad(e.to_string()))?;
        let cid = match &call {
            Call::Submit(Submit { cid, .. }) | Call::Resolve { cid, .. } | Call::Approve { cid, .. } => cid,
            _ => &id,
        };
        if !(1..=MAX_CID_BYTES).contains(&cid.len()) {
            return Err(bad(format!("cid of {} bytes; allowed: 1 to {MAX_CID_BYTES}", cid.len())));
        }
        Ok(Self { id, call })
    }

    /// The frame.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut frame = serde_json::to_value(&self.call).unwrap_or_default();
        frame["jsonrpc"] = json!("2.0");
        frame["id"] = json!(self.id);
        frame.to_string()
    }
}

/// A frame from the gateway.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing {
    /// Answer to a request.
    Answer {
        /// Of the request; none when it could not be read.
        id: Option<String>,
        /// What became of it.
        result: Result<Answer, Refusal>,
    },
    /// A new entry of the journal.
    Event(Numbered),
    /// To the holder of the lease: another wants it, and gets it unless the holder keeps it in this time, ms.
    LeaseAsked {
        /// Time to object.
        within_ms: u64,
    },
    /// What the gateway is doing now.
    Status(Box<Status>),
}

/// JSON-RPC's number for an error of the application.
pub const APPLICATION_ERROR: i32 = -32000;

/// The frame of [`Outgoing::Event`] around an entry that is text already.
#[must_use]
pub fn event_of(entry: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","method":"event","params":{entry}}}"#)
}

impl Outgoing {
    /// The frame.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Answer { id, result: Ok(answer) } => json!({"jsonrpc": "2.0", "id": id, "result": answer}),
            Self::Answer { id, result: Err(refusal) } => {
                let error = json!({"code": APPLICATION_ERROR, "message": refusal.text, "data": refusal});
                json!({"jsonrpc": "2.0", "id": id, "error": error})
            }
            Self::Event(entry) => json!({"jsonrpc": "2.0", "method": "event", "params": entry}),
            Self::LeaseAsked { within_ms } => {
                json!({"jsonrpc": "2.0", "method": "lease.asked", "params": {"within_ms": within_ms}})
            }
            Self::Status(status) => json!({"jsonrpc": "2.0", "method": "status", "params": status}),
        }
        .to_string()
    }

    /// Read a frame.
    ///
    /// # Errors
    /// As [`Incoming::parse`]; the length is not limited, the gateway is trusted with what it serves.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let bad = |e: serde_json::Error| Refusal::new(Code::Frame, e.to_string());
        let mut frame: Value = serde_json::from_str(text).map_err(bad)?;
        let params = frame["params"].take();
        match frame["method"].as_str() {
            Some("event") => return serde_json::from_value(params).map(Self::Event).map_err(bad),
            Some("lease.asked") => {
                return Ok(Self::LeaseAsked { within_ms: params["within_ms"].as_u64().unwrap_or_default() });
            }
            Some("status") => return serde_json::from_value(params).map(Self::Status).map_err(bad),
            _ => {}
        }
        let id = frame["id"].as_str().map(str::to_owned);
        let result = if frame["error"].is_object() {
            Err(serde_json::from_value(frame["error"]["data"].take()).map_err(bad)?)
        } else {
            Ok(serde_json::from_value(frame["result"].take()).map_err(bad)?)
        };
        Ok(Self::Answer { id, result })
    }
}
