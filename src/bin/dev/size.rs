//! What the page's engine weighs on the wire.

use crate::build::Built;
use crate::problem::Problem;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;

/// The sizes as a line of text; an error when WebAssembly and glue together exceed the budget.
pub fn check(built: &Built, allowed: usize) -> Result<String, Problem> {
    let (wasm, script) = (gzipped(&built.wasm)?, gzipped(&built.script)?);
    let actual = wasm + script;
    if actual > allowed {
        return Err(Problem::TooLarge { what: "WebAssembly and its glue".into(), actual, allowed });
    }
    Ok(format!("{actual} of {allowed} bytes gzipped (wasm {wasm}, glue {script})"))
}

/// How large a file is after gzip -9, bytes.
pub fn gzipped(path: &Path) -> Result<usize, Problem> {
    let bytes = std::fs::read(path).map_err(Problem::file(path))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes).and_then(|()| encoder.finish()).map(|bytes| bytes.len()).map_err(Problem::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_can_be_exceeded() {
        let this = Path::new(env!("CARGO_MANIFEST_DIR")).join(file!());
        let built = Built { wasm: this.clone(), script: this };
        assert!(check(&built, 1_000_000).expect("fits").contains(" of 1000000 bytes gzipped"));
        assert!(matches!(check(&built, 100), Err(Problem::TooLarge { allowed: 100, .. })));
    }
}
