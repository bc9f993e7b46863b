//! Same seed, same record, bit for bit: this file runs natively, in Node.js and in Chromium against one table of digests.
//!
//! When the engine's arithmetic changes on purpose, the failure prints the new table.
#![allow(missing_docs)]
use gridscout::campaign::{Record, preset, simulate};

#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
use wasm_bindgen_test::wasm_bindgen_test as test;

const DIGESTS: [(&str, u32, &str); 9] = [
    ("figure-3", 1, "17e74617546bbb80c1c7efc4a673c9fedf2abe439f0a472941508f9723f9cb0b"),
    ("figure-3", 2, "69c690a1b5530f0507fc9e86474a18bde4171e930df51461d8b925e5a5f8b5a2"),
    ("figure-3", 3, "819739160e5305e09813844768d8012233acbf4c90698e4706db7fb389bc5907"),
    ("figure-4a", 1, "e5e0593906a5305ed4f17b0bd4f59ad85bf13f8cb992dc89f5b072db89d8563c"),
    ("figure-4a", 2, "96bbf78efa5961af1b44a1d7e08c6e5df58aaab2fe400e1f91adf5128842f37c"),
    ("figure-4a", 3, "b289df0f548f0b3c5e6654faed6b5d9f83f985c69c33ddabf820a081aefca8aa"),
    ("figure-4e", 1, "538c0349953191d5ed03ecc96797520c51fa59249c5fe499b12363dc2a36fae5"),
    ("figure-4e", 2, "9c90ab1cde67e967247badc9e9dd6365ad6f71d7b50f455b958661f0b0e845b4"),
    ("figure-4e", 3, "1e14aff656ea4271dfc3a2d1e2a7c16558f1ad4713c42a11103d7ac9c92cc6e6"),
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
    ("stop.iterations=30 surrogate.kernel=matern_52 acquisition.function=thompson", "010cba5999a86407"),
    (
        "stop.iterations=30 surrogate.kernel=matern_32 acquisition.function=log_expected_improvement microscope.edx_sigma=0.01",
        "026377aee920e596",
    ),
    (
        "stop.iterations=30 surrogate.hyper=maximum_likelihood surrogate.fit_mean=true surrogate.length_scale=[0.1,0.1,0.2,0.2]",
        "5d2a04e9aee76cd9",
    ),
    (
        "stop.iterations=30 planner.rule=marginal_value cost.eels_secs=10 microscope.value_noise_sd=0.03 surrogate.noise_sd=0.03",
        "a5356339fbf779b1",
    ),
    (
        "stop.iterations=30 planner.gain=monte_carlo planner.novelty_weight=1 planner.composition_prior=fitted library.dirichlet_alpha=0.5",
        "d729fd7e022e8d3d",
    ),
    (
        "stop.iterations=30 planner.rule=random response.amplitudes=normal response.scale=peak library.count=uniform",
        "af47c5f34e175586",
    ),
];
