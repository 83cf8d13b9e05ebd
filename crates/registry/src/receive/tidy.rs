//! What earlier runs left behind: removed when the server starts, before anything arrives.

use std::{fs, io, path::Path, time::Duration};

use crate::DataDir;

/// Uploads that have not moved for so long are given up; their sites still have the objects.
const STALE: Duration = Duration::from_secs(30 * 24 * 3600);

/// Removes uploads long given up, and half-written files that a kill left among the objects. Answers how many.
///
/// # Errors
/// When a directory cannot be read. A file that cannot be removed is left.
pub fn tidy(dir: &DataDir) -> io::Result<usize> {
    let mut removed = remove(&dir.incoming(), is_stale)?;
    for shelf in fs::read_dir(dir.objects())? {
        let shelf = shelf?.path();
        if shelf.is_dir() {
            removed += remove(&shelf, is_half_written)?;
        }
    }
    Ok(removed)
}

fn remove(dir: &Path, which: impl Fn(&fs::DirEntry) -> bool) -> io::Result<usize> {
    let files = fs::read_dir(dir)?.collect::<io::Result<Vec<_>>>()?;
    Ok(files.iter().filter(|file| which(file) && fs::remove_file(file.path()).is_ok()).count())
}

fn is_stale(file: &fs::DirEntry) -> bool {
    let modified = file.metadata().and_then(|metadata| metadata.modified());
    let is_part = file.file_name().to_string_lossy().ends_with(".part");
    is_part && modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > STALE))
}

/// The object store writes `<digest>#<number>` and renames it when it is whole.
fn is_half_written(file: &fs::DirEntry) -> bool {
    let name = file.file_name();
    let Some((digest, number)) = name.to_str().and_then(|name| name.split_once('#')) else { return false };
    sumgil_model::ObjectDigest::parse(digest).is_ok() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn only_what_nobody_waits_for_is_removed() {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::new(temp.path());
        dir.create().unwrap();
        let digest = "ab".repeat(32);
        let shelf = dir.objects().join("ab");
        fs::create_dir(&shelf).unwrap();
        for name in [digest.clone(), format!("{digest}#1"), "notes#1".into()] {
            fs::write(shelf.join(name), b"x").unwrap();
        }
        let (young, old) = (dir.incoming().join("a.1.part"), dir.incoming().join("a.2.part"));
        fs::write(&young, b"x").unwrap();
        let file = fs::File::create(&old).unwrap();
        file.set_modified(SystemTime::now() - STALE - Duration::from_secs(60)).unwrap();
        assert_eq!(tidy(&dir).unwrap(), 2);
        assert!(young.exists() && !old.exists() && shelf.join(&digest).exists());
        assert!(shelf.join("notes#1").exists() && !shelf.join(format!("{digest}#1")).exists());
    }
}
