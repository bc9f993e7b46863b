//! Where a configuration comes from: a preset or a file, a table of particles, single settings.
use gridscout::{
    campaign::{Config, ValidConfig, preset, presets, set_by_path},
    error::{ConfigError, Invalid},
    library::parse_particles_csv,
    response::parse_response_csv,
};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Source {
    /// A preset; see `gridscout presets`.
    #[arg(long, default_value = "figure-3", conflicts_with = "config")]
    preset: String,
    /// A configuration file (JSON; see `gridscout schema`).
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Seed of everything random, 0 … 4294967295.
    #[arg(long, allow_hyphen_values = true)]
    seed: Option<u32>,
    /// Your own particles: a CSV table x_um,y_um,radius_nm,c1,…,cn.
    #[arg(long, value_name = "FILE.csv")]
    particles: Option<PathBuf>,
    /// Your own property: a CSV table value,c1,…,cn; between its rows it is interpolated.
    #[arg(long, value_name = "FILE.csv")]
    response: Option<PathBuf>,
    /// Change one setting; may be repeated.
    #[arg(long = "set", value_name = "path.to.field=value", allow_hyphen_values = true)]
    set: Vec<String>,
}

impl Source {
    /// The preset that the settings began from; none where a file did.
    pub fn preset(&self) -> Option<&str> {
        self.config.is_none().then_some(&*self.preset)
    }

    pub fn load(&self) -> Result<ValidConfig, Box<dyn std::error::Error>> {
        let mut value = match &self.config {
            Some(path) => serde_json::from_str::<serde_json::Value>(&read(path)?)
                .map_err(|e| ConfigError::new(path.display().to_string(), e, "a configuration as JSON"))?,
            None => serde_json::to_value(self.named()?)?,
        };
        for assignment in &self.set {
            let (path, text) = assignment
                .split_once('=')
                .ok_or_else(|| ConfigError::new("--set", assignment, "path.to.field=value"))?;
            set_by_path(&mut value, path.trim(), text.trim())?;
        }
        if let Some(seed) = self.seed {
            set_by_path(&mut value, "seed", &seed.to_string())?;
        }
        if let Some(path) = &self.particles {
            let components = value["elements"].as_array().map_or(0, Vec::len);
            let particles =
                parse_particles_csv(&read(path)?, components).map_err(|e| format!("{}: {e}", path.display()))?;
            let library = value.get_mut("library").and_then(serde_json::Value::as_object_mut);
            let library = library
                .ok_or_else(|| ConfigError::new("library", "no object", "the fields of the configuration schema"))?;
            library.insert("particles".into(), serde_json::to_value(particles)?);
        }
        if let Some(path) = &self.response {
            let components = value["elements"].as_array().map_or(0, Vec::len);
            let table = parse_response_csv(&read(path)?, components).map_err(|e| format!("{}: {e}", path.display()))?;
            let response = value.get_mut("response").and_then(serde_json::Value::as_object_mut);
            let response = response
                .ok_or_else(|| ConfigError::new("response", "no object", "the fields of the configuration schema"))?;
            response.insert("table".into(), serde_json::to_value(table)?);
        }
        // A file may name fields that do not exist; a preset cannot.
        Ok(Config::from_json(&value)?)
    }

    fn named(&self) -> Result<Config, Invalid> {
        preset(&self.preset).ok_or_else(|| {
            let known: Vec<_> = presets().into_iter().filter(|p| p.config.is_some()).map(|p| p.id).collect();
            let is_estimate = presets().iter().any(|p| p.id == self.preset);
            let hint = if is_estimate { " (this one is an estimate: `gridscout capacity`)" } else { "" };
            ConfigError::new("--preset", &self.preset, format!("{}{hint}", known.join(", "))).into()
        })
    }
}

pub fn read(path: &PathBuf) -> Result<String, ConfigError> {
    std::fs::read_to_string(path)
        .map_err(|e| ConfigError::new("file", path.display(), format!("a text file that can be read ({e})")))
}
