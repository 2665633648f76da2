//! Segment map: where the sound changes, and which parts sound alike.
//!
//! Half-second features (chroma and timbre) are compared with their neighbours by a checkerboard
//! kernel along the diagonal of the self-similarity matrix (Foote 2000, "Automatic audio
//! segmentation using a measure of audio novelty"); segments whose mean features are closer than
//! their own spread share a letter.

use crate::overview::Segment;

pub(crate) const N_CEPSTRA: usize = 12;
pub(crate) const N_FEATURES: usize = 12 + N_CEPSTRA;
/// Points kept at most; a longer sound gets coarser points.
pub(crate) const MAX_POINTS: usize = 4_096;

/// Half the kernel: what lies this far on each side of a boundary is compared.
const KERNEL_S: f64 = 8.0;
const MIN_SEGMENT_S: f64 = 6.0;
const MAX_LABELS: usize = 26;

/// Cosine transform of the mel levels without the first coefficient, which is loudness.
pub(crate) fn cepstra(mel_db: &[f64]) -> [f64; N_CEPSTRA] {
    let n = mel_db.len() as f64;
    std::array::from_fn(|k| {
        let step = std::f64::consts::PI * (k as f64 + 1.0) / n;
        let sum: f64 =
            mel_db.iter().enumerate().map(|(i, m)| m * (step * (i as f64 + 0.5)).cos()).sum();
        sum * (2.0 / n).sqrt()
    })
}

/// Segments of a sound of `duration_s` from points `point_s` apart.
pub(crate) fn map(points: &[[f32; N_FEATURES]], point_s: f64, duration_s: f64) -> Vec<Segment> {
    if duration_s <= 0.0 {
        return Vec::new();
    }
    let features = standardise(points);
    let half = ((KERNEL_S / point_s).round() as usize).max(4);
    let mut edges = vec![0];
    if features.len() >= 2 * half {
        edges.extend(boundaries(&novelty(&features, half), half, point_s));
    }
    edges.push(features.len());
    let labels = label(&features, &edges);
    let seconds = |edge: usize| (edge as f64 * point_s).min(duration_s);
    let mut segments: Vec<Segment> = edges
        .windows(2)
        .zip(labels)
        .map(|(e, label)| Segment { tmin_s: seconds(e[0]), tmax_s: seconds(e[1]), label })
        .collect();
    if let Some(last) = segments.last_mut() {
        last.tmax_s = duration_s;
    }
    segments
}

/// Each feature to zero mean; chroma and timbre to equal shares of the total variance.
fn standardise(points: &[[f32; N_FEATURES]]) -> Vec<[f64; N_FEATURES]> {
    let n = points.len().max(1) as f64;
    let mut mean = [0.0; N_FEATURES];
    for p in points {
        mean.iter_mut().zip(p).for_each(|(m, &x)| *m += f64::from(x) / n);
    }
    let mut spread = [0.0_f64; 2];
    for p in points {
        for (i, (&x, m)) in p.iter().zip(&mean).enumerate() {
            spread[usize::from(i >= 12)] += (f64::from(x) - m).powi(2) / n;
        }
    }
    points
        .iter()
        .map(|p| {
            std::array::from_fn(|i| {
                let scale = spread[usize::from(i >= 12)].sqrt();
                if scale > 1e-9 { (f64::from(p[i]) - mean[i]) / scale } else { 0.0 }
            })
        })
        .collect()
}

fn distance2(a: &[f64; N_FEATURES], b: &[f64; N_FEATURES]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum()
}

/// Contrast of the two sides of each point, 0..=1.
fn novelty(features: &[[f64; N_FEATURES]], half: usize) -> Vec<f64> {
    let n = features.len();
    // Similarities near the diagonal: row i holds i .. i + 2·half.
    let width = 2 * half;
    let band: Vec<f64> = (0..n)
        .flat_map(|i| {
            (0..width).map(move |d| {
                if i + d < n {
                    (-0.5 * distance2(&features[i], &features[i + d])).exp()
                } else {
                    0.0
                }
            })
        })
        .collect();
    let similarity = |a: usize, b: usize| band[a.min(b) * width + a.abs_diff(b)];
    let taper: Vec<f64> = (0..width)
        .map(|i| {
            let x = (i as f64 + 0.5 - half as f64) / half as f64;
            (-4.0 * x * x).exp()
        })
        .collect();
    let mut novelty = vec![0.0; n];
    for (t, value) in novelty.iter_mut().enumerate().take(n - half).skip(half) {
        let (mut sum, mut norm) = (0.0, 0.0);
        for i in 0..width {
            for j in 0..i {
                let weight = taper[i] * taper[j];
                let sign = if (i < half) == (j < half) { 1.0 } else { -1.0 };
                sum += sign * weight * similarity(t + i - half, t + j - half);
                norm += weight;
            }
        }
        *value = sum / norm;
    }
    novelty
}

