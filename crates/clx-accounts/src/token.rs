//! Random credentials and their digests.

use rand::{RngExt, rng};
use sha2::{Digest, Sha256};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub(crate) const KEY_PREFIX: &str = "ck_live_";
/// 62²² is a little more than 2¹³⁰.
const KEY_LETTERS: usize = 22;
const CHECK_LETTERS: usize = 6;
/// Letters of a key that are stored in the clear, prefix included.
pub(crate) const VISIBLE_LETTERS: usize = KEY_PREFIX.len() + 4;

/// 256 random bits, lower-case hexadecimal: cookies and sign-in links.
pub(crate) fn random_token() -> String {
    hex::encode(rng().random::<[u8; 32]>())
}

/// What is stored of a credential. A fast hash is right here: there is nothing to guess.
pub(crate) fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// A new API key: prefix, 22 random letters, 6 letters of checksum.
pub(crate) fn random_key() -> String {
    let mut rng = rng();
    let random: String =
        (0..KEY_LETTERS).map(|_| char::from(BASE62[rng.random_range(0..BASE62.len())])).collect();
    let check = checksum(&random);
    format!("{KEY_PREFIX}{random}{check}")
}

/// Whether a text can be a key at all; refuses typos without asking the database.
pub(crate) fn is_key(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(KEY_PREFIX) else { return false };
    rest.len() == KEY_LETTERS + CHECK_LETTERS
        && rest.is_ascii()
        && rest
            .split_at_checked(KEY_LETTERS)
            .is_some_and(|(random, check)| checksum(random) == check)
}

/// First 32 bits of the SHA-256 as 6 letters, which hold 35 bits.
fn checksum(random: &str) -> String {
    let hash = Sha256::digest(random.as_bytes());
    let mut value = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    let mut letters = ['0'; CHECK_LETTERS];
    for place in letters.iter_mut().rev() {
        *place = char::from(BASE62[(value % 62) as usize]);
        value /= 62;
    }
    letters.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_one_wrong_letter_is_refused_offline() {
        let key = random_key();
        assert_eq!(key.len(), 8 + 22 + 6);
        assert!(is_key(&key));
        for place in 8..key.len() {
            let mut wrong = key.clone().into_bytes();
            wrong[place] = if wrong[place] == b'a' { b'b' } else { b'a' };
            assert!(!is_key(std::str::from_utf8(&wrong).unwrap()), "letter {place}");
        }
        for wrong in
            ["", "ck_live_", "sk_live_0000000000000000000000000000", "ck_live_ééééééééééééééé"]
        {
            assert!(!is_key(wrong), "{wrong}");
        }
    }

    #[test]
    fn digest_is_sha_256() {
        // FIPS 180-4 example "abc".
        assert_eq!(
            digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
