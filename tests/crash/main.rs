//! A gateway that is killed, whose disk fails, and whose journal is cut: nothing that anyone was told is lost, nothing is exposed
//! twice, what is in doubt is named, and the campaign goes on to the record of the simulator.
//!
//! `GRIDSCOUT_CRASH` asks for every call and every byte; the ordinary tests take a few.
#![cfg(all(not(target_family = "wasm"), unix))]
#![allow(missing_docs, clippy::disallowed_methods)]
mod account;
#[path = "../common/mod.rs"]
mod common;
mod cuts;
mod folder;
mod killed;
mod planner;
#[path = "../common/served.rs"]
mod served;
mod trace;
mod trial;

use account::Found;
use folder::Folder;
use gridscout::campaign::simulate;
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use trace::{BOOK, Fault, JOURNAL, SOCKETS, Spoiled, Watch};
use trial::{Case, From};

/// 30 commands.
const SETTINGS: &[(&str, &str)] = &[("stop.iterations", "21")];
const COMMANDS: usize = 30;
const WORKERS: usize = 3;

fn asked() -> bool {
    std::env::var_os("GRIDSCOUT_CRASH").is_some()
}

#[test]
fn a_fault_at_any_call_loses_nothing_and_repeats_nothing() {
    if !trace::is_installed() {
        assert!(!asked(), "strace is missing");
        return eprintln!("strace is missing: not tried");
    }
    let digest = simulate(common::config(SETTINGS)).unwrap().summary().digest;
    let long = if asked() { Folder::long() } else { Folder::new() };
    let cases = cases(&long);
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = trial::try_out(case, &long, &digest);
                    results.lock().unwrap().push((case, found));
                }
            });
        }
    });
    report(&results.into_inner().unwrap());
}

/// Each fault at each call; without [`asked`], a few.
fn cases(long: &Folder) -> Vec<Case> {
    let all = [Fault::Kill, Fault::Eio, Fault::Enospc];
    let kill = [Fault::Kill];
    let mut plan: Vec<(From, &Watch, &[Fault])> = vec![(From::Empty, &JOURNAL, &all), (From::Empty, &BOOK, &kill)];
    if asked() {
        plan.extend([(From::Start, &JOURNAL, &all[..]), (From::Long, &JOURNAL, &all), (From::Empty, &SOCKETS, &kill)]);
    }
    let mut cases = Vec::new();
    for (from, watch, faults) in plan {
        for (call, ordinal) in if asked() { every(from, watch, long) } else { few(watch) } {
            for &fault in faults {
                let spoiled = Spoiled { call: call.clone(), ordinal, fault };
                cases.push(Case { from, watch: watch.clone(), spoiled });
            }
        }
    }
    cases
}

fn every(from: From, watch: &Watch, long: &Folder) -> Vec<(String, usize)> {
    let counts = trial::count(from, watch, long);
    println!("{from:?}: {counts:?}");
    let all = counts.iter().map(|(_, count)| *count).sum::<usize>();
    assert!(watch.files != BOOK.files || all == COMMANDS, "{all} commands, not {COMMANDS}");
    counts.iter().flat_map(|(call, count)| (1..=*count).map(|ordinal| (call.clone(), ordinal))).collect()
}

/// Somewhere in the middle.
fn few(watch: &Watch) -> Vec<(String, usize)> {
    let calls: &[_] = if watch.files == BOOK.files { &[("write", 20)] } else { &[("pwrite64", 51), ("fsync", 30)] };
    calls.iter().map(|(call, ordinal)| ((*call).to_owned(), *ordinal)).collect()
}

fn report(results: &[(&Case, Found)]) {
    let mut groups: BTreeMap<_, Vec<&Found>> = BTreeMap::new();
    let mut manners: BTreeMap<(From, &str, Fault, &str), usize> = BTreeMap::new();
    for (case, found) in results {
        let group = (case.from, &*case.spoiled.call, case.spoiled.fault);
        groups.entry(group).or_default().push(found);
        *manners.entry((group.0, group.1, group.2, &found.manner)).or_default() += 1;
    }
    println!("from   call       fault   ordinals  hit  acknowledged  lost  exposed twice  in doubt");
    let row = |from: &str, call: &str, fault: &str, all: &[&Found]| {
        let sum = |value: fn(&Found) -> usize| all.iter().map(|found| value(found)).sum::<usize>();
        let (acknowledged, lost, twice) = (sum(|f| f.acknowledged), sum(|f| f.lost), sum(|f| f.twice));
        let (count, hit, doubts) = (all.len(), sum(|f| usize::from(f.hit)), sum(|f| f.doubts));
        println!(
            "{from:<6} {call:<10} {fault:<6} {count:>9} {hit:>4} {acknowledged:>13} {lost:>5} {twice:>14} {doubts:>9}"
        );
    };
    for ((from, call, fault), all) in &groups {
        row(&format!("{from:?}"), call, &fault.to_string(), all);
    }
    row("all", "", "", &results.iter().map(|(_, found)| found).collect::<Vec<_>>());
    for ((from, call, fault, manner), count) in manners {
        println!("{:<6} {call:<10} {fault:<6} {count:>5} × {manner}", format!("{from:?}"));
    }
    let mut bad = Vec::new();
    for (case, found) in results {
        let Case { from, spoiled, watch } = case;
        // How many sends there are depends on how threads are scheduled.
        if !found.hit && !watch.files.is_empty() {
            bad.push(format!("{from:?} {spoiled:?}: not reached, {}", found.manner));
        }
        bad.extend(found.faults.iter().map(|fault| format!("{from:?} {spoiled:?} ({}): {fault}", found.manner)));
        if ["PANICKED", "UNEXPLAINED"].iter().any(|word| found.manner.starts_with(word)) {
            bad.push(format!("{from:?} {spoiled:?}: {}", found.manner));
        }
    }
    assert!(bad.is_empty(), "{} of {} trials fall short:\n{}", bad.len(), results.len(), bad.join("\n"));
}
