//! `cargo dev prove NAME`: longer demonstrations, one by one.

use crate::problem::Problem;
use crate::project::Project;
use crate::serve::{self, Server};
use crate::{apt, autobahn, browser, build, dist, npm, python, run, test};
use std::process::Command;

struct Proof {
    name: &'static str,
    about: &'static str,
    run: fn(&Project) -> Result<(), Problem>,
}

const PROOFS: &[Proof] = &[
    Proof {
        name: "figures",
        about: "Figures 3 and 4 over seeds 1–10, as a table, against the paper's ranges",
        run: |project| tests(project, "figures", None),
    },
    Proof {
        name: "link",
        about: "2,000 seeds of each trouble between planner and gateway: one exposure a command, the undisturbed record",
        run: |project| tests(project, "link", Some(("GRIDSCOUT_LINK_SEEDS", "2000"))),
    },
    Proof {
        name: "envelope",
        about: "10⁶ random and boundary commands: none outside the safety envelope reaches the instrument",
        run: |project| tests(project, "envelope", Some(("GRIDSCOUT_ENVELOPE_COMMANDS", "1000000"))),
    },
    Proof {
        name: "deadman-page",
        about: "the planner's Worker frozen, killed, looping, the network down, 52 times: the beam blanked within 6 s",
        run: |project| page_tests(project, "deadman", ("GRIDSCOUT_TRIALS", "52")),
    },
    Proof {
        name: "deadman",
        about: "a planner without a browser frozen, killed, cut off, 51 times: the beam blanked within 6 s",
        run: |project| processes(project, "deadman", ("GRIDSCOUT_TRIALS", "51")),
    },
    Proof {
        name: "crash",
        about: "kill, EIO and ENOSPC at every write and fsync of 30 commands, and a journal cut at every byte of its end",
        run: |project| {
            apt::ensure("strace")?;
            processes(project, "crash", ("GRIDSCOUT_CRASH", "1"))
        },
    },
    Proof {
        name: "load",
        about: "1 driver and 50 observers for 5 minutes: no gap, p99 and memory; a stalled reader is closed and comes back",
        run: |project| tests(project, "load", Some(("GRIDSCOUT_LOAD_SECS", "300"))),
    },
    Proof {
        name: "autobahn",
        about: "the Autobahn test suite, cases 1–7, 9 and 10, against the gateway's own acceptor: none failed",
        run: |project| {
            let python = autobahn::ensure(project)?;
            // Nothing is timed: the build of the ordinary tests will do.
            let mut command = run::cargo();
            command.args(["test", "--test", "autobahn", "--", "--nocapture"]).env("GRIDSCOUT_AUTOBAHN", python);
            run::run(command.current_dir(&project.root))
        },
    },
    Proof {
        name: "dribble",
        about: "1,000 headers that never end: all closed within 6 s, a driver's p99 at most doubled; hostile handshakes",
        run: |project| tests(project, "gateway", Some(("GRIDSCOUT_DRIBBLERS", "1000"))),
    },
    Proof {
        name: "start",
        about: "eleven loads of the page by new visitors: usable within 1 s, by the median",
        run: |project| page_tests(project, "start", ("GRIDSCOUT_LOADS", "11")),
    },
    Proof {
        name: "ensemble",
        about: "1,000 campaigns in the page: progress, cancel, frames, and the medians of the command line",
        run: |project| page_tests(project, "study", ("GRIDSCOUT_CAMPAIGNS", "1000")),
    },
    Proof {
        name: "instamatic",
        about: "a running Instamatic server: stage times for 5 to 45 µm, the fitted speed within 10 % of 10 µm/s; a campaign",
        run: |project| instrument(project, "instamatic"),
    },
    Proof {
        name: "nion-swift",
        about: "Nion Swift's simulator: overview, listed particles, EELS at ten of them, journal and raw arrays verified",
        run: |project| instrument(project, "nion_swift"),
    },
    Proof {
        name: "jupyter",
        about: "JupyterLab with the wheel installed: the digest of the command line, and traits both ways",
        run: notebook,
    },
];

/// One test against a program of others, in real time: nothing to optimise.
fn instrument(project: &Project, name: &str) -> Result<(), Problem> {
    let python = python::with(project, name, &format!("tests/instruments/{name}.txt"))?;
    let mut command = run::cargo();
    command.args(["test", "--test", "instruments", name, "--", "--ignored", "--nocapture"]);
    run::run(command.env("GRIDSCOUT_PYTHON", python).current_dir(&project.root))
}

/// One file of tests, optimised, with its figures; a variable makes it long.
fn tests(project: &Project, name: &str, size: Option<(&str, &str)>) -> Result<(), Problem> {
    let mut command = run::cargo();
    command.envs(size).args(["test", "--release", "--test", name, "--", "--nocapture"]);
    run::run(command.current_dir(&project.root))
}

/// The same as `cargo test` builds them: here processes, disks and sockets take the time.
fn processes(project: &Project, name: &str, (variable, value): (&str, &str)) -> Result<(), Problem> {
    let mut command = run::cargo();
    command.env(variable, value).args(["test", "--test", name, "--", "--nocapture"]);
    run::run(command.current_dir(&project.root))
}

/// The wheel in a JupyterLab of its own.
fn notebook(project: &Project) -> Result<(), Problem> {
    dist::embeds(project)?;
    let wheel = dist::wheel(project)?;
    let python = python::with(project, "jupyter", "tests/browser/jupyter.txt")?;
    // The wheel of this build, whatever its version says.
    let mut pip = Command::new(&python);
    run::run(pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall"]).arg(wheel))?;
    page_tests(project, "jupyter", ("GRIDSCOUT_JUPYTER", &python.to_string_lossy()))
}

/// One file of the page's tests; a variable makes it long.
fn page_tests(project: &Project, name: &str, (variable, value): (&str, &str)) -> Result<(), Problem> {
    npm::ensure(project)?;
    let browser = browser::ensure()?;
    build::page(project)?;
    run::run(run::cargo().args(["build", "--bin", "gridscout"]).current_dir(&project.root))?;
    let server = Server::start(project.root.join("www"), serve::listen(0)?)?;
    let mut command = test::script(project, &server, Some(&browser));
    command.args(["--test", "--test-reporter=spec"]).arg(format!("tests/browser/{name}.test.mjs"));
    run::run(command.env(variable, value))
}

pub fn list() -> Result<(), Problem> {
    println!("known proofs: {}", known());
    for proof in PROOFS {
        println!("  {:<20} {}", proof.name, proof.about);
    }
    Ok(())
}

pub fn prove(project: &Project, name: &str) -> Result<(), Problem> {
    match PROOFS.iter().find(|proof| proof.name == name) {
        Some(proof) => (proof.run)(project),
        None => Err(Problem::NoProof { name: name.into(), known: known() }),
    }
}

fn known() -> String {
    match PROOFS {
        [] => "none yet".into(),
        proofs => proofs.iter().map(|proof| proof.name).collect::<Vec<_>>().join(", "),
    }
}
