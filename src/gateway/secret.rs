//! Secrets from the operating system.
use std::io;

/// 32 random bytes as 64 hexadecimal digits.
///
/// # Errors
/// The operating system has no randomness to give.
pub fn secret() -> io::Result<String> {
    hex::<32>()
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
