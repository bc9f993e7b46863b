//! `cargo dev prove NAME`: longer demonstrations, one by one.

use crate::problem::Problem;
use crate::project::Project;
use crate::run;

struct Proof {
    name: &'static str,
    about: &'static str,
    run: fn(&Project) -> Result<(), Problem>,
}

const PROOFS: &[Proof] = &[
    Proof {
        name: "figures",
        about: "Figures 3 and 4 over seeds 1–10, as a table, against the paper's ranges",
        run: |project| tests(project, "figures", None),
    },
    Proof {
        name: "link",
        about: "2,000 seeds of each trouble between planner and gateway: one exposure a command, the undisturbed record",
        run: |project| tests(project, "link", Some(("GRIDSCOUT_LINK_SEEDS", "2000"))),
    },
    Proof {
        name: "envelope",
        about: "10⁶ random and boundary commands: none outside the safety envelope reaches the instrument",
        run: |project| tests(project, "envelope", Some(("GRIDSCOUT_ENVELOPE_COMMANDS", "1000000"))),
    },
    Proof {
        name: "dribble",
        about: "1,000 headers that never end: all closed within 6 s, a driver's p99 at most doubled; hostile handshakes",
        run: |project| tests(project, "gateway", Some(("GRIDSCOUT_DRIBBLERS", "1000"))),
    },
];

/// One file of tests, optimised, with its figures; a variable makes it long.
fn tests(project: &Project, name: &str, size: Option<(&str, &str)>) -> Result<(), Problem> {
    let mut command = run::cargo();
    command.envs(size).args(["test", "--release", "--test", name, "--", "--nocapture"]);
    run::run(command.current_dir(&project.root))
}

pub fn list() -> Result<(), Problem> {
    println!("known proofs: {}", known());
    for proof in PROOFS {
        println!("  {:<20} {}", proof.name, proof.about);
    }
    Ok(())
}

pub fn prove(project: &Project, name: &str) -> Result<(), Problem> {
    match PROOFS.iter().find(|proof| proof.name == name) {
        Some(proof) => (proof.run)(project),
        None => Err(Problem::NoProof { name: name.into(), known: known() }),
    }
}

fn known() -> String {
    match PROOFS {
        [] => "none yet".into(),
        proofs => proofs.iter().map(|proof| proof.name).collect::<Vec<_>>().join(", "),
    }
}
