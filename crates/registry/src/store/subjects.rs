//! Subjects, and the protocols that they are enrolled in.

use jiff::Timestamp;
use sumgil_model::{ProtocolId, Sex, SiteId, SubjectId};

use super::{
    StoreError,
    db::{Row, Source, Tx, params},
};

/// A subject as the registry knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The pseudonym.
    pub id: SubjectId,
    /// The contributing site.
    pub site: SiteId,
    /// As the clinical record states it.
    pub sex: Option<Sex>,
    /// In completed years at admission, as the clinical record states it.
    pub age_years: Option<u16>,
    /// When the first object arrived.
    pub created_at: Timestamp,
    /// When the subject withdrew: nothing is received any more.
    pub withdrawn_at: Option<Timestamp>,
}

const ENSURE: &str = "INSERT INTO subject (id, site_id, sex_revision, age_revision, created_at) \
    VALUES ($1, $2, 0, 0, $3) ON CONFLICT (id) DO NOTHING";
const FIND: &str = "SELECT id, site_id, sex, age_years, created_at, withdrawn_at FROM subject WHERE id = $1";
const PAGE: &str = "SELECT id, site_id, sex, age_years, created_at, withdrawn_at FROM subject \
    WHERE id > $1 ORDER BY id LIMIT $2";
const ENROL: &str = "INSERT INTO subject_protocol (subject_id, protocol_id, enrolled_at) \
    VALUES ($1, $2, $3) ON CONFLICT (subject_id, protocol_id) DO NOTHING";
const PROTOCOLS: &str = "SELECT protocol_id FROM subject_protocol WHERE subject_id = $1 ORDER BY protocol_id";
const WITHDRAW: &str = "UPDATE subject SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL";

/// Why nothing more is received about a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The pseudonym, study or series belongs to somebody else.
    IdentityMismatch,
    /// The subject has withdrawn.
    Withdrawn,
    /// The site has recalled this object.
    Recalled,
}

impl Refused {
    /// The word of the upload protocol for it.
    pub fn code(self) -> &'static str {
        match self {
            Self::IdentityMismatch => "identity-mismatch",
            Self::Withdrawn => "withdrawn",
            Self::Recalled => "recalled",
        }
    }
}

/// Makes the subject's row if there is none, and says whether `site` may add to it.
///
/// # Errors
/// A database error; an unknown site breaks a foreign key.
pub async fn ensure(
    tx: &mut Tx,
    id: &SubjectId,
    site: &SiteId,
    now: Timestamp,
) -> Result<Result<(), Refused>, StoreError> {
    tx.execute(ENSURE, params![id, site, now]).await?;
    let subject = find(&mut *tx, id).await?.ok_or(StoreError::NotFound("subject"))?;
    Ok(if subject.site != *site {
        Err(Refused::IdentityMismatch)
    } else if subject.withdrawn_at.is_some() {
        Err(Refused::Withdrawn)
    } else {
        Ok(())
    })
}

/// The subject with this pseudonym.
///
/// # Errors
/// A database error.
pub async fn find(source: impl Source, id: &SubjectId) -> Result<Option<Subject>, StoreError> {
    source.first(FIND.into(), params![id]).await?.map(|row| read(&row)).transpose()
}

/// The next `limit` subjects by pseudonym, after `after`.
///
/// # Errors
/// A database error.
pub async fn page(
    source: impl Source,
    after: Option<&SubjectId>,
    limit: u32,
) -> Result<Vec<Subject>, StoreError> {
    let after = after.map_or("", SubjectId::as_str);
    source.all(PAGE.into(), params![after, limit]).await?.iter().map(read).collect()
}

/// Enrols a subject in a protocol. Enrolling again changes nothing.
///
/// # Errors
/// A database error; an unknown subject or protocol breaks a foreign key.
pub async fn enrol(
    tx: &mut Tx,
    id: &SubjectId,
    protocol: &ProtocolId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(ENROL, params![id, protocol, now]).await.map(|_| ())
}

/// The protocols that a subject is enrolled in, by code.
///
/// # Errors
/// A database error.
pub async fn protocols(source: impl Source, id: &SubjectId) -> Result<Vec<ProtocolId>, StoreError> {
    source.all(PROTOCOLS.into(), params![id]).await?.iter().map(|row| row.parsed("protocol_id")).collect()
}

/// Notes that a subject has withdrawn.
///
/// # Errors
/// [`StoreError::NotFound`] for a subject that is unknown or has withdrawn already.
pub async fn withdraw(tx: &mut Tx, id: &SubjectId, now: Timestamp) -> Result<(), StoreError> {
    match tx.execute(WITHDRAW, params![id, now]).await? {
        0 => Err(StoreError::NotFound("subject that has not withdrawn")),
        _ => Ok(()),
    }
}

/// Sex as its column keeps it: the letter of Patient's Sex (0010,0040).
pub(super) fn sex_letter(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "M",
        Sex::Female => "F",
        Sex::Other => "O",
    }
}

/// The reverse of [`sex_letter`].
pub(super) fn sex_of_letter(letter: &str) -> Option<Sex> {
    match letter {
        "M" => Some(Sex::Male),
        "F" => Some(Sex::Female),
        "O" => Some(Sex::Other),
        _ => None,
    }
}

fn read(row: &Row) -> Result<Subject, StoreError> {
    let age_years = row.optional_integer("age_years")?;
    Ok(Subject {
        id: row.parsed("id")?,
        site: row.parsed("site_id")?,
        sex: row.optional_text("sex")?.as_deref().and_then(sex_of_letter),
        age_years: age_years.and_then(|years| u16::try_from(years).ok()),
        created_at: row.time("created_at")?,
        withdrawn_at: row.optional_time("withdrawn_at")?,
    })
}
