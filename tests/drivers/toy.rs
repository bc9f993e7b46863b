//! The process driver with the toy instrument behind it.
use crate::rig::{Rig, conforms, spectrum};
use gridscout::{
    bridge::journal::{Entry, Numbered, State},
    gateway::driver::{Bench, Exposures, Manner, Process, Reduction, Sample, Times},
    gateway::journal::Journal,
    library::ImportedParticle,
    microscope::{Command, Fault, Reading},
};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process, thread,
    time::Duration,
};

const TIMES: Times =
    Times { hello_ms: 20_000, blank_ms: 800, wind_up_ms: 1000, quick_ms: 1200, move_ms: 1200, exposure_ms: 800 };

pub fn manner() -> Manner {
    Manner {
        overview_secs: 0.01,
        pixels: 16,
        look: Duration::from_millis(1),
        move_ms: 500,
        move_ms_per_um: 20.0,
        ..Manner::default()
    }
}

/// Two particles near (15, 15) µm and one near (60, 15) µm.
pub fn sample() -> Exposures {
    let particle = |x_um, y_um| ImportedParticle { x_um, y_um, radius_nm: 200.0, fractions: vec![0.5, 0.25, 0.25] };
    Exposures::Own(Sample {
        particles: [particle(10.0, 10.0), particle(16.0, 15.0), particle(60.0, 15.0)].into(),
        compositions_listed: true,
        reduction: Reduction { window_ev: (110.0, 130.0), reference_ev: Some((-5.0, 5.0)) },
    })
}

pub struct Toy {
    pub rig: Rig,
    trace: PathBuf,
}

impl Toy {
    fn open(name: &str, args: &[&str]) -> Self {
        Self::with_times(name, args, TIMES)
    }

    fn with_times(name: &str, args: &[&str], times: Times) -> Self {
        Self::with_manner(name, args, times, manner())
    }

    /// With images as fine as they are in earnest.
    pub fn with_images(name: &str, args: &[&str]) -> Self {
        let times = Times { quick_ms: 5000, exposure_ms: 10_000, ..TIMES };
        Self::with_manner(name, args, times, Manner { pixels: 256, ..manner() })
    }

    fn with_manner(name: &str, args: &[&str], times: Times, manner: Manner) -> Self {
        let trace = std::env::temp_dir().join(format!("gridscout-toy-{name}-{}", process::id()));
        let _ = fs::remove_file(&trace);
        let arguments = ["toy-instrument", "--trace", trace.to_str().unwrap()].into_iter().chain(args.iter().copied());
        let program = env!("CARGO_BIN_EXE_gridscout").into();
        let process = Process::open(program, arguments.map(Into::into).collect(), times).unwrap();
        let driver = Bench::new(process, manner, sample()).unwrap();
        let seen = trace.clone();
        let rig = Rig {
            driver: Box::new(driver),
            beam_is_on: Box::new(move || last_beam_order(&seen) == Some("unblank_beam".into())),
            places_um: [(15.0, 15.0), (60.0, 15.0)],
            endless_secs: 40.0,
        };
        Self { rig, trace }
    }
}

impl Drop for Toy {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.trace);
    }
}

/// A program that ended has no beam.
fn last_beam_order(trace: &PathBuf) -> Option<String> {
    let text = fs::read_to_string(trace).unwrap_or_default();
    text.lines().rfind(|line| line.ends_with("blank_beam") || *line == "fault die").map(str::to_owned)
}

#[test]
fn a_process_conforms() {
    let mut toy = Toy::open("conforms", &[]);
    let trace = |toy: &Toy| fs::read_to_string(&toy.trace).unwrap();
    assert_eq!(trace(&toy), "blank_beam\n", "the first thing it is told");
    conforms(&mut toy.rig);
    let text = trace(&toy);
    // Beam on, one exposure, beam off.
    for (i, line) in text.lines().enumerate().filter(|(_, line)| *line == "unblank_beam") {
        let next: Vec<&str> = text.lines().skip(i + 1).filter(|op| *op != "stop_stage").take(2).collect();
        assert!(next[0].starts_with("acquire") && next[1] == "blank_beam", "{line} {next:?}");
    }
}

/// One answers as if nothing had happened, the other not before its own time is over.
#[test]
fn an_exposure_that_was_blanked_is_none_whatever_the_program_says() {
    for fault in ["stubborn@acquire_spectrum", "stalling@acquire_spectrum"] {
        conforms(&mut Toy::open(fault, &["--fault", fault]).rig);
    }
}

