//! The connection to a gateway: the client's state machine, a WebSocket, and the campaign of a [`Session`].
use super::{
    Session,
    convert::{from_js, plain, to_js},
    socket::{Happened, Socket},
};
use crate::{
    bridge::{
        client::{Client, Input, Output},
        data::Assembly,
        journal::{Numbered, Verdict},
        refusal::{Code, Refusal},
        wire::{Call, Outgoing, Role},
    },
    calibration::calibrate,
    microscope::Request,
};
use js_sys::{Array, Float32Array, Function, Object, Reflect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// What a person can ask for. Read by hand: the reader of all calls of the protocol would be a tenth of the module.
fn asked(value: &Value) -> Option<Call> {
    let params = &value["params"];
    let text = |name: &str| params[name].as_str().map(str::to_owned);
    Some(match value["method"].as_str()? {
        "approve" => Call::Approve { cid: text("cid")?, yes: params["yes"].as_bool()? },
        "resolve" => Call::Resolve {
            cid: text("cid")?,
            verdict: match params["verdict"].as_str()? {
                "redo" => Verdict::Redo,
                "skip" => Verdict::Skip,
                _ => return None,
            },
        },
        "fetch" => Call::Fetch { hash: text("hash")? },
        "lease.keep" => Call::Keep { epoch: params["epoch"].as_u64()? },
        "hold" => Call::Hold {},
        "resume" => Call::Resume {},
        "reset" => Call::Reset {},
        _ => return None,
    })
}

/// How to connect.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// `ws://…/ws` or `wss://…/ws`.
    url: String,
    /// Name of the run.
    run: String,
    /// Of the session.
    secret: String,
    role: Role,
    /// Whether the campaign of the session is to be driven.
    drives: bool,
    /// Spreads attempts to connect again.
    seed: u32,
}

/// Told to the page, as plain objects.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum News {
    Entry { jseq: u64, unix_ms: u64, entry: Value },
    Status { status: Value },
    LeaseAsked { within_ms: u64 },
    Answered { refused: Option<Refusal> },
    Failed { refusal: Refusal },
}

/// A connection, and what is on its way over it.
#[wasm_bindgen]
pub struct Link {
    client: Client,
    url: String,
    drives: bool,
    socket: Option<Socket>,
    wake: Function,
    assembly: Assembly,
    /// Decided by the planner and not asked for yet.
    held: Option<Request>,
    /// Everything that the gateway has told of its journal.
    journal: Vec<Numbered>,
}

#[wasm_bindgen]
impl Link {
    /// A link; it connects at its first turn. `wake` is called when a turn is due.
    ///
    /// # Errors
    /// An option is missing, unknown or of the wrong kind.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue, wake: Function) -> Result<Link, JsValue> {
        let value: Value = from_js(options)?;
        let Options { url, run, secret, role, drives, seed } = serde_json::from_value(value).map_err(plain)?;
        let client = Client::new(&run, &secret, seed).with_role(role).told_after(0);
        let client = if drives { client } else { client.watching() };
        let assembly = Assembly::default();
        Ok(Self { client, url, drives, socket: None, wake, assembly, held: None, journal: Vec::new() })
    }

    /// Take in what has happened and do what is wanted, until nothing is left. `now_ms` never goes back. The next request of
    /// the campaign goes out only while fewer than `until_entries` entries are recorded; else it is held and shown.
    ///
    /// Returns `{ news, data, link, round_trip_ms, drives, waiting, next }`; `waiting` while a request is not answered. A campaign
    /// that has ended gives the lease back and is only watched from then on.
    ///
    /// # Errors
    /// The session is not prepared.
    pub fn turn(&mut self, session: &mut Session, now_ms: f64, until_entries: u32) -> Result<JsValue, JsValue> {
        let now_ms = now_ms as u64;
        let (mut news, data) = (Vec::new(), Array::new());
        self.client.handle(now_ms, Input::Tick(u64::from(session.iterations())));
        loop {
            if self.drives {
                self.decide(session, now_ms, until_entries)?;
            }
            if let Some(output) = self.client.poll() {
                self.carry_out(output, session, now_ms, &mut news)?;
            } else if let Some(happened) = self.socket.as_ref().and_then(Socket::happened) {
                self.take_in(happened, now_ms, &data)?;
            } else {
                break;
            }
        }
        let answer = to_js(&json!({
            "news": news, "link": self.client.link(), "round_trip_ms": self.client.round_trip_ms(),
            "drives": self.drives, "waiting": self.client.is_waiting(), "next": self.held.as_ref().map(|request| &request.command),
        }))?;
        Reflect::set(&answer, &"data".into(), &data)?;
        Ok(answer)
    }

    /// Ask something of the gateway on behalf of the user: `{ method, params }`. The answer is news.
    ///
    /// # Errors
    /// It is no request of the protocol.
    pub fn call(&mut self, call: JsValue, now_ms: f64) -> Result<(), JsValue> {
        let value: Value = from_js(call)?;
        let call = asked(&value).ok_or_else(|| plain(format!("{value} is nothing that a person can ask for")))?;
        self.client.handle(now_ms as u64, Input::Call(call));
        Ok(())
    }

    /// What the journal says of the cost model of the session: `{ fits, moves, cost }`, the last with what was fitted put in.
    ///
    /// # Errors
    /// The session is not prepared.
    pub fn calibration(&self, session: &Session) -> Result<JsValue, JsValue> {
        let assumed = session.cost()?;
        let calibration = calibrate(&self.journal, assumed);
        to_js(&json!({
            "fits": calibration.fits, "moves": calibration.moves, "cost": calibration.applied(assumed),
        }))
    }

    /// Give the lease back and close; a turn carries it out.
    pub fn finish(&mut self, now_ms: f64) {
        self.client.handle(now_ms as u64, Input::Finish);
    }
}

