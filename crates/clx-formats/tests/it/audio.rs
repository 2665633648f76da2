//! Decoding against a source known by formula: no lag, the right length, the right samples.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::io::Cursor;
use std::path::Path;

use clx_formats::{AudioReader, Format, FormatError, Source, open};

const N: usize = 40_000;

/// The source of every file in `fixtures/audio` (see `fixtures/audio.py`).
fn sweep(rate: f64, i: usize) -> f64 {
    let t = i as f64 / rate;
    0.5 * (std::f64::consts::TAU * (200.0 * t + 1500.0 * t * t)).sin() * (t / 0.01).min(1.0)
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/audio");
    std::fs::read(folder.join(name)).unwrap()
}

fn try_audio(bytes: Vec<u8>) -> Result<AudioReader, FormatError> {
    match open(Box::new(Cursor::new(bytes)))? {
        Source::Audio(reader) => Ok(reader),
        Source::Recording(_) => panic!("sound was taken for a recording"),
    }
}

fn audio(name: &str) -> AudioReader {
    try_audio(fixture(name)).unwrap()
}

fn has(reader: &AudioReader, code: &str) -> bool {
    reader.findings().iter().any(|f| f.code == code)
}

/// Signal to noise in dB of `got` against the sweep delayed by `lag` frames, edges left out.
fn snr_db(got: &[f32], rate: f64, lag: i64) -> f64 {
    let (mut signal, mut noise) = (0.0, 0.0);
    let last = got.len().min(N) - 2_000;
    for (i, &sample) in got.iter().enumerate().take(last).skip(2_000) {
        let expected = sweep(rate, (i as i64 - lag) as usize);
        signal += expected * expected;
        noise += (f64::from(sample) - expected).powi(2);
    }
    10.0 * (signal / noise).log10()
}

/// Lag 0 fits better than its neighbours and than the delays that encoders add, and better than `min_snr_db`.
#[track_caller]
fn check(name: &str, format: Format, n_frames: Option<u64>, decoded: usize, min_snr_db: f64) {
    let mut reader = audio(name);
    let rate = reader.info().rate.hz();
    assert_eq!((reader.format(), reader.info().n_frames), (format, n_frames), "{name}");
    let wave = reader.load().unwrap();
    assert_eq!(wave.n_frames(), decoded, "{name}");
    let got = &wave.channels()[0];
    let best = (-16..=16)
        .chain([-1_105, -1_024, -529, -312, 312, 529, 576, 1_024, 1_105, 1_152])
        .max_by(|&a, &b| snr_db(got, rate, a).total_cmp(&snr_db(got, rate, b)))
        .unwrap();
    assert_eq!(best, 0, "{name}: the decode lags by {best} frames");
    let snr = snr_db(got, rate, 0);
    assert!(snr > min_snr_db, "{name}: {snr:.1} dB");
    assert!(reader.findings().iter().all(|f| f.code != "file.truncated"), "{name}");
}

const EXACT: Option<u64> = Some(N as u64);

#[test]
fn lossless_is_exact_to_half_a_step() {
    // 16 bits: noise of a rounded 0.5 sine is 6.02 * 16 + 1.76 - 6.02 dB below it.
    check("sweep.flac", Format::Flac, EXACT, N, 90.0);
}

#[test]
fn mp3_with_a_lame_tag_starts_and_ends_where_its_source_did() {
    check("sweep_cbr.mp3", Format::Mp3, EXACT, N, 20.0);
    check("sweep_vbr.mp3", Format::Mp3, EXACT, N, 20.0);
}

#[test]
fn vorbis_opus_and_m4a_have_no_lag_and_the_exact_length() {
    check("sweep.ogg", Format::OggVorbis, EXACT, N, 10.0);
    check("sweep.opus", Format::OggOpus, EXACT, N, 10.0);
    check("sweep_stereo.opus", Format::OggOpus, EXACT, N, 10.0);
    check("sweep.m4a", Format::Mp4Aac, EXACT, N, 10.0);
}

#[test]
fn streams_that_hide_their_delay_say_so() {
    let mut adts = audio("sweep.aac");
    assert_eq!(adts.info().n_frames, None);
    assert!(has(&adts, "audio.encoder_delay_unknown"));
    // 40 packets of 1,024 hold 40,000 frames and one packet of priming.
    assert_eq!(adts.load().unwrap().n_frames(), 41 * 1_024);
    let mp3 = audio("sweep_untagged.mp3");
    assert_eq!(mp3.info().n_frames, None);
}

#[test]
fn opus_channels_keep_their_order() {
    let wave = audio("sweep_stereo.opus").load().unwrap();
    let dot: f32 = wave.channels()[0].iter().zip(&wave.channels()[1]).map(|(a, b)| a * b).sum();
    let left: f32 = wave.channels()[0].iter().map(|a| a * a).sum();
    // The right channel is -0.5 times the left.
    assert!((dot / left + 0.5).abs() < 0.02, "{}", dot / left);
}

