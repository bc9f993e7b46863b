//! The table of all settings: a row is a setting.
use super::parameters::{Choice, Kind, Parameter};
use Kind::{Choice as C, Flag, Integer, Number, Numbers, Texts};

/// Path, label, symbol, unit, equation; shape; help.
struct Row(&'static str, &'static str, &'static str, &'static str, &'static str, Shape, &'static str);

/// Kind and range of a value.
struct Shape {
    kind: Kind,
    optional: bool,
    range: Option<(f64, f64)>,
    log: bool,
    choices: &'static [(&'static str, &'static str)],
}

const fn shape(kind: Kind) -> Shape {
    Shape { kind, optional: false, range: None, log: false, choices: &[] }
}

const fn linear(kind: Kind, min: f64, max: f64) -> Shape {
    Shape { range: Some((min, max)), ..shape(kind) }
}

const fn log(kind: Kind, min: f64, max: f64) -> Shape {
    Shape { log: true, ..linear(kind, min, max) }
}

const fn optional(of: Shape) -> Shape {
    Shape { optional: true, ..of }
}

const fn one_of(choices: &'static [(&'static str, &'static str)]) -> Shape {
    Shape { choices, ..shape(C) }
}

/// Headings by the first key of a path, or by the whole path: what people change most stands by itself.
const GROUPS: [(&str, &str); 11] = [
    ("planner.rule", "Rule"),
    ("seed", "Library"),
    ("elements", "Library"),
    ("library", "Library"),
    ("response", "Response"),
    ("cost", "Cost and time"),
    ("microscope", "Instrument"),
    ("surrogate", "Surrogate"),
    ("acquisition", "Acquisition"),
    ("planner", "Planner"),
    ("stop", "Stop"),
];

impl Row {
    fn parameter(&self) -> Parameter {
        let Self(path, label, symbol, unit, equation, shape, help) = self;
        let key = path.split('.').next().unwrap_or("");
        Parameter {
            path,
            group: GROUPS.iter().find(|(k, _)| k == path || *k == key).map_or("", |(_, group)| group),
            label,
            symbol,
            unit,
            kind: shape.kind,
            optional: shape.optional,
            min: shape.range.map(|r| r.0),
            max: shape.range.map(|r| r.1),
            log: shape.log,
            choices: shape.choices.iter().map(|(value, label)| Choice { value, label }).collect(),
            equation,
            help,
        }
    }
}

/// Every setting, in the order in which people should meet them.
#[must_use]
pub fn parameters() -> Vec<Parameter> {
    TABLE.iter().map(Row::parameter).collect()
}

