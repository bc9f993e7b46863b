//! Remembers what an output was made of, so that it is made again only when that changed.

use crate::problem::Problem;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub struct Stamp {
    digest: String,
    file: PathBuf,
}

impl Stamp {
    pub fn of(input: &Path, settings: &str, file: PathBuf) -> Result<Stamp, Problem> {
        let bytes = fs::read(input).map_err(Problem::file(input))?;
        let digest = Sha256::new().chain_update(settings).chain_update([0]).chain_update(bytes).finalize();
        Ok(Stamp { digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(), file })
    }

    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|digest| digest == self.digest)
    }

    /// Before the work: an interrupted one must not look done.
    pub fn remove(&self) -> Result<(), Problem> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Problem::file(&self.file)(error)),
            _ => Ok(()),
        }
    }

    pub fn write(&self) -> Result<(), Problem> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).map_err(Problem::file(folder))?;
        }
        fs::write(&self.file, &self.digest).map_err(Problem::file(&self.file))
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;

    #[test]
    fn another_input_or_setting_is_not_current() {
        let folder = std::env::temp_dir().join(format!("gridscout-stamp-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        let (input, file) = (folder.join("input"), folder.join("deep/stamp"));
        let stamp = |text: &str, settings: &str| {
            std::fs::write(&input, text).expect("input");
            Stamp::of(&input, settings, file.clone()).expect("stamp")
        };
        let first = stamp("a", "x");
        assert!(!first.is_current());
        first.write().expect("write");
        assert!(first.is_current() && !stamp("b", "x").is_current() && !stamp("a", "y").is_current());
        first.remove().expect("remove");
        first.remove().expect("remove again");
        assert!(!first.is_current());
        std::fs::remove_dir_all(&folder).expect("clean");
    }
}
