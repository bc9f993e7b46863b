//! `cargo dev pictures`: the pictures of the README, made anew.

use crate::problem::Problem;
use crate::project::Project;
use crate::serve::{self, Server};
use crate::{browser, build, npm, run, test};

pub fn pictures(project: &Project) -> Result<(), Problem> {
    npm::ensure(project)?;
    let browser = browser::ensure()?;
    build::page(project)?;
    let server = Server::start(project.root.join("www"), serve::listen(0)?)?;
    let folder = project.root.join("src/docs");
    run::run(test::script(project, &server, Some(&browser)).arg("tests/browser/pictures.mjs").arg(folder))
}
