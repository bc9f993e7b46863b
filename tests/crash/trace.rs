//! strace, which counts a process's calls of the system and spoils one of them.
use std::{
    collections::BTreeMap,
    fmt, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// What is done to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The process is killed before the call is carried out.
    Kill,
    /// The call fails so and is not carried out.
    Eio,
    Enospc,
}

impl Fault {
    fn words(self) -> &'static str {
        match self {
            Self::Kill => "signal=KILL",
            Self::Eio => "error=EIO",
            Self::Enospc => "error=ENOSPC",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words().split_once('=').map_or("", |(_, word)| word))
    }
}

/// Which calls are counted.
#[derive(Clone, Debug)]
pub struct Watch {
    /// As strace names them.
    pub calls: &'static str,
    /// Only those on these files of the folder; on anything when empty.
    pub files: &'static [&'static str],
}

/// Those that change the journal or make it durable.
pub const JOURNAL: Watch = Watch {
    calls: "write,writev,pwrite64,pwritev,ftruncate,fsync,fdatasync",
    files: &["journal.db", "journal.db-wal", "journal.db-shm", "journal.db-journal"],
};
/// The instrument writes a line when it exposes.
pub const BOOK: Watch = Watch { calls: "write", files: &["instrument.jsonl"] };
/// What connections are told.
pub const SOCKETS: Watch = Watch { calls: "sendto,sendmsg", files: &[] };

/// One call by its place. Each thread is counted by itself; once it listens, one thread of a gateway writes the journal.
#[derive(Clone, Debug)]
pub struct Spoiled {
    pub call: String,
    pub ordinal: usize,
    pub fault: Fault,
}

impl Watch {
    fn strace(&self, folder: &Path, log: &Path, spoiled: Option<&Spoiled>) -> Command {
        let mut command = Command::new("strace");
        command.arg("-f").arg("-o").arg(log);
        for file in self.files {
            command.arg("-P").arg(folder.join(file));
        }
        match spoiled {
            None => command.args(["-e", &format!("trace={}", self.calls)]),
            Some(Spoiled { call, ordinal, fault }) => command
                .args(["-e", &format!("trace={call}")])
                .args(["-e", &format!("inject={call}:{}:when={ordinal}", fault.words())]),
        };
        command
    }

    /// A command that is watched from its first instruction; it stays our child.
    pub fn launch(&self, folder: &Path, log: &Path, spoiled: Option<&Spoiled>, program: &str) -> Command {
        let mut command = self.strace(folder, log, spoiled);
        // Not with --seccomp-bpf: then a signal is never injected.
        command.args(["-D", "--", program]);
        command
    }

    /// Watches a process that runs, from now on.
    pub fn attach(&self, folder: &Path, log: &Path, spoiled: Option<&Spoiled>, process: u32) -> Attached {
        let mut command = self.strace(folder, log, spoiled);
        let mut child = command.args(["-p", &process.to_string()]).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let first = lines.next().unwrap_or_default();
        assert!(first.contains("attached"), "strace: {first}");
        std::thread::spawn(move || lines.for_each(drop));
        Attached(child)
    }
}

pub struct Attached(Child);

impl Attached {
    /// It ends with the process that it watches.
    pub fn join(mut self) {
        self.0.wait().unwrap();
    }
}

pub struct Log(PathBuf);

impl Log {
    pub fn new(folder: &Path) -> Self {
        let path = folder.with_extension("strace");
        let _ = fs::remove_file(&path);
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    fn calls(&self) -> Vec<String> {
        let text = fs::read_to_string(&self.0).unwrap_or_default();
        text.lines().filter_map(|line| Some(line.split_once(' ')?.1.trim_start().to_owned())).collect()
    }

    /// How often each was called.
    pub fn counts(&self) -> Vec<(String, usize)> {
        let mut counts = BTreeMap::<String, usize>::new();
        for line in self.calls() {
            // The second line of a call during which another thread did something begins with `<`.
            let Some((name, _)) = line.split_once('(').filter(|(name, _)| !name.contains(' ')) else { continue };
            *counts.entry(name.to_owned()).or_default() += 1;
        }
        counts.into_iter().collect()
    }

    /// Whether a call was made to fail. A strace that is not our child may still be writing.
    pub fn was_hit(&self) -> bool {
        let hit = || self.calls().iter().any(|line| line.contains("(INJECTED)"));
        (0..20).any(|_| {
            let found = hit();
            if !found {
                std::thread::sleep(Duration::from_millis(25));
            }
            found
        })
    }
}

pub fn is_installed() -> bool {
    Command::new("strace").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}
