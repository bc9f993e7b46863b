//! What if: a decision made again is the decision that was made, and with another setting the one that another campaign makes.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs)]
mod common;

use common::{config, run_with_faults};
use gridscout::{
    campaign::{Campaign, Event, Lever, Moment, parameters, simulate},
    microscope::{Command, Fault, Reply},
    planner::{Action, Decision, Reason},
};

fn decision(campaign: &Campaign, iteration: u32) -> Option<&Decision> {
    campaign.events().iter().rev().find_map(|e| match e {
        Event::Decided(d) if d.iteration == iteration => Some(d),
        _ => None,
    })
}

/// Number of decisions; each, made again under the campaign's own settings, is the one on the record to the last bit.
fn all_come_out_again(campaign: &Campaign) -> usize {
    let last = campaign.entries().len() as u32;
    (0..=last)
        .filter_map(|i| Some((i, decision(campaign, i)?)))
        .map(|(i, recorded)| {
            let mut moment = Moment::before(campaign, i).unwrap();
            let own = campaign.config().cost.edx_secs;
            let again = moment.decide(Lever::EdxMap, own).unwrap();
            assert_eq!(again.as_ref(), Some(recorded), "iteration {i} of {:?}", campaign.config().planner);
            // Looking at others in between changes nothing.
            moment.decide(Lever::NoveltyWeight, 3.0).unwrap();
            moment.decide(Lever::StageSpeed, 0.5).unwrap();
            assert_eq!(moment.decide(Lever::EdxMap, own).unwrap().as_ref(), Some(recorded));
        })
        .count()
}

#[test]
fn every_decision_of_every_rule_comes_out_again() {
    let rules = parameters().into_iter().find(|p| p.path == "planner.rule").unwrap().choices;
    for rule in rules {
        let campaign = simulate(config(&[("planner.rule", rule.value), ("stop.iterations", "45")])).unwrap();
        assert!(all_come_out_again(&campaign) >= 20, "{}", rule.value);
    }
}

#[test]
fn every_decision_comes_out_again_whatever_the_settings_and_faults() {
    let cases: [&[(&str, &str)]; 6] = [
        &[("planner.novelty_weight", "0.7"), ("planner.composition_prior", "fitted")],
        &[("surrogate.hyper", "maximum_likelihood"), ("surrogate.refit_every", "9")],
        &[("planner.gain", "monte_carlo"), ("acquisition.function", "expected_improvement")],
        &[("library.density_per_um2", "0.0015"), ("cost.eels_secs", "4")],
        &[("stop.iterations", "null"), ("stop.mean_sd", "0.05"), ("microscope.edx_sigma", "0.02")],
        &[("planner.rule", "marginal_value"), ("stop.iterations", "null"), ("stop.time_secs", "400")],
    ];
    for case in cases {
        let settings: Vec<_> = [("stop.iterations", "60")].iter().chain(case).copied().collect();
        assert!(all_come_out_again(&simulate(config(&settings)).unwrap()) >= 20, "{case:?}");
        let mut calls = 0_u32;
        let faulty = run_with_faults(&settings, |request, honest| {
            calls += 1;
            let spoilt = match request.command {
                Command::Spectrum { particle, .. } => particle % 5 == 0,
                _ => calls.is_multiple_of(7),
            };
            let fault = Fault::Refused { reason: "spoilt".into() };
            if spoilt { Reply { outcome: Err(fault), ..honest } } else { honest }
        });
        assert!(all_come_out_again(&faulty) >= 15, "{case:?} with faults");
    }
}

