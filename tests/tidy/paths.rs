//! The paths that a Rust file names, `use` trees spelt out: enough of a reader for rules, not a parser.

/// Every `a::b::c` of the text, and one path for every leaf of `a::{b, c::{d}}`; comments and literals are left out.
pub fn paths(text: &str) -> Vec<Vec<String>> {
    let words = words(&bare(text));
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let start = at;
        if is_name(&words[at]) {
            at = tree(&words, at, &mut Vec::new(), &mut found);
        }
        at = at.max(start + 1);
    }
    found
}

/// Reads one path or tree at `at` behind `prefix`; returns where it ends.
fn tree(words: &[String], mut at: usize, prefix: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    let depth = prefix.len();
    loop {
        match words.get(at).map(String::as_str) {
            Some("{") if !prefix.is_empty() => {
                at += 1;
                while words.get(at).is_some_and(|word| word != "}") {
                    let start = at;
                    at = tree(words, at, prefix, found).max(start + 1);
                }
                prefix.truncate(depth);
                return at + 1;
            }
            Some(word) if is_name(word) || word == "*" => prefix.push(word.to_string()),
            _ => {
                // `Vec::<f64>`: what stands before is the path.
                push(prefix, depth, found);
                return at;
            }
        }
        at += 1;
        if words.get(at).is_none_or(|word| word != "::") {
            push(prefix, depth, found);
            return at;
        }
        at += 1;
    }
}

fn push(prefix: &mut Vec<String>, depth: usize, found: &mut Vec<Vec<String>>) {
    if prefix.len() > depth {
        found.push(prefix.clone());
    }
    prefix.truncate(depth);
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_alphanumeric() || character == '_' {
            let mut word = String::from(character);
            while let Some(more) = characters.next_if(|next| next.is_alphanumeric() || *next == '_') {
                word.push(more);
            }
            words.push(word);
        } else if character == ':' && characters.next_if_eq(&':').is_some() {
            words.push("::".into());
        } else if !character.is_whitespace() {
            words.push(character.into());
        }
    }
    words
}

/// The text without comments, strings and character literals.
pub fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skip = literal(rest, out.chars().next_back());
        out.push(if skip == 0 { first } else { ' ' });
        rest = &rest[skip.max(first.len_utf8())..];
    }
    out
}

/// How many bytes of comment or literal the text begins with.
fn literal(text: &str, before: Option<char>) -> usize {
    let until = |end: &str, from: usize| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    let inside_name = before.is_some_and(|character| character.is_alphanumeric() || character == '_');
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return until("*/", 2);
    }
    if text.starts_with('"') {
        return quoted(text);
    }
    if let Some(raw) = text.strip_prefix('r').filter(|_| !inside_name) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            return until(&format!("\"{}", "#".repeat(hashes)), hashes + 2);
        }
    }
    // 'x' and '\n' are characters, 'a alone is a lifetime.
    let mut after = text.strip_prefix('\'').unwrap_or_default().char_indices();
    match (after.next(), after.next()) {
        (Some((_, '\\')), Some((escaped, character))) => until("'", 1 + escaped + character.len_utf8()),
        (Some(_), Some((at, '\''))) => 1 + at + 1,
        _ => 0,
    }
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{bare, paths};

    fn joined(text: &str) -> Vec<String> {
        paths(text).iter().map(|path| path.join("::")).filter(|path| path.contains("::")).collect()
    }

    #[test]
    fn use_trees_are_spelt_out() {
        assert_eq!(
            joined("use crate::{num, rng::{Stream, self}, cost::*};"),
            ["crate::num", "crate::rng::Stream", "crate::rng::self", "crate::cost::*"]
        );
        assert_eq!(
            joined("use std::{time::{Duration, Instant}, fs};\nstruct A { b: crate::num::C }"),
            ["std::time::Duration", "std::time::Instant", "std::fs", "crate::num::C"]
        );
    }

    #[test]
    fn paths_in_expressions_types_and_attributes_count() {
        assert_eq!(
            joined("let x: Vec<crate::a::B> = crate::c::d::<f64>(crate::e::F { g: 1 });"),
            ["crate::a::B", "crate::c::d", "crate::e::F"]
        );
        assert_eq!(
            joined("#[wasm_bindgen::prelude::x] fn f(a: &'a std::fs::File, c: char) { match c { ':' => x::y } }"),
            ["wasm_bindgen::prelude::x", "std::fs::File", "x::y"]
        );
    }

    #[test]
    fn comments_and_literals_do_not_count() {
        assert!(joined("//! [`crate::a::B`]\n/* crate::b::C */ \"crate::d::E\\\" crate::f::G\"").is_empty());
        assert!(
            joined("let s = r#\"use std::fs::File; \" \"#; let c = '\"'; let d = '\\''; let e = '\\u{7f}';").is_empty()
        );
        assert_eq!(bare("let bar = \"x\"; // end\nfor<'a> 'b'"), "let bar =  ;  \nfor<'a>  ");
        assert_eq!(joined("for r in \"a\".chars() { std::fs::read(r) }"), ["std::fs::read"]);
    }
}
