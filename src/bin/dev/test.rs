//! `cargo dev test`: everything that must hold, in the order in which it fails fastest.

use crate::browser::{self, Browser};
use crate::build::{self, Built};
use crate::problem::Problem;
use crate::project::Project;
use crate::serve::{self, Server};
use crate::steps::{Note, Step, run_all};
use crate::{apt, dist, npm, run, runner, size, wasm_target};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What earlier steps leave for later ones.
struct Context<'p> {
    project: &'p Project,
    runner: Option<PathBuf>,
    browser: Option<Browser>,
    page: Option<Built>,
}

pub fn test(project: &Project) -> Result<(), Problem> {
    let steps = [
        Step { name: "format", run: format },
        Step { name: "what is missing", run: set_up },
        Step { name: "clippy", run: clippy },
        Step { name: "native tests", run: native },
        Step { name: "tests of cargo dev", run: tools },
        Step { name: "WebAssembly in Node.js", run: wasm_in_node },
        Step { name: "WebAssembly in Chromium", run: wasm_in_chromium },
        Step { name: "page: build", run: page },
        Step { name: "page: size", run: weight },
        Step { name: "page: types", run: types },
        Step { name: "embeds: build and size", run: embeds },
        Step { name: "page: in Chromium", run: page_in_chromium },
    ];
    run_all(&steps, &mut Context { project, runner: None, browser: None, page: None })
}

fn cargo(context: &Context, arguments: &[&str]) -> Command {
    let mut command = run::cargo();
    command.args(arguments).current_dir(&context.project.root);
    command
}

fn format(context: &mut Context) -> Result<Note, Problem> {
    run::run(&mut cargo(context, &["fmt", "--check"])).map(|()| Note::new())
}

fn set_up(context: &mut Context) -> Result<Note, Problem> {
    wasm_target::ensure(context.project)?;
    npm::ensure(context.project)?;
    if cfg!(target_os = "linux") {
        apt::ensure("strace")?;
    }
    context.browser = Some(browser::ensure()?);
    context.runner = Some(runner::ensure(context.project)?);
    Ok(Note::new())
}

fn clippy(context: &mut Context) -> Result<Note, Problem> {
    run::run(&mut cargo(context, &["clippy", "--all-targets", "--features", "dev", "--", "-D", "warnings"]))?;
    let target = context.project.pack.build.target.as_str();
    let wasm = ["clippy", "--lib", "--no-default-features", "--target", target, "--", "-D", "warnings"];
    run::run(&mut cargo(context, &wasm)).map(|()| Note::new())
}

fn native(context: &mut Context) -> Result<Note, Problem> {
    counted("cargo test", &mut cargo(context, &["test"]))
}

/// In the profile in which they are compiled already.
fn tools(context: &mut Context) -> Result<Note, Problem> {
    let arguments = ["test", "--profile", "tool", "--no-default-features", "--features", "dev", "--bin", "dev"];
    counted("cargo test --bin dev", &mut cargo(context, &arguments))
}

fn wasm_tests(context: &Context) -> Command {
    let target = context.project.pack.build.target.as_str();
    let mut command = cargo(context, &["test", "--target", target, "--no-default-features", "--tests"]);
    if let Some(runner) = &context.runner {
        let variable = format!("CARGO_TARGET_{}_RUNNER", target.to_uppercase().replace('-', "_"));
        // The default of 20 seconds is for one whole file of tests.
        command.env(variable, runner).env("WASM_BINDGEN_TEST_TIMEOUT", "600");
    }
    command
}

fn wasm_in_node(context: &mut Context) -> Result<Note, Problem> {
    counted("WebAssembly in Node.js", &mut wasm_tests(context))
}

/// The same files of tests; a file that insists on one place by `wasm_bindgen_test_configure!` stays there.
fn wasm_in_chromium(context: &mut Context) -> Result<Note, Problem> {
    let mut command = wasm_tests(context);
    command.env("WASM_BINDGEN_USE_BROWSER", "1").env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30");
    command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", context.project.root.join("webdriver.json"));
    if let Some(browser) = &context.browser {
        command.env("CHROMEDRIVER", &browser.driver);
    }
    counted("WebAssembly in Chromium", &mut command)
}

fn page(context: &mut Context) -> Result<Note, Problem> {
    context.page = Some(build::page(context.project)?);
    Ok(Note::new())
}

