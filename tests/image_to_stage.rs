//! Images of one scene from several places of the stage: the matrix that made them is found, and nothing is found in noise.
#![cfg(not(target_family = "wasm"))]
#![allow(missing_docs, clippy::disallowed_methods)]
use gridscout::{
    calibration::image::{Axes, ImageError, ImageToStage, image_to_stage, shift},
    rng::{Purpose, Stream},
};

const SIDE: u32 = 96;
const FIELD_UM: f64 = 24.0;
/// Standard deviation of a spot, µm.
const SPOT_UM: f64 = 0.4;
/// Of a large one.
const FLAKE_UM: f64 = 1.8;
const MOVES_UM: [(f64, f64); 2] = [(5.13, 0.4), (-0.3, 6.2)];

type Matrix = [[f64; 2]; 2];

/// Spots on the grid, µm, around the place of the stage.
fn scene(seed: u32) -> Vec<(f64, f64)> {
    let mut chance = Stream::new(seed, Purpose::Choice, 1);
    (0..220).map(|_| (chance.uniform() * 60.0 - 30.0, chance.uniform() * 60.0 - 30.0)).collect()
}

/// What is seen of them with the stage at a place, spot by spot, with noise.
fn seen(spots: &[(f64, f64)], matrix: Matrix, stage_um: (f64, f64), noise: f64, seed: u32) -> Vec<f32> {
    seen_of(SPOT_UM, spots, matrix, stage_um, noise, seed)
}

fn seen_of(sd_um: f64, spots: &[(f64, f64)], matrix: Matrix, stage_um: (f64, f64), noise: f64, seed: u32) -> Vec<f32> {
    let [[a, b], [c, d]] = matrix;
    let det = a * d - b * c;
    let places: Vec<_> = spots
        .iter()
        .map(|(x, y)| {
            let (x, y) = (x - stage_um.0, y - stage_um.1);
            ((d * x - b * y) / det, (a * y - c * x) / det)
        })
        .collect();
    let mut chance = Stream::new(seed, Purpose::EdxNoise, 0);
    let um = |i: u32| (f64::from(i) + 0.5) / f64::from(SIDE) * FIELD_UM - 0.5 * FIELD_UM;
    let mut values = Vec::new();
    for row in 0..SIDE {
        for column in 0..SIDE {
            let light: f64 = places
                .iter()
                .map(|(x, y)| (x - um(column)).powi(2) + (y - um(row)).powi(2))
                .filter(|r2| *r2 < 25.0 * sd_um * sd_um)
                .map(|r2| (-0.5 * r2 / (sd_um * sd_um)).exp())
                .sum();
            values.push((100.0 + 50.0 * light + noise * chance.normal()) as f32);
        }
    }
    values
}

fn three(seed: u32, matrix: Matrix, moves_um: [(f64, f64); 2], noise: f64) -> [Vec<f32>; 3] {
    let spots = scene(seed);
    let [first, second] = moves_um;
    let image = |i: u32, at| seen(&spots, matrix, at, noise, 3 * seed + i);
    [image(0, (0.0, 0.0)), image(1, first), image(2, second)]
}

fn found(images: &[Vec<f32>; 3], moves: [(f64, f64); 2]) -> Result<ImageToStage, ImageError> {
    image_to_stage([&images[0], &images[1], &images[2]], SIDE, FIELD_UM, moves)
}

#[test]
fn turned_mirrored_swapped_and_scaled_images_are_told() {
    let turned = |degrees: f64, scale: f64, mirrored: bool| -> Matrix {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let y = if mirrored { 1.0 } else { -1.0 };
        [[scale * cos, -scale * sin * y], [scale * sin, scale * cos * y]]
    };
    let cases = [
        ("upright", [[1.0, 0.0], [0.0, -1.0]], false, 0.0, 1.0),
        ("turned", turned(33.0, 1.0, false), false, 33.0, 1.0),
        ("turned back and larger", turned(-120.0, 1.25, false), false, -120.0, 1.25),
        ("mirrored", turned(0.0, 1.0, true), true, 0.0, 1.0),
        ("mirrored, turned, smaller", turned(71.0, 0.8, true), true, 71.0, 0.8),
        ("axes swapped", [[0.0, 1.0], [1.0, 0.0]], false, 90.0, 1.0),
    ];
    for (name, matrix, mirrored, angle_deg, scale) in cases {
        for seed in 0..3 {
            let told = found(&three(seed, matrix, MOVES_UM, 10.0), MOVES_UM).unwrap_or_else(|e| panic!("{name}: {e}"));
            let worst = (0..4).map(|i| (told.matrix[i / 2][i % 2] - matrix[i / 2][i % 2]).abs()).fold(0.0, f64::max);
            println!(
                "{name}: off by {worst:.4}, residual {:.3} µm, prominence {:.1}",
                told.residual_um, told.shifts[0].prominence
            );
            assert!(worst < 0.02, "{name}: {told:?}");
            let axes = Axes::between([[1.0, 0.0], [0.0, -1.0]], told.matrix);
            assert_eq!(axes.mirrored, mirrored, "{name}");
            assert!((axes.turned_deg - angle_deg).abs() < 1.0 && (axes.scale - scale).abs() < 0.02, "{name}: {axes:?}");
            // A quarter of a pixel.
            assert!(told.skew < 0.02 && told.residual_um < 0.25 * FIELD_UM / f64::from(SIDE), "{name}: {told:?}");
        }
    }
}

