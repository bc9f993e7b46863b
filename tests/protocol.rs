//! The published protocol is the one that is spoken.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs, clippy::disallowed_methods)]
mod common;

use gridscout::{
    bridge::{
        client::{self, Client},
        data::{Data, Kind},
        journal::Done,
        published,
        server::{self, Mode, Output, Server, Settings},
        wire::{Call, Incoming, Outgoing, Role},
    },
    campaign::{self, World},
    microscope::{Microscope, Request},
};
use jsonschema::Validator;
use serde_json::{Value, json};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/docs/protocol/");

fn file(name: &str) -> Value {
    let text = std::fs::read_to_string(format!("{FOLDER}{name}")).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The frames of one direction.
fn validator(direction: &str) -> Validator {
    let mut schema = file(published::SCHEMA_FILE);
    schema["anyOf"] = json!([{ "$ref": format!("#/$defs/{direction}") }]);
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn the_documents_are_made_from_the_code() {
    let again = "run `gridscout schema --protocol src/docs/protocol`";
    // Not printed: two documents of 30 kB.
    assert!(file(published::SCHEMA_FILE) == published::schema(), "{again}");
    assert!(file(published::ASYNCAPI_FILE) == published::asyncapi(), "{again}");
}

/// A short campaign and everything that a user can ask for.
#[test]
fn whatever_is_said_is_in_the_schema() {
    let mut settings = Settings::new(3);
    settings.mode = Mode::Approve;
    settings.limits.commands_per_sec = 1000;
    let mut server = Server::recover(settings, []);
    server.handle(0, server::Input::Admit("secret".into(), Role::Supervisor));
    server.handle(0, server::Input::Opened(1));
    let (mut campaign, mut microscope) = World::new(common::config(&[("stop.iterations", "4")])).open().unwrap();
    let mut client = Client::new("run", "secret", 1).with_role(Role::Supervisor).told_after(0);
    let (to, from) = (validator("ToGateway"), validator("FromGateway"));
    let mut kinds = std::collections::BTreeSet::new();
    let mut check = |validator: &Validator, text: &str| {
        let frame: Value = serde_json::from_str(text).unwrap();
        let errors: Vec<String> = validator.iter_errors(&frame).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{text}: {errors:?}");
        let kind = [&frame["method"], &frame["result"]["type"], &frame["error"]["data"]["code"]];
        kinds.extend(kind.iter().find_map(|kind| kind.as_str()).map(str::to_owned));
    };
    campaign.handle(campaign::Input::Start);
    let wishes = [
        Call::Hold {},
        Call::Resume {},
        Call::Fetch { hash: "0".repeat(64) },
        Call::Resync { after_jseq: 0 },
        Call::Keep { epoch: 0 },
        Call::Resolve { cid: "run.0".into(), verdict: gridscout::bridge::journal::Verdict::Skip },
        Call::EmergencyStop {},
        Call::Reset {},
    ];
    let mut wishes = wishes.into_iter();
    for now in (0..60_000).step_by(50) {
        if let campaign::Output::Send(request) = campaign.poll() {
            client.handle(now, client::Input::Ask(request));
        }
        if campaign.ended().is_some() && now % 1000 == 0 {
            match wishes.next() {
                Some(call) => client.handle(now, client::Input::Call(call)),
                None => break,
            }
        }
        client.handle(now, client::Input::Tick(0));
        while let Some(output) = client.poll() {
            match output {
                client::Output::Connect => client.handle(now, client::Input::Opened),
                client::Output::Send(text) => {
                    check(&to, &text);
                    server.handle(now, server::Input::Frame(1, text));
                }
                client::Output::Reply(reply) => campaign.handle(campaign::Input::Reply(reply)),
                client::Output::Heard(Outgoing::Status(status)) => {
                    for waiting in status.queue.into_iter().filter(|waiting| !waiting.approved) {
                        client.handle(now, client::Input::Call(Call::Approve { cid: waiting.cid, yes: true }));
                    }
                }
                client::Output::Heard(_) | client::Output::Close => {}
                client::Output::Failed(refusal) => panic!("{refusal:?}"),
            }
        }
        server.handle(now, server::Input::Tick);
        while let Some(output) = server.poll() {
            match output {
                Output::Send(_, message) => {
                    check(&from, &message.to_text());
                    client.handle(now, client::Input::Frame(message.to_text()));
                }
                Output::Perform(cid, command) => {
                    let reply = microscope.perform(&Request { id: 0, command });
                    let kind = Kind::Image { field_um: 30.0 };
                    let data = vec![Data { hash: "a".repeat(64), shape: vec![2, 2], kind }];
                    let done = Done { data, ..Done::new(cid, reply.took_secs, reply.outcome) };
                    server.handle(now, server::Input::Performed(done));
                }
                _ => {}
            }
        }
    }
    for kind in [
        "hello",
        "lease.acquire",
        "lease.keep",
        "hb",
        "cmd",
        "approve",
        "hold",
        "resume",
        "resolve",
        "estop",
        "reset",
        "fetch",
        "resync",
        "welcome",
        "granted",
        "alive",
        "done",
        "accepted",
        "event",
        "status",
        "E_UNKNOWN",
        "E_STATE",
    ] {
        assert!(kinds.contains(kind), "{kind} was not said: {kinds:?}");
    }
}

#[test]
fn what_is_not_in_the_schema_is_refused() {
    let to = validator("ToGateway");
    let good = json!({ "jsonrpc": "2.0", "id": "a", "method": "ping", "params": { "n": 1 } });
    assert!(to.is_valid(&good) && Incoming::parse(&good.to_string()).is_ok());
    let with = |path: &str, value: Value| {
        let mut frame = good.clone();
        *frame.pointer_mut(path).unwrap() = value;
        frame
    };
    let mut more = good.clone();
    more["surprise"] = json!(1);
    let mut inside = good.clone();
    inside["params"]["surprise"] = json!(1);
    let bad = [
        with("/jsonrpc", json!("1.0")),
        with("/id", json!(7)),
        with("/id", json!("")),
        with("/id", json!("x".repeat(129))),
        with("/method", json!("fly")),
        with("/params", json!({})),
        with("/params/n", json!("one")),
        with("/params/n", json!(-1)),
        with("/params/n", json!(9_007_199_254_740_992_u64)),
        more,
        inside,
        json!({}),
        json!([good.clone()]),
    ];
    for frame in bad {
        assert!(!to.is_valid(&frame), "{frame}");
        assert!(Incoming::parse(&frame.to_string()).is_err(), "{frame}");
    }
}

/// Every call there is, each with one thing changed in every way, read by the schema and by the gateway. Left out is what a schema
/// cannot say; the README of the protocol lists it.
#[test]
fn the_schema_and_the_gateway_agree_on_each_change() {
    let to = validator("ToGateway");
    let submit =
        |op: Value| json!({ "method": "cmd", "params": { "cid": "r.1", "epoch": 1, "deadline_ms": 5, "op": op } });
    let calls = [
        json!({ "method": "hello", "params": { "protocol": "gridscout.v1", "secret": "s", "role": "driver", "last_jseq": 3 } }),
        json!({ "method": "lease.acquire", "params": {} }),
        json!({ "method": "lease.release", "params": { "epoch": 1 } }),
        json!({ "method": "lease.keep", "params": { "epoch": 1 } }),
        json!({ "method": "hb", "params": { "epoch": 1, "n": 1, "iteration": 1 } }),
        json!({ "method": "ping", "params": { "n": 1 } }),
        submit(json!({ "type": "move_to_region", "region": 1, "x_um": 1.5, "y_um": 2 })),
        submit(json!({ "type": "overview" })),
        submit(json!({ "type": "map_composition", "dwell_secs": 1.5 })),
        submit(json!({ "type": "spectrum", "particle": 1, "dwell_secs": 1.5 })),
        json!({ "method": "resolve", "params": { "cid": "r.1", "verdict": "redo" } }),
        json!({ "method": "approve", "params": { "cid": "r.1", "yes": true } }),
        json!({ "method": "hold", "params": {} }),
        json!({ "method": "resume", "params": {} }),
        json!({ "method": "estop", "params": {} }),
        json!({ "method": "reset", "params": {} }),
        json!({ "method": "fetch", "params": { "hash": "00" } }),
        json!({ "method": "resync", "params": { "after_jseq": 0 } }),
    ];
    let others = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(4_294_967_296_u64),
        json!(1e300),
        json!(""),
        json!("driver"),
        json!("x".repeat(128)),
        json!("x".repeat(129)),
        json!([1]),
        json!({}),
        json!({ "type": "overview" }),
        json!({ "type": "overview", "dwell_secs": 1 }),
    ];
    let (mut accepted, mut refused) = (0, 0);
    for call in calls {
        let mut good = call;
        good["jsonrpc"] = json!("2.0");
        good["id"] = json!("a");
        let mut frames = vec![good.clone()];
        for path in places(&good, "") {
            frames.extend(others.iter().map(|other| {
                let mut frame = good.clone();
                *frame.pointer_mut(&path).unwrap() = other.clone();
                frame
            }));
            let (above, key) = path.rsplit_once('/').unwrap();
            let mut without = good.clone();
            without.pointer_mut(above).unwrap().as_object_mut().unwrap().remove(key);
            let mut with = good.clone();
            with.pointer_mut(above).unwrap()["surprise"] = json!(1);
            frames.extend([without, with]);
        }
        assert!(to.is_valid(&good), "{good}");
        for frame in frames {
            let read = Incoming::parse(&frame.to_string());
            assert_eq!(to.is_valid(&frame), read.is_ok(), "{frame}: {read:?}");
            *(if read.is_ok() { &mut accepted } else { &mut refused }) += 1;
        }
    }
    println!("{accepted} frames accepted and {refused} refused by both");
    assert!(accepted > 100 && refused > 1000, "{accepted} {refused}");
}

/// Of everything inside an object.
fn places(value: &Value, above: &str) -> Vec<String> {
    let Value::Object(members) = value else { return Vec::new() };
    let below = |(key, inside)| {
        let path = format!("{above}/{key}");
        let inner = places(inside, &path);
        [path].into_iter().chain(inner)
    };
    members.iter().flat_map(below).collect()
}
