//! `cargo dev bench`: our own benchmarks, then the same work by other programs side by side.

use crate::problem::Problem;
use crate::project::Project;
use crate::serve::{self, Server};
use crate::steps::timed;
use crate::{browser, build, npm, python, run, test};
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = "tests/peers/requirements.txt";
const DRIVER: &str = "benches/side_by_side.py";

pub fn bench(project: &Project) -> Result<(), Problem> {
    run::run(run::cargo().args(["bench", "--bench", "campaign"]).current_dir(&project.root))?;
    // A broken promise of one is no reason not to measure the other.
    let frames = frames(project);
    let python = python::with(project, "peers", REQUIREMENTS)?;
    let program = native(project)?;
    let module = build::output(project, "node")?.script;
    side_by_side(project, &python, &program, &module).and(frames)
}

/// How evenly the page draws during a campaign at top speed.
fn frames(project: &Project) -> Result<(), Problem> {
    npm::ensure(project)?;
    let browser = browser::ensure()?;
    build::page(project)?;
    let server = Server::start(project.root.join("www"), serve::listen(0)?)?;
    run::run(test::script(project, &server, Some(&browser)).arg("tests/browser/frames.mjs"))
}

/// The command line program, optimised.
fn native(project: &Project) -> Result<PathBuf, Problem> {
    timed("the optimised command line program", || {
        run::run(run::cargo().args(["build", "--release", "--bin", "gridscout"]).current_dir(&project.root))
    })?;
    Ok(project.target.join("release").join(format!("gridscout{}", std::env::consts::EXE_SUFFIX)))
}

/// The driver learns from its environment where the two builds of ours are.
fn side_by_side(project: &Project, python: &Path, program: &Path, module: &Path) -> Result<(), Problem> {
    let mut command = Command::new(python);
    command.arg(project.root.join(DRIVER)).current_dir(&project.root);
    run::run(command.env("GRIDSCOUT_CLI", program).env("GRIDSCOUT_NODE_MODULE", module))
}
