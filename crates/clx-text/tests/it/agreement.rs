//! All seven languages have the same messages with the same variables, in every file.

use std::fs;
use std::path::{Path, PathBuf};

use clx_text::{LANGUAGES, disagreements};

fn locales() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales")
}

fn file_names(lang: &str) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(locales().join(lang))
        .expect("the folder of a language exists")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("plain name"))
        .collect();
    names.sort();
    names
}

#[test]
fn every_language_has_the_same_files() {
    for lang in LANGUAGES {
        assert_eq!(file_names(lang), file_names("en"), "{lang}");
    }
}

#[test]
fn every_language_has_the_same_messages_and_variables() {
    let mut problems = Vec::new();
    for name in file_names("en") {
        let read =
            |lang: &str| fs::read_to_string(locales().join(lang).join(&name)).expect("readable");
        let reference = read("en");
        for lang in LANGUAGES {
            for problem in disagreements(&reference, &read(lang)) {
                problems.push(format!("{lang}/{name}: {problem:?}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Two languages that show the same long sentence: one of them was not translated.
#[test]
fn sentences_are_translated() {
    let sentence = |lang: &str, name: &str| -> Vec<(String, String)> {
        let text = fs::read_to_string(locales().join(lang).join(name)).expect("readable");
        text.lines()
            .filter_map(|line| line.split_once(" = "))
            .filter(|(_, value)| value.split_whitespace().count() >= 6 && !value.contains('{'))
            .map(|(id, value)| (id.to_owned(), value.to_owned()))
            .collect()
    };
    for name in file_names("en") {
        let english = sentence("en", &name);
        for lang in &LANGUAGES[1..] {
            for pair in sentence(lang, &name) {
                assert!(!english.contains(&pair), "{lang}/{name}: {} is English", pair.0);
            }
        }
    }
}
