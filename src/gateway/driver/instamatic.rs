//! Instamatic's TEM server: JSON over TCP, lengths in nm; see `src/docs/drivers/instamatic.md`.
//!
//! Its messages have neither frames nor identities, and two connections can be given each other's answers: there is one
//! connection with one call on its way, and it is given up with everything that may still come when anything is wrong with it.
use super::instrument::{Instrument, Matrix, Operation, Spectrum, StageReading, Urgent};
use crate::{gateway::clock::Clock, microscope::Fault};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{
    io::{ErrorKind, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// For a call that returns when the stage has arrived.
const MOVE_MS: u64 = 100_000;
/// The server reads no more at a time, and a longer message would be two.
const MAX_CALL_BYTES: usize = 1024;
const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// A microscope behind Instamatic's TEM server. It has a stage and a blanker here, and no exposures: it is never unblanked.
pub struct Instamatic {
    line: Arc<Line>,
    speed: Option<f64>,
}

struct Line {
    server: String,
    quick_ms: u64,
    clock: Clock,
    stream: Mutex<Option<TcpStream>>,
    /// The server moves the stage and takes no order until it has arrived.
    deaf: AtomicBool,
    /// Read back since this connection was made.
    beam_is_off: AtomicBool,
}

impl Instamatic {
    /// Connect to `host:port` and blank the beam. With a `speed`, in Instamatic's own units, moves are waited for inside the server,
    /// which forgets the speed otherwise and takes no other order meanwhile. Anything else has `quick_ms`.
    ///
    /// # Errors
    /// There is no server, it does not speak JSON, or it does not blank the beam.
    pub fn open(server: &str, speed: Option<f64>, quick_ms: u64) -> Result<Self, String> {
        let line = Line {
            server: server.into(),
            quick_ms,
            clock: Clock::start(),
            stream: Mutex::new(None),
            deaf: AtomicBool::new(false),
            beam_is_off: AtomicBool::new(false),
        };
        line.blank_beam()?;
        Ok(Self { line: Arc::new(line), speed })
    }
}

impl Instrument for Instamatic {
    fn offers(&self, operation: Operation) -> bool {
        use Operation::{BlankBeam, GetStage, MoveStage, StopStage};
        matches!(operation, BlankBeam | GetStage | MoveStage | StopStage)
    }

    fn image_to_stage(&self) -> Matrix {
        Matrix::UPRIGHT
    }

    fn move_stage(&mut self, x_m: f64, y_m: f64) -> Result<(), Fault> {
        let nm = |m: f64| (m * 1e9).round() as i64;
        let (x, y) = (nm(x_m), nm(y_m));
        let Some(speed) = self.speed else {
            return self.line.call(
                "setStagePosition",
                &[],
                json!({ "x": x, "y": y, "wait": false }),
                self.line.quick_ms,
            );
        };
        // No order is heard during the move: the beam is off before it.
        self.line.try_blank()?;
        self.line.deaf.store(true, Ordering::SeqCst);
        let arguments = json!({ "x": x, "y": y, "speed": speed, "wait": true });
        let moved = self.line.call("setStagePosition", &[], arguments, MOVE_MS);
        self.line.deaf.store(false, Ordering::SeqCst);
        moved
    }

    fn get_stage(&mut self) -> Result<StageReading, Fault> {
        let [x_nm, y_nm, ..]: [f64; 5] = self.line.get("getStagePosition")?;
        let moving = self.line.get("isStageMoving")?;
        Ok(StageReading { x_m: x_nm * 1e-9, y_m: y_nm * 1e-9, moving })
    }

    fn set_fov(&mut self, _: f64) -> Result<(), Fault> {
        nothing()
    }

    fn set_image_shift(&mut self, _: f64, _: f64) -> Result<(), Fault> {
        nothing()
    }

    fn acquire_scanned_image(&mut self, _: u32, _: f64) -> Result<Vec<f32>, Fault> {
        nothing()
    }

    fn place_beam(&mut self, _: f64, _: f64) -> Result<(), Fault> {
        nothing()
    }

    fn acquire_spectrum(&mut self, _: f64) -> Result<Spectrum, Fault> {
        nothing()
    }

    fn unblank_beam(&mut self) -> Result<(), Fault> {
        nothing()
    }

    fn urgent(&self) -> Arc<dyn Urgent> {
        self.line.clone()
    }
}

impl Urgent for Line {
    /// Believed when it is read back.
    fn blank_beam(&self) -> Result<(), String> {
        self.try_blank().or_else(|fault| match fault {
            Fault::TimedOut => Err(fault.to_string()),
            // The connection may have been an old one.
            _ => self.try_blank().map_err(|fault| fault.to_string()),
        })
    }

    fn stop_stage(&self) -> Result<(), String> {
        let deaf = "the server moves the stage at a set speed and is deaf until it has arrived";
        let mut stream = self.lock_unless_deaf().ok_or(deaf)?;
        self.ask(&mut stream, "stopStage", &[], json!({}), self.quick_ms).map_err(|fault| fault.to_string())
    }
}

impl Line {
    fn get<T: DeserializeOwned>(&self, function: &str) -> Result<T, Fault> {
        self.call(function, &[], json!({}), self.quick_ms)
    }

    fn call<T: DeserializeOwned>(
        &self,
        function: &str,
        arguments: &[Value],
        named: Value,
        within_ms: u64,
    ) -> Result<T, Fault> {
        self.ask(&mut self.lock(), function, arguments, named, within_ms)
    }

    fn try_blank(&self) -> Result<(), Fault> {
        let Some(mut stream) = self.lock_unless_deaf() else {
            // Read back before the move, and nobody else is heard until it ends.
            let off = self.beam_is_off.load(Ordering::SeqCst);
            return if off { Ok(()) } else { Err(Fault::TimedOut) };
        };
        self.ask::<()>(&mut stream, "setBeamBlank", &[json!(true)], json!({}), self.quick_ms)?;
        let is_off = self.ask(&mut stream, "isBeamBlanked", &[], json!({}), self.quick_ms)?;
        self.beam_is_off.store(is_off, Ordering::SeqCst);
        let reason = "the beam was ordered to be blanked, and is read back as not blanked";
        if is_off { Ok(()) } else { Err(Fault::Refused { reason: reason.into() }) }
    }

    fn ask<T: DeserializeOwned>(
        &self,
        stream: &mut Option<TcpStream>,
        function: &str,
        arguments: &[Value],
        named: Value,
        within_ms: u64,
    ) -> Result<T, Fault> {
        let call = json!({ "func_name": function, "args": arguments, "kwargs": named });
        let answer = self.exchange(stream, call.to_string().as_bytes(), within_ms);
        let value = answer.inspect_err(|_| self.hang_up(stream))?;
        match serde_json::from_value(value.clone()) {
            Ok((200, value)) => serde_json::from_value(value).map_err(|error| {
                self.hang_up(stream);
                Fault::Nonsense { reason: format!("the answer to {function}: {error}") }
            }),
            Ok((500, error)) => Err(Fault::Refused { reason: said(function, &error) }),
            Ok((status, _)) => {
                self.hang_up(stream);
                Err(Fault::Nonsense { reason: format!("status {status} for {function}; allowed: 200, 500") })
            }
            Err(_) => {
                self.hang_up(stream);
                Err(Fault::Nonsense { reason: format!("the answer to {function} is no pair of a status and a value") })
            }
        }
    }

    fn hang_up(&self, stream: &mut Option<TcpStream>) {
        self.beam_is_off.store(false, Ordering::SeqCst);
        *stream = None;
    }

    fn exchange(&self, stream: &mut Option<TcpStream>, call: &[u8], within_ms: u64) -> Result<Value, Fault> {
        let refused = |error: std::io::Error| Fault::Refused { reason: format!("Instamatic's server: {error}") };
        if call.len() > MAX_CALL_BYTES {
            return Err(Fault::Refused { reason: format!("a call of {} bytes", call.len()) });
        }
        let until_ms = self.clock.now_ms() + within_ms;
        if stream.is_none() {
            *stream = Some(self.connect().map_err(refused)?);
        }
        let Some(stream) = stream else { return Err(Fault::TimedOut) };
        unasked(stream)?;
        stream.write_all(call).map_err(refused)?;
        let (mut answer, mut piece) = (Vec::new(), [0; 2048]);
        loop {
            let left = self.clock.until(until_ms);
            if left.is_zero() {
                return Err(Fault::TimedOut);
            }
            stream.set_read_timeout(Some(left)).map_err(refused)?;
            match stream.read(&mut piece) {
                Ok(0) => return Err(Fault::Refused { reason: "Instamatic's server hung up".into() }),
                Ok(n) => answer.extend_from_slice(&piece[..n]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
                Err(error) => return Err(refused(error)),
            }
            match serde_json::from_slice(&answer) {
                Ok(value) => return Ok(value),
                // No frames: a whole answer is one that can be read.
                Err(error) if error.is_eof() && answer.len() < MAX_ANSWER_BYTES => {}
                Err(error) => return Err(Fault::Nonsense { reason: format!("an answer that is no JSON: {error}") }),
            }
        }
    }

    fn connect(&self) -> std::io::Result<TcpStream> {
        let unknown = std::io::Error::new(ErrorKind::NotFound, format!("{}: no such address", self.server));
        let address = self.server.to_socket_addrs()?.next().ok_or(unknown)?;
        let stream = TcpStream::connect_timeout(&address, Duration::from_millis(self.quick_ms))?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(Duration::from_millis(self.quick_ms)))?;
        Ok(stream)
    }

    /// The connection when its call ends; none when that is a move that is waited for inside the server.
    fn lock_unless_deaf(&self) -> Option<MutexGuard<'_, Option<TcpStream>>> {
        loop {
            match self.stream.try_lock() {
                Ok(stream) => return Some(stream),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) if self.deaf.load(Ordering::SeqCst) => return None,
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<TcpStream>> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers carry no identity: what is there before the question would be taken for the answer.
fn unasked(stream: &mut TcpStream) -> Result<(), Fault> {
    let looked = stream.set_nonblocking(true).and_then(|()| {
        let read = stream.read(&mut [0; 64]);
        stream.set_nonblocking(false)?;
        read
    });
    match looked {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
        Ok(0) => Err(Fault::Refused { reason: "Instamatic's server hung up".into() }),
        Ok(_) => Err(Fault::Nonsense { reason: "Instamatic's server answered what was not asked".into() }),
        Err(error) => Err(Fault::Refused { reason: format!("Instamatic's server: {error}") }),
    }
}

/// `[kind, [message]]`, shortened.
fn said(function: &str, error: &Value) -> String {
    let text = match (error[0].as_str(), error[1][0].as_str()) {
        (Some(kind), Some(message)) => format!("{function}: {kind}: {message}"),
        _ => format!("{function}: {error}"),
    };
    text.chars().take(300).collect()
}

fn nothing<T>() -> Result<T, Fault> {
    Err(Fault::Refused { reason: "Instamatic's TEM server has no scan, no EDX and no EELS".into() })
}
