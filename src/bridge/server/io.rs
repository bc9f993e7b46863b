//! What goes into the gateway's side, what comes out, and its settings.
use crate::{
    bridge::{
        envelope::Limits,
        journal::{Done, Numbered},
        status::Mode,
        wire::{Outgoing, Role},
    },
    microscope::Command,
};

/// A connection, as its shell numbers it: a later one has a greater number.
pub type Peer = u64;

/// Settings of a gateway.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The safety envelope.
    pub limits: Limits,
    /// How far the planner is trusted.
    pub mode: Mode,
    /// Silence after which a lease is lost, ms.
    pub lease_ms: u64,
    /// Time a holder has to object when another asks for the lease, ms.
    pub objection_ms: u64,
    /// Time a new connection has to introduce itself, ms.
    pub hello_ms: u64,
    /// What the clock said when `now_ms` was 0, ms since 1970 (UTC): entries carry the time.
    pub began_unix_ms: u64,
    /// Elements of a composition; readings with others are nonsense.
    pub components: usize,
    /// Nothing is exposed after a start before it has been measured how the image lies on the stage.
    pub calibrates_image: bool,
    /// The driver does not know after a start, or after something went wrong, where the stage is: it is moved back to its region
    /// before anything is exposed.
    pub returns: bool,
}

impl Settings {
    /// The times of the design: 5 s of silence, 10 s to object, 5 s to say hello.
    #[must_use]
    pub fn new(components: usize) -> Self {
        let limits = Limits::default();
        Self {
            limits,
            mode: Mode::Auto,
            lease_ms: 5000,
            objection_ms: 10_000,
            hello_ms: 5000,
            began_unix_ms: 0,
            components,
            calibrates_image: false,
            returns: false,
        }
    }
}

/// Anything that can happen to a gateway.
#[derive(Clone, Debug)]
pub enum Input {
    /// A session may be opened with this secret, up to this role.
    Admit(String, Role),
    /// A connection passed the handshake.
    Opened(Peer),
    /// It sent a text frame.
    Frame(Peer, String),
    /// It is gone.
    Closed(Peer),
    /// The instrument answered.
    Performed(Done),
    /// After a restart the instrument says what became of a command; `None` when it does not know.
    Recalled(String, Option<Done>),
    /// The instrument did not answer in the time it has for a command.
    Silent,
    /// The beam could not be blanked.
    BlankFailed,
    /// Raw arrays of a command could not be kept.
    DataLost,
    /// The interlock opened (`true`) or closed.
    Interlock(bool),
    /// Time has passed.
    Tick,
}

/// Anything a gateway wants from its surroundings.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Write this to the disk.
    Append(Numbered),
    /// Send this to a connection.
    Send(Peer, Outgoing),
    /// Send it the journal after this entry, up to that one.
    Serve(Peer, u64, u64),
    /// Send it the raw array of this name, as binary frames.
    SendData(Peer, String),
    /// Close it with this code.
    Close(Peer, u16),
    /// Have the instrument do this, under this identity.
    Perform(String, Command),
    /// Ask the instrument what became of this.
    Recall(String),
    /// Blank the beam, before anything else.
    Blank,
    /// Stop the stage.
    StopStage,
}
