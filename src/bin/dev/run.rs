//! Starting other programs.

use crate::problem::Problem;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The cargo that runs us.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs to the end with its output on ours.
pub fn run(command: &mut Command) -> Result<(), Problem> {
    let status = command.status().map_err(|source| Problem::Start { command: shown(command), source })?;
    check(command, status)
}

/// Runs to the end and returns what it wrote to its standard output.
pub fn output(command: &mut Command) -> Result<String, Problem> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| Problem::Start { command: shown(command), source })?;
    check(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Like [`run`], and also returns a copy of its standard output.
pub fn run_and_copy(command: &mut Command) -> Result<String, Problem> {
    let failed_to_start = |command: &Command, source| Problem::Start { command: shown(command), source };
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|source| failed_to_start(command, source))?;
    let mut copy = Vec::new();
    if let Some(mut pipe) = child.stdout.take() {
        let mut chunk = [0; 8192];
        while let Ok(length @ 1..) = pipe.read(&mut chunk) {
            copy.extend_from_slice(&chunk[..length]);
            // Nobody reads our output any more: no reason to stop the tests.
            let _ = std::io::stdout().write_all(&chunk[..length]).and_then(|()| std::io::stdout().flush());
        }
    }
    let status = child.wait().map_err(|source| failed_to_start(command, source))?;
    check(command, status)?;
    Ok(String::from_utf8_lossy(&copy).into_owned())
}

fn check(command: &Command, status: std::process::ExitStatus) -> Result<(), Problem> {
    if status.success() { Ok(()) } else { Err(Problem::Failed { command: shown(command), status: status.to_string() }) }
}

/// The command as one would type it.
fn shown(command: &Command) -> String {
    let name = PathBuf::from(command.get_program());
    let name = name.file_name().unwrap_or(OsStr::new("?")).to_string_lossy().into_owned();
    command.get_args().fold(name, |line, argument| line + " " + &argument.to_string_lossy())
}

/// The first program of that name on PATH.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_and_absence_are_told_apart() {
        let failed = run(Command::new("cargo").arg("no-such-subcommand").stderr(Stdio::null())).expect_err("fails");
        assert!(
            matches!(&failed, Problem::Failed { command, .. } if command == "cargo no-such-subcommand"),
            "{failed}"
        );
        let absent = run(&mut Command::new("no-such-program-here")).expect_err("absent");
        assert!(matches!(absent, Problem::Start { .. }));
    }
}
