//! `cargo dev prove NAME`: longer demonstrations, one by one.

use crate::problem::Problem;
use crate::project::Project;
use crate::run;

struct Proof {
    name: &'static str,
    about: &'static str,
    run: fn(&Project) -> Result<(), Problem>,
}

const PROOFS: &[Proof] = &[Proof {
    name: "figures",
    about: "Figures 3 and 4 over seeds 1–10, as a table, against the paper's ranges",
    run: |project| {
        let mut command = run::cargo();
        run::run(
            command.args(["test", "--release", "--test", "figures", "--", "--nocapture"]).current_dir(&project.root),
        )
    },
}];

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
