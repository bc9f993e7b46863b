//! The instrument behind `gridscout serve`.
use gridscout::{
    bridge::envelope::Limits,
    campaign::{ValidConfig, World},
    error::ConfigError,
    gateway::driver::{
        Bench, Driver, Exposures, Instamatic, Manner, Misbehaviour, Process, Reduction, Sample, Simulated, Times,
        Window,
    },
    microscope,
};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    str::FromStr,
};

#[derive(clap::Args)]
pub struct Choice {
    /// The instrument.
    #[arg(long, value_enum)]
    driver: Kind,
    /// Time of what is simulated: 1 is real time, 0 none.
    #[arg(long, default_value_t = 1.0)]
    time_scale: f64,
    /// simulated: what goes wrong, as JSON; see the page of the driver.
    #[arg(long, value_name = "FILE")]
    misbehave: Option<PathBuf>,
    /// process: the program.
    #[arg(long, value_name = "PROGRAM", required_if_eq("driver", "process"))]
    program: Option<OsString>,
    /// process: an argument of the program; may be repeated.
    #[arg(long, value_name = "ARGUMENT", allow_hyphen_values = true)]
    program_arg: Vec<OsString>,
    /// instamatic: its TEM server.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8088")]
    server: String,
    /// instamatic: speed of the stage in Instamatic's units (12 is full speed); no order is taken while it then moves.
    #[arg(long, value_name = "SPEED")]
    stage_speed: Option<f64>,
    /// Who exposes: the instrument itself about the listed particles, nobody, or the engine's own microscope, which knows nothing
    /// of the instrument.
    #[arg(long, value_enum)]
    exposures: Option<ExposuresName>,
    /// Whether a composition map may be answered from the table of particles, for instruments without EDX.
    #[arg(long, value_enum, default_value_t = CompositionsName::Refused)]
    compositions: CompositionsName,
    /// How the image lies on the stage: measured before anything else is exposed, or believed as the driver states it. By default
    /// measured by the instruments whose own images are used.
    #[arg(long, value_enum)]
    image_axes: Option<AxesName>,
    /// Stage position of the corner of the grid.
    #[arg(long, value_name = "X_UM,Y_UM", default_value = "0,0", allow_hyphen_values = true)]
    grid_corner: Pair,
    /// Energy window whose counts are the property.
    #[arg(long, value_name = "FROM_EV,TO_EV", allow_hyphen_values = true)]
    window: Option<Pair>,
    /// Energy window that they are divided by; the whole spectrum when there is none.
    #[arg(long, value_name = "FROM_EV,TO_EV", allow_hyphen_values = true)]
    reference: Option<Pair>,
}

impl Choice {
    /// Whether it is measured how the image lies on the stage.
    pub fn calibrates_image(&self, driver: &dyn Driver) -> Result<bool, ConfigError> {
        match self.image_axes {
            Some(AxesName::Measured) if !driver.can_calibrate_image() => Err(ConfigError::new(
                "--image-axes",
                "measured",
                "stated: no images of its own come from this instrument",
            )),
            Some(name) => Ok(name == AxesName::Measured),
            None => Ok(self.driver == Kind::Process && driver.can_calibrate_image()),
        }
    }

