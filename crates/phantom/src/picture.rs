//! Single pictures without a header, for whoever needs pixels alone: tests of detectors, benchmarks, training.

use sumgil_model::ExamKind;

use crate::{
    cohort::{self, Exam, Subject},
    image::{Chest, ImageSize, Noise},
    random::Dice,
};

/// Grey values of 12 bits, row by row, white is dense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Columns.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// `columns * rows` values of 0 to 4095.
    pub grey: Vec<u16>,
}

/// A radiograph of the invented person of `seed`: frontal, or lateral. Nothing is written on it.
pub fn radiograph(seed: u64, columns: usize, rows: usize, lateral: bool) -> Picture {
    let size = ImageSize { cxr_columns: columns, cxr_rows: rows, ..ImageSize::default() };
    let grey = of_person(seed, size, ExamKind::Cxr, |chest, exam| chest.radiograph(exam, lateral, seed).grey);
    Picture { columns, rows, grey }
}

/// The middle slice of a CT of the invented person of `seed`, from -1000 (black) to 1000 Hounsfield units.
pub fn ct_slice(seed: u64, matrix: usize) -> Picture {
    let size = ImageSize { ct_matrix: matrix, ct_slices: 1, ..ImageSize::default() };
    let grey = of_person(seed, size, ExamKind::Ct, |chest, exam| {
        let hounsfield = chest.ct(exam, seed).hounsfield;
        hounsfield.into_iter().map(|h| ((i32::from(h) + 1000) * 2).clamp(0, 4095) as u16).collect()
    });
    Picture { columns: matrix, rows: matrix, grey }
}

/// Black when the person has no such exam: a cohort of one has both.
fn of_person(
    seed: u64,
    size: ImageSize,
    kind: ExamKind,
    draw: impl FnOnce(&mut Chest<'_>, &Exam) -> Vec<u16>,
) -> Vec<u16> {
    let cohort = cohort::plan(seed, 1);
    let subject: &Subject = &cohort.subjects[0];
    let noise = Noise::new(seed);
    let mut chest = Chest::new(&mut Dice::new(seed, "picture", 0), &subject.person, size, &noise);
    let pixels = match kind {
        ExamKind::Ct => size.ct_matrix * size.ct_matrix,
        ExamKind::Cxr => size.cxr_columns * size.cxr_rows,
    };
    let exam = subject.exams.iter().find(|exam| exam.kind == kind);
    exam.map_or_else(|| vec![0; pixels], |exam| draw(&mut chest, exam))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_have_the_size_asked_for_and_show_something() {
        for picture in [radiograph(3, 200, 240, false), radiograph(3, 200, 240, true), ct_slice(3, 64)] {
            assert_eq!(picture.grey.len(), picture.columns * picture.rows);
            let (low, high) = (picture.grey.iter().min().unwrap(), picture.grey.iter().max().unwrap());
            assert!(*high > low + 500, "{low} to {high}");
        }
        assert_eq!(radiograph(3, 50, 60, false), radiograph(3, 50, 60, false));
    }
}
