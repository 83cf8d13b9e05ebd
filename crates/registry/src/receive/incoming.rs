//! Bytes of uploads that are not finished, one file each in `incoming/`.

use std::{
    fs::{self, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
};

use bytes::Bytes;
use sumgil_model::{ObjectDigest, SiteId};

use crate::{DataDir, layout::sync_dir};

/// The file of one upload. Its name is made of a site code and a digest, never of received text.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    dir: PathBuf,
    path: PathBuf,
}

impl Incoming {
    /// The file of the upload of `digest` by `site`; it need not exist.
    pub(super) fn new(dir: &DataDir, site: &SiteId, digest: &ObjectDigest) -> Self {
        let dir = dir.incoming();
        Self { path: dir.join(format!("{site}.{digest}.part")), dir }
    }

    /// How many bytes it has; 0 when it is not there.
    pub(super) fn length(&self) -> u64 {
        fs::metadata(&self.path).map_or(0, |metadata| metadata.len())
    }

    /// Writes `bytes` at `offset`, cuts the file after them and syncs it.
    pub(super) async fn write(&self, offset: u64, bytes: Bytes) -> io::Result<()> {
        let this = self.clone();
        blocking(move || {
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&this.path)?;
            file.seek(SeekFrom::Start(offset))?;
            file.write_all(&bytes)?;
            file.set_len(offset + bytes.len() as u64)?;
            file.sync_all()?;
            if offset == 0 { sync_dir(&this.dir) } else { Ok(()) }
        })
        .await
    }

    /// All of it.
    pub(super) async fn read(&self) -> io::Result<Bytes> {
        let path = self.path.clone();
        blocking(move || fs::read(path).map(Bytes::from)).await
    }

    /// Deletes it; one that is not there is no error.
    pub(super) async fn discard(&self) -> io::Result<()> {
        let path = self.path.clone();
        blocking(move || match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(io::Error::other("the task was stopped")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn parts_add_up_and_a_rewrite_cuts_what_lay_behind() {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::new(temp.path());
        dir.create().unwrap();
        let file =
            Incoming::new(&dir, &SiteId::parse("hosp-01").unwrap(), &ObjectDigest::from_bytes([1; 32]));
        assert_eq!(file.length(), 0);
        file.write(0, Bytes::from_static(b"abcdef")).await.unwrap();
        file.write(3, Bytes::from_static(b"XY")).await.unwrap();
        assert_eq!((file.read().await.unwrap().as_ref(), file.length()), (b"abcXY".as_slice(), 5));
        file.discard().await.unwrap();
        file.discard().await.unwrap();
        assert_eq!(file.length(), 0);
    }
}
