//! Faults that were found once, each by the name of what must hold instead.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs)]
mod common;

use common::{config, run_with_faults};
use gridscout::{
    campaign::{Config, Event, Record, preset, set_by_path, simulate},
    library::parse_particles_csv,
    microscope::{Command, Fault, Reading, Reply},
};

fn refused(honest: Reply) -> Reply {
    Reply { outcome: Err(Fault::Refused { reason: "test".into() }), ..honest }
}

/// campaign.rs. Before the fix this never returned: the planner chose the empty first tile again and again.
#[test]
fn the_bound_that_knows_everything_starts_where_there_is_a_particle() {
    for seed in ["2", "4", "6"] {
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let settings = [("seed", seed), ("planner.rule", "greedy_known"), ("library.density_per_um2", "0.0004")];
            let _ = sender.send(simulate(config(&settings)).unwrap().summary());
        });
        let summary = receiver.recv_timeout(std::time::Duration::from_secs(10)).expect("it ends");
        assert_eq!(summary.measurements, summary.scored_particles, "seed {seed}");
    }
}

/// campaign.rs.
#[test]
fn a_first_move_given_up_does_not_end_the_bound_that_knows_everything() {
    let mut n = 0;
    let campaign = run_with_faults(&[("planner.rule", "greedy_known"), ("stop.iterations", "10")], |_, honest| {
        n += 1;
        if n <= 3 { refused(honest) } else { honest }
    });
    assert_eq!(campaign.entries().len(), 11);
}

/// campaign.rs.
#[test]
fn a_seed_given_up_does_not_shift_the_iterations() {
    let mut spectra = 0;
    let mut campaign = run_with_faults(&[("stop.iterations", "10")], |request, honest| {
        spectra += u32::from(matches!(request.command, Command::Spectrum { .. }));
        if (3..=5).contains(&spectra) && matches!(request.command, Command::Spectrum { .. }) {
            refused(honest)
        } else {
            honest
        }
    });
    assert_eq!(campaign.entries()[0].measurements, 2, "the first entry is what the seeds left");
    let last =
        campaign.events().iter().rev().find_map(|e| if let Event::Picked(p) = e { Some(p.iteration) } else { None });
    assert_eq!(last, Some(campaign.entries().len() as u32 - 1));
    Record::of(&mut campaign).replay().unwrap();
}

/// campaign.rs. Before the fix the scores became infinite, which JSON writes as null, and the record could not be read.
#[test]
fn a_reading_beyond_belief_is_nonsense() {
    for value in [1e160, -1e300, f64::MAX] {
        let mut spectra = 0;
        let mut campaign = run_with_faults(&[("stop.iterations", "8")], |_, mut honest| {
            if let Ok(Reading::Property { value: measured, .. }) = &mut honest.outcome {
                spectra += 1;
                if spectra == 6 {
                    *measured = value;
                }
            }
            honest
        });
        let record = Record::of(&mut campaign);
        assert!(campaign.summary().rmse.iter().all(|x| x.is_finite()), "{value}");
        Record::from_text(&record.to_text()).unwrap().replay().unwrap();
    }
    let mut campaign = run_with_faults(
        &[("stop.iterations", "4"), ("library.width_um", "60"), ("library.height_um", "60")],
        |_, honest| Reply { took_secs: f64::MAX, ..honest },
    );
    assert!(campaign.summary().time_s.is_finite());
}

/// campaign.rs.
#[test]
fn a_particle_of_negative_radius_is_nonsense() {
    let campaign = run_with_faults(
        &[("stop.iterations", "2"), ("library.width_um", "60"), ("library.height_um", "60")],
        |_, mut honest| {
            if let Ok(Reading::Particles { particles }) = &mut honest.outcome {
                particles.iter_mut().for_each(|p| p.radius_nm = -1.0);
            }
            honest
        },
    );
    assert_eq!(campaign.measurements().len(), 0);
}

/// properties.rs.
#[test]
fn limits_that_are_not_finite_are_refused() {
    for x in [f64::NAN, f64::INFINITY] {
        let mut config = preset("figure-3").unwrap();
        (config.stop.time_secs, config.stop.cost, config.stop.mean_sd) = (Some(x), Some(x), Some(x));
        let fields: Vec<_> = config.check().unwrap_err().0.into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["stop.time_secs", "stop.cost", "stop.mean_sd"]);
    }
}

/// properties.rs. Before the fix the first tile alone was too large for the memory, and the process was aborted.
#[test]
fn a_tile_too_full_to_be_made_is_refused() {
    let mut value = serde_json::to_value(preset("figure-3").unwrap()).unwrap();
    for (path, text) in [
        ("library.width_um", "10000"),
        ("library.height_um", "10000"),
        ("library.tile_um", "10000"),
        ("library.density_per_um2", "9"),
    ] {
        set_by_path(&mut value, path, text).unwrap();
    }
    assert_eq!(Config::from_json(&value).unwrap_err().0[0].field, "library.tile_um");
}

/// A repeated column is named, and lines are counted as an editor counts them.
#[test]
fn a_repeated_column_and_the_line_after_a_gap_are_named() {
    let says = |text: &str| parse_particles_csv(text, 2).unwrap_err().to_string();
    assert!(says("x_um,y_um,radius_nm,c1,c2,c2\n1,2,3,0.5,0.5,0.9\n").contains("`c2` stands twice"));
    let gap = "x_um,y_um,radius_nm,c1,c2\n1,2,3,0.5,0.5\n\n# comment\n1,2,3,0.5,0.1";
    for text in [gap.to_string(), format!("{gap}\n"), gap.replace('\n', "\r\n"), format!("{gap}\n1,2,3,0.5,0.5\n")] {
        assert!(says(&text).starts_with("line 5:"), "{}", says(&text));
    }
}

/// decision.rs. Before the fix: "a new region is expected to offer ?, less than the ? that the move would cost".
#[test]
fn a_decision_made_when_every_region_was_visited_says_so() {
    for rule in ["paper", "marginal_value"] {
        let settings = [
            ("planner.rule", rule),
            ("library.width_um", "60"),
            ("library.height_um", "60"),
            ("stop.iterations", "60"),
        ];
        let campaign = simulate(config(&settings)).unwrap();
        let sentences = campaign.events().iter().filter_map(|e| match e {
            Event::Decided(decision) => Some(decision.sentence()),
            _ => None,
        });
        let sentences: Vec<_> = sentences.collect();
        assert!(sentences.iter().all(|s| !s.contains('?')), "{rule}: {sentences:?}");
        assert!(sentences.iter().any(|s| s.contains("no region is left that was not visited")), "{rule}");
    }
}