/// Up to the first decision that turns out otherwise, two campaigns that differ in one setting share their past.
#[test]
fn a_campaign_that_really_has_the_other_value_decides_as_foretold() {
    let cases = [
        (Lever::StageSpeed, "100"),
        (Lever::EdxMap, "2"),
        (Lever::Retuning, "20"),
        (Lever::EelsSpectrum, "3"),
        (Lever::CostOfASecond, "0.05"),
        (Lever::NoveltyWeight, "0.5"),
        (Lever::NoveltyWeight, "8"),
    ];
    for rule in ["paper", "marginal_value"] {
        let base = simulate(config(&[("planner.rule", rule), ("stop.iterations", "80")])).unwrap();
        let mut turned = 0;
        for (lever, value) in cases {
            let settings = [("planner.rule", rule), ("stop.iterations", "80"), (lever.path(), value)];
            let other = simulate(config(&settings)).unwrap();
            for iteration in 1..=80 {
                let Some(really) = decision(&other, iteration) else { continue };
                let mut moment = Moment::before(&base, iteration).unwrap();
                let foretold = moment.decide(lever, value.parse().unwrap()).unwrap().unwrap();
                assert_eq!(&foretold, really, "{rule}, {} = {value}, iteration {iteration}", lever.path());
                if really.action != decision(&base, iteration).unwrap().action || base.path() != other.path() {
                    turned += 1;
                    break;
                }
            }
        }
        println!("{rule}: {turned} of {} settings turn a decision", cases.len());
        assert!(turned >= 4, "{rule}: {turned}");
    }
}

#[test]
fn the_turns_of_the_papers_rule_are_where_its_equations_put_them() {
    let campaign = simulate(config(&[])).unwrap();
    let cost = &campaign.config().cost;
    let mut found = 0;
    for iteration in 1..campaign.entries().len() as u32 {
        let recorded = decision(&campaign, iteration).unwrap();
        let n = &recorded.numbers;
        let mut moment = Moment::before(&campaign, iteration).unwrap();
        for lever in Lever::ALL {
            let turns = moment.turns(lever);
            for turn in &turns {
                let mut at = |x: f64| moment.decide(lever, x).unwrap().unwrap().action;
                assert_eq!((at(turn.value * (1.0 - 1e-8)), at(turn.value)), (turn.below, turn.above), "{lever:?}");
            }
            let (Some(gain), Some(stay), Some(secs)) = (n.expected_gain, n.stay_value, n.switch_secs) else { continue };
            if recorded.reason == Reason::RegionExhausted {
                assert!(turns.is_empty(), "nothing is left here, so nothing keeps it");
                continue;
            }
            // V_switch = E_gain − V_stay t_switch / t_meas = 0, turned round for each.
            let travel_um = (secs - cost.edx_secs - cost.overview_secs - cost.retune_secs) * cost.stage_speed_um_per_s;
            let allowed_secs = gain * cost.eels_secs / stay;
            let (even, range) = match lever {
                Lever::EdxMap => (allowed_secs - secs + cost.edx_secs, 0.0..3600.0),
                Lever::Retuning => (allowed_secs - secs + cost.retune_secs, 0.0..3600.0),
                Lever::EelsSpectrum => (stay * secs / gain, 1e-3..3600.0),
                Lever::StageSpeed => {
                    (travel_um / (allowed_secs - secs + travel_um / cost.stage_speed_um_per_s), 1e-3..1e5)
                }
                _ => continue,
            };
            let between: Vec<_> =
                turns.iter().filter(|t| (t.below == Action::Switch) != (t.above == Action::Switch)).collect();
            if even > 0.0 && range.contains(&even) {
                assert!(between.len() == 1, "iteration {iteration}, {lever:?}: {turns:?}, by hand {even}");
                assert!((between[0].value / even - 1.0).abs() < 1e-7, "{lever:?}: {turns:?}, by hand {even}");
                found += 1;
            } else {
                assert!(between.is_empty(), "iteration {iteration}, {lever:?}: {turns:?}, by hand {even}");
            }
        }
    }
    println!("{found} turns of {} decisions", campaign.entries().len() - 1);
    assert!(found > 200);
}

#[test]
fn a_value_out_of_range_is_named() {
    let campaign = simulate(config(&[("stop.iterations", "5")])).unwrap();
    let mut moment = Moment::before(&campaign, 1).unwrap();
    let error = moment.decide(Lever::StageSpeed, 0.0).unwrap_err().to_string();
    assert!(error.contains("cost.stage_speed_um_per_s") && error.contains("0.001"), "{error}");
    assert!(moment.decide(Lever::NoveltyWeight, f64::NAN).is_err());
    assert!(Moment::before(&campaign, 0).is_none() && Moment::before(&campaign, 6).is_none());
}
