//! The invented hospitals on disk.

use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use sumgil_phantom::ImageSize;
use sumgil_phantom::hospitals::{self, Plan};

use super::Options;

/// One invented hospital.
pub struct Hospital {
    /// Its site code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its DICOM files.
    pub images: Vec<PathBuf>,
    /// Its clinical tables.
    pub tables: Vec<PathBuf>,
}

/// The hospitals of the demo, with a bar on the terminal.
pub(super) fn invent_all(dir: &Path, options: &Options) -> anyhow::Result<Vec<Hospital>> {
    let bar = ProgressBar::new(options.subjects.into()).with_style(ProgressStyle::with_template(
        "inventing hospitals {bar:30} {pos}/{len} subjects, {eta} left",
    )?);
    let plan = Plan { seed: options.seed, subjects: options.subjects, ..Plan::default() };
    hospitals::write(&plan, dir, &|_| bar.inc(1)).context("inventing the hospitals")?;
    bar.finish();
    read(dir)
}

/// Invents `subjects` subjects over all hospitals, without a word.
///
/// # Errors
/// When the files cannot be written.
pub fn invent(dir: &Path, subjects: u32, seed: u64) -> anyhow::Result<Vec<Hospital>> {
    hospitals::write(&Plan { seed, subjects, masks: false, ..Plan::default() }, dir, &|_| ())?;
    read(dir)
}

fn read(dir: &Path) -> anyhow::Result<Vec<Hospital>> {
    let sites = std::fs::read_to_string(dir.join("sites.csv"))?;
    sites.lines().skip(1).enumerate().map(|(number, line)| hospital(dir, number + 1, line)).collect()
}

fn hospital(dir: &Path, number: usize, line: &str) -> anyhow::Result<Hospital> {
    let (code, name) = line.split_once(',').context("sites.csv: a line without a comma")?;
    let home = dir.join(format!("site-{number:02}"));
    let tables = ["subjects", "labs", "exams"].map(|table| home.join(format!("clinical/{table}.csv"))).into();
    let name = name.trim_matches('"').to_owned();
    Ok(Hospital { code: code.to_owned(), name, images: dicom_files(&home.join("dicom")), tables })
}

/// Every file below `folder`, in a stable order.
pub fn dicom_files(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    walk.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// Invents CT series with slices of 512 x 512 pixels and returns at least `count` files of about half a megabyte.
///
/// # Errors
/// When the files cannot be written.
pub fn invent_slices(dir: &Path, count: usize) -> anyhow::Result<Vec<PathBuf>> {
    let size = ImageSize { ct_matrix: 512, ct_slices: 40, ..ImageSize::default() };
    let subjects = count.div_ceil(40) as u32 + 2;
    hospitals::write(&Plan { seed: 3, subjects, size, masks: false }, dir, &|_| ())?;
    let large = |file: &PathBuf| file.metadata().is_ok_and(|m| (500_000..600_000).contains(&m.len()));
    let files: Vec<PathBuf> = dicom_files(dir).into_iter().filter(large).collect();
    anyhow::ensure!(files.len() >= count, "only {} slices were invented", files.len());
    Ok(files)
}
