//! Ensembles: the same numbers however they are run, and bad studies refused by name.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs, clippy::disallowed_methods)]
use gridscout::{
    campaign::{Config, preset},
    error::Invalid,
    planner::Rule,
    study::{Axis, Outcome, Plan, Rival, Run, Spec, Unfinished, run},
};
use serde_json::{Value, json};
use std::{cmp::Ordering, process::Command};

/// Short campaigns: 12 iterations after the seeds.
fn spec() -> Spec {
    let mut config = serde_json::to_value(preset("figure-3").unwrap()).unwrap();
    config["stop"]["iterations"] = json!(12);
    Spec { config, first_seed: 3, last_seed: 7, rules: Vec::new(), axes: Vec::new(), target_error: None }
}

fn axis(path: &str, values: Value) -> Axis {
    Axis { path: path.into(), values: values.as_array().unwrap().clone() }
}

fn refused(spec: Spec, field: &str, allowed: &str) {
    let Err(Invalid(errors)) = Plan::new(spec) else { panic!("{field} was let in") };
    assert!(errors[0].field == field && errors[0].allowed.contains(allowed), "{errors:?}");
}

#[test]
fn bad_studies_are_refused_by_name() {
    refused(Spec { last_seed: 2, ..spec() }, "seeds", "at least the first");
    refused(Spec { target_error: Some(-1.0), ..spec() }, "target_error", "above 0");
    refused(Spec { last_seed: 2_000_000, ..spec() }, "seeds", "1000000 campaigns");
    refused(Spec { axes: vec![axis("cost.eels_secs", json!([]))], ..spec() }, "cost.eels_secs", "1 to 100");
    refused(Spec { axes: vec![axis("cost.eels_secs", json!([1, -1]))], ..spec() }, "cost.eels_secs", "3600 s");
    refused(Spec { axes: vec![axis("cost.nothing", json!([1]))], ..spec() }, "cost.nothing", "eels_secs");
    refused(
        Spec { axes: vec![axis("seed", json!([1])), axis("seed", json!([1])), axis("seed", json!([1]))], ..spec() },
        "axes",
        "2",
    );
    refused(Spec { config: json!({ "seed": 1 }), ..spec() }, "config", "schema");
}

#[test]
fn what_would_be_run_and_change_nothing_is_refused() {
    let eels = || axis("cost.eels_secs", json!([1, 2]));
    refused(Spec { axes: vec![axis("seed", json!([1, 2]))], ..spec() }, "seed", "first and the last");
    refused(Spec { axes: vec![eels(), eels()], ..spec() }, "cost.eels_secs", "two settings");
    let whole = spec().config["cost"].clone();
    refused(Spec { axes: vec![eels(), axis("cost", json!([whole]))], ..spec() }, "cost.eels_secs", "within the other");
    refused(Spec { rules: vec![Rule::Paper, Rule::Exhaust, Rule::Paper], ..spec() }, "rules", "once");
    let swept = || vec![axis("planner.rule", json!(["paper", "exhaust"]))];
    refused(Spec { rules: vec![Rule::Paper], axes: swept(), ..spec() }, "planner.rule", "rules of the study");
    assert_eq!(Plan::new(Spec { axes: swept(), ..spec() }).unwrap().cells()[1].rule, Rule::Exhaust);
}

#[test]
fn cells_are_every_combination_and_campaigns_are_numbered() {
    let axes = vec![axis("cost.eels_secs", json!([1, 10])), axis("elements", json!([["A", "B"], ["A", "B", "C"]]))];
    let rules = vec![Rule::Paper, Rule::Exhaust];
    let plan = Plan::new(Spec { axes, rules, ..spec() }).unwrap();
    assert_eq!((plan.cells().len(), plan.seeds(), plan.campaigns()), (8, 5, 40));
    let cell = &plan.cells()[5];
    assert_eq!((cell.rule, cell.config.cost.eels_secs, cell.config.elements.len()), (Rule::Exhaust, 10.0, 2));
    assert_eq!(plan.run(5 * 5 + 2).unwrap(), run(&cell.config, 5).unwrap());
    assert!(plan.run(40).is_err());
}

#[test]
fn a_run_survives_as_numbers_and_nothing_else_does() {
    let config = preset("figure-3").unwrap().check().unwrap();
    let run = run(&config, 1).unwrap();
    assert_eq!(run.time_secs.len() as u32, config.stop.iterations.unwrap() + 1);
    assert_eq!(Run::from_numbers(&run.to_numbers()), Some(run));
    for bad in [&[][..], &[1.5, 1.0, 1.0, 1.0, 1.0], &[1.0, 2.0], &[1.0, f64::NAN, 1.0, 1.0, 1.0], &[-1.0]] {
        assert_eq!(Run::from_numbers(bad), None, "{bad:?}");
    }
}

