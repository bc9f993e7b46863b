//! `gridscout study`: an ensemble on all cores.
use crate::{Outcome, config::Source, print_json, simulate::progress_bar};
use gridscout::{
    error::{ConfigError, Invalid},
    planner::Rule,
    study::{Axis, Outcome as Campaign, Plan, Quartiles, Rival, Spec, Study},
};
use std::{
    str::FromStr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    source: Source,
    /// First and last seed.
    #[arg(long, value_name = "FIRST..LAST", default_value = "1..100")]
    seeds: Seeds,
    /// Rules that compete, with commas between; the configuration's own by default. See `planner.rule` in `gridscout schema`.
    #[arg(long, value_name = "RULE,RULE", value_delimiter = ',')]
    rules: Vec<RuleName>,
    /// Sweep a setting over values, JSON with commas between; at most two such axes.
    #[arg(long = "sweep", value_name = "path.to.field=value,value")]
    axes: Vec<Swept>,
    /// Look for the time at which the mean absolute error is first this small.
    #[arg(long, value_name = "ERROR", allow_hyphen_values = true)]
    target_error: Option<f64>,
    /// Threads; as many as there are cores by default.
    #[arg(long, value_name = "COUNT")]
    threads: Option<usize>,
    /// Print everything as JSON, curves included.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy)]
struct Seeds(u32, u32);

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seeds = text.split_once("..").and_then(|(a, b)| Some(Self(a.trim().parse().ok()?, b.trim().parse().ok()?)));
        seeds.ok_or_else(|| "first..last, each 0 to 4294967295".into())
    }
}

#[derive(Clone, Copy)]
struct RuleName(Rule);

impl FromStr for RuleName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        serde_json::from_value(text.trim().into()).map(Self).map_err(|e| e.to_string())
    }
}

#[derive(Clone)]
struct Swept(Axis);

impl FromStr for Swept {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = "path.to.field=value,value with values as JSON";
        let (path, values) = text.split_once('=').ok_or(allowed)?;
        let values = serde_json::from_str(&format!("[{values}]")).map_err(|e| format!("{allowed} ({e})"))?;
        Ok(Self(Axis { path: path.trim().into(), values }))
    }
}

pub fn run(args: &Args) -> Outcome {
    let Seeds(first_seed, last_seed) = args.seeds;
    let plan = Plan::new(Spec {
        config: serde_json::to_value(&*args.source.load()?)?,
        first_seed,
        last_seed,
        rules: args.rules.iter().map(|name| name.0).collect(),
        axes: args.axes.iter().map(|swept| swept.0.clone()).collect(),
        target_error: args.target_error,
    })?;
    let threads = match args.threads {
        Some(0) => return Err(ConfigError::new("--threads", 0, "at least 1").into()),
        Some(count) => count,
        None => thread::available_parallelism().map_or(1, usize::from),
    };
    let (done, failed) = campaigns(&plan, threads);
    if let Some(error) = failed.filter(|_| done.iter().all(|campaign| *campaign == Campaign::Failed)) {
        return Err(error.into());
    }
    let study = plan.summarise(&done);
    if args.json { print_json(&study) } else { report(&study) }
}

/// All campaigns by their numbers, and why one of them could not be run.
fn campaigns(plan: &Plan, threads: usize) -> (Vec<Campaign>, Option<Invalid>) {
    let bar = progress_bar();
    bar.set_message("campaigns");
    bar.set_length(plan.campaigns());
    let (next, done) = (AtomicU64::new(0), Mutex::new((vec![Campaign::NotRun; plan.campaigns() as usize], None)));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let campaign = next.fetch_add(1, Ordering::Relaxed);
                    if campaign >= plan.campaigns() {
                        return;
                    }
                    let run = plan.run(campaign);
                    let (outcomes, failed) = &mut *done.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Err(error) = &run {
                        *failed = Some(error.clone());
                    }
                    outcomes[campaign as usize] = run.into();
                    bar.inc(1);
                }
            });
        }
    });
    bar.finish_and_clear();
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn report(study: &Study) -> Outcome {
    let names: Vec<&str> = study.spec.axes.iter().map(|axis| axis.path.as_str()).collect();
    let three =
        |q: &Quartiles, digits: usize| format!("{:.digits$} ({:.digits$}–{:.digits$})", q.median, q.low, q.high);
    say!("medians (and quartiles) of seeds {} to {}", study.spec.first_seed, study.spec.last_seed);
    for cell in &study.cells {
        let values = names.iter().zip(&cell.values).map(|(name, value)| format!("  {name} = {value}"));
        say!("\n{}{}", name(cell.rule), values.collect::<String>());
        say!("  campaigns        {}{}", cell.runs, failures(cell.failed));
        say!("  instrument time  {} s", three(&cell.time_secs, 0));
        say!("  regions visited  {}", three(&cell.regions, 1));
        say!("  mean sd          {}", three(&cell.mean_sd, 4));
        say!("  mean abs error   {}", three(&cell.mean_abs_error, 4));
        if let Some(reached) = &cell.reached {
            say!("  target reached   {} of {}, after {} s", reached.count, cell.runs, three(&reached.time_secs, 0));
        }
    }
    for win in &study.wins {
        let values: String = names.iter().zip(&win.values).map(|(name, value)| format!("{name} = {value}  ")).collect();
        match (win.rule, win.margin) {
            (Some(rule), Some(margin)) => {
                say!("\n{values}best: {}, {margin:.2} times better than the next", name(rule))
            }
            (Some(rule), None) => say!("\n{values}best: {}, the only one", name(rule)),
            (None, _) => say!("\n{values}best: none reaches the target"),
        }
        for Rival { rule, ahead, behind, p_value } in &win.rivals {
            let seeds = format!("better for {ahead} seeds, worse for {behind} (p = {p_value:.2})");
            if win.tied.contains(rule) {
                say!("  not told apart from {}: {seeds}", name(*rule));
            } else if win.disputed.contains(rule) {
                say!("  medians and seeds disagree about {}: {seeds}", name(*rule));
            }
        }
    }
    Ok(())
}

fn name(rule: Rule) -> String {
    serde_json::to_value(rule).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn failures(failed: u32) -> String {
    if failed == 0 { String::new() } else { format!(", {failed} seeds drew a library that cannot be explored") }
}
