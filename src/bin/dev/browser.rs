//! Chromium and its driver.

use crate::problem::Problem;
use crate::{apt, run};
use std::path::PathBuf;

pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

const REMEDY: &str = "install Chromium and ChromeDriver of the same version (on Debian as root: apt-get install chromium \
                      chromium-driver), or name them by the environment variables CHROMIUM and CHROMEDRIVER";

/// Finds both, or installs them where that is possible.
pub fn ensure() -> Result<Browser, Problem> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    // Where the user named one that is not there, installing another would not help.
    let named = ["CHROMIUM", "CHROMEDRIVER"].iter().any(|variable| std::env::var_os(variable).is_some());
    if !named {
        apt::install(&["chromium", "chromium-driver"])?;
    }
    find().ok_or_else(|| Problem::Missing { what: "Chromium or ChromeDriver".into(), remedy: REMEDY.into() })
}

fn find() -> Option<Browser> {
    let named = |variable: &str, programs: &[&str]| match std::env::var_os(variable) {
        Some(path) => Some(PathBuf::from(path)).filter(|path| path.is_file()),
        None => programs.iter().find_map(|program| run::on_path(program)),
    };
    Some(Browser {
        chromium: named("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])?,
        driver: named("CHROMEDRIVER", &["chromedriver"])?,
    })
}
