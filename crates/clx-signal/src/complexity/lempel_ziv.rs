use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Number of phrases in a sequence of symbols.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LempelZiv {
    /// Phrases of the 1976 parsing.
    pub phrases: usize,
    /// Phrases over `n / log_k(n)`, `k` the number of different symbols (at least 2); about 1 for a
    /// long random sequence.
    pub normalised: f64,
}

/// 1 where the signal is above its mean, else 0: the usual symbols for [`lempel_ziv`].
///
/// Empty for an empty signal and for one with values that are not finite.
///
/// ```
/// assert_eq!(clx_signal::complexity::above_mean(&[1.0, 5.0, 0.0]), [0, 1, 0]);
/// ```
pub fn above_mean(x: &[f64]) -> Vec<u8> {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    if !mean.is_finite() {
        return Vec::new();
    }
    x.iter().map(|v| u8::from(*v > mean)).collect()
}

/// Lempel-Ziv complexity: each phrase is the shortest stretch not seen before (overlap allowed).
///
/// `None` for fewer than two symbols or only one kind of them. An unfinished phrase at the end counts.
/// Depends on length, also when normalised, below about 10,000 symbols. O(n·k) in time and memory, by
/// a suffix automaton in place of the quadratic search.
///
/// # Source
/// Lempel and Ziv 1976, IEEE Trans. Inf. Theory 22:75-81; automaton: Blumer et al. 1985, Theor. Comput.
/// Sci. 40:31-55. Equal to `antropy.lziv_complexity`.
///
/// ```
/// // Their example, 0.001.10.100.1000.101, has 6 phrases.
/// let s: Vec<u8> = "0001101001000101".bytes().collect();
/// assert_eq!(clx_signal::complexity::lempel_ziv(&s).unwrap().phrases, 6);
/// ```
pub fn lempel_ziv(symbols: &[u8]) -> Option<LempelZiv> {
    let mut code = [None; 256];
    let mut kinds = 0;
    let coded: Vec<usize> = symbols
        .iter()
        .map(|&s| {
            *code[usize::from(s)].get_or_insert_with(|| {
                kinds += 1;
                kinds - 1
            })
        })
        .collect();
    if kinds < 2 {
        return None;
    }
    let phrases = count_phrases(&coded, kinds);
    let n = symbols.len() as f64;
    let normalised = phrases as f64 / (n / (n.ln() / (kinds as f64).ln()));
    Some(LempelZiv { phrases, normalised })
}

fn count_phrases(symbols: &[usize], kinds: usize) -> usize {
    let mut automaton = Automaton::new(symbols.len(), kinds);
    let (mut phrases, mut state, mut matched) = (0, ROOT, 0);
    for &symbol in symbols {
        match automaton.next(state, symbol) {
            Some(to) => (state, matched) = (to, matched + 1),
            None => (phrases, state, matched) = (phrases + 1, ROOT, 0),
        }
        automaton.append(symbol);
        // Appending may have split the state; the shorter strings went to its suffix link.
        while state != ROOT && matched <= automaton.length[automaton.link[state]] {
            state = automaton.link[state];
        }
    }
    phrases + usize::from(matched > 0)
}

const ROOT: usize = 0;
const NONE: u32 = u32::MAX;

/// Recognises every stretch of the symbols appended so far.
struct Automaton {
    kinds: usize,
    /// `kinds` transitions of each state.
    to: Vec<u32>,
    link: Vec<usize>,
    length: Vec<usize>,
    last: usize,
}

impl Automaton {
    fn new(n: usize, kinds: usize) -> Self {
        let mut to = Vec::with_capacity(2 * n * kinds);
        to.resize(kinds, NONE);
        Self { kinds, to, link: vec![ROOT], length: vec![0], last: ROOT }
    }

    fn next(&self, state: usize, symbol: usize) -> Option<usize> {
        let to = self.to[state * self.kinds + symbol];
        (to != NONE).then_some(to as usize)
    }

    fn set(&mut self, state: usize, symbol: usize, to: usize) {
        self.to[state * self.kinds + symbol] = to as u32;
    }

    fn push(&mut self, length: usize) -> usize {
        self.to.resize(self.to.len() + self.kinds, NONE);
        self.link.push(ROOT);
        self.length.push(length);
        self.link.len() - 1
    }

    fn append(&mut self, symbol: usize) {
        let new = self.push(self.length[self.last] + 1);
        let mut from = Some(std::mem::replace(&mut self.last, new));
        let target = loop {
            let Some(state) = from else { return };
            if let Some(target) = self.next(state, symbol) {
                break target;
            }
            self.set(state, symbol, new);
            from = (state != ROOT).then(|| self.link[state]);
        };
        let Some(state) = from else { return };
        if self.length[target] == self.length[state] + 1 {
            self.link[new] = target;
            return;
        }
        let clone = self.push(self.length[state] + 1);
        let row = target * self.kinds..(target + 1) * self.kinds;
        self.to.copy_within(row, clone * self.kinds);
        self.link[clone] = self.link[target];
        (self.link[target], self.link[new]) = (clone, clone);
        while let Some(state) = from.filter(|&s| self.next(s, symbol) == Some(target)) {
            self.set(state, symbol, clone);
            from = (state != ROOT).then(|| self.link[state]);
        }
    }
}
