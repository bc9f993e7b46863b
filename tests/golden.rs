//! Same seed, same record, bit for bit: this file runs natively, in Node.js and in Chromium against one table of digests.
//!
//! When the engine's arithmetic changes on purpose, the failure prints the new table.
#![allow(missing_docs)]
use gridscout::campaign::{Record, preset, simulate};

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DIGESTS: [(&str, u32, &str); 9] = [
    ("figure-3", 1, "031d3707a3c39f28a4fd3f3ef11a140bebb5624daad1a06757f24990b6965adb"),
    ("figure-3", 2, "7d254e08475c34365b67ed23afeca981337eba356904dd5387afc36fcabbbb86"),
    ("figure-3", 3, "ec38a6df5b53c91668730b34f558eeff684ece38b457ff49e68df203e0a93f0d"),
    ("figure-4a", 1, "e886c17531d173e052324ae480e271f4e93ce843080006f2f3b7e0c84132bf8d"),
    ("figure-4a", 2, "00e0a6fb4c6ced0f87e8e6a6ed46621b4f883b79272e37f69b622d52e5c2c7a1"),
    ("figure-4a", 3, "5d446880a4e2e2b6cf1b58ff34526dd57a96d7e2f5ad88c0788bcb211d073c45"),
    ("figure-4e", 1, "d3d042aa407123c845797593e952e4fac9968a5c7679ec02b3ca6c80c1ace47c"),
    ("figure-4e", 2, "cddaf1c13a86ba28fa8fb5034e60ea89a600a1fd78746115b2c1b5b988891b70"),
    ("figure-4e", 3, "9ad7ecef90bd58aacfd7a53b17fdba92594d7660e896413e4dedc31f7168e641"),
];

#[test]
fn presets_have_their_digests() {
    let table: Vec<(&str, u32, String)> = DIGESTS
        .iter()
        .map(|(id, seed, _)| {
            let mut config = preset(id).unwrap();
            config.seed = *seed;
            let mut campaign = simulate(config.check().unwrap()).unwrap();
            (*id, *seed, Record::of(&mut campaign).digest().to_string())
        })
        .collect();
    let same = table.iter().zip(DIGESTS).all(|(new, old)| new.2 == old.2);
    assert!(same, "the table is now {table:#?}");
}

/// Options whose arithmetic the presets do not touch: other kernels, fits, samples, noise.
#[test]
fn other_options_have_their_digests_too() {
    let mut table = Vec::new();
    for settings in OPTIONS {
        let mut value = serde_json::to_value(preset("figure-4a").unwrap()).unwrap();
        for assignment in settings.0.split(' ') {
            let (path, text) = assignment.split_once('=').unwrap();
            gridscout::campaign::set_by_path(&mut value, path, text).unwrap();
        }
        let config = gridscout::campaign::Config::from_json(&value).unwrap();
        table.push((settings.0, Record::of(&mut simulate(config).unwrap()).digest()[..16].to_string()));
    }
    let same = table.iter().zip(OPTIONS).all(|(new, old)| new.1 == old.1);
    assert!(same, "the table is now {table:#?}");
}

const OPTIONS: [(&str, &str); 6] = [
    ("stop.iterations=30 surrogate.kernel=matern_52 acquisition.function=thompson", "4ef9154756743943"),
    (
        "stop.iterations=30 surrogate.kernel=matern_32 acquisition.function=log_expected_improvement microscope.edx_sigma=0.01",
        "e494147a970416fc",
    ),
    (
        "stop.iterations=30 surrogate.hyper=maximum_likelihood surrogate.fit_mean=true surrogate.length_scale=[0.1,0.1,0.2,0.2]",
        "7efd5534d9f99426",
    ),
    (
        "stop.iterations=30 planner.rule=marginal_value cost.eels_secs=10 microscope.value_noise_sd=0.03 surrogate.noise_sd=0.03",
        "ad7b20718111803f",
    ),
    (
        "stop.iterations=30 planner.gain=monte_carlo planner.novelty_weight=1 planner.composition_prior=fitted library.dirichlet_alpha=0.5",
        "3f88557b69115383",
    ),
    (
        "stop.iterations=30 planner.rule=random response.amplitudes=normal response.scale=peak library.count=uniform",
        "df3131e5ebf18d11",
    ),
];
