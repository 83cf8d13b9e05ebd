//! An opened data directory: everything that the commands and the server work with.

use std::{collections::HashSet, sync::Arc};

use crate::{
    EdgeError, Enrolment, Home, Linkage, Secrets,
    config::Config,
    spool::{Db, HeldInstance, Location, Segments},
};

/// A data directory that is set up. Cheap to clone.
#[derive(Clone)]
pub struct Edge {
    /// Where everything lies.
    pub home: Home,
    /// `edge.toml`.
    pub config: Arc<Config>,
    /// The keys.
    pub secrets: Secrets,
    /// The registry that we are enrolled at.
    pub enrolment: Arc<Enrolment>,
    /// `edge.db`.
    pub db: Db,
    /// The linkage secret, where a consortium has agreed on one.
    pub linkage: Option<Arc<Linkage>>,
    /// Encrypted arrivals.
    pub hold: Segments,
    /// Sealed objects.
    pub spool: Segments,
    /// Encrypted instances that wait.
    pub quarantine: Segments,
    /// Encrypted originals of cleared instances.
    pub samples: Segments,
}

/// What encrypted copies of instances are bound to, beside their names.
pub(crate) const COPY_PURPOSE: &str = "instance";

impl Edge {
    /// Opens `home`.
    ///
    /// # Errors
    /// [`EdgeError::NotSetUp`] and whatever is wrong with configuration, keys or database.
    pub async fn open(home: Home) -> Result<Self, EdgeError> {
        let config = Config::load(&home)?;
        Self::open_with(home, config).await
    }

    /// Opens `home` with a configuration that was loaded already.
    ///
    /// # Errors
    /// As [`Edge::open`].
    pub async fn open_with(home: Home, config: Config) -> Result<Self, EdgeError> {
        let enrolment = Enrolment::load(&home)?;
        let secrets = Secrets::load(&home)?;
        // a room that data directories of an earlier version lack
        home.create()?;
        let linkage = config.linkage.as_ref().map(Linkage::load).transpose()?.map(Arc::new);
        let db = Db::open(&home.database(), Arc::clone(&secrets.local)).await?;
        Ok(Self {
            hold: Segments::new(home.hold()),
            spool: Segments::new(home.spool()),
            quarantine: Segments::new(home.quarantine()),
            samples: Segments::new(home.samples()),
            config: Arc::new(config),
            enrolment: Arc::new(enrolment),
            secrets,
            db,
            linkage,
            home,
        })
    }

    /// The encrypted copy of an instance, in whichever room it lies.
    ///
    /// # Errors
    /// [`EdgeError::Io`] when it is gone.
    pub fn encrypted_copy(&self, location: &Location) -> Result<Vec<u8>, EdgeError> {
        let rooms = [&self.hold, &self.samples];
        let room = rooms.into_iter().find(|room| room.dir().join(&location.segment).exists());
        room.unwrap_or(&self.quarantine).read(location)
    }

    /// The copy in clear, as it was received.
    ///
    /// # Errors
    /// [`EdgeError::Io`] when it is gone, [`EdgeError::Damaged`] when it does not open.
    pub fn open_copy(&self, location: &Location, name: &str) -> Result<Vec<u8>, EdgeError> {
        let sealed = self.encrypted_copy(location)?;
        self.secrets
            .local
            .decrypt(COPY_PURPOSE, name, &sealed)
            .map_err(|_| EdgeError::Damaged("an encrypted copy"))
    }

    /// The held instance in clear.
    ///
    /// # Errors
    /// As [`Edge::open_copy`].
    pub fn open_held(&self, held: &HeldInstance) -> Result<Vec<u8>, EdgeError> {
        self.open_copy(&held.location, &held.name())
    }

    /// Deletes those of `segments` that no row points into any more.
    ///
    /// # Errors
    /// [`EdgeError::Io`], [`EdgeError::Database`].
    pub async fn free(&self, segments: &[String]) -> Result<(), EdgeError> {
        if segments.is_empty() {
            return Ok(());
        }
        let unused = self.db.unused_segments(segments).await?;
        let mut claims = Vec::new();
        for segment in &unused {
            for room in [&self.hold, &self.spool, &self.quarantine, &self.samples] {
                claims.extend(room.claim(segment)?);
            }
        }
        // Asked again under the locks: a writer commits its rows before it lets go of its segment.
        let still: HashSet<String> = self.db.unused_segments(&unused).await?.into_iter().collect();
        claims
            .into_iter()
            .filter(|claim| still.contains(claim.segment()))
            .try_for_each(crate::spool::Claim::delete)
    }

    /// Frees what a crash left behind: segments that no row points into. Only for the holder of the work lock.
    ///
    /// # Errors
    /// [`EdgeError::Io`], [`EdgeError::Database`].
    pub async fn sweep(&self) -> Result<(), EdgeError> {
        for room in [&self.hold, &self.spool, &self.quarantine, &self.samples] {
            self.free(&room.names()?).await?;
        }
        Ok(())
    }
}
