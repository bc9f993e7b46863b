//! `gridscout journal`: look into what a gateway wrote down.
use crate::{Outcome, config::Source, export, print_json};
use gridscout::{
    bridge::journal::Entry,
    calibration::{Calibration, calibrate, image::Axes},
    campaign::Config,
    error::ConfigError,
    gateway::journal::Journal,
    microscope::Reading,
};
use std::{collections::BTreeMap, path::PathBuf};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Check every entry, and count what was done.
    Verify {
        /// `journal.db` of an experiment.
        file: PathBuf,
    },
    /// Times of moves and exposures beside those that the planner assumes.
    Calibrate {
        /// `journal.db` of an experiment.
        file: PathBuf,
        #[command(flatten)]
        source: Source,
        /// Write the configuration with the measured times in place of the assumed ones.
        #[arg(long, value_name = "FILE.json")]
        out: Option<PathBuf>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print it for other programs.
    Export {
        /// `journal.db` of an experiment.
        file: PathBuf,
        /// How.
        #[arg(long, value_enum, default_value_t)]
        format: export::Format,
    },
    /// Write each spectrum as a file of the EMSA/MAS format.
    Spectra {
        /// `journal.db` of an experiment; the raw arrays are beside it.
        file: PathBuf,
        /// Folder for the files. Made when missing.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

pub fn run(command: &Command) -> Outcome {
    match command {
        Command::Calibrate { file, source, out, json } => {
            let config = source.load()?;
            let calibration = calibrate(&Journal::read_only(file)?, &config.cost);
            if let Some(path) = out {
                let measured = Config { cost: calibration.applied(&config.cost), ..Config::clone(&config) };
                std::fs::write(path, serde_json::to_string_pretty(&*measured.check()?)?).map_err(|e| {
                    ConfigError::new("--out", path.display(), format!("a file that can be written ({e})"))
                })?;
            }
            if *json {
                return print_json(&calibration);
            }
            report(&calibration)?;
        }
        Command::Export { file, format } => export::entries(file, *format)?,
        Command::Spectra { file, out } => export::spectra(file, out)?,
        Command::Verify { file } => {
            let entries = Journal::read_only(file)?;
            let mut begun: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
            for numbered in &entries {
                match &numbered.entry {
                    Entry::Intent { cid, .. } => begun.entry(cid).or_default().0 += 1,
                    Entry::Outcome(done) => begun.entry(&done.cid).or_default().1 += 1,
                    _ => {}
                }
            }
            let open: Vec<_> = begun.iter().filter(|(_, (_, outcomes))| *outcomes == 0).map(|(cid, _)| *cid).collect();
            let outcomes: u32 = begun.values().map(|(_, outcomes)| outcomes).sum();
            say!("verified: {} entries, {} commands, {outcomes} outcomes", entries.len(), begun.len());
            if let Some(text) = entries.iter().rev().find_map(|numbered| image_axes(&numbered.entry)) {
                say!("{text}");
            }
            say!("in doubt: {}", if open.is_empty() { "none".into() } else { open.join(", ") });
        }
    }
    Ok(())
}

/// How the image was found to lie on the stage, against what the driver states.
fn image_axes(entry: &Entry) -> Option<String> {
    let Entry::Outcome(done) = entry else { return None };
    let Ok(Reading::ImageCalibrated { image_to_stage, stated, residual_um }) = &done.outcome else { return None };
    let Axes { turned_deg, mirrored, scale } = Axes::between(*stated, *image_to_stage);
    // Zero has no sign.
    let turned_deg = (turned_deg * 10.0).round() / 10.0 + 0.0;
    let mirrored = if mirrored { ", mirrored" } else { "" };
    Some(format!(
        "image: turned {turned_deg:.1}°{mirrored}, scale {scale:.3} against what the driver states; measured to {:.1} nm",
        residual_um * 1e3
    ))
}

fn report(calibration: &Calibration) -> Outcome {
    say!("{:<26} {:>10} {:>20} {:>12}", "", "assumed", "measured", "spread");
    for fit in &calibration.fits {
        let measured = match (fit.fitted, fit.standard_error) {
            (Some(value), Some(error)) => format!("{value:.3} ± {error:.3}"),
            _ => "–".into(),
        };
        let spread = fit.spread_secs.map_or_else(|| "–".into(), |secs| format!("{secs:.3} s"));
        let name = fit.path.trim_start_matches("cost.");
        say!("{name:<26} {:>10.3} {measured:>20} {spread:>12}   {} × {}", fit.assumed, fit.count, fit.note);
    }
    say!("{:<26} {:>10} {:>20}", "distance (µm)", "assumed", "measured (s)");
    for moved in &calibration.moves {
        say!("{:<26.1} {:>10.2} {:>20.2}", moved.distance_um, moved.assumed_secs, moved.took_secs);
    }
    Ok(())
}