#[test]
fn seeking_gives_what_reading_on_would_have_given() {
    for (name, tolerance) in [
        ("sweep.flac", 0.0),
        ("sweep_rf64.wav", 0.0),
        ("sweep_cbr.mp3", 1e-6),
        ("sweep_vbr.mp3", 1e-6),
        ("sweep.ogg", 1e-6),
        // AAC's noise substitution draws its noise anew.
        ("sweep.m4a", 1e-2),
        ("sweep.aac", 1e-2),
        // The decoder's state decays, it does not end.
        ("sweep.opus", 2e-2),
    ] {
        let whole = audio(name).load().unwrap();
        let mut reader = audio(name);
        let mut block = Vec::new();
        let last = whole.n_frames() - 1;
        for frame in [0, 1, 777, last / 2, last - 900, last, 30] {
            reader.seek(frame as u64).unwrap();
            let n = reader.next_block(&mut block).unwrap();
            assert!(n > 0, "{name} at {frame}");
            let expected = &whole.channels()[0][frame..frame + n];
            let worst =
                block[0].iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst <= tolerance, "{name} at {frame}: off by {worst}");
        }
        reader.seek(whole.n_frames() as u64 + 5_000).unwrap();
        assert_eq!(reader.next_block(&mut block).unwrap(), 0, "{name} behind the end");
        reader.seek(0).unwrap();
        assert_eq!(reader.load().unwrap().n_frames(), whole.n_frames(), "{name}");
    }
}

#[test]
fn rf64_reads_like_riff() {
    let mut reader = audio("sweep_rf64.wav");
    let info = reader.info().clone();
    assert_eq!((info.n_frames, info.bits, info.codec.as_str()), (Some(4_410), Some(24), "pcm"));
    let wave = reader.load().unwrap();
    let worst = (0..4_410)
        .map(|i| (f64::from(wave.channels()[0][i]) - sweep(44_100.0, i)).abs())
        .fold(0.0, f64::max);
    // One step of 24 bits: ffmpeg truncates.
    assert!(worst <= 1.0 / 8_388_608.0, "{worst}");
}