fn weight(context: &mut Context) -> Result<Note, Problem> {
    match &context.page {
        Some(page) => size::check(page, context.project.pack.budget.page_gzip_bytes),
        None => Ok(Note::new()),
    }
}

fn types(context: &mut Context) -> Result<Note, Problem> {
    let project = context.project;
    run::run(Command::new(npm::program(project, "tsc")).args(["--project", "."]).current_dir(&project.root))
        .map(|()| Note::new())
}

fn embeds(context: &mut Context) -> Result<Note, Problem> {
    dist::embeds(context.project)
}

fn page_in_chromium(context: &mut Context) -> Result<Note, Problem> {
    let project = context.project;
    // As users build it: `cargo test` leaves one whose dependencies carry features that only tests ask for.
    run::run(&mut cargo(context, &["build", "--bin", "gridscout"]))?;
    let server = Server::start(project.root.join("www"), serve::listen(0)?)?;
    let (alone, together): (Vec<_>, Vec<_>) = files(project, ".test.mjs")?.into_iter().partition(|file| is_alone(file));
    let mut count = 0;
    for (at_once, files) in [(2, together), (1, alone)] {
        let mut command = script(project, &server, context.browser.as_ref());
        command.args(["--test", "--test-reporter=spec", &format!("--test-concurrency={at_once}")]).args(files);
        count += counted_tests("the page's tests", &mut command)?;
    }
    Ok(format!("{count} passed"))
}

/// Files whose tests have the machine to themselves: they look at frames, delays and what overtakes what, or have a gateway that ends a lease
/// by the clock.
const ALONE: &[&str] = &["aloud", "deadman", "doors", "driven", "gateway", "history", "start", "study"];

fn is_alone(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    ALONE.iter().any(|alone| name == format!("{alone}.test.mjs"))
}

/// Node.js with what tests/browser/chromium.mjs wants to know.
pub fn script(project: &Project, server: &Server, browser: Option<&Browser>) -> Command {
    let mut command = Command::new("node");
    command.current_dir(&project.root).env("GRIDSCOUT_URL", server.url());
    command.env("GRIDSCOUT_CLI", project.command_line());
    if let Some(browser) = browser {
        command.env("CHROMIUM", &browser.chromium);
    }
    command
}

/// Those of tests/browser/ whose names end so; Node.js 20 has no patterns of its own.
fn files(project: &Project, ending: &str) -> Result<Vec<PathBuf>, Problem> {
    let folder = project.root.join("tests/browser");
    let entries = std::fs::read_dir(&folder).map_err(Problem::file(&folder))?;
    let mut files: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    files.sort();
    Ok(files)
}

/// Runs tests and says how many passed; that none ran is a failure.
fn counted(what: &str, command: &mut Command) -> Result<Note, Problem> {
    counted_tests(what, command).map(|count| format!("{count} passed"))
}

fn counted_tests(what: &str, command: &mut Command) -> Result<u64, Problem> {
    match passed(&run::run_and_copy(command)?) {
        0 => Err(Problem::NoTests(what.into())),
        count => Ok(count),
    }
}

/// From `test result: ok. 12 passed; …` of Rust's harnesses and `ℹ pass 12` of Node.js's.
fn passed(output: &str) -> u64 {
    let after = |line: &str, words: &str| line.split_once(words).map(|(_, rest)| rest.trim().to_string());
    let count = |line: &str| {
        let number = after(line, "test result: ok. ").or_else(|| after(line, "ℹ pass "))?;
        number.split(' ').next()?.parse::<u64>().ok()
    };
    output.lines().filter_map(count).sum()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn every_name_of_those_alone_is_a_file() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
        for name in super::ALONE {
            let file = folder.join(format!("{name}.test.mjs"));
            assert!(file.is_file() && super::is_alone(&file), "{name}");
        }
        assert!(!super::is_alone(&folder.join("axe.test.mjs")));
    }

    #[test]
    fn passed_tests_are_counted_in_both_dialects() {
        let rust = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(super::passed(&format!("{rust}Doc-tests\n{rust}")), 6);
        assert_eq!(super::passed("ℹ tests 4\nℹ pass 4\nℹ fail 0\n"), 4);
        assert_eq!(super::passed("no tests to run!\n"), 0);
    }
}
