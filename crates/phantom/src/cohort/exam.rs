//! One exam: when, why, on what machine, and which files it leaves in the archive.

use jiff::civil::{Date, DateTime};
use sumgil_model::{ExamKind, Indication, Setting, Study, Uid};

use super::device::Device;

/// Whether an exam counts, and if not, which wrong way of counting would count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Made in the index stay: counts.
    Counted,
    /// Made before admission.
    BeforeStay,
    /// Made after discharge.
    AfterStay,
    /// A CT that was broken off: a localiser and no image series.
    ScoutOnly,
    /// Radiographs without a frontal one.
    LateralOnly,
}

/// How the archive encodes the exam's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Implicit VR little endian.
    Implicit,
    /// Explicit VR little endian.
    Explicit,
    /// Deflated explicit VR little endian.
    Deflated,
    /// RLE lossless.
    Rle,
}

/// A dose report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoseReport {
    /// X-Ray Radiation Dose SR.
    Structured,
    /// A screen saved as secondary capture, with the patient's name in its pixels.
    Screen,
}

/// An exam, which is one study.
#[derive(Clone, Debug)]
pub struct Exam {
    /// CT or radiograph.
    pub kind: ExamKind,
    /// Whether it counts.
    pub role: Role,
    /// Day and time of the study.
    pub at: DateTime,
    /// Days since admission; negative before it.
    pub day: i32,
    /// Accession Number.
    pub accession: String,
    /// Study Instance UID.
    pub study: Uid<Study>,
    /// The machine.
    pub device: Device,
    /// Reasons.
    pub indications: Vec<Indication>,
    /// Where.
    pub setting: Setting,
    /// Made at the bedside.
    pub portable: bool,
    /// Share of the lungs with lesions that day.
    pub extent: f64,
    /// Share of the lesions that is consolidated.
    pub consolidated_share: f64,
    /// A second reconstruction of the same scan.
    pub second_reconstruction: bool,
    /// A dose report beside the images.
    pub dose_report: Option<DoseReport>,
    /// A lateral view beside the frontal one.
    pub lateral: bool,
    /// A repeated frontal view.
    pub repeated: bool,
    /// The radiograph does not say whether it has burned-in text.
    pub unmarked: bool,
    /// Transfer syntax.
    pub encoding: Encoding,
}

/// What one file of an exam holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A CT slice, counted from the lowest; the second reconstruction uses a sharp kernel.
    Slice {
        /// 0 is the lowest.
        index: u32,
        /// Of the second reconstruction.
        sharp: bool,
    },
    /// A CT localiser.
    Localiser,
    /// A frontal radiograph.
    Frontal,
    /// A lateral radiograph.
    Lateral,
    /// A dose report.
    Dose(DoseReport),
}

/// One file: series and instance number within the study, and content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilePlan {
    /// Series Number.
    pub series: u32,
    /// Instance Number.
    pub instance: u32,
    /// What it holds.
    pub content: Content,
}

impl Exam {
    /// The day of the study.
    pub fn date(&self) -> Date {
        self.at.date()
    }

    /// The exam's files; a CT series has `slices` slices.
    pub fn files(&self, slices: u32) -> Vec<FilePlan> {
        let mut files = match self.kind {
            ExamKind::Ct => self.ct_files(slices),
            ExamKind::Cxr => self.cxr_files(),
        };
        if let Some(report) = self.dose_report {
            let series = if report == DoseReport::Structured { 502 } else { 501 };
            files.push(FilePlan { series, instance: 1, content: Content::Dose(report) });
        }
        files
    }

    fn ct_files(&self, slices: u32) -> Vec<FilePlan> {
        let mut files = vec![FilePlan { series: 1, instance: 1, content: Content::Localiser }];
        if self.role == Role::ScoutOnly {
            return files;
        }
        let series = |series, sharp| {
            (0..slices).map(move |index| FilePlan {
                series,
                instance: index + 1,
                content: Content::Slice { index, sharp },
            })
        };
        files.extend(series(2, false));
        if self.second_reconstruction {
            files.extend(series(3, true));
        }
        files
    }

    fn cxr_files(&self) -> Vec<FilePlan> {
        let mut contents = Vec::new();
        if self.role != Role::LateralOnly {
            contents.push(Content::Frontal);
        }
        if self.repeated {
            contents.push(Content::Frontal);
        }
        if self.lateral || self.role == Role::LateralOnly {
            contents.push(Content::Lateral);
        }
        let number = |(content, instance)| FilePlan { series: 1, instance, content };
        contents.into_iter().zip(1..).map(number).collect()
    }
}
