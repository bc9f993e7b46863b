//! Which way the stage goes when the image goes right: three images, two moves of the stage, one matrix.
//!
//! [`shift`] finds by how much one image is another one displaced: the peak of their cross-correlation, both less their means, as a
//! share of their contrast; places between pixels by parabolas through the correlation coefficient of what overlaps. It refuses
//! when the peak does not stand out, or when another is nearly as high (a lattice fits itself in many places).
//!
//! [`image_to_stage`]: a thing at g on the grid is seen at v = M⁻¹ (g − stage), in µm from the middle of the image, x to the right and
//! y down. A move d of the stage displaces the image by s = −M⁻¹ d, so two moves give M = −(d₁ d₂) (s₁ s₂)⁻¹.
use super::register::{Peak, Pixels};
use crate::num;
use serde::Serialize;

/// A peak counts when it is this many times the root mean square of the correlation: of two images of many small things that share
/// nothing the highest is about 5 times.
pub const LEAST_PROMINENCE: f64 = 8.0;
/// A few large things make no such peak. Then this share of the contrast of both images must be common to them: of images that share
/// nothing it is up to 0.25.
pub const LEAST_SHARE: f64 = 0.5;
/// … and when no other is higher than this share of it.
pub const MOST_RIVAL: f64 = 0.7;
/// The image must be displaced by at least this many pixels; an error of a tenth of a pixel is then 2 % of it.
pub const LEAST_SHIFT_PX: f64 = 5.0;

/// Scale and angle between the axes may be off by this share: doses go by the field of view, with its square.
pub const MOST_OFF: f64 = 0.1;
/// The three images may contradict each other by this share of the field of view.
pub const MOST_RESIDUAL: f64 = 0.02;

/// Why images tell nothing.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImageError {
    /// It is no square of numbers.
    #[error("{image} has {values} values; allowed: {side} × {side}, at least 16 × 16, all finite, not all equal")]
    Unusable {
        /// Which.
        image: &'static str,
        /// How many.
        values: usize,
        /// Rows and columns that it should have.
        side: u32,
    },
    /// The images have nothing in common, or too little.
    #[error(
        "{image} shares {share:.2} of its contrast with the one before, {prominence:.1} times what correlates by chance; allowed: at least {LEAST_SHARE}, or {LEAST_PROMINENCE} times"
    )]
    Weak {
        /// Which, against the one before.
        image: &'static str,
        /// Height of the peak.
        share: f64,
        /// The same over the root mean square.
        prominence: f64,
    },
    /// They fit in more than one place.
    #[error("{image}: another place fits {rival:.2} times as well; allowed: at most {MOST_RIVAL}")]
    Ambiguous {
        /// Which, against the one before.
        image: &'static str,
        /// Share of the highest peak.
        rival: f64,
    },
    /// The image hardly moved.
    #[error("{image} is displaced by {shift_px:.2} pixels; allowed: at least {LEAST_SHIFT_PX}")]
    Still {
        /// Which.
        image: &'static str,
        /// By how much.
        shift_px: f64,
    },
    /// Two moves along one line.
    #[error("{what} are {sine:.3} (sine of the angle) from parallel; allowed: at least 0.2")]
    Parallel {
        /// Moves or images.
        what: &'static str,
        /// Of the angle between them.
        sine: f64,
    },
    /// Image and stage do not fit.
    #[error("{field} is {value}; allowed: {allowed}")]
    Misfit {
        /// Which property of [`ImageToStage`].
        field: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        allowed: &'static str,
    },
    /// A length that cannot be.
    #[error("{field} is {value} µm; allowed: a finite number above 0")]
    Length {
        /// Its name.
        field: &'static str,
        /// What it is.
        value: f64,
    },
}

/// Two rows.
pub type Matrix = [[f64; 2]; 2];

/// How one image lies against another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Axes {
    /// Counter-clockwise on the stage, degrees, −180 to 180; of a mirrored image, its x axis.
    pub turned_deg: f64,
    /// Whether it is seen as in a mirror.
    pub mirrored: bool,
    /// Larger than 1: it shows more than is said.
    pub scale: f64,
}

/// By how much an image is displaced against another, and how surely.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shift {
    /// To the right, pixels.
    pub x_px: f64,
    /// Down, pixels.
    pub y_px: f64,
    /// Correlation coefficient of what overlaps, at most 1.
    pub correlation: f64,
    /// Height of the peak over the root mean square of the correlation.
    pub prominence: f64,
    /// Next best place, as a share of the peak.
    pub rival: f64,
}

/// How image and stage belong together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ImageToStage {
    /// From µm in the image (x right, y down) to µm of the stage.
    pub matrix: Matrix,
    /// Stage µm for each image µm: 1 when the field of view is what it is said to be.
    pub scale: f64,
    /// Share of the matrix that is neither turning, mirroring nor scale.
    pub skew: f64,
    /// By how much the second and third image disagree with both displacements, µm in the image.
    pub residual_um: f64,
    /// After the first and after the second move, against the reference.
    pub shifts: [Shift; 2],
}

