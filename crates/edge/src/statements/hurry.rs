//! A command's statement goes at once: by itself when no edge runs, else by the one that does.

use std::time::{Duration, Instant};

use crate::{
    Edge, EdgeError,
    spool::{StatementRow, StatementState},
};

use super::{deliver, gather};

/// How often a running edge's progress is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// Sends what waits, or waits up to `patience` until a running edge has sent it. Returns the statement as it then is:
/// still waiting when the centre is away; a running edge sends it later.
///
/// # Errors
/// Database errors, [`EdgeError::Secret`].
pub async fn hurry(edge: &Edge, number: i64, patience: Duration) -> Result<StatementRow, EdgeError> {
    match edge.home.lock() {
        Ok(_lock) => {
            gather(edge).await?;
            let registry = edge.enrolment.registry(&edge.home)?;
            if let Err(error) = deliver(edge, &registry).await {
                tracing::warn!(%error, "statements wait for the centre");
            }
        }
        Err(EdgeError::Busy) => wait(edge, number, patience).await?,
        Err(error) => return Err(error),
    }
    one(edge, number).await
}

async fn wait(edge: &Edge, number: i64, patience: Duration) -> Result<(), EdgeError> {
    let started = Instant::now();
    while started.elapsed() < patience && one(edge, number).await?.state == StatementState::Waiting {
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

async fn one(edge: &Edge, number: i64) -> Result<StatementRow, EdgeError> {
    edge.db.statement(number).await?.ok_or(EdgeError::Damaged("a statement's row"))
}
