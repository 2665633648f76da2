//! Damaged files: a clear error or findings, never a panic, never much more memory than the file.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use clx_formats::{Format, FormatError, SNIFF_BYTES, Source, deidentify_file, open, sniff};
use clx_testkit::shared_data;

use crate::bytes::{spec, write};

const N_MUTATIONS: u64 = 1_000;

/// What reading a recording costs whatever the file: sniffing and one chunk of records.
const RECORDING_BYTES: u64 = 512 << 10;

/// The same for sound: decoder tables and one block; a FLAC block may hold 65,535 frames of 8
/// channels, 2 MB in the decoder and 2 MB handed out.
const SOUND_BYTES: u64 = 8 << 20;

/// A small generator of numbers (splitmix64), so that a failure names its seed.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// A damaged copy of `bytes`: cut, bits flipped, digits changed, stretches overwritten, removed or
/// repeated; half of the damage falls on the first 2 kB, where headers are.
pub(crate) fn mutate(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut numbers = Numbers(seed);
    let mut out = bytes.to_vec();
    for _ in 0..1 + numbers.below(4) {
        if out.is_empty() {
            break;
        }
        let reach = if numbers.below(2) == 0 { out.len().min(2_048) } else { out.len() };
        let at = numbers.below(reach);
        let len = 1 + numbers.below((out.len() - at).min(64));
        match numbers.below(8) {
            0 => out.truncate(at),
            1 => out[at] ^= 1 << numbers.below(8),
            2 => out[at..at + len].fill([0x00, 0xff, b' ', b'9'][numbers.below(4)]),
            3 => out[at..at + len].iter_mut().for_each(|b| *b = numbers.next() as u8),
            4 => drop(out.drain(at..at + len)),
            5 => {
                let stretch = out[at..at + len].to_vec();
                out.splice(at..at, stretch);
            }
            // Digits of text headers become other digits: plausible but wrong counts.
            _ => {
                for b in out[at..at + len].iter_mut().filter(|b| b.is_ascii_digit()) {
                    *b = b'0' + numbers.below(10) as u8;
                }
            }
        }
    }
    out
}

