//! Where things are: the checkout, the target directory, and what wasm-pack.toml says.

use crate::pack::Pack;
use crate::problem::Problem;
use crate::run;
use std::path::PathBuf;

pub struct Project {
    pub root: PathBuf,
    /// Where cargo puts what it builds; `target` unless the user configured another.
    pub target: PathBuf,
    pub pack: Pack,
}

impl Project {
    /// The checkout that this program was built from.
    pub fn find() -> Result<Project, Problem> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let pack = Pack::read(&root)?;
        let metadata =
            run::output(run::cargo().args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(&root))?;
        let metadata: serde_json::Value = serde_json::from_str(&metadata)
            .map_err(|error| Problem::Config { file: "cargo metadata", message: error.to_string() })?;
        let target = metadata["target_directory"].as_str().map_or_else(|| root.join("target"), PathBuf::from);
        Ok(Project { root, target, pack })
    }

    /// A path of wasm-pack.toml: from the root, but `target/…` follows cargo's target directory.
    pub fn path(&self, configured: &str) -> PathBuf {
        match configured.strip_prefix("target/") {
            Some(rest) => self.target.join(rest),
            None => self.root.join(configured),
        }
    }

    /// The command line program, as `cargo build` in the dev profile leaves it.
    pub fn command_line(&self) -> PathBuf {
        self.target.join("debug").join(format!("gridscout{}", std::env::consts::EXE_SUFFIX))
    }
}
