//! Against Nion Swift's simulator: an overview image, the particles that are listed, EELS at ten of them.
use crate::gateway::{Gateway, gridscout, python};
use gridscout::{
    bridge::data::{Data, Kind, hash},
    microscope::{Command, Reading, Sighting},
};
use std::{fs, path::Path, process};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/gateway/driver/nion_swift.py");
/// A field of 200 nm, a probe of 1 nm and doses as of a simulated sample.
const LIMITS: &str = r#"{"x_um": [0, 1], "y_um": [0, 1], "step_um": 1, "arrival_um": 0.002, "field_um": 0.2,
    "overview_secs": 1, "spot_nm": 1, "particle_dose": 1e11, "field_dose": 1e7, "commands_per_sec": 1000}"#;
const SETTINGS: [&str; 9] = [
    "elements=[\"Ni\",\"Ge\",\"Si\"]",
    "library.width_um=1",
    "library.height_um=1",
    "library.tile_um=0.2",
    "library.density_per_um2=100",
    "library.radius_mean_nm=10",
    "library.radius_sd_nm=5",
    "planner.first_region=12",
    "stop.iterations=10",
];
const FIELD_UM: f64 = 0.2;
const CENTRE_UM: f64 = 0.5;

#[test]
#[ignore = "installs Nion Swift: cargo dev prove nion-swift"]
fn nion_swift() {
    let folder = std::env::temp_dir().join(format!("gridscout-nion-files-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (table, limits) = (folder.join("particles.csv"), folder.join("limits.json"));
    let python = python();
    let listed = process::Command::new(&python).args([SCRIPT, "--particles"]).output().unwrap();
    fs::write(&table, &listed.stdout).unwrap();
    fs::write(&limits, LIMITS).unwrap();
    println!("{} particles are listed", String::from_utf8_lossy(&listed.stdout).lines().count() - 1);
    let sets: Vec<&str> = SETTINGS.iter().flat_map(|setting| ["--set", setting]).collect();
    let experiment = [&["--particles", table.to_str().unwrap()], sets.as_slice()].concat();
    let process = ["--driver", "process", "--program", python.to_str().unwrap(), "--program-arg", SCRIPT];
    let manner = ["--limits", limits.to_str().unwrap(), "--grid-corner=-0.5,-0.5", "--compositions", "listed"];
    let reduction = ["--window", "60,120", "--reference=-5,5"];
    let gateway = Gateway::open("nion", &[&process[..], &manner, &reduction, &experiment].concat());
    let measured = ten_spectra(&gateway);
    println!("{}", gateway.verified());
    let kinds = measured.iter().map(|data| raw(&gateway.folder, data).len()).collect::<Vec<_>>();
    println!("{} raw arrays are there under their hashes, {} values", kinds.len(), kinds.iter().sum::<usize>());
    let bearer = gateway.folder.join("bearer");
    let url = gateway.url();
    let drive = ["drive", "--url", &url, "--secret-file", bearer.to_str().unwrap(), "--run", "campaign"];
    println!("campaign: {}", gridscout(&[&drive[..], &experiment].concat()).trim());
    println!("{}", gateway.verified());
    let _ = fs::remove_dir_all(&folder);
}

fn ten_spectra(gateway: &Gateway) -> Vec<Data> {
    let mut driver = gateway.driver();
    let moved = driver.perform(Command::MoveToRegion { region: 12, x_um: CENTRE_UM, y_um: CENTRE_UM });
    println!("move      {:?} in {:.2} s", moved.outcome.unwrap(), moved.took_secs);
    let overview = driver.perform(Command::Overview);
    let Ok(Reading::Particles { particles }) = overview.outcome else { panic!("{overview:?}") };
    println!(
        "overview  {} particles in view, {:?} in {:.2} s",
        particles.len(),
        overview.data[0].shape,
        overview.took_secs
    );
    let image = raw(&gateway.folder, &overview.data[0]);
    contrast(&image, overview.data[0].shape[0] as usize, &particles);
    let mapped = driver.perform(Command::MapComposition { dwell_secs: 1.0 });
    let Ok(Reading::Compositions { compositions }) = mapped.outcome else { panic!("{mapped:?}") };
    assert!(particles.len() >= 10 && compositions.len() == particles.len());
    let mut kept = overview.data;
    println!("particle   x nm   y nm  r nm  listed Ni,Ge,Si   60–120 eV / zero loss   s");
    for (i, p) in particles.iter().enumerate().take(10) {
        let done = driver.perform(Command::Spectrum { particle: i as u32, dwell_secs: 0.1 });
        let Ok(Reading::Property { value, sd }) = done.outcome else { panic!("{done:?}") };
        assert!(value > 0.0 && value < 1.0 && sd > 0.0 && sd < value);
        assert!(
            matches!(done.data[0].kind, Kind::Spectrum { first_ev, step_ev } if first_ev == -20.0 && step_ev == 0.5)
        );
        let made_of = compositions[i].composition.fractions();
        let (x_nm, y_nm) = (p.x_um * 1e3, p.y_um * 1e3);
        println!(
            "{i:8} {x_nm:6.1} {y_nm:6.1} {:5.1}  {made_of:?}   {value:.5} ± {sd:.5}   {:.2}",
            p.radius_nm, done.took_secs
        );
        kept.extend(done.data);
    }
    kept
}

/// The particles are bright where the matrix of this driver puts them, and not where another would.
fn contrast(image: &[f32], side: usize, particles: &[Sighting]) {
    let mean_at = |sx: f64, sy: f64| {
        let place = |at_um: f64, sign: f64| ((0.5 + sign * (at_um - CENTRE_UM) / FIELD_UM) * side as f64) as usize;
        let at =
            |p: &Sighting| f64::from(image[place(p.y_um, sy).min(side - 1) * side + place(p.x_um, sx).min(side - 1)]);
        particles.iter().map(at).sum::<f64>() / particles.len() as f64
    };
    let whole = image.iter().map(|x| f64::from(*x)).sum::<f64>() / image.len() as f64;
    let [stated, flipped_y, flipped_x, turned] =
        [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)].map(|(x, y)| mean_at(x, y) / whole);
    println!(
        "brightness of the listed particles over the mean of the image: {stated:.2}; with the image's y flipped {flipped_y:.2}, x {flipped_x:.2}, both {turned:.2}"
    );
    assert!(stated > 1.2 * flipped_y.max(flipped_x).max(turned), "the particles are not where they are listed");
}

/// An array from the disk, which must be what its name says.
fn raw(folder: &Path, data: &Data) -> Vec<f32> {
    let bytes = fs::read(folder.join("data").join(format!("{}.f32", data.hash))).unwrap();
    assert_eq!(hash(&bytes), data.hash);
    assert_eq!(bytes.len() / 4, data.shape.iter().product::<u32>() as usize);
    bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
}
