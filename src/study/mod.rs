//! Ensembles: many campaigns that differ in seed, rule and one or two settings, and what is typical of them.
//!
//! A [`Plan`] numbers its campaigns; each is run by itself, anywhere and in any order ([`run`]); [`Plan::summarise`] puts
//! them together. The page's Workers and the command line's threads do the same and get the same numbers.
mod run;
mod summary;
mod win;

pub use run::{Outcome, Run, run};
pub use summary::{Band, Bands, CellSummary, Quartiles, Reached, Study, Unfinished};
pub use win::{Rival, SIGNIFICANCE, Win};

use crate::{
    campaign::{Config, ValidConfig, set_by_path},
    error::{ConfigError, Invalid},
    planner::Rule,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most campaigns of one study; more are for several.
pub const MAX_CAMPAIGNS: u64 = 1_000_000;
/// Most values of one axis.
const MAX_VALUES: usize = 100;

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// The configuration that everything else departs from.
    pub config: Value,
    /// First seed.
    pub first_seed: u32,
    /// Last seed, at least the first.
    pub last_seed: u32,
    /// Rules that compete; the configuration's own when there is none.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Settings that are swept: none, one or two.
    #[serde(default)]
    pub axes: Vec<Axis>,
    /// Mean absolute error whose first time is looked for.
    #[serde(default)]
    pub target_error: Option<f64>,
}

/// A setting and its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Axis {
    /// Its path in the configuration, `cost.stage_speed_um_per_s`.
    pub path: String,
    /// 1 to 100 of them.
    pub values: Vec<Value>,
}

/// One configuration of a study.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The rule in force.
    pub rule: Rule,
    /// Value of each axis.
    pub values: Vec<Value>,
    /// The checked configuration, but for the seed.
    pub config: ValidConfig,
}

/// A checked study.
#[derive(Clone, Debug)]
pub struct Plan {
    spec: Spec,
    cells: Vec<Cell>,
}

impl Plan {
    /// Check everything before anything is run.
    ///
    /// # Errors
    /// Names the field of the study, or the setting of the configuration that one of the cells cannot have.
    pub fn new(spec: Spec) -> Result<Self, Invalid> {
        let refuse = |field: &str, value: String, allowed: &str| Err(ConfigError::new(field, value, allowed).into());
        if spec.last_seed < spec.first_seed {
            let value = format!("{}..{}", spec.first_seed, spec.last_seed);
            return refuse("seeds", value, "first..last, the last at least the first");
        }
        if spec.axes.len() > 2 {
            return refuse("axes", format!("{} of them", spec.axes.len()), "at most 2");
        }
        if let Some(axis) = spec.axes.iter().find(|axis| !(1..=MAX_VALUES).contains(&axis.values.len())) {
            return refuse(&axis.path, format!("{} values", axis.values.len()), "1 to 100 values");
        }
        if let Some(target) = spec.target_error.filter(|target| !(*target > 0.0 && target.is_finite())) {
            return refuse("target_error", target.to_string(), "a number above 0");
        }
        refuse_idle(&spec)?;
        let mut cells = Vec::new();
        for values in combinations(&spec.axes) {
            let mut config = spec.config.clone();
            for (axis, value) in spec.axes.iter().zip(&values) {
                set_by_path(&mut config, &axis.path, &value.to_string())?;
            }
            let own = Config::from_json(&config)?;
            for rule in if spec.rules.is_empty() { vec![own.planner.rule] } else { spec.rules.clone() } {
                let mut config = Config::clone(&own);
                config.planner.rule = rule;
                cells.push(Cell { rule, values: values.clone(), config: config.check()? });
            }
        }
        let plan = Self { spec, cells };
        if plan.campaigns() > MAX_CAMPAIGNS {
            let value = format!("{} campaigns", plan.campaigns());
            return refuse("seeds", value, "at most 1000000 campaigns; run several studies");
        }
        Ok(plan)
    }

    /// Every configuration; rules change fastest, then the last axis.
    #[must_use]
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Number of seeds.
    #[must_use]
    pub fn seeds(&self) -> u64 {
        u64::from(self.spec.last_seed - self.spec.first_seed) + 1
    }

    /// Number of campaigns, of all cells together.
    #[must_use]
    pub fn campaigns(&self) -> u64 {
        self.cells.len() as u64 * self.seeds()
    }

    /// Run one campaign (0 ≤ `campaign` < [`Self::campaigns`]): seeds change fastest.
    ///
    /// # Errors
    /// There is none of this number, or this seed draws a library that cannot be explored.
    pub fn run(&self, campaign: u64) -> Result<Run, Invalid> {
        let (cell, seed) = (campaign / self.seeds(), campaign % self.seeds());
        let cell = usize::try_from(cell)
            .ok()
            .and_then(|cell| self.cells.get(cell))
            .ok_or_else(|| ConfigError::new("campaign", campaign, format!("below {}", self.campaigns())))?;
        // Below 2³²: it is the distance of two seeds.
        run(&cell.config, self.spec.first_seed + seed as u32)
    }

    /// Put the campaigns together, in the order of their numbers; those after the last have not been run.
    #[must_use]
    pub fn summarise(&self, outcomes: &[Outcome]) -> Study {
        summary::summarise(&self.spec, &self.cells, self.seeds() as usize, outcomes)
    }
}

/// What would be run and change nothing, under a label that says it does.
fn refuse_idle(spec: &Spec) -> Result<(), ConfigError> {
    let again = |i: &usize| spec.rules[..*i].contains(&spec.rules[*i]);
    if let Some(i) = (0..spec.rules.len()).find(again) {
        let rule = serde_json::to_string(&spec.rules[i]).unwrap_or_default();
        return Err(ConfigError::new("rules", format!("{rule} twice"), "each rule once"));
    }
    if let [one, other] = &spec.axes[..] {
        let within = |a: &Axis, b: &Axis| a.path == b.path || a.path.starts_with(&format!("{}.", b.path));
        if within(one, other) || within(other, one) {
            let value = format!("swept beside {}", other.path);
            return Err(ConfigError::new(&one.path, value, "two settings, neither of them within the other"));
        }
    }
    for axis in &spec.axes {
        let instead = match axis.path.as_str() {
            "seed" => "a setting; seeds are the first and the last of the study",
            "planner.rule" if !spec.rules.is_empty() => "a setting that the rules of the study leave as it is",
            _ => continue,
        };
        return Err(ConfigError::new(&axis.path, "swept", instead));
    }
    Ok(())
}

fn combinations(axes: &[Axis]) -> Vec<Vec<Value>> {
    axes.iter().fold(vec![Vec::new()], |before, axis| {
        let with = |values: &Vec<Value>| {
            let values = values.clone();
            axis.values
                .iter()
                .map(move |value| [values.as_slice(), std::slice::from_ref(value)].concat())
                .collect::<Vec<_>>()
        };
        before.iter().flat_map(with).collect()
    })
}
