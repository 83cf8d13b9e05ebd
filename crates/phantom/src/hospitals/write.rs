//! Writes the hospitals of a plan, subject by subject on all cores.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, AtomicU64, Ordering},
};

use rayon::prelude::*;

use super::{
    Archive, PhantomError, Plan, Progress, Stored, Summary, Truth, clinical,
    masks::{EXTENT_COLUMNS, Mask},
    readme::readme,
    truth::{folder, truth},
};
use crate::{
    cohort::{self, Cohort, Site, Subject},
    image::Noise,
    random::Dice,
};

/// Writes the hospitals of `plan` into `out`, which is made if need be; tells `progress` after each subject.
///
/// # Errors
/// [`PhantomError`] when the disk or an encoding fails; what was written stays.
pub fn write(plan: &Plan, out: &Path, progress: &(dyn Fn(Progress) + Sync)) -> Result<Summary, PhantomError> {
    let cohort = cohort::plan(plan.seed, plan.subjects);
    let noise = Noise::new(plan.seed);
    let (done, files) = (AtomicU32::new(0), AtomicU64::new(0));
    let written: Vec<Written> = cohort
        .subjects
        .par_iter()
        .map(|subject| {
            let site = &cohort.sites[subject.site];
            let written = write_subject(plan, &out.join(folder(site)), site, subject, &noise)?;
            let files = files.fetch_add(written.summary.files, Ordering::Relaxed) + written.summary.files;
            let subjects_done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress(Progress { subjects_done, subjects: plan.subjects, files });
            Ok(written)
        })
        .collect::<Result<_, PhantomError>>()?;
    let summary = total(plan, &written);
    write_tables(&cohort, &written, out)?;
    fs::write(out.join("README"), readme(plan, &summary))?;
    Ok(summary)
}

struct Written {
    summary: Summary,
    truth: Truth,
    extents: Vec<Vec<String>>,
}

fn total(plan: &Plan, written: &[Written]) -> Summary {
    let zero = Summary { subjects: plan.subjects, ..Summary::default() };
    written.iter().fold(zero, |sum, one| Summary {
        files: sum.files + one.summary.files,
        resent: sum.resent + one.summary.resent,
        size_bytes: sum.size_bytes + one.summary.size_bytes,
        ..sum
    })
}

fn write_subject(
    plan: &Plan,
    site_dir: &Path,
    site: &Site,
    subject: &Subject,
    noise: &Noise,
) -> Result<Written, PhantomError> {
    let mut archive = Archive::new(plan.seed, site, subject, plan.size, noise);
    let mut dice = Dice::new(plan.seed, "resent", u64::from(subject.number));
    let mut summary = Summary::default();
    let mut uids = Vec::new();
    let mut extents = Vec::new();
    for (nth, exam) in subject.exams.iter().enumerate() {
        let (files, mask) = archive.exam(exam)?;
        let dir =
            site_dir.join("dicom").join(format!("{:04}", subject.number)).join(format!("{:02}", nth + 1));
        write_exam(&dir, &files, exam.unmarked, &mut dice, &mut summary)?;
        uids.extend(files.into_iter().flat_map(|file| [file.instance_uid, file.series_uid]));
        if let Some(mask) = mask.filter(|_| plan.masks) {
            write_mask(&site_dir.join("masks"), &mask)?;
            extents.push(mask.row().to_vec());
        }
    }
    Ok(Written { summary, truth: truth(site, subject, uids), extents })
}

fn write_exam(
    dir: &Path,
    files: &[Stored],
    once: bool,
    dice: &mut Dice,
    summary: &mut Summary,
) -> Result<(), PhantomError> {
    fs::create_dir_all(dir)?;
    for file in files {
        let mut names = vec![file.name.clone()];
        // Archives send things twice; not those whose number the margins fix.
        if dice.chance(0.015) && !once {
            names.push(format!("resent_{}", file.name));
            summary.resent += 1;
        }
        for name in names {
            fs::write(dir.join(name), &file.bytes)?;
            summary.files += 1;
            summary.size_bytes += file.bytes.len() as u64;
        }
    }
    Ok(())
}

fn write_mask(dir: &Path, mask: &Mask) -> Result<(), PhantomError> {
    fs::create_dir_all(dir)?;
    fs::write(dir.join(&mask.file_name), mask.npy())?;
    Ok(())
}

fn write_tables(cohort: &Cohort, written: &[Written], out: &Path) -> Result<(), PhantomError> {
    fs::create_dir_all(out)?;
    let mut sites = csv::Writer::from_path(out.join("sites.csv"))?;
    sites.write_record(["code", "name"])?;
    for site in &cohort.sites {
        sites.write_record([site.code.as_str(), site.name])?;
        write_site(site, cohort, written, &out.join(folder(site)))?;
    }
    sites.flush()?;
    let mut truths = String::new();
    for one in written {
        truths.push_str(&serde_json::to_string(&one.truth)?);
        truths.push('\n');
    }
    fs::write(out.join("truth.jsonl"), truths)?;
    Ok(())
}

fn write_site(site: &Site, cohort: &Cohort, written: &[Written], dir: &Path) -> Result<(), PhantomError> {
    let here = |subject: &&Subject| subject.site == site.index;
    let subjects: Vec<&Subject> = cohort.subjects.iter().filter(here).collect();
    let clinical: PathBuf = dir.join("clinical");
    fs::create_dir_all(&clinical)?;
    fs::create_dir_all(dir.join("dicom"))?;
    fs::write(clinical.join("subjects.csv"), clinical::subjects_csv(site, &subjects)?)?;
    fs::write(clinical.join("labs.csv"), clinical::labs_csv(site, &subjects)?)?;
    fs::write(clinical.join("exams.csv"), clinical::exams_csv(site, &subjects)?)?;
    let extents: Vec<&Vec<String>> =
        written.iter().filter(|one| one.truth.site == site.code).flat_map(|one| &one.extents).collect();
    if extents.is_empty() {
        return Ok(());
    }
    let mut table = csv::Writer::from_path(dir.join("masks").join("extent.csv"))?;
    table.write_record(EXTENT_COLUMNS)?;
    for row in extents {
        table.write_record(row)?;
    }
    table.flush()?;
    Ok(())
}
