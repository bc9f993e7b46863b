//! `cargo dev dist`: what others put into their pages, packed from the page's own modules.

use crate::problem::Problem;
use crate::project::Project;
use crate::steps::{Note, timed};
use crate::{build, npm, python, run, size};
use std::path::{Path, PathBuf};
use std::process::Command;

/// One file each, with everything in it that it needs.
const EMBEDS: &[&str] = &["gridscout.mjs", "gridscout.html"];

/// What the Python package takes from there, and where in it that stands.
const PACKED: &[(&str, &str)] =
    &[("gridscout.mjs", "src/gridscout"), ("LICENSE-MIT", ""), ("LICENSE-APACHE", ""), ("THIRD-PARTY-NOTICES.txt", "")];

/// Builds all of it, and says what each weighs.
pub fn dist(project: &Project) -> Result<(), Problem> {
    embeds(project)?;
    let wheel = wheel(project)?;
    let name = wheel.file_name().unwrap_or_default().to_string_lossy().into_owned();
    println!("   {name:<36} {:>7} bytes", wheel.metadata().map_err(Problem::file(&wheel))?.len());
    Ok(())
}

/// A Python package around what [`embeds`] left in dist; returns where the wheel is, which is made of the source package beside it.
pub fn wheel(project: &Project) -> Result<PathBuf, Problem> {
    let python = python::with(project, "wheel", "packaging/python/build.txt")?;
    let (folder, source) = (project.root.join("dist"), project.root.join("packaging/python"));
    for (name, below) in PACKED {
        let to = source.join(below).join(name);
        std::fs::copy(folder.join(name), &to).map_err(Problem::file(&to))?;
    }
    let name = |ending: &str| folder.join(format!("gridscout-{}{ending}", env!("CARGO_PKG_VERSION")));
    let sources = name(".tar.gz");
    timed("the Python package into dist", || {
        let mut hatch = Command::new(&python);
        hatch.args(["-m", "hatchling", "build", "--target", "sdist", "--directory"]);
        run::run(hatch.arg(&folder).current_dir(&source))?;
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]);
        run::run(pip.arg(&folder).arg(&sources).current_dir(&project.root))
    })?;
    Ok(name("-py3-none-any.whl"))
}

/// Module and single file; returns what the larger weighs, in words.
pub fn embeds(project: &Project) -> Result<Note, Problem> {
    npm::ensure(project)?;
    build::page(project)?;
    let folder = project.root.join("dist");
    timed("the embeds into dist", || {
        run::run(Command::new("node").arg("packaging/build.mjs").arg(&folder).current_dir(&project.root))
    })?;
    weigh(&folder, project.pack.budget.embed_gzip_bytes)
}

/// Prints what each weighs; an error when one exceeds the budget.
fn weigh(folder: &Path, allowed: usize) -> Result<Note, Problem> {
    let mut largest = 0;
    for name in EMBEDS {
        let actual = size::gzipped(&folder.join(name))?;
        println!("   {name:<36} {actual:>7} bytes gzipped");
        if actual > allowed {
            return Err(Problem::TooLarge { what: format!("dist/{name}"), actual, allowed });
        }
        largest = largest.max(actual);
    }
    Ok(format!("largest {largest} of {allowed} bytes gzipped"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packages_have_the_version_of_the_crate() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |path: &str| std::fs::read_to_string(root.join(path)).expect(path);
        let npm: serde_json::Value = serde_json::from_str(&read("packaging/npm/package.json")).expect("package.json");
        let python: toml::Value = toml::from_str(&read("packaging/python/pyproject.toml")).expect("pyproject.toml");
        assert_eq!(npm["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
        assert_eq!(python["project"]["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
        let pinned = read("packaging/python/build.txt");
        assert_eq!(python["build-system"]["requires"][0].as_str(), Some(pinned.trim()));
    }

    #[test]
    fn the_python_package_has_what_git_ignores() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |path: &str| std::fs::read_to_string(root.join(path)).expect(path);
        let python: toml::Value = toml::from_str(&read("packaging/python/pyproject.toml")).expect("pyproject.toml");
        let (licences, targets) = (&python["project"]["license-files"], &python["tool"]["hatch"]["build"]["targets"]);
        let module = "src/gridscout/gridscout.mjs";
        assert_eq!(targets["sdist"]["artifacts"][0].as_str(), Some(module));
        assert_eq!(targets["wheel"]["force-include"][module].as_str(), Some("gridscout/gridscout.mjs"));
        assert_eq!(licences.to_string(), "[\"LICENSE-*\", \"THIRD-PARTY-NOTICES.txt\"]");
        let ignored = read(".gitignore");
        for path in [module, "LICENSE-*", "THIRD-PARTY-NOTICES.txt"] {
            assert!(ignored.lines().any(|line| line == format!("/packaging/python/{path}")), "{path}");
        }
    }

    #[test]
    fn an_embed_above_the_budget_is_named() {
        let folder = std::env::temp_dir().join(format!("gridscout-dist-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        for name in EMBEDS {
            // The same byte over and over would be packed into nothing.
            let text: Vec<u8> = (0..20_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
            std::fs::write(folder.join(name), text).expect("file");
        }
        assert!(weigh(&folder, 1_000_000).expect("fits").ends_with(" of 1000000 bytes gzipped"));
        let problem = weigh(&folder, 100).expect_err("too large");
        assert!(matches!(&problem, Problem::TooLarge { what, allowed: 100, .. } if what == "dist/gridscout.mjs"));
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
