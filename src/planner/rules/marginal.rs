//! The marginal-value rule: optimal foraging with the drop of the average posterior variance as the currency.
//!
//! Measuring c lowers the posterior variance, averaged over p(c), by g(c) = mean_q cov(c, q)² / (var(c) + noise). Leave when the
//! best local rate, max g / t′ with t′ = t_bs + t_meas, falls below the best average rate of a fresh region,
//! max_m E\[g₍₁₎ + … + g₍ₘ₎\] / (t_switch + m t′), the expectation over imagined regions (eqs 11–12) with gains taken
//! greedily and the posterior updated after each.
use super::{Situation, Target, Verdict};
use crate::{
    num,
    planner::decision::{Numbers, Reason},
    rng::{Purpose, Stream},
    surrogate::Field,
};

/// Compositions over which variance is averaged: the first of the pool.
const REFERENCE: usize = 200;
/// Regions imagined for an expectation.
const REGIONS: usize = 12;

pub(super) fn decide(s: &mut Situation<'_>) -> Verdict {
    let here: Vec<usize> =
        s.atlas.region_here().map(|r| r.open().map(|p| r.first + p as usize).collect()).unwrap_or_default();
    let nothing_here = here.is_empty();
    let stay = |reason, numbers| Verdict {
        target: s.best_here().or_else(|| s.best_score()).map_or(Target::Nothing, Target::Measure),
        reason,
        numbers,
    };
    let Some(tile) = s.nearest else {
        return stay(if nothing_here { Reason::GridExhausted } else { Reason::LocalRateHigher }, Numbers::default());
    };
    let switch_secs = s.cost.switch_secs(s.atlas.grid().distance_um(s.here, tile));
    let lambda = s.atlas.expected_particles(tile);
    let mut numbers =
        Numbers { expected_particles: Some(lambda), switch_secs: Some(switch_secs), ..Numbers::default() };
    if nothing_here {
        return Verdict { target: Target::Explore(tile), reason: Reason::RegionExhausted, numbers };
    }
    let reference = reference(s);
    let measure_secs = s.cost.eels_secs + s.cost.beam_shift_secs;
    let limit = |secs: f64| s.budget.measurements(secs, measure_secs);
    // Only as many local measurements as the budget has can matter.
    let local = greedy(s, s.field, &here, &reference, limit(0.0).min(here.len()));
    let local_rate = local.first().copied().unwrap_or(0.0) / measure_secs;
    let fresh = fresh_gains(s, &reference, lambda);
    let affordable = limit(switch_secs);
    let fresh_rate = rates(&fresh, switch_secs, measure_secs).take(affordable).fold(0.0, f64::max);
    numbers.local_rate = Some(local_rate);
    numbers.fresh_rate = Some(fresh_rate);
    if local_rate >= fresh_rate {
        return stay(Reason::LocalRateHigher, numbers);
    }
    if s.budget.is_known() {
        let spent_here: f64 = local.iter().take(limit(0.0)).sum();
        let spent_there: f64 = fresh.iter().take(affordable).sum();
        if affordable < fresh.len() && spent_here >= spent_there {
            return stay(Reason::BudgetTooShort, numbers);
        }
    }
    Verdict { target: Target::Explore(tile), reason: Reason::FreshRateHigher, numbers }
}

fn rates(gains: &[f64], switch_secs: f64, measure_secs: f64) -> impl Iterator<Item = f64> {
    let mut sum = 0.0;
    gains.iter().enumerate().map(move |(m, g)| {
        sum += g;
        sum / (switch_secs + (m + 1) as f64 * measure_secs)
    })
}

/// The compositions that stand for p(c), with their posterior.
fn reference(s: &Situation<'_>) -> Field {
    let points: Vec<_> = s.pool.points().take(REFERENCE).collect();
    let mut field = Field::default();
    field.push(&points);
    field.update(s.gp, s.gp.len());
    field
}

/// Expected cumulative gains of a fresh region: the mean over imagined regions of the m-th greedy gain.
fn fresh_gains(s: &Situation<'_>, reference: &Field, lambda: f64) -> Vec<f64> {
    let mut stream = Stream::new(s.seed, Purpose::Gain, u64::from(s.iteration));
    let mut mean = Vec::new();
    for _ in 0..REGIONS {
        let n = stream.poisson(lambda) as usize;
        let members: Vec<usize> = (0..n).map(|_| stream.below(s.pool.len() as u32) as usize).collect();
        let gains = greedy(s, s.pool, &members, reference, n);
        if mean.len() < n {
            mean.resize(n, 0.0);
        }
        mean.iter_mut().zip(gains).for_each(|(m, g)| *m += g / REGIONS as f64);
    }
    mean
}

/// Gains of measuring up to `steps` of `members` (points of `field`), the best first, each after the ones before it.
fn greedy(s: &Situation<'_>, field: &Field, members: &[usize], reference: &Field, steps: usize) -> Vec<f64> {
    let noise = s.gp.hyper().noise_sd * s.gp.hyper().noise_sd;
    let q = reference.len() as f64;
    let mut cross: Vec<Vec<f64>> = members.iter().map(|i| field.covariances(s.gp, *i, reference)).collect();
    let mut own: Vec<Vec<f64>> = members.iter().map(|i| field.covariances_among(s.gp, *i, members)).collect();
    let mut left: Vec<usize> = (0..members.len()).collect();
    let mut gains = Vec::new();
    for _ in 0..steps.min(members.len()) {
        let gain = |i: usize| num::dot(&cross[i], &cross[i]) / q / (own[i][i].max(0.0) + noise);
        let Some(at) = (0..left.len()).reduce(|a, b| if gain(left[b]) > gain(left[a]) { b } else { a }) else { break };
        let chosen = left.swap_remove(at);
        gains.push(gain(chosen));
        let (cross_chosen, own_chosen) = (cross[chosen].clone(), own[chosen].clone());
        let scale = 1.0 / (own_chosen[chosen].max(0.0) + noise);
        for i in &left {
            let weight = own_chosen[*i] * scale;
            cross[*i].iter_mut().zip(&cross_chosen).for_each(|(c, x)| *c -= weight * x);
            own[*i].iter_mut().zip(&own_chosen).for_each(|(c, x)| *c -= weight * x);
        }
    }
    gains
}
