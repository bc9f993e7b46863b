//! The gateway held to account: by what it told, by its journal and by the instrument's own book.
use crate::planner::Told;
use gridscout::{
    bridge::journal::{Done, Entry, Numbered},
    gateway::journal::Journal,
};
use std::{collections::BTreeMap, fs, path::Path};

/// What came of a crash.
#[derive(Debug, Default)]
pub struct Found {
    /// The fault happened.
    pub hit: bool,
    /// Outcomes that the planner was told of before the crash.
    pub acknowledged: usize,
    pub lost: usize,
    pub twice: usize,
    pub doubts: usize,
    /// How the gateway took it.
    pub manner: String,
    /// What must not be.
    pub faults: Vec<String>,
}

/// What was told must stand in the journal as it was told, and the instrument must have done each command once.
pub fn account(folder: &Path, told: &Told, doubts: &[String], found: &mut Found) {
    let entries = match Journal::read_only(&folder.join("journal.db")) {
        Ok(entries) => entries,
        Err(error) => return found.faults.push(error.to_string()),
    };
    let mut outcomes: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    let mut intents: BTreeMap<&str, usize> = BTreeMap::new();
    for Numbered { entry, .. } in &entries {
        match entry {
            Entry::Outcome(done) => outcomes.entry(&done.cid).or_default().push(done),
            Entry::Intent { cid, .. } => *intents.entry(cid).or_default() += 1,
            _ => {}
        }
    }
    // The instrument is asked once for each intent, and once more only when a person said so.
    let asked_too_often = |(cid, times): &(&&str, &usize)| **times > 1 + usize::from(doubts.iter().any(|d| d == **cid));
    found.faults.extend(intents.iter().filter(asked_too_often).map(|(cid, n)| format!("{cid} was begun {n} times")));
    let recorded_again = outcomes.iter().filter(|(_, all)| all.len() != 1);
    found.faults.extend(recorded_again.map(|(cid, all)| format!("{cid} has {} outcomes", all.len())));

    let lost_answers =
        told.answers.iter().filter(|done| !outcomes.get(&*done.cid).is_some_and(|all| says(all[0], done)));
    let lost_entries = told.entries.iter().filter(|told| entries.get(told.jseq as usize - 1) != Some(told));
    found.acknowledged = told.answers.len();
    found.lost = lost_answers.count() + lost_entries.count();
    found.doubts = doubts.len();
    let exposures = exposures(folder);
    found.twice = exposures.values().filter(|times| **times > 1).count();
    let of_nothing = outcomes.keys().filter(|cid| !exposures.contains_key(**cid)).count();
    if found.lost + found.twice + of_nothing > 0 || found.doubts > 1 {
        let Found { lost, twice, .. } = found;
        let text = format!("{lost} lost, {twice} exposed twice, {of_nothing} outcomes of nothing, in doubt {doubts:?}");
        found.faults.push(text);
    }
}

/// An answer without raw arrays is the same when the journal has some.
fn says(recorded: &Done, told: &Done) -> bool {
    let data = if told.data.is_empty() { Vec::new() } else { recorded.data.clone() };
    Done { data, ..recorded.clone() } == *told
}

/// How often the instrument did each command, by its own book.
fn exposures(folder: &Path) -> BTreeMap<String, u32> {
    let mut exposures = BTreeMap::new();
    for line in fs::read_to_string(folder.join("instrument.jsonl")).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        *exposures.entry(line["cid"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    exposures
}
