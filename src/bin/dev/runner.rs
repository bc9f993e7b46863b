//! wasm-bindgen-test-runner: runs `#[wasm_bindgen_test]` in Node.js and in browsers.

use crate::problem::Problem;
use crate::project::Project;
use crate::run;
use crate::steps::timed;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An installed one of exactly our version, else our own, compiled now.
pub fn ensure(project: &Project) -> Result<PathBuf, Problem> {
    let version = project.pack.tool("wasm-bindgen")?;
    if let Some(installed) = run::on_path("wasm-bindgen-test-runner").filter(|path| is_version(path, version)) {
        return Ok(installed);
    }
    let name = "wasm-test-runner";
    timed(&format!("wasm-bindgen-test-runner {version}"), || {
        run::run(
            run::cargo()
                .args(["build", "--profile", "tool", "--no-default-features", "--features", name, "--bin", name])
                .current_dir(&project.root),
        )
    })?;
    Ok(project.target.join("tool").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

fn is_version(program: &Path, version: &str) -> bool {
    run::output(Command::new(program).arg("--version"))
        .is_ok_and(|line| line.split(' ').any(|word| word.trim() == version))
}
