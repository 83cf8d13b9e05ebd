//! A quiet study goes through as a whole: first every header is learned from, then every file is cleaned.

use std::{collections::BTreeMap, sync::Arc};

use rayon::prelude::*;
use sumgil_deid::{Patient, Profile};
use sumgil_dicom::{Limits, read_without_pixels};
use tokio::task::spawn_blocking;

use crate::{
    Edge, EdgeError,
    clinical::send_ripe_notes,
    config::Policy,
    intake::Facts,
    linkage::learn_numbers,
    spool::{
        HeldInstance, Location, LookUp, NewSample, Segments, Settled, Settlement, State, Written,
        write_segment,
    },
};

use super::{
    clear::{Looked, Product, Treatment},
    learn_patient,
    owner::{Known, Owners},
    sample::{Picker, drop_old_samples, keep_samples},
    seal::Sealer,
};

/// Plain bytes of a study that are kept in memory between its two passes.
const KEEP_BYTES: u64 = 32 << 20;
/// Bytes of a study that are cleaned, sealed and committed together.
const BATCH_BYTES: u64 = 16 << 20;

/// The way from hold to spool. One process at a time: hold the [`crate::WorkLock`].
#[derive(Clone)]
pub struct Pipeline {
    edge: Edge,
    policy: Arc<Policy>,
    profile: Profile,
    sealer: Sealer,
    limits: Limits,
    pool: Arc<rayon::ThreadPool>,
}

/// What the first pass finds in one file.
struct Header {
    facts: Facts,
    known: Known,
    plain: Option<Vec<u8>>,
}

/// The files of one patient in one study; normally all of them.
struct Group {
    patient: Arc<Patient>,
    patient_key: LookUp,
    files: Vec<Looked>,
}

impl Pipeline {
    /// For `edge` with its policy's lists as they are now.
    ///
    /// # Errors
    /// [`EdgeError::Config`] when a list cannot be read.
    pub fn new(edge: &Edge) -> Result<Self, EdgeError> {
        let profile = edge.config.deid.load()?;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(edge.config.limits.parallel_deid)
            .thread_name(|i| format!("deid-{i}"))
            .build()
            .map_err(|_| EdgeError::Stopped("the de-identification pool"))?;
        Ok(Self {
            policy: Arc::new(edge.config.policy.load()?),
            sealer: Sealer::new(Arc::clone(&edge.enrolment), edge.secrets.clone(), profile.version()),
            limits: Limits {
                max_bytes: (edge.config.limits.max_instance_mib << 20) as usize,
                ..Limits::default()
            },
            pool: Arc::new(pool),
            edge: edge.clone(),
            profile,
        })
    }

    /// The policy as it was read.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The policy, read again.
    ///
    /// # Errors
    /// [`EdgeError::Config`] when a list cannot be read; the old one then holds on.
    pub fn reload_policy(&mut self) -> Result<bool, EdgeError> {
        let new = self.edge.config.policy.load()?;
        let changed = new != *self.policy;
        self.policy = Arc::new(new);
        Ok(changed)
    }

    /// Takes one study from the hold to wherever its instances belong. Returns how many objects were spooled.
    ///
    /// # Errors
    /// Disk and database errors; the study then stays held and can be taken again.
    pub async fn process_study(&self, study: &LookUp) -> Result<usize, EdgeError> {
        let held = self.edge.db.held_instances(study).await?;
        let mut spooled = 0;
        for group in self.learn(study, held).await? {
            spooled += self.process_group(group).await?;
        }
        Ok(spooled)
    }

