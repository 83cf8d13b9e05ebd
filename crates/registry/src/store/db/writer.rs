//! One writer with group commit: what waits while a commit is being made durable goes into the next one.
//!
//! Every piece of work runs inside its own savepoint, so one that fails takes only its own changes back;
//! each is acknowledged after the shared commit, never before.

use std::pin::Pin;

use tokio::sync::{mpsc, oneshot};

use super::{Engine, Tx};
use crate::store::StoreError;

/// A boxed future, as [`super::Db::write`] wants its work.
pub type BoxFuture<'t, T> = Pin<Box<dyn Future<Output = T> + Send + 't>>;

/// Most pieces of work that share one commit.
const MOST_IN_ONE_COMMIT: usize = 128;
/// How many pieces of work may wait before callers wait in turn.
const QUEUE: usize = 1024;

const SAVEPOINT: &str = "SAVEPOINT work";
const RELEASE: &str = "RELEASE SAVEPOINT work";
const ROLLBACK_WORK: &str = "ROLLBACK TO SAVEPOINT work";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";

/// Tells a caller how the shared commit went.
type Acknowledge = Box<dyn FnOnce(bool) + Send>;
/// A piece of work; `None` when it failed and has told its caller why.
type Work = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Option<Acknowledge>> + Send>;

/// The sending end of the writer's queue.
#[derive(Clone)]
pub(in crate::store) struct Writer {
    queue: mpsc::Sender<Work>,
}

impl Writer {
    /// Starts the writer's task on `engine`; it ends when the last handle is dropped.
    pub(super) fn start(engine: Engine) -> Self {
        let (queue, work) = mpsc::channel(QUEUE);
        tokio::spawn(run(engine, work));
        Self { queue }
    }

    /// Queues `work` and waits until it is durable.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let boxed: Work = Box::new(move |tx| {
            Box::pin(async move {
                match work(tx).await {
                    Ok(value) => Some(acknowledge(reply, value)),
                    Err(error) => {
                        let _ = reply.send(Err(error));
                        None
                    }
                }
            })
        });
        self.queue.send(boxed).await.map_err(|_| StoreError::Stopped)?;
        answer.await.map_err(|_| StoreError::NotCommitted)?
    }
}

fn acknowledge<T: Send + 'static>(reply: oneshot::Sender<Result<T, StoreError>>, value: T) -> Acknowledge {
    Box::new(move |committed| {
        let _ = reply.send(if committed { Ok(value) } else { Err(StoreError::NotCommitted) });
    })
}

async fn run(engine: Engine, mut queue: mpsc::Receiver<Work>) {
    let mut batch = Vec::with_capacity(MOST_IN_ONE_COMMIT);
    while queue.recv_many(&mut batch, MOST_IN_ONE_COMMIT).await > 0 {
        if let Err(error) = commit_together(&engine, batch.drain(..)).await {
            // Nothing of the batch is durable: callers have been told, or see their reply dropped.
            tracing::warn!(%error, "a group of writes was not committed");
        }
    }
}

async fn commit_together(engine: &Engine, batch: impl Iterator<Item = Work>) -> Result<(), StoreError> {
    let mut tx = engine.begin().await?;
    let mut waiting = Vec::new();
    for work in batch {
        match one(&mut tx, work).await {
            Ok(done) => waiting.extend(done),
            Err(error) => return give_up(tx, waiting, error).await,
        }
    }
    if let Err(error) = tx.execute(COMMIT, Vec::new()).await {
        return give_up(tx, waiting, error).await;
    }
    waiting.into_iter().for_each(|acknowledge| acknowledge(true));
    Ok(())
}

async fn one(tx: &mut Tx, work: Work) -> Result<Option<Acknowledge>, StoreError> {
    tx.execute(SAVEPOINT, Vec::new()).await?;
    let done = work(tx).await;
    if done.is_none() {
        tx.execute(ROLLBACK_WORK, Vec::new()).await?;
    }
    tx.execute(RELEASE, Vec::new()).await?;
    Ok(done)
}

async fn give_up(mut tx: Tx, waiting: Vec<Acknowledge>, error: StoreError) -> Result<(), StoreError> {
    if tx.execute(ROLLBACK, Vec::new()).await.is_err() {
        tx.discard();
    }
    waiting.into_iter().for_each(|acknowledge| acknowledge(false));
    Err(error)
}
