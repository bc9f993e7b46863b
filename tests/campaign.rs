//! Campaigns from outside: every option runs, faults are survived, nothing depends on how a campaign is driven.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs)]
mod common;

use common::{config, run_with_faults};
use gridscout::{
    campaign::{Campaign, Event, Measurement, Record, StopReason, World, parameters, run_until, simulate},
    microscope::{Command, Fault, Microscope, Reading, Reply, Request},
    planner::{Action, State},
};

/// What must hold of every campaign, however it went.
fn check(campaign: &mut Campaign) {
    let summary = campaign.summary();
    let total: f64 = summary.ledger.iter().map(|e| e.seconds).sum();
    assert!((total - summary.time_s).abs() < 1e-9 && summary.time_s >= 0.0);
    assert!(summary.mean_sd.iter().chain(&summary.mean_abs_error).all(|x| x.is_finite() && *x >= 0.0));
    let mut seen: Vec<_> = campaign.measurements().iter().map(|m| (m.tile, m.particle)).collect();
    seen.sort_unstable();
    assert!(seen.windows(2).all(|w| w[0] != w[1]), "no particle is measured twice");
    assert!(campaign.entries().windows(2).all(|w| w[0].time_secs <= w[1].time_secs && w[0].cost <= w[1].cost));
    assert!(campaign.ended().is_some());
}

#[test]
fn every_rule_acquisition_and_kernel_runs() {
    let choices = |path: &str| parameters().into_iter().find(|p| p.path == path).unwrap().choices;
    for rule in choices("planner.rule") {
        for function in choices("acquisition.function") {
            for kernel in choices("surrogate.kernel") {
                let mut campaign = simulate(config(&[
                    ("stop.iterations", "12"),
                    ("planner.rule", rule.value),
                    ("acquisition.function", function.value),
                    ("surrogate.kernel", kernel.value),
                    ("planner.gain_pool", "300"),
                ]))
                .unwrap();
                check(&mut campaign);
                let made = (rule.value, function.value, kernel.value);
                assert_eq!(
                    (campaign.ended(), campaign.entries().len()),
                    (Some(StopReason::Iterations), 13),
                    "{made:?}"
                );
            }
        }
    }
}

#[test]
fn the_record_does_not_depend_on_how_a_campaign_is_driven() {
    let cases: [&[(&str, &str)]; 3] = [
        &[("stop.iterations", "40")],
        &[("stop.iterations", "40"), ("surrogate.hyper", "maximum_likelihood"), ("surrogate.refit_every", "7")],
        // Noise far below rounding makes the covariance singular, so that jitter is needed on the way.
        &[
            ("stop.iterations", "40"),
            ("surrogate.noise_sd", "0.000001"),
            ("surrogate.length_scale", "3"),
            ("surrogate.prior_sd", "10000"),
        ],
    ];
    for settings in cases {
        let at_once = Record::of(&mut simulate(config(settings)).unwrap());
        let (mut campaign, mut microscope) = World::new(config(settings)).open().unwrap();
        for entries in 1.. {
            run_until(&mut campaign, &mut microscope, |c| c.entries().len() >= entries || c.ended().is_some());
            assert_eq!(campaign.scores().len(), campaign.entries().len());
            if campaign.ended().is_some() {
                break;
            }
        }
        assert_eq!(Record::of(&mut campaign).digest(), at_once.digest(), "{settings:?}");
    }
    let jittered = simulate(config(cases[2])).unwrap();
    assert!(
        jittered.events().iter().any(|e| matches!(e, Event::Jittered { .. })),
        "the case this guards does occur, and is on record"
    );
}

fn with_faults(settings: &[(&str, &str)], spoil: impl FnMut(&Request, Reply) -> Reply) -> Campaign {
    let mut campaign = run_with_faults(settings, spoil);
    check(&mut campaign);
    campaign
}

#[test]
fn a_microscope_that_fails_now_and_then_is_worked_around() {
    for every in [2, 3, 5, 7, 11] {
        let mut n = 0;
        let campaign = with_faults(&[("stop.iterations", "30")], |_, honest| {
            n += 1;
            let refused = Err(Fault::Refused { reason: "test".into() });
            if n % every == 0 { Reply { outcome: refused, took_secs: 2.0, ..honest } } else { honest }
        });
        assert_eq!(campaign.ended(), Some(StopReason::Iterations), "every {every}th command fails");
    }
}

#[test]
fn a_microscope_that_always_fails_ends_the_campaign() {
    let settings = [("library.width_um", "90"), ("library.height_um", "90")];
    let campaign = with_faults(&settings, |_, honest| Reply { outcome: Err(Fault::TimedOut), ..honest });
    assert_eq!((campaign.ended(), campaign.measurements().len()), (Some(StopReason::NothingLeft), 0));
}

