//! The Autobahn test suite for WebSockets: Python 2.7 and a virtual environment under target/.

use crate::problem::Problem;
use crate::project::Project;
use crate::run;
use crate::steps::timed;
use std::path::PathBuf;
use std::process::Command;

const REMEDY: &str = "the suite runs on Python 2.7 only: put python2.7 on PATH (for instance `pyenv install 2.7.18`), or name it by \
                      the environment variable PYTHON27";
/// The last for Python 2.7 whose pip still installs wheels.
const VIRTUALENV: &str = "virtualenv==20.15.1";

/// The environment's Python; made from tests/peers/autobahn.txt unless that is what it holds.
pub fn ensure(project: &Project) -> Result<PathBuf, Problem> {
    let folder = project.target.join("autobahn");
    let (tools, home) = (folder.join("virtualenv"), folder.join("venv"));
    let inside = home.join("bin/python");
    let wanted = project.root.join("tests/peers/autobahn.txt");
    let installed = home.join("installed.txt");
    let text = std::fs::read(&wanted).map_err(Problem::file(&wanted))?;
    if std::fs::read(&installed).is_ok_and(|have| have == text) {
        return Ok(inside);
    }
    let python = find().ok_or_else(|| Problem::Missing { what: "Python 2.7".into(), remedy: REMEDY.into() })?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    timed("the Autobahn test suite", || {
        run::run(Command::new(&python).args(quiet).arg("--upgrade").arg("--target").arg(&tools).arg(VIRTUALENV))?;
        run::run(Command::new(&python).env("PYTHONPATH", &tools).args(["-m", "virtualenv", "--quiet"]).arg(&home))?;
        run::run(Command::new(&inside).args(quiet).arg("--requirement").arg(&wanted))
    })?;
    std::fs::write(&installed, text).map_err(Problem::file(&installed))?;
    Ok(inside)
}

fn find() -> Option<PathBuf> {
    let named = std::env::var_os("PYTHON27").map(PathBuf::from);
    let pyenv = || {
        let root = std::env::var_os("PYENV_ROOT").map(PathBuf::from);
        Some(
            root.or_else(|| std::env::home_dir().map(|home| home.join(".pyenv")))?
                .join("versions/2.7.18/bin/python2.7"),
        )
    };
    // A shim of pyenv may stand on PATH and not run.
    let works = |python: &PathBuf| {
        run::output(Command::new(python).args(["-c", "print(__import__('sys').version_info[0])"]))
            .is_ok_and(|version| version.trim() == "2")
    };
    [named, run::on_path("python2.7"), pyenv()].into_iter().flatten().find(works)
}
