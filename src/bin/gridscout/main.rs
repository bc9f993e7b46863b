//! The command line of gridscout.
/// `println!`, but a pipe that was closed (`gridscout … | head`) or a full disk is an answer and no panic.
macro_rules! say {
    ($($text:tt)*) => { $crate::say(format_args!($($text)*))? };
}

mod capacity;
mod config;
mod dial;
mod drive;
mod export;
mod instrument;
mod journal;
mod place;
mod serve;
mod simulate;
mod study;
mod time;
mod toy_instrument;
mod why;

use clap::{Parser, Subcommand};
use gridscout::{bridge::published, error::ConfigError};
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
    /// Run many campaigns that differ in seed, rule and settings, on all cores; medians and quartiles.
    Study(Box<study::Args>),
    /// Why one decision was made, and which value of a setting would have turned it.
    Why(why::Args),
    /// Serve an instrument: the gateway.
    Serve(Box<serve::Args>),
    /// Drive an instrument over its gateway, without a browser.
    Drive(drive::Args),
    /// Look into the journal of a gateway.
    #[command(subcommand)]
    Journal(journal::Command),
    /// A small instrument that speaks the protocol of `serve --driver process`, to try it.
    ToyInstrument(toy_instrument::Args),
    /// How long a campaign computes on this machine.
    Time(time::Args),
    /// List the presets.
    Presets {
        /// As JSON, configurations included.
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of a configuration, or write the documents of the gateway's protocol.
    Schema {
        /// Write the schema of every frame and the AsyncAPI document into this folder.
        #[arg(long, value_name = "DIR")]
        protocol: Option<std::path::PathBuf>,
    },
}

/// Exit code of bad input.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Capacity(args) => capacity::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::Replay(args) => simulate::replay(&args),
        Command::Study(args) => study::run(&args),
        Command::Why(args) => why::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Drive(args) => drive::run(&args),
        Command::Journal(command) => journal::run(&command),
        Command::ToyInstrument(args) => toy_instrument::run(&args),
        Command::Time(args) => time::run(&args),
        Command::Presets { json } => presets(json),
        Command::Schema { protocol: None } => print_json(&schemars::schema_for!(gridscout::campaign::Config)),
        Command::Schema { protocol: Some(folder) } => write_protocol(&folder),
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
        say!("{:<10}  {}. {}", p.id, p.title, p.summary);
    }
    Ok(())
}

fn print_json(value: &impl serde::Serialize) -> Outcome {
    say!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

fn say(text: std::fmt::Arguments<'_>) -> std::io::Result<()> {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{text}") {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn write_protocol(folder: &std::path::Path) -> Outcome {
    for (name, document) in
        [(published::SCHEMA_FILE, published::schema()), (published::ASYNCAPI_FILE, published::asyncapi())]
    {
        let path = folder.join(name);
        std::fs::write(&path, serde_json::to_string_pretty(&document)? + "\n")
            .map_err(|e| ConfigError::new("--protocol", path.display(), format!("a file that can be written ({e})")))?;
    }
    Ok(())
}
