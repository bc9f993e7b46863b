//! Random and boundary commands against the safety envelope: what reaches the instrument is judged by a second, plainer set of
//! books. `cargo dev prove envelope` sends a million.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs, clippy::disallowed_methods)]
use gridscout::{
    bridge::{
        envelope::Limits,
        journal::Done,
        server::{Input, Output, Server, Settings},
        wire::{Answer, Call, Hello, Incoming, Outgoing, PROTOCOL, Role, Submit},
    },
    microscope::{Command, Fault, Reading},
    rng::{Purpose, Stream},
};
use std::collections::BTreeMap;

const LIMITS: fn() -> Limits = || Limits {
    x_um: (-50.0, 400.0),
    y_um: (0.0, 300.0),
    // An L: concave, so that a hull would let too much through.
    polygon_um: vec![(-60.0, -10.0), (410.0, -10.0), (410.0, 100.0), (150.0, 100.0), (150.0, 310.0), (-60.0, 310.0)],
    step_um: 250.0,
    particle_dose: 1e7,
    field_dose: 200.0,
    run_nc: 40.0,
    moves: 60,
    ..Limits::default()
};

/// What the instrument was given, counted anew from the numbers alone.
#[derive(Default)]
struct Books {
    at: Option<(f64, f64)>,
    moves: u32,
    charge_pc: f64,
    field: BTreeMap<String, f64>,
    particle: BTreeMap<String, f64>,
}

impl Books {
    fn enter(&mut self, op: &Command) -> Result<(), String> {
        let secs = match *op {
            Command::MoveToRegion { x_um, y_um, .. } => {
                let in_l =
                    (y_um < 100.0 || x_um < 150.0) && (-50.0..=400.0).contains(&x_um) && (0.0..=300.0).contains(&y_um);
                let step = self.at.map_or(0.0, |(x, y)| (x - x_um).hypot(y - y_um));
                self.moves += 1;
                self.at = Some((x_um, y_um));
                return if in_l && step <= 250.0 && self.moves <= 60 {
                    Ok(())
                } else {
                    Err(format!("move of {step} µm"))
                };
            }
            Command::CalibrateImage { x_step_um, y_step_um } => {
                let Some((x, y)) = self.at else { return Err("exposed before any move".into()) };
                let to = |x_um, y_um| Command::MoveToRegion { region: 0, x_um, y_um };
                let [first, second, back] = [to(x + x_step_um, y), to(x, y + y_step_um), to(x, y)];
                let look = Command::Overview;
                return [&look, &first, &look, &second, &look, &back].into_iter().try_for_each(|op| self.enter(op));
            }
            Command::Overview => 1.0,
            Command::MapComposition { dwell_secs } | Command::Spectrum { dwell_secs, .. } => dwell_secs,
        };
        let Some((x, y)) = self.at else { return Err("exposed before any move".into()) };
        if !(secs > 0.0 && secs <= 30.0) {
            return Err(format!("dwell {secs} s"));
        }
        self.charge_pc += 200.0 * secs;
        let electrons = 200e-12 * secs / 1.602_176_634e-19;
        let here = format!("{} {}", (x / 30.0).floor(), (y / 30.0).floor());
        if let Command::Spectrum { particle, .. } = op {
            let dose = self.particle.entry(format!("{here} {particle}")).or_default();
            *dose += electrons / (std::f64::consts::PI * 50.0 * 50.0);
            if *dose > 1e7 * (1.0 + 1e-12) {
                return Err(format!("{dose} on a particle"));
            }
        } else {
            let dose = self.field.entry(here).or_default();
            *dose += electrons / 9e8;
            if *dose > 200.0 * (1.0 + 1e-12) {
                return Err(format!("{dose} on a field"));
            }
        }
        if self.charge_pc > 40_000.0 * (1.0 + 1e-12) { Err("charge of the run".into()) } else { Ok(()) }
    }
}

