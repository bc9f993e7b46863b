//! `gridscout toy-instrument`: the smallest program that `--driver process` can work with, to try it, to test it, and to begin
//! one's own from. It has a stage, a scanned image and a spectrum; told so, it misbehaves.
use crate::Outcome;
use gridscout::num;
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{BufRead, Write},
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

#[derive(clap::Args)]
pub struct Args {
    /// Write each operation to this file, and what goes wrong.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Do something wrong, once for each trace file: late, silent, hang, die, garbage, oversized, twice, wrong_id, wrong_kind, nan,
    /// short, refuse, interlock, astray, restless, stubborn, stalling.
    #[arg(long, value_name = "KIND@OPERATION", requires = "trace")]
    fault: Option<String>,
    /// Do that operation well so many times before.
    #[arg(long, default_value_t = 0)]
    after: u32,
    /// Say that the beam stays on when this program ends.
    #[arg(long)]
    stays_on: bool,
    /// Turn the image by this much against what is said of it, counter-clockwise, degrees.
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    turned_deg: f64,
    /// Show everything in the same place of the image, wherever the stage is: dirt on the detector.
    #[arg(long)]
    stuck: bool,
}

/// The protocol, and everything it can do.
const OPERATIONS: [&str; 9] = [
    "acquire_scanned_image",
    "acquire_spectrum",
    "place_beam",
    "move_stage",
    "get_stage",
    "set_fov",
    "blank_beam",
    "unblank_beam",
    "stop_stage",
];
const CHANNELS: usize = 240;
/// Longer than any driver under test waits.
const LATE: Duration = Duration::from_secs(3);

#[derive(Default)]
struct State {
    beam_on: bool,
    at_m: (f64, f64),
    to_m: (f64, f64),
    probe_x: f64,
    fov_m: f64,
    /// The stage goes elsewhere, or never comes to rest.
    astray: bool,
    restless: bool,
    /// Exposures go on when the beam is blanked: as if nothing had been, or until their own time is over.
    stubborn: bool,
    stalling: bool,
}

struct Toy {
    state: Mutex<State>,
    blanked: Condvar,
    out: Mutex<std::io::Stdout>,
    trace: Option<Mutex<File>>,
    turned_rad: f64,
    stuck: bool,
    /// Kind, operation, and how often it still goes well.
    fault: Mutex<Option<(String, String, u32)>>,
}

pub fn run(args: &Args) -> Outcome {
    let trace = args.trace.as_ref().map(|path| File::options().create(true).append(true).open(path)).transpose()?;
    let done = args.trace.as_ref().map(std::fs::read_to_string).transpose()?.unwrap_or_default().contains("fault");
    let fault = args.fault.as_deref().filter(|_| !done).and_then(|text| text.split_once('@'));
    let toy = Arc::new(Toy {
        state: Mutex::default(),
        blanked: Condvar::new(),
        out: Mutex::new(std::io::stdout()),
        trace: trace.map(Mutex::new),
        turned_rad: args.turned_deg.to_radians(),
        stuck: args.stuck,
        fault: Mutex::new(fault.map(|(kind, op)| (kind.to_owned(), op.to_owned(), args.after))),
    });
    toy.write(&json!({
        "hello": "gridscout.instrument.v1",
        "name": "toy",
        "version": env!("CARGO_PKG_VERSION"),
        "operations": OPERATIONS,
        "image_to_stage": [[1.0, 0.0], [0.0, -1.0]],
        "blanks_on_exit": !args.stays_on,
    }));
    // What takes long waits in a queue; what is urgent does not.
    let (queue, requests) = mpsc::channel::<Value>();
    let worker = toy.clone();
    thread::spawn(move || requests.iter().for_each(|request| worker.serve(&request)));
    for line in std::io::stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        if matches!(request["op"].as_str(), Some("blank_beam" | "stop_stage")) {
            toy.serve(&request);
        } else {
            queue.send(request)?;
        }
    }
    // The other side is gone: beam off.
    let _ = toy.perform("blank_beam", &Value::Null);
    Ok(())
}

