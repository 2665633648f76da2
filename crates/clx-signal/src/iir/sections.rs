//! Zeros and poles grouped into second-order sections.
//!
//! The pole nearest the unit circle takes the zero nearest to it and runs last, which keeps the
//! peaks inside the cascade low. The same choices as SciPy's `zpk2sos(pairing='nearest')`.

use rustfft::num_complex::Complex;

use super::transform::Zpk;

/// Imaginary parts below this share of the magnitude are rounding errors.
const REAL_TOLERANCE: f64 = 100.0 * f64::EPSILON;

/// A real root, or one that stands for itself and its conjugate.
type Root = Complex<f64>;

pub(super) fn pair(zpk: Zpk) -> Vec<[f64; 6]> {
    let Zpk { mut zeros, mut poles, gain } = zpk;
    if poles.len() % 2 == 1 {
        poles.push(Complex::ZERO);
        zeros.push(Complex::ZERO);
    }
    let n_sections = poles.len() / 2;
    let (mut zeros, mut poles) = (one_of_each_pair(&zeros), one_of_each_pair(&poles));
    let mut sections = Vec::with_capacity(n_sections);
    for _ in 0..n_sections {
        let pole = poles.remove(worst(&poles, |_| true));
        let poles_here = if is_real(&pole) {
            [pole, poles.remove(worst(&poles, is_real))]
        } else {
            [pole, pole.conj()]
        };
        let zero = zeros.remove(nearest(&zeros, pole, |_| true));
        let zeros_here = if is_real(&zero) {
            [zero, zeros.remove(nearest(&zeros, pole, is_real))]
        } else {
            [zero, zero.conj()]
        };
        let [b1, b2] = polynomial(zeros_here);
        let [a1, a2] = polynomial(poles_here);
        sections.push([1.0, b1, b2, 1.0, a1, a2]);
    }
    sections.reverse();
    sections[0][..3].iter_mut().for_each(|b| *b *= gain);
    sections
}

fn is_real(root: &Root) -> bool {
    root.im == 0.0
}

/// Complex roots of the upper half plane in order of their real part, then the real ones.
fn one_of_each_pair(roots: &[Root]) -> Vec<Root> {
    let near_real = |r: &Root| r.im.abs() <= REAL_TOLERANCE * r.norm();
    let by_size = |a: &Root, b: &Root| a.re.total_cmp(&b.re).then(a.im.total_cmp(&b.im));
    let mut upper: Vec<Root> =
        roots.iter().copied().filter(|r| !near_real(r) && r.im > 0.0).collect();
    let mut real: Vec<Root> =
        roots.iter().filter(|r| near_real(r)).map(|r| Complex::from(r.re)).collect();
    upper.sort_by(by_size);
    real.sort_by(by_size);
    upper.extend(real);
    upper
}

/// Index of the candidate nearest the unit circle.
fn worst(poles: &[Root], candidate: impl Fn(&Root) -> bool) -> usize {
    least(poles, candidate, |p| (1.0 - p.norm()).abs())
}

fn nearest(zeros: &[Root], pole: Root, candidate: impl Fn(&Root) -> bool) -> usize {
    least(zeros, candidate, |z| (z - pole).norm())
}

fn least(roots: &[Root], candidate: impl Fn(&Root) -> bool, size: impl Fn(&Root) -> f64) -> usize {
    let candidates = roots.iter().enumerate().filter(|(_, r)| candidate(r));
    candidates
        .min_by(|a, b| size(a.1).total_cmp(&size(b.1)))
        .map(|(i, _)| i)
        .expect("zeros and poles come in equal numbers, real ones in even")
}

/// Coefficients of `1/z` and `1/z²` of the polynomial with these two roots.
fn polynomial(roots: [Root; 2]) -> [f64; 2] {
    [-(roots[0] + roots[1]).re, (roots[0] * roots[1]).re]
}
