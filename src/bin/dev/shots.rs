//! `cargo dev shots`: pictures of the page, and a check that nothing in them is cut, overlapping or blank.

use crate::problem::Problem;
use crate::project::Project;
use crate::serve::{self, Server};
use crate::{browser, build, npm, run, test};

pub fn shots(project: &Project, folder: Option<&str>) -> Result<(), Problem> {
    npm::ensure(project)?;
    let browser = browser::ensure()?;
    build::page(project)?;
    let folder = match folder {
        Some(folder) => std::path::absolute(folder).map_err(Problem::file(folder.as_ref()))?,
        None => project.target.join("shots"),
    };
    let server = Server::start(project.root.join("www"), serve::listen(0)?)?;
    run::run(test::script(project, &server, Some(&browser)).arg("tests/browser/shots.mjs").arg(&folder))
}