/// Opens and reads everything there is to read; the first error ends it.
fn exercise(bytes: Arc<[u8]>) -> Result<(), FormatError> {
    match open(Box::new(Cursor::new(bytes)))? {
        Source::Recording(mut reader) => {
            let n_channels = reader.header().channels.len();
            let picks: Vec<usize> = (0..n_channels).collect();
            reader.annotations()?;
            for channel in 0..n_channels {
                let n = reader.header().channels[channel].n_samples;
                match reader.read_digital(channel, n / 2, (n / 4) as usize) {
                    // The file may store floating-point values.
                    Ok(_) | Err(FormatError::Unsupported { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            let block_s = reader.header().duration_s / 3.0;
            for block in reader.blocks(&picks, block_s.max(1e-9)).take(5) {
                block?;
            }
        }
        Source::Audio(mut reader) => {
            let mut block = Vec::new();
            while reader.next_block(&mut block)? > 0 {}
            reader.seek(100)?;
            reader.next_block(&mut block)?;
        }
    }
    Ok(())
}

/// Blanks the identity in a copy, which keeps its length.
fn anonymise(bytes: &[u8]) {
    let head = &bytes[..bytes.len().min(SNIFF_BYTES)];
    if let Some(format) = sniff(head).filter(|format| !format.is_audio()) {
        let mut copy = Cursor::new(bytes.to_vec());
        if let Err(error) = deidentify_file(format, &mut copy) {
            assert!(error.to_string().len() > 20, "{error}");
        }
        assert_eq!(copy.into_inner().len(), bytes.len());
    }
}

/// `N_MUTATIONS` damaged copies of one file; the message of every error names what is wrong.
#[track_caller]
pub(crate) fn survive(name: &str, bytes: &[u8], fixed_bytes: u64) {
    survive_all(name, fixed_bytes, |seed| mutate(bytes, seed));
}

/// The same with the damaged copies that `damage` makes of a seed.
#[track_caller]
fn survive_all(name: &str, fixed_bytes: u64, damage: impl Fn(u64) -> Vec<u8>) {
    let (mut n_read, mut most) = (0, 0);
    for seed in 0..N_MUTATIONS {
        let damaged: Arc<[u8]> = damage(seed).into();
        let mut result = Ok(());
        let read = allocation_counter::measure(|| result = exercise(Arc::clone(&damaged)));
        let blank = allocation_counter::measure(|| anonymise(&damaged));
        let bytes_max = read.bytes_max.max(blank.bytes_max);
        let allowed = 4 * damaged.len() as u64 + fixed_bytes;
        assert!(
            bytes_max <= allowed,
            "{name}, seed {seed}: {bytes_max} bytes of memory for a file of {}",
            damaged.len()
        );
        most = most.max(bytes_max);
        match result {
            Ok(()) => n_read += 1,
            Err(error) => assert!(error.to_string().len() > 20, "{name}, seed {seed}: {error}"),
        }
    }
    eprintln!("{name}: {n_read} of {N_MUTATIONS} still readable, memory at most {most} bytes");
}

#[test]
fn damaged_recordings_are_survived() {
    for format in [Format::EdfPlusC, Format::EdfPlusD, Format::BdfPlusC, Format::BdfPlusD] {
        survive(format.name(), &write(&spec(format)), RECORDING_BYTES);
    }
    let mut plain = write(&spec(Format::EdfPlusC));
    crate::bytes::patch(&mut plain, 192, 44, b"");
    survive("EDF", &plain, RECORDING_BYTES);
}

#[test]
fn damaged_real_recordings_are_survived() {
    for name in [
        "eeg/edfio/short_psg.edf",
        "eeg/edfio/SC4001EC-Hypnogram.edf",
        "eeg/mne/duplicate_channel_labels.edf",
        "eeg/mne/test_uneven_samp.edf",
        "eeg/eeglab/test.bdf",
    ] {
        let Some(path) = shared_data(name) else { continue };
        survive(name, &std::fs::read(path).unwrap(), RECORDING_BYTES);
    }
}

#[test]
fn damaged_sound_is_survived() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/audio");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy();
        survive(&name, &std::fs::read(&path).unwrap(), SOUND_BYTES);
    }
}

#[test]
fn damaged_streams_are_survived() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/xdf");
    for name in ["types.xdf", "clocks.xdf", "damaged.xdf"] {
        survive(name, &std::fs::read(folder.join(name)).unwrap(), RECORDING_BYTES);
    }
    for name in ["eeg/xdf/minimal.xdf", "eeg/eeglab/test.xdf"] {
        let Some(path) = shared_data(name) else { continue };
        survive(name, &std::fs::read(path).unwrap(), RECORDING_BYTES);
    }
}

#[test]
fn damaged_text_is_survived() {
    for name in [
        "eeg/openbci/OpenBCI_GUI-v6-blinks-jawClench-alpha.txt.gz",
        "eeg/muse/SSAEP_subject1_session1_2017-09-27-14.42.41.csv.gz",
        "eeg/eeglab/testmusemonitor.csv",
    ] {
        let Some(path) = shared_data(name) else { continue };
        let mut bytes = std::fs::read(path).unwrap();
        if name.ends_with(".gz") {
            // The compressed file as it is, cut; and what it holds.
            survive(name, &bytes[..12_000], RECORDING_BYTES);
            let mut text = Vec::new();
            let decoder = flate2::read::GzDecoder::new(&bytes[..]);
            std::io::Read::read_to_end(&mut std::io::Read::take(decoder, 20_000), &mut text)
                .unwrap();
            bytes = text;
        }
        survive(name, &bytes, RECORDING_BYTES);
    }
    survive(
        "table",
        b"time;Fp1;event\n0,0;1,5;\n0,1;2,5;go\n0,2;3;\n0,3;\"4\";\n",
        RECORDING_BYTES,
    );
}

#[test]
fn damaged_records_are_survived() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/wfdb");
    for name in ["f16", "f212", "f24", "f310", "f32", "f61", "f80"] {
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            if file.starts_with(name) {
                files.push((file, std::fs::read(&path).unwrap()));
            }
        }
        // Each file of the record in turn is damaged, inside an archive that is whole.
        for damaged in 0..files.len() {
            survive_all(&files[damaged].0, RECORDING_BYTES, |seed| {
                let mut copy = files.clone();
                copy[damaged].1 = mutate(&copy[damaged].1, seed);
                let members: Vec<(&str, &[u8])> =
                    copy.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
                crate::archive::archive(&members, zip::CompressionMethod::Stored)
            });
        }
    }
}
