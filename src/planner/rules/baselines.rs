//! Rules to compare with.
use super::{Candidate, Numbers, Reason, Situation, Target, Verdict, best_by, verdict};
use crate::rng::{Purpose, Stream};

/// Measure by acquisition here until nothing is left or `done`, then go to the nearest fresh region.
pub(super) fn leave_when(s: &Situation<'_>, done: bool) -> Verdict {
    match (s.best_here(), s.nearest) {
        (Some(_), Some(tile)) if done => explore(tile, Reason::Baseline),
        (Some(best), _) => verdict(Some(best), Reason::Baseline),
        (None, Some(tile)) => explore(tile, Reason::RegionExhausted),
        (None, None) => verdict(s.best_score(), Reason::GridExhausted),
    }
}

/// A random tile every time, of those not seen or with something left to measure.
pub(super) fn random(s: &Situation<'_>) -> Verdict {
    let mut stream = Stream::new(s.seed, Purpose::Choice, 1 + u64::from(s.iteration));
    let open = |tile: &u32| s.atlas.region(*tile).is_none_or(|r| r.open().next().is_some());
    let tiles: Vec<u32> = (0..s.atlas.grid().tile_count()).filter(open).collect();
    if tiles.is_empty() {
        return verdict(None, Reason::GridExhausted);
    }
    let tile = tiles[stream.below(tiles.len() as u32) as usize];
    if s.atlas.region(tile).is_none() {
        return explore(tile, Reason::Baseline);
    }
    let there: Vec<Candidate> = s.candidates.iter().filter(|c| c.tile == tile).copied().collect();
    verdict(Some(there[stream.below(there.len() as u32) as usize]), Reason::Baseline)
}

/// A random open particle of the region in view.
pub(super) fn random_here(s: &Situation<'_>) -> Option<Candidate> {
    let here: Vec<Candidate> = s.open_here().copied().collect();
    let mut stream = Stream::new(s.seed, Purpose::Choice, (1 << 32) + u64::from(s.iteration));
    (!here.is_empty()).then(|| here[stream.below(here.len() as u32) as usize])
}

/// Every particle in order, regions in serpentine order from the lower left.
pub(super) fn raster(s: &Situation<'_>) -> Verdict {
    if let Some(first) = s.open_here().next() {
        return verdict(Some(*first), Reason::Baseline);
    }
    match s.atlas.grid().serpentine().find(|tile| s.atlas.region(*tile).is_none()) {
        Some(tile) => explore(tile, Reason::RegionExhausted),
        None => verdict(best_by(s.candidates.iter().copied(), |_| 0.0), Reason::GridExhausted),
    }
}

fn explore(tile: u32, reason: Reason) -> Verdict {
    Verdict { target: Target::Explore(tile), reason, numbers: Numbers::default() }
}
