use clx_music::brief::{Breakpoint, Mode, Stimulus};
use clx_music::compose;

use crate::measure::{ENVELOPE_HZ, RATE_HZ, peak, play, power_envelope, spectrum, steady};

/// Envelope line at `rate_hz` against the median of its neighbourhood, and its frequency.
fn envelope_line(left: &[f32], right: &[f32], rate_hz: f64) -> (f64, f64) {
    let envelope = power_envelope(left, right);
    let (bins, bin_hz) = spectrum(&envelope[600..envelope.len() - 600], ENVELOPE_HZ);
    let (at_hz, height) = peak(&bins, bin_hz, rate_hz - 0.3, rate_hz + 0.3);
    let from = ((rate_hz - 1.5) / bin_hz) as usize;
    let mut around: Vec<f64> = bins[from..((rate_hz + 1.5) / bin_hz) as usize].to_vec();
    around.sort_by(f64::total_cmp);
    (at_hz, height / around[around.len() / 2])
}

#[test]
fn modulated_sound_pulses_at_the_rate_asked_for() {
    for (mode, rate_hz) in [(Mode::Relax, 10.2), (Mode::Focus, 16.0), (Mode::Sleep, 2.5)] {
        let (left, right, _) = play(&steady(mode, Stimulus::Am, 90.0, rate_hz));
        let (at_hz, above) = envelope_line(&left, &right, rate_hz);
        assert!((at_hz - rate_hz).abs() < 0.01, "{mode:?}: {at_hz}");
        assert!(above > 8.0, "{mode:?}: {above}");
    }
}

#[test]
fn control_has_no_line_where_the_modulated_track_has_one() {
    let (left, right, _) = play(&steady(Mode::Relax, Stimulus::Sham, 90.0, 10.2));
    // The highest of some 50 Rayleigh distributed bins is about 2.4 times their median.
    let (_, above) = envelope_line(&left, &right, 10.2);
    assert!(above < 4.5, "{above}");
}

#[test]
fn gliding_modulation_has_the_phase_of_the_schedule() {
    let mut brief = steady(Mode::Relax, Stimulus::Am, 70.0, 10.0);
    brief.schedule = vec![
        Breakpoint { at_s: 0.0, rate_hz: 12.0, depth: 0.6 },
        Breakpoint { at_s: 60.0, rate_hz: 8.0, depth: 0.6 },
    ];
    let (left, right, _) = play(&brief);
    let envelope = power_envelope(&left, &right);
    // Demodulate with the integral of 12 Hz falling by 1/15 Hz per second; a rate error of 0.01 Hz
    // would turn the product by 0.4 turns over 40 s and leave little of the sum.
    let demodulate = |error_hz: f64| {
        let mut sum = [0.0, 0.0];
        for (i, power) in envelope.iter().enumerate().skip(1_000).take(4_000) {
            let t = (i as f64 + 0.5) / ENVELOPE_HZ;
            let turns = 12.0 * t - t * t / 30.0 + error_hz * t;
            let angle = std::f64::consts::TAU * turns;
            sum[0] += power * angle.cos();
            sum[1] += power * angle.sin();
        }
        sum
    };
    let [cos, sin] = demodulate(0.0);
    assert!(cos > 0.0 && sin.abs() < 0.1 * cos, "phase {}", sin.atan2(cos));
    let off = demodulate(0.025);
    assert!(off[0].hypot(off[1]) < 0.5 * cos.hypot(sin));
}

#[test]
fn binaural_carriers_lie_half_the_rate_below_and_above_the_tonic() {
    let brief = steady(Mode::Relax, Stimulus::Binaural, 70.0, 6.0);
    let carrier_hz = compose(&brief).unwrap().carrier.unwrap().hz;
    // C4 = 261.63 Hz.
    assert!((carrier_hz - 261.625_565).abs() < 1e-5);
    let (left, right, _) = play(&brief);
    for (channel, expected_hz) in [(left, carrier_hz - 3.0), (right, carrier_hz + 3.0)] {
        let x: Vec<f64> =
            channel[441_000..channel.len() - 441_000].iter().map(|&v| f64::from(v)).collect();
        let (bins, bin_hz) = spectrum(&x, RATE_HZ);
        let (at_hz, _) = peak(&bins, bin_hz, expected_hz - 0.5, expected_hz + 0.5);
        assert!((at_hz - expected_hz).abs() < 0.01, "{at_hz} {expected_hz}");
    }
}

#[test]
fn monaural_and_isochronic_tones_pulse_at_the_rate_in_both_ears() {
    for stimulus in [Stimulus::Monaural, Stimulus::Isochronic] {
        let (left, right, _) = play(&steady(Mode::Relax, stimulus, 70.0, 10.0));
        let (at_hz, above) = envelope_line(&left, &right, 10.0);
        assert!((at_hz - 10.0).abs() < 0.01, "{stimulus:?}: {at_hz}");
        assert!(above > 5.0, "{stimulus:?}: {above}");
    }
}

#[test]
fn nothing_sounds_at_the_target_rate_itself() {
    for (mode, rate_hz) in [(Mode::Focus, 16.0), (Mode::Motivation, 20.0), (Mode::Relax, 10.0)] {
        for stimulus in Stimulus::ALL {
            let (left, _, _) = play(&steady(mode, stimulus, 30.0, rate_hz));
            let x: Vec<f64> = left.iter().map(|&v| f64::from(v)).collect();
            let (bins, bin_hz) = spectrum(&x, RATE_HZ);
            let (_, line) = peak(&bins, bin_hz, rate_hz - 0.5, rate_hz + 0.5);
            let (_, loudest) = peak(&bins, bin_hz, 50.0, 5_000.0);
            let relative_db = 20.0 * (line / loudest).log10();
            assert!(relative_db < -60.0, "{mode:?} {stimulus:?}: {relative_db:.1} dB");
        }
    }
}
