//! The paper's simulations, ready to run.
use super::config::{Config, StopConfig};
use crate::{
    acquisition::{AcquisitionConfig, Function},
    composition::{Closure, DIAMETER},
    cost::CostConfig,
    library::{Count, LibraryConfig, PerComponent},
    microscope::MicroscopeConfig,
    planner::{CompositionPrior, GainMethod, PlannerConfig, Rule},
    response::{Amplitudes, ResponseConfig, Scale},
    surrogate::{Family, HyperSource, SurrogateConfig},
};
use serde::Serialize;

/// A named configuration.
#[derive(Clone, Debug, Serialize)]
pub struct Preset {
    /// Name on the command line and in links.
    pub id: &'static str,
    /// `campaign` can be simulated, `capacity` is an estimate.
    pub kind: &'static str,
    /// For people.
    pub title: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// The configuration; absent for an estimate.
    pub config: Option<Config>,
}

/// All presets.
#[must_use]
pub fn presets() -> Vec<Preset> {
    let campaign = |id, title, summary, config| Preset { id, kind: "campaign", title, summary, config: Some(config) };
    vec![
        campaign(
            "figure-3",
            "Figure 3: three components",
            "Au–Co–Ni, 300 × 300 µm², about 1800 particles, 150 iterations.",
            paper(&["Au", "Co", "Ni"], 150),
        ),
        campaign(
            "figure-4a",
            "Figure 4 a–d: four components",
            "Au–Co–Ni–Cu on the same grid, 300 iterations.",
            paper(&["Au", "Co", "Ni", "Cu"], 300),
        ),
        campaign(
            "figure-4e",
            "Figure 4 e–h: five components",
            "Au–Co–Ni–Cu–Pd on the same grid, 300 iterations.",
            paper(&["Au", "Co", "Ni", "Cu", "Pd"], 300),
        ),
        campaign(
            "full-grid",
            "The whole grid",
            "2.67 mm², about 53 000 particles in 2970 regions, 150 iterations.",
            full_grid(),
        ),
        Preset {
            id: "figure-1",
            kind: "capacity",
            title: "Figure 1: capacity of a grid",
            summary: "Expected particle count over the mean radius; an estimate, not a campaign.",
            config: None,
        },
    ]
}

/// The configuration of a campaign preset; `None` when there is none of that name.
#[must_use]
pub fn preset(id: &str) -> Option<Config> {
    presets().into_iter().find(|p| p.id == id).and_then(|p| p.config)
}

fn full_grid() -> Config {
    let mut config = paper(&["Au", "Co", "Ni"], 150);
    (config.library.width_um, config.library.height_um) = (1620.0, 1650.0);
    config
}

/// Section IV.3 with the defaults that the model's documentation settles.
fn paper(elements: &[&str], iterations: u32) -> Config {
    Config {
        seed: 1,
        elements: elements.iter().map(|e| (*e).to_string()).collect(),
        library: LibraryConfig {
            width_um: 300.0,
            height_um: 300.0,
            tile_um: 30.0,
            density_per_um2: 0.02,
            count: Count::Poisson,
            radius_mean_nm: 20.0,
            radius_sd_nm: 10.0,
            dirichlet_alpha: PerComponent::Same(1.0),
            particles: None,
        },
        response: ResponseConfig {
            gaussians: 106,
            width: 0.1,
            amplitudes: Amplitudes::UniformSigned,
            scale: Scale::MinMax,
            table: None,
        },
        cost: CostConfig {
            stage_speed_um_per_s: 10.0,
            retune_secs: 5.0,
            overview_secs: 0.0,
            edx_secs: 10.0,
            eels_secs: 1.0,
            beam_shift_secs: 0.02,
            intra_cost: 1.0,
            cost_per_sec: 1.0,
        },
        microscope: MicroscopeConfig {
            edx_sigma: PerComponent::Same(0.0),
            closure: Closure::LargestSigma,
            value_noise_sd: 0.0,
        },
        surrogate: SurrogateConfig {
            kernel: Family::Rbf,
            // √2 times the width of the response's Gaussians: the length over which their autocorrelation falls.
            length_scale: PerComponent::Same(0.1 * std::f64::consts::SQRT_2),
            prior_sd: 0.55,
            noise_sd: 1e-3,
            mean: 0.0,
            hyper: HyperSource::Fixed,
            fit_mean: false,
            refit_every: 10,
            input_noise: false,
        },
        acquisition: AcquisitionConfig { function: Function::PosteriorSd, xi: 0.0, beta: 2.0, threshold: 0.5 },
        planner: PlannerConfig {
            rule: Rule::Paper,
            gain: GainMethod::Exact,
            gain_pool: 2000,
            monte_carlo_draws: 1000,
            composition_prior: CompositionPrior::Uniform,
            novelty_weight: 0.0,
            novelty_length: DIAMETER,
            fraction: 0.5,
            seed_particles: 3,
            first_region: None,
        },
        stop: StopConfig { iterations: Some(iterations), time_secs: None, cost: None, mean_sd: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_valid_and_every_setting_is_listed() {
        for p in presets() {
            if let Some(config) = p.config {
                let value = serde_json::to_value(&config).unwrap();
                assert_eq!(*Config::from_json(&value).unwrap(), config, "{}", p.id);
                let mut paths = Vec::new();
                leaves(&value, "", &mut paths);
                let listed: Vec<_> = super::super::parameters().iter().map(|p| p.path.to_string()).collect();
                let missing: Vec<_> = paths.iter().filter(|p| !listed.contains(p)).collect();
                assert_eq!(missing, ["library.particles"], "own particles come from a file, not from a control");
                assert_eq!(paths.len() - 1, listed.len(), "nothing is listed that does not exist");
            }
        }
    }

    fn leaves(value: &serde_json::Value, path: &str, out: &mut Vec<String>) {
        match value.as_object() {
            Some(map) => map
                .iter()
                .for_each(|(k, v)| leaves(v, &if path.is_empty() { k.clone() } else { format!("{path}.{k}") }, out)),
            None => out.push(path.to_string()),
        }
    }
}
