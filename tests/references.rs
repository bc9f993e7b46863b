//! The surrogate and the acquisitions against independent values in 50 digits (tests/references/make.py), and gradients
//! against central differences.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs, clippy::disallowed_methods)]
use gridscout::{
    acquisition::{expected_improvement, log_expected_improvement, probability_of_improvement},
    composition::{Composition, Measured},
    planner::gain::{ExactGain, monte_carlo_gain},
    rng::{Purpose, Stream},
    surrogate::{Field, Gp, Hyper, JITTER_LADDER, log_likelihood},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Cases {
    gp: Vec<Case>,
    improvement: Vec<Improvement>,
}

#[derive(Deserialize)]
struct Case {
    #[serde(flatten)]
    hyper: Hyper,
    input_noise: bool,
    x: Vec<Vec<f64>>,
    sigma: Vec<Vec<f64>>,
    y: Vec<f64>,
    at: Vec<Vec<f64>>,
    means: Vec<f64>,
    variances: Vec<f64>,
    log_likelihood: f64,
}

#[derive(Deserialize)]
struct Improvement {
    gap: f64,
    sd: f64,
    ei: f64,
    log_ei: f64,
    pi: f64,
}

fn cases() -> Cases {
    serde_json::from_str(include_str!("references/cases.json")).unwrap()
}

fn composition(fractions: &[f64]) -> Composition {
    Composition::new(fractions).unwrap()
}

impl Case {
    fn process(&self, hyper: Hyper) -> Gp {
        let mut gp = Gp::new(hyper, self.input_noise);
        for ((x, sigma), y) in self.x.iter().zip(&self.sigma).zip(&self.y) {
            gp.append(&Measured { composition: composition(x), sigma: sigma.clone() }, *y, |_| {}).unwrap();
        }
        gp
    }

    fn field(&self) -> Field {
        let mut field = Field::default();
        field.push(&self.at.iter().map(|c| composition(c)).collect::<Vec<_>>());
        field
    }

    fn check(&self, field: &Field) {
        for i in 0..self.at.len() {
            let (mean, variance) = (field.mean()[i], field.variance()[i]);
            assert!((mean - self.means[i]).abs() < 1e-9, "{:?}: mean {mean}, reference {}", self.hyper, self.means[i]);
            assert!(
                (variance - self.variances[i]).abs() < 1e-9,
                "{:?}: variance {variance}, reference {}",
                self.hyper,
                self.variances[i]
            );
        }
    }
}

#[test]
fn appended_observations_give_the_closed_form_posterior() {
    for case in cases().gp {
        let gp = case.process(case.hyper.clone());
        let mut field = case.field();
        field.update(&gp, gp.len());
        case.check(&field);
        assert_eq!(gp.jitter(), 0.0);
    }
}

#[test]
fn hyper_parameters_can_be_replaced_afterwards() {
    for case in cases().gp {
        let start = Hyper {
            prior_sd: 1.0,
            noise_sd: 0.1,
            mean: -1.0,
            length_scales: vec![0.3; case.hyper.length_scales.len()],
            ..case.hyper.clone()
        };
        let mut gp = case.process(start);
        let mut field = case.field();
        field.update(&gp, gp.len());
        gp.set_hyper(case.hyper.clone()).unwrap();
        field.update(&gp, gp.len());
        case.check(&field);
    }
}

/// When a field is brought up to date must not change a bit of it.
#[test]
fn one_at_a_time_or_all_at_once_are_the_same_bits() {
    for case in cases().gp {
        let gp = case.process(case.hyper.clone());
        let (mut slow, mut fast) = (case.field(), case.field());
        (1..=gp.len()).for_each(|rows| slow.update(&gp, rows));
        fast.update(&gp, gp.len());
        assert_eq!((slow.mean(), slow.variance()), (fast.mean(), fast.variance()));
        // Back to an earlier state, as scrubbing through a record does.
        let mut early = case.field();
        early.update(&gp, 5);
        fast.update(&gp, 5);
        assert_eq!((early.mean(), early.variance()), (fast.mean(), fast.variance()));
    }
}

#[test]
fn likelihood_and_its_gradient() {
    for case in cases().gp {
        let gp = case.process(case.hyper.clone());
        let found = log_likelihood(&gp, &case.hyper, false).unwrap();
        assert!(
            (found.value - case.log_likelihood).abs() < 1e-9 * case.log_likelihood.abs().max(1.0),
            "{}",
            found.value
        );
        for fit_mean in [false, true] {
            let gradient = log_likelihood(&gp, &case.hyper, fit_mean).unwrap().gradient;
            let lengths = gradient.len() - 2;
            for (i, analytic) in gradient.iter().enumerate() {
                let at = |step: f64| {
                    let mut hyper = case.hyper.clone();
                    let factor = step.exp();
                    match i {
                        i if i < lengths && hyper.isotropic => {
                            hyper.length_scales.iter_mut().for_each(|l| *l *= factor)
                        }
                        i if i < lengths => hyper.length_scales[i] *= factor,
                        i if i == lengths => hyper.prior_sd *= factor,
                        _ => hyper.noise_sd *= factor,
                    }
                    log_likelihood(&gp, &hyper, fit_mean).unwrap().value
                };
                let h = 1e-4;
                let numeric = (at(h) - at(-h)) / (2.0 * h);
                assert!(
                    (analytic - numeric).abs() < 1e-4 * numeric.abs().max(1.0),
                    "{:?} {i}: {analytic} against {numeric}",
                    case.hyper
                );
            }
        }
    }
}

#[test]
fn improvements_agree_also_far_in_the_tail() {
    for c in cases().improvement {
        let close = |found: f64, wanted: f64| (found - wanted).abs() <= 1e-9 * wanted.abs();
        assert!(
            close(log_expected_improvement(c.gap, c.sd), c.log_ei),
            "{}: {}",
            c.gap,
            log_expected_improvement(c.gap, c.sd)
        );
        assert!(close(probability_of_improvement(c.gap, c.sd), c.pi), "{}", c.gap);
        // The plain form cancels in the tail, which is what the logarithm is for.
        assert!(c.gap / c.sd < -8.0 || close(expected_improvement(c.gap, c.sd), c.ei), "{}", c.gap);
    }
}

#[test]
fn exact_gain_agrees_with_drawn_regions_on_a_real_posterior() {
    let case = &cases().gp[1];
    let gp = case.process(case.hyper.clone());
    let mut stream = Stream::new(5, Purpose::Pool, 0);
    let mut field = Field::default();
    field.push(&(0..2000).map(|_| Composition::dirichlet(&[1.0; 3], &mut stream)).collect::<Vec<_>>());
    field.update(&gp, gp.len());
    let sd: Vec<f64> = field.variance().iter().map(|v| v.max(0.0).sqrt()).collect();
    for lambda in [0.5, 5.0, 18.0] {
        let (drawn, error) = monte_carlo_gain(&sd, lambda, 20_000, &mut stream);
        let exact = ExactGain::default().expected(&sd, lambda);
        assert!((exact - drawn).abs() <= 3.0 * error, "λ = {lambda}: {exact} against {drawn} ± {error}");
    }
}

#[test]
fn points_that_cannot_be_told_apart_climb_the_jitter_ladder() {
    let hyper = Hyper { noise_sd: 1e-9, ..cases().gp[1].hyper.clone() };
    let mut gp = Gp::new(hyper, false);
    let mut caught_up = 0;
    for i in 0..12 {
        let x = 0.3 + 1e-9 * f64::from(i);
        let at = Measured::exact(composition(&[x, 0.3, 0.7 - x]));
        let before = gp.len();
        let _ = gp.append(&at, 0.1, |gp| {
            assert_eq!(gp.len(), before, "what follows the rows sees them as they were");
            caught_up += 1;
        });
    }
    assert!(gp.jitter() > 0.0 && JITTER_LADDER.contains(&gp.jitter()));
    assert!(caught_up > 0);
    let mut field = Field::default();
    field.push(&[composition(&[0.3, 0.3, 0.4])]);
    field.update(&gp, gp.len());
    assert!((field.mean()[0] - 0.1).abs() < 1e-3 && field.variance()[0] < 1e-6);
}

/// What the marginal-value rule calls the gain of a measurement is how much the mean variance then falls.
#[test]
fn the_gain_of_a_measurement_is_the_variance_it_takes_away() {
    for case in cases().gp.iter().filter(|c| !c.input_noise) {
        let mut gp = case.process(case.hyper.clone());
        let (mut points, mut field) = (case.field(), case.field());
        points.update(&gp, gp.len());
        field.update(&gp, gp.len());
        let covariances = points.covariances(&gp, 2, &field);
        let among = points.covariances_among(&gp, 2, &(0..case.at.len()).collect::<Vec<_>>());
        assert!(covariances.iter().zip(&among).all(|(a, b)| (a - b).abs() < 1e-12));
        let noise = case.hyper.noise_sd * case.hyper.noise_sd;
        let own = points.variance()[2];
        assert!((covariances[2] - own).abs() < 1e-9);
        let before = field.variance().to_vec();
        gp.append(&Measured::exact(composition(&case.at[2])), 7.0, |_| {}).unwrap();
        field.update(&gp, gp.len());
        for ((before, after), c) in before.iter().zip(field.variance()).zip(&covariances) {
            assert!((before - after - c * c / (own + noise)).abs() < 1e-9, "{:?}", case.hyper);
        }
    }
}