impl ImageToStage {
    /// The same, when the field of view is what it is said to be, and square.
    ///
    /// # Errors
    /// [`ImageError::Misfit`] naming what is not.
    pub fn checked(self, field_um: f64) -> Result<Self, ImageError> {
        let misfit = |field, value, allowed| Err(ImageError::Misfit { field, value, allowed });
        match self {
            s if !(1.0 - MOST_OFF..=1.0 + MOST_OFF).contains(&s.scale) => {
                misfit("stage µm for each image µm", s.scale, "0.9 to 1.1, or the field of view is another")
            }
            s if !(0.0..=MOST_OFF).contains(&s.skew) => misfit("skew of the image", s.skew, "up to 0.1"),
            s if !(0.0..=MOST_RESIDUAL * field_um).contains(&s.residual_um) => {
                let share = s.residual_um / field_um;
                misfit("contradiction of the images, as a share of the field of view", share, "up to 0.02")
            }
            s => Ok(s),
        }
    }
}

/// Displacement of `to` against `from`, both `side` × `side`, rows from the top; at most half the side in each direction.
///
/// # Errors
/// [`ImageError`]: an image that cannot be used, or a peak that is too weak or not alone.
pub fn shift(from: &[f32], to: &[f32], side: u32) -> Result<Shift, ImageError> {
    between(&Pixels::new("the first image", from, side)?, &Pixels::new("the second image", to, side)?)
}

/// The matrix from a reference image and one after each of two moves, each counted from the reference, µm of the stage. Moves of a
/// quarter of the field of view are best.
///
/// # Errors
/// [`ImageError`], naming the image or the number.
pub fn image_to_stage(
    images: [&[f32]; 3],
    side: u32,
    field_um: f64,
    moves_um: [(f64, f64); 2],
) -> Result<ImageToStage, ImageError> {
    if !(field_um > 0.0 && field_um.is_finite()) {
        return Err(ImageError::Length { field: "field_um", value: field_um });
    }
    for (x, y) in moves_um {
        let value = length((x, y));
        if !(value > 0.0 && value.is_finite()) {
            return Err(ImageError::Length { field: "moves_um", value });
        }
    }
    let [reference, first, second] = images;
    let reference = Pixels::new("the reference image", reference, side)?;
    let first = Pixels::new("the image after the first move", first, side)?;
    let second = Pixels::new("the image after the second move", second, side)?;
    let shifts = [between(&reference, &first)?, between(&reference, &second)?];
    for (shift, image) in shifts.iter().zip([first.name, second.name]) {
        let shift_px = length((shift.x_px, shift.y_px));
        if shift_px < LEAST_SHIFT_PX {
            return Err(ImageError::Still { image, shift_px });
        }
    }
    let closing = between(&first, &second)?;
    let um = field_um / f64::from(side);
    let [s1, s2] = shifts.map(|s| (s.x_px * um, s.y_px * um));
    let off = (closing.x_px * um - (s2.0 - s1.0), closing.y_px * um - (s2.1 - s1.1));
    let [d1, d2] = moves_um;
    not_parallel("the moves", d1, d2)?;
    let det = not_parallel("the displacements of the image", s1, s2)?;
    let row = |a: f64, b: f64| [-(a * s2.1 - b * s1.1) / det, -(b * s1.0 - a * s2.0) / det];
    let matrix = [row(d1.0, d2.0), row(d1.1, d2.1)];
    let (axes, skew) = Axes::of(matrix);
    Ok(ImageToStage { matrix, scale: axes.scale, skew, residual_um: length(off), shifts })
}

impl Axes {
    /// How `measured` lies against `stated`: `measured = turn · stated`, which can be inverted.
    #[must_use]
    pub fn between([[a, b], [c, d]]: Matrix, [[e, f], [g, h]]: Matrix) -> Self {
        let det = a * d - b * c;
        // measured · stated⁻¹
        let turn = [[(e * d - f * c) / det, (f * a - e * b) / det], [(g * d - h * c) / det, (h * a - g * b) / det]];
        Self::of(turn).0
    }

    /// And the share of the matrix that is neither.
    fn of([[a, b], [c, d]]: Matrix) -> (Self, f64) {
        let mirrored = a * d - b * c < 0.0;
        let (b, d) = if mirrored { (-b, -d) } else { (b, d) };
        let (cos, sin) = (0.5 * (a + d), 0.5 * (c - b));
        let scale = length((cos, sin));
        let skew = length((0.5 * (a - d), 0.5 * (b + c))) / scale;
        (Self { turned_deg: num::atan2(sin, cos).to_degrees(), mirrored, scale }, skew)
    }
}

fn length((x, y): (f64, f64)) -> f64 {
    (x * x + y * y).sqrt()
}

/// Their determinant.
fn not_parallel(what: &'static str, a: (f64, f64), b: (f64, f64)) -> Result<f64, ImageError> {
    let det = a.0 * b.1 - a.1 * b.0;
    let sine = det.abs() / (length(a) * length(b));
    if sine >= 0.2 { Ok(det) } else { Err(ImageError::Parallel { what, sine }) }
}

fn between(from: &Pixels, to: &Pixels) -> Result<Shift, ImageError> {
    let Peak { x_px, y_px, correlation, share, prominence, rival } = from.peak(to);
    if !(LEAST_PROMINENCE..).contains(&prominence) && !(LEAST_SHARE..).contains(&share) {
        return Err(ImageError::Weak { image: to.name, share, prominence });
    }
    if rival > MOST_RIVAL {
        return Err(ImageError::Ambiguous { image: to.name, rival });
    }
    Ok(Shift { x_px, y_px, correlation, prominence, rival })
}
