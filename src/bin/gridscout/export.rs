//! `gridscout journal export` and `spectra`: a journal for other programs.
use crate::Outcome;
use gridscout::{
    bridge::{
        data::Kind,
        journal::{Done, Entry, Numbered},
    },
    error::ConfigError,
    gateway::{journal::Journal, store::Store},
    microscope::{Command, Fault, Reading},
};
use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::Path,
    time::{Duration, UNIX_EPOCH},
};

#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Every entry as a line of JSON.
    #[default]
    Jsonl,
    /// One row for each command.
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

/// A command that was begun, and what became of it.
struct Begun<'a> {
    cid: &'a str,
    epoch: u64,
    op: &'a Command,
    /// Of the outcome, or of the beginning while there is none.
    jseq: u64,
    unix_ms: u64,
    done: Option<&'a Done>,
}

/// Commands in the order of their outcomes; at the end those that have none.
fn commands(entries: &[Numbered]) -> Vec<Begun<'_>> {
    let mut open = BTreeMap::new();
    let mut all = Vec::new();
    for Numbered { jseq, unix_ms, entry } in entries {
        let (jseq, unix_ms) = (*jseq, *unix_ms);
        match entry {
            Entry::Intent { cid, epoch, op } => {
                open.insert(cid.as_str(), Begun { cid, epoch: *epoch, op, jseq, unix_ms, done: None });
            }
            Entry::Outcome(done) => {
                let begun = open.remove(done.cid.as_str());
                all.extend(begun.map(|begun| Begun { jseq, unix_ms, done: Some(done), ..begun }));
            }
            _ => {}
        }
    }
    let mut open: Vec<_> = open.into_values().collect();
    open.sort_by_key(|begun| begun.jseq);
    all.extend(open);
    all
}

/// What stands in it is empty where a command has no such thing. `outcome` is a kind of reading or fault, or `open`; `detail` the
/// number of particles, the position read back (µm), or the fault in words; `data` the names of the raw arrays, with spaces between.
const COLUMNS: [&str; 16] = [
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
    "detail",
    "data",
];