impl Toy {
    fn serve(&self, request: &Value) {
        let (id, op) = (request["id"].clone(), request["op"].as_str().unwrap_or_default());
        let due = {
            let mut fault = lock(&self.fault);
            match &mut *fault {
                Some((_, at, 0)) if at == op => fault.take().map(|(kind, ..)| kind),
                Some((_, at, left)) if at == op => {
                    *left -= 1;
                    None
                }
                _ => None,
            }
        };
        let Some(kind) = due else {
            return match self.perform(op, request) {
                Ok(value) => self.write(&json!({ "id": id, "ok": value })),
                Err(text) => self.write(&json!({ "id": id, "error": text })),
            };
        };
        self.note(&format!("fault {kind}"));
        {
            let mut state = lock(&self.state);
            state.astray |= kind == "astray";
            state.restless |= kind == "restless";
            state.stubborn |= kind == "stubborn";
            state.stalling |= kind == "stalling";
        }
        let good = |toy: &Self| json!({ "id": id, "ok": toy.perform(op, request).unwrap_or_default() });
        match kind.as_str() {
            "late" => {
                thread::sleep(LATE);
                self.write(&good(self));
            }
            "silent" => {}
            "hang" => {
                let _all = lock(&self.out);
                thread::sleep(Duration::from_secs(3600));
            }
            "die" => std::process::exit(1),
            "garbage" => self.write_line(b"Traceback (most recent call last):\n"),
            "oversized" => self.write_line(&[b' '; 7 * 1024 * 1024]),
            "twice" => {
                let reply = good(self);
                self.write(&reply);
                self.write(&reply);
            }
            "wrong_id" => self.write(&json!({ "id": 999_999, "ok": {} })),
            "wrong_kind" => self.write(&json!({ "id": id, "ok": { "surprise": true } })),
            "nan" if op == "get_stage" => {
                self.write_line(format!("{{\"id\":{id},\"ok\":{{\"x_m\":NaN,\"y_m\":0}}}}\n").as_bytes());
            }
            "nan" | "short" => {
                let mut reply = good(self);
                let name = if op == "acquire_spectrum" { "counts" } else { "values" };
                let bad = if kind == "nan" { vec![f32::NAN; CHANNELS] } else { vec![1.0; 7] };
                reply["ok"][name] = json!(floats(&bad));
                if kind == "short" && op == "acquire_spectrum" {
                    reply["ok"][name] = json!("AAAAAA==");
                }
                self.write(&reply);
            }
            "interlock" => {
                self.write(&json!({ "interlock": "open" }));
                self.write(&good(self));
            }
            "astray" | "restless" | "stubborn" | "stalling" => self.write(&good(self)),
            _ => self.write(&json!({ "id": id, "error": "no" })),
        }
    }

