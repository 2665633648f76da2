//! Cuts a stream into overlapping frames centred on multiples of the hop, as librosa does with
//! `center=True` and zero padding: frame `i` is centred on sample `i · hop`, and `n` samples give
//! `1 + n / hop` frames.

#[derive(Debug)]
pub(crate) struct Framer {
    n_fft: usize,
    hop: usize,
    pending: Vec<f32>,
}

impl Framer {
    pub(crate) fn new(n_fft: usize, hop: usize) -> Self {
        Self { n_fft, hop, pending: vec![0.0; n_fft / 2] }
    }

    pub(crate) fn push(&mut self, samples: &[f32], mut each: impl FnMut(&[f32])) {
        self.pending.extend_from_slice(samples);
        let mut at = 0;
        while at + self.n_fft <= self.pending.len() {
            each(&self.pending[at..at + self.n_fft]);
            at += self.hop;
        }
        self.pending.drain(..at);
    }

    pub(crate) fn finish(&mut self, each: impl FnMut(&[f32])) {
        let zeros = vec![0.0; self.n_fft / 2];
        self.push(&zeros, each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_centred_and_counted_as_in_librosa() {
        for n in [0, 1, 15, 16, 17, 100] {
            let x: Vec<f32> = (1..=n).map(|i| i as f32).collect();
            let mut framer = Framer::new(16, 4);
            let mut centres = Vec::new();
            for piece in x.chunks(7) {
                framer.push(piece, |f| centres.push(f[8]));
            }
            framer.finish(|f| centres.push(f[8]));
            let expected: Vec<f32> =
                (0..=n / 4).map(|i| x.get(i * 4).copied().unwrap_or(0.0)).collect();
            assert_eq!(centres, expected, "{n} samples");
        }
    }
}
