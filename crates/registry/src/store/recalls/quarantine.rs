//! The first step: what is recalled leaves the index in one transaction.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sumgil_model::{ObjectDigest, SiteId};
use sumgil_transfer::statement::{Recall, RecallTarget};

use super::clinical;
use crate::store::{
    StoreError,
    db::{Source, Tx, params},
    uploads,
};

/// A recall that has just come.
#[derive(Clone, Debug)]
pub struct NewRecall {
    /// Whose.
    pub site: SiteId,
    /// The number of its statement, which names it.
    pub number: u64,
    /// What it says.
    pub recall: Recall,
    /// Who, as the audit log writes it.
    pub who: String,
    /// When it came.
    pub at: Timestamp,
}

const ADD_RECALL: &str = "INSERT INTO recall (site_id, number, reason, note, who, recalled_at) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const ADD_TOMBSTONE: &str = "INSERT INTO recalled_object (site_id, digest, recall_number, held, recalled_at) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (site_id, digest) DO NOTHING";
const OF_STUDY: &str = "SELECT o.digest FROM object o WHERE o.site_id = $1 AND o.kind = 'instance' \
    AND o.state IN ('stored', 'quarantined') \
    AND o.uid IN (SELECT i.uid FROM instance i WHERE i.study_uid = $2)";
const OF_UID: &str = "SELECT o.digest FROM object o WHERE o.site_id = $1 AND o.uid = $2 AND o.kind = $3 \
    AND o.state IN ('stored', 'quarantined')";
const LIVE: &str = "SELECT digest FROM object WHERE site_id = $1 AND digest = $2 \
    AND state IN ('stored', 'quarantined')";
const PLACE: &str = "SELECT series_uid, study_uid FROM instance WHERE object_digest = $1";
const UNINDEX: &str = "DELETE FROM instance WHERE object_digest = $1";
const TAKE_BACK: &str = "UPDATE object SET state = 'recalled', reason = $2 WHERE digest = $1";
const DROP_SERIES: &str = "DELETE FROM series WHERE uid = $1 AND NOT EXISTS \
    (SELECT 1 FROM instance i WHERE i.series_uid = series.uid)";
const DROP_STUDY: &str = "DELETE FROM study WHERE uid = $1 AND NOT EXISTS \
    (SELECT 1 FROM series se WHERE se.study_uid = study.uid)";

/// Takes everything that a recall names out of the index and out of use. Objects that it names by digest and that
/// are not here are barred from coming.
///
/// # Errors
/// A database error; the number of another recall of the site breaks the key.
pub async fn quarantine(tx: &mut Tx, new: &NewRecall) -> Result<(), StoreError> {
    let row = params![&new.site, new.number, new.recall.reason.as_str(), &new.recall.note, &new.who, new.at,];
    tx.execute(ADD_RECALL, row).await?;
    let found = found(tx, new).await?;
    let mut places = Places::default();
    for digest in &found {
        take_back(tx, new, digest, &mut places).await?;
        tombstone(tx, new, digest, true).await?;
    }
    places.drop_empty(tx).await?;
    for digest in new.recall.objects.iter().filter(|digest| !found.contains(*digest)) {
        tombstone(tx, new, digest, false).await?;
        uploads::remove(tx, digest).await?;
    }
    Ok(())
}

/// The live objects of the site that the recall means.
async fn found(tx: &mut Tx, new: &NewRecall) -> Result<BTreeSet<ObjectDigest>, StoreError> {
    let mut found = BTreeSet::new();
    for target in &new.recall.targets {
        let rows = match target {
            RecallTarget::Study(uid) => tx.all(OF_STUDY.into(), params![&new.site, uid]).await?,
            RecallTarget::Instance(uid) => tx.all(OF_UID.into(), params![&new.site, uid, "instance"]).await?,
            RecallTarget::Record(id) => tx.all(OF_UID.into(), params![&new.site, id, "clinical"]).await?,
        };
        for row in rows {
            found.insert(row.parsed("digest")?);
        }
    }
    for digest in &new.recall.objects {
        for row in tx.all(LIVE.into(), params![&new.site, digest]).await? {
            found.insert(row.parsed("digest")?);
        }
    }
    Ok(found)
}

async fn take_back(
    tx: &mut Tx,
    new: &NewRecall,
    digest: &ObjectDigest,
    places: &mut Places,
) -> Result<(), StoreError> {
    if let Some(row) = tx.first(PLACE.into(), params![digest]).await? {
        places.series.insert(row.text("series_uid")?);
        places.studies.insert(row.text("study_uid")?);
        tx.execute(UNINDEX, params![digest]).await?;
    }
    clinical::take_back(tx, digest).await?;
    tx.execute(TAKE_BACK, params![digest, new.recall.reason.as_str()]).await.map(|_| ())
}

async fn tombstone(
    tx: &mut Tx,
    new: &NewRecall,
    digest: &ObjectDigest,
    held: bool,
) -> Result<(), StoreError> {
    let row = params![&new.site, digest, new.number, held, new.at];
    tx.execute(ADD_TOMBSTONE, row).await.map(|_| ())
}

/// Series and studies that may have become empty.
#[derive(Default)]
struct Places {
    series: BTreeSet<String>,
    studies: BTreeSet<String>,
}

impl Places {
    async fn drop_empty(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for uid in &self.series {
            tx.execute(DROP_SERIES, params![uid]).await?;
        }
        for uid in &self.studies {
            tx.execute(DROP_STUDY, params![uid]).await?;
        }
        Ok(())
    }
}