#[test]
fn nonsense_is_not_believed() {
    type Spoil = fn(Reading) -> Reading;
    let spoils: [(&str, Spoil); 4] = [
        ("NaN", |r| if let Reading::Property { sd, .. } = r { Reading::Property { value: f64::NAN, sd } } else { r }),
        ("one composition too few", |r| match r {
            Reading::Compositions { mut compositions } => {
                compositions.pop();
                Reading::Compositions { compositions }
            }
            other => other,
        }),
        ("another kind", |r| {
            if matches!(r, Reading::Particles { .. }) { Reading::Arrived { x_um: 0.0, y_um: 0.0 } } else { r }
        }),
        ("a particle nowhere", |r| match r {
            Reading::Particles { mut particles } => {
                particles.iter_mut().for_each(|p| p.x_um = f64::INFINITY);
                Reading::Particles { particles }
            }
            other => other,
        }),
    ];
    for (what, spoil) in spoils {
        let mut n = 0;
        let campaign = with_faults(
            &[("stop.iterations", "10"), ("library.width_um", "90"), ("library.height_um", "90")],
            |_, honest| {
                n += 1;
                if n % 4 == 0 { honest } else { Reply { outcome: honest.outcome.map(spoil), ..honest } }
            },
        );
        let faults = campaign
            .events()
            .iter()
            .filter(|e| matches!(e, Event::Received(Reply { outcome: Err(Fault::Nonsense { .. }), .. })));
        assert!(faults.count() > 0, "{what}");
        assert!(campaign.measurements().iter().all(|m| m.value.is_finite()), "{what}");
    }
    for took_secs in [f64::NAN, -1.0, f64::INFINITY] {
        let settings = [("stop.iterations", "5"), ("library.width_um", "60"), ("library.height_um", "60")];
        let campaign = with_faults(&settings, |_, honest| Reply { took_secs, ..honest });
        assert_eq!(campaign.measurements().len(), 0, "a reply that took {took_secs} s is not believed");
    }
}

#[test]
fn late_duplicate_and_unknown_replies_change_nothing() {
    use gridscout::campaign::{Input, Output};
    let (mut campaign, mut microscope) = World::new(config(&[("stop.iterations", "10")])).open().unwrap();
    campaign.handle(Input::Start);
    campaign.handle(Input::Start);
    let mut old: Option<Reply> = None;
    while let Output::Send(request) = campaign.poll() {
        campaign.handle(Input::Reply(Reply { id: 99_999, took_secs: 5.0, outcome: Err(Fault::TimedOut) }));
        let reply = microscope.perform(&request);
        if let Some(late) = old.replace(reply.clone()) {
            campaign.handle(Input::Reply(late));
        }
        campaign.handle(Input::Reply(reply.clone()));
        let events = campaign.events().len();
        campaign.handle(Input::Reply(reply));
        assert_eq!(campaign.events().len(), events);
    }
    let honest = Record::of(&mut simulate(config(&[("stop.iterations", "10")])).unwrap());
    assert_eq!(Record::of(&mut campaign).digest(), honest.digest());
}

#[test]
fn silence_becomes_a_fault_and_the_time_is_counted() {
    use gridscout::campaign::{Input, Output, REPLY_TIMEOUT_SECS};
    let (mut campaign, _) = World::new(config(&[])).open().unwrap();
    campaign.handle(Input::Start);
    let Output::Send(first) = campaign.poll() else { panic!("asks for something") };
    let Output::Wait(Some(deadline)) = campaign.poll() else { panic!("waits") };
    campaign.handle(Input::Tick(deadline));
    assert!(matches!(campaign.events().last(), Some(Event::Sent(again)) if again.command == first.command));
    assert!((campaign.ledger().secs() - REPLY_TIMEOUT_SECS).abs() < 1e-9);
}

#[test]
fn each_stop_rule_stops() {
    let ended = |settings: &[(&str, &str)]| {
        let mut campaign = simulate(config(settings)).unwrap();
        check(&mut campaign);
        let summary = campaign.summary();
        (summary.ended.unwrap(), summary.time_s, summary.cost, *summary.mean_sd.last().unwrap())
    };
    let (reason, time, ..) = ended(&[("stop.time_secs", "100")]);
    assert!(reason == StopReason::Time && (100.0..130.0).contains(&time), "{time}");
    let (reason, _, cost, _) = ended(&[("stop.cost", "50")]);
    assert!(reason == StopReason::Cost && (50.0..80.0).contains(&cost), "{cost}");
    let (reason, _, _, sd) = ended(&[("stop.mean_sd", "0.1")]);
    assert!(reason == StopReason::Target && sd <= 0.1, "{sd}");
    let (reason, ..) = ended(&[("library.width_um", "60"), ("library.height_um", "60"), ("stop.iterations", "null")]);
    assert_eq!(reason, StopReason::NothingLeft);
}