#[test]
fn medians_are_those_of_the_campaigns() {
    let plan = Plan::new(Spec { target_error: Some(0.05), ..spec() }).unwrap();
    let done = all(&plan);
    let study = plan.summarise(&done);
    let runs: Vec<&Run> = done.iter().map(ended).collect();
    assert_eq!(study.unfinished, None);
    let cell = &study.cells[0];
    let mut ends: Vec<f64> = runs.iter().map(|run| run.time_secs[12]).collect();
    ends.sort_by(f64::total_cmp);
    assert_eq!([cell.time_secs.low, cell.time_secs.median, cell.time_secs.high], [ends[1], ends[2], ends[3]]);
    assert_eq!(cell.by_iteration.x.len(), 13);
    assert_eq!(cell.by_iteration.mean_abs_error.median[12], cell.mean_abs_error.median);
    assert_eq!(cell.by_time.x[100], cell.time_secs.median);
    let band = &cell.by_time.mean_abs_error;
    // Whoever has ended stays where it was: at the end of the axis half of the campaigns have ended.
    assert!(band.median[100] < band.median[60], "{band:?}");
    assert!(band.low.iter().zip(&band.high).all(|(low, high)| low.is_nan() || low <= high));
    let reached = cell.reached.as_ref().unwrap();
    let there = runs.iter().filter(|run| run.mean_abs_error.iter().any(|error| *error <= 0.05)).count();
    assert_eq!(reached.count as usize, there);
    // One that could not be run is counted, and one that was not run is no such failure.
    let part = [&done[..3], &[Outcome::Failed]].concat();
    let part = plan.summarise(&part);
    let cell = &part.cells[0];
    assert_eq!((cell.runs, cell.failed, cell.not_run), (3, 1, 1));
    assert_eq!(part.unfinished, Some(Unfinished { done: 4, campaigns: 5 }));
}

fn all(plan: &Plan) -> Vec<Outcome> {
    (0..plan.campaigns()).map(|campaign| plan.run(campaign).into()).collect()
}

fn ended(outcome: &Outcome) -> &Run {
    let Outcome::Ended(run) = outcome else { panic!("{outcome:?}") };
    run
}

#[test]
fn the_command_line_says_the_same_on_any_number_of_threads() {
    let study = |threads: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridscout"));
        command.args(["study", "--json", "--seeds", "3..7", "--set", "stop.iterations=12", "--threads", threads]);
        command.args(["--rules", "paper,exhaust", "--sweep", "cost.eels_secs=1,10"]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let one = study("1");
    assert_eq!(one, study("3"));
    let spec = Spec {
        rules: vec![Rule::Paper, Rule::Exhaust],
        axes: vec![axis("cost.eels_secs", json!([1, 10]))],
        config: serde_json::to_value(Config {
            stop: serde_json::from_value(spec().config["stop"].clone()).unwrap(),
            ..preset("figure-3").unwrap()
        })
        .unwrap(),
        ..spec()
    };
    let plan = Plan::new(spec).unwrap();
    let runs = all(&plan);
    let told: Value = serde_json::from_str(&one).unwrap();
    assert_eq!(told, serde_json::to_value(plan.summarise(&runs)).unwrap());
    assert_eq!(told["wins"].as_array().unwrap().len(), 2);
    let best = &told["wins"][0];
    let scores = best["scores"].as_array().unwrap();
    let least = scores.iter().min_by(|a, b| a[1].as_f64().unwrap().total_cmp(&b[1].as_f64().unwrap())).unwrap();
    assert_eq!(best["rule"], least[0]);
    // Who is better, counted again from the campaigns: five seeds are too few to tell them apart.
    let win = &plan.summarise(&runs).wins[0];
    let of = |cell: usize, seed: usize| ended(&runs[cell * 5 + seed]);
    let first_end = |seed: usize| of(0, seed).time_secs[12].min(of(1, seed).time_secs[12]);
    let error = |cell: usize, seed: usize| {
        let run = of(cell, seed);
        run.mean_abs_error[run.time_secs.iter().rposition(|time| *time <= first_end(seed)).unwrap()]
    };
    let mut first_ends: Vec<f64> = (0..5).map(first_end).collect();
    first_ends.sort_by(f64::total_cmp);
    assert_eq!(win.at_secs, Some(first_ends[2]));
    let [this, other] = if win.rule == Some(Rule::Paper) { [0, 1] } else { [1, 0] };
    let count =
        |order: Ordering| (0..5).filter(|seed| error(this, *seed).total_cmp(&error(other, *seed)) == order).count();
    let Rival { rule, ahead, behind, .. } = &win.rivals[0];
    assert_eq!((*ahead as usize, *behind as usize), (count(Ordering::Less), count(Ordering::Greater)));
    assert_eq!(win.tied, [*rule]);
}

#[test]
fn a_rule_is_told_apart_when_it_is_better_for_most_seeds() {
    // Whoever goes through the list at random is worse than the paper's rule, whatever the seed.
    let plan =
        Plan::new(Spec { first_seed: 1, last_seed: 8, rules: vec![Rule::Paper, Rule::Random], ..spec() }).unwrap();
    let runs = all(&plan);
    let win = &plan.summarise(&runs).wins[0];
    assert_eq!((win.rule, win.rivals[0].ahead, win.rivals[0].behind), (Some(Rule::Paper), 8, 0));
    assert!((win.rivals[0].p_value - 2.0 / 256.0).abs() < 1e-15 && win.tied.is_empty());
    // Of a study that is cancelled among the campaigns of one rule, only the seeds that both rules have are compared.
    for both in [0, 3] {
        let win = &plan.summarise(&runs[..8 + both]).wins[0];
        assert_eq!((win.seeds as usize, win.rule), (both, (both > 0).then_some(Rule::Paper)));
        assert_eq!(win.tied.len(), usize::from(both > 0), "{win:?}");
    }
}
