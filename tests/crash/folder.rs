//! Folders of experiments.
use crate::{SETTINGS, served::Served};
use gridscout::{
    bridge::journal::{Entry, Numbered, State},
    gateway::journal::Journal,
};
use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

/// Entries before a run in which the log is to be moved into the database.
const PADDED: u64 = 970;

pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("gridscout-crash-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        // The pace of a person's instrument would make trials slow.
        fs::write(path.join("limits.json"), r#"{"commands_per_sec": 10000}"#).unwrap();
        Self(path)
    }

    /// With a journal that was not closed, so that its log is long.
    pub fn long() -> Self {
        let whole = Self::new();
        let (mut journal, _) = Journal::open(&whole.0.join("journal.db")).unwrap();
        for jseq in 1..=PADDED {
            let entry = Entry::State { to: State::Idle, why: "x".repeat(60) };
            journal.append(&Numbered { jseq, unix_ms: 0, entry }).unwrap();
        }
        whole.copy(&["journal.db", "journal.db-wal"])
    }

    pub fn copy(&self, files: &[&str]) -> Self {
        let copy = Self::new();
        for file in files.iter().filter(|file| self.0.join(file).exists()) {
            fs::copy(self.0.join(file), copy.0.join(file)).unwrap();
        }
        copy
    }

    pub fn options(&self) -> Vec<String> {
        let limits = self.0.join("limits.json").to_str().unwrap().to_owned();
        let mut options = vec!["--time-scale".into(), "0".into(), "--limits".into(), limits];
        options.extend(SETTINGS.iter().flat_map(|(path, value)| ["--set".into(), format!("{path}={value}")]));
        options
    }

    pub fn serve(&self) -> Served {
        let options = self.options();
        Served::start(&self.0, &options.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        for beside in ["log", "strace"] {
            let _ = fs::remove_file(self.0.with_extension(beside));
        }
    }
}
