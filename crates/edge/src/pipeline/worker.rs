//! Watches for quiet studies while the server runs, and takes each through the pipeline.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::Notify, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    Edge, EdgeError,
    spool::{LookUp, now_us},
};

use super::Pipeline;

/// How often the policy's lists are read again.
const POLICY: Duration = Duration::from_secs(10);
/// How often segments that are done with are looked for.
const SWEEP: Duration = Duration::from_secs(5);
/// A study that met a disk or database error is left alone for so long.
const REST: Duration = Duration::from_secs(10);

/// Takes quiet studies from the hold to the spool.
pub struct Worker {
    edge: Edge,
    pipeline: Pipeline,
    resting: HashMap<LookUp, Instant>,
    policy_read: Instant,
    swept: Instant,
    noted: Instant,
}

impl Worker {
    /// A worker for `edge`.
    ///
    /// # Errors
    /// [`EdgeError::Config`] when a list of the policy cannot be read.
    pub fn new(edge: &Edge) -> Result<Self, EdgeError> {
        Ok(Self {
            edge: edge.clone(),
            pipeline: Pipeline::new(edge)?,
            resting: HashMap::new(),
            policy_read: Instant::now(),
            swept: Instant::now(),
            noted: Instant::now(),
        })
    }

    /// Works until `shutdown`; tells `spooled` when there is something to send.
    ///
    /// # Errors
    /// [`EdgeError::Database`] when the database cannot even be asked.
    pub async fn run(mut self, spooled: Arc<Notify>, shutdown: CancellationToken) -> Result<(), EdgeError> {
        self.edge.sweep().await?;
        self.reconsider().await?;
        let quiet = Duration::from_secs_f64(self.edge.config.quiet_seconds);
        let pause = (quiet / 4).clamp(Duration::from_millis(100), Duration::from_secs(1));
        while !shutdown.is_cancelled() {
            self.read_policy().await?;
            if self.round(quiet, &spooled, &shutdown).await? == 0 {
                self.sweep_hold().await?;
                self.send_left_notes(&spooled).await;
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    () = sleep(pause) => {}
                }
            }
        }
        self.edge.sweep().await
    }

    /// Now and then: notes that an earlier run left behind.
    async fn send_left_notes(&mut self, spooled: &Notify) {
        if self.noted.elapsed() < REST {
            return;
        }
        self.noted = Instant::now();
        match self.pipeline.send_left_notes().await {
            Ok(0) => {}
            Ok(_) => spooled.notify_one(),
            Err(error) => tracing::error!(%error, "exam notes could not be sent"),
        }
    }

    /// A segment of the hold that was still open when its last instance was dealt with is freed here.
    async fn sweep_hold(&mut self) -> Result<(), EdgeError> {
        if self.swept.elapsed() < SWEEP {
            return Ok(());
        }
        self.swept = Instant::now();
        self.edge.free(&self.edge.hold.names()?).await
    }

    /// Brings what waits before the policy again, if it is not the policy that it was kept by.
    async fn reconsider(&self) -> Result<(), EdgeError> {
        let policy = self.pipeline.policy().to_text();
        self.edge.db.reconsider_under(&self.edge.db.look_up("policy", &[&policy])).await
    }

    /// Takes every study that is quiet now. Returns how many were taken.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn round(
        &mut self,
        quiet: Duration,
        spooled: &Notify,
        shutdown: &CancellationToken,
    ) -> Result<usize, EdgeError> {
        let before = now_us() - quiet.as_micros() as i64;
        self.resting.retain(|_, since| since.elapsed() < REST);
        let mut taken = 0;
        for study in self.edge.db.quiet_studies(before).await? {
            if shutdown.is_cancelled() || self.resting.contains_key(&study.study_key) {
                continue;
            }
            match self.pipeline.process_study(&study.study_key).await {
                Ok(_) => taken += 1,
                Err(error) => {
                    tracing::error!(%error, "a study could not be taken from the hold");
                    self.resting.insert(study.study_key, Instant::now());
                }
            }
            spooled.notify_one();
        }
        Ok(taken)
    }

    async fn read_policy(&mut self) -> Result<(), EdgeError> {
        if self.policy_read.elapsed() < POLICY {
            return Ok(());
        }
        self.policy_read = Instant::now();
        match self.pipeline.reload_policy() {
            Ok(true) => self.reconsider().await,
            Ok(false) => Ok(()),
            Err(error) => {
                tracing::error!(%error, "the policy's lists cannot be read; the old ones hold on");
                Ok(())
            }
        }
    }
}
