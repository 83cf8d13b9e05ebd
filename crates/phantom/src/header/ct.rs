//! CT images and localisers.

use sumgil_dicom::dictionary::tags;

use super::{
    Header, Place,
    common::{Pixels, put_words},
    private,
};
use crate::{
    cohort::Family,
    image::{CtSeries, Grid},
};

const CT_IMAGE_STORAGE: &str = "1.2.840.10008.5.1.4.1.1.2";

/// How a maker stores Hounsfield units.
struct Storage {
    signed: bool,
    intercept: i32,
    bits: u16,
    /// Value outside the round field of view, where the maker marks it.
    padding: Option<i32>,
}

fn storage(family: Family) -> Storage {
    match family {
        Family::GeCt => Storage { signed: true, intercept: -1024, bits: 16, padding: Some(-2000) },
        Family::CanonCt => Storage { signed: true, intercept: 0, bits: 16, padding: None },
        _ => Storage { signed: false, intercept: -1024, bits: 12, padding: None },
    }
}

/// One slice in Hounsfield units.
pub(crate) struct CtImage<'a> {
    pub(crate) hounsfield: &'a [i16],
    pub(crate) grid: Grid,
    /// Index from the lowest slice.
    pub(crate) slice: usize,
    pub(crate) sharp: bool,
}

impl<'a> CtImage<'a> {
    /// Slice `slice` of `series`.
    pub(crate) fn of(series: &'a CtSeries, slice: usize) -> Self {
        let size = series.grid.count[0] * series.grid.count[1];
        let hounsfield = &series.hounsfield[slice * size..(slice + 1) * size];
        Self { hounsfield, grid: series.grid, slice, sharp: false }
    }
}

/// The data set of a slice.
pub(crate) fn ct_image(place: &Place<'_>, image: &CtImage<'_>) -> Header {
    let family = place.exam.device.model.family;
    let mut h = place.header(CT_IMAGE_STORAGE, "CT");
    let value3 = if family == Family::SiemensCt { "AXIAL\\CT_SOM5 SPI" } else { "AXIAL" };
    let derived =
        if image.sharp && family == Family::GeCt { "DERIVED\\SECONDARY" } else { "ORIGINAL\\PRIMARY" };
    h.text(tags::IMAGE_TYPE, &format!("{derived}\\{value3}"));
    series(place, &mut h, image.sharp);
    plane(place, &mut h, image);
    acquisition(place, &mut h);
    pixels(&mut h, image, &storage(family));
    private::blocks(place, &mut h);
    h
}

fn series(place: &Place<'_>, h: &mut Header, sharp: bool) {
    let (kernel, sharp_kernel) = match place.exam.device.model.family {
        Family::SiemensCt => ("B30f", "B70f"),
        Family::GeCt => ("STANDARD", "LUNG"),
        Family::CanonCt => ("FC08", "FC52"),
        _ => ("B", "YC"),
    };
    let (kernel, name) = if sharp { (sharp_kernel, "Lung 5.0") } else { (kernel, "Chest 5.0") };
    h.text(tags::CONVOLUTION_KERNEL, kernel)
        .text(tags::SERIES_DESCRIPTION, &format!("{name} {kernel}"))
        .text(tags::PROTOCOL_NAME, "Chest_LowDose")
        .text(tags::BODY_PART_EXAMINED, "CHEST")
        .text(tags::PATIENT_POSITION, "FFS");
}

