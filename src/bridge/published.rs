//! The protocol as documents: a JSON Schema of every frame, made from the types, and an AsyncAPI 3 description around it.
//! `src/docs/protocol/` holds both; a test compares them with what is made here.
use super::{
    data::MAX_CHUNK_BYTES,
    journal::Numbered,
    refusal::Refusal,
    server::{CLOSE_AUTH, CLOSE_BROKEN, CLOSE_SLOW},
    status::Status,
    strict::{MAX_FRAME_BYTES, MAX_INTEGER},
    wire::{APPLICATION_ERROR, Answer, Call, MAX_CID_BYTES, PROTOCOL},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, transform::transform_subschemas};
use serde_json::{Map, Value, json};

/// File of [`schema`].
pub const SCHEMA_FILE: &str = "gridscout.v1.schema.json";
/// File of [`asyncapi`].
pub const ASYNCAPI_FILE: &str = "asyncapi.json";

/// JSON Schema (2020-12) of every text frame; `$defs/ToGateway` and `$defs/FromGateway` are the two directions.
#[must_use]
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let id = json!({ "type": "string", "minLength": 1, "maxLength": MAX_CID_BYTES });
    let own_id = json!({ "anyOf": [{ "type": "string" }, { "type": "null" }], "description": "That of the request; null when it could not be read." });
    let calls = requests(&mut generator, &id);
    let error = json!({
        "type": "object", "additionalProperties": false, "required": ["code", "message", "data"],
        "properties": { "code": { "const": APPLICATION_ERROR }, "message": { "type": "string" }, "data": of::<Refusal>(&mut generator) },
    });
    let answers = [
        frame("The answer to a request.", &[("id", own_id.clone()), ("result", of::<Answer>(&mut generator))]),
        frame("Why a request was not done; nothing has changed by it.", &[("id", own_id), ("error", error)]),
        notice("event", "A new entry of the journal.", of::<Numbered>(&mut generator)),
        notice("status", "What the gateway is doing now.", of::<Status>(&mut generator)),
        notice(
            "lease.asked",
            "Another asks for the lease that this connection holds, and gets it unless it is kept within this time, ms.",
            json!({
                "type": "object", "additionalProperties": false, "required": ["within_ms"],
                "properties": { "within_ms": { "type": "integer", "minimum": 0 } },
            }),
        ),
    ];
    let mut definitions = generator.take_definitions(true);
    definitions.insert("ToGateway".into(), json!({ "oneOf": calls }));
    definitions.insert("FromGateway".into(), json!({ "oneOf": answers }));
    let mut schema = schemars::json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Frames of {PROTOCOL}"),
        "anyOf": [{ "$ref": "#/$defs/ToGateway" }, { "$ref": "#/$defs/FromGateway" }],
        "$defs": Value::Object(definitions),
    });
    bound(&mut schema);
    schema.to_value()
}

/// Integers end where their type or the strict reader ends; a command's identity is as long as it may be.
fn bound(schema: &mut Schema) {
    let most = match schema.get("format").and_then(Value::as_str) {
        Some("uint64") => Some(MAX_INTEGER),
        Some("uint32") => Some(u64::from(u32::MAX)),
        _ => None,
    };
    if let Some(most) = most {
        schema.insert("maximum".into(), most.into());
    }
    if let Some(cid) = schema.pointer_mut("/properties/cid").and_then(Value::as_object_mut)
        && cid.get("type") == Some(&json!("string"))
    {
        cid.extend([("minLength".into(), 1.into()), ("maxLength".into(), MAX_CID_BYTES.into())]);
    }
    transform_subschemas(&mut bound, schema);
}

/// AsyncAPI 3.0.0 of the WebSocket; payloads refer to [`SCHEMA_FILE`] beside it.
#[must_use]
pub fn asyncapi() -> Value {
    let frames = |name: &str| json!({ "$ref": format!("./{SCHEMA_FILE}#/$defs/{name}") });
    let message = |name: &str, about: &str, payload: Value, kind: &str| json!({ "name": name, "summary": about, "contentType": kind, "payload": payload });
    let to = format!("JSON-RPC 2.0 requests, text, at most {MAX_FRAME_BYTES} bytes; the first is `hello`, within 5 s.");
    let data = format!(
        "A piece of a raw array that was asked for by `fetch`, at most {MAX_CHUNK_BYTES} bytes: SHA-256 of the array (32 bytes), place of the \
         piece (u32), number of pieces (u32), then the piece; numbers are little-endian, the array is 32-bit floats."
    );
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "gridscout gateway",
            "version": "1.0.0",
            "description": format!(
                "One WebSocket of the subprotocol {PROTOCOL}. Before it: `POST /session` with the code of the gateway's console as its body gives the \
                 session's secret; `GET /gateway.json` says what is served. Close codes: {CLOSE_AUTH} not introduced or wrong secret, {CLOSE_SLOW} reads too \
                 slowly (come back with `last_jseq`), {CLOSE_BROKEN} the journal cannot be written, 1003 a binary frame was sent, 1007 no UTF-8, 1009 too long."
            ),
        },
        "servers": { "gateway": { "host": "127.0.0.1:8421", "protocol": "ws", "description": "wss off loopback" } },
        "channels": { "ws": {
            "address": "/ws",
            "messages": {
                "toGateway": message("toGateway", &to, frames("ToGateway"), "application/json"),
                "fromGateway": message("fromGateway", "Answers, errors and notifications, text.", frames("FromGateway"), "application/json"),
                "data": message("data", &data, json!({ "type": "string", "format": "binary" }), "application/octet-stream"),
            },
        } },
        "operations": {
            "ask": { "action": "receive", "channel": { "$ref": "#/channels/ws" }, "messages": [{ "$ref": "#/channels/ws/messages/toGateway" }] },
            "tell": { "action": "send", "channel": { "$ref": "#/channels/ws" }, "messages": [
                { "$ref": "#/channels/ws/messages/fromGateway" }, { "$ref": "#/channels/ws/messages/data" },
            ] },
        },
    })
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Value {
    generator.subschema_for::<T>().to_value()
}

/// Each call with what JSON-RPC puts around it.
fn requests(generator: &mut SchemaGenerator, id: &Value) -> Vec<Value> {
    let mut schema = Call::json_schema(generator).to_value();
    let Some(Value::Array(mut calls)) = schema.get_mut("oneOf").map(Value::take) else { return Vec::new() };
    for call in &mut calls {
        call["properties"]["jsonrpc"] = json!({ "const": "2.0" });
        call["properties"]["id"] = id.clone();
        if let Some(Value::Array(required)) = call.get_mut("required") {
            required.extend(["jsonrpc".into(), "id".into()]);
        }
    }
    calls
}

fn notice(method: &str, about: &str, params: Value) -> Value {
    frame(about, &[("method", json!({ "const": method })), ("params", params)])
}

fn frame(about: &str, members: &[(&str, Value)]) -> Value {
    let mut properties = Map::from_iter([("jsonrpc".to_owned(), json!({ "const": "2.0" }))]);
    properties.extend(members.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())));
    let required: Vec<&String> = properties.keys().collect();
    json!({ "type": "object", "description": about, "additionalProperties": false, "required": required, "properties": properties })
}
