//! The standard library for WebAssembly.

use crate::problem::Problem;
use crate::project::Project;
use crate::run;
use crate::steps::timed;
use std::path::Path;
use std::process::Command;

/// Adds the target by rustup when rustc has no library for it.
pub fn ensure(project: &Project) -> Result<(), Problem> {
    let target = project.pack.build.target.as_str();
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let library = run::output(
        Command::new(&rustc).args(["--print", "target-libdir", "--target", target]).current_dir(&project.root),
    )?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    if run::on_path("rustup").is_none() {
        return Err(Problem::Missing {
            what: format!("Rust's standard library for {target}"),
            remedy: format!(
                "there is no rustup to add it: install Rust from https://rustup.rs, or your system's package of {target}"
            ),
        });
    }
    timed(&format!("rustup target add {target}"), || {
        run::run(Command::new("rustup").args(["target", "add", target]).current_dir(&project.root))
    })
}
