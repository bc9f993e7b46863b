//! What can go wrong, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("unknown command `{0}`")]
    Usage(String),
    #[error("port `{0}` is not a port number")]
    Port(String),
    #[error("port {0} is taken by another program")]
    PortTaken(u16),
    #[error("no proof named {name}; known: {known}")]
    NoProof { name: String, known: String },
    #[error("{what} is missing")]
    Missing { what: String, remedy: String },
    #[error("cannot start `{command}`: {source}")]
    Start { command: String, source: io::Error },
    #[error("`{command}` failed ({status})")]
    Failed { command: String, status: String },
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{file}: {message}")]
    Config { file: &'static str, message: String },
    #[error("wasm-bindgen: {0}")]
    Bindgen(String),
    #[error("{what}: {actual} bytes after gzip, {allowed} allowed")]
    TooLarge { what: String, actual: usize, allowed: usize },
    #[error("{0} ran no test at all")]
    NoTests(String),
    #[error("{failed} failed after {passed} of {all} steps")]
    Step { failed: &'static str, passed: usize, all: usize },
}

impl Problem {
    /// Attaches the path that an I/O error is about.
    pub fn file(path: &Path) -> impl FnOnce(io::Error) -> Problem + use<> {
        let path = path.to_path_buf();
        move |source| Problem::File { path, source }
    }

    pub fn remedy(&self) -> Option<String> {
        Some(match self {
            Problem::Usage(_) => "`cargo dev help` lists the commands".into(),
            Problem::Port(_) => "allowed: 1 … 65535, or 0 for any free port".into(),
            Problem::PortTaken(port) => {
                format!("choose another: cargo dev start --port {}", port.checked_add(1).unwrap_or(8420))
            }
            Problem::Missing { remedy, .. } => remedy.clone(),
            Problem::Start { command, .. } => {
                format!("is {} installed and on PATH?", command.split(' ').next().unwrap_or_default())
            }
            Problem::TooLarge { .. } => "make it smaller, or raise [budget] in wasm-pack.toml and say why".into(),
            Problem::NoTests(_) => "a step that tests nothing proves nothing: see its output above".into(),
            _ => return None,
        })
    }

    /// 2 for a wrong command line, 1 for everything else.
    pub fn exit_code(&self) -> u8 {
        match self {
            Problem::Usage(_) | Problem::Port(_) | Problem::NoProof { .. } => 2,
            _ => 1,
        }
    }
}
