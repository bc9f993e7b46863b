//! What several files of tests need: a changed figure-3 preset, and a microscope that spoils some replies.
use gridscout::{
    campaign::{Campaign, Config, ValidConfig, World, preset, run, set_by_path},
    microscope::{Microscope, Reply, Request, Simulated},
};

/// The preset figure-3 with some settings changed.
pub fn config(settings: &[(&str, &str)]) -> ValidConfig {
    let mut value = serde_json::to_value(preset("figure-3").unwrap()).unwrap();
    for (path, text) in settings {
        set_by_path(&mut value, path, text).unwrap();
    }
    Config::from_json(&value).unwrap()
}

struct Faulty<F>(Simulated, F);

impl<F: FnMut(&Request, Reply) -> Reply> Microscope for Faulty<F> {
    fn perform(&mut self, request: &Request) -> Reply {
        let honest = self.0.perform(request);
        (self.1)(request, honest)
    }
}

/// A campaign whose replies `spoil` may change, driven to its end.
#[allow(dead_code, reason = "each file of tests is a crate, and not all of them need it")]
pub fn run_with_faults(settings: &[(&str, &str)], spoil: impl FnMut(&Request, Reply) -> Reply) -> Campaign {
    let (mut campaign, microscope) = World::new(config(settings)).open().unwrap();
    run(&mut campaign, &mut Faulty(microscope, spoil));
    campaign
}
