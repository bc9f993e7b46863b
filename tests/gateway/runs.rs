//! Two runs at one gateway that take turns.
use crate::{common, site::Site};
use gridscout::{
    bridge::journal::{Entry, Numbered},
    campaign::{Campaign, Event, Record, World, run},
    gateway::journal::Journal,
};
use std::collections::BTreeMap;

fn prepared(settings: &[(&str, &str)]) -> World {
    let mut world = World::new(common::config(settings));
    while world.advance(1000.0).unwrap() < 1.0 {}
    world
}

/// All that was decided, asked and read. Not the times: the way from where the other run was is a real one, and after a way back the
/// beam need not be shifted.
fn without_times(campaign: &mut Campaign) -> Vec<Event> {
    let mut events = Record::of(campaign).events().to_vec();
    for event in &mut events {
        if let Event::Received(reply) = event {
            reply.took_secs = 0.0;
        }
    }
    events
}

#[test]
fn two_runs_that_take_turns_are_each_measured_as_if_alone() {
    let settings = [("stop.iterations", "12")];
    let elsewhere = [settings[0], ("planner.first_region", "57"), ("acquisition.function", "expected_improvement")];
    let runs = [("run", prepared(&settings)), ("trial", prepared(&elsewhere))];
    let site = Site::open("turns", &[]);
    for entries in (1..12).step_by(2) {
        for (name, world) in &runs {
            assert!(site.drive_until(name, world, entries).is_none());
        }
    }
    for (name, world) in &runs {
        let mut driven = site.drive_until(name, world, usize::MAX).unwrap();
        let (mut alone, mut microscope) = world.clone().open().unwrap();
        run(&mut alone, &mut microscope);
        assert_eq!(without_times(&mut driven), without_times(&mut alone), "{name}");
    }
    let mut begun: BTreeMap<String, u32> = BTreeMap::new();
    for Numbered { entry, .. } in Journal::read_only(&site.journal()).unwrap() {
        if let Entry::Intent { cid, .. } = entry {
            *begun.entry(cid).or_default() += 1;
        }
    }
    let returns = begun.keys().filter(|cid| cid.starts_with("gateway.return.")).count();
    println!("{} commands, {returns} ways back", begun.len());
    assert!(begun.values().all(|times| *times == 1), "{begun:?}");
    assert!(returns > 6, "{returns} ways back: the runs did not get into each other's way");
}
