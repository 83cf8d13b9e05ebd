//! Recalled objects that have come again under another subject: the centre is told which takes the place of which.

use std::collections::BTreeMap;

use sqlx::Row;
use sumgil_model::{ObjectDigest, SubjectId};
use sumgil_transfer::statement::{Content, MAX_PAIRS, Move, MovedObject};

use crate::EdgeError;

use super::Db;

/// Only what the centre has acknowledged takes a place: the receipt came before.
const PAIRS: &str = "
SELECT old.sequence, old.digest AS old, new.digest AS new, r.quarantine, r.from_subject, r.into_subject
FROM objects old JOIN recalls r ON r.id = old.recall
JOIN objects new ON new.uid = old.uid AND new.subject = r.into_subject AND new.state = 'sent' AND new.quarantined = 0
WHERE old.state = 'recalled' AND old.moved_by IS NULL AND r.erase IS NULL AND old.subject = r.from_subject
GROUP BY old.sequence ORDER BY old.sequence LIMIT 4096";

const TOLD: &str = "
UPDATE objects SET moved_by = ?2, headers = NULL
WHERE moved_by IS NULL AND sequence IN (SELECT value FROM json_each(?1))";

/// Recall, from whom and to whom; the pairs with the old objects' sequence numbers.
type Moves = BTreeMap<(i64, String, String), Vec<(i64, MovedObject)>>;

impl Db {
    /// Keeps statements about objects that have come again under another subject; returns how many objects.
    ///
    /// # Errors
    /// [`EdgeError::Database`], [`EdgeError::Damaged`].
    pub async fn state_moves(&self) -> Result<usize, EdgeError> {
        let mut told = 0;
        for ((recall, from, into), pairs) in self.moves().await? {
            for chunk in pairs.chunks(MAX_PAIRS) {
                told += chunk.len();
                self.state_move(recall, &from, &into, chunk).await?;
            }
        }
        Ok(told)
    }

    async fn moves(&self) -> Result<Moves, EdgeError> {
        let damaged = |_| EdgeError::Damaged("an object's row");
        let mut moves = Moves::new();
        for row in sqlx::query(PAIRS).fetch_all(self.reader()).await? {
            let key = (row.get("quarantine"), row.get("from_subject"), row.get("into_subject"));
            let pair = MovedObject {
                old: ObjectDigest::parse(row.get("old")).map_err(damaged)?,
                new: ObjectDigest::parse(row.get("new")).map_err(damaged)?,
            };
            moves.entry(key).or_default().push((row.get("sequence"), pair));
        }
        Ok(moves)
    }

    async fn state_move(
        &self,
        recall: i64,
        from: &str,
        into: &str,
        pairs: &[(i64, MovedObject)],
    ) -> Result<(), EdgeError> {
        let damaged = |_| EdgeError::Damaged("a recall's row");
        let content = Content::Move(Move {
            recall: recall as u64,
            from: SubjectId::parse(from).map_err(damaged)?,
            into: SubjectId::parse(into).map_err(damaged)?,
            objects: pairs.iter().map(|(_, pair)| pair.clone()).collect(),
        });
        let list = serde_json::Value::from_iter(pairs.iter().map(|(sequence, _)| *sequence)).to_string();
        let mut tx = self.begin().await?;
        let number = self.state_in(&mut tx, &content).await?;
        sqlx::query(TOLD).bind(list).bind(number).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
