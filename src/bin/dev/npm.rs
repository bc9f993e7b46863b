//! The npm packages that check the page and pack its embeds: playwright-core, typescript, binaryen, esbuild.

use crate::problem::Problem;
use crate::project::Project;
use crate::run;
use crate::steps::timed;
use std::path::PathBuf;
use std::process::Command;

/// A program that an npm package brought.
pub fn program(project: &Project, name: &str) -> PathBuf {
    project.root.join("node_modules/.bin").join(name)
}

/// Installs what package-lock.json lists, unless that is what node_modules holds.
pub fn ensure(project: &Project) -> Result<(), Problem> {
    for name in ["node", "npm"] {
        if run::on_path(name).is_none() {
            return Err(Problem::Missing {
                what: name.into(),
                remedy:
                    "the page's tests need Node.js 20 or later with npm: https://nodejs.org, or your system's packages"
                        .into(),
            });
        }
    }
    let changed = |path: &str| project.root.join(path).metadata().and_then(|metadata| metadata.modified()).ok();
    let wanted = changed("package-lock.json").max(changed("package.json"));
    if changed("node_modules/.package-lock.json").is_some_and(|installed| Some(installed) >= wanted) {
        return Ok(());
    }
    timed("npm ci", || run::run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&project.root)))
}
