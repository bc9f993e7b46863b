//! `gridscout serve` as a program of its own, over a folder of its own.
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Output, Stdio},
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(60);

pub struct Gateway {
    child: Child,
    said: BufReader<ChildStdout>,
    /// `http://host:port/`
    pub url: String,
    pub folder: PathBuf,
}

/// A folder that is not there yet.
pub fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("gridscout-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// A command that ends by itself. One that does not, such as a gateway that should have been refused, is ended without a code.
pub fn gridscout(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridscout"));
    let mut child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() && began.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(10));
    }
    let _ = child.kill();
    child.wait_with_output().unwrap()
}

impl Gateway {
    pub fn serve(folder: &Path, options: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gridscout"))
            .args(["serve", "--driver", "simulated", "--time-scale", "0", "--port", "0", "--page", "none", "--dir"])
            .arg(folder)
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut gateway = Self { child, said, url: String::new(), folder: folder.into() };
        gateway.url = gateway.says("gateway");
        gateway
    }

    /// The next thing of this name that it says on its console.
    pub fn says(&mut self, name: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.said.read_line(&mut line).unwrap(), 0, "it ended without saying {name}");
            if let Some(rest) = line.strip_prefix(name) {
                return rest.trim().to_owned();
            }
        }
    }

    pub fn host(&self) -> &str {
        self.url.split_once("://").unwrap().1.trim_end_matches('/')
    }

    pub fn file(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    /// Nobody reads its log any more.
    pub fn close_log(&mut self) {
        drop(self.child.stderr.take());
    }

    /// Ends it; its log.
    pub fn end(mut self) -> String {
        let _ = self.child.kill();
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
