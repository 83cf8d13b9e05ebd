//! What a person means: an original UID, an accession number, or a new UID as the centre knows it.

use sumgil_dicom::{Limits, access, dictionary::tags, read};
use sumgil_model::{Study, Uid};
use sumgil_transfer::statement::RecallTarget;

use crate::{Edge, EdgeError, pipeline::HEADERS_PURPOSE, spool::Meant};

/// What a text names.
#[derive(Debug)]
pub enum Named {
    /// Nothing that has been here.
    Nothing,
    /// An accession number that several studies have.
    Several(usize),
    /// A study, with its target at the centre.
    Study(Meant, Vec<RecallTarget>),
    /// One instance or record.
    Single(Meant, Vec<RecallTarget>),
}

/// Finds what `text` names.
///
/// # Errors
/// [`EdgeError::Database`], [`EdgeError::Damaged`].
pub async fn find(edge: &Edge, text: &str) -> Result<Named, EdgeError> {
    if let Some(found) = by_original(edge, text).await? {
        return Ok(found);
    }
    if let Some(found) = by_new(edge, text).await? {
        return Ok(found);
    }
    match edge.db.studies_of_accession(text).await?.as_slice() {
        [] => Ok(Named::Nothing),
        [study] => Ok(by_original(edge, study).await?.unwrap_or(Named::Nothing)),
        several => Ok(Named::Several(several.len())),
    }
}

async fn by_original(edge: &Edge, text: &str) -> Result<Option<Named>, EdgeError> {
    let Some((meant, is_study)) = edge.db.meant_by_original(text).await? else { return Ok(None) };
    let key = &edge.secrets.pseudonym;
    Ok(Some(if is_study {
        Named::Study(meant, vec![RecallTarget::Study(key.uid(text))])
    } else {
        Named::Single(meant, vec![RecallTarget::Instance(key.uid(text))])
    }))
}

async fn by_new(edge: &Edge, text: &str) -> Result<Option<Named>, EdgeError> {
    let mut found = edge.db.meant_by_new(text).await?;
    if found.is_none() && Uid::<Study>::parse(text).is_ok() && note_studies(edge).await? > 0 {
        found = edge.db.meant_by_new(text).await?;
    }
    let Some((meant, is_study)) = found else { return Ok(None) };
    if is_study {
        let target = Uid::parse(text).map(RecallTarget::Study);
        return Ok(Some(Named::Study(meant, target.into_iter().collect())));
    }
    let is_record = meant.objects.iter().any(|object| object.kind == "clinical");
    let target = if is_record {
        Some(RecallTarget::Record(text.to_owned()))
    } else {
        Uid::parse(text).map(RecallTarget::Instance).ok()
    };
    Ok(Some(Named::Single(meant, target.into_iter().collect())))
}

/// Notes the studies of what an older program has sealed, from the kept headers. Returns how many.
async fn note_studies(edge: &Edge) -> Result<usize, EdgeError> {
    let (mut noted, mut after) = (0, 0);
    loop {
        let page = edge.db.objects_without_study(after).await?;
        let Some((last, ..)) = page.last() else { return Ok(noted) };
        after = *last;
        for (sequence, uid, headers) in &page {
            if let Some(study) = study_in(edge, uid, headers) {
                edge.db.note_study(*sequence, study.as_str()).await?;
                noted += 1;
            }
        }
    }
}

fn study_in(edge: &Edge, uid: &str, headers: &[u8]) -> Option<Uid<Study>> {
    let plain = edge.secrets.local.decrypt(HEADERS_PURPOSE, uid, headers).ok()?;
    let file = read(&plain, &Limits::default()).ok()?;
    access::uid(&file.data_set, tags::STUDY_INSTANCE_UID)
}
