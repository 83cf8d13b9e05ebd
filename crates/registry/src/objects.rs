//! Sealed objects by digest, in any store: a local directory, S3, memory.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use bytes::Bytes;
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, memory::InMemory, path::Path,
};
use sumgil_model::ObjectDigest;

use crate::{DataDir, Error, layout};

/// The bytes of sealed objects, named by their SHA-256. What was uploaded is what lies here.
#[derive(Clone, Debug)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    /// Where a local store keeps its shelves, to sync them after a deletion.
    shelves: Option<PathBuf>,
}

impl Objects {
    /// The objects of a data directory: `objects/ab/<digest>`, file and directories synced by every write.
    ///
    /// # Errors
    /// When the directory is not there.
    pub fn local(dir: &DataDir) -> Result<Self, Error> {
        let store = LocalFileSystem::new_with_prefix(dir.objects()).map_err(Error::objects)?;
        Ok(Self { store: Arc::new(store.with_fsync(true)), shelves: Some(dir.objects()) })
    }

    /// Objects in memory, for tests.
    pub fn memory() -> Self {
        Self { store: Arc::new(InMemory::new()), shelves: None }
    }

    /// Keeps an object durably. The same digest again replaces it by the same bytes.
    ///
    /// # Errors
    /// When the store does not take it; nothing is visible under the digest then.
    pub async fn put(&self, digest: &ObjectDigest, bytes: Bytes) -> Result<(), Error> {
        self.store.put(&path_of(digest), PutPayload::from_bytes(bytes)).await.map_err(Error::objects)?;
        Ok(())
    }

    /// An object's bytes; none if it is not there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn get(&self, digest: &ObjectDigest) -> Result<Option<Bytes>, Error> {
        match self.store.get(&path_of(digest)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(Error::objects)?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(Error::objects(error)),
        }
    }

    /// Removes an object that no row tells of; one that is not there is no error.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn delete(&self, digest: &ObjectDigest) -> Result<(), Error> {
        match self.store.delete(&path_of(digest)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::objects(error)),
        }
    }

    /// Deletes objects so that no crash brings them back: the store's deletions are not synced by themselves.
    ///
    /// # Errors
    /// When the store refuses, or a shelf cannot be synced.
    pub async fn erase(&self, digests: &[ObjectDigest]) -> Result<(), Error> {
        for digest in digests {
            self.delete(digest).await?;
        }
        let Some(root) = self.shelves.clone() else { return Ok(()) };
        let touched: BTreeSet<PathBuf> = digests.iter().map(|d| root.join(&d.as_str()[..2])).collect();
        let synced = tokio::task::spawn_blocking(move || {
            touched.iter().filter(|shelf| shelf.exists()).try_for_each(|shelf| layout::sync_dir(shelf))
        });
        synced
            .await
            .map_err(|_| Error::Stopped)?
            .map_err(|source| Error::File { what: "syncing a shelf of objects", source })
    }

    /// Every name in the store, in no order: digests, and how many names are none.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn names(&self) -> Result<(Vec<ObjectDigest>, u64), Error> {
        let listed = self.store.list_with_delimiter(None).await.map_err(Error::objects)?;
        let (mut names, mut foreign) = (Vec::new(), listed.objects.len() as u64);
        for shelf in listed.common_prefixes {
            let listed = self.store.list_with_delimiter(Some(&shelf)).await.map_err(Error::objects)?;
            foreign += listed.common_prefixes.len() as u64;
            for object in listed.objects {
                match object.location.filename().and_then(|name| ObjectDigest::parse(name).ok()) {
                    Some(digest) if path_of(&digest) == object.location => names.push(digest),
                    _ => foreign += 1,
                }
            }
        }
        Ok((names, foreign))
    }
}

/// Two digits of shelf, then the digest: received text never makes a path, digests are 64 hex digits.
fn path_of(digest: &ObjectDigest) -> Path {
    let name = digest.as_str();
    Path::from_iter([&name[..2], name])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn objects_come_back_and_strangers_are_counted() {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::new(temp.path());
        dir.create().unwrap();
        for objects in [Objects::memory(), Objects::local(&dir).unwrap()] {
            let digest = ObjectDigest::from_bytes([0xab; 32]);
            assert!(objects.get(&digest).await.unwrap().is_none());
            objects.put(&digest, Bytes::from_static(b"sealed")).await.unwrap();
            assert_eq!(objects.get(&digest).await.unwrap().unwrap(), "sealed");
            assert_eq!(objects.names().await.unwrap(), (vec![digest.clone()], 0));
            let other = ObjectDigest::from_bytes([0xac; 32]);
            objects.put(&other, Bytes::from_static(b"sealed too")).await.unwrap();
            objects.erase(&[other.clone(), other]).await.unwrap();
            assert_eq!(objects.names().await.unwrap(), (vec![digest], 0), "erased, also twice");
        }
        std::fs::write(dir.objects().join("stray"), b"?").unwrap();
        std::fs::write(dir.objects().join("ab/stray"), b"?").unwrap();
        assert_eq!(Objects::local(&dir).unwrap().names().await.unwrap().1, 2);
    }
}
