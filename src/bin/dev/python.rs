//! Pythons with other people's programs in them, each below `target/`.

use crate::problem::Problem;
use crate::project::Project;
use crate::run;
use crate::steps::timed;
use std::path::PathBuf;
use std::process::Command;

/// A Python with what the requirements name, pinned; made again when the pins change.
pub fn with(project: &Project, name: &str, requirements: &str) -> Result<PathBuf, Problem> {
    let requirements = project.root.join(requirements);
    let wanted = std::fs::read_to_string(&requirements).map_err(Problem::file(&requirements))?;
    let folder = project.target.join(name);
    let (python, installed) = (folder.join("bin/python"), folder.join("installed.txt"));
    if python.is_file() && std::fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(python);
    }
    let found = run::on_path("python3").ok_or_else(|| Problem::Missing {
        what: "python3".into(),
        remedy: "working beside other programs needs Python 3.11 or later with venv and pip".into(),
    })?;
    timed(&format!("Python packages into target/{name}"), || {
        run::run(Command::new(found).args(["-m", "venv", "--clear"]).arg(&folder))?;
        run::run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&requirements))
    })?;
    std::fs::write(&installed, wanted).map_err(Problem::file(&installed))?;
    Ok(python)
}
