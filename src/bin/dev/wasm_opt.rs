//! wasm-opt, from the npm package binaryen: Debian's is too old to read what rustc writes today.

use crate::pack::WasmOpt;
use crate::problem::Problem;
use crate::project::Project;
use crate::{npm, run};
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Debug)]
pub struct WasmOptimiser {
    program: PathBuf,
    flags: Vec<String>,
}

impl WasmOptimiser {
    /// `None` when wasm-pack.toml does not want it, or only if it is installed and it is not.
    pub fn find(project: &Project, when: WasmOpt) -> Result<Option<WasmOptimiser>, Problem> {
        let program = npm::program(project, "wasm-opt");
        match (when, program.is_file()) {
            (WasmOpt::Never, _) | (WasmOpt::IfInstalled, false) => Ok(None),
            (WasmOpt::Always, false) => Err(Problem::Missing {
                what: "node_modules/.bin/wasm-opt".into(),
                remedy: "npm ci, or another value for wasm_opt in wasm-pack.toml".into(),
            }),
            (_, true) => Ok(Some(WasmOptimiser { program, flags: flags(&project.root)? })),
        }
    }

    /// Replaces the file by an optimised one; if that fails, leaves it as it was.
    pub fn shrink(&self, wasm: &Path) -> Result<(), Problem> {
        let smaller = wasm.with_extension("wasm.opt");
        run::run(Command::new(&self.program).args(&self.flags).arg(wasm).arg("-o").arg(&smaller))?;
        std::fs::rename(&smaller, wasm).map_err(Problem::file(wasm))
    }
}

/// From `[package.metadata.wasm-pack.profile.release]`, so that `wasm-pack build` does the same.
fn flags(root: &Path) -> Result<Vec<String>, Problem> {
    let bad = |message: String| Problem::Config { file: "Cargo.toml", message };
    let path = root.join("Cargo.toml");
    let text = std::fs::read_to_string(&path).map_err(Problem::file(&path))?;
    let manifest: toml::Value = toml::from_str(&text).map_err(|error| bad(error.to_string()))?;
    ["package", "metadata", "wasm-pack", "profile", "release", "wasm-opt"]
        .iter()
        .try_fold(&manifest, |table, key| table.get(key))
        .and_then(|flags| flags.as_array()?.iter().map(|flag| flag.as_str().map(String::from)).collect())
        .ok_or_else(|| bad("[package.metadata.wasm-pack.profile.release] has no list of strings wasm-opt".into()))
}
