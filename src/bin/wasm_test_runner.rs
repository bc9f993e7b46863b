//! Cargo's runner for WebAssembly tests: what `cargo install wasm-bindgen-cli` installs, but pinned by our Cargo.lock
//! and compiled in a minute instead of four.

use std::process::ExitCode;

fn main() -> ExitCode {
    match wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wasm-test-runner: {error:#}");
            ExitCode::FAILURE
        }
    }
}
