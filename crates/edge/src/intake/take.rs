//! Takes one instance in: look, fingerprint, encrypt, hold.

use sumgil_custody::sha256;
use sumgil_deid::PatientIdentity;
use sumgil_dicom::{Limits, read_without_pixels, screen};

use crate::{
    Edge, EdgeError,
    edge::COPY_PURPOSE,
    error::Tried,
    spool::{Arrival, Arrived, Db, Location, LookUp, now_us},
};

use super::{Facts, Holder};

/// The door. Cheap to clone.
#[derive(Clone)]
pub struct Intake {
    edge: Edge,
    holder: Holder,
    limits: Limits,
    min_free_bytes: u64,
}

/// What one instance is known by.
struct Known {
    sop_key: LookUp,
    content_key: LookUp,
    pixel_key: LookUp,
    study_key: LookUp,
    patient_key: LookUp,
    modality: String,
    device: String,
}

impl Intake {
    /// The door of `edge`; what passes is written by `holder`.
    pub fn new(edge: &Edge, holder: Holder) -> Self {
        let limits =
            Limits { max_bytes: (edge.config.limits.max_instance_mib << 20) as usize, ..Limits::default() };
        let min_free_bytes = edge.config.limits.min_free_mib << 20;
        Self { edge: edge.clone(), holder, limits, min_free_bytes }
    }

    /// Limits on what is looked at.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Takes a Part 10 file (or a data set that can be recognised). Returns when it is durable.
    ///
    /// # Errors
    /// [`EdgeError::Refused`] with the reason's machine word; [`EdgeError::DiskFull`]; disk and database errors.
    pub async fn take(&self, file: &[u8]) -> Result<Arrived, EdgeError> {
        if self.free_bytes()? < self.min_free_bytes {
            return Err(EdgeError::DiskFull);
        }
        let (sealed, arrival) = self.prepare(file)?;
        self.holder.hold(sealed, arrival).await
    }

    /// All that needs the processor: look, fingerprint, encrypt.
    fn prepare(&self, file: &[u8]) -> Result<(Vec<u8>, Arrival), EdgeError> {
        let known = self.look(file)?;
        let name = crate::spool::copy_name(&known.sop_key, &known.content_key);
        let sealed = self
            .edge
            .secrets
            .local
            .encrypt(COPY_PURPOSE, &name, file, &mut rand::rng())
            .map_err(|_| EdgeError::Damaged("an instance could not be encrypted"))?;
        let arrival = Arrival {
            sop_key: known.sop_key,
            content_key: known.content_key,
            pixel_key: known.pixel_key,
            study_key: known.study_key,
            patient_key: known.patient_key,
            modality: known.modality,
            device: known.device,
            received_at: now_us(),
            location: Location { segment: String::new(), offset: 0, length: 0 },
        };
        Ok((sealed, arrival))
    }

    fn look(&self, file: &[u8]) -> Result<Known, EdgeError> {
        let refused = |refusal: sumgil_dicom::Refusal| EdgeError::Refused(refusal.code());
        let screened = screen(file, &self.limits).map_err(refused)?;
        let headers = read_without_pixels(file, &self.limits).map_err(refused)?;
        let facts = Facts::of(&headers.data_set, self.edge.enrolment.site.as_str());
        if facts.sop_instance_uid.is_empty() {
            return Err(EdgeError::Refused("no-sop-instance-uid"));
        }
        let db = &self.edge.db;
        let study = if facts.study_uid.is_empty() { &facts.sop_instance_uid } else { &facts.study_uid };
        let data_set = file.get(screened.data_set_at..).unwrap_or(file);
        let pixels_at = screened.pixel_data_at().map_or(data_set.len(), |at| at - screened.data_set_at);
        let (header, pixels) = data_set.split_at_checked(pixels_at).unwrap_or((data_set, &[]));
        let pixels = [&sha256(pixels), screened.transfer_syntax.as_str().as_bytes()].concat();
        Ok(Known {
            sop_key: db.look_up("sop instance", &[&facts.sop_instance_uid]),
            content_key: db.look_up_bytes("content", &[&sha256(header), pixels.as_slice()].concat()),
            pixel_key: db.look_up_bytes("pixels", &pixels),
            study_key: db.look_up("study", &[study]),
            patient_key: patient_key(&self.edge.db, &facts.identity()),
            modality: word(&facts.modality),
            device: facts.device.clone(),
        })
    }

    fn free_bytes(&self) -> Result<u64, EdgeError> {
        let stat = rustix::fs::statvfs(self.edge.hold.dir())
            .map_err(std::io::Error::from)
            .tried("ask for free disk space")?;
        Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
    }
}

/// The fingerprint of a patient.
pub(crate) fn patient_key(db: &Db, identity: &PatientIdentity) -> LookUp {
    db.look_up("patient", &[identity.issuer(), identity.patient_id()])
}

/// Only what is a code may stand in clear: up to 16 capitals, digits and underscores.
fn word(text: &str) -> String {
    let fits = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    if text.len() <= 16 && text.bytes().all(fits) { text.to_owned() } else { "?".to_owned() }
}
