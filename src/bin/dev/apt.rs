//! Programs of the system.

use crate::problem::Problem;
use crate::run;
use crate::steps::timed;
use std::process::Command;

/// A program of the package of the same name; installed when it is missing, where that is possible.
pub fn ensure(program: &str) -> Result<(), Problem> {
    if run::on_path(program).is_none() {
        install(&[program])?;
    }
    let missing = || Problem::Missing {
        what: program.into(),
        remedy: format!("install it (on Debian as root: apt-get install {program})"),
    };
    run::on_path(program).map(drop).ok_or_else(missing)
}

/// Installs packages where we are root and have apt-get; elsewhere nothing happens.
pub fn install(packages: &[&str]) -> Result<(), Problem> {
    let root = run::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root || run::on_path("apt-get").is_none() {
        return Ok(());
    }
    let apt = |arguments: &[&str]| {
        run::run(Command::new("apt-get").arg("-qq").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    timed(&format!("apt-get install {}", packages.join(" ")), || {
        apt(&["update"])?;
        apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
    })
}
