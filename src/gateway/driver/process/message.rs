//! The lines that go to and from a program.
use crate::gateway::driver::instrument::{Matrix, Operation};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Value;

/// What the first line must name.
pub const PROTOCOL: &str = "gridscout.instrument.v1";
/// Longest line, bytes: an image of 1024 × 1024 pixels and something to say about it.
pub const MAX_LINE_BYTES: usize = 6 * 1024 * 1024;

/// The first line of a program.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// [`PROTOCOL`].
    pub hello: String,
    /// What it is.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it can do.
    pub operations: Vec<Operation>,
    /// See [`crate::gateway::driver::instrument::Instrument::image_to_stage`].
    pub image_to_stage: Matrix,
    /// Whether the beam is blanked when the program ends, however it ends.
    pub blanks_on_exit: bool,
}

impl Hello {
    /// # Errors
    /// It is no first line of this protocol.
    pub fn parse(line: &[u8]) -> Result<Self, String> {
        let hello: Self = serde_json::from_slice(line).map_err(|error| format!("its first line: {error}"))?;
        if hello.hello != PROTOCOL {
            return Err(format!("its protocol is {:?}; allowed: {PROTOCOL}", hello.hello));
        }
        let needed = [Operation::BlankBeam, Operation::MoveStage, Operation::GetStage];
        match needed.iter().find(|operation| !hello.operations.contains(operation)) {
            Some(missing) => Err(format!("it has no {missing:?}")),
            None => Ok(hello),
        }
    }
}

/// One line to a program.
#[derive(Debug, Serialize)]
pub struct Request<A> {
    pub id: u64,
    pub op: Operation,
    #[serde(flatten)]
    pub args: A,
}

/// A line from it that answers nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
    interlock: Interlock,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Interlock {
    Open,
    Closed,
}

/// Whether a line says that the interlock is open; none when it says nothing of it.
pub fn interlock(line: &[u8]) -> Option<bool> {
    serde_json::from_slice(line).ok().map(|notice: Notice| notice.interlock == Interlock::Open)
}

/// One line from it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    id: u64,
    ok: Option<Value>,
    error: Option<String>,
}

/// The id of a reply, and what it says.
///
/// # Errors
/// It is no reply.
pub fn reply(line: &[u8]) -> Result<(u64, Result<Value, String>), String> {
    match serde_json::from_slice(line) {
        Ok(Reply { id, ok: Some(value), error: None }) => Ok((id, Ok(value))),
        Ok(Reply { id, ok: None, error: Some(text) }) => Ok((id, Err(text.chars().take(300).collect()))),
        Ok(Reply { id, .. }) => Err(format!("reply {id} has not either `ok` or `error`")),
        Err(error) => Err(format!("a line that is no reply: {error}")),
    }
}

/// No arguments, or nothing to say.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The reply to `acquire_scanned_image`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    pub values: Floats,
}

/// The reply to `acquire_spectrum`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spectrum {
    pub first_ev: f64,
    pub step_ev: f64,
    #[serde(default = "one")]
    pub counts_per_electron: f64,
    pub counts: Floats,
}

fn one() -> f64 {
    1.0
}

/// 32-bit floats, little-endian, in base64.
#[derive(Debug)]
pub struct Floats(pub Vec<f32>);

impl<'de> Deserialize<'de> for Floats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)?;
        let (whole, []) = bytes.as_chunks::<4>() else {
            return Err(D::Error::custom(format!("{} bytes are no whole number of 32-bit floats", bytes.len())));
        };
        Ok(Self(whole.iter().map(|four| f32::from_le_bytes(*four)).collect()))
    }
}
