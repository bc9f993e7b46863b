//! From a spectrum to the property.
//!
//! With A the counts in the window, R those in the reference and g the counts of one electron:
//! value = A / R, sd = √(max(A g, g²) + value² R g) / R (Poisson; an upper bound when the window is part of the reference).
use super::instrument::Spectrum;
use crate::microscope::{Fault, Reading};

/// Energies from … to …, eV; a channel counts when its middle is inside.
pub type Window = (f64, f64);

/// How a spectrum becomes a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reduction {
    /// The window whose counts are the property.
    pub window_ev: Window,
    /// What it is divided by, as the zero-loss peak; none is the whole spectrum.
    pub reference_ev: Option<Window>,
}

impl Reduction {
    /// The property.
    ///
    /// # Errors
    /// [`Fault::Nonsense`]: the window or the reference is not in the spectrum, or there is nothing in the reference.
    pub fn property(&self, spectrum: &Spectrum) -> Result<Reading, Fault> {
        let g = spectrum.counts_per_electron;
        let a = sum(spectrum, self.window_ev)?;
        let r = match self.reference_ev {
            Some(window) => sum(spectrum, window)?,
            None => spectrum.counts.iter().map(|x| f64::from(*x)).sum(),
        };
        if r <= 0.0 {
            return Err(Fault::Nonsense { reason: format!("{r} counts in the reference of the spectrum") });
        }
        let value = a / r;
        Ok(Reading::Property { value, sd: ((a * g).max(g * g) + value * value * r * g).sqrt() / r })
    }
}

fn sum(spectrum: &Spectrum, (low, high): Window) -> Result<f64, Fault> {
    let middle = |i: usize| spectrum.first_ev + (i as f64 + 0.5) * spectrum.step_ev;
    let inside = |(i, _): &(usize, &f32)| (low..=high).contains(&middle(*i));
    let last_ev = spectrum.first_ev + spectrum.counts.len() as f64 * spectrum.step_ev;
    if low < spectrum.first_ev || high > last_ev || low >= high {
        let reason = format!("the spectrum is from {} to {last_ev} eV, not {low} to {high} eV", spectrum.first_ev);
        return Err(Fault::Nonsense { reason });
    }
    Ok(spectrum.counts.iter().enumerate().filter(inside).map(|(_, x)| f64::from(*x)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_over_a_reference() {
        let counts = vec![0.0, 800.0, 200.0, 50.0, 50.0, 0.0];
        let spectrum = Spectrum { first_ev: -10.0, step_ev: 10.0, counts_per_electron: 2.0, counts };
        let reduction = Reduction { window_ev: (20.0, 40.0), reference_ev: Some((0.0, 20.0)) };
        let Ok(Reading::Property { value, sd }) = reduction.property(&spectrum) else { panic!("no property") };
        assert_eq!(value, 0.1);
        // 50 electrons over 500: 0.1 √(1/50 + 1/500).
        assert!((sd - 0.1 * (1.0_f64 / 50.0 + 1.0 / 500.0).sqrt()).abs() < 1e-12, "{sd}");
        let whole = Reduction { reference_ev: None, ..reduction };
        assert!(matches!(whole.property(&spectrum), Ok(Reading::Property { value, .. }) if value == 100.0 / 1100.0));
        let outside = Reduction { window_ev: (20.0, 51.0), ..reduction };
        assert!(outside.property(&spectrum).unwrap_err().to_string().contains("-10 to 50 eV"));
        let dark = Spectrum { counts: vec![0.0; 6], ..spectrum };
        assert!(whole.property(&dark).unwrap_err().to_string().contains("0 counts"));
    }
}
