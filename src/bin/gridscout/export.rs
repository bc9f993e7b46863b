//! `gridscout journal export` and `spectra`: a journal for other programs.
use crate::Outcome;
use gridscout::{
    bridge::{
        data::{Data, Kind},
        journal::{Done, Entry, Numbered},
    },
    error::ConfigError,
    gateway::{journal::Journal, store::Store},
    microscope::{Command, Fault, Reading},
};
use std::{collections::BTreeMap, fmt::Write, fs, io, path::Path};

#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Every entry as a line of JSON.
    #[default]
    Jsonl,
    /// One row for each command that was finished.
    Csv,
}

pub fn entries(file: &Path, format: Format) -> Outcome {
    let entries = Journal::read_only(file)?;
    if format == Format::Csv {
        return table(&entries);
    }
    for entry in &entries {
        say!("{}", serde_json::to_string(entry)?);
    }
    Ok(())
}

/// Finished commands in the order of their outcomes.
fn finished(entries: &[Numbered]) -> impl Iterator<Item = (&Numbered, u64, &Command, &Done)> {
    let mut asked: BTreeMap<&str, (u64, &Command)> = BTreeMap::new();
    entries.iter().filter_map(move |numbered| match &numbered.entry {
        Entry::Intent { cid, epoch, op } => {
            asked.insert(cid, (*epoch, op));
            None
        }
        Entry::Outcome(done) => asked.get(done.cid.as_str()).map(|(epoch, op)| (numbered, *epoch, *op, done)),
        _ => None,
    })
}

const COLUMNS: [&str; 15] = [
    "jseq",
    "unix_ms",
    "cid",
    "epoch",
    "op",
    "region",
    "x_um",
    "y_um",
    "particle",
    "dwell_secs",
    "took_secs",
    "outcome",
    "value",
    "sd",
    "data",
];

fn table(entries: &[Numbered]) -> Outcome {
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record(COLUMNS)?;
    for (numbered, epoch, op, done) in finished(entries) {
        let (name, [region, x, y, particle, dwell]) = fields(op);
        let (outcome, [value, sd]) = told(&done.outcome);
        let data: Vec<&str> = done.data.iter().map(|data| data.hash.as_str()).collect();
        let (jseq, time, took) = (numbered.jseq.to_string(), numbered.unix_ms.to_string(), done.took_secs.to_string());
        let (epoch, data) = (epoch.to_string(), data.join(" "));
        rows.write_record([
            &jseq, &time, &done.cid, &epoch, name, &region, &x, &y, &particle, &dwell, &took, &outcome, &value, &sd,
            &data,
        ])?;
    }
    let text = String::from_utf8(rows.into_inner().map_err(|e| e.into_error())?)?;
    say!("{}", text.trim_end());
    Ok(())
}

/// Region, x, y, particle, dwell time.
fn fields(op: &Command) -> (&'static str, [String; 5]) {
    let none = String::new;
    match op {
        Command::MoveToRegion { region, x_um, y_um } => {
            ("move_to_region", [region.to_string(), x_um.to_string(), y_um.to_string(), none(), none()])
        }
        Command::Overview => ("overview", Default::default()),
        Command::MapComposition { dwell_secs } => {
            ("map_composition", [none(), none(), none(), none(), dwell_secs.to_string()])
        }
        Command::Spectrum { particle, dwell_secs } => {
            ("spectrum", [none(), none(), none(), particle.to_string(), dwell_secs.to_string()])
        }
    }
}

fn told(outcome: &Result<Reading, Fault>) -> (String, [String; 2]) {
    match outcome {
        Ok(Reading::Property { value, sd }) => ("property".into(), [value.to_string(), sd.to_string()]),
        Ok(Reading::Arrived { .. }) => ("arrived".into(), Default::default()),
        Ok(Reading::Particles { particles }) => (format!("{} particles", particles.len()), Default::default()),
        Ok(Reading::Compositions { compositions }) => {
            (format!("{} compositions", compositions.len()), Default::default())
        }
        Err(fault) => (fault.to_string(), Default::default()),
    }
}

/// Each spectrum of a journal as a file of the EMSA/MAS format 1.0 (ISO 22029).
pub fn spectra(file: &Path, out: &Path) -> Outcome {
    let entries = Journal::read_only(file)?;
    let store = Store::open(&file.with_file_name("data"))?;
    fs::create_dir_all(out)
        .map_err(|e| ConfigError::new("--out", out.display(), format!("a folder that can be made ({e})")))?;
    let mut count = 0;
    for (_, _, op, done) in finished(&entries) {
        for data in &done.data {
            let Kind::Spectrum { first_ev, step_ev } = data.kind else { continue };
            let text = emsa(&store, data, (first_ev, step_ev), op, done).map_err(|e| {
                ConfigError::new(format!("data of {}", done.cid), &data.hash, format!("its file ({e})"))
            })?;
            fs::write(out.join(format!("{}.msa", done.cid.replace(['/', '\\'], "_"))), text)?;
            count += 1;
        }
    }
    say!("{count} spectra in {}", out.display());
    Ok(())
}

fn emsa(store: &Store, data: &Data, (first, step): (f64, f64), op: &Command, done: &Done) -> io::Result<String> {
    let bytes = store.read(&data.hash)?;
    let (counts, _) = bytes.as_chunks::<4>();
    let dwell_ms = match op {
        Command::Spectrum { dwell_secs, .. } => dwell_secs * 1e3,
        _ => 0.0,
    };
    let header = [
        ("FORMAT", "EMSA/MAS SPECTRAL DATA FILE".to_owned()),
        ("VERSION", "1.0".into()),
        ("TITLE", done.cid.chars().take(64).collect()),
        ("OWNER", format!("gridscout {}", env!("CARGO_PKG_VERSION"))),
        ("NPOINTS", format!("{}.", counts.len())),
        ("NCOLUMNS", "1.".into()),
        ("XUNITS", "eV".into()),
        ("YUNITS", "counts".into()),
        ("DATATYPE", "Y".into()),
        ("XPERCHAN", step.to_string()),
        ("OFFSET", first.to_string()),
        ("SIGNALTYPE", "ELS".into()),
        ("DWELLTIME", dwell_ms.to_string()),
        ("SPECTRUM", String::new()),
    ];
    let mut text = String::new();
    for (key, value) in header {
        let _ = write!(text, "#{key:<12}: {value}\r\n");
    }
    for four in counts {
        let _ = write!(text, "{}\r\n", f32::from_le_bytes(*four));
    }
    Ok(text + "#ENDOFDATA   :\r\n")
}
