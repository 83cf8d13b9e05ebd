//! The data directory: what lies where, and with which modes.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// A registry's data directory. Directories have mode 0700, files 0600.
///
/// ```text
/// registry.toml    what this registry is told            registry.db   rows
/// keyring.db       wrapped ring and subject keys          objects/ab/   sealed objects by digest
/// incoming/        uploads not yet finished               secrets/      root, receiving and signing key
/// tls/             authority and server certificate       listening.json  addresses of the running server
/// ```
#[derive(Clone, Debug)]
pub struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// The data directory at `root`; nothing is touched.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The configuration.
    pub fn config(&self) -> PathBuf {
        self.root.join("registry.toml")
    }

    /// Sealed objects.
    pub fn objects(&self) -> PathBuf {
        self.root.join("objects")
    }

    /// Uploads under way.
    pub fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    /// Secret keys.
    pub fn secrets(&self) -> PathBuf {
        self.root.join("secrets")
    }

    /// Certificates and their keys.
    pub fn tls(&self) -> PathBuf {
        self.root.join("tls")
    }

    /// Where the running server says which addresses it listens on.
    pub fn listening(&self) -> PathBuf {
        self.root.join("listening.json")
    }

    /// Makes the directory and its rooms, mode 0700. An existing directory must be empty of rooms' files.
    ///
    /// # Errors
    /// When a directory cannot be made.
    pub fn create(&self) -> io::Result<()> {
        for dir in [self.root.clone(), self.objects(), self.incoming(), self.secrets(), self.tls()] {
            DirBuilder::new().recursive(true).mode(0o700).create(&dir)?;
            fs::set_permissions(&dir, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        }
        Ok(())
    }
}

/// Writes a file of mode 0600 that must not exist yet, and syncs it.
///
/// # Errors
/// When the file exists or cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Replaces a file of mode 0600 at once: written beside, synced, renamed.
///
/// # Errors
/// When the file cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_dir(path.parent().unwrap_or(Path::new(".")))
}

/// Makes the names in a directory durable.
///
/// # Errors
/// When the directory cannot be opened or synced.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn rooms_are_closed_to_others_and_files_are_written_once() {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::new(temp.path().join("registry"));
        dir.create().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&dir.secrets()), 0o700);
        let key = dir.secrets().join("a.key");
        write_new(&key, b"x").unwrap();
        assert_eq!(mode(&key), 0o600);
        assert!(write_new(&key, b"y").is_err());
        replace(&key, b"z").unwrap();
        assert_eq!((fs::read(&key).unwrap(), mode(&key)), (b"z".to_vec(), 0o600));
    }
}
