//! What holds for all input, tried on much of it.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs)]
use gridscout::{
    campaign::{Config, Record, World, parameters, preset, set_by_path},
    composition::{Closure, Composition, DIAMETER},
    cost::CostConfig,
    library::parse_particles_csv,
    rng::{Purpose, Stream},
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn figure_3() -> Value {
    serde_json::to_value(preset("figure-3").unwrap()).unwrap()
}

/// Values that a careless or hostile hand might put anywhere.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop_oneof![any::<f64>(), -10.0..10.0_f64, Just(1e300), Just(-0.0), Just(5e-324)].prop_map(Value::from),
        "[a-z_]{0,12}".prop_map(Value::from),
        prop::collection::vec(-1.0..2.0_f64, 0..12).prop_map(Value::from),
        Just(json!({})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn closures_end_on_the_simplex(raw in prop::collection::vec(-0.5..1.5_f64, 2..=10), seed in any::<u32>()) {
        let mut stream = Stream::new(seed, Purpose::EdxNoise, 0);
        let sigma: Vec<f64> = raw.iter().map(|_| stream.uniform() * 0.2).collect();
        for closure in [Closure::LargestSigma, Closure::LeastSquares] {
            let m = closure.close(&raw, &sigma);
            let c = m.composition.fractions();
            prop_assert!(c.iter().all(|x| (0.0..=1.0).contains(x)));
            prop_assert!((c.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            prop_assert!(m.sigma.iter().all(|s| s.is_finite() && *s >= 0.0));
        }
    }

    #[test]
    fn distances_are_a_metric(seed in any::<u32>(), n in 2..=10_usize) {
        let mut stream = Stream::new(seed, Purpose::Pool, 0);
        let mut draw = || Composition::dirichlet(&vec![0.3; n], &mut stream);
        let (a, b, c) = (draw(), draw(), draw());
        prop_assert_eq!(a.distance(&b), b.distance(&a));
        prop_assert!(a.distance(&c) <= a.distance(&b) + b.distance(&c) + 1e-12);
        prop_assert!(a.distance(&b) <= DIAMETER + 1e-12);
    }

    #[test]
    fn costs_are_not_negative_and_grow_with_the_distance(v in 0.001..1e5_f64, t_ma in 0.0..3600.0_f64, near in 0.1..1e3_f64, more in 0.0..1e3_f64) {
        let mut config: CostConfig = serde_json::from_value(figure_3()["cost"].clone()).unwrap();
        (config.stage_speed_um_per_s, config.retune_secs) = (v, t_ma);
        prop_assert!(config.travel_secs(near) > 0.0);
        prop_assert!(config.travel_secs(near + more) >= config.travel_secs(near));
        prop_assert!(config.switch_secs(near + more) >= config.switch_secs(near));
        prop_assert!(config.move_cost(near + more) >= config.move_cost(near));
    }

    /// Any value anywhere is taken or refused with a reason, never a panic.
    #[test]
    fn any_setting_is_taken_or_refused(which in any::<prop::sample::Index>(), value in any_value()) {
        let listed = parameters();
        let path = which.get(&listed).path;
        let mut config = figure_3();
        set_by_path(&mut config, path, &value.to_string()).unwrap();
        match Config::from_json(&config) {
            Ok(_) => {}
            Err(invalid) => prop_assert!(invalid.0.iter().all(|e| !e.field.is_empty() && !e.allowed.is_empty())),
        }
    }

    #[test]
    fn any_path_is_found_or_refused(path in "[a-z_.]{0,24}", text in ".{0,12}") {
        let mut config = figure_3();
        if set_by_path(&mut config, &path, &text).is_err() {
            prop_assert_eq!(config, figure_3(), "a refusal changes nothing");
        }
    }

    #[test]
    fn any_text_is_a_table_or_refused(rows in prop::collection::vec("[0-9a-z.,\"-]{0,30}", 0..6), n in 2..=5_usize) {
        let _ = parse_particles_csv(&rows.join("\n"), n);
        let header = "x_um,y_um,radius_nm,c1,c2\n";
        if let Ok(particles) = parse_particles_csv(&(header.to_string() + &rows.join("\n")), 2) {
            prop_assert!(particles.iter().all(|p| Composition::new(&p.fractions).is_ok() && p.radius_nm > 0.0));
        }
    }

    #[test]
    fn any_text_is_a_record_or_refused(text in ".{0,200}") {
        prop_assert!(Record::from_text(&text).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Dense and sparse, small and large discs: inside their tile, apart from each other, the same when asked again.
    #[test]
    fn tiles_hold_discs_that_do_not_overlap(seed in any::<u32>(), radius in 50.0..400.0_f64, coverage in 0.01..0.45_f64, ratio in 0.0..0.5_f64) {
        let mut value = figure_3();
        let area = std::f64::consts::PI * radius * radius * (1.0 + ratio * ratio) * 1e-6;
        for (path, x) in [("library.width_um", 25.0), ("library.height_um", 17.0), ("library.tile_um", 10.0), ("library.density_per_um2", coverage / area),
            ("library.radius_mean_nm", radius), ("library.radius_sd_nm", ratio * radius)] {
            set_by_path(&mut value, path, &x.to_string()).unwrap();
        }
        set_by_path(&mut value, "seed", &seed.to_string()).unwrap();
        let world = World::new(Config::from_json(&value).unwrap());
        let library = world.library();
        let mut all = Vec::new();
        for tile in 0..library.grid().tile_count() {
            let rect = library.grid().rect(tile);
            let made = library.tile(tile);
            prop_assert_eq!(&made, &library.tile(tile));
            for p in made.particles {
                let r = p.radius_nm * 1e-3;
                prop_assert!(p.x_um - r >= rect.x_um - 1e-9 && p.x_um + r <= rect.x_um + rect.width_um + 1e-9);
                prop_assert!(p.y_um - r >= rect.y_um - 1e-9 && p.y_um + r <= rect.y_um + rect.height_um + 1e-9);
                all.push((p.x_um, p.y_um, r));
            }
        }
        for (i, a) in all.iter().enumerate() {
            for b in &all[..i] {
                let reach = a.2 + b.2 - 1e-9;
                prop_assert!((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1) >= reach * reach);
            }
        }
    }
}
