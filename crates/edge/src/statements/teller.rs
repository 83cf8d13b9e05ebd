//! Tells the centre, while the edge runs: what waits, what has moved, and tokens that it has not been told.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{Edge, EdgeError, upload::Registry};

use super::{deliver, gather};

/// How often it is looked whether there is something to tell.
const LOOK: Duration = Duration::from_secs(2);
/// Longest wait after failures.
const LONGEST: Duration = Duration::from_secs(60);

/// Sends statements while the edge runs.
pub struct Teller {
    edge: Edge,
    registry: Registry,
    failures: u32,
}

impl Teller {
    /// A teller for `edge`.
    ///
    /// # Errors
    /// [`EdgeError::Secret`] when the credential is gone.
    pub fn new(edge: &Edge) -> Result<Self, EdgeError> {
        Ok(Self { edge: edge.clone(), registry: edge.enrolment.registry(&edge.home)?, failures: 0 })
    }

    /// Works until `shutdown`.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn run(mut self, shutdown: CancellationToken) -> Result<(), EdgeError> {
        while !shutdown.is_cancelled() {
            // Every step is a transaction of its own: a round may be left at any point.
            tokio::select! {
                () = shutdown.cancelled() => {}
                told = self.round() => {
                    let pause = told?;
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        () = sleep(pause) => {}
                    }
                }
            }
        }
        Ok(())
    }

    async fn round(&mut self) -> Result<Duration, EdgeError> {
        let told = async {
            gather(&self.edge).await?;
            deliver(&self.edge, &self.registry).await
        };
        match told.await {
            Ok(_) => self.failures = 0,
            Err(error @ EdgeError::Database(_)) => return Err(error),
            Err(error) => {
                if self.failures == 0 {
                    tracing::warn!(%error, "statements wait for the centre");
                }
                self.failures = self.failures.saturating_add(1);
            }
        }
        Ok(LOOK.saturating_mul(1 << self.failures.min(5)).min(LONGEST))
    }
}
