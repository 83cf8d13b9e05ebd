//! The files beside the database. A segment holds many encrypted or sealed pieces one after the other; rows say
//! where each lies. A segment is deleted when no row points into it any more.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use sqlx::{Row, sqlite::SqliteRow};

use crate::{EdgeError, error::Tried, home::sync_dir_of};

/// Where a piece lies: which file, from which byte on, how many bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The segment's file name.
    pub segment: String,
    /// First byte.
    pub offset: u64,
    /// Bytes.
    pub length: u64,
}

impl Location {
    pub(super) fn of_row(row: &SqliteRow) -> Self {
        Self {
            segment: row.get::<Option<String>, _>("segment").unwrap_or_default(),
            offset: row.get::<Option<i64>, _>("offset").unwrap_or_default() as u64,
            length: row.get::<Option<i64>, _>("length").unwrap_or_default() as u64,
        }
    }
}

/// A room of segments: `hold/`, `spool/` or `quarantine/`.
#[derive(Clone, Debug)]
pub struct Segments {
    dir: PathBuf,
}

impl Segments {
    /// The segments in `dir`.
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Reads one piece.
    ///
    /// # Errors
    /// [`EdgeError::Io`] when the file is gone or shorter than the row says.
    pub fn read(&self, location: &Location) -> Result<Vec<u8>, EdgeError> {
        self.read_part(location, 0, location.length)
    }

    /// Reads `length` bytes of a piece from its byte `from` on.
    ///
    /// # Errors
    /// [`EdgeError::Io`]; [`EdgeError::Damaged`] beyond the piece.
    pub fn read_part(&self, location: &Location, from: u64, length: u64) -> Result<Vec<u8>, EdgeError> {
        if from.saturating_add(length) > location.length {
            return Err(EdgeError::Damaged("a part beyond the stored piece was asked for"));
        }
        let file = File::open(self.dir.join(&location.segment)).tried("open a segment")?;
        let mut bytes = vec![0; length as usize];
        file.read_exact_at(&mut bytes, location.offset + from).tried("read a segment")?;
        Ok(bytes)
    }

    /// Deletes a segment unless a living process still writes it. The caller has made sure that no row points
    /// into it.
    ///
    /// # Errors
    /// [`EdgeError::Io`].
    pub fn remove(&self, segment: &str) -> Result<bool, EdgeError> {
        match self.claim(segment)? {
            Some(claim) => claim.delete().map(|()| true),
            None => Ok(false),
        }
    }

    /// Locks a segment so that it may be deleted; `None` when it is gone or a living process still writes it.
    ///
    /// # Errors
    /// [`EdgeError::Io`].
    pub fn claim(&self, segment: &str) -> Result<Option<Claim>, EdgeError> {
        let path = self.dir.join(segment);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e).tried("open a segment"),
        };
        Ok(file.try_lock().is_ok().then(|| Claim { segment: segment.to_owned(), path, _locked: file }))
    }

    /// The names of all finished segments, and of unfinished ones whose writer is dead (these are deleted).
    ///
    /// # Errors
    /// [`EdgeError::Io`].
    pub fn names(&self) -> Result<Vec<String>, EdgeError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.dir).tried("list segments")? {
            let name = entry.tried("list segments")?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".new") {
                self.remove(&name)?;
            } else {
                names.push(name);
            }
        }
        Ok(names)
    }
}

static SERIAL: AtomicU64 = AtomicU64::new(0);

/// A name that no other process and no earlier run has used.
fn fresh_name() -> String {
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    format!("{:016x}-{:x}-{serial:x}", super::now_us(), std::process::id())
}

/// A new file, locked by us before its final name can be seen, so that nobody takes it for abandoned.
fn create(dir: &Path, name: &str) -> Result<File, EdgeError> {
    let temporary = dir.join(format!("{name}.new"));
    let file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(temporary)
        .tried("make a segment")?;
    file.lock().tried("lock a segment")?;
    Ok(file)
}

fn publish(dir: &Path, name: &str) -> Result<(), EdgeError> {
    let path = dir.join(name);
    fs::rename(dir.join(format!("{name}.new")), &path).tried("name a segment")?;
    sync_dir_of(&path)
}

/// A segment that was just written; nobody takes it for abandoned while this lives. Drop it when the rows that
/// point into it are committed.
pub struct Written {
    _locked: File,
}

