//! Two planners at one gateway: runs that take turns, and planners that both want the lease.
use crate::{
    child::{Gateway, folder, gridscout},
    common,
    site::Site,
};
use gridscout::{
    bridge::journal::{Entry, Numbered},
    campaign::{Campaign, Event, Record, World, run},
    gateway::journal::Journal,
};
use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

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

/// A process that does not outlive its test.
struct Planner(Child);

impl Drop for Planner {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_planner_whose_lease_another_took_ends_and_says_so() {
    let gateway = Gateway::serve(&folder("taken"), &[]);
    let (url, bearer) = (format!("ws://{}/ws", gateway.host()), gateway.file("bearer"));
    let drive = |run| ["drive", "--url", &*url, "--secret-file", &*bearer, "--run", run];
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridscout"));
    let mut first = Planner(command.args(drive("first")).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap());
    let began = Instant::now();
    let entries = || Journal::read_only(&gateway.folder.join("journal.db")).unwrap_or_default();
    while !entries().iter().any(|n| matches!(n.entry, Entry::Intent { .. })) {
        assert!(began.elapsed() < Duration::from_secs(20), "the first planner does not begin");
        std::thread::sleep(Duration::from_millis(20));
    }
    let second = gridscout(&[&drive("second")[..], &["--set", "stop.iterations=3"]].concat());
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    while first.0.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_secs(40), "the first planner goes on");
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut said = String::new();
    std::io::Read::read_to_string(&mut first.0.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!(first.0.wait().unwrap().code(), Some(2), "{said}");
    assert!(said.contains("another took the lease (epoch 2)"), "{said}");
    let granted = entries().iter().filter(|n| matches!(n.entry, Entry::Granted { .. })).count();
    assert_eq!(granted, 2, "they took it from each other");
    let _ = std::fs::remove_dir_all(&gateway.folder);
}