fn table(entries: &[Numbered]) -> Outcome {
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record(COLUMNS)?;
    for begun in commands(entries) {
        let (name, [region, x, y, particle, dwell]) = fields(begun.op);
        let (outcome, [value, sd, detail]) = told(begun.done);
        let took = begun.done.map(|done| done.took_secs.to_string()).unwrap_or_default();
        let data: Vec<&str> = begun.done.iter().flat_map(|done| &done.data).map(|data| data.hash.as_str()).collect();
        let (jseq, time, epoch) = (begun.jseq.to_string(), begun.unix_ms.to_string(), begun.epoch.to_string());
        let data = data.join(" ");
        rows.write_record([
            &jseq, &time, begun.cid, &epoch, name, &region, &x, &y, &particle, &dwell, &took, outcome, &value, &sd,
            &detail, &data,
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
        Command::CalibrateImage { x_step_um, y_step_um } => {
            ("calibrate_image", [none(), x_step_um.to_string(), y_step_um.to_string(), none(), none()])
        }
        Command::MapComposition { dwell_secs } => {
            ("map_composition", [none(), none(), none(), none(), dwell_secs.to_string()])
        }
        Command::Spectrum { particle, dwell_secs } => {
            ("spectrum", [none(), none(), none(), particle.to_string(), dwell_secs.to_string()])
        }
    }
}

/// Value, its standard deviation, anything else.
fn told(done: Option<&Done>) -> (&'static str, [String; 3]) {
    let none = String::new;
    let Some(done) = done else { return ("open", Default::default()) };
    match &done.outcome {
        Ok(Reading::Property { value, sd }) => ("property", [value.to_string(), sd.to_string(), none()]),
        Ok(Reading::Arrived { x_um, y_um }) => ("arrived", [none(), none(), format!("{x_um} {y_um}")]),
        Ok(Reading::Particles { particles }) => ("particles", [none(), none(), particles.len().to_string()]),
        Ok(Reading::ImageCalibrated { image_to_stage: [[a, b], [c, d]], .. }) => {
            ("image_calibrated", [none(), none(), format!("{a} {b} {c} {d}")])
        }
        Ok(Reading::Compositions { compositions }) => {
            ("compositions", [none(), none(), compositions.len().to_string()])
        }
        Err(fault) => {
            let kind = match fault {
                Fault::Refused { .. } => "refused",
                Fault::TimedOut => "timed_out",
                Fault::Nonsense { .. } => "nonsense",
            };
            (kind, [none(), none(), fault.to_string()])
        }
    }
}

/// Each spectrum of a journal as a file of the EMSA/MAS format 1.0 (ISO 22029), named by its entry and its place in it: identities
/// of commands may differ in what a file system does not tell apart.
pub fn spectra(file: &Path, out: &Path) -> Outcome {
    let entries = Journal::read_only(file)?;
    let store = Store::existing(&file.with_file_name("data"));
    fs::create_dir_all(out)
        .map_err(|e| ConfigError::new("--out", out.display(), format!("a folder that can be made ({e})")))?;
    let mut count = 0;
    for begun in commands(&entries) {
        for (place, data) in begun.done.iter().flat_map(|done| &done.data).enumerate() {
            let Kind::Spectrum { first_ev, step_ev } = data.kind else { continue };
            let bytes = store.read(&data.hash).map_err(|e| {
                ConfigError::new(format!("data of {}", begun.cid), &data.hash, format!("its file ({e})"))
            })?;
            let path = out.join(format!("{:06}-{place}.msa", begun.jseq));
            fs::write(&path, emsa(&bytes, (first_ev, step_ev), &begun))
                .map_err(|e| ConfigError::new("--out", path.display(), format!("a file that can be written ({e})")))?;
            count += 1;
        }
    }
    say!("{count} spectra in {}", out.display());
    Ok(())
}

/// Latest time that [`httpdate`] writes: the end of the year 9999.
const LATEST_SECS: u64 = 253_402_300_799;

fn emsa(bytes: &[u8], (first_ev, step_ev): (f64, f64), begun: &Begun) -> String {
    let (counts, _) = bytes.as_chunks::<4>();
    let secs = Duration::from_secs((begun.unix_ms / 1000).min(LATEST_SECS));
    // Sun, 06 Nov 1994 08:49:37 GMT
    let date = httpdate::fmt_http_date(UNIX_EPOCH + secs);
    let (day, month, year, time) = (&date[5..7], &date[8..11], &date[12..16], &date[17..22]);
    // Of text the format has only printable ASCII.
    let title = begun.cid.chars().take(64).map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '_' });
    let mut header = vec![
        ("FORMAT", "EMSA/MAS SPECTRAL DATA FILE".to_owned()),
        ("VERSION", "1.0".into()),
        ("TITLE", title.collect()),
        ("DATE", format!("{day}-{}-{year}", month.to_ascii_uppercase())),
        ("TIME", time.into()),
        ("OWNER", format!("gridscout {}", env!("CARGO_PKG_VERSION"))),
        ("NPOINTS", format!("{}.", counts.len())),
        ("NCOLUMNS", "1.".into()),
        ("XUNITS", "eV".into()),
        ("YUNITS", "counts".into()),
        ("DATATYPE", "Y".into()),
        ("XPERCHAN", step_ev.to_string()),
        ("OFFSET", first_ev.to_string()),
        ("SIGNALTYPE", "ELS".into()),
    ];
    if let Command::Spectrum { dwell_secs, .. } = begun.op {
        header.push(("INTEGTIME", (dwell_secs * 1e3).to_string()));
    }
    header.push(("SPECTRUM", String::new()));
    let mut text = String::new();
    for (key, value) in header {
        let _ = write!(text, "#{key:<12}: {value}\r\n");
    }
    for four in counts {
        let _ = write!(text, "{}\r\n", f32::from_le_bytes(*four));
    }
    text + "#ENDOFDATA   :\r\n"
}
