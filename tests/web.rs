//! The facade as the page's Worker meets it, in Node.js and in Chromium.
#![cfg(all(target_arch = "wasm32", target_os = "unknown"))]
#![allow(missing_docs)]
use gridscout::web::{Session, capacity, describe, particles_from_csv};
use js_sys::{Array, Float32Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test as test;

fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |at, key| match key.parse::<u32>() {
        Ok(index) => Reflect::get_u32(&at, index).unwrap(),
        Err(_) => Reflect::get(&at, &key.into()).unwrap(),
    })
}

fn parse(text: &str) -> JsValue {
    JSON::parse(text).unwrap()
}

/// The first preset, shortened.
fn config(iterations: u32) -> JsValue {
    let config = get(&describe().unwrap(), "presets.0.config");
    Reflect::set(&get(&config, "stop"), &"iterations".into(), &iterations.into()).unwrap();
    config
}

fn prepared(config: JsValue) -> Session {
    let mut session = Session::new(config).unwrap();
    while session.prepare(100.0).unwrap() < 1.0 {}
    session
}

#[test]
fn the_description_holds_presets_and_settings() {
    let description = describe().unwrap();
    assert_eq!(get(&description, "presets.0.id"), "figure-3");
    assert_eq!(get(&description, "presets.0.config.cost.stage_speed_um_per_s"), 10);
    assert!(get(&description, "parameters").unchecked_into::<Array>().length() > 40);
}

#[test]
fn capacity_answers_with_its_curve_and_refuses_by_name() {
    let answer = capacity(parse(r#"{"radius_nm":500}"#)).unwrap();
    assert_eq!(get(&answer, "dimension_by_powers_of_ten"), 6);
    assert_eq!(get(&answer, "simplex_points.8"), 19448);
    assert_eq!(get(&answer, "curve.radius_nm.length"), 101);
    let error = capacity(parse(r#"{"radius_nm":-1}"#)).unwrap_err();
    assert_eq!(get(&error, "errors.0.field"), "radius_nm");
    assert!(capacity(parse(r#"{"colour":1}"#)).is_err());
}

#[test]
fn a_session_steps_explains_and_predicts() {
    let mut session = prepared(config(20));
    assert_eq!((session.iterations(), session.ended().unwrap()), (0, JsValue::NULL));
    assert_eq!((session.step(5), session.step(100), session.step(100)), (5, 16, 0));
    assert_eq!(session.ended().unwrap(), "iterations");
    assert_eq!(get(&session.series(0).unwrap(), "mean_sd.length"), 21);
    assert_eq!(get(&session.measurements(20).unwrap(), "tile.length"), 3);
    assert!(session.decision(0).unwrap().is_null() && session.decision(21).unwrap().is_null());
    let decision = session.decision(7).unwrap();
    assert!(get(&decision, "sentence").as_string().unwrap().contains("expected to offer"));
    assert!(get(&decision, "pick.score").as_f64().unwrap() > 0.0);
    let field = session.field(10, 6).unwrap();
    assert_eq!(get(&field, "mean.length"), 28);
    let sd = get(&field, "sd").unchecked_into::<Float32Array>().to_vec();
    let corner = session.predict(10, &[0.0, 0.0, 1.0]).unwrap();
    assert!((get(&corner, "sd").as_f64().unwrap() - f64::from(sd[0])).abs() < 1e-6);
    assert!(session.predict(10, &[0.5, 0.5]).is_err());
    assert_eq!(get(&session.particles(0, 2).unwrap(), "offsets.length"), 3);
    assert!(session.record().unwrap().starts_with("{\"format\":\"gridscout-record\""));
}

/// Fitted hyper-parameters change on the way; looking back uses those of the time.
#[test]
fn looking_back_uses_the_hyper_parameters_of_the_time() {
    let fitted = config(25);
    Reflect::set(&get(&fitted, "surrogate"), &"hyper".into(), &"maximum_likelihood".into()).unwrap();
    let mut session = prepared(fitted);
    session.step(4);
    let then = session.predict(3, &[0.2, 0.3, 0.5]).unwrap();
    session.step(100);
    let later = session.predict(3, &[0.2, 0.3, 0.5]).unwrap();
    let difference = get(&then, "mean").as_f64().unwrap() - get(&later, "mean").as_f64().unwrap();
    assert!(difference.abs() < 1e-6, "{difference}");
}

#[test]
fn what_cannot_be_used_is_named() {
    let bad = config(20);
    Reflect::set(&get(&bad, "cost"), &"edx_secs".into(), &JsValue::from_f64(-1.0)).unwrap();
    let error = Session::new(bad).err().unwrap();
    assert_eq!((get(&error, "errors.0.field"), get(&error, "errors.0.value")), ("cost.edx_secs".into(), "-1".into()));
    let unknown = config(20);
    Reflect::set(&unknown, &"colour".into(), &Object::new()).unwrap();
    assert!(get(&Session::new(unknown).err().unwrap(), "message").as_string().unwrap().contains("colour"));
    let unprepared = Session::new(config(20)).unwrap();
    assert!(unprepared.visits().is_err());
    let error = particles_from_csv("x_um,y_um\n", 3).unwrap_err();
    assert!(get(&error, "message").as_string().unwrap().contains("radius_nm"));
}
