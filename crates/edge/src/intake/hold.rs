//! One thread writes the hold. Stores that arrive together share one sync of the file and one of the database.

use std::{thread, time::Duration};

use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::{
    EdgeError,
    spool::{Arrival, Arrived, Db, HoldWriter, Location},
};

/// Most instances in one group.
const MOST: usize = 64;
/// Most bytes in one group.
const MOST_BYTES: usize = 64 << 20;
/// An open segment is closed after so long without arrivals, so that it can be freed.
const IDLE: Duration = Duration::from_secs(1);

struct Waiting {
    sealed: Vec<u8>,
    arrival: Arrival,
    answer: oneshot::Sender<Result<Arrived, EdgeError>>,
}

/// Hands encrypted instances to the hold. Cheap to clone.
#[derive(Clone)]
pub struct Holder {
    queue: mpsc::Sender<Waiting>,
}

/// The writing thread; ends when every [`Holder`] is gone.
pub struct HoldThread {
    thread: thread::JoinHandle<()>,
}

impl Holder {
    /// Starts the thread that writes segments into `dir` and rows into `db`.
    ///
    /// # Errors
    /// [`EdgeError::Io`] when no thread can be had.
    pub fn start(dir: std::path::PathBuf, db: Db) -> Result<(Self, HoldThread), EdgeError> {
        let (queue, arrivals) = mpsc::channel(MOST * 2);
        let runtime = Handle::current();
        let thread = thread::Builder::new()
            .name("hold".into())
            .spawn(move || write_hold(&runtime, dir, &db, arrivals))
            .map_err(|source| EdgeError::Io { what: "start the hold's thread", cause: source })?;
        Ok((Self { queue }, HoldThread { thread }))
    }

    /// Returns once the instance is durable: file synced and row committed. The location in `arrival` is filled in.
    ///
    /// # Errors
    /// Whatever the disk or the database said; then nothing is acknowledged.
    pub async fn hold(&self, sealed: Vec<u8>, arrival: Arrival) -> Result<Arrived, EdgeError> {
        let (answer, answered) = oneshot::channel();
        let stopped = || EdgeError::Stopped("the hold");
        self.queue.send(Waiting { sealed, arrival, answer }).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

impl HoldThread {
    /// Waits until everything handed over is written.
    pub fn join(self) {
        // a panic of the thread has already reached every waiting sender as "stopped"
        let _ = self.thread.join();
    }
}

fn write_hold(runtime: &Handle, dir: std::path::PathBuf, db: &Db, mut arrivals: mpsc::Receiver<Waiting>) {
    let mut writer = HoldWriter::new(dir);
    loop {
        let next = if writer.is_open() {
            runtime.block_on(async { timeout(IDLE, arrivals.recv()).await })
        } else {
            Ok(arrivals.blocking_recv())
        };
        match next {
            Err(_) => writer.close(),
            Ok(None) => return,
            Ok(Some(first)) => {
                let group = gather(first, &mut arrivals);
                write_group(runtime, &mut writer, db, group);
            }
        }
    }
}

fn gather(first: Waiting, arrivals: &mut mpsc::Receiver<Waiting>) -> Vec<Waiting> {
    let mut bytes = first.sealed.len();
    let mut group = vec![first];
    while group.len() < MOST && bytes < MOST_BYTES {
        let Ok(next) = arrivals.try_recv() else { break };
        bytes += next.sealed.len();
        group.push(next);
    }
    group
}

fn write_group(runtime: &Handle, writer: &mut HoldWriter, db: &Db, group: Vec<Waiting>) {
    let (mut pieces, mut rows, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for waiting in group {
        pieces.push(waiting.sealed);
        rows.push(waiting.arrival);
        answers.push(waiting.answer);
    }
    let done = writer.append(&pieces).and_then(|locations| {
        fill_in(&mut rows, locations);
        runtime.block_on(db.record_arrivals(&rows))
    });
    match done {
        Ok(arrived) => {
            for (answer, arrived) in answers.into_iter().zip(arrived) {
                // a sender that hung up in the meantime will send again and be told "already there"
                let _ = answer.send(Ok(arrived));
            }
        }
        Err(error) => {
            writer.close();
            tracing::error!(%error, "the hold could not be written");
            for answer in answers {
                let _ = answer.send(Err(EdgeError::Stopped("the hold")));
            }
        }
    }
}

fn fill_in(rows: &mut [Arrival], locations: Vec<Location>) {
    for (row, location) in rows.iter_mut().zip(locations) {
        row.location = location;
    }
}
