//! Section `[policy]`: whose data leaves the hospital, and which. What may not leave waits, counted.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{EdgeError, intake::Facts};

/// Section `[policy]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyConfig {
    /// Values of Modality (0008,0060) that leave.
    pub modalities: Vec<String>,
    /// Values of Body Part Examined (0018,0015) that leave, beside an absent one; empty: all.
    pub body_parts: Vec<String>,
    /// File with the patients that take part; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrolled_list: Option<PathBuf>,
    /// File with the patients that never take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opt_out_list: Option<PathBuf>,
}

/// Why an instance waits at the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Waits {
    /// The patient is on the opt-out list.
    OptedOut,
    /// The patient is not on the enrolled list.
    NotEnrolled,
    /// The modality is not collected.
    Modality,
    /// The body part is not collected.
    BodyPart,
}

impl Waits {
    /// The machine word for it.
    pub fn code(self) -> &'static str {
        match self {
            Self::OptedOut => "opted-out",
            Self::NotEnrolled => "not-enrolled",
            Self::Modality => "modality",
            Self::BodyPart => "body-part",
        }
    }
}

/// Patients, each with or without an issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatientList {
    lines: HashSet<(String, String)>,
}

impl PatientList {
    /// Reads a list: one patient a line, `ISSUER,ID` or `ID`; empty lines and `#` comments are skipped.
    ///
    /// # Errors
    /// [`EdgeError::Config`] when the file cannot be read.
    pub fn read(path: &Path) -> Result<Self, EdgeError> {
        let text = fs::read_to_string(path)
            .map_err(|e| EdgeError::Config { file: path.to_owned(), reason: e.to_string() })?;
        Ok(Self::parse(&text))
    }

    /// Parses the text of a list.
    pub fn parse(text: &str) -> Self {
        let lines = text
            .trim_start_matches('\u{feff}')
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| {
                let (issuer, id) = line.split_once(',').unwrap_or(("", line));
                (issuer.trim().to_owned(), id.trim().to_owned())
            })
            .collect();
        Self { lines }
    }

    /// Whether the patient is listed; a line without issuer holds for every issuer.
    pub fn contains(&self, issuer: &str, patient_id: &str) -> bool {
        let id = patient_id.trim();
        self.lines.contains(&(issuer.trim().to_owned(), id.to_owned()))
            || self.lines.contains(&(String::new(), id.to_owned()))
    }
}

/// The policy with its lists read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    modalities: HashSet<String>,
    body_parts: HashSet<String>,
    enrolled: Option<PatientList>,
    opted_out: PatientList,
}

impl Default for PolicyConfig {
    fn default() -> Self {
        let list = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect();
        Self {
            modalities: list(&["CT", "CR", "DX"]),
            body_parts: list(&["CHEST", "LUNG", "THORAX"]),
            enrolled_list: None,
            opt_out_list: None,
        }
    }
}

impl PolicyConfig {
    /// Makes relative paths relative to the data directory.
    pub(super) fn resolve(&mut self, root: &Path) {
        for path in [&mut self.enrolled_list, &mut self.opt_out_list].into_iter().flatten() {
            *path = root.join(&*path);
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.modalities.is_empty() {
            return Err("policy.modalities is empty: nothing would ever be sent".into());
        }
        Ok(())
    }

    /// Reads the lists.
    ///
    /// # Errors
    /// [`EdgeError::Config`] when one cannot be read: an unreadable opt-out list must stop, not pass.
    pub fn load(&self) -> Result<Policy, EdgeError> {
        let upper = |list: &[String]| list.iter().map(|v| v.trim().to_uppercase()).collect();
        Ok(Policy {
            modalities: upper(&self.modalities),
            body_parts: upper(&self.body_parts),
            enrolled: self.enrolled_list.as_deref().map(PatientList::read).transpose()?,
            opted_out: self.opt_out_list.as_deref().map(PatientList::read).transpose()?.unwrap_or_default(),
        })
    }
}

impl Policy {
    /// Why the instance has to wait, or `None` when it may leave.
    pub fn verdict(&self, facts: &Facts) -> Option<Waits> {
        // Who opted out under a number that turned out to be somebody's second one has opted out.
        let former = facts.former.as_ref().filter(|(issuer, id)| self.opted_out.contains(issuer, id));
        former
            .map(|_| Waits::OptedOut)
            .or_else(|| self.patient_verdict(&facts.issuer, &facts.patient_id))
            .or_else(|| self.content_verdict(facts))
    }

