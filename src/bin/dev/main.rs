//! `cargo dev`: builds, serves, tests and measures the whole project. `cargo dev help` lists what it does.

mod apt;
mod autobahn;
mod bench;
mod browser;
mod build;
mod dist;
mod equations;
mod npm;
mod offline;
mod pack;
mod pictures;
mod problem;
mod project;
mod prove;
mod python;
mod run;
mod runner;
mod serve;
mod shots;
mod size;
mod stamp;
mod start;
mod steps;
mod test;
mod wasm_opt;
mod wasm_target;

use problem::Problem;
use project::Project;
use std::process::ExitCode;

const USAGE: &str = "\
cargo dev <command>

  build                 WebAssembly of the library and its JavaScript glue, into www/pkg
  start [--port 8420]   build, then serve the page on http://127.0.0.1:8420/
  dist                  what others put into their pages and notebooks, into dist/
  test                  install what is missing, then run every check and test
  shots [DIR]           screenshots of every view into DIR (target/shots); nothing may be cut or unlike its reference
  shots --keep          the same, kept as the references in tests/browser/references
  equations             the page's equations, typeset anew from packaging/equations/source.mjs
  pictures              the pictures of the README, made anew
  bench                 benchmarks, and the same work by other programs
  prove [NAME]          run one proof; without a name, list them
  help                  this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\ncargo dev: {problem}");
            if let Some(remedy) = problem.remedy() {
                eprintln!("           {remedy}");
            }
            ExitCode::from(problem.exit_code())
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<(), Problem> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["build"] => build::page(&Project::find()?).map(drop),
        ["start"] => start::start(&Project::find()?, start::PORT),
        ["start", "--port", port] => start::start(&Project::find()?, start::parse_port(port)?),
        ["dist"] => dist::dist(&Project::find()?),
        ["test"] => test::test(&Project::find()?),
        ["shots"] => shots::shots(&Project::find()?, None, false),
        ["shots", "--keep"] => shots::shots(&Project::find()?, None, true),
        ["shots", folder] if !folder.starts_with('-') => shots::shots(&Project::find()?, Some(folder), false),
        ["equations"] => equations::equations(&Project::find()?),
        ["pictures"] => pictures::pictures(&Project::find()?),
        ["bench"] => bench::bench(&Project::find()?),
        ["prove"] => prove::list(),
        ["prove", name] => prove::prove(&Project::find()?, name),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(Problem::Usage(words.join(" "))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Problem, dispatch};

    fn refused(words: &[&str]) -> Problem {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        dispatch(&words).expect_err("refused")
    }

    #[test]
    fn what_it_does_not_know_ends_with_2() {
        for words in [&["biuld"][..], &["start", "--prot", "1"], &["shots", "--dark"], &["test", "fast"]] {
            assert_eq!(refused(words).exit_code(), 2, "{words:?}");
        }
    }

    #[test]
    fn a_bad_port_is_named() {
        let problem = refused(&["start", "--port", "70000"]);
        assert!(problem.to_string().contains("70000") && problem.remedy().expect("remedy").contains("65535"));
        assert_eq!(problem.exit_code(), 2);
    }

    #[test]
    fn an_unknown_proof_ends_with_2() {
        let problem = refused(&["prove", "nothing-of-the-kind"]);
        assert!(problem.to_string().starts_with("no proof named nothing-of-the-kind; known: "));
        assert_eq!(problem.exit_code(), 2);
    }
}
