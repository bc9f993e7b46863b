//! `cargo dev equations`: the equations of the page, typeset anew from their TeX.

use crate::problem::Problem;
use crate::project::Project;
use crate::{npm, run};
use std::process::Command;

pub fn equations(project: &Project) -> Result<(), Problem> {
    npm::ensure(project)?;
    run::run(Command::new("node").arg("packaging/equations/typeset.mjs").current_dir(&project.root))
}
