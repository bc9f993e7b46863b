//! Values and errors across the border.
use crate::error::Invalid;
use js_sys::{Array, Error, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// A plain object: maps become objects, absent values null.
pub(super) fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}

/// A value from JavaScript. Read into JSON first where unknown keys matter: serde-wasm-bindgen does not see them.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(JsValue::from)
}

/// An `Error` whose `errors` lists field, value and what is allowed.
pub(super) fn invalid(error: Invalid) -> JsValue {
    let list = Array::new();
    for e in &error.0 {
        let entry = js_sys::Object::new();
        for (key, text) in
            [("field", &e.field), ("value", &e.value), ("allowed", &e.allowed), ("message", &e.to_string())]
        {
            // Setting a property of a fresh plain object cannot fail.
            let _ = Reflect::set(&entry, &key.into(), &text.as_str().into());
        }
        list.push(&entry);
    }
    let out = Error::new(&error.to_string());
    let _ = Reflect::set(&out, &"errors".into(), &list);
    out.into()
}

/// An `Error` from anything that can be shown.
pub(super) fn plain(error: impl ToString) -> JsValue {
    Error::new(&error.to_string()).into()
}
