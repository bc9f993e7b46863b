//! The only door to transcendental functions.
//!
//! The standard library's `exp`, `ln`, `cos` … come from each platform's C library and differ in the last bit between
//! x86_64 and wasm32. Everything here is built from IEEE operations (`+ - × ÷ √`) in a fixed order or comes from `libm`,
//! so every target computes the same bits.

/// Smallest argument whose exponential is a normal number.
const EXP_MIN: f64 = -708.0;
const EXP_MAX: f64 = 709.0;
/// 1.5·2⁵²: adding it rounds to an integer and leaves that integer in the low mantissa bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
const LN2_HI: f64 = 6.931_471_803_691_238e-1;
const LN2_LO: f64 = 1.908_214_929_270_587_7e-10;

/// eˣ within 2 ulp, branch-free so that loops over it vectorise. Below −708 it stays at e⁻⁷⁰⁸ ≈ 3e-308, which stands for 0;
/// above 709 it stays at e⁷⁰⁹.
#[inline(always)]
#[must_use]
pub fn exp(x: f64) -> f64 {
    let clamped = if x > EXP_MIN { x } else { EXP_MIN };
    let clamped = if clamped < EXP_MAX { clamped } else { EXP_MAX };
    let shifted = clamped * std::f64::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = (clamped - k * LN2_HI) - k * LN2_LO;
    // 1 + r + r² q(r), q the Chebyshev interpolant of degree 9: within 2e-17 for |r| ≤ ln2 / 2. Estrin's order shortens the chain.
    let (r2, r4) = (r * r, (r * r) * (r * r));
    let a = (1.0 + r) + r2 * (0.5 + r * 0.166_666_666_666_666_69);
    let b = (0.041_666_666_666_624_13 + r * 0.008_333_333_333_330_062)
        + r2 * (0.001_388_888_891_721_371_7 + r * 0.000_198_412_698_630_536_18);
    let c = (2.480_152_129_595_437_6e-5 + r * 2.755_726_845_999_706_4e-6)
        + r2 * (2.762_008_844_540_974_6e-7 + r * 2.510_038_549_551_032e-8);
    let p = a + r4 * (b + r4 * c);
    let scale = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    p * scale
}

/// Natural logarithm.
#[must_use]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// ln(1 + x), accurate for small x.
#[must_use]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

/// eˣ − 1, accurate for small x.
#[must_use]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// Base-10 logarithm.
#[must_use]
pub fn log10(x: f64) -> f64 {
    libm::log10(x)
}

/// Sine of an angle in radians.
#[must_use]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
#[must_use]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Angle of the point (x, y), radians.
#[must_use]
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// xʸ.
#[must_use]
pub fn powf(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Standard normal density φ(z).
#[must_use]
pub fn normal_pdf(z: f64) -> f64 {
    exp(-0.5 * z * z) * INV_SQRT_2PI
}

/// Standard normal cumulative distribution Φ(z).
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// √x, 0 where rounding left x below 0: the standard deviation of a variance. (`f64::max` is a call on wasm32 and keeps a loop
/// from vectorising.)
#[inline(always)]
#[must_use]
pub fn root(x: f64) -> f64 {
    (if x > 0.0 { x } else { 0.0 }).sqrt()
}

/// 1 / √(2π).
pub const INV_SQRT_2PI: f64 = 0.398_942_280_401_432_7;

/// Run a loop with the widest vectors of the machine. Every operation is an IEEE one, nothing is fused and no sum is
/// reordered, so the bits are those of the plain loop. What is called inside must be inlined to profit.
#[inline(always)]
pub fn wide<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(not(target_family = "wasm"))]
    return pulp::Arch::new().dispatch(work);
    #[cfg(target_family = "wasm")]
    return work();
}

/// Lanes of a fixed-order reduction: scalar and SIMD builds add the same partial sums in the same order.
const LANES: usize = 8;

/// Σ aᵢ bᵢ over eight fixed lanes, so that the result does not depend on the vector width of the target.
#[inline(always)]
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    let (heads_a, heads_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let (tail_a, tail_b) = (heads_a.remainder(), heads_b.remainder());
    let mut lanes = [0.0; LANES];
    for (x, y) in heads_a.zip(heads_b) {
        for i in 0..LANES {
            lanes[i] += x[i] * y[i];
        }
    }
    let tail: f64 = tail_a.iter().zip(tail_b).map(|(x, y)| x * y).sum();
    fold(lanes) + tail
}

/// Σ xᵢ over eight fixed lanes.
#[inline(always)]
#[must_use]
pub fn sum(values: &[f64]) -> f64 {
    let heads = values.chunks_exact(LANES);
    let tail: f64 = heads.remainder().iter().sum();
    let mut lanes = [0.0; LANES];
    for x in heads {
        for i in 0..LANES {
            lanes[i] += x[i];
        }
    }
    fold(lanes) + tail
}

#[inline(always)]
fn fold(l: [f64; LANES]) -> f64 {
    ((l[0] + l[4]) + (l[2] + l[6])) + ((l[1] + l[5]) + (l[3] + l[7]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_within_two_ulp_of_libm() {
        let mut worst = 0.0_f64;
        for i in 0..200_001 {
            let x = -700.0 + f64::from(i) * 0.007;
            let want = libm::exp(x);
            worst = worst.max(((exp(x) - want) / want).abs() / f64::EPSILON);
        }
        assert!(worst <= 2.0, "{worst} ulp");
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(-1e9) < 1e-307 && exp(f64::NEG_INFINITY) < 1e-307);
    }

    #[test]
    fn reductions_agree_with_a_plain_sum() {
        let a: Vec<f64> = (0..37).map(|i| f64::from(i) * 0.5).collect();
        assert_eq!(sum(&a), 333.0);
        assert_eq!(dot(&a, &a), (0..37).map(|i| f64::from(i * i) * 0.25).sum::<f64>());
    }

    #[test]
    fn normal_distribution_at_known_points() {
        assert_eq!(normal_cdf(0.0), 0.5);
        assert!((normal_cdf(1.959_963_984_540_054) - 0.975).abs() < 1e-15);
        assert!((normal_pdf(0.0) - INV_SQRT_2PI).abs() < 1e-17);
    }
}