#[test]
fn particles_are_where_the_matrix_says() {
    let mut toy = Toy::open("matrix", &[]);
    let go = toy.rig.go(0);
    toy.rig.perform(&go).outcome.unwrap();
    let overview = toy.rig.perform(&Command::Overview);
    let Ok(Reading::Particles { particles }) = overview.outcome else { panic!("{overview:?}") };
    assert_eq!(particles.iter().map(|p| p.x_um).collect::<Vec<_>>(), [10.0, 16.0]);
    assert_eq!((overview.raw.len(), overview.raw[0].values.len()), (1, 256));
    // The toy's edge is as high as the probe is far to the right: 5 µm to the left of the middle of 30 µm.
    let measured = toy.rig.perform(&spectrum(0.01));
    let Ok(Reading::Property { value, .. }) = measured.outcome else { panic!("{measured:?}") };
    assert!((value - 200.0 / 3.0 / 5005.0).abs() < 1e-6, "{value}");
    assert_eq!(measured.raw[0].shape, [240]);
    let mapped = toy.rig.perform(&Command::MapComposition { dwell_secs: 1.0 });
    assert!(matches!(mapped.outcome, Ok(Reading::Compositions { compositions }) if compositions.len() == 2));
}

#[test]
fn an_interlock_is_heard_of_in_between() {
    let mut toy = Toy::open("interlock", &["--fault", "interlock@acquire_scanned_image"]);
    let guard = toy.rig.driver.guard();
    assert!(!guard.interlock_open());
    toy.rig.works(0);
    assert!(guard.interlock_open(), "the notice was not heard, or broke the trust");
}