impl Link {
    /// What the planner wants goes to the client, or is held.
    fn decide(&mut self, session: &mut Session, now_ms: u64, until_entries: u32) -> Result<(), JsValue> {
        if self.held.is_none() {
            self.held = session.next_request()?;
        }
        if session.iterations() < until_entries
            && let Some(request) = self.held.take()
        {
            self.client.handle(now_ms, Input::Ask(request));
        }
        if session.has_ended() {
            self.drives = false;
            self.client.handle(now_ms, Input::Yield);
        }
        Ok(())
    }

    fn carry_out(
        &mut self,
        output: Output,
        session: &mut Session,
        now_ms: u64,
        news: &mut Vec<News>,
    ) -> Result<(), JsValue> {
        match output {
            Output::Connect => {
                self.socket = Socket::open(&self.url, &self.wake).ok();
                if self.socket.is_none() {
                    self.client.handle(now_ms, Input::Closed);
                }
            }
            Output::Send(text) => {
                if let Some(socket) = &self.socket {
                    socket.send(&text);
                }
            }
            Output::Close => self.socket = None,
            Output::Reply(reply) => session.take_reply(reply)?,
            Output::Failed(refusal) => {
                if refusal.code == Code::Lease {
                    (self.drives, self.held) = (false, None);
                }
                news.push(News::Failed { refusal });
            }
            Output::Heard(Outgoing::Event(numbered)) => {
                let entry = serde_json::to_value(&numbered.entry).map_err(plain)?;
                news.push(News::Entry { jseq: numbered.jseq, unix_ms: numbered.unix_ms, entry });
                self.journal.push(numbered);
            }
            Output::Heard(Outgoing::Status(status)) => {
                news.push(News::Status { status: serde_json::to_value(&*status).map_err(plain)? });
            }
            Output::Heard(Outgoing::LeaseAsked { within_ms }) => news.push(News::LeaseAsked { within_ms }),
            Output::Heard(Outgoing::Answer { result, .. }) => news.push(News::Answered { refused: result.err() }),
        }
        Ok(())
    }

    fn take_in(&mut self, happened: Happened, now_ms: u64, data: &Array) -> Result<(), JsValue> {
        match happened {
            Happened::Opened => self.client.handle(now_ms, Input::Opened),
            Happened::Closed => {
                self.socket = None;
                self.assembly = Assembly::default();
                self.client.handle(now_ms, Input::Closed);
            }
            Happened::Text(text) => self.client.handle(now_ms, Input::Frame(text)),
            Happened::Binary(frame) => {
                if let Some((hash, bytes)) = self.assembly.push(&frame) {
                    let (floats, _) = bytes.as_chunks::<4>();
                    let values: Vec<f32> = floats.iter().map(|four| f32::from_le_bytes(*four)).collect();
                    let whole = Object::new();
                    Reflect::set(&whole, &"hash".into(), &hash.into())?;
                    Reflect::set(&whole, &"values".into(), &Float32Array::from(values.as_slice()))?;
                    data.push(&whole);
                }
            }
        }
        Ok(())
    }
}
