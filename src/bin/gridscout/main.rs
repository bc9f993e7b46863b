//! The command line of gridscout.
mod capacity;
mod config;
mod simulate;
mod time;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Explore a random particle library with a cost-aware planner.
#[derive(Parser)]
#[command(name = "gridscout", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// How many particles, and so how many compositions, one grid can hold (eq 1, Figure 1).
    Capacity(capacity::Args),
    /// Run a campaign in the simulated microscope.
    Simulate(simulate::Args),
    /// Verify a record: same digest, same decisions.
    Replay(simulate::ReplayArgs),
    /// How long a campaign computes on this machine.
    Time(time::Args),
    /// List the presets.
    Presets {
        /// As JSON, configurations included.
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of a configuration.
    Schema,
}

/// Exit code of bad input.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Capacity(args) => capacity::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Replay(args) => simulate::replay(&args),
        Command::Time(args) => time::run(&args),
        Command::Presets { json } => presets(json),
        Command::Schema => print_json(&schemars::schema_for!(gridscout::campaign::Config)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                eprintln!("error: {line}");
            }
            ExitCode::from(BAD_INPUT)
        }
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn presets(json: bool) -> Outcome {
    let presets = gridscout::campaign::presets();
    if json {
        return print_json(&presets);
    }
    for p in presets {
        println!("{:<10}  {}. {}", p.id, p.title, p.summary);
    }
    Ok(())
}

fn print_json(value: &impl serde::Serialize) -> Outcome {
    use std::io::Write;
    let text = serde_json::to_string_pretty(value)?;
    match writeln!(std::io::stdout(), "{text}") {
        // `gridscout … | head` closes the pipe; that is no error of ours.
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
