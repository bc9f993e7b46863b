//! `cargo dev shots`: pictures of every view, and a check that nothing in them is cut, overlapping, blank or unlike its reference.

use crate::problem::Problem;
use crate::project::Project;
use crate::serve::{self, Server};
use crate::{browser, dist, run, test};

/// `keep` makes the pictures the new references.
pub fn shots(project: &Project, folder: Option<&str>, keep: bool) -> Result<(), Problem> {
    let browser = browser::ensure()?;
    dist::embeds(project)?;
    run::run(run::cargo().args(["build", "--bin", "gridscout"]).current_dir(&project.root))?;
    let folder = match folder {
        Some(folder) => std::path::absolute(folder).map_err(Problem::file(folder.as_ref()))?,
        None => project.target.join("shots"),
    };
    let server = Server::start(project.root.join("www"), serve::listen(0)?)?;
    let mut script = test::script(project, &server, Some(&browser));
    script.arg("tests/browser/shots.mjs").arg(&folder);
    if keep {
        script.arg("--keep");
    }
    run::run(&mut script)
}