    /// First pass: opens every file, reads its header, and adds what it tells to what is known of the patient.
    async fn learn(&self, study: &LookUp, held: Vec<HeldInstance>) -> Result<Vec<Group>, EdgeError> {
        let this = self.clone();
        let barred = self.edge.db.barred(held.iter().map(|h| &h.sop_key).chain([study])).await?;
        let mut owners = Owners::new(&self.edge, study);
        let looked = spawn_blocking(move || this.pool.install(|| this.look(held)))
            .await
            .map_err(|_| EdgeError::Stopped("de-identification"))??;
        let mut patients: BTreeMap<LookUp, (Known, Vec<Looked>)> = BTreeMap::new();
        let mut damaged = Vec::new();
        for (held, found) in looked {
            match found {
                Some(Header { mut facts, known, plain }) => {
                    let owner = owners.of(&held.patient_key, &mut facts).await?;
                    let taken_back = barred.iter().any(|key| key == study || *key == held.sop_key);
                    let (all, files) = patients.entry(owner).or_default();
                    all.merge(known);
                    files.push(Looked { held, facts, plain, taken_back });
                }
                None => damaged.push(held),
            }
        }
        self.keep_damaged(damaged).await?;
        let mut groups = Vec::new();
        for (patient_key, (known, files)) in patients {
            let Some(first) = files.first() else { continue };
            let patient = learn_patient(&self.edge, first.facts.identity(), known.identifiers).await?;
            let subject = self.edge.secrets.pseudonym.subject(patient.identity());
            learn_numbers(&self.edge, &patient_key, subject.as_str(), &known.numbers).await?;
            groups.push(Group { patient: Arc::new(patient), patient_key, files });
        }
        Ok(groups)
    }

    fn look(&self, held: Vec<HeldInstance>) -> Result<Vec<(HeldInstance, Option<Header>)>, EdgeError> {
        let keep = held.iter().map(|h| h.location.length).sum::<u64>() <= KEEP_BYTES;
        let site = self.edge.enrolment.site.as_str();
        held.into_par_iter()
            .map(|held| {
                let plain = match self.edge.open_held(&held) {
                    Ok(plain) => plain,
                    Err(EdgeError::Damaged(_)) => return Ok((held, None)),
                    Err(error) => return Err(error),
                };
                let Ok(headers) = read_without_pixels(&plain, &self.limits) else { return Ok((held, None)) };
                let known = Known::of(&headers.data_set, &self.edge);
                let facts = Facts::of(&headers.data_set, site);
                Ok((held, Some(Header { facts, known, plain: keep.then_some(plain) })))
            })
            .collect()
    }

    /// What does not open or read any more is kept, and an operator is told.
    async fn keep_damaged(&self, damaged: Vec<HeldInstance>) -> Result<(), EdgeError> {
        if damaged.is_empty() {
            return Ok(());
        }
        let this = self.clone();
        let (settled, written) = spawn_blocking(move || {
            let kept = damaged.iter().map(|h| (h, State::Refused, vec!["damaged-copy".to_owned()]));
            this.settle_kept(kept.collect())
        })
        .await
        .map_err(|_| EdgeError::Stopped("de-identification"))??;
        self.edge.db.raise("damaged-copy", None, "").await?;
        self.edge.db.settle(&settled).await?;
        drop(written);
        Ok(())
    }

    async fn process_group(&self, group: Group) -> Result<usize, EdgeError> {
        let Group { patient, patient_key, files } = group;
        let (mut spooled, mut learned) = (0, false);
        for batch in batches(files) {
            let picker = Picker::before(&self.edge, batch.iter().map(|looked| &looked.held)).await?;
            let (this, patient, key) = (self.clone(), Arc::clone(&patient), patient_key.clone());
            let done = spawn_blocking(move || this.clear_batch(batch, &patient, &key, picker))
                .await
                .map_err(|_| EdgeError::Stopped("de-identification"))??;
            // Before the batch leaves the hold: after a kill nobody would learn these numbers again.
            for (number, study_uid) in &done.accessions {
                let key = self.edge.db.accession_key(&patient_key, number);
                self.edge.db.save_accession(&patient_key, &key, study_uid).await?;
                learned = true;
            }
            self.edge.db.settle_with_samples(&done.settled, &done.samples).await?;
            drop(done.written);
            self.edge.free(&done.left).await?;
            if !done.samples.is_empty() {
                drop_old_samples(&self.edge).await?;
            }
            spooled += done.settled.iter().filter(|s| matches!(s.to, Settlement::Sealed(_))).count();
        }
        if learned {
            spooled += send_ripe_notes(&self.edge, &self.policy, &self.sealer, &patient_key).await?;
        }
        Ok(spooled)
    }

    /// Sends exam notes whose study is here and that a kill or an error left behind. Returns how many records.
    ///
    /// # Errors
    /// Disk and database errors; the notes then still wait.
    pub async fn send_left_notes(&self) -> Result<usize, EdgeError> {
        let mut spooled = 0;
        for patient_key in self.edge.db.patients_with_ripe_notes().await? {
            spooled += send_ripe_notes(&self.edge, &self.policy, &self.sealer, &patient_key).await?;
        }
        Ok(spooled)
    }

