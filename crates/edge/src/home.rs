//! The data directory: where everything lies, who may read it, and which process may work on it.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use crate::{EdgeError, error::Tried};

/// A data directory (`--dir`).
#[derive(Clone, Debug)]
pub struct Home {
    root: PathBuf,
}

/// The right to de-identify, send and free: one process at a time has it. Released when dropped, and by the
/// system when the process dies.
#[derive(Debug)]
pub struct WorkLock {
    _file: File,
}

impl Home {
    /// The directory `root`, whether it is set up or not.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Makes the directory and its rooms, readable by their owner only.
    ///
    /// # Errors
    /// [`EdgeError::Io`].
    pub fn create(&self) -> Result<(), EdgeError> {
        let rooms = [self.hold(), self.spool(), self.quarantine(), self.samples(), self.secrets()];
        for dir in std::iter::once(self.root.clone()).chain(rooms) {
            DirBuilder::new().recursive(true).mode(0o700).create(dir).tried("make the data directory")?;
        }
        Ok(())
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }
    /// `edge.toml`.
    pub fn config(&self) -> PathBuf {
        self.root.join("edge.toml")
    }
    /// `edge.db`.
    pub fn database(&self) -> PathBuf {
        self.root.join("edge.db")
    }
    /// What arrived, encrypted.
    pub fn hold(&self) -> PathBuf {
        self.root.join("hold")
    }
    /// Sealed objects that wait for their receipts.
    pub fn spool(&self) -> PathBuf {
        self.root.join("spool")
    }
    /// What waits for a person, encrypted.
    pub fn quarantine(&self) -> PathBuf {
        self.root.join("quarantine")
    }
    /// Originals of what was cleared that a person has still to look at, encrypted.
    pub fn samples(&self) -> PathBuf {
        self.root.join("samples")
    }
    /// Keys and credentials.
    pub fn secrets(&self) -> PathBuf {
        self.root.join("secrets")
    }
    /// One secret file.
    pub fn secret(&self, name: &str) -> PathBuf {
        self.secrets().join(name)
    }
    /// The addresses that `serve` chose.
    pub fn listening(&self) -> PathBuf {
        self.root.join("listening.json")
    }

    /// Takes the right to work, if no living process has it.
    ///
    /// # Errors
    /// [`EdgeError::Busy`] when one has.
    pub fn lock(&self) -> Result<WorkLock, EdgeError> {
        let path = self.root.join("edge.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(path)
            .tried("open edge.lock")?;
        match file.try_lock() {
            Ok(()) => Ok(WorkLock { _file: file }),
            Err(fs::TryLockError::WouldBlock) => Err(EdgeError::Busy),
            Err(fs::TryLockError::Error(source)) => {
                Err(EdgeError::Io { what: "lock edge.lock", cause: source })
            }
        }
    }
}

/// Writes `bytes` so that after a crash the file is either the old or the whole new one; mode 0600.
///
/// # Errors
/// [`EdgeError::Io`].
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), EdgeError> {
    let what = "write a file of the data directory";
    let temporary = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&temporary)
        .tried(what)?;
    file.write_all(bytes).tried(what)?;
    file.sync_all().tried(what)?;
    fs::rename(&temporary, path).tried(what)?;
    sync_dir_of(path)
}

/// Makes the names in the directory of `path` durable.
pub(crate) fn sync_dir_of(path: &Path) -> Result<(), EdgeError> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(dir).and_then(|dir| dir.sync_all()).tried("sync a directory")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn rooms_are_private_and_only_one_may_work() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::new(&dir.path().join("edge"));
        home.create().unwrap();
        let mode = |p: PathBuf| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(home.secrets()), 0o700);
        write_private(&home.secret("x.key"), b"secret").unwrap();
        assert_eq!(mode(home.secret("x.key")), 0o600);

        let lock = home.lock().unwrap();
        assert!(matches!(home.lock(), Err(EdgeError::Busy)));
        drop(lock);
        assert!(home.lock().is_ok());
    }
}
