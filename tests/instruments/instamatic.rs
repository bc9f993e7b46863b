//! Against a running Instamatic server: stage times as predicted and as measured, and a campaign over its stage.
use crate::gateway::{Gateway, Running, gridscout, python};
use gridscout::microscope::{Command, Reading};
use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{self, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Instamatic's own unit; the simulated stage then moves 10 µm in a second.
const SPEED: &str = "1.2";
const SPEED_UM_PER_S: f64 = 10.0;
const DISTANCES_UM: [f64; 4] = [5.0, 15.0, 30.0, 45.0];
const ROUNDS: usize = 3;

#[test]
#[ignore = "installs Instamatic: cargo dev prove instamatic"]
fn instamatic() {
    let folder = std::env::temp_dir().join(format!("gridscout-instamatic-files-{}", process::id()));
    let (_server, address) = server(&folder);
    let speed = format!("cost.stage_speed_um_per_s={SPEED_UM_PER_S}");
    let arguments = ["--driver", "instamatic", "--server", &address, "--stage-speed", SPEED, "--set", &speed];
    let gateway = Gateway::open("instamatic", &arguments);
    let mut driver = gateway.driver();
    let mut move_to = |x_um: f64| {
        let done = driver.perform(Command::MoveToRegion { region: 0, x_um, y_um: 15.0 });
        let Ok(Reading::Arrived { x_um: at, y_um }) = done.outcome else { panic!("{done:?}") };
        assert!((at - x_um).abs() < 0.01 && (y_um - 15.0).abs() < 0.01, "arrived at ({at}, {y_um}) µm");
        done.took_secs
    };
    let mut at_um = 15.0;
    println!("to the start                     {:6.2} s", move_to(at_um));
    let mut moves = Vec::new();
    println!("distance µm   predicted s   measured s");
    for _ in 0..ROUNDS {
        for distance_um in DISTANCES_UM {
            at_um += if at_um < 150.0 { distance_um } else { -distance_um };
            let took_secs = move_to(at_um);
            println!("{distance_um:11.0} {:13.2} {took_secs:12.2}", distance_um / SPEED_UM_PER_S);
            moves.push((distance_um, took_secs));
        }
    }
    let (overhead_secs, speed) = fitted(&moves);
    println!("fitted: {overhead_secs:.2} s + d / {speed:.2} µm/s");
    println!("{}", gateway.verified());
    assert!(
        (speed / SPEED_UM_PER_S - 1.0).abs() <= 0.1,
        "the fitted speed is not within 10 % of {SPEED_UM_PER_S} µm/s"
    );
    drop(gateway);
    campaign(&address);
    let _ = fs::remove_dir_all(&folder);
}

/// The real stage; exposures by the engine's microscope.
fn campaign(address: &str) {
    let exposures = ["--exposures", "simulated", "--time-scale", "0.001", "--set", "stop.iterations=20"];
    let gateway = Gateway::open(
        "instamatic-campaign",
        &[["--driver", "instamatic", "--server", address].as_slice(), &exposures].concat(),
    );
    let bearer = gateway.folder.join("bearer");
    let url = gateway.url();
    let driven =
        gridscout(&["drive", "--url", &url, "--secret-file", bearer.to_str().unwrap(), "--set", "stop.iterations=20"]);
    println!("campaign over Instamatic's stage, exposures simulated: {}", driven.trim());
    println!("{}", gateway.verified());
}

/// Least squares of overhead + distance / speed.
fn fitted(moves: &[(f64, f64)]) -> (f64, f64) {
    let n = moves.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| moves.iter().map(of).sum::<f64>() / n;
    let (d, t) = (mean(|m| m.0), mean(|m| m.1));
    let slope = moves.iter().map(|m| (m.0 - d) * (m.1 - t)).sum::<f64>()
        / moves.iter().map(|m| (m.0 - d) * (m.0 - d)).sum::<f64>();
    (t - slope * d, 1.0 / slope)
}

/// Instamatic's TEM server without a screen, over settings copied from its package.
fn server(folder: &Path) -> (Running, String) {
    let python = python();
    let where_is =
        "import sysconfig, os; print(os.path.join(sysconfig.get_paths()['purelib'], 'instamatic', 'config'))";
    let output = process::Command::new(&python).args(["-c", where_is]).output().unwrap();
    let package = String::from_utf8(output.stdout).unwrap();
    let (package, config) = (Path::new(package.trim()), folder.join("config"));
    let _ = fs::remove_dir_all(folder);
    for name in ["microscope", "calibration", "camera"] {
        copy(&package.join(name), &config.join(name));
    }
    for name in ["scripts", "alignments"] {
        copy(&package.join(name), &folder.join(name));
    }
    fs::create_dir_all(folder.join("logs")).unwrap();
    fs::copy(package.join("defaults.yaml"), config.join("defaults.yaml")).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings: String = fs::read_to_string(package.join("settings.yaml"))
        .unwrap()
        .lines()
        .map(|line| match line.split(':').next() {
            Some("tem_communication_protocol") => "tem_communication_protocol: 'json'\n".into(),
            Some("tem_server_host") => "tem_server_host: '127.0.0.1'\n".into(),
            Some("tem_server_port") => format!("tem_server_port: {port}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    fs::write(config.join("settings.yaml"), settings).unwrap();
    let program = python.with_file_name("instamatic.temserver");
    let mut command = process::Command::new(program);
    let child = command.env("instamatic", folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (running, address, began) = (Running(child), format!("127.0.0.1:{port}"), Instant::now());
    while TcpStream::connect(&address).is_err() {
        assert!(began.elapsed() < Duration::from_secs(60), "Instamatic's server does not listen");
        thread::sleep(Duration::from_millis(200));
    }
    (running, address)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
