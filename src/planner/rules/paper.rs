//! The paper's region switching, eqs 7–17.
use super::{Situation, Target, Verdict};
use crate::{
    planner::{
        GainMethod,
        decision::{Numbers, Reason},
        gain::monte_carlo_gain,
    },
    rng::{Purpose, Stream},
};

pub(super) fn decide(s: &mut Situation<'_>) -> Verdict {
    let (total, measured) = s.atlas.region_here().map_or((0, 0), |r| (r.total(), r.measured()));
    let remaining = if total == 0 { 0.0 } else { 1.0 - f64::from(measured) / f64::from(total) };
    let best_here = s.open_here().map(|c| c.acquisition).fold(0.0, f64::max);
    let stay_value = remaining * best_here;
    let mut numbers = Numbers {
        remaining_fraction: Some(remaining),
        best_here: Some(best_here),
        stay_value: Some(stay_value),
        density: Some(s.atlas.density_per_um2()),
        ..Numbers::default()
    };
    let nothing_here = !s.has_open_here();
    let Some(tile) = s.nearest else {
        let reason = if nothing_here { Reason::GridExhausted } else { Reason::StayPays };
        return measure(s, reason, numbers);
    };
    let lambda = s.atlas.expected_particles(tile);
    let (gain, error) = match s.config.gain {
        GainMethod::Exact => (s.gain.expected(s.pool_values, lambda), None),
        GainMethod::MonteCarlo => {
            let mut stream = Stream::new(s.seed, Purpose::Gain, u64::from(s.iteration));
            let (mean, error) = monte_carlo_gain(s.pool_values, lambda, s.config.monte_carlo_draws, &mut stream);
            (mean, Some(error))
        }
    };
    let switch_secs = s.cost.switch_secs(s.atlas.grid().distance_um(s.here, tile));
    let switch_cost = switch_secs * stay_value / s.cost.eels_secs;
    numbers.expected_particles = Some(lambda);
    numbers.expected_gain = Some(gain);
    numbers.expected_gain_error = error;
    numbers.switch_secs = Some(switch_secs);
    numbers.switch_cost = Some(switch_cost);
    numbers.switch_value = Some(gain - switch_cost);
    if nothing_here {
        return Verdict { target: Target::Explore(tile), reason: Reason::RegionExhausted, numbers };
    }
    if gain - switch_cost > 0.0 {
        return Verdict { target: Target::Explore(tile), reason: Reason::SwitchPays, numbers };
    }
    measure(s, Reason::StayPays, numbers)
}

/// The best score among all mapped particles, eq 4.
fn measure(s: &Situation<'_>, reason: Reason, numbers: Numbers) -> Verdict {
    match s.best_score() {
        None => Verdict { target: Target::Nothing, reason: Reason::GridExhausted, numbers },
        Some(c) if c.tile != s.here && reason == Reason::StayPays => {
            Verdict { target: Target::Measure(c), reason: Reason::BetterElsewhere, numbers }
        }
        Some(c) => Verdict { target: Target::Measure(c), reason, numbers },
    }
}
