//! One tiny patient with every kind of planted identifier, for a hospital that wants to see its edge at work
//! before the first real file: what comes out must hold none of [`Truth::identifiers`].

use sumgil_model::ExamKind;

use crate::{
    cohort::{self, DoseReport, Encoding, Exam, Role, Site, Subject},
    hospitals::{Archive, PhantomError, Truth, exams_csv, labs_csv, subjects_csv, truth},
    image::{ImageSize, Noise},
};

/// The patient's files and tables, in memory.
#[derive(Clone, Debug)]
pub struct SelfTest {
    /// DICOM files by name: a CT series with localiser and dose report, and radiographs.
    pub files: Vec<(String, Vec<u8>)>,
    /// Table of subjects, one row.
    pub subjects_csv: Vec<u8>,
    /// Table of laboratory results.
    pub labs_csv: Vec<u8>,
    /// Table of exams.
    pub exams_csv: Vec<u8>,
    /// What must not come out.
    pub truth: Truth,
}

const TINY: ImageSize = ImageSize { ct_matrix: 32, ct_slices: 3, cxr_columns: 48, cxr_rows: 60 };

/// The patient of `seed`.
///
/// # Errors
/// [`PhantomError`] when a generated data set or table cannot be encoded: a mistake in the generator.
pub fn patient(seed: u64) -> Result<SelfTest, PhantomError> {
    let cohort = cohort::plan(seed, 1);
    let mut subject = cohort.subjects[0].clone();
    subject.exams.retain(|exam| exam.role == Role::Counted);
    subject.exams.iter_mut().for_each(thorough);
    let site = &cohort.sites[subject.site];
    let (files, uids) = files(seed, site, &subject)?;
    Ok(SelfTest {
        files,
        subjects_csv: subjects_csv(site, &[&subject])?,
        labs_csv: labs_csv(site, &[&subject])?,
        exams_csv: exams_csv(site, &[&subject])?,
        truth: truth(site, &subject, uids),
    })
}

type Files = Vec<(String, Vec<u8>)>;

fn files(seed: u64, site: &Site, subject: &Subject) -> Result<(Files, Vec<String>), PhantomError> {
    let noise = Noise::new(seed);
    let mut archive = Archive::new(seed, site, subject, TINY, &noise).with_everything();
    let (mut files, mut uids) = (Vec::new(), Vec::new());
    for (nth, exam) in subject.exams.iter().enumerate() {
        for file in archive.exam(exam)?.0 {
            uids.extend([file.instance_uid, file.series_uid]);
            files.push((format!("{:02}_{}", nth + 1, file.name), file.bytes));
        }
    }
    Ok((files, uids))
}

fn thorough(exam: &mut Exam) {
    exam.encoding = Encoding::Explicit;
    exam.unmarked = false;
    exam.second_reconstruction = false;
    match exam.kind {
        ExamKind::Ct => exam.dose_report = Some(DoseReport::Structured),
        ExamKind::Cxr => exam.lateral = true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patient_has_a_ct_a_radiograph_and_every_identifier() {
        let test = patient(1).unwrap();
        let names: Vec<&str> = test.files.iter().map(|(name, _)| name.as_str()).collect();
        for wanted in ["CT001_0001", "CT002_0003", "CT502_0001", "XR001_0001", "XR001_0002"] {
            assert!(names.iter().any(|name| name.contains(wanted)), "{wanted} of {names:?}");
        }
        let everything: Vec<u8> = test.files.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let found = |text: &str| everything.windows(text.len()).any(|window| window == text.as_bytes());
        for kind in ["name", "patient_id", "former_id", "resident_number", "phone", "accession", "birth_date"]
        {
            let mut planted = test.truth.identifiers.iter().filter(|identifier| identifier.kind == kind);
            assert!(planted.any(|identifier| found(&identifier.value)), "{kind}");
        }
        assert!(test.truth.uids.iter().all(|uid| found(uid)));
    }
}
