//! From a UID to the plain bytes of an instance, for those who may see it.

use std::{collections::HashMap, sync::Arc};

use sumgil_custody::{SubjectKey, open};
use sumgil_model::{SiteId, SubjectId};

use crate::{
    Error, Registry,
    check::context_of,
    keys::object_key,
    store::{
        instances::{self, Located},
        objects::{self, State},
    },
};

use super::path::Place;

/// Opens instances for one request; remembers the subject's key while it lasts.
pub(super) struct Opener {
    registry: Arc<Registry>,
    keys: HashMap<SubjectId, SubjectKey>,
}

/// The instances at `place` that somebody who may see only `site` may see; none: there is nothing for them.
///
/// # Errors
/// When the database fails.
pub(super) async fn locate(
    registry: &Registry,
    place: &Place,
    site: Option<&SiteId>,
) -> Result<Vec<Located>, Error> {
    let found =
        instances::locate(&registry.db, &place.study, place.series.as_ref(), place.instance.as_ref()).await?;
    let (Some(site), Some(first)) = (site, found.first()) else { return Ok(found) };
    // A study is of one subject, and a subject of one site.
    let object = objects::find(&registry.db, &first.digest).await?;
    Ok(if object.is_some_and(|object| object.site == *site) { found } else { Vec::new() })
}

impl Opener {
    /// Opens instances of `registry`.
    pub(super) fn new(registry: Arc<Registry>) -> Self {
        Self { registry, keys: HashMap::new() }
    }

    /// The plain Part 10 file of an instance.
    ///
    /// # Errors
    /// When the object is gone, altered, or its subject withdrew.
    pub(super) async fn plain(&mut self, located: &Located) -> Result<Vec<u8>, Error> {
        let row = objects::find(&self.registry.db, &located.digest).await?.ok_or(Error::Key("object row"))?;
        if row.state != State::Stored {
            return Err(Error::Recalled);
        }
        let subject_key = match self.keys.get(&row.subject) {
            Some(key) => key.clone(),
            None => {
                let key = self.registry.ring.subject(&row.subject).await?;
                self.keys.insert(row.subject.clone(), key.clone());
                key
            }
        };
        let key = object_key(&subject_key, &row.digest, &row.wrapped_key)?;
        let sealed = self.registry.objects.get(&row.digest).await?;
        let sealed = sealed.ok_or_else(|| Error::Objects("an indexed object is gone".to_owned()))?;
        let opened = tokio::task::spawn_blocking(move || open(&sealed, &context_of(&row), &key));
        Ok(opened.await.map_err(|_| Error::Stopped)??)
    }
}
