//! Which rule wins at one place of the axes, and which of the others the seeds cannot tell from it.
use super::{
    Run,
    summary::{at, first_at_most, quartiles},
};
use crate::planner::Rule;
use serde::Serialize;
use serde_json::Value;

/// Two rules are told apart when chance alone would part their seeds so unevenly less often than this.
pub const SIGNIFICANCE: f64 = 0.05;

/// The best rule at one place of the axes, by the seeds that every rule has a campaign of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Win {
    /// Value of each axis.
    pub values: Vec<Value>,
    /// Seeds that are compared.
    pub seeds: u32,
    /// The rule with the least score; none when no rule reaches the target in half of its campaigns.
    pub rule: Option<Rule>,
    /// Score of the second best over that of the best, at least 1.
    pub margin: Option<f64>,
    /// Each rule's score: median time to the target, s, or median error when the first campaign of a seed has ended.
    pub scores: Vec<(Rule, f64)>,
    /// When there is no target, each seed is compared at the time when the first of its campaigns has ended: the median of
    /// these times, s.
    pub at_secs: Option<f64>,
    /// Each other rule against the best, in the order of the rules.
    pub rivals: Vec<Rival>,
    /// Those of the others that are not told apart from the best.
    pub tied: Vec<Rule>,
    /// Those that are told apart from the best as better than it, seed by seed: medians and seeds disagree.
    pub disputed: Vec<Rule>,
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

/// `by_seed` has the campaigns of each rule; one that there is not is `None`.
pub(super) fn win(rules: &[Rule], values: &[Value], by_seed: &[Vec<Option<&Run>>], target_error: Option<f64>) -> Win {
    let seeds = by_seed.first().map_or(0, Vec::len);
    let race_of = |seed: usize| race(by_seed.iter().map(|runs| runs[seed]), target_error);
    let races: Vec<Race> = (0..seeds).filter_map(race_of).collect();
    let scores = |place: usize| races.iter().map(|race| race.scores[place]).collect();
    let medians: Vec<f64> = (0..rules.len()).map(|place| quartiles(scores(place)).median).collect();
    let mut order: Vec<usize> = (0..rules.len()).filter(|place| medians[*place].is_finite()).collect();
    order.sort_by(|a, b| medians[*a].total_cmp(&medians[*b]));
    let best = order.first().copied();
    let against = |best: usize, other: usize| {
        let count = |wins: fn(&f64, &f64) -> bool| {
            races.iter().filter(|race| wins(&race.scores[best], &race.scores[other])).count() as u32
        };
        let (ahead, behind) = (count(f64::lt), count(f64::gt));
        Rival { rule: rules[other], ahead, behind, p_value: sign_test(ahead, behind) }
    };
    let others = |best: usize| (0..rules.len()).filter(move |other| *other != best);
    let rivals: Vec<Rival> =
        best.map_or_else(Vec::new, |best| others(best).map(|other| against(best, other)).collect());
    let those = |wanted: fn(&Rival) -> bool| rivals.iter().filter(|r| wanted(r)).map(|r| r.rule).collect();
    let at_secs = quartiles(races.iter().map(|race| race.first_end_secs).collect()).median;
    Win {
        values: values.to_vec(),
        seeds: races.len() as u32,
        rule: best.map(|best| rules[best]),
        margin: order.get(1).map(|second| medians[*second] / medians[order[0]]),
        scores: rules.iter().copied().zip(medians).collect(),
        at_secs: (target_error.is_none() && at_secs.is_finite()).then_some(at_secs),
        tied: those(|r| r.p_value >= SIGNIFICANCE),
        disputed: those(|r| r.p_value < SIGNIFICANCE && r.ahead < r.behind),
        rivals,
    }
}

/// One seed under every rule.
struct Race {
    /// Of each rule; less is better.
    scores: Vec<f64>,
    /// When the first of its campaigns has ended: a rule that is done with its iterations is not held against others that
    /// still measure.
    first_end_secs: f64,
}

