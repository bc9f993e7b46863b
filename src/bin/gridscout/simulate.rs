//! `gridscout simulate` and `gridscout replay`.
use crate::{
    Outcome,
    config::{Source, read},
    print_json,
};
use gridscout::campaign::{Campaign, Record, Summary, World, run_until};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::{io::IsTerminal, path::PathBuf};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    source: Source,
    /// Write the record to a file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub struct ReplayArgs {
    /// The record.
    record: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcome {
    let mut world = World::new(args.source.load()?);
    let bar = progress_bar();
    bar.set_message("preparing library and response");
    bar.set_length(100);
    loop {
        let share = world.advance(50.0)?;
        bar.set_position((share * 100.0) as u64);
        if share >= 1.0 {
            break;
        }
    }
    let iterations = world.config().stop.iterations;
    let (mut campaign, mut microscope) = world.open()?;
    bar.set_message("iterations");
    bar.set_length(u64::from(iterations.unwrap_or(0)));
    while campaign.ended().is_none() {
        let until = campaign.entries().len() + 10;
        run_until(&mut campaign, &mut microscope, |c| c.entries().len() >= until || c.ended().is_some());
        bar.set_position(campaign.entries().len().saturating_sub(1) as u64);
    }
    bar.finish_and_clear();
    if let Some(path) = &args.out {
        std::fs::write(path, Record::of(&mut campaign).to_text()).map_err(|e| {
            gridscout::error::ConfigError::new("--out", path.display(), format!("a file that can be written ({e})"))
        })?;
    }
    let summary = campaign.summary();
    if args.json { print_json(&summary) } else { report(&campaign, &summary) }
}

pub fn replay(args: &ReplayArgs) -> Outcome {
    let named = |e| format!("{}: {e}", args.record.display());
    let record = Record::from_text(&read(&args.record)?).map_err(named)?;
    let campaign = record.replay().map_err(named)?;
    let (events, decisions) = (record.events().len(), campaign.entries().len().saturating_sub(1));
    if args.json {
        return print_json(
            &json!({ "verified": true, "digest": record.digest(), "events": events, "iterations": decisions }),
        );
    }
    say!("verified: {events} events, {decisions} iterations, digest {}", record.digest());
    Ok(())
}

/// Drawn on a terminal only.
pub fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(100).with_style(style)
}

fn report(campaign: &Campaign, s: &Summary) -> Outcome {
    let at = |list: &[f64], last: bool| if last { list.last() } else { list.first() }.copied().unwrap_or(f64::NAN);
    say!("elements          {}", campaign.config().elements.join("–"));
    say!(
        "measurements      {} ({} of them seeds)",
        s.measurements,
        s.measurements as usize + 1 - s.mean_sd.len().max(1)
    );
    say!("regions visited   {}", s.regions_visited);
    let shares: Vec<String> =
        s.measured_fraction.iter().map(|f| f.map_or_else(|| "empty".into(), |f| format!("{f:.2}"))).collect();
    say!("measured share    {}", shares.join(" "));
    say!("mean sd           {:.4} → {:.4}", at(&s.mean_sd, false), at(&s.mean_sd, true));
    say!("mean abs error    {:.4} → {:.4}", at(&s.mean_abs_error, false), at(&s.mean_abs_error, true));
    say!("instrument time   {:.1} s, cost {:.1}", s.time_s, s.cost);
    for e in s.ledger.iter().filter(|e| e.count > 0) {
        say!("  {:<12} {:>5} × {:>10.2} s {:>10.2}", format!("{:?}", e.action), e.count, e.seconds, e.cost);
    }
    if let Some(share) = s.moves_to_neighbour_share {
        say!("moves to a neighbour {share:.3}");
    }
    say!("digest            {}", s.digest);
    Ok(())
}
