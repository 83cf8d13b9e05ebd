//! Seals what was cleared: a fresh key for each object, wrapped for the centre, forgotten here.

use std::sync::Arc;

use serde::Serialize;
use sumgil_custody::{ObjectContext, ObjectKey, ObjectKind, Secret, seal};
use sumgil_deid::{Deidentified, Instance};
use sumgil_dicom::{Limits, screen};
use sumgil_model::{ClinicalRecord, SubjectId};
use sumgil_transfer::ManifestBody;

use crate::{
    EdgeError, Enrolment, Secrets,
    spool::{Location, LookUp, NewObject},
};

use super::recheck::HEADERS_PURPOSE;

/// Seals for one registry.
#[derive(Clone)]
pub struct Sealer {
    enrolment: Arc<Enrolment>,
    secrets: Secrets,
    profile: String,
}

/// A sealed object that is not yet in the spool.
pub struct SealedObject {
    /// What goes into the spool's segment.
    pub bytes: Vec<u8>,
    digest: String,
    context: ObjectContext,
    manifest: String,
    headers: Vec<u8>,
    evidence: String,
    cleared_key: String,
    study: String,
}

impl Sealer {
    /// For the registry that we are enrolled at; `profile` is the version of the de-identification profile.
    pub fn new(enrolment: Arc<Enrolment>, secrets: Secrets, profile: &str) -> Self {
        Self { enrolment, secrets, profile: profile.to_owned() }
    }

    /// Seals an instance, and keeps its cleared headers, encrypted, for later searches. `cleared_key` is the
    /// fingerprint of its cleared content.
    ///
    /// # Errors
    /// [`EdgeError::Damaged`] when the cipher refuses.
    pub fn instance(
        &self,
        cleared: &Deidentified<Instance>,
        cleared_key: &LookUp,
    ) -> Result<SealedObject, EdgeError> {
        let instance = cleared.get();
        let context =
            self.context(&instance.subject, instance.sop_instance.to_string(), ObjectKind::Instance);
        let sealed = self.seal::<Deidentified<Instance>>(&instance.bytes, context)?;
        let headers = self
            .secrets
            .local
            .encrypt(HEADERS_PURPOSE, &sealed.context.uid, headers_of(&instance.bytes), &mut rand::rng())
            .map_err(|_| EdgeError::Damaged("headers could not be encrypted"))?;
        let study = instance.study.to_string();
        let evidence = json(&instance.evidence.lines())?;
        Ok(SealedObject { headers, evidence, cleared_key: cleared_key.to_string(), study, ..sealed })
    }

    /// Seals a clinical record under `id`.
    ///
    /// # Errors
    /// [`EdgeError::Damaged`] when the cipher refuses.
    pub fn record(
        &self,
        cleared: &Deidentified<ClinicalRecord>,
        id: &str,
    ) -> Result<SealedObject, EdgeError> {
        let record = cleared.get();
        let context = self.context(&record.subject, id.to_owned(), ObjectKind::Clinical);
        self.seal::<Deidentified<ClinicalRecord>>(json(record)?.as_bytes(), context)
    }

    fn context(&self, subject: &SubjectId, uid: String, kind: ObjectKind) -> ObjectContext {
        ObjectContext {
            site: self.enrolment.site.clone(),
            subject: subject.clone(),
            uid,
            kind,
            profile: self.profile.clone(),
        }
    }

    fn seal<T>(&self, plain: &[u8], context: ObjectContext) -> Result<SealedObject, EdgeError> {
        let failed = |_| EdgeError::Damaged("an object could not be sealed");
        let mut rng = rand::rng();
        let key = ObjectKey::generate(&mut rng);
        let sealed = seal::<T>(plain, &context, &key, &mut rng).map_err(failed)?;
        let wrapped = self.enrolment.receiving_key.wrap(&key, &context, &mut rng).map_err(failed)?;
        // the sequence number is given when the row is committed, and the manifest is signed when it is offered
        let manifest = ManifestBody::of(&sealed, self.enrolment.protocol()?.clone(), 0, wrapped);
        Ok(SealedObject {
            digest: sealed.digest().to_string(),
            manifest: json(&manifest)?,
            bytes: sealed.into_bytes(),
            context,
            headers: Vec::new(),
            evidence: String::new(),
            cleared_key: String::new(),
            study: String::new(),
        })
    }
}

impl SealedObject {
    /// The row of the object, once its bytes lie at `location`.
    pub fn into_row(self, patient_key: LookUp, location: Location) -> NewObject {
        NewObject {
            digest: self.digest,
            kind: self.context.kind.as_str(),
            subject: self.context.subject.to_string(),
            study: self.study,
            uid: self.context.uid,
            patient_key,
            manifest: self.manifest,
            location,
            headers: self.headers,
            evidence: self.evidence,
            cleared_key: self.cleared_key,
        }
    }
}

fn json(value: &impl Serialize) -> Result<String, EdgeError> {
    serde_json::to_string(value).map_err(|_| EdgeError::Damaged("a message could not be written"))
}

/// A finished file up to its pixels: a Part 10 file by itself.
pub(super) fn headers_of(file: &[u8]) -> &[u8] {
    let pixels = screen(file, &Limits::default()).ok().and_then(|screened| screened.pixel_data_at());
    pixels.and_then(|at| file.get(..at)).unwrap_or(file)
}
