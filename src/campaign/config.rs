//! Everything that defines a campaign, and the check that lets it run.
use super::{parameter_table::parameters, parameters::Kind, world::MAX_SCORED};
use crate::{
    acquisition::AcquisitionConfig,
    composition::{Composition, MAX_COMPONENTS, MIN_COMPONENTS},
    cost::CostConfig,
    error::{ConfigError, Invalid},
    library::{Grid, JAMMING_COVERAGE, LibraryConfig, MAX_COVERAGE, PerComponent},
    microscope::MicroscopeConfig,
    planner::{PlannerConfig, Rule},
    response::{KnownValue, MAX_ROWS, ResponseConfig},
    surrogate::SurrogateConfig,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::f64::consts::PI;

/// When to end; the first limit reached ends the campaign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StopConfig {
    /// Iterations after the seed particles.
    pub iterations: Option<u32>,
    /// Instrument time, s.
    pub time_secs: Option<f64>,
    /// Cost, cost units.
    pub cost: Option<f64>,
    /// Mean posterior standard deviation over the library.
    pub mean_sd: Option<f64>,
}

/// A campaign. Plain data; only [`Config::check`] makes it usable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Seed of everything random.
    pub seed: u32,
    /// Names of the components, 2 to 10.
    pub elements: Vec<String>,
    /// The random library.
    pub library: LibraryConfig,
    /// The hidden property.
    pub response: ResponseConfig,
    /// Times and costs.
    pub cost: CostConfig,
    /// Imperfections of the instrument.
    pub microscope: MicroscopeConfig,
    /// The surrogate.
    pub surrogate: SurrogateConfig,
    /// The acquisition.
    pub acquisition: AcquisitionConfig,
    /// The planner.
    pub planner: PlannerConfig,
    /// When to end.
    pub stop: StopConfig,
}

/// A checked configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidConfig(Config);

impl std::ops::Deref for ValidConfig {
    type Target = Config;

    fn deref(&self) -> &Config {
        &self.0
    }
}

/// Most particles that a library may hold in expectation.
const MAX_PARTICLES: f64 = 1e9;
/// Most particles that a tile may hold in expectation: a tile is made and judged as a whole.
const MAX_IN_TILE: f64 = 1e5;
/// Most tiles.
const MAX_TILES: f64 = 4e6;
/// Most particles that the bound which knows them all may know.
const MAX_KNOWN: f64 = 2e5;

/// Most measurements: the factor of the covariance then takes 100 MB and a step a tenth of a second.
const MAX_MEASUREMENTS: f64 = 5000.0;
/// Most numbers kept for points, 8 bytes each; a browser gives a module 4 GB at the very most.
const MAX_NUMBERS: f64 = 2e8;

impl Config {
    /// Read a configuration from JSON.
    ///
    /// # Errors
    /// Names the field that is unknown, missing or of the wrong kind, or lists every value out of range.
    pub fn from_json(value: &Value) -> Result<ValidConfig, Invalid> {
        // Ranges first: they name the field where serde only says what it expected.
        let errors = out_of_range(value);
        if !errors.is_empty() {
            return Err(Invalid(errors));
        }
        let config: Self = serde_json::from_value(value.clone())
            .map_err(|e| ConfigError::new("config", e, "the fields of the configuration schema"))?;
        config.check()
    }

    /// Check every setting and every contradiction between settings.
    ///
    /// # Errors
    /// All of them, each naming field, value and what is allowed.
    pub fn check(self) -> Result<ValidConfig, Invalid> {
        let value = serde_json::to_value(&self).map_err(|e| ConfigError::new("config", e, "finite numbers"))?;
        let mut errors = out_of_range(&value);
        // In JSON these would be null, which here means no limit.
        let stop = [
            ("stop.time_secs", self.stop.time_secs),
            ("stop.cost", self.stop.cost),
            ("stop.mean_sd", self.stop.mean_sd),
        ];
        for (field, limit) in stop {
            if let Some(x) = limit.filter(|x| !x.is_finite()) {
                errors.push(ConfigError::new(field, x, "a finite number, or null"));
            }
        }
        if errors.is_empty() {
            self.contradictions(&mut errors);
        }
        if errors.is_empty() { Ok(ValidConfig(self)) } else { Err(Invalid(errors)) }
    }

