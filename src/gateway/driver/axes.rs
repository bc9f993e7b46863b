//! How the image lies on the stage, measured: drivers swap and mirror axes.
use super::instrument::Matrix;
use crate::{
    bridge::data::Kind,
    calibration::image::{ImageError, image_to_stage},
    gateway::store::Raw,
    microscope::{Fault, Reading},
};

/// The matrix to go by, and the reading, from an image here and one after each of two steps from here, µm of the stage.
///
/// # Errors
/// [`Fault::Nonsense`] with what is wrong, see [`ImageError`].
pub(super) fn image_calibrated(
    images: &[Raw; 3],
    steps_um: [(f64, f64); 2],
    stated: Matrix,
) -> Result<(Matrix, Reading), Fault> {
    let nonsense = |reason: String| Fault::Nonsense { reason };
    let [side, _] = images[0].shape[..] else { return Err(nonsense("an image that is none".into())) };
    let Kind::Image { field_um } = images[0].kind else { return Err(nonsense("an image that is none".into())) };
    let values = images.each_ref().map(|raw| raw.values.as_slice());
    let told = image_to_stage(values, side, field_um, steps_um).and_then(|told| told.checked(field_um));
    let told = told.map_err(|error: ImageError| nonsense(error.to_string()))?;
    let (image_to_stage, residual_um) = (told.matrix, told.residual_um);
    Ok((Matrix(image_to_stage), Reading::ImageCalibrated { image_to_stage, stated: stated.0, residual_um }))
}
