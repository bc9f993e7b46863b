//! One campaign as the numbers that ensembles are made of.
use crate::{
    campaign::{Config, Score, ValidConfig, World, run as drive},
    error::Invalid,
};

/// One campaign: after the seed particles, and after each iteration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// Regions the stage went to.
    pub regions: u32,
    /// Instrument time, s.
    pub time_secs: Vec<f64>,
    /// Cost, cost units.
    pub cost: Vec<f64>,
    /// Mean posterior standard deviation over the library.
    pub mean_sd: Vec<f64>,
    /// Mean absolute error over the library.
    pub mean_abs_error: Vec<f64>,
}

/// What became of one campaign of a study.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Outcome {
    /// Nothing yet.
    #[default]
    NotRun,
    /// Its seed draws a library that cannot be explored.
    Failed,
    /// It has ended.
    Ended(Run),
}

impl From<Result<Run, Invalid>> for Outcome {
    fn from(result: Result<Run, Invalid>) -> Self {
        result.map_or(Self::Failed, Self::Ended)
    }
}

impl Outcome {
    /// The campaign, when there is one with something measured.
    pub(super) fn run(&self) -> Option<&Run> {
        match self {
            Self::Ended(run) if !run.time_secs.is_empty() => Some(run),
            _ => None,
        }
    }
}

/// Run a campaign of this configuration with another seed.
///
/// # Errors
/// What only shows once particles are drawn: this seed's library is empty, or its first region.
pub fn run(config: &ValidConfig, seed: u32) -> Result<Run, Invalid> {
    let config = Config { seed, ..Config::clone(config) }.check()?;
    let (mut campaign, mut microscope) = World::new(config).open()?;
    drive(&mut campaign, &mut microscope);
    let scores = campaign.scores();
    let of = |number: fn(&Score) -> f64| scores.iter().map(number).collect();
    Ok(Run {
        regions: campaign.visits().len() as u32,
        time_secs: campaign.entries().iter().map(|entry| entry.time_secs).collect(),
        cost: campaign.entries().iter().map(|entry| entry.cost).collect(),
        mean_sd: of(|score| score.mean_sd),
        mean_abs_error: of(|score| score.mean_abs_error),
    })
}

impl Run {
    /// As numbers one after another: they cross from a Worker without being copied.
    #[must_use]
    pub fn to_numbers(&self) -> Vec<f64> {
        [&[f64::from(self.regions)][..], &self.time_secs, &self.cost, &self.mean_sd, &self.mean_abs_error].concat()
    }

    /// From [`Self::to_numbers`]; none when they cannot be.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let (regions, rest) = numbers.split_first()?;
        let length = rest.len() / 4;
        let whole = rest.len() == 4 * length && rest.iter().all(|x| x.is_finite());
        let regions = Some(*regions as u32).filter(|count| f64::from(*count) == *regions && whole)?;
        let part = |i: usize| rest[i * length..(i + 1) * length].to_vec();
        Some(Self { regions, time_secs: part(0), cost: part(1), mean_sd: part(2), mean_abs_error: part(3) })
    }
}