    fn contradictions(&self, errors: &mut Vec<ConfigError>) {
        let mut refuse =
            |field: &str, value: String, allowed: String| errors.push(ConfigError::new(field, value, allowed));
        let n = self.elements.len();
        for (i, name) in self.elements.iter().enumerate() {
            if name.trim().is_empty() || self.elements[..i].contains(name) {
                refuse("elements", format!("{:?}", self.elements), "names that are not empty and all different".into());
                break;
            }
        }
        for (field, list) in [
            ("library.dirichlet_alpha", &self.library.dirichlet_alpha),
            ("microscope.edx_sigma", &self.microscope.edx_sigma),
            ("surrogate.length_scale", &self.surrogate.length_scale),
        ] {
            if let PerComponent::Each(list) = list
                && list.len() != n
            {
                refuse(field, format!("a list of {}", list.len()), format!("one number, or {n}: one for each element"));
            }
        }
        if let Some(rows) = &self.response.table {
            check_table(rows, n, &mut refuse);
        }
        let l = &self.library;
        if l.tile_um > l.width_um.min(l.height_um) {
            let allowed = format!("at most {} µm, the smaller side of the area", l.width_um.min(l.height_um));
            refuse("library.tile_um", l.tile_um.to_string(), allowed);
            return;
        }
        let tiles = (l.width_um / l.tile_um).ceil() * (l.height_um / l.tile_um).ceil();
        if tiles > MAX_TILES {
            refuse(
                "library.tile_um",
                l.tile_um.to_string(),
                format!("tiles large enough that there are at most {MAX_TILES}, not {tiles}"),
            );
            return;
        }
        let expected = match &l.particles {
            Some(list) => self.check_particles(list, &mut refuse),
            None => self.check_generated(&mut refuse),
        };
        let grid = Grid::new(l.width_um, l.height_um, l.tile_um);
        if let Some(tile) = self.planner.first_region
            && tile >= grid.tile_count()
        {
            let allowed = format!("a tile of the grid, 0 to {}", grid.tile_count() - 1);
            refuse("planner.first_region", tile.to_string(), allowed);
        }
        if self.planner.rule == Rule::GreedyKnown && expected > MAX_KNOWN {
            let allowed = format!(
                "another rule, or a library of at most {MAX_KNOWN} particles (this one has about {expected:.0})"
            );
            refuse("planner.rule", "greedy_known".into(), allowed);
        }
        self.check_size(expected, &mut refuse);
    }

    /// An exact surrogate keeps a row for each measurement and a number for each measurement and point.
    fn check_size(&self, particles: f64, refuse: &mut impl FnMut(&str, String, String)) {
        let s = &self.stop;
        let by_time = s.time_secs.map_or(f64::INFINITY, |t| t / self.cost.eels_secs);
        let by_cost = s.cost.map_or(f64::INFINITY, |c| c / self.cost.intra_cost);
        let by_count = s.iterations.map_or(f64::INFINITY, f64::from);
        let measurements = by_count.min(by_time).min(by_cost).min(particles).ceil();
        let points = particles.min(MAX_SCORED) + f64::from(self.planner.gain_pool);
        let most = MAX_MEASUREMENTS.min((MAX_NUMBERS / points).floor());
        if measurements > most {
            let allowed = format!(
                "limits on iterations, time or cost that allow at most {most} measurements, not {measurements}: the exact surrogate \
                 keeps a number for each measurement and each of {points:.0} points"
            );
            refuse("stop.iterations", s.iterations.map_or("null".into(), |i| i.to_string()), allowed);
        }
    }

    fn check_generated(&self, refuse: &mut impl FnMut(&str, String, String)) -> f64 {
        let l = &self.library;
        let expected = l.density_per_um2 * l.width_um * l.height_um;
        if !(1.0..=MAX_PARTICLES).contains(&expected) {
            let allowed = format!("a density that puts 1 to {MAX_PARTICLES} particles on the area, not {expected:.3}");
            refuse("library.density_per_um2", l.density_per_um2.to_string(), allowed);
        }
        let (mean, sd) = (l.radius_mean_nm * 1e-3, l.radius_sd_nm * 1e-3);
        let coverage = l.density_per_um2 * PI * (mean * mean + sd * sd);
        if coverage > MAX_COVERAGE {
            let allowed = format!(
                "density and radii that cover at most {MAX_COVERAGE} of the area, not {coverage:.3}: discs placed at random jam at \
                 {JAMMING_COVERAGE}"
            );
            refuse("library.density_per_um2", l.density_per_um2.to_string(), allowed);
        }
        let in_tile = l.density_per_um2 * l.tile_um * l.tile_um;
        if in_tile > MAX_IN_TILE {
            let allowed = format!("tiles that hold at most {MAX_IN_TILE} particles on average, not {in_tile:.0}");
            refuse("library.tile_um", l.tile_um.to_string(), allowed);
        }
        if 2.0 * (mean + 3.0 * sd) > l.tile_um {
            let allowed = format!("radii (mean + 3 sd) of at most {} nm, half a tile", l.tile_um * 500.0);
            refuse("library.radius_mean_nm", l.radius_mean_nm.to_string(), allowed);
        }
        expected
    }

