//! Why an iteration did what it did: its decisions and its pick, as one object for the page.
use crate::{
    campaign::{Campaign, Event},
    planner::{Action, Decision, Pick},
};
use serde::Serialize;

/// The last decision of an iteration together with the particle it led to.
#[derive(Serialize)]
pub(super) struct Explanation<'a> {
    #[serde(flatten)]
    decision: &'a Decision,
    /// The reason as a sentence.
    sentence: String,
    /// Regions moved to before this one in the same iteration, because they turned out to be empty.
    empty_regions: u32,
    pick: Option<&'a Pick>,
}

/// The explanation of an iteration, counted from 1.
pub(super) fn explain(campaign: &Campaign, iteration: u32) -> Option<Explanation<'_>> {
    let decisions = || {
        campaign.events().iter().filter_map(move |e| match e {
            Event::Decided(d) if d.iteration == iteration => Some(d),
            _ => None,
        })
    };
    let decision = decisions().next_back()?;
    let pick = campaign.events().iter().find_map(|e| match e {
        Event::Picked(p) if p.iteration == iteration => Some(p),
        _ => None,
    });
    let empty_regions = decisions().filter(|d| d.action == Action::Switch).count().saturating_sub(1) as u32;
    Some(Explanation { empty_regions, pick, ..decided(decision) })
}

/// A decision and its sentence, without what came of it.
pub(super) fn decided(decision: &Decision) -> Explanation<'_> {
    Explanation { decision, sentence: decision.sentence(), empty_regions: 0, pick: None }
}