/// Novelty that a change between two even parts reaches; half is well above chance.
const MIN_NOVELTY: f64 = 0.08;

fn boundaries(novelty: &[f64], half: usize, point_s: f64) -> Vec<usize> {
    let gap = ((MIN_SEGMENT_S / point_s).round() as usize).max(1);
    let inner = &novelty[half..novelty.len() - half];
    let mean = inner.iter().sum::<f64>() / inner.len().max(1) as f64;
    let sd =
        (inner.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / inner.len().max(1) as f64).sqrt();
    let threshold = (mean + sd).max(MIN_NOVELTY);
    let mut found: Vec<usize> = Vec::new();
    for t in half..novelty.len() - half {
        let around = &novelty[t.saturating_sub(gap)..(t + gap + 1).min(novelty.len())];
        let highest = around.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let far_enough = found.last().is_none_or(|&last| t - last >= gap);
        if novelty[t] >= threshold && novelty[t] >= highest && far_enough && t >= gap {
            found.push(t);
        }
    }
    found
}

fn label(features: &[[f64; N_FEATURES]], edges: &[usize]) -> Vec<String> {
    let mut known: Vec<([f64; N_FEATURES], f64)> = Vec::new();
    edges
        .windows(2)
        .map(|e| {
            let part = &features[e[0]..e[1]];
            let mean = mean_of(part);
            let spread =
                part.iter().map(|p| distance2(p, &mean)).sum::<f64>() / part.len().max(1) as f64;
            let nearest = known
                .iter()
                .enumerate()
                .map(|(i, (m, s))| (i, distance2(m, &mean) / (0.5 * (s + spread)).max(1e-6)))
                .min_by(|a, b| a.1.total_cmp(&b.1));
            let index = match nearest {
                Some((i, ratio)) if ratio < 0.5 || known.len() == MAX_LABELS => i,
                _ => {
                    known.push((mean, spread));
                    known.len() - 1
                }
            };
            char::from(b'A' + index as u8).to_string()
        })
        .collect()
}

fn mean_of(part: &[[f64; N_FEATURES]]) -> [f64; N_FEATURES] {
    let n = part.len().max(1) as f64;
    std::array::from_fn(|i| part.iter().map(|p| p[i]).sum::<f64>() / n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_parts_of_which_the_outer_two_are_alike() {
        let point = |part: usize, i: usize| {
            let mut p = [0.0_f32; N_FEATURES];
            p[if part == 1 { 3 } else { 0 }] = 1.0;
            p[15] = if part == 1 { 5.0 } else { -5.0 };
            p[20] = (i * 7 % 5) as f32 * 0.1;
            p
        };
        let points: Vec<_> = (0..180).map(|i| point(i / 60, i)).collect();
        let segments = map(&points, 0.5, 90.0);
        let labels: String = segments.iter().map(|s| s.label.as_str()).collect();
        assert_eq!(labels, "ABA");
        assert!(
            (segments[1].tmin_s - 30.0).abs() <= 0.5 && (segments[1].tmax_s - 60.0).abs() <= 0.5
        );
        assert_eq!((segments[0].tmin_s, segments[2].tmax_s), (0.0, 90.0));
    }

    #[test]
    fn constant_or_short_sounds_are_one_segment() {
        assert_eq!(map(&[[1.0; N_FEATURES]; 200], 0.5, 100.0).len(), 1);
        assert_eq!(map(&[[1.0; N_FEATURES]; 3], 0.5, 1.5).len(), 1);
        assert!(map(&[], 0.5, 0.0).is_empty());
    }
}
