//! A record verifies and replays, and nothing that was changed passes.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs)]
mod common;

use common::config;
use gridscout::campaign::{Campaign, Input, Record, RecordError, World, run_until, simulate};

fn short() -> Campaign {
    simulate(config(&[("stop.iterations", "8"), ("library.width_um", "60"), ("library.height_um", "60")])).unwrap()
}

fn verify(record: &Record) -> Campaign {
    let read = Record::from_text(&record.to_text()).unwrap();
    assert_eq!(&read, record);
    read.replay().unwrap()
}

#[test]
fn a_record_replays_to_the_same_decisions_and_scores() {
    let mut campaign = short();
    let mut replayed = verify(&Record::of(&mut campaign));
    assert_eq!(replayed.summary(), campaign.summary());
}

#[test]
fn fitted_hyper_parameters_and_noise_replay() {
    let mut campaign = simulate(config(&[
        ("stop.iterations", "30"),
        ("surrogate.hyper", "maximum_likelihood"),
        ("microscope.edx_sigma", "0.02"),
        ("surrogate.input_noise", "true"),
        ("microscope.value_noise_sd", "0.01"),
    ]))
    .unwrap();
    verify(&Record::of(&mut campaign));
}

#[test]
fn a_campaign_stopped_by_hand_replays() {
    let (mut campaign, mut microscope) = World::new(config(&[])).open().unwrap();
    run_until(&mut campaign, &mut microscope, |c| c.entries().len() >= 12);
    campaign.handle(Input::Stop);
    let record = Record::of(&mut campaign);
    assert_eq!(verify(&record).entries().len(), 12);
}

/// Every byte of a small record, replaced by two others each; the header's own words get their own errors.
#[test]
fn no_changed_byte_passes() {
    let text = Record::of(&mut short()).to_text();
    let mut kinds = [0_u32; 4];
    // A step that is no divisor of the line structure, so that every part is met; all bytes of the ends.
    let ends = 600.min(text.len() / 2);
    let middle = (ends..text.len() - ends).step_by(23);
    for i in (0..ends).chain(middle).chain(text.len() - ends..text.len()) {
        for replacement in [b' ', b'7'] {
            let mut bytes = text.clone().into_bytes();
            if bytes[i] == replacement || !bytes[i].is_ascii() {
                continue;
            }
            bytes[i] = replacement;
            let changed = String::from_utf8(bytes).unwrap();
            match Record::from_text(&changed) {
                Ok(_) => panic!("byte {i} ({:?}) became {:?} and passed", &text[i..=i], replacement as char),
                Err(RecordError::Unreadable { .. }) => kinds[0] += 1,
                Err(RecordError::Version { .. }) => kinds[1] += 1,
                Err(RecordError::Digest { .. }) => kinds[2] += 1,
                Err(RecordError::NotCanonical { .. }) => kinds[3] += 1,
                Err(other) => panic!("byte {i}: {other}"),
            }
        }
    }
    assert!(kinds.iter().all(|k| *k > 0), "each kind of refusal occurs: {kinds:?}");
}

#[test]
fn another_version_and_a_torn_file_are_named() {
    let text = Record::of(&mut short()).to_text();
    let says = |t: &str| Record::from_text(t).unwrap_err().to_string();
    assert_eq!(says(&text.replace("\"version\":1", "\"version\":2")), "version is 2; allowed: 1");
    let engine = format!("\"engine\":\"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(says(&text.replace(&engine, "\"engine\":\"9.9.9\"")).starts_with("engine is 9.9.9; allowed: "));
    assert_eq!(says("{}"), "format is missing; allowed: gridscout-record");
    assert!(says(&text[..text.len() / 2]).contains("EOF while parsing"));
    assert!(says("").contains("line 1, column 0"));
}

/// A record whose digest was recomputed after a decision was edited is caught by the replay.
#[test]
fn a_forged_decision_diverges() {
    let text = Record::of(&mut short()).to_text();
    let forged = text.replacen("\"action\":\"stay\"", "\"action\":\"return\"", 1);
    let Err(RecordError::Digest { found, computed }) = Record::from_text(&forged) else {
        panic!("caught by the digest first")
    };
    let signed = forged.replace(&found, &computed);
    let error = Record::from_text(&signed).unwrap().replay().err().unwrap();
    assert!(matches!(error, RecordError::Diverged { .. }), "{error}");
    assert!(error.to_string().contains("\"action\":\"return\""), "{error}");
}
