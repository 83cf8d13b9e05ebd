//! The page that stands beside the synthetic hospitals.

use super::{Plan, Summary};

/// What the folder holds.
pub(crate) fn readme(plan: &Plan, summary: &Summary) -> String {
    format!(
        "Synthetic hospitals, all invented: no person, number, address, hospital or image here is real.\n\n\
         seed {seed}, {subjects} subjects, {files} DICOM files ({resent} of them resent copies).\n\n\
         sites.csv              code and name of each hospital\n\
         site-NN/dicom/         its archive: one folder a subject, one a study\n\
         site-NN/clinical/      subjects.csv, labs.csv, exams.csv in the hospital's own units and encoding\n\
         site-NN/masks/         lesion masks (.npy), extent.csv: share of each lobe that is diseased\n\
         truth.jsonl            every planted identifier of each subject, for leak tests; never send it\n\n\
         Formats: docs/spec/clinical-csv.md. How everything was made: docs/phantom.md.\n",
        seed = plan.seed,
        subjects = plan.subjects,
        files = summary.files,
        resent = summary.resent,
    )
}