#[test]
fn an_image_is_placed_between_pixels() {
    let upright = [[1.0, 0.0], [0.0, -1.0]];
    let spots = scene(9);
    let pixel_um = FIELD_UM / f64::from(SIDE);
    let reference = seen(&spots, upright, (0.0, 0.0), 0.0, 0);
    for (x_px, y_px) in [(0.0, 0.0), (7.3, -4.6), (-20.5, 11.25), (40.0, 3.0)] {
        let to = seen(&spots, upright, (-x_px * pixel_um, y_px * pixel_um), 0.0, 0);
        let found = shift(&reference, &to, SIDE).unwrap();
        assert!((found.x_px - x_px).abs() < 0.1 && (found.y_px - y_px).abs() < 0.1, "({x_px}, {y_px}): {found:?}");
        assert!(found.correlation > 0.9, "{found:?}");
    }
}

#[test]
fn nothing_is_found_where_nothing_is() {
    let upright = [[1.0, 0.0], [0.0, -1.0]];
    for seed in 0..12 {
        let noise = |i| seen(&[], upright, (0.0, 0.0), 10.0, 100 * seed + i);
        let refused = shift(&noise(0), &noise(1), SIDE).unwrap_err();
        assert!(matches!(refused, ImageError::Weak { .. }), "{refused}");
        let other = |seed| seen(&scene(seed), upright, (0.0, 0.0), 10.0, seed);
        let refused = shift(&other(seed), &other(seed + 100), SIDE).unwrap_err();
        assert!(matches!(refused, ImageError::Weak { .. } | ImageError::Ambiguous { .. }), "{refused}");
    }
    let lattice: Vec<(f64, f64)> =
        (0..900).map(|i| (f64::from(i % 30) * 2.0 - 30.0, f64::from(i / 30) * 2.0 - 30.0)).collect();
    let refused =
        shift(&seen(&lattice, upright, (0.0, 0.0), 1.0, 1), &seen(&lattice, upright, (3.0, 1.0), 1.0, 2), SIDE);
    assert!(matches!(refused, Err(ImageError::Ambiguous { .. } | ImageError::Weak { .. })), "{refused:?}");
}

#[test]
fn what_cannot_be_used_is_named() {
    let upright = [[1.0, 0.0], [0.0, -1.0]];
    let images = three(4, upright, MOVES_UM, 1.0);
    let says = |images: &[Vec<f32>; 3], moves, words: &str| {
        let said = found(images, moves).unwrap_err().to_string();
        assert!(said.contains(words) && said.contains("allowed"), "{said:?}, not {words:?}");
    };
    let with = |at: usize, image: Vec<f32>| {
        let mut images = images.clone();
        images[at] = image;
        images
    };
    assert!(found(&images, MOVES_UM).is_ok());
    says(&with(0, vec![1.0; 9000]), MOVES_UM, "the reference image has 9000 values");
    says(&with(1, vec![7.0; images[0].len()]), MOVES_UM, "after the first move");
    let mut spoilt = images[2].clone();
    spoilt[50] = f32::NAN;
    says(&with(2, spoilt), MOVES_UM, "after the second move");
    says(&with(2, seen(&scene(77), upright, (0.0, 0.0), 1.0, 5)), MOVES_UM, "after the second move");
    says(&with(2, images[0].clone()), MOVES_UM, "displaced by 0.00 pixels");
    says(&images, [(5.0, 0.0), (10.0, 0.1)], "the moves");
    says(&images, [(5.0, 0.0), (0.0, f64::NAN)], "moves_um is NaN");
    says(&three(4, upright, [(5.0, 0.0), (6.5, 0.5)], 1.0), [(5.0, 0.0), (0.0, 5.0)], "the displacements of the image");
    let small = image_to_stage([&[0.0; 4]; 3], 2, FIELD_UM, MOVES_UM).unwrap_err().to_string();
    assert!(small.contains("16 × 16"), "{small}");
    let field = image_to_stage([&images[0]; 3], SIDE, -1.0, MOVES_UM).unwrap_err().to_string();
    assert!(field.contains("field_um is -1"), "{field}");
}

/// A few flakes, some of them cut by the edge.
#[test]
fn a_few_large_things_give_the_truth_or_nothing() {
    let upright = [[1.0, 0.0], [0.0, -1.0]];
    let flakes = |seed: u32| scene(seed)[..25].to_vec();
    let mut count = 0;
    for seed in 0..20 {
        let look = |at, i: u32| seen_of(FLAKE_UM, &flakes(seed), upright, at, 3.0, 3 * seed + i);
        let [first, second] = MOVES_UM;
        let images = [look((0.0, 0.0), 0), look(first, 1), look(second, 2)];
        match found(&images, MOVES_UM).and_then(|told| told.checked(FIELD_UM)) {
            Ok(told) => {
                let worst =
                    (0..4).map(|i| (told.matrix[i / 2][i % 2] - upright[i / 2][i % 2]).abs()).fold(0.0, f64::max);
                assert!(worst < 0.05, "seed {seed}: {told:?}");
                count += 1;
            }
            Err(error) => println!("seed {seed}: {error}"),
        }
        let other = seen_of(FLAKE_UM, &flakes(seed + 100), upright, (0.0, 0.0), 3.0, seed);
        let told = found(&[look((0.0, 0.0), 0), other.clone(), look(second, 2)], MOVES_UM);
        let told = told.and_then(|told| told.checked(FIELD_UM));
        assert!(told.is_err(), "seed {seed}: {told:?}");
    }
    assert!(count >= 7, "{count} of 20");
}