/// Writes `pieces` as one durable segment: file fsynced, named, directory fsynced. Locations are in order.
///
/// # Errors
/// [`EdgeError::Io`].
pub fn write_segment(dir: &Path, pieces: &[&[u8]]) -> Result<(Vec<Location>, Written), EdgeError> {
    let name = fresh_name();
    let mut file = create(dir, &name)?;
    let mut locations = Vec::with_capacity(pieces.len());
    let mut offset = 0;
    for piece in pieces {
        file.write_all(piece).tried("write a segment")?;
        locations.push(Location { segment: name.clone(), offset, length: piece.len() as u64 });
        offset += piece.len() as u64;
    }
    file.sync_all().tried("sync a segment")?;
    publish(dir, &name)?;
    Ok((locations, Written { _locked: file }))
}

/// Appends what arrives to the hold. Its segment stays locked while it is written.
pub struct HoldWriter {
    dir: PathBuf,
    open: Option<(String, File, u64)>,
}

/// A segment of the hold is closed beyond this size, in bytes.
const SEGMENT_BYTES: u64 = 64 << 20;

impl HoldWriter {
    /// A writer of new segments in `dir`.
    pub fn new(dir: PathBuf) -> Self {
        Self { dir, open: None }
    }

    /// Appends `pieces` and makes them durable with one sync.
    ///
    /// # Errors
    /// [`EdgeError::Io`]: then nothing of the group may be acknowledged, and the next group starts a new segment.
    pub fn append(&mut self, pieces: &[Vec<u8>]) -> Result<Vec<Location>, EdgeError> {
        let (name, mut file, mut offset) = match self.open.take() {
            Some(open) if open.2 < SEGMENT_BYTES => open,
            _ => {
                let name = fresh_name();
                let file = create(&self.dir, &name)?;
                publish(&self.dir, &name)?;
                (name, file, 0)
            }
        };
        let mut locations = Vec::with_capacity(pieces.len());
        for piece in pieces {
            file.write_all(piece).tried("write the hold")?;
            locations.push(Location { segment: name.clone(), offset, length: piece.len() as u64 });
            offset += piece.len() as u64;
        }
        file.sync_data().tried("sync the hold")?;
        self.open = Some((name, file, offset));
        Ok(locations)
    }

    /// Closes the open segment, so that it can be freed when all of it has been dealt with.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// Whether a segment is open.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }
}

/// A segment that nobody writes and nobody else may delete.
pub struct Claim {
    segment: String,
    path: PathBuf,
    _locked: File,
}

impl Claim {
    /// The segment's name.
    pub fn segment(&self) -> &str {
        &self.segment
    }

    /// Deletes the segment.
    ///
    /// # Errors
    /// [`EdgeError::Io`].
    pub fn delete(self) -> Result<(), EdgeError> {
        fs::remove_file(&self.path).tried("delete a segment")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_written_is_not_freed() {
        let dir = tempfile::tempdir().unwrap();
        let room = Segments::new(dir.path().to_owned());
        let mut writer = HoldWriter::new(dir.path().to_owned());
        let first = writer.append(&[b"one".to_vec(), b"two".to_vec()]).unwrap();
        let second = writer.append(&[b"three".to_vec()]).unwrap();
        assert_eq!(room.read(&second[0]).unwrap(), b"three");
        assert_eq!(room.read_part(&first[1], 1, 2).unwrap(), b"wo");
        assert!(room.read_part(&first[1], 1, 3).is_err(), "never beyond the piece");
        assert!(!room.remove(&first[0].segment).unwrap(), "its writer lives");
        writer.close();
        assert!(room.remove(&first[0].segment).unwrap());
        assert!(room.names().unwrap().is_empty());
    }

    #[test]
    fn half_written_segments_of_the_dead_are_cleared_away() {
        let dir = tempfile::tempdir().unwrap();
        let room = Segments::new(dir.path().to_owned());
        fs::write(dir.path().join("dead.new"), b"half").unwrap();
        let (locations, written) = write_segment(dir.path(), &[b"whole"]).unwrap();
        assert_eq!(room.names().unwrap(), [locations[0].segment.clone()]);
        assert!(!room.remove(&locations[0].segment).unwrap(), "its rows are not committed yet");
        drop(written);
        assert!(room.remove(&locations[0].segment).unwrap());
    }
}