    /// Second pass over one batch: clean, seal, and make everything durable in its room.
    fn clear_batch(
        &self,
        mut batch: Vec<Looked>,
        patient: &Patient,
        key: &LookUp,
        mut picker: Picker,
    ) -> Result<Batch, EdgeError> {
        let treatment = Treatment {
            edge: &self.edge,
            policy: &self.policy,
            profile: &self.profile,
            sealer: &self.sealer,
            limits: &self.limits,
        };
        let products: Vec<Product> = self.pool.install(|| {
            batch.par_iter_mut().map(|looked| treatment.apply(looked, patient)).collect::<Result<_, _>>()
        })?;
        let (mut sealed, mut kept, mut accessions) = (Vec::new(), Vec::new(), Vec::new());
        let mut sampled = Vec::new();
        for (looked, product) in batch.iter().zip(products) {
            match product {
                Product::Sealed(object, hidden) => {
                    if !looked.facts.accession_number.is_empty() {
                        accessions
                            .push((looked.facts.accession_number.clone(), looked.facts.study_uid.clone()));
                    }
                    if picker.picks(&looked.held, &mut rand::rng()) {
                        sampled.push((&looked.held, hidden));
                    }
                    sealed.push((looked.held.id, object));
                }
                Product::Kept(state, reasons) => kept.push((&looked.held, state, reasons)),
            }
        }
        let (mut settled, mut written) = self.settle_kept(kept)?;
        let (samples, of_samples) = keep_samples(&self.edge, sampled)?;
        written.extend(of_samples);
        let pieces: Vec<&[u8]> = sealed.iter().map(|(_, object)| object.bytes.as_slice()).collect();
        let mut left: Vec<_> = batch.iter().map(|looked| looked.held.location.segment.clone()).collect();
        let (locations, in_spool) = write_pieces(&self.edge.spool, &pieces)?;
        written.extend(in_spool);
        for ((instance, object), location) in sealed.into_iter().zip(locations) {
            left.push(location.segment.clone());
            let to = Settlement::Sealed(object.into_row(key.clone(), location));
            settled.push(Settled { instance, to });
        }
        left.sort();
        left.dedup();
        Ok(Batch { settled, samples, accessions, left, written })
    }

    /// Moves the encrypted copies of kept instances into the quarantine's room, if they are not there yet.
    fn settle_kept(
        &self,
        kept: Vec<(&HeldInstance, State, Vec<String>)>,
    ) -> Result<(Vec<Settled>, Vec<Written>), EdgeError> {
        let in_hold = |held: &HeldInstance| self.edge.hold.dir().join(&held.location.segment).exists();
        let (moving, staying): (Vec<_>, Vec<_>) = kept.into_iter().partition(|(held, ..)| in_hold(held));
        let copies = moving
            .iter()
            .map(|(held, ..)| self.edge.encrypted_copy(&held.location))
            .collect::<Result<Vec<_>, _>>()?;
        let pieces: Vec<&[u8]> = copies.iter().map(Vec::as_slice).collect();
        let (moved, written) = write_pieces(&self.edge.quarantine, &pieces)?;
        let stayed: Vec<Location> = staying.iter().map(|(held, ..)| held.location.clone()).collect();
        let locations = moved.into_iter().chain(stayed);
        let settled = moving
            .into_iter()
            .chain(staying)
            .zip(locations)
            .map(|((held, state, reasons), location)| Settled {
                instance: held.id,
                to: Settlement::Kept { state, reasons, location },
            })
            .collect();
        Ok((settled, written))
    }
}

/// What one batch came to, durable but not yet committed.
struct Batch {
    settled: Vec<Settled>,
    samples: Vec<NewSample>,
    accessions: Vec<(String, String)>,
    left: Vec<String>,
    written: Vec<Written>,
}

fn write_pieces(room: &Segments, pieces: &[&[u8]]) -> Result<(Vec<Location>, Vec<Written>), EdgeError> {
    if pieces.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let (locations, written) = write_segment(room.dir(), pieces)?;
    Ok((locations, vec![written]))
}

fn batches(files: Vec<Looked>) -> Vec<Vec<Looked>> {
    let mut batches = Vec::new();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for looked in files {
        bytes += looked.held.location.length;
        batch.push(looked);
        if bytes >= BATCH_BYTES {
            batches.push(std::mem::take(&mut batch));
            bytes = 0;
        }
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}
