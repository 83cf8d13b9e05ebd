//! The keyring: ring keys and subject keys, each wrapped, in a database of their own, so that a copy of the
//! registry's database and objects opens nothing.

use jiff::Timestamp;
use sumgil_model::SubjectId;

use super::{
    Db, StoreError,
    db::{BoxFuture, Row, Source, Tx, params},
    schema,
};

/// The schema that the keyring has on PostgreSQL, also where it shares the registry's database.
const NAMESPACE: &str = "keyring";

/// The keyring's database.
#[derive(Clone)]
pub struct Keyring(Db);

/// A ring key under the root key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingKeyRow {
    /// Its name.
    pub id: String,
    /// The wrapped key, as `custody` made it.
    pub wrapped: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When new subjects stopped getting it.
    pub retired_at: Option<Timestamp>,
}

/// A subject's key under its ring's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectKeyRow {
    /// Whose.
    pub subject: SubjectId,
    /// Under which ring key.
    pub ring: String,
    /// The wrapped key, as `custody` made it; none after it was destroyed.
    pub wrapped: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was destroyed, and with it everything sealed under it.
    pub destroyed_at: Option<Timestamp>,
}

const ADD_RING: &str = "INSERT INTO ring_key (id, wrapped, created_at) VALUES ($1, $2, $3)";
const RING: &str = "SELECT id, wrapped, created_at, retired_at FROM ring_key WHERE id = $1";
const RINGS: &str = "SELECT id, wrapped, created_at, retired_at FROM ring_key ORDER BY created_at, id";
const REWRAP_RING: &str = "UPDATE ring_key SET wrapped = $2 WHERE id = $1";
const RETIRE_RING: &str = "UPDATE ring_key SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL";
const ADD_SUBJECT: &str = "INSERT INTO subject_key (subject_id, ring_id, wrapped, created_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (subject_id) DO NOTHING";
const SUBJECT: &str = "SELECT subject_id, ring_id, wrapped, created_at, destroyed_at \
    FROM subject_key WHERE subject_id = $1";
const DESTROY: &str = "UPDATE subject_key SET wrapped = NULL, destroyed_at = $2 \
    WHERE subject_id = $1 AND destroyed_at IS NULL";

impl Keyring {
    /// Opens the keyring's database and brings its schema up to date: `sqlite:PATH`, or `postgres://...`, where
    /// it lives in a schema of its own.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Db::open_as(url, Some(NAMESPACE), schema::KEYRING).await.map(Self)
    }

    /// Adds a ring key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name is taken.
    pub async fn add_ring(&self, id: &str, wrapped: &[u8], now: Timestamp) -> Result<(), StoreError> {
        let row = params![id, wrapped, now];
        let added = self.write(|tx| Box::pin(async move { tx.execute(ADD_RING, row).await })).await;
        match added {
            Err(error) if error.is_duplicate() => Err(StoreError::Conflict("the ring's name is taken")),
            other => other.map(|_| ()),
        }
    }

    /// The ring key with this name.
    ///
    /// # Errors
    /// A database error.
    pub async fn ring(&self, id: &str) -> Result<Option<RingKeyRow>, StoreError> {
        (&self.0).first(RING.into(), params![id]).await?.map(|row| read_ring(&row)).transpose()
    }

    /// Every ring key, oldest first.
    ///
    /// # Errors
    /// A database error.
    pub async fn rings(&self) -> Result<Vec<RingKeyRow>, StoreError> {
        (&self.0).all(RINGS.into(), params![]).await?.iter().map(read_ring).collect()
    }

    /// Replaces a ring key's wrapping, when the root key changes.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an unknown ring.
    pub async fn rewrap_ring(&self, id: &str, wrapped: &[u8]) -> Result<(), StoreError> {
        let row = params![id, wrapped];
        self.change(REWRAP_RING, row, "ring").await
    }

    /// Retires a ring key: it still opens, and gets no new subjects.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a ring that is unknown or retired already.
    pub async fn retire_ring(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        self.change(RETIRE_RING, params![id, now], "ring in use").await
    }

    /// Keeps a subject's key if there is none yet, and answers the one that counts: whoever comes second uses
    /// the first one's key.
    ///
    /// # Errors
    /// A database error; an unknown ring breaks a foreign key.
    pub async fn add_subject(
        &self,
        subject: &SubjectId,
        ring: &str,
        wrapped: &[u8],
        now: Timestamp,
    ) -> Result<SubjectKeyRow, StoreError> {
        let row = params![subject, ring, wrapped, now];
        let subject = subject.clone();
        self.write(move |tx| {
            Box::pin(async move {
                tx.execute(ADD_SUBJECT, row).await?;
                let kept = tx.first(SUBJECT.into(), params![&subject]).await?;
                read_subject(&kept.ok_or(StoreError::NotFound("subject key"))?)
            })
        })
        .await
    }

    /// A subject's key.
    ///
    /// # Errors
    /// A database error.
    pub async fn subject(&self, subject: &SubjectId) -> Result<Option<SubjectKeyRow>, StoreError> {
        (&self.0).first(SUBJECT.into(), params![subject]).await?.map(|row| read_subject(&row)).transpose()
    }

    /// Destroys a subject's key: what is sealed under it can be opened by nobody any more.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none, or it is destroyed already.
    pub async fn destroy_subject(&self, subject: &SubjectId, now: Timestamp) -> Result<(), StoreError> {
        self.change(DESTROY, params![subject, now], "subject key").await
    }

    async fn change(
        &self,
        sql: &'static str,
        row: Vec<super::db::Param>,
        what: &'static str,
    ) -> Result<(), StoreError> {
        match self.write(move |tx| Box::pin(async move { tx.execute(sql, row).await })).await? {
            0 => Err(StoreError::NotFound(what)),
            _ => Ok(()),
        }
    }

    async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
    {
        self.0.write(work).await
    }
}

fn read_ring(row: &Row) -> Result<RingKeyRow, StoreError> {
    Ok(RingKeyRow {
        id: row.text("id")?,
        wrapped: row.blob("wrapped")?,
        created_at: row.time("created_at")?,
        retired_at: row.optional_time("retired_at")?,
    })
}

fn read_subject(row: &Row) -> Result<SubjectKeyRow, StoreError> {
    Ok(SubjectKeyRow {
        subject: row.parsed("subject_id")?,
        ring: row.text("ring_id")?,
        wrapped: row.optional_blob("wrapped")?,
        created_at: row.time("created_at")?,
        destroyed_at: row.optional_time("destroyed_at")?,
    })
}
