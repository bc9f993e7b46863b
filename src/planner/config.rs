//! Settings of the planner.
use serde::{Deserialize, Serialize};

/// When to leave a region and what to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The paper's rule: leave when V_switch > 0 (eqs 7–17).
    Paper,
    /// Leave when the best local gain per second falls below the best average rate of a fresh region.
    MarginalValue,
    /// Measure everything in a region, then move on.
    Exhaust,
    /// One particle in each region.
    OnePerRegion,
    /// A random particle of a random region every time.
    Random,
    /// Every particle of every region in serpentine order.
    Raster,
    /// Leave once a set fraction of a region has been measured.
    FixedFraction,
    /// All compositions known beforehand, always the best score: a bound, not a method.
    GreedyKnown,
}

/// How E_gain is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GainMethod {
    /// In closed form over the pool.
    Exact,
    /// By drawing regions.
    MonteCarlo,
}

/// What compositions a new region is expected to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CompositionPrior {
    /// Uniform over the simplex.
    Uniform,
    /// A Dirichlet distribution fitted to what was seen.
    Fitted,
}

/// Settings of the planner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PlannerConfig {
    /// When to leave a region and what to measure.
    pub rule: Rule,
    /// How E_gain is computed.
    pub gain: GainMethod,
    /// Compositions over which E_gain is taken.
    pub gain_pool: u32,
    /// Regions drawn for a Monte-Carlo E_gain.
    pub monte_carlo_draws: u32,
    /// p(c).
    pub composition_prior: CompositionPrior,
    /// λ_nov, eq 15.
    pub novelty_weight: f64,
    /// d₀ of eq 14, composition units.
    pub novelty_length: f64,
    /// Fraction at which the fixed-fraction rule leaves.
    pub fraction: f64,
    /// Particles measured at random before the first iteration.
    pub seed_particles: u32,
    /// First tile; drawn from the seed when absent.
    pub first_region: Option<u32>,
}
