//! `cargo dev dist`: what others put into their pages, packed from the page's own modules.

use crate::problem::Problem;
use crate::project::Project;
use crate::steps::{Note, timed};
use crate::{build, npm, run, size};
use std::path::Path;
use std::process::Command;

/// One file each, with everything in it that it needs.
const EMBEDS: &[&str] = &["gridscout.mjs", "gridscout.html"];

/// Builds all of it; returns what the largest embed weighs, in words.
pub fn dist(project: &Project) -> Result<Note, Problem> {
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
