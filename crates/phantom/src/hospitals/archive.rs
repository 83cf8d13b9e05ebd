//! One subject's DICOM files: chest, images of each exam, headers, transfer syntax.

use sumgil_dicom::{
    DataSet,
    dicom_core::{DataElement, VR, value::PixelFragmentSequence},
    dictionary::tags,
};
use sumgil_model::{ExamKind, TransferSyntax, Uid};

use super::{PhantomError, masks::Mask};
use crate::{
    cohort::{Content, DoseReport, Encoding, Exam, FilePlan, Site, Subject},
    header::{self, CtImage, Header, Place},
    image::{Chest, CtSeries, ImageSize, Noise},
    random::Dice,
};

/// A DICOM file as the archive keeps it.
pub(crate) struct Stored {
    pub(crate) name: String,
    pub(crate) instance_uid: String,
    pub(crate) series_uid: String,
    pub(crate) bytes: Vec<u8>,
}

/// Makes the files of one subject.
pub(crate) struct Archive<'a> {
    seed: u64,
    site: &'a Site,
    subject: &'a Subject,
    size: ImageSize,
    chest: Chest<'a>,
    everything: bool,
}

impl<'a> Archive<'a> {
    /// The archive of `subject`.
    pub(crate) fn new(
        seed: u64,
        site: &'a Site,
        subject: &'a Subject,
        size: ImageSize,
        noise: &'a Noise,
    ) -> Self {
        let mut dice = Dice::new(seed, "chest", u64::from(subject.number));
        let chest = Chest::new(&mut dice, &subject.person, size, noise);
        Self { seed, site, subject, size, chest, everything: false }
    }

    /// Plants every kind of identifier in every file.
    pub(crate) fn with_everything(self) -> Self {
        Self { everything: true, ..self }
    }

    /// The files of `exam`, and what is to be known about its lesions.
    ///
    /// # Errors
    /// [`PhantomError::Dicom`] when a data set cannot be encoded.
    pub(crate) fn exam(&mut self, exam: &'a Exam) -> Result<(Vec<Stored>, Option<Mask>), PhantomError> {
        let mut dice = Dice::new(self.seed, "grain", grain_of(exam));
        let grain = dice.bits() >> 1;
        let files = exam.files(self.size.ct_slices as u32);
        let scanned = files.iter().any(|f| matches!(f.content, Content::Slice { .. }));
        let scan = scanned.then(|| self.chest.ct(exam, grain));
        let mut mask = scan.as_ref().map(|scan| Mask::of_ct(exam, scan));
        let mut stored = Vec::with_capacity(files.len());
        for file in files {
            let place = Place {
                seed: self.seed,
                site: self.site,
                subject: self.subject,
                exam,
                file,
                everything: self.everything,
            };
            let (header, shadow) = self.data_set(&place, scan.as_ref(), grain);
            if let (Some(shadow), None) = (shadow, &mask) {
                let extent = self.chest.radiograph_extent(exam);
                mask = Some(Mask::of_radiograph(exam, self.size, shadow, &extent));
            }
            stored.push(encode(&place, header)?);
        }
        Ok((stored, mask))
    }

    /// The data set of one file; of a frontal radiograph also its mask.
    fn data_set(
        &mut self,
        place: &Place<'_>,
        scan: Option<&CtSeries>,
        grain: u64,
    ) -> (Header, Option<Vec<u8>>) {
        let grain = grain + 977 * u64::from(place.file.instance);
        match (place.file.content, scan) {
            (Content::Slice { index, sharp }, Some(scan)) => {
                let mut image = CtImage::of(scan, index as usize);
                let sharpened;
                if sharp {
                    sharpened = self.chest.sharpened(image.hounsfield, grain);
                    image = CtImage { hounsfield: &sharpened, sharp, ..image };
                }
                (header::ct_image(place, &image), None)
            }
            (Content::Slice { .. } | Content::Localiser, _) => {
                let (rows, columns, values) = self.chest.localiser(place.exam, grain);
                (header::localiser(place, rows, columns, &values), None)
            }
            (Content::Frontal | Content::Lateral, _) => {
                let lateral = place.file.content == Content::Lateral;
                let image = self.chest.radiograph(place.exam, lateral, grain);
                (header::radiograph(place, self.size, &image.grey), (!lateral).then_some(image.mask))
            }
            (Content::Dose(DoseReport::Structured), _) => (header::dose_structured(place), None),
            (Content::Dose(DoseReport::Screen), _) => (header::dose_screen(place), None),
        }
    }
}

fn grain_of(exam: &Exam) -> u64 {
    exam.study.as_str().bytes().fold(11, |h: u64, b| h.wrapping_mul(257) ^ u64::from(b))
}

fn encode(place: &Place<'_>, header: Header) -> Result<Stored, PhantomError> {
    let mut set = header.finish();
    let mut syntax = match place.exam.encoding {
        Encoding::Implicit => "1.2.840.10008.1.2",
        Encoding::Explicit => "1.2.840.10008.1.2.1",
        Encoding::Deflated => "1.2.840.10008.1.2.1.99",
        Encoding::Rle => "1.2.840.10008.1.2.5",
    };
    if place.exam.encoding == Encoding::Rle && !compress(&mut set) {
        syntax = "1.2.840.10008.1.2.1";
    }
    let syntax: Uid<TransferSyntax> = Uid::parse(syntax).unwrap_or_else(|_| Uid::from_u128(0));
    Ok(Stored {
        name: file_name(place.exam, place.file),
        instance_uid: place.instance_uid(),
        series_uid: place.series_uid(),
        bytes: sumgil_dicom::write(&set, &syntax)?,
    })
}

/// File names say what an export tool would say: modality and running numbers, nothing about the patient.
fn file_name(exam: &Exam, file: FilePlan) -> String {
    let prefix = if exam.kind == ExamKind::Ct { "CT" } else { "XR" };
    format!("{prefix}{:03}_{:04}.dcm", file.series, file.instance)
}

/// Replaces 16-bit native pixels by one RLE frame; false when there are none.
fn compress(set: &mut DataSet) -> bool {
    let columns = sumgil_dicom::access::integer(set, tags::COLUMNS);
    let allocated = sumgil_dicom::access::integer(set, tags::BITS_ALLOCATED);
    let (Some(columns), Some(16), Some(pixels)) =
        (columns, allocated, sumgil_dicom::access::bytes(set, tags::PIXEL_DATA))
    else {
        return false;
    };
    let frame = header::encode_rle(pixels, 2, columns as usize);
    set.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PixelFragmentSequence::new(vec![], vec![frame])));
    true
}
