//! The rules, each a function of a path and a text, so that each is tested on text that breaks it.

use crate::paths::paths;

/// Bottom to top. A module may name those before it, and none after it.
const LAYERS: &[&str] = &[
    "error",
    "num",
    "rng",
    "composition",
    "library",
    "response",
    "cost",
    "microscope",
    "surrogate",
    "acquisition",
    "planner",
    "campaign",
    "study",
    "bridge",
    "calibration",
    "web",
    "gateway",
];

/// Where effects are allowed.
const SHELLS: &[&str] = &["web", "gateway", "bin"];

const MAX_LINES: usize = 400;

/// A ratchet of longer files: shrink it, never grow it.
const LONG: &[&str] = &[];

const DOCUMENTS: &[&str] = &["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE", "src/docs/model.md"];

/// `library` of `src/library/tile.rs` and of `src/library.rs`; none for `src/lib.rs`.
fn module(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let name = inside.split_once('/').map_or_else(|| inside.trim_end_matches(".rs"), |(folder, _)| folder);
    (name != "lib").then_some(name)
}

pub fn layers(path: &str, text: &str) -> Vec<String> {
    let Some(own) = module(path).filter(|name| *name != "bin") else { return Vec::new() };
    let Some(rank) = LAYERS.iter().position(|layer| *layer == own) else {
        return vec![format!("{path}: `{own}` has no layer; give it one in tests/tidy/rules.rs")];
    };
    let at_root = path.matches('/').count() == 1 || path.matches('/').count() == 2 && path.ends_with("/mod.rs");
    let mut problems = Vec::new();
    for segments in paths(text) {
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let other = match segments.as_slice() {
            ["crate", "*", ..] => {
                problems.push(format!("{path}: `crate::*` hides what it uses; name it"));
                continue;
            }
            ["super", "super", "super", ..] => {
                problems.push(format!("{path}: write `crate::…` instead of climbing by `super`"));
                continue;
            }
            ["super", "super", other, ..] | ["crate", other, ..] => *other,
            ["super", other, ..] if at_root => *other,
            _ => continue,
        };
        if LAYERS.iter().position(|layer| *layer == other).is_some_and(|used| used > rank) {
            problems.push(format!("{path}: `{own}` lies below `{other}` and must not use it"));
        }
    }
    problems
}

pub fn effects(path: &str, text: &str) -> Vec<String> {
    let own = module(path).unwrap_or("lib");
    let in_shell = SHELLS.contains(&own);
    let broken = |segments: &[String]| {
        let has = |names: &[&str]| segments.iter().any(|segment| names.contains(&segment.as_str()));
        if own != "web" && has(&["wasm_bindgen", "js_sys", "web_sys", "serde_wasm_bindgen"]) {
            return Some("only src/web/ may name it");
        }
        if own != "gateway"
            && own != "bin"
            && has(&["tokio", "axum", "tower_http", "hyper_util", "rcgen", "rusqlite", "tokio_rustls", "tracing"])
        {
            return Some("only src/gateway/ and src/bin/ may name it");
        }
        if in_shell {
            return None;
        }
        if has(&["Instant", "SystemTime"]) {
            return Some("the core reads no clock; time is an argument");
        }
        if has(&["HashMap", "HashSet"]) {
            return Some("its order is random; BTreeMap, BTreeSet or Vec");
        }
        let (root, rest) = segments.split_first()?;
        let effect = ["fs", "net", "env", "process"].contains(&rest.first()?.as_str());
        (root == "std" && effect).then_some("the core has no effects")
    };
    paths(text)
        .iter()
        .filter_map(|segments| broken(segments).map(|why| format!("{path}: {}: {why}", segments.join("::"))))
        .collect()
}

pub fn length(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    let listed = LONG.contains(&path);
    match (lines > MAX_LINES, listed) {
        (true, false) => vec![format!("{path}: {lines} lines; past {MAX_LINES} a file is two rooms")],
        (false, true) => vec![format!("{path}: short enough now; take it off LONG")],
        _ => Vec::new(),
    }
}

/// JSDoc may name the engine's types; only the worker may load it.
pub fn engine(path: &str, text: &str) -> Vec<String> {
    let code = without_comments(text);
    // The list of the page's files is no part of the engine.
    let code = code.replace("pkg/files.json", "");
    let loads = code.contains("/pkg/") || code.contains("\"pkg/") || code.contains("'pkg/");
    // The second takes the place of the glue in the Worker of an embed.
    if loads && !["www/worker.js", "www/embed/wasm_packed.js"].contains(&path) {
        return vec![format!("{path}: only www/worker.js loads www/pkg")];
    }
    Vec::new()
}

