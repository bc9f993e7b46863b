//! `gridscout serve`: the gateway at the instrument.
use crate::{Outcome, config::Source, instrument, place::Place};
use gridscout::{
    bridge::{
        envelope::Limits,
        server::{Mode, Settings},
    },
    campaign::ValidConfig,
    error::ConfigError,
    gateway::{self, Setup, journal::Journal, store::Store},
};
use serde_json::json;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    instrument: instrument::Choice,
    /// Folder of the experiment: journal, secret of native clients. Made when missing.
    #[arg(long, value_name = "DIR", default_value = "experiment")]
    dir: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Folder of the page.
    #[arg(long, value_name = "DIR", default_value = "www")]
    page: PathBuf,
    /// How far the planner is trusted.
    #[arg(long, value_enum, default_value_t = ModeName::Auto)]
    mode: ModeName,
    /// Limits of the safety envelope, as JSON; what it does not name is that of the grid.
    #[arg(long, value_name = "FILE")]
    limits: Option<PathBuf>,
    /// Write the log, on the standard error stream, as JSON lines.
    #[arg(long)]
    log_json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum ModeName {
    /// Commands go ahead.
    Auto,
    /// Each waits for a supervisor's yes.
    Approve,
    /// Moves go ahead, exposures do not.
    Shadow,
}

/// The file in the experiment's folder by which a native client shows that it may read this folder.
const BEARER: &str = "bearer";
const JOURNAL: &str = "journal.db";
const LOCK: &str = "lock";
/// Raw arrays.
const DATA: &str = "data";

pub fn run(args: &Args) -> Outcome {
    let address = args.place.address()?;
    let config = args.source.load()?;
    fs::create_dir_all(&args.dir)
        .map_err(|e| ConfigError::new("--dir", args.dir.display(), format!("a folder that can be made ({e})")))?;
    let _alone = alone(&args.dir)?;
    let (journal, entries) = Journal::open(&args.dir.join(JOURNAL))?;
    let bearer = args.dir.join(BEARER);
    let bearer = gateway::kept_secret(&bearer)
        .map_err(|e| ConfigError::new("--dir", bearer.display(), format!("a file with a secret ({e})")))?;
    let tls = args.place.tls(&args.dir)?;
    let mut settings = settings(args, &config)?;
    let mut about = json!({
        "gateway": true, "version": env!("CARGO_PKG_VERSION"), "driver": args.instrument.name(),
        "mode": settings.mode, "limits": settings.limits, "preset": args.source.preset(),
        "config": &*config,
    });
    let store = Store::open(&args.dir.join(DATA))?;
    // A log that nobody reads any more is no reason to stop; complaining of it on the same stream would be one.
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).log_internal_errors(false);
    if args.log_json {
        log.json().init()
    } else {
        log.init()
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Before the driver: a gateway that cannot be reached has no business at an instrument.
    let inside = runtime.enter();
    let listener = gateway::listen(address)
        .map_err(|e| ConfigError::new("--port", args.place.port, format!("a free port of {} ({e})", address.ip())))?;
    drop(inside);
    let driver = instrument::driver(&args.instrument, config, &settings.limits, &args.dir)?;
    settings.calibrates_image = args.instrument.calibrates_image(&*driver)?;
    about["image_to_stage"] = json!(driver.image_to_stage());
    runtime.block_on(async {
        say!("gateway   {}://{}/", if tls.is_some() { "https" } else { "http" }, listener.local_addr()?);
        if let Some(tls) = &tls {
            say!("tls       SHA-256 {}", tls.fingerprint());
        }
        say!("journal   {}, {} entries", args.dir.join(JOURNAL).display(), entries.len());
        let page = args.page.is_dir().then(|| args.page.clone());
        let (origins, show_code) = (args.place.origin.clone(), show_code as fn(&str));
        let setup = Setup {
            settings,
            journal: (journal, entries),
            driver,
            store,
            about,
            page,
            origins,
            tls,
            bearer,
            show_code,
        };
        Ok(gateway::serve(listener, setup).await?)
    })
}

/// Two gateways on one experiment would be two hands on one instrument. Held until the process ends, however it ends.
fn alone(dir: &Path) -> Result<File, ConfigError> {
    let path = dir.join(LOCK);
    let allowed = |what: String| ConfigError::new("--dir", dir.display(), what);
    let file = File::create(&path).map_err(|e| allowed(format!("a folder that can be written to ({e})")))?;
    file.try_lock().map_err(|e| allowed(format!("an experiment that no other gateway serves ({e})")))?;
    Ok(file)
}

fn show_code(code: &str) {
    let _ = crate::say(format_args!("code      {code} (opens one session in the page)"));
}

fn settings(args: &Args, config: &ValidConfig) -> Result<Settings, Box<dyn std::error::Error>> {
    let of_the_grid = Limits {
        x_um: (0.0, config.library.width_um),
        y_um: (0.0, config.library.height_um),
        field_um: config.library.tile_um,
        overview_secs: config.cost.overview_secs,
        ..Limits::default()
    };
    let limits = match &args.limits {
        Some(path) => {
            let bad = |e| ConfigError::new("--limits", path.display(), format!("limits as JSON: {e}"));
            let named = serde_json::from_str(&crate::config::read(path)?).map_err(bad)?;
            of_the_grid.with(&named).map_err(bad)?.checked()?
        }
        None => of_the_grid,
    };
    let mode = match args.mode {
        ModeName::Auto => Mode::Auto,
        ModeName::Approve => Mode::Approve,
        ModeName::Shadow => Mode::Shadow,
    };
    Ok(Settings { limits, mode, ..Settings::new(config.elements.len()) })
}