/// None when a rule has no campaign of the seed, or had measured nothing when another's ended.
fn race<'a>(runs: impl Iterator<Item = Option<&'a Run>>, target_error: Option<f64>) -> Option<Race> {
    let runs: Vec<&Run> = runs.collect::<Option<_>>()?;
    let first_end_secs = runs.iter().filter_map(|run| run.time_secs.last().copied()).fold(f64::INFINITY, f64::min);
    let score = |run: &&Run| match target_error {
        Some(target) => Some(first_at_most(run, target)),
        None => at(run, first_end_secs, |run| &run.mean_abs_error),
    };
    Some(Race { scores: runs.iter().map(score).collect::<Option<_>>()?, first_end_secs })
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

    const TWO: [Rule; 2] = [Rule::Paper, Rule::Exhaust];

    fn made(times: &[f64], errors: &[f64]) -> Run {
        Run { time_secs: times.to_vec(), mean_abs_error: errors.to_vec(), ..Run::default() }
    }

    fn of<'a>(a: &'a [Run], b: &'a [Run]) -> [Vec<Option<&'a Run>>; 2] {
        [a, b].map(|runs| runs.iter().map(Some).collect())
    }

    #[test]
    fn a_seed_is_compared_when_the_first_of_its_campaigns_has_ended() {
        let a = [made(&[10.0, 50.0], &[0.9, 0.3]), made(&[10.0, 100.0, 150.0], &[0.9, 0.4, 0.1])];
        let b = [made(&[10.0, 40.0, 60.0, 75.0], &[0.9, 0.5, 0.2, 0.1]), made(&[10.0, 100.0], &[0.9, 0.5])];
        let won = win(&TWO, &[], &of(&a, &b), None);
        // The first seed after 50 s, the second after 100 s; never all of them at the median of the two.
        assert_eq!((won.at_secs, won.seeds, won.rule), (Some(75.0), 2, Some(Rule::Paper)));
        let scores: Vec<f64> = won.scores.iter().map(|(_, score)| *score).collect();
        assert!((scores[0] - 0.35).abs() < 1e-12 && (scores[1] - 0.5).abs() < 1e-12, "{scores:?}");
        assert_eq!((won.rivals[0].ahead, won.rivals[0].behind), (2, 0));
    }

    #[test]
    fn seeds_that_not_every_rule_has_are_left_out() {
        let a = [1.0, 2.0, 9.0].map(|error| made(&[10.0], &[error]));
        let b = [1.5, 2.5].map(|error| made(&[10.0], &[error]));
        let [all, mut two] = of(&a, &b);
        two.push(None);
        for target in [None, Some(9.5)] {
            assert_eq!(win(&TWO, &[], &[all.clone(), two.clone()], target).seeds, 2);
        }
        assert_eq!(win(&TWO, &[], &[all.clone(), two], None).scores[0], (Rule::Paper, 1.5));
        let none = win(&TWO, &[], &[all, vec![None; 3]], None);
        assert_eq!((none.seeds, none.rule, none.at_secs, none.rivals.len()), (0, None, None, 0));
    }

    #[test]
    fn a_rule_that_wins_most_seeds_is_not_said_to_be_tied() {
        // The median of the first is less, and yet it is worse for 16 seeds of 20.
        let pairs = (0..20).map(|i| {
            if i < 4 {
                (1.0, 30.0)
            } else if i < 11 {
                (10.5, 10.4)
            } else {
                (20.0, 14.9)
            }
        });
        let (a, b): (Vec<Run>, Vec<Run>) = pairs.map(|(a, b)| (made(&[1.0], &[a]), made(&[1.0], &[b]))).unzip();
        let won = win(&TWO, &[], &of(&a, &b), None);
        assert_eq!((won.rule, won.rivals[0].ahead, won.rivals[0].behind), (Some(Rule::Paper), 4, 16));
        assert!(won.rivals[0].p_value < SIGNIFICANCE && won.tied.is_empty(), "{won:?}");
        assert_eq!(won.disputed, [Rule::Exhaust]);
    }

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
