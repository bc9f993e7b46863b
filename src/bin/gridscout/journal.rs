//! `gridscout journal`: look into what a gateway wrote down.
use crate::Outcome;
use gridscout::{bridge::journal::Entry, gateway::journal::Journal};
use std::{collections::BTreeMap, path::PathBuf};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Check every entry, and count what was done.
    Verify {
        /// `journal.db` of an experiment.
        file: PathBuf,
    },
    /// Print every entry as a line of JSON.
    Export {
        /// `journal.db` of an experiment.
        file: PathBuf,
    },
}

pub fn run(command: &Command) -> Outcome {
    match command {
        Command::Export { file } => {
            for entry in Journal::read_only(file)? {
                say!("{}", serde_json::to_string(&entry)?);
            }
        }
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
            say!("in doubt: {}", if open.is_empty() { "none".into() } else { open.join(", ") });
        }
    }
    Ok(())
}
