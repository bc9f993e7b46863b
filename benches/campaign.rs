//! Criterion benchmarks of whole campaigns and of their parts. Single thread; machines are noisy, so read medians and ratios.
#![allow(missing_docs)]
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use gridscout::campaign::{World, preset, run, simulate};

fn campaigns(c: &mut Criterion) {
    let mut group = c.benchmark_group("campaign");
    group.sample_size(20);
    for id in ["figure-3", "figure-4a"] {
        let config = preset(id).unwrap().check().unwrap();
        group.bench_function(format!("{id}/whole"), |b| b.iter(|| simulate(config.clone()).unwrap()));
        let prepared = || {
            let mut world = World::new(config.clone());
            while world.advance(100.0).unwrap() < 1.0 {}
            world
        };
        group.bench_function(format!("{id}/prepare"), |b| b.iter(prepared));
        group.bench_function(format!("{id}/loop"), |b| {
            b.iter_batched(
                || prepared().open().unwrap(),
                |(mut campaign, mut microscope)| {
                    run(&mut campaign, &mut microscope);
                    campaign
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, campaigns);
criterion_main!(benches);
