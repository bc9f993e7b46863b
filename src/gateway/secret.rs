//! Secrets from the operating system, and files that keep them.
use std::{fs, io, io::Write, path::Path};

/// Fewer characters can be guessed.
const FEWEST_CHARACTERS: usize = 32;

/// 32 random bytes as 64 hexadecimal digits.
///
/// # Errors
/// The operating system has no randomness to give.
pub fn secret() -> io::Result<String> {
    hex::<32>()
}

/// The secret that a file keeps; made when there is no such file.
///
/// # Errors
/// The file cannot be read or made, or what it keeps is too short to be a secret.
pub fn kept_secret(path: &Path) -> io::Result<String> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim().len() < FEWEST_CHARACTERS => {
            let text = format!("it has fewer than {FEWEST_CHARACTERS} characters; remove it, and another is made");
            Err(io::Error::new(io::ErrorKind::InvalidData, text))
        }
        Ok(text) => Ok(text.trim().into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret = secret()?;
            write_private(path, &secret)?;
            Ok(secret)
        }
        Err(error) => Err(error),
    }
}

/// Readable by its owner only, from the first byte on; a crash leaves all of it or nothing.
pub(super) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension("part");
    let _ = fs::remove_file(&unfinished);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

/// A code short enough to be typed: 8 hexadecimal digits, good for one use and five tries a minute.
pub(super) fn code() -> io::Result<String> {
    hex::<4>()
}

fn hex<const N: usize>() -> io::Result<String> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_kept_and_an_empty_file_is_none() {
        let path = std::env::temp_dir().join(format!("gridscout-secret-{}", std::process::id()));
        let made = kept_secret(&path).unwrap();
        assert_eq!((made.len(), kept_secret(&path).unwrap()), (64, made));
        for short in ["", " \n", "0123456789abcdef"] {
            fs::write(&path, short).unwrap();
            assert!(kept_secret(&path).unwrap_err().to_string().contains("fewer than 32"), "{short:?}");
        }
        fs::remove_file(&path).unwrap();
    }
}