fn plane(place: &Place<'_>, h: &mut Header, image: &CtImage<'_>) {
    let grid = image.grid;
    let [x, y, z] = [grid.at(0, 0), grid.at(1, 0), grid.at(2, image.slice)];
    h.text(tags::FRAME_OF_REFERENCE_UID, &format!("{}.0", place.exam.study))
        .text(tags::POSITION_REFERENCE_INDICATOR, "")
        .text(tags::IMAGE_POSITION_PATIENT, &format!("{x:.4}\\{y:.4}\\{z:.4}"))
        .text(tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\1\\0")
        .text(tags::PIXEL_SPACING, &format!("{:.6}\\{:.6}", grid.step[1], grid.step[0]))
        .text(tags::SLICE_THICKNESS, "5")
        .decimal(tags::SPACING_BETWEEN_SLICES, f64::from(grid.step[2]), 3)
        .decimal(tags::SLICE_LOCATION, f64::from(z), 3);
}

fn acquisition(place: &Place<'_>, h: &mut Header) {
    let mut dice = place.exam_dice();
    let current = dice.whole(60, 180);
    h.text(tags::ACQUISITION_NUMBER, "1")
        .text(tags::KVP, if dice.chance(0.3) { "100" } else { "120" })
        .text(tags::X_RAY_TUBE_CURRENT, &current.to_string())
        .text(tags::EXPOSURE_TIME, "500")
        .text(tags::EXPOSURE, &(current / 2).to_string())
        .text(tags::GANTRY_DETECTOR_TILT, "0")
        .text(tags::TABLE_HEIGHT, "152")
        .text(tags::ROTATION_DIRECTION, "CW")
        .text(tags::SCAN_OPTIONS, "HELICAL MODE")
        .decimal(tags::RECONSTRUCTION_DIAMETER, f64::from(crate::image::CT_FIELD_MM), 0)
        .text(tags::PATIENT_ORIENTATION, "L\\P");
}

fn pixels(h: &mut Header, image: &CtImage<'_>, storage: &Storage) {
    let [columns, rows, _] = image.grid.count;
    Pixels { rows, columns, bits_stored: storage.bits, signed: storage.signed, photometric: "MONOCHROME2" }
        .describe(h);
    h.text(tags::RESCALE_INTERCEPT, &storage.intercept.to_string())
        .text(tags::RESCALE_SLOPE, "1")
        .text(tags::RESCALE_TYPE, "HU")
        .text(tags::WINDOW_CENTER, if image.sharp { "-600" } else { "40" })
        .text(tags::WINDOW_WIDTH, if image.sharp { "1500" } else { "400" });
    if let Some(padding) = storage.padding {
        let value = sumgil_dicom::dicom_core::PrimitiveValue::from(padding as i16);
        h.value(tags::PIXEL_PADDING_VALUE, sumgil_dicom::dicom_core::VR::SS, value);
    }
    let stored = |(index, &hounsfield): (usize, &i16)| {
        let value = match storage.padding {
            Some(padding) if outside(index, columns, rows) => padding,
            _ => i32::from(hounsfield) - storage.intercept,
        };
        value as u16
    };
    put_words(h, image.hounsfield.iter().enumerate().map(stored));
}

/// Whether a pixel lies outside the round field of view.
fn outside(index: usize, columns: usize, rows: usize) -> bool {
    let x = (index % columns) as f32 + 0.5 - columns as f32 / 2.0;
    let y = (index / columns) as f32 + 0.5 - rows as f32 / 2.0;
    x.hypot(y) > 0.5 * columns as f32
}

/// The data set of a localiser of `rows` by `columns` values.
pub(crate) fn localiser(place: &Place<'_>, rows: usize, columns: usize, values: &[i16]) -> Header {
    let storage = storage(place.exam.device.model.family);
    let mut h = place.header(CT_IMAGE_STORAGE, "CT");
    h.text(tags::IMAGE_TYPE, "ORIGINAL\\PRIMARY\\LOCALIZER")
        .text(tags::SERIES_DESCRIPTION, "Topogram 0.6 T20f")
        .text(tags::BODY_PART_EXAMINED, "CHEST")
        .text(tags::PATIENT_POSITION, "FFS")
        .text(tags::FRAME_OF_REFERENCE_UID, &format!("{}.0", place.exam.study))
        .text(tags::POSITION_REFERENCE_INDICATOR, "")
        .text(tags::IMAGE_POSITION_PATIENT, "-173.2\\0\\211.9")
        .text(tags::IMAGE_ORIENTATION_PATIENT, "1\\0\\0\\0\\0\\-1")
        .text(tags::PIXEL_SPACING, "3.645833\\3.645833")
        .text(tags::SLICE_THICKNESS, "0.6");
    acquisition(place, &mut h);
    h.text(tags::SCAN_OPTIONS, "SCOUT MODE").text(tags::PATIENT_ORIENTATION, "L\\F");
    Pixels { rows, columns, bits_stored: storage.bits, signed: storage.signed, photometric: "MONOCHROME2" }
        .describe(&mut h);
    h.text(tags::RESCALE_INTERCEPT, &storage.intercept.to_string())
        .text(tags::RESCALE_SLOPE, "1")
        .text(tags::RESCALE_TYPE, "US")
        .text(tags::WINDOW_CENTER, "50")
        .text(tags::WINDOW_WIDTH, "700");
    put_words(
        &mut h,
        values.iter().map(|&value| (i32::from(value) - storage.intercept).clamp(0, 4095) as u16),
    );
    private::blocks(place, &mut h);
    h
}
