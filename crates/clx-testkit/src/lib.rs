//! Fixtures, tolerances and the test application shared by the integration tests.

mod postgres;
mod sound;
#[cfg(feature = "store")]
mod store;

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

pub use postgres::{Postgres, postgres};
pub use sound::wav;
#[cfg(feature = "store")]
pub use store::{DAY_MS, HOUR_MS, START_MS, TestStore};

/// Says aloud that something a test needs is absent.
///
/// The runner of the tests hides what passing tests print, so the words also go to the end of the
/// file that `CLX_SKIPPED` names, which `cargo xtask ci` shows.
///
/// # Panics
/// With `CLX_REQUIRE_ALL=1`, where everything is meant to be there.
pub fn absent(what: &str) {
    let required = std::env::var_os("CLX_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!required, "{what}; CLX_REQUIRE_ALL=1 asks for everything");
    eprintln!("SKIPPED: {what}");
    if let Some(path) = std::env::var_os("CLX_SKIPPED") {
        let file = OpenOptions::new().append(true).create(true).open(path);
        let written = file.and_then(|mut file| writeln!(file, "{what}"));
        written.expect("the file that CLX_SKIPPED names can be written");
    }
}

/// Path of a real recording under `shared/data`, or `None` with a loud note when it is absent.
///
/// The folder stands beside the project; `CLX_DATA` names another place. A test that loops over
/// several files goes on with the next one.
///
/// # Panics
/// As [`absent`].
pub fn shared_data(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CLX_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    absent(&format!("shared/data/{relative} is absent, set CLX_DATA to the folder that has it"));
    None
}

/// Bytes of a trained model, or `None` with a loud note when it was not fetched.
///
/// `clisonix models pull` puts it into `data/models` of the project; `CLX_MODELS` names another folder.
///
/// # Panics
/// As [`absent`].
pub fn model_file(file_name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("CLX_MODELS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/models"),
        PathBuf::from,
    );
    let bytes = std::fs::read(folder.join(file_name)).ok();
    if bytes.is_none() {
        absent(&format!("the model {file_name} is absent, `clisonix models pull` fetches it"));
    }
    bytes
}

/// How far a measured value may be from the expected one.
#[derive(Clone, Copy, Debug)]
pub enum Tolerance {
    Absolute(f64),
    Relative(f64),
}

/// Panics with both values unless `got` is within `tolerance` of `expected`.
#[track_caller]
pub fn assert_close(got: f64, expected: f64, tolerance: Tolerance) {
    let allowed = match tolerance {
        Tolerance::Absolute(a) => a,
        Tolerance::Relative(r) => r * expected.abs(),
    };
    // Written so that NaN fails.
    let close = (got - expected).abs() <= allowed;
    assert!(close, "got {got}, expected {expected} within {tolerance:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_our_own_can_be_made() {
        let Some(server) = postgres() else { return };
        assert!(server.database("one").ends_with("/one"));
    }

    /// What the tests below run, each in another environment.
    #[test]
    #[ignore = "fails by itself where CLX_REQUIRE_ALL=1"]
    fn a_file_that_is_nowhere_is_absent() {
        assert_eq!(shared_data("no/such/file.edf"), None);
    }

    fn run_again(environment: &[(&str, &str)]) -> std::process::Output {
        let mut again = std::process::Command::new(std::env::current_exe().unwrap());
        again.args([
            "--ignored",
            "--exact",
            "tests::a_file_that_is_nowhere_is_absent",
            "--nocapture",
        ]);
        again.env_remove("CLX_REQUIRE_ALL").envs(environment.iter().copied());
        again.output().unwrap()
    }

    #[test]
    fn an_absence_is_said_aloud_and_noted_where_the_run_looks() {
        let folder = tempfile::tempdir().unwrap();
        let noted = folder.path().join("skipped");
        let run = run_again(&[("CLX_SKIPPED", noted.to_str().unwrap())]);
        assert!(run.status.success());
        assert!(String::from_utf8_lossy(&run.stderr).contains("SKIPPED: shared/data/no/such"));
        let noted = std::fs::read_to_string(noted).unwrap();
        assert!(noted.starts_with("shared/data/no/such/file.edf is absent"), "{noted}");
    }

    #[test]
    fn where_everything_is_asked_for_an_absence_is_a_failure() {
        let run = run_again(&[("CLX_REQUIRE_ALL", "1")]);
        assert!(!run.status.success());
    }

    #[test]
    #[should_panic(expected = "got NaN")]
    fn nan_is_never_close() {
        assert_close(f64::NAN, 0.0, Tolerance::Absolute(1.0));
    }
}