/// One particle in three tiles on average: most regions are empty, the first perhaps too.
#[test]
fn empty_regions_are_passed_through() {
    for seed in ["1", "2", "3", "4", "5"] {
        let mut campaign =
            simulate(config(&[("seed", seed), ("library.density_per_um2", "0.0004"), ("stop.iterations", "8")]))
                .unwrap();
        check(&mut campaign);
        assert!(campaign.visits().iter().any(|v| v.total == 0), "the case this guards does occur");
        assert!(campaign.measurements().len() >= 9, "seed {seed}: {}", campaign.measurements().len());
    }
}

/// A hundred million particles: nothing but the tiles in view is ever made.
#[test]
fn a_huge_library_costs_only_what_is_looked_at() {
    let settings = [
        ("library.width_um", "100000"),
        ("library.height_um", "100000"),
        ("library.tile_um", "60"),
        ("library.density_per_um2", "0.01"),
        ("stop.iterations", "10"),
        ("planner.gain_pool", "100"),
    ];
    let mut campaign = simulate(config(&settings)).unwrap();
    check(&mut campaign);
    let summary = campaign.summary();
    assert!((50_000..70_000).contains(&summary.scored_particles), "judged by a sample: {}", summary.scored_particles);
}

#[test]
fn measured_compositions_carry_their_noise_to_the_planner() {
    let settings =
        [("stop.iterations", "20"), ("microscope.edx_sigma", "[0.01,0.02,0.03]"), ("surrogate.input_noise", "true")];
    let campaign = simulate(config(&settings)).unwrap();
    let region = &campaign.planner().atlas().regions()[0];
    let library = World::new(config(&settings)).library().tile(region.tile).particles;
    let measured = region.compositions.as_ref().unwrap();
    assert!(measured.iter().zip(&library).all(|(m, p)| m.composition != p.composition));
    // Eq 3: the last element has the largest σ and takes the root of the others' squares.
    assert!((measured[0].sigma[2] - 0.000_5_f64.sqrt()).abs() < 1e-12);
    assert!(region.states.contains(&State::Measured));
}

/// Eqs 7, 9, 16 and 17, recomputed from the measurements, for every decision of the paper's rule.
#[test]
fn every_decision_obeys_its_equations() {
    let campaign = simulate(config(&[("stop.iterations", "80")])).unwrap();
    let decisions: Vec<_> =
        campaign.events().iter().filter_map(|e| if let Event::Decided(d) = e { Some(d) } else { None }).collect();
    assert!(decisions.iter().any(|d| d.action == Action::Switch) && decisions.iter().any(|d| d.action == Action::Stay));
    for d in decisions {
        let here = |m: &&Measurement| m.tile == d.from_tile && m.iteration < d.iteration;
        let measured = campaign.measurements().iter().filter(here).count() as f64;
        let total = f64::from(campaign.planner().atlas().region(d.from_tile).unwrap().total());
        let n = &d.numbers;
        let [r, g, v_stay] = [n.remaining_fraction, n.best_here, n.stay_value].map(Option::unwrap);
        let [gain, secs, cost, value] =
            [n.expected_gain, n.switch_secs, n.switch_cost, n.switch_value].map(Option::unwrap);
        assert!((r - (1.0 - measured / total)).abs() < 1e-12, "eq 7: {d:?}");
        assert!((v_stay - r * g).abs() < 1e-12, "eq 9: {d:?}");
        assert!(secs >= 18.0 && (cost - secs * v_stay / 1.0).abs() < 1e-12, "eq 16: {d:?}");
        assert!((value - (gain - cost)).abs() < 1e-12, "eq 17: {d:?}");
        assert_eq!(d.action == Action::Switch, value > 0.0 || measured == total, "eq 17: {d:?}");
    }
}

/// Three of five commands fail, so that regions and particles are given up; or one kind of command fails for good.
#[test]
fn every_rule_survives_commands_that_are_given_up() {
    let settings = |rule| {
        [("planner.rule", rule), ("stop.iterations", "12"), ("library.width_um", "120"), ("library.height_um", "120")]
    };
    let refused = |honest: Reply| Reply { outcome: Err(Fault::Refused { reason: "test".into() }), ..honest };
    for rule in parameters().into_iter().find(|p| p.path == "planner.rule").unwrap().choices {
        let mut n = 0;
        with_faults(&settings(rule.value), |_, honest| {
            n += 1;
            if n % 5 < 3 { refused(honest) } else { honest }
        });
        type Kind = fn(&Command) -> bool;
        let kinds: [Kind; 3] = [
            |c| matches!(c, Command::MoveToRegion { .. }),
            |c| matches!(c, Command::MapComposition { .. }),
            |c| matches!(c, Command::Spectrum { .. }),
        ];
        for kind in kinds {
            let mut n = 0;
            with_faults(&settings(rule.value), |request, honest| {
                n += u32::from(kind(&request.command));
                if kind(&request.command) && n > 4 { refused(honest) } else { honest }
            });
        }
    }
}
