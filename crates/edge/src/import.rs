//! Files and folders come in, and every file's fate is told.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tokio::task::{JoinSet, spawn_blocking};

use crate::{
    Edge, EdgeError, Remedy,
    engine::Engine,
    intake::Intake,
    spool::{Fate, State},
};

/// What became of one file on its way into the hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Held under this row; or it had been here before.
    Taken {
        /// The row.
        id: i64,
        /// The same content had been received before.
        again: bool,
    },
    /// No DICOM that can be kept; the machine word says why.
    Refused(String),
    /// The file could not be read, or could not be held now: import it again.
    Failed(String),
}

/// Files taken in at the same time.
const PARALLEL: usize = 8;

/// Every file below `paths`, sorted; a path that does not exist is an error.
///
/// # Errors
/// [`EdgeError::Io`].
pub fn files_below(paths: &[PathBuf]) -> Result<Vec<PathBuf>, EdgeError> {
    let mut files = Vec::new();
    for path in paths {
        for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
            let entry = entry.map_err(|e| EdgeError::Io { what: "walk a folder", cause: e.into() })?;
            if !entry.file_type().is_dir() {
                files.push(entry.into_path());
            }
        }
    }
    Ok(files)
}

/// Takes files in, several at a time. The entries are in the order of `files`.
///
/// # Errors
/// Only what makes going on pointless: a stopped hold.
pub async fn take_files(
    intake: &Intake,
    files: &[PathBuf],
    mut progress: impl FnMut(),
) -> Result<Vec<Entry>, EdgeError> {
    let mut entries = vec![Entry::Failed("not reached".to_owned()); files.len()];
    let mut tasks = JoinSet::new();
    let mut next = files.iter().enumerate();
    loop {
        while tasks.len() < PARALLEL
            && let Some((index, path)) = next.next()
        {
            let (intake, path) = (intake.clone(), path.clone());
            tasks.spawn(async move { (index, take_file(&intake, path).await) });
        }
        let Some(done) = tasks.join_next().await else { return Ok(entries) };
        let (index, entry) = done.map_err(|_| EdgeError::Stopped("the import"))?;
        if let Some(slot) = entries.get_mut(index) {
            *slot = entry;
        }
        progress();
    }
}

async fn take_file(intake: &Intake, path: PathBuf) -> Entry {
    let most_bytes = intake.limits().max_bytes as u64;
    let bytes = match spawn_blocking(move || read_file(&path, most_bytes)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(entry)) => return entry,
        Err(_) => return Entry::Failed("unreadable-file".to_owned()),
    };
    match intake.take(&bytes).await {
        Ok(arrived) => Entry::Taken { id: arrived.id, again: arrived.seen_before },
        Err(EdgeError::Refused(code)) => Entry::Refused(code.to_owned()),
        Err(EdgeError::DiskFull) => Entry::Failed("disk-full".to_owned()),
        Err(error) if error.remedy() == Remedy::Retry => Entry::Failed("not-held".to_owned()),
        Err(error) => {
            tracing::error!(%error, "a file could not be held");
            Entry::Failed("not-held".to_owned())
        }
    }
}

/// A whole regular file of at most `most_bytes`; nothing is read of a larger one.
fn read_file(path: &Path, most_bytes: u64) -> Result<Vec<u8>, Entry> {
    let unreadable = |_| Entry::Failed("unreadable-file".to_owned());
    let about = fs::symlink_metadata(path).map_err(unreadable)?;
    if !about.is_file() {
        return Err(Entry::Refused("not-a-file".to_owned()));
    }
    if about.len() > most_bytes {
        return Err(Entry::Refused("too-large".to_owned()));
    }
    fs::read(path).map_err(unreadable)
}

/// How long an import follows its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until the centre has acknowledged everything, however long it takes.
    pub until_sent: bool,
    /// But no longer than this.
    pub at_most: Option<Duration>,
}

/// Waits until the instances are out of the hold and, while the registry answers, until they are sent. Takes over
/// the work when nobody else does it.
///
/// # Errors
/// [`EdgeError::Database`], or what stopped the engine.
pub async fn follow(
    edge: &Edge,
    ids: &[i64],
    engine: &mut Option<Engine>,
    patience: Patience,
) -> Result<BTreeMap<i64, Fate>, EdgeError> {
    let started = Instant::now();
    loop {
        let fates = edge.db.fates(ids).await?;
        let any = |wanted: &Fate| fates.values().any(|fate| fate == wanted);
        let held = any(&Fate::Held);
        let sending = any(&Fate::Spooled) && worth_waiting(engine.as_ref(), patience);
        let late = patience.at_most.is_some_and(|most| started.elapsed() >= most);
        if (!held && !sending) || late {
            return Ok(fates);
        }
        match engine {
            Some(running) => running.failed().map_or(Ok(()), Err)?,
            // whoever worked here may have gone
            None => *engine = Engine::start(edge)?,
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Without `--wait`, an import that sends by itself waits for receipts only while the registry answers; one beside
/// a server leaves the sending to it.
fn worth_waiting(engine: Option<&Engine>, patience: Patience) -> bool {
    patience.until_sent || engine.is_some_and(|engine| !engine.registry_fails())
}

/// The one word for a file's fate, and the reasons beside it.
pub fn verdict(entry: &Entry, fates: &BTreeMap<i64, Fate>) -> (&'static str, Vec<String>) {
    let id = match entry {
        Entry::Refused(code) => return ("refused", vec![code.clone()]),
        Entry::Failed(code) => return ("failed", vec![code.clone()]),
        Entry::Taken { again: true, .. } => return ("already_there", Vec::new()),
        Entry::Taken { id, .. } => id,
    };
    match fates.get(id) {
        Some(Fate::Sent) => ("sent", Vec::new()),
        Some(Fate::OtherVersion) => ("quarantined", vec!["other-version-at-registry".to_owned()]),
        Some(Fate::Spooled) => ("to_be_sent", Vec::new()),
        Some(Fate::RefusedByCentre(code)) => ("refused_by_registry", vec![code.clone()]),
        Some(Fate::Kept(State::Waiting, reasons)) => ("kept_by_policy", reasons.clone()),
        Some(Fate::Kept(State::Refused, reasons)) => ("refused", reasons.clone()),
        Some(Fate::Kept(_, reasons)) => ("quarantined", reasons.clone()),
        Some(Fate::Withheld) => ("quarantined", vec!["withheld".to_owned()]),
        Some(Fate::Discarded) => ("discarded", Vec::new()),
        Some(Fate::Recalled) => ("recalled", Vec::new()),
        Some(Fate::Held) | None => ("held", Vec::new()),
    }
}

/// A path for the report: as it was given.
pub fn shown(path: &Path) -> String {
    path.display().to_string()
}
