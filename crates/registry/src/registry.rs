//! A registry, opened: its rows, its keys, its objects.

use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::{
    Config, DataDir, Error, Objects,
    keys::{Keys, Ring},
    store::{Db, keyring::Keyring},
};

/// A registry's parts, as every command but `init` uses them.
pub struct Registry {
    /// Where it lies.
    pub dir: DataDir,
    /// What it was told.
    pub config: Config,
    /// Its rows.
    pub db: Db,
    /// Its keys.
    pub keys: Keys,
    /// One key for each subject.
    pub ring: Ring,
    /// Its sealed objects.
    pub objects: Objects,
    /// Turns for opening and checking objects: heavy work, as many at a time as there are cores.
    pub verifications: Semaphore,
}

impl Registry {
    /// Opens the registry in `dir`; brings its databases' schema up to date.
    ///
    /// # Errors
    /// When a part is absent or broken.
    pub async fn open(dir: DataDir) -> Result<Self, Error> {
        let config = Config::load(&dir)?;
        let keys = Keys::load(&dir)?;
        let db = Db::open(&database_url(&dir, &config.database)).await?;
        let keyring = Keyring::open(&database_url(&dir, &config.keyring)).await?;
        let ring = Ring::open(keyring, &keys).await?;
        let objects = Objects::local(&dir)?;
        let verifications = Semaphore::new(config.limits.verifications.max(1));
        Ok(Self { dir, config, db, keys, ring, objects, verifications })
    }

    /// Makes the databases and keys of a new registry.
    ///
    /// # Errors
    /// When one is there already or cannot be made.
    pub async fn create(dir: &DataDir, config: &Config, now: Timestamp) -> Result<Db, Error> {
        for database in [&config.database, &config.keyring] {
            if !database.contains("://") {
                crate::layout::write_new(&dir.root().join(database), b"")
                    .map_err(|source| Error::File { what: "a new database", source })?;
            }
        }
        let keys = Keys::create(dir, &mut rand::rng())?;
        let keyring = Keyring::open(&database_url(dir, &config.keyring)).await?;
        Ring::create(&keyring, &keys, now).await?;
        Ok(Db::open(&database_url(dir, &config.database)).await?)
    }
}

/// The address of a database: as configured, or that of a file in the data directory.
fn database_url(dir: &DataDir, configured: &str) -> String {
    match configured.contains("://") {
        true => configured.to_owned(),
        false => format!("sqlite:{}", dir.root().join(configured).display()),
    }
}
