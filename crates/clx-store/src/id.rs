//! Typed ids: a prefix that names the noun, then a uuid v7 as 26 letters of lower-case Crockford
//! base32. They sort by the time they were made, as text, in both databases.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LEN: usize = 26;

/// The text is not an id of the expected kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id that starts with `{prefix}_`")]
pub struct IdError {
    pub prefix: &'static str,
}

fn encode(uuid: Uuid) -> String {
    let mut value = uuid.as_u128();
    let mut text = [0_u8; LEN];
    for place in text.iter_mut().rev() {
        *place = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    text.iter().map(|&b| char::from(b)).collect()
}

/// 26 letters hold 130 bits, so the first may only be `0..=7`.
fn is_encoded(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == LEN && bytes[0] <= b'7' && bytes.iter().all(|b| ALPHABET.contains(b))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub const PREFIX: &'static str = $prefix;

            /// A new id, later in sort order than those made in earlier milliseconds.
            #[expect(clippy::new_without_default, reason = "every call gives another value")]
            pub fn new() -> Self {
                Self(format!("{}_{}", $prefix, encode(Uuid::now_v7())))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let wrong = IdError { prefix: $prefix };
                let Some((prefix, rest)) = text.split_once('_') else { return Err(wrong) };
                if prefix == $prefix && is_encoded(rest) { Ok(Self(text.to_owned())) } else { Err(wrong) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(/** An organisation: the owner of every row. */ OrgId, "org");
id!(/** A person in an organisation. */ UserId, "usr");
id!(/** An API key, not its secret. */ KeyId, "key");
id!(/** A recording: EEG or sound that was handed over. */ RecordingId, "rec");
id!(/** An upload that may still be under way. */ UploadId, "upl");
id!(/** A job of the queue. */ JobId, "job");
id!(/** A file that a job made. */ ArtifactId, "art");
id!(/** An entry of the event log. */ EventId, "evt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_is_crockford_base32_of_the_128_bits() {
        // 2^128 - 1 in base 32: the first of 26 letters holds 3 bits, all others 5.
        assert_eq!(encode(Uuid::from_u128(u128::MAX)), "7zzzzzzzzzzzzzzzzzzzzzzzzz");
        assert_eq!(encode(Uuid::from_u128(33)), "00000000000000000000000011");
    }

    #[test]
    fn an_id_reads_back_and_another_noun_is_refused() {
        let id = RecordingId::new();
        assert_eq!(id.as_str().parse::<RecordingId>(), Ok(id.clone()));
        assert_eq!(id.as_str().parse::<JobId>(), Err(IdError { prefix: "job" }));
        for wrong in [
            "",
            "rec",
            "rec_",
            "rec_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "rec_é",
            "REC_00000000000000000000000011",
        ] {
            assert!(wrong.parse::<RecordingId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn ids_sort_by_time() {
        let early = encode(Uuid::from_u128(1_u128 << 80));
        let late = encode(Uuid::from_u128(2_u128 << 80));
        assert!(early < late);
    }
}