/// From the program through the desk to the journal.
#[test]
fn an_open_interlock_holds_the_gateway() {
    let folder = std::env::temp_dir().join(format!("gridscout-interlock-{}", process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let particles = folder.join("particles.csv");
    fs::write(&particles, "x_um,y_um,radius_nm,c1,c2,c3\n10,10,200,0.5,0.25,0.25\n").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = process::Command::new(env!("CARGO_BIN_EXE_gridscout"));
        command.args(arguments).arg("--particles").arg(&particles);
        command.args(["--set", "cost.overview_secs=0.1"]).stdout(process::Stdio::piped());
        command.stderr(process::Stdio::null()).spawn().unwrap()
    };
    let (dir, trace) = (folder.join("experiment"), folder.join("trace"));
    let (dir, trace) = (dir.to_str().unwrap(), trace.to_str().unwrap());
    let program = env!("CARGO_BIN_EXE_gridscout");
    let mut gateway = run(&[
        "serve",
        "--driver",
        "process",
        "--program",
        program,
        "--program-arg",
        "toy-instrument",
        "--program-arg",
        "--trace",
        "--program-arg",
        trace,
        "--program-arg",
        "--fault",
        "--program-arg",
        "interlock@get_stage",
        "--window",
        "110,130",
        "--compositions",
        "listed",
        "--page",
        "none",
        "--port",
        "0",
        "--dir",
        dir,
    ]);
    let mut line = String::new();
    BufReader::new(gateway.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = format!("{}ws", line.trim_start_matches("gateway").trim().replace("http", "ws"));
    let mut drive = run(&["drive", "--url", &url, "--secret-file", &format!("{dir}/bearer")]);
    let held =
        |entry: &Numbered| matches!(&entry.entry, Entry::State { to: State::Hold, why } if why.contains("interlock"));
    let journal = folder.join("experiment/journal.db");
    let found = (0..200).any(|_| {
        thread::sleep(Duration::from_millis(100));
        Journal::read_only(&journal).is_ok_and(|entries| entries.iter().any(held))
    });
    for child in [&mut drive, &mut gateway] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    fs::remove_dir_all(&folder).unwrap();
    assert!(found, "the journal knows of no interlock");
}

#[test]
fn each_misbehaviour_is_a_typed_fault_and_the_next_command_works() {
    let nonsense = |fault: &Fault| matches!(fault, Fault::Nonsense { .. });
    let timed_out = |fault: &Fault| matches!(fault, Fault::TimedOut);
    let refused = |fault: &Fault| matches!(fault, Fault::Refused { .. });
    type Case = (&'static str, fn(&Fault) -> bool);
    let cases: &[Case] = &[
        ("late@get_stage", timed_out),
        ("silent@acquire_scanned_image", timed_out),
        ("silent@place_beam", timed_out),
        ("hang@acquire_spectrum", timed_out),
        ("silent@unblank_beam", timed_out),
        ("die@move_stage", refused),
        ("die@acquire_spectrum", refused),
        ("die@unblank_beam", refused),
        ("garbage@acquire_spectrum", nonsense),
        ("oversized@acquire_scanned_image", nonsense),
        ("twice@get_stage", nonsense),
        ("twice@acquire_spectrum", nonsense),
        ("wrong_id@acquire_spectrum", nonsense),
        ("wrong_kind@get_stage", nonsense),
        ("wrong_kind@acquire_spectrum", nonsense),
        ("wrong_kind@place_beam", nonsense),
        ("nan@get_stage", nonsense),
        ("nan@acquire_scanned_image", nonsense),
        ("nan@acquire_spectrum", nonsense),
        ("short@acquire_scanned_image", nonsense),
        ("short@acquire_spectrum", nonsense),
        ("refuse@move_stage", refused),
        ("refuse@unblank_beam", refused),
        ("refuse@acquire_spectrum", refused),
        ("restless@move_stage", timed_out),
    ];
    thread::scope(|scope| {
        for (fault, expected) in cases {
            scope.spawn(move || {
                let mut toy = Toy::open(fault, &["--fault", fault]);
                let ops = [toy.rig.go(0), Command::Overview, spectrum(0.01), toy.rig.go(1)];
                let faults: Vec<Fault> = ops.iter().filter_map(|op| toy.rig.perform(op).outcome.err()).collect();
                assert!(faults.first().is_some_and(expected), "{fault}: {faults:?}");
                if *fault != "restless@move_stage" {
                    toy.rig.works(1);
                }
            });
        }
    });
    println!("{} misbehaviours of a program: each a typed fault, the beam off, the next command works", cases.len());
}

/// Reported where it is; the gateway compares.
#[test]
fn a_stage_that_goes_astray_is_reported_where_it_is() {
    let mut toy = Toy::open("astray", &["--fault", "astray@move_stage"]);
    let op = toy.rig.go(0);
    let Ok(Reading::Arrived { x_um, .. }) = toy.rig.perform(&op).outcome else { panic!("no arrival") };
    assert!((x_um - 20.0).abs() < 1e-6, "{x_um}");
}

#[test]
fn a_beam_that_is_not_blanked_is_an_alarm() {
    // The toy blanks when it is started and after the overview image; the third order is refused.
    let args = ["--fault", "refuse@blank_beam", "--after", "2", "--stays-on"];
    let mut toy = Toy::open("alarm", &args);
    let go = toy.rig.go(0);
    toy.rig.perform(&go).outcome.unwrap();
    toy.rig.perform(&Command::Overview).outcome.unwrap();
    let since = toy.rig.driver.guard().orders();
    let performed = toy.rig.driver.perform("a-2", &spectrum(0.01), since);
    assert_eq!(performed.beam_off, Err("no".into()));
}

#[test]
fn a_program_that_hangs_with_the_beam_on_is_left_alone_and_never_asked_again() {
    let times = Times { blank_ms: 500, exposure_ms: 200, ..TIMES };
    let mut toy = Toy::with_times("sealed", &["--fault", "hang@acquire_spectrum", "--stays-on"], times);
    let go = toy.rig.go(0);
    toy.rig.perform(&go).outcome.unwrap();
    toy.rig.perform(&Command::Overview).outcome.unwrap();
    let guard = toy.rig.driver.guard();
    let performed = toy.rig.driver.perform("a-2", &spectrum(0.01), guard.orders());
    assert_eq!(performed.outcome, Err(Fault::TimedOut));
    assert!(performed.beam_off.is_err() && guard.blank().is_err());
    let next = toy.rig.driver.perform("a-3", &go, guard.orders());
    assert!(next.outcome.unwrap_err().to_string().contains("by hand"));
}

#[test]
fn a_program_that_does_not_introduce_itself_is_not_served() {
    for (program, arguments) in [("true", vec![]), ("echo", vec!["{}"]), ("/no/such/program", vec![])] {
        let times = Times { hello_ms: 3000, ..TIMES };
        let arguments = arguments.into_iter().map(Into::into).collect();
        let error = Process::open(program.into(), arguments, times).err().unwrap();
        assert!(error.starts_with(program), "{error}");
    }
}