    fn check_particles(
        &self,
        list: &[crate::library::ImportedParticle],
        refuse: &mut impl FnMut(&str, String, String),
    ) -> f64 {
        let (l, n) = (&self.library, self.elements.len());
        if list.is_empty() {
            refuse("library.particles", "an empty list".into(), "at least one particle".into());
        }
        for (i, p) in list.iter().enumerate() {
            let field = format!("library.particles.{i}");
            if !((0.0..=l.width_um).contains(&p.x_um) && (0.0..=l.height_um).contains(&p.y_um)) {
                let allowed = format!("inside the area of {} × {} µm", l.width_um, l.height_um);
                refuse(&field, format!("at ({}, {}) µm", p.x_um, p.y_um), allowed);
            } else if !(p.radius_nm > 0.0 && p.radius_nm.is_finite()) {
                refuse(&format!("{field}.radius_nm"), p.radius_nm.to_string(), "a number above 0".into());
            } else if p.fractions.len() != n {
                let value = format!("{} fractions", p.fractions.len());
                refuse(&format!("{field}.fractions"), value, format!("{n}, one for each element"));
            } else if let Err(e) = Composition::new(&p.fractions) {
                refuse(&format!("{field}.fractions"), e.to_string(), "fractions from 0 to 1 that sum to 1".into());
            } else {
                continue;
            }
            // One bad row names the mistake; a thousand hide it.
            break;
        }
        list.len() as f64
    }
}

/// The first row that cannot be, or what is wrong with all of them.
fn check_table(rows: &[KnownValue], components: usize, refuse: &mut impl FnMut(&str, String, String)) {
    if !(1..=MAX_ROWS).contains(&rows.len()) {
        refuse("response.table", format!("{} rows", rows.len()), format!("1 to {MAX_ROWS} rows"));
    }
    for (i, row) in rows.iter().enumerate() {
        let field = format!("response.table.{i}");
        if row.fractions.len() != components {
            let value = format!("{} fractions", row.fractions.len());
            return refuse(&format!("{field}.fractions"), value, format!("{components}, one for each element"));
        }
        if let Err(e) = Composition::new(&row.fractions) {
            return refuse(&format!("{field}.fractions"), e.to_string(), "fractions from 0 to 1 that sum to 1".into());
        }
        if !(0.0..=1e9).contains(&row.value.abs()) {
            return refuse(&format!("{field}.value"), row.value.to_string(), "a number of magnitude up to 1e9".into());
        }
    }
}

/// Every listed parameter whose value is not in its range.
fn out_of_range(config: &Value) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    for p in parameters() {
        let Some(value) = p.path.split('.').try_fold(config, |v, key| v.get(key)) else { continue };
        let fits = match (p.kind, value) {
            (_, Value::Null) => p.optional,
            (Kind::Number, v) => v.as_f64().is_some_and(|x| p.admits(x)),
            (Kind::Integer, v) => v.as_u64().is_some_and(|x| p.admits(x as f64)),
            (Kind::Numbers, Value::Array(list)) => list.iter().all(|v| v.as_f64().is_some_and(|x| p.admits(x))),
            (Kind::Numbers, v) => v.as_f64().is_some_and(|x| p.admits(x)),
            (Kind::Choice, v) => v.as_str().is_some_and(|v| p.choices.iter().any(|c| c.value == v)),
            (Kind::Flag, v) => v.is_boolean(),
            (Kind::Texts, v) => v.as_array().is_some_and(|list| {
                (MIN_COMPONENTS..=MAX_COMPONENTS).contains(&list.len()) && list.iter().all(Value::is_string)
            }),
        };
        if !fits {
            errors.push(ConfigError::new(p.path, value, p.allowed()));
        }
    }
    errors
}

/// Set one value by its path, as `--set cost.edx_secs=2` does. Text that is no JSON is taken as a string.
///
/// # Errors
/// The path names no setting.
pub fn set_by_path(config: &mut Value, path: &str, text: &str) -> Result<(), ConfigError> {
    let mut at = &mut *config;
    for (depth, key) in path.split('.').enumerate() {
        let known = at.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default();
        at = at.get_mut(key).ok_or_else(|| {
            let parent = path.split('.').take(depth).collect::<Vec<_>>().join(".");
            let allowed = if known.is_empty() { "nothing below it".into() } else { known };
            let place = if parent.is_empty() { String::new() } else { format!(" in {parent}") };
            ConfigError::new(path, format!("no setting{place}"), allowed)
        })?;
    }
    *at = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_string()));
    Ok(())
}
