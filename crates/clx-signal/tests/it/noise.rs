use clx_signal::rng::SplitMix64;

/// The input of every fixture: uniform in -0.5..0.5, the same numbers as `make_fixtures.py`.
pub(crate) fn noise(n: usize) -> Vec<f32> {
    let mut rng = SplitMix64::new(1);
    (0..n).map(|_| (rng.next_f64() - 0.5) as f32).collect()
}
