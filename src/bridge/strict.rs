//! Reading a frame from a stranger: JSON with nothing that two readers could understand differently.
use super::refusal::{Code, Refusal};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Longest text frame that is read, bytes.
pub const MAX_FRAME_BYTES: usize = 64 * 1024;
/// Deepest nesting.
pub const MAX_DEPTH: usize = 16;
/// Largest integer that every JSON reader keeps: 2⁵³ − 1.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// A frame as a value.
///
/// # Errors
/// [`Code::Frame`] when it is longer than [`MAX_FRAME_BYTES`]; [`Code::Json`] when it is no JSON, nested deeper than
/// [`MAX_DEPTH`], has a key twice, a number that is not finite or an integer beyond [`MAX_INTEGER`].
pub fn parse(text: &str) -> Result<Value, Refusal> {
    if text.len() > MAX_FRAME_BYTES {
        let text = format!("frame of {} bytes; allowed: at most {MAX_FRAME_BYTES}", text.len());
        return Err(Refusal::new(Code::Frame, text));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Node { depth: 0 }.deserialize(&mut reader);
    value.and_then(|value| reader.end().map(|()| value)).map_err(|e| Refusal::new(Code::Json, e.to_string()))
}

#[derive(Clone, Copy)]
struct Node {
    depth: usize,
}

impl Node {
    fn below<E: Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH}")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Node {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, x: bool) -> Result<Value, E> {
        Ok(Value::Bool(x))
    }
    fn visit_u64<E: Error>(self, x: u64) -> Result<Value, E> {
        if x > MAX_INTEGER {
            return Err(E::custom(format_args!("integer {x}; allowed: at most {MAX_INTEGER}")));
        }
        Ok(x.into())
    }
    fn visit_i64<E: Error>(self, x: i64) -> Result<Value, E> {
        if x.unsigned_abs() > MAX_INTEGER {
            return Err(E::custom(format_args!("integer {x}; allowed: at least -{MAX_INTEGER}")));
        }
        Ok(x.into())
    }
    fn visit_f64<E: Error>(self, x: f64) -> Result<Value, E> {
        Number::from_f64(x).map(Value::Number).ok_or_else(|| E::custom("number that is not finite"))
    }
    fn visit_str<E>(self, x: &str) -> Result<Value, E> {
        Ok(x.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let node = self.below()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(node)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Value, A::Error> {
        let node = self.below()?;
        let mut map = Map::new();
        while let Some(key) = pairs.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("key {key:?} twice")));
            }
            map.insert(key, pairs.next_value_seed(node)?);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_misread_is_read() {
        let value = parse(r#"{"a":[1,-2,0.5,null,true,"x"],"b":{}}"#).unwrap();
        assert_eq!(value["a"][2], 0.5);
        let deep = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(parse(&deep).is_ok());
        assert!(parse(&MAX_INTEGER.to_string()).is_ok());
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        let deep = format!("{}{}", "[".repeat(MAX_DEPTH + 1), "]".repeat(MAX_DEPTH + 1));
        let long = format!("\"{}\"", "x".repeat(MAX_FRAME_BYTES));
        let cases = [
            (r#"{"a":1,"a":2}"#, "twice"),
            (r#"{"o":{"a":1,"b":0,"a":1}}"#, "twice"),
            ("9007199254740992", "integer"),
            ("-9007199254740992", "integer"),
            ("1e999", "out of range"),
            ("NaN", "expected"),
            ("{} {}", "trailing"),
            ("", "EOF"),
            (deep.as_str(), "deeper"),
            (long.as_str(), "bytes"),
        ];
        for (text, why) in cases {
            let refusal = parse(text).unwrap_err();
            assert!(refusal.text.contains(why), "{text:.40}: {}", refusal.text);
        }
    }
}