#[rustfmt::skip]
const TABLE: &[Row] = &[
    Row("planner.rule", "Planner", "", "", "17", one_of(&[("paper", "The paper's rule"), ("marginal_value", "Marginal value"), ("exhaust", "Exhaust each region"), ("one_per_region", "One per region"), ("random", "Random"), ("raster", "Raster"), ("fixed_fraction", "Fixed fraction"), ("greedy_known", "All compositions known (bound)")]), "When to leave a region and what to measure next."),
    Row("cost.stage_speed_um_per_s", "Stage speed", "v", "µm/s", "5", log(Number, 0.001, 1e5), "Average speed of the motorised stage."),
    Row("cost.retune_secs", "Retuning", "t_ma", "s", "5", linear(Number, 0.0, 3600.0), "Realignment after each stage move."),
    Row("cost.overview_secs", "Overview image", "", "s", "5", linear(Number, 0.0, 3600.0), "Image that finds the particles of a new region."),
    Row("cost.edx_secs", "EDX map", "t_EDX", "s", "16", linear(Number, 0.0, 3600.0), "Composition map of a new region; a region seen before needs none."),
    Row("cost.eels_secs", "EELS spectrum", "t_meas", "s", "16", log(Number, 0.001, 3600.0), "One spectrum on one particle."),
    Row("cost.beam_shift_secs", "Beam shift", "t_bs", "s", "5", linear(Number, 0.0, 60.0), "Control overhead of going to another particle in view."),
    Row("cost.intra_cost", "Cost of a beam shift", "C_intra", "", "6", log(Number, 1e-6, 1e6), "Cost of going to another particle in view."),
    Row("cost.cost_per_sec", "Cost of a second", "α", "1/s", "6", log(Number, 1e-6, 1e6), "Converts seconds of repositioning into cost."),
    Row("planner.gain", "Expected gain", "E_gain", "", "13", one_of(&[("exact", "Exact"), ("monte_carlo", "Monte Carlo")]), "Closed form over the pool, or drawn regions."),
    Row("planner.gain_pool", "Pool", "M", "", "13", log(Integer, 10.0, 100_000.0), "Compositions over which the expected gain is taken."),
    Row("planner.monte_carlo_draws", "Drawn regions", "", "", "13", log(Integer, 10.0, 100_000.0), "Regions drawn for a Monte-Carlo expected gain."),
    Row("planner.composition_prior", "Composition prior", "p(c)", "", "12", one_of(&[("uniform", "Uniform"), ("fitted", "Fitted to what was seen")]), "What compositions a new region is expected to hold."),
    Row("planner.novelty_weight", "Novelty weight", "λ_nov", "", "15", linear(Number, 0.0, 100.0), "How much compositions far from everything measured are favoured."),
    Row("planner.novelty_length", "Novelty length", "d₀", "", "14", log(Number, 1e-3, 10.0), "Composition distance over which novelty grows; √2 is the simplex diameter."),
    Row("planner.fraction", "Fraction", "", "", "", linear(Number, 0.0, 1.0), "Measured share at which the fixed-fraction planner leaves a region."),
    Row("planner.seed_particles", "Seed particles", "", "", "", linear(Integer, 1.0, 50.0), "Particles of the first region measured at random before the first iteration."),
    Row("planner.first_region", "First region", "", "", "", optional(linear(Integer, 0.0, 4e6)), "Tile to start in, counted from the lower left; drawn from the seed when not set."),
    Row("acquisition.function", "Acquisition", "a(c)", "", "4", one_of(&[("posterior_sd", "Posterior standard deviation"), ("expected_improvement", "Expected improvement"), ("log_expected_improvement", "Log expected improvement"), ("probability_of_improvement", "Probability of improvement"), ("upper_confidence_bound", "Upper confidence bound"), ("thompson", "Thompson sampling"), ("straddle", "Level set (straddle)")]), "What a measurement is worth under the surrogate."),
    Row("acquisition.xi", "Improvement margin", "ξ", "", "", linear(Number, 0.0, 100.0), "Improvement over the best value that does not count."),
    Row("acquisition.beta", "Confidence factor", "β", "", "", linear(Number, 0.0, 100.0), "Standard deviations in the confidence bound and in straddle."),
    Row("acquisition.threshold", "Level", "", "", "", linear(Number, -1e6, 1e6), "Level of the property that straddle looks for."),
    Row("surrogate.kernel", "Kernel", "k", "", "", one_of(&[("rbf", "Squared exponential (RBF)"), ("matern_52", "Matérn 5/2"), ("matern_32", "Matérn 3/2")]), "Smoothness that the surrogate assumes."),
    Row("surrogate.length_scale", "Length scale", "ℓ", "", "", log(Numbers, 1e-3, 100.0), "Composition distance over which the property changes; a list gives each element its own."),
    Row("surrogate.prior_sd", "Prior sd", "", "", "", log(Number, 1e-6, 1e6), "Standard deviation of the property before anything is measured."),
    Row("surrogate.noise_sd", "Noise sd", "", "", "", log(Number, 1e-6, 1e6), "Noise of a measured property that the surrogate assumes."),
    Row("surrogate.mean", "Prior mean", "", "", "", linear(Number, -1e6, 1e6), "Mean of the property before anything is measured."),
    Row("surrogate.hyper", "Hyper-parameters", "", "", "", one_of(&[("fixed", "As set"), ("maximum_likelihood", "Maximum likelihood")]), "Where length scale, prior sd and noise come from."),
    Row("surrogate.fit_mean", "Fit the mean", "", "", "", shape(Flag), "Whether maximum likelihood fits the prior mean too."),
    Row("surrogate.refit_every", "Refit every", "", "measurements", "", linear(Integer, 1.0, 1000.0), "Measurements between two maximum-likelihood fits."),
    Row("surrogate.input_noise", "Input noise", "σ_tot", "", "3", shape(Flag), "Whether the uncertainty of a composition enters the surrogate."),
    Row("microscope.edx_sigma", "EDX uncertainty", "σ_i", "", "3", linear(Numbers, 0.0, 0.5), "Standard deviation of a measured fraction; a list gives each element its own."),
    Row("microscope.closure", "Closure", "", "", "2", one_of(&[("largest_sigma", "The paper's (eqs 2–3)"), ("least_squares", "Least squares")]), "How measured fractions are brought to a sum of 1."),
    Row("microscope.value_noise_sd", "Spectrum noise", "", "", "", linear(Number, 0.0, 100.0), "Standard deviation of a measured property."),
    Row("seed", "Seed", "", "", "", linear(Integer, 0.0, 4_294_967_295.0), "Everything random follows from it."),
    Row("elements", "Elements", "n", "", "", shape(Texts), "Names of the components; their number is the dimension n of composition space."),
    Row("library.width_um", "Width", "", "µm", "", log(Number, 1.0, 1e5), "Width of the area the stage can reach."),
    Row("library.height_um", "Height", "", "µm", "", log(Number, 1.0, 1e5), "Height of the area the stage can reach."),
    Row("library.tile_um", "Field of view", "d_th", "µm", "5", log(Number, 0.1, 1e4), "Side of a region: field of view and beam-shift range."),
    Row("library.density_per_um2", "Particle density", "ρ", "1/µm²", "11", log(Number, 1e-6, 1e5), "Mean number of particles per area."),
    Row("library.count", "Particle count", "", "", "11", one_of(&[("poisson", "Poisson"), ("uniform", "Uniform")]), "How the number of particles varies between regions."),
    Row("library.radius_mean_nm", "Mean radius", "μ", "nm", "1", log(Number, 0.1, 1e5), "Mean particle radius, before the cut at 0."),
    Row("library.radius_sd_nm", "Radius sd", "σ", "nm", "1", linear(Number, 0.0, 1e5), "Standard deviation of the radius, before the cut at 0."),
    Row("library.dirichlet_alpha", "Dirichlet α", "p(c)", "", "12", log(Numbers, 0.01, 1000.0), "1 is uniform over the simplex; above 1 gathers in the middle, below 1 at the corners."),
    Row("response.gaussians", "Gaussians", "K", "", "", log(Integer, 1.0, 1e6), "Number of Gaussians in the hidden property; 10⁶ takes some seconds to prepare."),
    Row("response.width", "Gaussian width", "σ", "", "", log(Number, 1e-3, 10.0), "Standard deviation of each Gaussian, in composition units."),
    Row("response.amplitudes", "Amplitudes", "", "", "", one_of(&[("uniform_signed", "Uniform (−1, 1)"), ("uniform", "Uniform (0, 1)"), ("normal", "Normal"), ("equal", "All 1")]), "How the Gaussians' amplitudes are drawn."),
    Row("response.scale", "Normalisation", "", "", "", one_of(&[("min_max", "0 to 1"), ("peak", "Peak 1"), ("none", "None")]), "How the sum of Gaussians is scaled."),
    Row("stop.iterations", "Iterations", "", "", "", optional(log(Integer, 1.0, 5000.0)), "End after this many measurements beyond the seeds."),
    Row("stop.time_secs", "Instrument time", "", "s", "", optional(log(Number, 1.0, 1e8)), "End when this much time is spent."),
    Row("stop.cost", "Cost", "", "", "", optional(log(Number, 1.0, 1e8)), "End when this much cost is spent."),
    Row("stop.mean_sd", "Target mean sd", "", "", "", optional(log(Number, 1e-6, 1e3)), "End when the mean posterior sd over the library falls to this."),
];
