//! Worker, uploader and teller for the time of one command, when no server runs on the data directory.

use std::sync::{Arc, Mutex};

use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    Edge, EdgeError, WorkLock,
    pipeline::Worker,
    statements::Teller,
    upload::{Line, Uploader},
};

/// A running worker and uploader.
pub struct Engine {
    tasks: JoinSet<Result<(), EdgeError>>,
    shutdown: CancellationToken,
    line: Arc<Mutex<Line>>,
    _lock: WorkLock,
}

impl Engine {
    /// Starts them, if no other process works here; `None` when one does (it will do the work).
    ///
    /// # Errors
    /// Lists or credentials that cannot be used.
    pub fn start(edge: &Edge) -> Result<Option<Self>, EdgeError> {
        let lock = match edge.home.lock() {
            Ok(lock) => lock,
            Err(EdgeError::Busy) => return Ok(None),
            Err(error) => return Err(error),
        };
        let (shutdown, spooled) = (CancellationToken::new(), Arc::new(Notify::new()));
        let uploader = Uploader::new(edge)?;
        let line = uploader.line();
        let worker = Worker::new(edge)?;
        let teller = Teller::new(edge)?;
        let mut tasks = JoinSet::new();
        tasks.spawn(uploader.run(Arc::clone(&spooled), shutdown.clone()));
        tasks.spawn(worker.run(spooled, shutdown.clone()));
        tasks.spawn(teller.run(shutdown.clone()));
        Ok(Some(Self { tasks, shutdown, line, _lock: lock }))
    }

    /// Whether the registry has failed to answer lately, or nothing may be sent.
    pub fn registry_fails(&self) -> bool {
        self.line.lock().is_ok_and(|line| line.failures > 0 || line.stopped.is_some())
    }

    /// The error of a part that has ended by itself.
    pub fn failed(&mut self) -> Option<EdgeError> {
        match self.tasks.try_join_next()? {
            Ok(Ok(())) => Some(EdgeError::Stopped("a part of the edge")),
            Ok(Err(error)) => Some(error),
            Err(_) => Some(EdgeError::Stopped("a part of the edge")),
        }
    }

    /// Stops them; what is under way finishes.
    ///
    /// # Errors
    /// That of a part that failed.
    pub async fn stop(mut self) -> Result<(), EdgeError> {
        self.shutdown.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.unwrap_or(Err(EdgeError::Stopped("a part of the edge")))?;
        }
        Ok(())
    }
}
