//! `gridscout why`: one decision, and the values at which it turns into another.
use crate::{Outcome, config::Source, print_json};
use gridscout::{
    campaign::{Campaign, Event, Lever, Moment, parameters, simulate},
    error::ConfigError,
    planner::{Action, Decision, Rule},
};
use serde_json::json;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    source: Source,
    /// Which iteration's decision, from 1.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    iteration: u32,
    /// Print the decision and its turning points as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcome {
    let campaign = simulate(args.source.load()?)?;
    let last = campaign.entries().len().saturating_sub(1);
    let absent =
        || ConfigError::new("--iteration", args.iteration, format!("1 to {last}, one in which something is decided"));
    let decision = decision(&campaign, args.iteration).ok_or_else(absent)?;
    let mut moment = Moment::before(&campaign, args.iteration).ok_or_else(absent)?;
    let turns = Lever::ALL.map(|lever| (lever, moment.turns(lever)));
    if args.json {
        let turns: serde_json::Map<_, _> = turns.iter().map(|(l, t)| (l.path().to_string(), json!(t))).collect();
        return print_json(&json!({ "decision": decision, "sentence": decision.sentence(), "turns": turns }));
    }
    say!("iteration {}: {}", decision.iteration, decision.sentence());
    let own = serde_json::to_value(&**campaign.config())?;
    let by_fraction = campaign.config().planner.rule == Rule::FixedFraction;
    for (lever, turns) in turns.iter().filter(|(lever, _)| *lever != Lever::Fraction || by_fraction) {
        let Some(p) = parameters().into_iter().find(|p| p.path == lever.path()) else { continue };
        let value = &own.pointer(&format!("/{}", p.path.replace('.', "/"))).cloned().unwrap_or_default();
        let texts: Vec<_> = turns
            .iter()
            .map(|t| format!("below {} {} it {}, above it {}", short(t.value), p.unit, verb(t.below), verb(t.above)))
            .collect();
        let text = if texts.is_empty() { "no value tried changes it".into() } else { texts.join("; ") };
        say!("{:<17} {value} {}: {text}", p.label, p.unit);
    }
    Ok(())
}

/// The last one of an iteration.
fn decision(campaign: &Campaign, iteration: u32) -> Option<&Decision> {
    campaign.events().iter().rev().find_map(|e| match e {
        Event::Decided(d) if d.iteration == iteration => Some(d),
        _ => None,
    })
}

fn verb(action: Action) -> &'static str {
    match action {
        Action::Stay => "stays",
        Action::Return => "goes back",
        Action::Switch => "moves",
    }
}

/// Four significant digits.
fn short(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}