/// Numbers at and around every limit, and anything else that JSON can say.
fn number(dice: &mut Stream) -> f64 {
    const EDGES: [f64; 16] = [
        0.0,
        -0.0,
        30.0,
        30.000_000_000_000_004,
        100.0,
        150.0,
        250.0,
        300.0,
        400.0,
        400.000_000_1,
        -50.0,
        -50.1,
        1e308,
        -1e308,
        5e-324,
        1e-9,
    ];
    match dice.below(4) {
        0 => EDGES[dice.below(EDGES.len() as u32) as usize],
        1 => 30.0 * dice.uniform(),
        2 => 600.0 * dice.uniform() - 100.0,
        _ => 10.0,
    }
}

fn command(dice: &mut Stream) -> Command {
    match dice.below(5) {
        4 => Command::CalibrateImage { x_step_um: number(dice), y_step_um: number(dice) },
        0 => Command::MoveToRegion { region: dice.below(200), x_um: number(dice), y_um: number(dice) },
        1 => Command::Overview,
        2 => Command::MapComposition { dwell_secs: number(dice) },
        _ => Command::Spectrum { particle: dice.below(4), dwell_secs: number(dice) },
    }
}

/// Commands given and refused in one run of `count`.
fn one_run(seed: u32, count: u32) -> (u32, u32) {
    let mut dice = Stream::new(seed, Purpose::Choice, 99);
    let settings = Settings { limits: LIMITS(), ..Settings::new(3) };
    let mut server = Server::recover(settings, []);
    let (mut books, mut given, mut refused, mut now, mut epoch) = (Books::default(), 0, 0, 0, 0);
    let frame = |id: &str, call| Input::Frame(1, Incoming { id: id.into(), call }.to_text());
    let secret = "s".to_owned();
    server.handle(0, Input::Admit(secret.clone(), Role::Driver));
    server.handle(0, Input::Opened(1));
    let hello = Hello { protocol: PROTOCOL.into(), secret, role: Role::Driver, last_jseq: None };
    server.handle(0, frame("hello", Call::Hello(hello)));
    for i in 0..count {
        now += 60;
        // Beats keep the lease; it is asked for again after a fault of ours.
        let keep = if epoch == 0 { Call::Acquire {} } else { Call::Heartbeat { epoch, n: 1, iteration: 0 } };
        server.handle(now, frame("keep", keep));
        let submit = Submit { cid: format!("c{i}"), epoch, op: command(&mut dice), deadline_ms: 1000 };
        server.handle(now, frame("cmd", Call::Submit(submit)));
        while let Some(output) = server.poll() {
            match output {
                Output::Perform(cid, op) => {
                    given += 1;
                    if let Err(why) = books.enter(&op) {
                        panic!("seed {seed}, command {i}: {op:?} reached the instrument: {why}");
                    }
                    let matrix = [[1.0, 0.0], [0.0, -1.0]];
                    let outcome = match op {
                        // Without it the gateway would be latched.
                        Command::CalibrateImage { .. } => {
                            Ok(Reading::ImageCalibrated { image_to_stage: matrix, stated: matrix, residual_um: 0.0 })
                        }
                        _ => Err(Fault::Refused { reason: "nothing here".into() }),
                    };
                    server.handle(now, Input::Performed(Done::new(cid, 0.0, outcome)));
                }
                Output::Send(_, Outgoing::Answer { result: Ok(Answer::Granted { epoch: granted, .. }), .. }) => {
                    epoch = granted
                }
                Output::Send(_, Outgoing::Answer { result: Err(_), .. }) => refused += 1,
                _ => {}
            }
        }
    }
    (given, refused)
}

#[test]
fn nothing_outside_the_envelope_reaches_the_instrument() {
    let commands: u32 =
        std::env::var("GRIDSCOUT_ENVELOPE_COMMANDS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    const RUN: u32 = 500;
    let runs = commands.div_ceil(RUN);
    let (mut given, mut refused) = (0, 0);
    for seed in 0..runs {
        let (g, r) = one_run(seed, RUN);
        given += g;
        refused += r;
    }
    println!("{} commands: {given} reached the instrument, each inside the envelope; {refused} refused", runs * RUN);
    assert!(given > commands / 50, "the limits were hardly tried: {given} given");
    assert!(refused > commands / 50, "the limits were hardly tried: {refused} refused");
}
