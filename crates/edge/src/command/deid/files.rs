//! The folders: what is in them, and how a file gets there whole or not at all.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result};
use walkdir::WalkDir;

/// Beginning of the names of files that are being written.
const PARTIAL: &str = ".sumgil-partial-";

/// One input file.
pub(super) struct Input {
    pub(super) path: PathBuf,
    /// Relative to IN, with `/`.
    pub(super) name: String,
    /// Size and time of change: whether it is the file that a report speaks of.
    pub(super) stamp: String,
    /// Only regular files are opened.
    pub(super) is_regular: bool,
}

/// Every file below `root`, by name. Links are listed, not followed.
pub(super) fn list(root: &Path) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for entry in WalkDir::new(root).sort_by_file_name() {
        let entry = entry.context("cannot list the input folder")?;
        if entry.file_type().is_dir() {
            continue;
        }
        let meta = entry.metadata().context("cannot look at an input file")?;
        let changed = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let name = entry.path().strip_prefix(root).unwrap_or(entry.path());
        inputs.push(Input {
            name: name.to_string_lossy().replace('\\', "/"),
            stamp: format!("{}/{}", meta.len(), changed.map_or(0, |at| at.as_nanos())),
            is_regular: entry.file_type().is_file(),
            path: entry.into_path(),
        });
    }
    Ok(inputs)
}

/// Where the output of an input goes.
pub(super) fn target(input_root: &Path, output_root: &Path, input: &Path) -> PathBuf {
    output_root.join(input.strip_prefix(input_root).unwrap_or(input))
}

/// Writes a file beside its place, makes it durable, then moves it there.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let partial = folder.join(format!("{PARTIAL}{}-{name}", std::process::id()));
    let write = || -> std::io::Result<()> {
        let mut file = File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    write().with_context(|| {
        // The error that matters is the one being reported; a leftover is removed by the next run.
        let _ = fs::remove_file(&partial);
        format!("cannot write {}", path.display())
    })
}

/// Removes what an interrupted run left half-written.
pub(super) fn remove_partial(output: &Path) -> Result<()> {
    for entry in WalkDir::new(output) {
        let entry = entry.context("cannot list the output folder")?;
        if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
            fs::remove_file(entry.path()).context("cannot remove a half-written file")?;
        }
    }
    Ok(())
}

/// Makes the names of finished files durable.
pub(super) fn sync_folders(output: &Path) -> Result<()> {
    for entry in WalkDir::new(output) {
        let entry = entry.context("cannot list the output folder")?;
        if entry.file_type().is_dir() {
            File::open(entry.path())
                .and_then(|dir| dir.sync_all())
                .context("cannot sync the output folder")?;
        }
    }
    Ok(())
}
