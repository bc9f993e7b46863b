//! Which rule wins at one place of the axes, and which of the others the seeds cannot tell from it.
use super::{
    Run,
    summary::{CellSummary, at, first_at_most, quartiles},
};
use crate::planner::Rule;
use serde::Serialize;
use serde_json::Value;

/// Two rules are told apart when chance alone would part their seeds so unevenly less often than this.
pub const SIGNIFICANCE: f64 = 0.05;

/// The best rule at one place of the axes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Win {
    /// Value of each axis.
    pub values: Vec<Value>,
    /// The rule with the least score; none when no rule reaches the target in half of its campaigns.
    pub rule: Option<Rule>,
    /// Score of the second best over that of the best, at least 1.
    pub margin: Option<f64>,
    /// Each rule's score: median time to the target, s, or median error at `at_secs`.
    pub scores: Vec<(Rule, f64)>,
    /// Where errors are compared when there is no target: the least of the rules' median ends, s.
    pub at_secs: Option<f64>,
    /// Each other rule against the best, in the order of the rules.
    pub rivals: Vec<Rival>,
    /// Those of the others that are not told apart from the best.
    pub tied: Vec<Rule>,
}

/// Another rule against the best, seed by seed: a seed gives both the same library.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rival {
    /// The other rule.
    pub rule: Rule,
    /// Seeds for which the best one scored better.
    pub ahead: u32,
    /// Seeds for which it scored worse; seeds with equal scores are in neither.
    pub behind: u32,
    /// Two-sided sign test: how often chance alone would part the seeds at least so unevenly. It makes no allowance for
    /// the number of rules and places that are compared.
    pub p_value: f64,
}

/// `cells` and `by_seed` are of the rules that compete, in one order; a campaign that could not be run is `None`.
pub(super) fn win(cells: &[CellSummary], by_seed: &[Vec<Option<&Run>>], target_error: Option<f64>) -> Win {
    let least_end = cells.iter().map(|cell| cell.time_secs.median).fold(f64::INFINITY, f64::min);
    let score = |run: &Run| match target_error {
        Some(target) => Some(first_at_most(run, target)),
        None => at(run, least_end, |run| &run.mean_abs_error),
    };
    let of_rule = |runs: &Vec<Option<&Run>>| -> Vec<Option<f64>> { runs.iter().map(|run| score((*run)?)).collect() };
    let seeds: Vec<Vec<Option<f64>>> = by_seed.iter().map(of_rule).collect();
    let medians: Vec<f64> = seeds.iter().map(|s| quartiles(s.iter().copied().flatten().collect()).median).collect();
    let mut order: Vec<usize> = (0..cells.len()).filter(|place| medians[*place].is_finite()).collect();
    order.sort_by(|a, b| medians[*a].total_cmp(&medians[*b]));
    let best = order.first().copied();
    let against = |best: usize, other: usize| {
        let count = |wins: fn(&f64, &f64) -> bool| {
            seeds[best]
                .iter()
                .zip(&seeds[other])
                .filter(|pair| matches!(pair, (Some(b), Some(o)) if wins(b, o)))
                .count() as u32
        };
        let (ahead, behind) = (count(|b, o| b < o), count(|b, o| b > o));
        Rival { rule: cells[other].rule, ahead, behind, p_value: sign_test(ahead, behind) }
    };
    let others = |best: usize| (0..cells.len()).filter(move |other| *other != best);
    let rivals: Vec<Rival> =
        best.map_or_else(Vec::new, |best| others(best).map(|other| against(best, other)).collect());
    let tied = rivals.iter().filter(|r| r.p_value >= SIGNIFICANCE || r.ahead <= r.behind).map(|r| r.rule).collect();
    Win {
        values: cells[0].values.clone(),
        rule: best.map(|best| cells[best].rule),
        margin: order.get(1).map(|second| medians[*second] / medians[order[0]]),
        scores: cells.iter().map(|cell| cell.rule).zip(medians).collect(),
        at_secs: (target_error.is_none() && least_end.is_finite()).then_some(least_end),
        rivals,
        tied,
    }
}

/// Two-sided exact sign test: P(|2X − n| ≥ |ahead − behind|) of X ~ Binomial(n = ahead + behind, ½).
fn sign_test(ahead: u32, behind: u32) -> f64 {
    let n = ahead + behind;
    // Relative to the middle term, from there down: nothing overflows, and what underflows is too small to count.
    let (mut term, mut half, mut tail) = (1.0, 0.0, 0.0);
    for k in (0..=n / 2).rev() {
        half += term;
        if k <= ahead.min(behind) {
            tail += term;
        }
        term *= f64::from(k) / f64::from(n - k + 1);
    }
    let middle = if n.is_multiple_of(2) { 1.0 } else { 0.0 };
    (2.0 * tail / (2.0 * half - middle)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_test_is_the_binomial_one() {
        // 2 Σ C(n, k) / 2ⁿ, in whole numbers.
        for (ahead, behind, p) in
            [(0, 0, 1.0), (1, 0, 1.0), (6, 0, 0.03125), (10, 10, 1.0), (15, 5, 0.041_389_465_332_031_25)]
        {
            assert!(
                (sign_test(ahead, behind) - p).abs() < 1e-15,
                "{ahead} : {behind} gives {}",
                sign_test(ahead, behind)
            );
            assert_eq!(sign_test(ahead, behind), sign_test(behind, ahead));
        }
        // Far beyond where ½ⁿ is zero; the sum in whole numbers.
        assert!((sign_test(2600, 2400) - 0.004_883_649_737).abs() < 1e-12, "{}", sign_test(2600, 2400));
        assert!((0.0..1e-300).contains(&sign_test(100_000, 0)));
    }
}
