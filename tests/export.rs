//! A journal read by other programs: a table, and spectra in the EMSA/MAS format.
#![cfg(all(not(target_family = "wasm"), unix))]
#![allow(missing_docs, clippy::disallowed_methods)]
#[path = "common/served.rs"]
#[allow(dead_code, reason = "each file of tests is a crate, and not all of them need it")]
mod served;

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
