//! While the edge serves it tests itself now and then; a run in which something came out stops sending.

use std::time::Duration;

use jiff::Timestamp;
use tokio::{task::spawn_blocking, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{SelfTest, run};
use crate::{Edge, EdgeError, spool::now_us};

/// How often it is looked whether a run is due.
const LOOK: Duration = Duration::from_secs(60);
const HOUR_US: i64 = 3_600_000_000;

/// The alarm's word.
const FAILED: &str = "self-test-failed";

/// Runs the test whenever it is due, until `shutdown`.
///
/// # Errors
/// [`EdgeError::Database`].
pub async fn watch(edge: Edge, shutdown: CancellationToken) -> Result<(), EdgeError> {
    let every = i64::from(edge.config.self_test.every_hours);
    while !shutdown.is_cancelled() {
        if every > 0 && is_due(&edge, every).await? {
            // Another patient each time.
            let seed = (now_us() / HOUR_US) as u64;
            match run_and_keep(&edge, seed).await {
                Ok(_) => {}
                Err(error @ EdgeError::Database(_)) => return Err(error),
                Err(error) => tracing::error!(%error, "the self-test could not be run"),
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = sleep(LOOK) => {}
        }
    }
    Ok(())
}

/// Never, too long ago, or by a clock that was set back since.
async fn is_due(edge: &Edge, every_hours: i64) -> Result<bool, EdgeError> {
    let Some(last) = edge.db.self_test().await? else { return Ok(true) };
    let age = now_us() - last.figures.ran_at.as_microsecond();
    Ok(!(0..every_hours * HOUR_US).contains(&age))
}

/// Runs the test with the patient of `seed`, keeps its figures and tells the centre.
///
/// # Errors
/// [`EdgeError::Refused`] when the invented files do not even read; [`EdgeError::Database`].
pub async fn run_and_keep(edge: &Edge, seed: u64) -> Result<SelfTest, EdgeError> {
    let result =
        spawn_blocking(move || run(seed)).await.map_err(|_| EdgeError::Stopped("the self-test"))??;
    let ran_at = Timestamp::from_microsecond(now_us()).unwrap_or(Timestamp::UNIX_EPOCH);
    if !result.passed() {
        tracing::error!(seed, survived = result.survived, "the self-test failed: nothing is sent any more");
        edge.db.raise(FAILED, None, &format!("seed {seed}: {} came out", result.survived)).await?;
    }
    edge.db.save_self_test(&result.figures(ran_at), result.passed()).await?;
    Ok(result)
}
