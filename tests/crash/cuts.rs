//! A journal whose file ends early: every byte of its last records is the last one once.
//!
//! No crash of a process does this, and no disk that keeps its word: what was synchronised is missing. The journal opens with
//! fewer entries or says what is wrong with it, and where entries are missing the instrument still knows what it has done.
use crate::{
    SETTINGS, WORKERS,
    account::{Found, account},
    asked, common,
    folder::Folder,
    planner::{Told, plan, settle},
};
use gridscout::{
    bridge::journal::{Done, Numbered},
    campaign::simulate,
    gateway::journal::{Journal, JournalError},
};
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Of SQLite's log: a page and what stands before it.
const FRAME_BYTES: usize = 24 + 4096;
const FRAMES: usize = 8;
const PAGES: usize = 2;
/// Cuts of each kind in the ordinary tests.
const FEW: usize = 24;

/// What became of all cuts of one file.
#[derive(Default)]
struct Cuts {
    /// Entries that were left, how often, and the bytes of one such file.
    prefixes: BTreeMap<usize, (usize, usize)>,
    refusals: BTreeMap<String, usize>,
}

#[test]
fn a_journal_cut_at_any_byte_is_a_shorter_one_or_none() {
    let digest = simulate(common::config(SETTINGS)).unwrap().summary().digest;
    let run = Folder::new();
    let served = run.serve();
    let told = plan(&served, SETTINGS);
    drop(served);
    assert_eq!(told.digest.as_ref(), Some(&digest));
    // As the kill left it; opening and closing moves the log into the database.
    let left = run.copy(&["journal.db", "journal.db-wal", "instrument.jsonl"]);
    let (_, whole) = Journal::open(&run.0.join("journal.db")).unwrap();

    let log = cut(&left, "journal.db-wal", FRAMES * FRAME_BYTES, &whole);
    let database = cut(&run, "journal.db", PAGES * 4096, &whole);
    for (name, cuts) in [("log", &log), ("database", &database)] {
        let shorter: usize = cuts.prefixes.values().map(|(times, _)| times).sum();
        let refused: usize = cuts.refusals.values().sum();
        println!("{name} cut at {} bytes: {shorter} shorter journals, {refused} refusals", shorter + refused);
        cuts.prefixes.iter().for_each(|(n, (times, _))| println!("  {times:>6} × {n} of {} entries", whole.len()));
        cuts.refusals.iter().for_each(|(text, times)| println!("  {times:>6} × {text}"));
    }
    assert!(log.prefixes.len() > 2, "no cut took away a whole command");
    let (mut lost, mut twice, mut doubts) = (0, 0, 0);
    for (_, bytes) in log.prefixes.values() {
        let found = go_on(&left, *bytes, &told, &digest);
        (lost, twice, doubts) = (lost + found.lost, twice + found.twice, doubts.max(found.doubts));
        assert!(found.faults.is_empty(), "cut to {bytes} bytes: {:?}", found.faults);
    }
    println!("gone on with: {lost} acknowledged outcomes lost, {twice} exposed twice, in doubt at most {doubts}");
}

/// The end of one file, cut byte by byte.
fn cut(from: &Folder, file: &str, most: usize, whole: &[Numbered]) -> Cuts {
    let bytes = fs::read(from.0.join(file)).unwrap();
    let lengths: Vec<usize> = (bytes.len().saturating_sub(most)..bytes.len()).collect();
    let step = if asked() { 1 } else { lengths.len() / FEW };
    let lengths: Vec<usize> = lengths.into_iter().step_by(step).collect();
    let (next, cuts) = (AtomicUsize::new(0), Mutex::new(Cuts::default()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                let folder = Folder::new();
                while let Some(&length) = lengths.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let opened = open(from, &folder.0, file, &bytes[..length]);
                    let mut cuts = cuts.lock().unwrap();
                    match opened {
                        Ok(entries) => {
                            assert_eq!(entries, whole[..entries.len()], "{file} of {length} bytes");
                            cuts.prefixes.entry(entries.len()).or_insert((0, length)).0 += 1;
                        }
                        Err(error) => *cuts.refusals.entry(error.to_string()).or_default() += 1,
                    }
                }
            });
        }
    });
    cuts.into_inner().unwrap()
}

fn open(from: &Folder, folder: &Path, file: &str, bytes: &[u8]) -> Result<Vec<Numbered>, JournalError> {
    for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
        let _ = fs::remove_file(folder.join(name));
    }
    fs::copy(from.0.join("journal.db"), folder.join("journal.db")).unwrap();
    fs::write(folder.join(file), bytes).unwrap();
    Ok(Journal::open(&folder.join("journal.db"))?.1)
}

/// A gateway over the journal that is left, and the instrument with all it has done.
fn go_on(left: &Folder, bytes: usize, told: &Told, digest: &str) -> Found {
    let folder = left.copy(&["journal.db", "journal.db-wal", "instrument.jsonl"]);
    fs::File::options().write(true).open(folder.0.join("journal.db-wal")).unwrap().set_len(bytes as u64).unwrap();
    let served = folder.serve();
    let doubts = settle(&served, || {});
    let end = plan(&served, SETTINGS);
    drop(served);
    let mut found = Found::default();
    if end.digest.as_deref() != Some(digest) {
        found.faults.push(format!("the record is another: {:?}, {}", end.digest, end.ended));
    }
    // Entries after the cut are written anew; what an answer said must be said again. The instrument remembers readings only.
    let answers = told.answers.iter().map(|done| Done { data: Vec::new(), ..done.clone() }).collect();
    let answers = Told { answers, ..Told::default() };
    account(&folder.0, &answers, &doubts, &mut found);
    found
}
