//! `cargo dev build`: library → WebAssembly → JavaScript glue → smaller WebAssembly.

use crate::pack::{BindgenTarget, Output};
use crate::problem::Problem;
use crate::project::Project;
use crate::stamp::Stamp;
use crate::steps::timed;
use crate::wasm_opt::WasmOptimiser;
use crate::{offline, run, wasm_target};
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// Where an output lies.
pub struct Built {
    pub wasm: PathBuf,
    pub script: PathBuf,
}

/// What the page loads.
pub fn page(project: &Project) -> Result<Built, Problem> {
    let built = output(project, "page")?;
    offline::list(&project.root.join("www"))?;
    Ok(built)
}

/// One `[output.NAME]` of wasm-pack.toml.
pub fn output(project: &Project, name: &str) -> Result<Built, Problem> {
    wasm_target::ensure(project)?;
    let library = library(project)?;
    let output = project.pack.output(name)?;
    let folder = project.path(&output.out_dir);
    let built = Built {
        wasm: folder.join(format!("{}_bg.wasm", output.out_name)),
        script: folder.join(format!("{}.js", output.out_name)),
    };
    let optimiser = WasmOptimiser::find(project, output.wasm_opt)?;
    // Our own age stands for the code below.
    let own = std::env::current_exe().and_then(|path| path.metadata()).and_then(|data| data.modified()).ok();
    let settings = format!("{output:?} {optimiser:?} {:?} {own:?}", project.pack.tools);
    let stamp = Stamp::of(&library, &settings, project.target.join(format!("dev/{name}.stamp")))?;
    if stamp.is_current() && built.wasm.is_file() && built.script.is_file() {
        println!("   ✓ {} is up to date", output.out_dir);
        return Ok(built);
    }
    stamp.remove()?;
    timed(&format!("wasm-bindgen into {}", output.out_dir), || bindgen(&library, &folder, output))?;
    match &optimiser {
        Some(optimiser) => timed("wasm-opt", || optimiser.shrink(&built.wasm))?,
        None => println!("   - no wasm-opt: `npm ci` installs it, and the page becomes a tenth smaller"),
    }
    stamp.write()?;
    Ok(built)
}

/// The library as cargo compiles it, without glue.
fn library(project: &Project) -> Result<PathBuf, Problem> {
    let build = &project.pack.build;
    timed(&format!("the library for {}", build.target), || {
        run::run(
            run::cargo()
                .args(["build", "--lib", "--no-default-features", "--target", &build.target])
                .args(["--profile", &build.profile])
                .current_dir(&project.root),
        )
    })?;
    let folder = if build.profile == "dev" { "debug" } else { &build.profile };
    Ok(project.target.join(&build.target).join(folder).join("gridscout.wasm"))
}

fn bindgen(library: &Path, folder: &Path, output: &Output) -> Result<(), Problem> {
    let mut bindgen = Bindgen::new();
    // As wasm-bindgen's command line does: the glue finds the .wasm beside itself, and `init()` needs no argument.
    bindgen.omit_default_module_path(false);
    match output.bindgen {
        BindgenTarget::Web => bindgen.web(true),
        BindgenTarget::Nodejs => bindgen.nodejs(true),
    }
    .and_then(|bindgen| bindgen.typescript(true).input_path(library).out_name(&output.out_name).generate(folder))
    .map_err(|error| Problem::Bindgen(format!("{error:#}")))
}
