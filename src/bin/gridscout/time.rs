//! `gridscout time`: how long a campaign computes on this machine.
use crate::{Outcome, config::Source, print_json};
use gridscout::campaign::simulate;
use serde_json::json;
use std::time::Instant;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    source: Source,
    /// Campaigns to time, after one that is not counted.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    runs: u32,
    /// Print every time as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcome {
    let config = args.source.load()?;
    simulate(config.clone())?;
    let mut milliseconds = Vec::new();
    for _ in 0..args.runs {
        #[expect(clippy::disallowed_methods, reason = "this command is about the clock")]
        let began = Instant::now();
        simulate(config.clone())?;
        milliseconds.push(began.elapsed().as_secs_f64() * 1e3);
    }
    if args.json {
        return print_json(&json!({ "milliseconds": milliseconds }));
    }
    milliseconds.sort_by(f64::total_cmp);
    let median = milliseconds[milliseconds.len() / 2];
    say!("{median:.1} ms a campaign (median of {}; fastest {:.1} ms)", args.runs, milliseconds[0]);
    Ok(())
}
