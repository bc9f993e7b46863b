//! A campaign driven over a link that breaks, by a gateway that crashes, must expose each command at most once and end with
//! the record of a campaign that nothing disturbed. `cargo dev prove link` runs thousands of seeds; here run a few.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs, clippy::disallowed_methods)]
#[path = "../common/mod.rs"]
mod common;
mod net;

use gridscout::campaign::{Record, World, run};
use net::{Net, Trouble};

const TROUBLES: [Trouble; 7] = [
    Trouble::Partition,
    Trouble::OneWay,
    Trouble::Delay,
    Trouble::Duplicate,
    Trouble::Reorder,
    Trouble::GatewayCrash,
    Trouble::ClientRestart,
];

struct Bench {
    world: World,
    undisturbed: String,
}

fn bench() -> Bench {
    let mut world = World::new(common::config(&[("stop.iterations", "25")]));
    while world.advance(1000.0).unwrap() < 1.0 {}
    let (mut campaign, mut microscope) = world.clone().open().unwrap();
    run(&mut campaign, &mut microscope);
    Bench { world, undisturbed: Record::of(&mut campaign).digest().to_string() }
}

/// Seeds of each trouble; `GRIDSCOUT_LINK_SEEDS` asks for more.
fn seeds(few: u64) -> u64 {
    std::env::var("GRIDSCOUT_LINK_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}

#[test]
fn one_exposure_for_each_command_and_the_undisturbed_record() {
    let bench = bench();
    let seeds = seeds(25);
    for trouble in TROUBLES {
        let (mut commands, mut again, mut doubts, mut losses, mut longest_ms) = (0, 0, 0, 0, 0);
        for seed in 0..seeds {
            let end = Net::new(&bench.world, trouble, seed, true).run();
            let context = format!("{trouble:?}, seed {seed}");
            assert!(end.exposures.values().all(|n| *n == 1), "{context}: {:?}", end.exposures);
            assert_eq!(end.digest.as_ref(), Some(&bench.undisturbed), "{context}: another record after {} ms", end.ms);
            commands += end.exposures.len();
            again += end.sent_again;
            doubts += end.doubts;
            losses += end.losses;
            longest_ms = longest_ms.max(end.ms);
        }
        println!(
            "{:<15} {seeds} seeds: {commands} commands, each exposed once; {again} sent again, {doubts} in doubt, lease lost {losses} times; longest {} s",
            format!("{trouble:?}"),
            longest_ms / 1000
        );
    }
}

#[test]
fn without_dedupe_the_same_test_fails() {
    let bench = bench();
    let caught = |trouble| {
        (0..seeds(25))
            .filter(|seed| Net::new(&bench.world, trouble, *seed, false).run().exposures.values().any(|n| *n > 1))
            .count()
    };
    for trouble in [Trouble::OneWay, Trouble::Duplicate, Trouble::ClientRestart] {
        let caught = caught(trouble);
        println!("{trouble:?}: exposed twice without dedupe in {caught} of {} seeds", seeds(25));
        assert!(caught > 0, "{trouble:?}");
    }
}
