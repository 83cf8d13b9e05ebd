//! One object: there, unaltered, opening under its subject's key, holding what its row says.

use bytes::Bytes;
use sumgil_custody::{ObjectContext, ObjectKey, ObjectKind, digest_of, open};
use sumgil_dicom::{Limits, access, dictionary::tags, read_without_pixels};
use sumgil_model::{ClinicalRecord, Instance, Uid};

use super::Finding;
use crate::{
    Error, Registry,
    keys::object_key,
    store::objects::{Kind, Object},
};

/// What became of the check of one object.
pub(super) enum Checked {
    /// Nothing is wrong.
    Sound,
    /// Its subject withdrew: it cannot be opened, and that is right.
    Destroyed,
    /// Something is wrong.
    Wrong(Finding),
}

/// The context that an object was sealed for, from its row.
pub(crate) fn context_of(row: &Object) -> ObjectContext {
    ObjectContext {
        site: row.site.clone(),
        subject: row.subject.clone(),
        uid: row.uid.clone(),
        kind: match row.kind {
            Kind::Instance => ObjectKind::Instance,
            Kind::Clinical => ObjectKind::Clinical,
        },
        profile: row.profile.clone(),
    }
}

pub(super) async fn check(registry: &Registry, row: Object) -> Result<Checked, Error> {
    let wrong = |wrong| Ok(Checked::Wrong(Finding { about: format!("object {}", row.digest), wrong }));
    let Some(sealed) = registry.objects.get(&row.digest).await? else {
        return wrong("has a row and is not in objects/");
    };
    let key = match registry.ring.subject(&row.subject).await {
        Ok(subject_key) => match object_key(&subject_key, &row.digest, &row.wrapped_key) {
            Ok(key) => Some(key),
            Err(_) => return wrong("has a key that does not open"),
        },
        Err(Error::Destroyed) => None,
        Err(Error::Key(_) | Error::Custody(_)) => return wrong("has a subject whose key does not open"),
        Err(other) => return Err(other),
    };
    let digest = row.digest.clone();
    let looked = tokio::task::spawn_blocking(move || look(&sealed, &row, key.as_ref()));
    Ok(match looked.await.map_err(|_| Error::Stopped)? {
        Ok(checked) => checked,
        Err(wrong) => Checked::Wrong(Finding { about: format!("object {digest}"), wrong }),
    })
}

fn look(sealed: &Bytes, row: &Object, key: Option<&ObjectKey>) -> Result<Checked, &'static str> {
    if digest_of(sealed) != row.digest {
        return Err("has other bytes than its digest says");
    }
    if sealed.len() as u64 != row.size_bytes {
        return Err("has another size than its row says");
    }
    let Some(key) = key else { return Ok(Checked::Destroyed) };
    let plain = open(sealed, &context_of(row), key).map_err(|_| "does not open")?;
    match row.kind {
        Kind::Instance => {
            let part10 =
                read_without_pixels(&plain, &Limits::default()).map_err(|_| "opens and is no DICOM file")?;
            let uid: Option<Uid<Instance>> = access::uid(&part10.data_set, tags::SOP_INSTANCE_UID);
            if uid.is_none_or(|uid| uid.as_str() != row.uid) {
                return Err("holds another instance than its row says");
            }
        }
        Kind::Clinical => {
            let record: ClinicalRecord =
                serde_json::from_slice(&plain).map_err(|_| "opens and is no clinical record")?;
            if record.subject != row.subject {
                return Err("holds a record of another subject than its row says");
            }
        }
    }
    Ok(Checked::Sound)
}
