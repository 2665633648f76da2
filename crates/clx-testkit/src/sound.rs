/// A WAV file of one channel of 16-bit samples.
///
/// # Panics
/// Beyond 2 GiB of samples, which the format has no number for.
pub fn wav(rate_hz: u32, samples: impl IntoIterator<Item = i16>) -> Vec<u8> {
    let data: Vec<u8> = samples.into_iter().flat_map(i16::to_le_bytes).collect();
    let size = u32::try_from(data.len()).expect("less than 4 GiB of samples");
    let mut file = b"RIFF".to_vec();
    file.extend((36 + size).to_le_bytes());
    // RIFF: 16 bytes of format, of which 1 is PCM, then one channel.
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate_hz.to_le_bytes());
    file.extend((2 * rate_hz).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(size.to_le_bytes());
    file.extend(data);
    file
}
