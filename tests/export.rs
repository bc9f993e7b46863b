//! A journal read by other programs: a table, and spectra in the EMSA/MAS format.
#![cfg(all(not(target_family = "wasm"), unix))]
#![allow(missing_docs, clippy::disallowed_methods)]
#[path = "common/served.rs"]
#[allow(dead_code, reason = "each file of tests is a crate, and not all of them need it")]
mod served;

use gridscout::{
    bridge::{
        data::Kind,
        journal::{Done, Entry, Numbered},
    },
    gateway::{
        journal::Journal,
        store::{Raw, Store},
    },
    microscope::{Command as Op, Fault, Reading},
};
use served::{PROGRAM, Served};
use std::{fs, path::Path, process::Command};

const SETTINGS: [&str; 2] = ["--set", "stop.iterations=3"];

fn output(arguments: &[&str], file: &Path) -> String {
    let output = Command::new(PROGRAM).args(arguments).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_journal_becomes_a_table_and_spectra() {
    let folder = std::env::temp_dir().join(format!("gridscout-export-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let served = Served::start(&folder, &["--time-scale", "0"]);
    let mut drive = Command::new(PROGRAM);
    let url = format!("ws://{}/ws", served.address);
    drive.args(["drive", "--url", &url, "--secret-file"]).arg(folder.join("bearer")).args(SETTINGS);
    assert!(drive.output().unwrap().status.success());
    drop(served);
    let journal = folder.join("journal.db");
    let table = output(&["journal", "export", "--format", "csv"], &journal);
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let (op, value, data) = {
        let headers = rows.headers().unwrap().clone();
        let place = |name: &str| headers.iter().position(|column| column == name).unwrap();
        (place("op"), place("value"), place("data"))
    };
    let spectra: Vec<_> = rows.records().map(Result::unwrap).filter(|row| &row[op] == "spectrum").collect();
    assert!(spectra.len() >= 3 && spectra.iter().all(|row| row[value].parse::<f64>().is_ok() && row[data].len() == 64));
    let out = folder.join("spectra");
    let said = output(&["journal", "spectra", "--out", out.to_str().unwrap()], &journal);
    assert!(said.starts_with(&format!("{} spectra", spectra.len())), "{said}");
    assert_eq!(fs::read_dir(&out).unwrap().count(), spectra.len());
    for file in fs::read_dir(&out).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let header = |key: &str| {
            let line = text.lines().find(|line| line.starts_with(&format!("#{key} "))).unwrap();
            line.split_once(": ").unwrap().1.trim_end_matches('.').to_owned()
        };
        let counts = text.lines().filter_map(|line| line.parse::<f32>().ok()).count();
        assert_eq!(counts, header("NPOINTS").parse::<usize>().unwrap());
        assert!(header("XPERCHAN").parse::<f64>().unwrap() > 0.0 && text.ends_with("#ENDOFDATA   :\r\n"));
    }
    // A raw file that is gone is named.
    let hash = &spectra[0][data];
    fs::remove_file(folder.join(format!("data/{hash}.f32"))).unwrap();
    let again = Command::new(PROGRAM).args(["journal", "spectra", "--out"]).arg(&out).arg(&journal).output().unwrap();
    let text = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(!again.status.success() && text.contains(hash), "{text}");
    let _ = fs::remove_dir_all(&folder);
}

/// Identities that a file system or a header would take for something else, and a command that nobody knows the end of.
#[test]
fn nothing_is_lost_or_forged_by_names() {
    let folder = std::env::temp_dir().join(format!("gridscout-export-names-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let store = Store::open(&folder.join("data")).unwrap();
    let file = folder.join("journal.db");
    let (mut journal, _) = Journal::open(&file).unwrap();
    let mut jseq = 0;
    let mut append = |entry| {
        jseq += 1;
        // 6 November 1994, 08:49:37 UTC.
        journal.append(&Numbered { jseq, unix_ms: 784_111_777_000, entry }).unwrap();
    };
    let op = Op::Spectrum { particle: 3, dwell_secs: 0.5 };
    let begin = |cid: &str| Entry::Intent { cid: cid.into(), epoch: 1, op: op.clone() };
    let kind = Kind::Spectrum { first_ev: 200.5, step_ev: 0.1 };
    let all = [vec![1.5, 2.25, 3e-9, 16_777_217.0], vec![9.0, f32::MAX], vec![7.0]];
    for (cid, arrays) in [("a/b", &all[..2]), ("a_b\r\n#OFFSET      : 7", &all[2..])] {
        append(begin(cid));
        let keep = |values: &Vec<f32>| Raw { shape: vec![values.len() as u32], kind, values: values.clone() };
        let data = arrays.iter().map(|values| store.keep(&keep(values)).unwrap()).collect();
        append(Entry::Outcome(Done { data, ..Done::new(cid, 0.5, Ok(Reading::Property { value: 0.5, sd: 0.1 })) }));
    }
    append(begin("failed"));
    append(Entry::Outcome(Done::new("failed", 2.0, Err(Fault::TimedOut))));
    append(begin("open"));
    drop(journal);
    let out = folder.join("spectra");
    assert!(output(&["journal", "spectra", "--out", out.to_str().unwrap()], &file).starts_with("3 spectra"));
    for (name, values) in ["000002-0", "000002-1", "000004-0"].iter().zip(all) {
        let text = fs::read_to_string(out.join(format!("{name}.msa"))).unwrap();
        assert_eq!(text.lines().filter_map(|line| line.parse::<f32>().ok()).collect::<Vec<_>>(), values);
        assert_eq!(text.matches("\n#OFFSET").count(), 1, "{text}");
        for line in ["#DATE        : 06-NOV-1994", "#TIME        : 08:49", "#INTEGTIME   : 500", "#OFFSET      : 200.5"]
        {
            assert!(text.lines().any(|other| other == line), "{line}: {text}");
        }
    }
    let table = output(&["journal", "export", "--format", "csv"], &file);
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let place = rows.headers().unwrap().iter().position(|column| column == "outcome").unwrap();
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.iter().map(|row| &row[place]).collect::<Vec<_>>(), ["property", "property", "timed_out", "open"]);
    assert_eq!((&rows[1][2], &rows[3][2]), ("a_b\r\n#OFFSET      : 7", "open"));
    // To read is not to write.
    let elsewhere = folder.join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    let copy = elsewhere.join("journal.db");
    fs::copy(&file, &copy).unwrap();
    let refused = Command::new(PROGRAM).args(["journal", "spectra", "--out"]).arg(&out).arg(&copy).output().unwrap();
    assert!(!refused.status.success() && !elsewhere.join("data").exists());
    fs::remove_dir_all(&folder).unwrap();
}
