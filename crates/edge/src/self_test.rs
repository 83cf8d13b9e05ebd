//! An invented patient with planted identifiers goes through the real de-identification, in memory.

mod figures;
mod watch;

use std::collections::BTreeSet;

use sumgil_deid::{
    Identified, Outcome, Overrule, Patient, PatientIdentifiers, PatientIdentity, Profile, PseudonymKey,
    deidentify,
};
use sumgil_dicom::{Limits, Part10, read};
use sumgil_phantom::{hospitals::Truth, selftest};

use crate::EdgeError;

use figures::{still_there, technical};
pub use watch::{run_and_keep, watch};

/// What the self-test found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelfTest {
    /// Files of the invented patient.
    pub files: usize,
    /// Of these cleared.
    pub cleared: usize,
    /// Of these kept for a person, as dose reports are.
    pub kept: usize,
    /// Identifiers that were planted, dates and original UIDs included.
    pub planted: usize,
    /// What came out all the same: kind of identifier and number of the file.
    pub leaks: Vec<(String, usize)>,
    /// Of the planted identifiers, those that came out somewhere.
    pub survived: usize,
    /// Technical values of cleared files that must stay as they were.
    pub should_stay: usize,
    /// Of these, still there.
    pub stayed: usize,
}

impl SelfTest {
    /// Whether the edge may be trusted with a real patient.
    pub fn passed(&self) -> bool {
        self.leaks.is_empty() && self.cleared > 0 && self.cleared + self.kept == self.files
    }
}

/// Runs the test with the patient of `seed` and a key of its own.
///
/// # Errors
/// [`EdgeError::Refused`] when the invented files do not even read: a mistake in this program.
pub fn run(seed: u64) -> Result<SelfTest, EdgeError> {
    let test =
        selftest::patient(seed).map_err(|_| EdgeError::Refused("the invented patient cannot be made"))?;
    let files = test
        .files
        .iter()
        .map(|(_, bytes)| read(bytes, &Limits::default()).map_err(|e| EdgeError::Refused(e.code())))
        .collect::<Result<Vec<Part10>, _>>()?;
    let patient = learned(&files);
    let (key, profile) = (PseudonymKey::from_bytes([0x5a; 32]), Profile::default_profile());
    let needles = needles(&test.truth);
    let mut survived = BTreeSet::new();
    let mut result = SelfTest { files: files.len(), planted: needles.len(), ..SelfTest::default() };
    for (number, file) in files.into_iter().enumerate() {
        let before = technical(&file.data_set);
        match deidentify(Identified::new(file), &patient, &key, &profile, &Overrule::none()) {
            Outcome::Cleared(cleared) => {
                result.cleared += 1;
                let found = found(&needles, &cleared.get().bytes);
                result.leaks.extend(found.iter().map(|at| (needles[*at].0.to_owned(), number)));
                survived.extend(found);
                result.should_stay += before.len();
                result.stayed += still_there(&before, &cleared.get().bytes)?;
            }
            Outcome::Quarantine(_) | Outcome::Refused(_) => result.kept += 1,
        }
    }
    result.survived = survived.len();
    Ok(result)
}

fn learned(files: &[Part10]) -> Patient {
    let mut identifiers = PatientIdentifiers::default();
    files.iter().for_each(|file| identifiers.learn(&file.data_set));
    let identity = files.first().and_then(|file| PatientIdentity::of(&file.data_set, "self-test"));
    Patient::new(identity.unwrap_or_else(|| PatientIdentity::new("self-test", "nobody")), identifiers)
}

/// What must not come out: kind and text, each text once.
fn needles(truth: &Truth) -> Vec<(&str, String)> {
    let identifiers = truth.identifiers.iter().map(|i| (i.kind.as_str(), i.value.clone()));
    let dates = truth.dates.iter().map(|day| ("date", day.replace('-', "")));
    let uids = truth.uids.iter().map(|uid| ("uid", uid.clone()));
    let mut seen = BTreeSet::new();
    let all = identifiers.chain(dates).chain(uids).filter(|(_, text)| text.len() >= 4);
    all.filter(|(_, text)| seen.insert(text.clone())).collect()
}

/// Which of the needles stand in a finished file.
fn found(needles: &[(&str, String)], output: &[u8]) -> Vec<usize> {
    let stands = |text: &str| output.windows(text.len()).any(|window| window == text.as_bytes());
    (0..needles.len()).filter(|at| stands(&needles[*at].1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_passes_its_own_test_and_the_test_can_fail() {
        let result = run(1).unwrap();
        assert!(result.passed(), "{result:?}");
        assert!(result.planted > 10);
        assert!(result.should_stay > 50 && result.stayed == result.should_stay, "{result:?}");
        let figures = result.figures(jiff::Timestamp::UNIX_EPOCH);
        assert!(figures.passed() && figures.hidden == figures.planted);
        let test = selftest::patient(1).unwrap();
        let needles = needles(&test.truth);
        assert!(!found(&needles, &test.files[0].1).is_empty(), "an untreated file would be found");
    }

    #[test]
    fn other_patients_pass_too_and_no_chance_pattern_is_taken_for_a_survivor() {
        for seed in [0, 7, 489_000, 489_001, 489_002, 489_003, u64::MAX] {
            let result = run(seed).unwrap();
            assert!(result.passed() && result.stayed == result.should_stay, "{seed}: {result:?}");
        }
    }

    #[test]
    fn a_survivor_fails_the_test_and_shows_in_its_figures() {
        let mut result = run(1).unwrap();
        result.leaks.push(("name".to_owned(), 0));
        result.survived = 1;
        let figures = result.figures(jiff::Timestamp::UNIX_EPOCH);
        assert!(!result.passed() && !figures.passed());
        assert_eq!(figures.hidden + 1, figures.planted);
    }
}