    /// Why data of the patient have to wait, whatever they are.
    pub fn patient_verdict(&self, issuer: &str, patient_id: &str) -> Option<Waits> {
        if self.opted_out.contains(issuer, patient_id) {
            return Some(Waits::OptedOut);
        }
        self.enrolled
            .as_ref()
            .is_some_and(|list| !list.contains(issuer, patient_id))
            .then_some(Waits::NotEnrolled)
    }

    /// Everything that decides, as one text: equal policies have equal texts. Names patients.
    pub fn to_text(&self) -> String {
        let words = |set: &HashSet<String>| set.iter().cloned().collect::<BTreeSet<_>>();
        let list = |list: &PatientList| list.lines.iter().cloned().collect::<BTreeSet<_>>();
        format!(
            "{:?} {:?} {:?} {:?}",
            words(&self.modalities),
            words(&self.body_parts),
            self.enrolled.as_ref().map(list),
            list(&self.opted_out)
        )
    }

    fn content_verdict(&self, facts: &Facts) -> Option<Waits> {
        let modality = facts.modality.trim();
        if !modality.is_empty() && !self.modalities.contains(modality) {
            return Some(Waits::Modality);
        }
        let part = facts.body_part.trim();
        let chest = part.is_empty()
            || self.body_parts.is_empty()
            || self.body_parts.iter().any(|wanted| part.contains(wanted.as_str()));
        (!chest).then_some(Waits::BodyPart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(modality: &str, body_part: &str) -> Facts {
        let mut facts = Facts::default();
        facts.modality = modality.into();
        facts.body_part = body_part.into();
        facts.patient_id = "P1".into();
        facts
    }

    #[test]
    fn chest_ct_and_radiographs_leave_and_the_rest_waits() {
        let policy = PolicyConfig::default().load().unwrap();
        assert_eq!(policy.verdict(&facts("CT", "CHEST")), None);
        assert_eq!(policy.verdict(&facts("DX", "")), None);
        assert_eq!(policy.verdict(&facts("CT", "CHEST_TO_PELVIS")), None);
        assert_eq!(policy.verdict(&facts("CT", "HEAD")), Some(Waits::BodyPart));
        assert_eq!(policy.verdict(&facts("SR", "CHEST")), Some(Waits::Modality));
    }

    #[test]
    fn lists_decide_first_and_a_missing_list_stops() {
        let dir = tempfile::tempdir().unwrap();
        let (enrolled, opted_out) = (dir.path().join("in.txt"), dir.path().join("out.txt"));
        fs::write(&enrolled, "# taking part\nP1\nOTHER,P2\n").unwrap();
        fs::write(&opted_out, "P3\n").unwrap();
        let config = PolicyConfig {
            enrolled_list: Some(enrolled),
            opt_out_list: Some(opted_out.clone()),
            ..PolicyConfig::default()
        };
        let policy = config.load().unwrap();
        assert_eq!(policy.patient_verdict("HOSP", "P1"), None);
        assert_eq!(policy.patient_verdict("HOSP", "P2"), Some(Waits::NotEnrolled));
        assert_eq!(policy.patient_verdict("OTHER", "P2"), None);
        assert_eq!(policy.patient_verdict("HOSP", "P3"), Some(Waits::OptedOut));
        fs::remove_file(opted_out).unwrap();
        assert!(config.load().is_err());
    }
}