    /// As people call it.
    pub fn name(&self) -> String {
        let plain = match self.driver {
            Kind::Simulated => return "simulated".into(),
            Kind::Process => self.program.as_deref().unwrap_or_default().to_string_lossy().into_owned(),
            Kind::Instamatic => "Instamatic".into(),
        };
        match self.exposures {
            Some(ExposuresName::Simulated) => format!("{plain}, exposures simulated"),
            _ => plain,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// The engine's own microscope.
    Simulated,
    /// A program that speaks JSON lines.
    Process,
    /// Instamatic's TEM server: its stage and blanker.
    Instamatic,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ExposuresName {
    Own,
    Refused,
    Simulated,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum CompositionsName {
    Refused,
    Listed,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum AxesName {
    Measured,
    Stated,
}

/// Two numbers with a comma between.
#[derive(Clone, Copy)]
struct Pair(f64, f64);

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse().ok().filter(|x: &f64| x.is_finite());
        let pair = text.split_once(',').and_then(|(a, b)| Some(Self(number(a)?, number(b)?)));
        pair.ok_or_else(|| "two numbers with a comma between".into())
    }
}

type Made<T> = Result<T, Box<dyn std::error::Error>>;

/// What the simulated instrument did.
const BOOK: &str = "instrument.jsonl";

/// Instamatic's server answers in a millisecond when nothing is wrong.
const INSTAMATIC_MS: u64 = 2000;

/// The driver for `config`, whose experiment is kept in `dir`.
pub fn driver(args: &Choice, config: ValidConfig, limits: &Limits, dir: &Path) -> Made<Box<dyn Driver>> {
    if !(0.0..=1000.0).contains(&args.time_scale) {
        return Err(ConfigError::new("--time-scale", args.time_scale, "0 to 1000").into());
    }
    let manner = Manner {
        corner_um: (args.grid_corner.0, args.grid_corner.1),
        field_um: config.library.tile_um,
        overview_secs: limits.overview_secs,
        arrival_um: limits.arrival_um,
        ..Manner::default()
    };
    match args.driver {
        Kind::Simulated => {
            let book = dir.join(BOOK);
            let (field_um, seed) = (config.library.tile_um, config.seed);
            let simulated = Simulated::new(microscope(config)?, args.time_scale)
                .with_pictures(field_um, seed)
                .misbehaving(misbehaviour(args.misbehave.as_ref())?);
            let with_book = simulated.with_book(&book);
            Ok(Box::new(with_book.map_err(|e| {
                ConfigError::new("--dir", book.display(), format!("a book of the simulated instrument ({e})"))
            })?))
        }
        Kind::Process => {
            let exposures = exposures(args, config, ExposuresName::Own)?;
            if matches!(exposures, Exposures::Own(_)) {
                countable(&manner, limits)?;
            }
            let program = args.program.clone().unwrap_or_default();
            let shown = program.display().to_string();
            let process = Process::open(program, args.program_arg.clone(), Times::default())
                .map_err(|e| ConfigError::new("--program", shown, format!("a program of the protocol ({e})")))?;
            Ok(Box::new(Bench::new(process, manner, exposures)?))
        }
        Kind::Instamatic => {
            if args.exposures == Some(ExposuresName::Own) {
                let allowed = "refused, simulated: Instamatic's TEM server has no scan, no EDX and no EELS";
                return Err(ConfigError::new("--exposures", "own", allowed).into());
            }
            if let Some(speed) = args.stage_speed.filter(|speed| !(*speed > 0.0 && *speed <= 12.0)) {
                return Err(ConfigError::new("--stage-speed", speed, "above 0, up to 12").into());
            }
            let exposures = exposures(args, config, ExposuresName::Refused)?;
            let instamatic = Instamatic::open(&args.server, args.stage_speed, INSTAMATIC_MS)
                .map_err(|e| ConfigError::new("--server", &args.server, format!("Instamatic's TEM server ({e})")))?;
            Ok(Box::new(Bench::new(instamatic, manner, exposures)?))
        }
    }
}

fn misbehaviour(file: Option<&PathBuf>) -> Result<Misbehaviour, ConfigError> {
    let Some(path) = file else { return Ok(Misbehaviour::default()) };
    serde_json::from_str::<Misbehaviour>(&crate::config::read(path)?)
        .map_err(|e| ConfigError::new("--misbehave", path.display(), format!("misbehaviour as JSON: {e}")))?
        .checked()
}

fn exposures(args: &Choice, config: ValidConfig, usual: ExposuresName) -> Made<Exposures> {
    match args.exposures.unwrap_or(usual) {
        ExposuresName::Refused => Ok(Exposures::Refused),
        ExposuresName::Simulated => {
            Ok(Exposures::Simulated { microscope: Box::new(microscope(config)?), scale: args.time_scale })
        }
        ExposuresName::Own => {
            let particles = config.library.particles.as_deref().ok_or_else(|| {
                ConfigError::new("--particles", "no table", "a table of the particles, so that no image is segmented")
            })?;
            let window =
                args.window.ok_or_else(|| ConfigError::new("--window", "none", "the window of the property"))?;
            let reduction = Reduction {
                window_ev: rising("--window", window)?,
                reference_ev: args.reference.map(|p| rising("--reference", p)).transpose()?,
            };
            let compositions_listed = args.compositions == CompositionsName::Listed;
            Ok(Exposures::Own(Sample { particles: particles.into(), compositions_listed, reduction }))
        }
    }
}

/// What the envelope counts must be what is exposed.
fn countable(manner: &Manner, limits: &Limits) -> Result<(), ConfigError> {
    if limits.field_um != manner.field_um {
        let allowed = format!("{} µm, the field of view of the configuration", manner.field_um);
        return Err(ConfigError::new("--limits field_um", limits.field_um, allowed));
    }
    if limits.overview_secs <= 0.0 {
        return Err(ConfigError::new("--limits overview_secs", limits.overview_secs, "the time of an overview image"));
    }
    Ok(())
}

fn rising(field: &str, Pair(low, high): Pair) -> Result<Window, ConfigError> {
    let allowed = "two energies, the second above the first";
    if low < high { Ok((low, high)) } else { Err(ConfigError::new(field, format!("{low},{high}"), allowed)) }
}

fn microscope(config: ValidConfig) -> Made<microscope::Simulated> {
    let mut world = World::new(config);
    while world.advance(1000.0)? < 1.0 {}
    Ok(world.open()?.1)
}
