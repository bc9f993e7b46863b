//! The command line as its users meet it: the fields they read, and what it says of bad input.
#![cfg(all(feature = "cli", not(target_family = "wasm")))]
#![allow(missing_docs)]
use serde_json::Value;
use std::{path::PathBuf, process::Command};

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn gridscout(args: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_gridscout")).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn json(args: &[&str]) -> Value {
    let ran = gridscout(args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    serde_json::from_str(&ran.out).unwrap()
}

/// A file of this test, in a folder that cargo cleans.
fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// Exit code 2, nothing on standard output, and every one of `words` in what it says.
#[track_caller]
fn refused(args: &[&str], words: &[&str]) {
    let ran = gridscout(args);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {}", ran.err);
    for word in words {
        assert!(ran.err.contains(word), "{args:?} says {:?}, not {word:?}", ran.err);
    }
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn capacity_has_the_promised_fields() {
    let v = json(&["capacity", "--mean-radius-nm", "500", "--json"]);
    assert!((v["expected_particles"].as_f64().unwrap() / 1.559e6 - 1.0).abs() < 1e-3);
    assert_eq!(v["dimension_by_powers_of_ten"], 6);
    assert_eq!((&v["simplex_points"]["3"], &v["simplex_points"]["8"]), (&Value::from(66), &Value::from(19448)));
    let v = json(&["capacity", "--json", "--curve", "--monte-carlo"]);
    assert_eq!(v["curve"]["radius_nm"].as_array().unwrap().len(), 101);
    assert!(v["monte_carlo"]["placed_coverage"].as_f64().unwrap() > 0.4);
    // As many random particles as there are compositions miss almost half of them.
    assert!((v["visit"]["share_hit"].as_f64().unwrap() - 0.538).abs() < 1e-3);
    assert!((v["visit"]["nearly_all_secs"].as_f64().unwrap() - (26_658.0 * 1.02 + 90.0)).abs() < 1e-6);
    let text = gridscout(&["capacity"]).out;
    assert!(text.contains("which hit 53.8 % of them") && text.contains("0.316 days, 26658 particles"), "{text}");
    let coarse = json(&["capacity", "--mean-radius-nm", "30000", "--components", "9", "--json"]);
    assert!(coarse["visit"]["nearly_all_secs"].is_null());
}

#[test]
fn simulate_replay_and_tampering() {
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("record.json").display().to_string();
    let v = json(&[
        "simulate",
        "--preset",
        "figure-3",
        "--seed",
        "2",
        "--json",
        "--out",
        &out,
        "--set",
        "stop.iterations=20",
    ]);
    for key in [
        "regions_visited",
        "measured_fraction",
        "mean_sd",
        "mean_abs_error",
        "time_s",
        "cost",
        "moves_to_neighbour_share",
        "digest",
    ] {
        assert!(!v[key].is_null(), "{key}");
    }
    assert_eq!((v["mean_sd"].as_array().unwrap().len(), v["mean_abs_error"].as_array().unwrap().len()), (21, 21));
    let replayed = json(&["replay", &out, "--json"]);
    assert_eq!((&replayed["verified"], &replayed["digest"]), (&Value::Bool(true), &v["digest"]));
    let text = std::fs::read_to_string(&out).unwrap();
    refused(
        &["replay", &file("edited.json", &text.replacen("\"seed\":2", "\"seed\":3", 1))],
        &["digest is", "allowed"],
    );
    refused(&["replay", &file("torn.json", &text[..1000])], &["torn.json", "EOF"]);
    refused(&["replay", "no-such-record.json"], &["no-such-record.json", "allowed"]);
}

#[test]
fn lists_and_schema_are_there() {
    assert!(gridscout(&["presets"]).out.contains("full-grid"));
    assert_eq!(json(&["presets", "--json"]).as_array().unwrap().len(), 5);
    let schema = json(&["schema"]);
    assert!(schema["properties"]["cost"].is_object() && schema["$defs"]["PlannerConfig"].is_object());
}

#[test]
fn a_configuration_file_and_own_particles_run() {
    let presets = json(&["presets", "--json"]);
    let config = file("config.json", &presets[0]["config"].to_string());
    let rows: String = (0..40)
        .map(|i| {
            format!(
                "{},{},20,{},{},{}\n",
                7.0 * f64::from(i),
                150.0,
                0.5,
                f64::from(i) / 80.0,
                0.5 - f64::from(i) / 80.0
            )
        })
        .collect();
    let particles = file("particles.csv", &format!("x_um,y_um,radius_nm,c1,c2,c3\n{rows}"));
    let v = json(&["simulate", "--config", &config, "--particles", &particles, "--json"]);
    assert_eq!((&v["measurements"], &v["ended"]), (&Value::from(40), &Value::from("nothing_left")));
}

#[test]
fn every_listed_setting_refuses_what_is_out_of_its_range() {
    for p in gridscout::campaign::parameters() {
        let path = p.path;
        let bad = match p.max {
            Some(max) => (max * 2.0 + 1.0).to_string(),
            None => "17".into(),
        };
        refused(&["simulate", "--set", &format!("{path}={bad}")], &[path, "allowed"]);
        refused(&["simulate", "--set", &format!("{path}=[\"nonsense\"]")], &[path, "allowed"]);
        refused(&["simulate", "--set", &format!("{path}=NaN")], &[path, "allowed"]);
    }
}

#[test]
fn bad_input_is_named_with_what_is_allowed() {
    refused(
        &["simulate", "--set", "cost.stage_speed_um_per_s=-1"],
        &["cost.stage_speed_um_per_s", "-1", "0.001 … 100000 µm/s"],
    );
    refused(&["simulate", "--set", "cost.speed=1"], &["cost.speed", "stage_speed_um_per_s"]);
    refused(&["simulate", "--set", "cost.edx_secs.x=1"], &["cost.edx_secs.x", "allowed"]);
    refused(&["simulate", "--set", "nonsense"], &["--set", "path.to.field=value"]);
    refused(&["simulate", "--preset", "figure-9"], &["figure-9", "figure-4e"]);
    refused(&["simulate", "--preset", "figure-1"], &["figure-1", "gridscout capacity"]);
    refused(&["simulate", "--seed", "-1"], &["seed"]);
    refused(&["simulate", "--set", "library.tile_um=400"], &["library.tile_um", "300"]);
    refused(&["simulate", "--set", "library.density_per_um2=0.000001"], &["library.density_per_um2", "1 to"]);
    refused(&["simulate", "--set", "library.density_per_um2=400"], &["library.density_per_um2", "jam"]);
    refused(
        &["simulate", "--preset", "full-grid", "--set", "stop.iterations=null"],
        &["stop.iterations", "null", "at most"],
    );
    refused(
        &["simulate", "--preset", "full-grid", "--set", "stop.iterations=5000"],
        &["stop.iterations", "5000", "at most"],
    );
    refused(&["simulate", "--set", "elements=[\"Au\"]"], &["elements", "2 to 10"]);
    refused(&["simulate", "--set", "elements=[\"Au\",\"Au\"]"], &["elements", "different"]);
    refused(
        &["simulate", "--set", "surrogate.length_scale=[0.1,0.1,0.1,0.1]"],
        &["surrogate.length_scale", "list of 4", "3"],
    );
    refused(&["simulate", "--set", "planner.first_region=100"], &["planner.first_region", "0 to 99"]);
    refused(
        &["simulate", "--out", "/no/such/folder/record.json", "--set", "stop.iterations=1"],
        &["--out", "/no/such/folder"],
    );
    refused(&["simulate", "--config", &file("broken.json", "{")], &["broken.json", "JSON"]);
    refused(&["simulate", "--config", &file("foreign.json", "{\"colour\":1}")], &["colour"]);
    refused(&["capacity", "--mean-radius-nm", "-5"], &["radius_nm", "-5", "nm"]);
    refused(&["capacity", "--coverage", "nan"], &["coverage", "NaN"]);
}

#[test]
fn bad_tables_are_named_with_line_and_column() {
    let with = |name: &str, text: &str, words: &[&str]| refused(&["simulate", "--particles", &file(name, text)], words);
    with("missing.csv", "x_um,y_um,c1,c2,c3\n", &["radius_nm", "missing"]);
    with("sum.csv", "x_um,y_um,radius_nm,c1,c2,c3\n1,1,20,0.5,0.2,0.2\n", &["line 2", "sum to 0.9"]);
    with("empty.csv", "x_um,y_um,radius_nm,c1,c2,c3\n", &["no row"]);
    with("outside.csv", "x_um,y_um,radius_nm,c1,c2,c3\n1,900,20,0.5,0.3,0.2\n", &["library.particles.0", "900", "300"]);
    with("more.csv", "x_um,y_um,radius_nm,c1,c2,c3,c4\n1,1,20,0.5,0.3,0.1,0.1\n", &["c4", "unknown"]);
}

#[test]
fn a_first_region_without_a_particle_is_refused() {
    let text = "x_um,y_um,radius_nm,c1,c2,c3\n100,100,20,0.5,0.3,0.2\n";
    let args = ["simulate", "--particles", &file("one.csv", text), "--set", "planner.first_region=0"];
    refused(&args, &["planner.first_region", "0", "holds a particle"]);
}
