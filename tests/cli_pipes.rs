//! The command line against closed pipes and half a configuration.
#![cfg(all(feature = "cli", not(target_family = "wasm")))]
#![allow(missing_docs)]
use std::process::{Command, Stdio};

/// `gridscout … | head` closes the pipe before everything is written.
#[test]
fn a_closed_pipe_is_no_panic() {
    let short = ["--set", "stop.iterations=2"];
    for args in [
        &["presets"][..],
        &["schema"],
        &["capacity", "--curve"],
        &["simulate", short[0], short[1]],
        &["simulate", "--json", short[0], short[1]],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridscout"));
        let output =
            command.args(args).stdout(writer).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn particles_for_a_configuration_without_a_library_are_refused() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (config, table) = (folder.join("library-5.json"), folder.join("two.csv"));
    std::fs::write(&config, "{\"elements\":[\"Au\",\"Co\"],\"library\":5}").unwrap();
    std::fs::write(&table, "x_um,y_um,radius_nm,c1,c2\n1,1,20,0.5,0.5\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridscout"));
    let output = command.arg("simulate").arg("--config").arg(&config).arg("--particles").arg(&table).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("library"), "{said}");
}
