//! What is known about the lesions of an exam: a mask as `.npy` and a line of `extent.csv`.

use sumgil_model::ExamKind;

use crate::{
    cohort::Exam,
    image::{CtSeries, Extent, ImageSize, LOBES},
};

/// The lesions of one exam.
pub(crate) struct Mask {
    pub(crate) file_name: String,
    shape: Vec<usize>,
    values: Vec<u8>,
    row: Vec<String>,
}

impl Mask {
    /// Of a CT: lobe, plus 16 in ground glass and 32 in consolidation, slice by slice from the lowest up.
    pub(crate) fn of_ct(exam: &Exam, scan: &CtSeries) -> Self {
        let [columns, rows, slices] = scan.grid.count;
        Self::new(exam, vec![slices, rows, columns], scan.mask.clone(), &scan.extent)
    }

    /// Of a frontal radiograph: millimetres of diseased lung that the beam crosses.
    pub(crate) fn of_radiograph(exam: &Exam, size: ImageSize, shadow: Vec<u8>, extent: &Extent) -> Self {
        Self::new(exam, vec![size.cxr_rows, size.cxr_columns], shadow, extent)
    }

    fn new(exam: &Exam, shape: Vec<usize>, values: Vec<u8>, extent: &Extent) -> Self {
        let kind = if exam.kind == ExamKind::Ct { "ct" } else { "cxr" };
        let mut row = vec![exam.accession.clone(), exam.study.as_str().to_owned(), kind.to_owned()];
        row.push(format!("{:.5}", exam.extent));
        row.push(format!("{:.5}", extent.share()));
        row.extend((0..LOBES.len()).map(|lobe| format!("{:.5}", extent.lobe_share(lobe))));
        let consolidated: u64 = extent.consolidation.iter().sum();
        let diseased = consolidated + extent.ground_glass.iter().sum::<u64>();
        row.push(format!("{:.5}", consolidated as f64 / diseased.max(1) as f64));
        Self { file_name: format!("{}.npy", exam.accession), shape, values, row }
    }

    /// The line of `extent.csv`.
    pub(crate) fn row(&self) -> &[String] {
        &self.row
    }

    /// The mask as a NumPy array of unsigned bytes.
    pub(crate) fn npy(&self) -> Vec<u8> {
        let shape: Vec<String> = self.shape.iter().map(ToString::to_string).collect();
        let mut header =
            format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({},), }}", shape.join(", "));
        while (10 + header.len() + 1) % 64 != 0 {
            header.push(' ');
        }
        header.push('\n');
        let mut out = b"\x93NUMPY\x01\x00".to_vec();
        out.extend((header.len() as u16).to_le_bytes());
        out.extend(header.as_bytes());
        out.extend(&self.values);
        out
    }
}

/// The columns of `extent.csv`: planned share at the exam's day, shares counted in voxels, by lobe, and the
/// consolidated part of the lesions.
pub(crate) const EXTENT_COLUMNS: [&str; 11] = [
    "accession_number",
    "study_instance_uid",
    "kind",
    "planned_extent",
    "extent",
    "right_upper_lobe",
    "right_middle_lobe",
    "right_lower_lobe",
    "left_upper_lobe",
    "left_lower_lobe",
    "consolidated_share",
];