/// For JavaScript and HTML, whose strings must stay.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = ["/*", "<!--"].iter().filter_map(|mark| rest.find(mark)).min() {
        out += &rest[..start];
        let end = if rest[start..].starts_with("/*") { "*/" } else { "-->" };
        rest = rest[start..].find(end).map_or("", |at| &rest[start + at + end.len()..]);
    }
    out += rest;
    out.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

pub fn documents(read: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let missing = |path: &&&str| read(path).is_none_or(|text| text.trim().is_empty());
    DOCUMENTS.iter().filter(missing).map(|path| format!("{path} is missing or empty")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(rule: fn(&str, &str) -> Vec<String>, path: &str, text: &str) -> usize {
        rule(path, text).len()
    }

    #[test]
    fn an_upward_use_is_found() {
        for text in [
            "use crate::planner::Planner;",
            "use crate::{num, planner::Planner};",
            "fn f() -> crate::planner::Action { todo!() }",
            "use super::super::campaign::Record;",
            "use crate::*;",
            "mod tests { use super::super::super::planner; }",
        ] {
            assert_eq!(count(layers, "src/surrogate/kernel.rs", text), 1, "{text}");
        }
        assert_eq!(count(layers, "src/num.rs", "use super::rng::Stream;"), 1);
        assert_eq!(count(layers, "src/cost/mod.rs", "use super::{web, num};"), 1);
        assert_eq!(count(layers, "src/planets/mod.rs", "use crate::num;"), 1, "a module without a layer");
    }

    #[test]
    fn a_downward_use_is_fine() {
        let text =
            "//! [`crate::campaign`]\nuse crate::{num, rng::Stream};\nuse super::Kernel;\nuse crate::surrogate::x;";
        assert_eq!(count(layers, "src/surrogate/kernel.rs", text), 0);
        assert_eq!(count(layers, "src/num.rs", "mod tests { use super::*; }"), 0);
        assert_eq!(count(layers, "src/lib.rs", "pub use crate::campaign::Record;"), 0);
        assert_eq!(count(layers, "src/bin/dev/main.rs", "use crate::serve;"), 0);
    }

    #[test]
    fn an_effect_in_the_core_is_found() {
        for text in [
            "use std::time::Instant;",
            "use std::{cell::Cell, time::{Duration, SystemTime}};",
            "let t = std::fs::read_to_string(p);",
            "use std::net::TcpStream;",
            "use std::env;",
            "use std::collections::{BTreeMap, HashMap};",
            "use wasm_bindgen::prelude::*;",
            "fn f(v: &js_sys::Array) {}",
            "use tokio::net::TcpListener;",
            "async fn f() { axum::serve(a, b).await }",
        ] {
            assert_eq!(count(effects, "src/campaign/mod.rs", text), 1, "{text}");
            assert_eq!(count(effects, "src/lib.rs", text), 1, "{text}");
        }
        assert_eq!(count(effects, "src/gateway/mod.rs", "use wasm_bindgen::JsValue;"), 1);
        assert_eq!(count(effects, "src/web/mod.rs", "use tokio::net::TcpListener;"), 1);
    }

    #[test]
    fn an_effect_in_its_shell_is_fine() {
        assert_eq!(count(effects, "src/web/session.rs", "use wasm_bindgen::prelude::*; use js_sys::Array;"), 0);
        assert_eq!(count(effects, "src/gateway/mod.rs", "use tokio::net::TcpListener; use std::fs;"), 0);
        assert_eq!(count(effects, "src/bin/gridscout/main.rs", "use std::env; use std::time::Instant;"), 0);
        assert_eq!(
            count(effects, "src/campaign/mod.rs", "use std::time::Duration; // std::fs\nlet s = env!(\"X\");"),
            0
        );
    }

    #[test]
    fn a_long_file_is_found() {
        assert_eq!(count(length, "www/main.js", &"x\n".repeat(MAX_LINES + 1)), 1);
        assert_eq!(count(length, "www/main.js", &"x\n".repeat(MAX_LINES)), 0);
    }

    #[test]
    fn a_page_that_loads_the_engine_is_found() {
        for text in
            ["import init from \"./pkg/gridscout.js\";", "await import('../pkg/gridscout.js')", "fetch('pkg/x')"]
        {
            assert_eq!(count(engine, "www/views/grid.js", text), 1, "{text}");
            assert_eq!(count(engine, "www/worker.js", text), 0);
        }
        let types = "/** @type {import(\"./pkg/gridscout.js\").Session} */\n// ./pkg/x\nlet s;";
        assert_eq!(count(engine, "www/state.js", types), 0);
    }

    #[test]
    fn a_missing_document_is_found() {
        assert_eq!(documents(|path| (path != "README.md").then(|| "text".into())), ["README.md is missing or empty"]);
        assert_eq!(documents(|_| Some(" \n".into())).len(), DOCUMENTS.len());
        assert!(documents(|_| Some("text".into())).is_empty());
    }
}
