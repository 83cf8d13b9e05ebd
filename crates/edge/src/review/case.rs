//! One instance: the original, and what de-identification makes of it.

use std::sync::Arc;

use sumgil_deid::{Identified, Outcome, Overrule, Patient, PatientIdentifiers, Profile, deidentify};
use sumgil_dicom::{Limits, Part10, pixels::Region, read};

use crate::{Edge, EdgeError, intake::Facts, pipeline::known_patient, spool::Kept};

/// How often reasons that show only after others were released are released as well, to show a result.
const ROUNDS: usize = 4;

/// An instance that a person looks at.
#[derive(Clone)]
pub struct Case {
    edge: Edge,
    kept: Arc<Kept>,
    patient: Arc<Option<Patient>>,
}

/// A reason that would hold the instance again after a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Still {
    /// The machine word.
    pub code: String,
    /// In words, without patient data.
    pub detail: String,
}

/// What de-identification makes of the original.
pub struct Result {
    /// What would leave; `None` when nothing ever can.
    pub part: Option<Part10>,
    /// Reasons beyond those that a release overrules.
    pub still: Vec<Still>,
}

impl Case {
    /// Opens the case of `kept`, with all that is known of its patient.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn open(edge: &Edge, kept: Kept) -> std::result::Result<Self, EdgeError> {
        let patient = known_patient(edge, &kept.patient_key).await?;
        Ok(Self { edge: edge.clone(), kept: Arc::new(kept), patient: Arc::new(patient) })
    }

    /// Which instance it is.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The original, read; `None` when it cannot be read. Blocks.
    ///
    /// # Errors
    /// [`EdgeError::Io`], [`EdgeError::Damaged`].
    pub fn original(&self) -> std::result::Result<Option<Part10>, EdgeError> {
        let plain = self.edge.open_copy(&self.kept.location, &self.kept.name)?;
        Ok(read(&plain, &self.limits()).ok())
    }

    /// What would leave with the pixels blacked out at `masks` (`None`: where the detector finds text). Blocks.
    ///
    /// # Errors
    /// As [`Case::original`].
    pub fn result(&self, masks: Option<&[Region]>) -> std::result::Result<Result, EdgeError> {
        let Some(part) = self.original()? else { return Ok(Result { part: None, still: Vec::new() }) };
        Ok(self.result_of(&part, masks))
    }

    /// The same for an original that was read already. Blocks.
    pub fn result_of(&self, part: &Part10, masks: Option<&[Region]>) -> Result {
        let stranger;
        let patient = match self.patient.as_ref() {
            Some(patient) => patient,
            None => {
                stranger = self.stranger(part);
                &stranger
            }
        };
        let mut overrule = self.kept.overrule.clone().and(self.kept.reasons.iter().map(String::as_str));
        if let Some(masks) = masks {
            overrule = overrule.with_masks(masks.to_vec());
        }
        self.clear(part, patient, overrule)
    }

    fn clear(&self, part: &Part10, patient: &Patient, mut overrule: Overrule) -> Result {
        let key = &self.edge.secrets.pseudonym;
        // the pipeline has started with it; a file that is gone since then leaves the default for looking
        let profile = self.edge.config.deid.load().unwrap_or_else(|_| Profile::default_profile());
        let mut still: Vec<Still> = Vec::new();
        for _ in 0..ROUNDS {
            let reasons = match deidentify(Identified::new(part.clone()), patient, key, &profile, &overrule) {
                Outcome::Cleared(cleared) => {
                    return Result { part: read(&cleared.get().bytes, &self.limits()).ok(), still };
                }
                Outcome::Refused(reason) => vec![reason],
                Outcome::Quarantine(reasons) => reasons,
            };
            let known = still.len();
            for reason in reasons {
                let new = Still { code: reason.code.to_owned(), detail: reason.detail };
                if !still.contains(&new) {
                    still.push(new);
                }
            }
            if still.len() == known {
                break;
            }
            overrule = overrule.and(still.iter().map(|s| s.code.as_str()));
        }
        Result { part: None, still }
    }

    /// A patient of whom nothing is known but this file.
    fn stranger(&self, part: &Part10) -> Patient {
        let mut identifiers = PatientIdentifiers::default();
        identifiers.learn(&part.data_set);
        let facts = Facts::of(&part.data_set, self.edge.enrolment.site.as_str());
        Patient::new(facts.identity(), identifiers)
    }

    fn limits(&self) -> Limits {
        Limits { max_bytes: (self.edge.config.limits.max_instance_mib << 20) as usize, ..Limits::default() }
    }
}