    fn perform(&self, op: &str, request: &Value) -> Result<Value, String> {
        self.note(op);
        let mut state = lock(&self.state);
        let number = |name: &str| request[name].as_f64().ok_or(format!("{name} is missing"));
        match op {
            "blank_beam" => {
                state.beam_on = false;
                self.blanked.notify_all();
            }
            "unblank_beam" => state.beam_on = true,
            "stop_stage" => state.to_m = state.at_m,
            "set_fov" => state.fov_m = number("fov_m")?,
            "place_beam" => state.probe_x = number("x")?,
            "move_stage" => state.to_m = (number("x_m")?, number("y_m")?),
            "get_stage" => {
                let moving = state.at_m != state.to_m || state.restless;
                // Half of the way, then all of it: whoever believes the first look is wrong.
                let half = |at: f64, to: f64| if (to - at).abs() < 1e-8 { to } else { (at + to) / 2.0 };
                state.at_m = (half(state.at_m.0, state.to_m.0), half(state.at_m.1, state.to_m.1));
                let off_m = if state.astray { 5e-6 } else { 0.0 };
                return Ok(json!({ "x_m": state.at_m.0 + off_m, "y_m": state.at_m.1, "moving": moving }));
            }
            "acquire_scanned_image" => {
                let pixels = number("pixels")? as usize;
                let secs = number("dwell_secs")? * (pixels * pixels) as f64;
                let (at_m, fov_m) = (if self.stuck { (0.0, 0.0) } else { state.at_m }, state.fov_m);
                let beam = self.expose(state, secs)?;
                let (sin, cos) = (num::sin(self.turned_rad), num::cos(self.turned_rad));
                let part = |i: usize| ((i as f64 + 0.5) / pixels as f64 - 0.5) * fov_m * 1e6;
                let light = |i: usize| {
                    let (x, y) = (part(i % pixels), -part(i / pixels));
                    beam * brightness(at_m.0 * 1e6 + cos * x - sin * y, at_m.1 * 1e6 + sin * x + cos * y)
                };
                let values: Vec<f32> = (0..pixels * pixels).map(light).collect();
                return Ok(json!({ "values": floats(&values) }));
            }
            "acquire_spectrum" => {
                let edge = state.probe_x as f32;
                let beam = self.expose(state, number("exposure_secs")?)?;
                // A zero-loss peak of five channels, and an edge at 100 eV as high as the probe is far to the right.
                let count = |i: usize| match i {
                    18..=22 => 1000.0,
                    120.. => edge * 10.0,
                    _ => 1.0,
                };
                let counts: Vec<f32> = (0..CHANNELS).map(|i| beam * count(i)).collect();
                return Ok(json!({ "first_ev": -20.0, "step_ev": 1.0, "counts": floats(&counts) }));
            }
            _ => return Err(format!("{op} is unknown")),
        }
        Ok(json!({}))
    }

    /// 1 with the beam on, 0 without; an error when it was blanked meanwhile.
    fn expose(&self, state: MutexGuard<'_, State>, secs: f64) -> Result<f32, String> {
        if !state.beam_on {
            return Ok(0.0);
        }
        let time = Duration::from_secs_f64(secs.clamp(0.0, 60.0));
        let goes_on = |state: &mut State| state.beam_on || state.stalling;
        let waited = self.blanked.wait_timeout_while(state, time, goes_on);
        let state = waited.unwrap_or_else(PoisonError::into_inner).0;
        if state.beam_on || state.stubborn { Ok(1.0) } else { Err("the beam was blanked".into()) }
    }

    fn write(&self, value: &Value) {
        self.write_line(format!("{value}\n").as_bytes());
    }

    fn write_line(&self, bytes: &[u8]) {
        let mut out = lock(&self.out);
        // Nobody reads any more: the end of the input will say so.
        let _ = out.write_all(bytes).and_then(|()| out.flush());
    }

    fn note(&self, text: &str) {
        if let Some(trace) = &self.trace {
            let _ = lock(trace).write_all(format!("{text}\n").as_bytes());
        }
    }
}

/// Of a place on the stage, µm: one spot somewhere in each square of 3 µm.
fn brightness(x_um: f64, y_um: f64) -> f32 {
    const SQUARE_UM: f64 = 3.0;
    let square = |um: f64| (um / SQUARE_UM).floor() as i64;
    let spot = |column: i64, row: i64| {
        let mixed = (column.wrapping_mul(73_856_093) ^ row.wrapping_mul(19_349_663))
            .wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64);
        let share = |bits: i64| (bits & 0xFF) as f64 / 256.0;
        ((column as f64 + share(mixed >> 40)) * SQUARE_UM, (row as f64 + share(mixed >> 48)) * SQUARE_UM)
    };
    let around = (-1..=1).flat_map(|row| (-1..=1).map(move |column| (column, row)));
    let light = around.map(|(column, row)| {
        let (x, y) = spot(square(x_um) + column, square(y_um) + row);
        let (dx, dy) = (x - x_um, y - y_um);
        num::exp(-(dx * dx + dy * dy) / 0.3)
    });
    light.sum::<f64>() as f32
}

fn floats(values: &[f32]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