/// A WAV file around `data`.
fn wav(tag: u16, n_channels: u16, rate_hz: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    let align = n_channels.wrapping_mul(bits / 8);
    let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec();
    for half in [tag, n_channels] {
        file.extend(half.to_le_bytes());
    }
    file.extend(rate_hz.to_le_bytes());
    file.extend((rate_hz.wrapping_mul(u32::from(align))).to_le_bytes());
    file.extend(align.to_le_bytes());
    file.extend(bits.to_le_bytes());
    file.extend(b"LIST\x03\0\0\0abc\0data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}

#[test]
fn wav_float_reads_exactly_and_odd_chunks_are_padded() {
    let samples = [0.25_f32, -1.0, 0.5, 3.0];
    let data: Vec<u8> = samples.iter().flat_map(|x| x.to_le_bytes()).collect();
    let mut reader = try_audio(wav(3, 2, 48_000, 32, &data)).unwrap();
    let wave = reader.load().unwrap();
    assert_eq!(wave.channels(), [[0.25, 0.5], [-1.0, 3.0]]);
    assert!(reader.findings().is_empty());
}

#[test]
fn non_finite_samples_become_zero_and_a_finding() {
    let samples = [0.5_f32, f32::NAN, f32::INFINITY, 0.25];
    let data: Vec<u8> = samples.iter().flat_map(|x| x.to_le_bytes()).collect();
    let mut reader = try_audio(wav(3, 1, 48_000, 32, &data)).unwrap();
    assert_eq!(reader.load().unwrap().channels(), [[0.5, 0.0, 0.0, 0.25]]);
    let finding = reader.findings().iter().find(|f| f.code == "audio.not_finite").unwrap();
    assert!(finding.message.starts_with("2 samples"), "{}", finding.message);
}

#[test]
fn zero_channels_or_rate_is_an_error() {
    for bytes in [wav(1, 0, 44_100, 16, &[0; 8]), wav(1, 1, 0, 16, &[0; 8])] {
        assert!(matches!(try_audio(bytes), Err(FormatError::Invalid { .. })));
    }
    assert!(matches!(
        try_audio(wav(1, 65_535, 44_100, 16, &[0; 8])),
        Err(FormatError::Invalid { .. })
    ));
    assert!(matches!(
        try_audio(wav(2, 1, 44_100, 4, &[0; 8])),
        Err(FormatError::Unsupported { .. })
    ));
}

#[test]
fn an_empty_data_chunk_is_a_sound_without_frames() {
    let mut reader = try_audio(wav(1, 2, 44_100, 16, &[])).unwrap();
    assert_eq!(reader.info().n_frames, Some(0));
    assert_eq!(reader.load().unwrap().n_frames(), 0);
}

#[test]
fn truncated_files_keep_what_is_there_and_say_so() {
    for name in ["sweep.flac", "sweep_cbr.mp3", "sweep_rf64.wav"] {
        let mut bytes = fixture(name);
        bytes.truncate(bytes.len() * 2 / 3);
        let mut reader = try_audio(bytes).unwrap();
        let n = reader.load().unwrap().n_frames();
        assert!(n > 1_000, "{name}: {n}");
        assert!(has(&reader, "file.truncated"), "{name}: {:?}", reader.findings());
    }
}

#[test]
fn he_aac_is_named_and_its_core_decoded() {
    let mut bytes = fixture("sweep.m4a");
    // The decoder configuration of AAC-LC at 44.1 kHz mono, 0x1208, in the esds box; as HE-AAC:
    // object type 5, core rate index 4, 1 channel, extension rate index 4, object type 2.
    let at = bytes.windows(4).rposition(|w| w == [0x05, 0x80, 0x80, 0x80]).unwrap();
    let config = &mut bytes[at + 5..at + 7];
    assert_eq!(config, [0x12, 0x08]);
    config.copy_from_slice(&[0x2a, 0x0a]);
    let mut reader = try_audio(bytes).unwrap();
    let finding = reader.findings().iter().find(|f| f.code == "audio.he_aac_core_only").unwrap();
    assert!(finding.message.contains("HE-AAC"));
    assert_eq!(reader.load().unwrap().n_frames(), N);
}

/// Marsaglia's xorshift64.
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// Flips, overwrites, cuts, repeats or shortens; half of the damage goes to the headers.
fn mutate(bytes: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..1 + rng.below(8) {
        let reach = if rng.below(2) == 0 { out.len().min(600) } else { out.len() };
        if reach < 2 {
            break;
        }
        let at = rng.below(reach);
        match rng.below(6) {
            0 => out[at] ^= 1 << rng.below(8),
            1 => out[at] = [0, 0xff, 0x7f, 0x80][rng.below(4)],
            2 => {
                let to = (at + 1 + rng.below(16)).min(out.len());
                out[at..to].fill(0xff);
            }
            3 => {
                let to = (at + 1 + rng.below(64)).min(out.len());
                out.drain(at..to);
            }
            4 => {
                let to = (at + 1 + rng.below(64)).min(out.len());
                let piece = out[at..to].to_vec();
                out.splice(at..at, piece);
            }
            _ => out.truncate(at.max(out.len() / 4)),
        }
    }
    out
}

/// Decodes a mutated file to its end; errors are fine, panics and endless streams are not.
fn survive(name: &str, n: usize) {
    let bytes = fixture(name);
    let mut rng = Rng(0x9e37_79b9_7f4a_7c15 ^ bytes.len() as u64);
    for round in 0..n {
        let Ok(mut reader) =
            open(Box::new(Cursor::new(mutate(&bytes, &mut rng)))).map(|s| match s {
                Source::Audio(reader) => reader,
                Source::Recording(_) => panic!("{name} round {round}: taken for a recording"),
            })
        else {
            continue;
        };
        let mut block = Vec::new();
        let mut frames = 0_u64;
        while let Ok(n) = reader.next_block(&mut block) {
            if n == 0 {
                break;
            }
            assert!(block.iter().all(|c| c.len() == n && c.iter().all(|x| x.is_finite())));
            frames += n as u64;
            assert!(frames < 50_000_000, "{name} round {round}: no end");
        }
        let _sought = reader.seek(20_000).and_then(|()| reader.next_block(&mut block));
    }
}

#[test]
fn mutated_lossless_files_never_panic() {
    survive("sweep_rf64.wav", 500);
    survive("sweep.flac", 500);
}

#[test]
fn mutated_mpeg_files_never_panic() {
    survive("sweep_vbr.mp3", 500);
    survive("sweep_untagged.mp3", 500);
}

#[test]
fn mutated_ogg_files_never_panic() {
    survive("sweep.ogg", 500);
    survive("sweep.opus", 500);
    survive("sweep_stereo.opus", 500);
}

#[test]
fn mutated_aac_files_never_panic() {
    survive("sweep.m4a", 500);
    survive("sweep.aac", 500);
}

#[test]
fn shared_recordings_decode_to_the_length_ffmpeg_reports() {
    // Samples per channel in `ffmpeg -i NAME -ac 1 -f s16le`.
    for (name, rate, n_frames) in [
        ("audio/vibe_ace.ogg", 44_100.0, 2_710_336),
        ("audio/loop_amen_full.flac", 44_100.0, 302_400),
        ("audio/loop_mika.flac", 44_100.0, 352_800),
        ("audio/vocadito_10.wav", 44_100.0, 401_214),
    ] {
        let Some(path) = clx_testkit::shared_data(name) else { continue };
        let mut reader = try_audio(std::fs::read(path).unwrap()).unwrap();
        assert_eq!(reader.info().rate.hz(), rate, "{name}");
        assert_eq!(reader.load().unwrap().n_frames(), n_frames, "{name}");
        assert_eq!(reader.info().n_frames, Some(n_frames as u64), "{name}");
    }
}
