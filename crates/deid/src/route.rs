//! Which files this profile can finish by itself, in whose pixels text is looked for, and which wait for a person.
//!
//! The decision looks at the class, at Image Type, Conversion Type and the shape of the pixels. Burned In Annotation
//! NO is not believed. Text is looked for everywhere but in slices that a scanner computed.

use sumgil_dicom::{
    DataSet, access,
    confidentiality::Options,
    dicom_core::{Tag, header::HasLength},
    dictionary::{tags, uids},
};

use crate::Reason;

/// How an instance of a class comes about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Cross sections computed by the scanner: text is only in screens saved beside them, and in localizers.
    CrossSection,
    /// Projections, captures, ultrasound: consoles burn text in.
    Picture,
    /// Structured reports and key objects.
    Report,
    /// Presentation states.
    Presentation,
    /// Waits, for this reason.
    Waits(&'static str, &'static str),
    /// Never leaves.
    Never(&'static str, &'static str),
}

/// What is to be done with an instance before its attributes are looked at.
pub(crate) struct Route {
    /// Why it waits for a person (empty: it does not).
    pub(crate) waits: Vec<Reason>,
    /// Whether text is looked for in its pixels.
    pub(crate) look: bool,
}

/// The way of an instance, or why it is refused.
pub(crate) fn route(data_set: &DataSet, options: &Options) -> Result<Route, Reason> {
    let class = access::text(data_set, tags::SOP_CLASS_UID).unwrap_or_default();
    let needs = |option: bool, code, detail| if option { None } else { Some(Reason::new(code, detail)) };
    let (wait, look) = match kind(&class) {
        Kind::Never(code, detail) => return Err(Reason::new(code, detail)),
        Kind::Waits(code, detail) => (Some(Reason::new(code, detail)), false),
        Kind::Report => {
            let detail = "the profile does not clean structured content";
            (needs(options.clean_structured_content, "structured-report", detail), false)
        }
        Kind::Presentation => {
            let detail = "the profile does not clean graphics";
            (needs(options.clean_graphics, "presentation-state", detail), false)
        }
        kind @ (Kind::CrossSection | Kind::Picture) => {
            let look = kind == Kind::Picture || !is_slice(data_set);
            let clean = needs(
                !look || options.clean_pixel_data,
                "pixels-not-cleaned",
                "the profile does not clean pixels",
            );
            (pixels(data_set).or(clean), look)
        }
    };
    Ok(Route { look: look && wait.is_none(), waits: wait.into_iter().collect() })
}

fn kind(class: &str) -> Kind {
    use Kind::{CrossSection, Never, Picture, Presentation, Report, Waits};
    const PROJECTIONS: [&str; 13] = [
        uids::COMPUTED_RADIOGRAPHY_IMAGE_STORAGE,
        uids::DIGITAL_X_RAY_IMAGE_STORAGE_FOR_PRESENTATION,
        uids::DIGITAL_X_RAY_IMAGE_STORAGE_FOR_PROCESSING,
        uids::DIGITAL_MAMMOGRAPHY_X_RAY_IMAGE_STORAGE_FOR_PRESENTATION,
        uids::DIGITAL_MAMMOGRAPHY_X_RAY_IMAGE_STORAGE_FOR_PROCESSING,
        uids::DIGITAL_INTRA_ORAL_X_RAY_IMAGE_STORAGE_FOR_PRESENTATION,
        uids::DIGITAL_INTRA_ORAL_X_RAY_IMAGE_STORAGE_FOR_PROCESSING,
        uids::X_RAY_ANGIOGRAPHIC_IMAGE_STORAGE,
        uids::X_RAY_RADIOFLUOROSCOPIC_IMAGE_STORAGE,
        uids::ENHANCED_XA_IMAGE_STORAGE,
        uids::ENHANCED_XRF_IMAGE_STORAGE,
        uids::NUCLEAR_MEDICINE_IMAGE_STORAGE,
        uids::RT_IMAGE_STORAGE,
    ];
    const CROSS_SECTIONS: [&str; 10] = [
        uids::CT_IMAGE_STORAGE,
        uids::ENHANCED_CT_IMAGE_STORAGE,
        uids::LEGACY_CONVERTED_ENHANCED_CT_IMAGE_STORAGE,
        uids::MR_IMAGE_STORAGE,
        uids::ENHANCED_MR_IMAGE_STORAGE,
        uids::LEGACY_CONVERTED_ENHANCED_MR_IMAGE_STORAGE,
        uids::POSITRON_EMISSION_TOMOGRAPHY_IMAGE_STORAGE,
        uids::ENHANCED_PET_IMAGE_STORAGE,
        uids::LEGACY_CONVERTED_ENHANCED_PET_IMAGE_STORAGE,
        uids::BREAST_TOMOSYNTHESIS_IMAGE_STORAGE,
    ];
    const ROOT: &str = "1.2.840.10008.5.1.4.1.1.";
    if PROJECTIONS.contains(&class) {
        return Picture;
    }
    if CROSS_SECTIONS.contains(&class) {
        return CrossSection;
    }
    let number = class.strip_prefix(ROOT).unwrap_or_default();
    let family = |prefix: &str| {
        number == prefix || number.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
    };
    match () {
        () if class == "1.2.840.10008.1.3.10" => Never("dicomdir", "a media directory, not an instance"),
        () if family("104") => Never("encapsulated-document", "documents inside DICOM are not cleaned"),
        () if family("7") || family("3") || family("6") => Picture,
        () if family("88") => Report,
        () if family("11") => Presentation,
        () if family("77") => {
            Waits("photograph-or-video", "visible light images and video are not looked at")
        }
        () if number.is_empty() => {
            Waits("unknown-sop-class", "the SOP class is absent, private or not of storage")
        }
        () => Waits("unsupported-sop-class", "instances of this class are not handled"),
    }
}

/// Pixels that are absent, or not described.
fn pixels(data_set: &DataSet) -> Option<Reason> {
    const PIXELS: [Tag; 3] = [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA];
    let has_pixels = PIXELS.iter().filter_map(|tag| data_set.get(*tag)).any(|pixels| !pixels.is_empty());
    let size = |tag| access::integer(data_set, tag).unwrap_or(0);
    if !has_pixels || size(tags::ROWS) < 1 || size(tags::COLUMNS) < 1 || size(tags::BITS_ALLOCATED) < 1 {
        return Some(Reason::new("no-pixels", "an image class without pixels or without their description"));
    }
    access::text(data_set, tags::PIXEL_DATA_PROVIDER_URL)
        .map(|_| Reason::new("no-pixels", "the pixels lie elsewhere"))
}

/// Words of Image Type for images computed from slices: new slices, not screens.
const REFORMATTED: [&str; 12] = [
    "AXIAL",
    "MPR",
    "REFORMATTED",
    "AVERAGE",
    "MIP",
    "MINIP",
    "CORONAL",
    "SAGITTAL",
    "OBLIQUE",
    "RESAMPLED",
    "SUBTRACTION",
    "MEAN",
];

/// Whether a cross section is a slice as the scanner computed it, in which nobody can have written: grey, 16 bits, not
/// captured, not a localizer, not a screen saved beside the slices; and no value is drawn as writing is.
fn is_slice(data_set: &DataSet) -> bool {
    let grey = access::text(data_set, tags::PHOTOMETRIC_INTERPRETATION)
        .is_some_and(|photometric| photometric.starts_with("MONOCHROME"))
        && access::integer(data_set, tags::SAMPLES_PER_PIXEL).is_none_or(|samples| samples == 1);
    let deep = access::integer(data_set, tags::BITS_ALLOCATED).is_some_and(|bits| bits == 16);
    let captured = access::text(data_set, tags::CONVERSION_TYPE).is_some();
    let says_so = access::text(data_set, tags::BURNED_IN_ANNOTATION)
        .is_some_and(|says| says.eq_ignore_ascii_case("YES"));
    grey && deep && !captured && !says_so && is_slice_by_type(data_set) && !is_written_on(data_set)
}

fn is_slice_by_type(data_set: &DataSet) -> bool {
    const OTHER: [&str; 12] = [
        "LOCALIZER",
        "SCREEN",
        "DOSE",
        "REPORT",
        "SUMMARY",
        "PASTED",
        "POSDISP",
        "CAPTURE",
        "PROTOCOL",
        "SCOUT",
        "VRT",
        "3D",
    ];
    let kind: Vec<String> =
        access::texts(data_set, tags::IMAGE_TYPE).iter().map(|word| word.to_uppercase()).collect();
    let has_position = access::text(data_set, tags::IMAGE_ORIENTATION_PATIENT).is_some();
    let word = |at: usize| kind.get(at).map(String::as_str).unwrap_or_default();
    let reformatted = has_position && kind.iter().skip(2).any(|word| REFORMATTED.contains(&word.as_str()));
    !kind.iter().any(|word| OTHER.iter().any(|other| word.contains(other)))
        && (word(1) == "PRIMARY" || reformatted)
}

/// Whether native pixels hold their largest value as often as writing does, far above all others: burned-in text takes
/// the brightest value there is. Encapsulated slices are taken to be written on: they are decoded and looked at.
fn is_written_on(data_set: &DataSet) -> bool {
    const LEAST_PIXELS: usize = 24;
    let Some(bytes) = access::bytes(data_set, tags::PIXEL_DATA) else { return true };
    let signed = access::integer(data_set, tags::PIXEL_REPRESENTATION) == Some(1);
    let value = |two: &[u8; 2]| {
        let raw = u16::from_le_bytes(*two);
        if signed { i32::from(raw.cast_signed()) } else { i32::from(raw) }
    };
    let (pairs, _) = bytes.as_chunks::<2>();
    let largest = pairs.iter().map(value).max().unwrap_or(0);
    // no slice of a body holds its very maximum so often, and nothing near it
    let (mut at, mut near) = (0_usize, 0_usize);
    let reach = (largest / 64).max(8);
    for pair in pairs {
        let value = value(pair);
        at += usize::from(value == largest);
        near += usize::from(value != largest && value > largest - reach);
    }
    at >= LEAST_PIXELS && near < at
}

#[cfg(test)]
mod tests {
    use sumgil_dicom::dicom_core::{DataElement, PrimitiveValue, VR};

    use super::*;

    fn image(class: &str, kind: &[&str], pixels: &[u8]) -> DataSet {
        DataSet::from_element_iter([
            DataElement::new(tags::SOP_CLASS_UID, VR::UI, PrimitiveValue::from(class)),
            DataElement::new(
                tags::IMAGE_TYPE,
                VR::CS,
                PrimitiveValue::Strs(kind.iter().map(|k| (*k).to_owned()).collect()),
            ),
            DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, PrimitiveValue::from("MONOCHROME2")),
            DataElement::new(tags::ROWS, VR::US, PrimitiveValue::from(8_u16)),
            DataElement::new(tags::COLUMNS, VR::US, PrimitiveValue::from(8_u16)),
            DataElement::new(tags::BITS_ALLOCATED, VR::US, PrimitiveValue::from(16_u16)),
            DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U8(pixels.into())),
        ])
    }

    fn ramp() -> Vec<u8> {
        (0..64_u16).flat_map(|n| (n * 20).to_le_bytes()).collect()
    }

    /// Code of the reason, `look` or `pass`.
    fn way(data_set: &DataSet) -> &'static str {
        match route(data_set, &Options::default_profile()) {
            Err(reason) => reason.code,
            Ok(route) => {
                route.waits.first().map_or(if route.look { "look" } else { "pass" }, |reason| reason.code)
            }
        }
    }

    #[test]
    fn slices_pass_and_all_else_is_looked_at() {
        let ct = uids::CT_IMAGE_STORAGE;
        assert_eq!(way(&image(ct, &["ORIGINAL", "PRIMARY", "AXIAL"], &ramp())), "pass");
        assert_eq!(way(&image(ct, &["ORIGINAL", "PRIMARY", "LOCALIZER"], &ramp())), "look");
        assert_eq!(way(&image(ct, &["DERIVED", "SECONDARY", "SCREEN SAVE"], &ramp())), "look");
        assert_eq!(way(&image(ct, &["DERIVED", "SECONDARY"], &ramp())), "look");
        let mut reformatted = image(ct, &["DERIVED", "SECONDARY", "MPR"], &ramp());
        assert_eq!(way(&reformatted), "look");
        let axes = PrimitiveValue::from("1\\0\\0\\0\\1\\0");
        reformatted.put(DataElement::new(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, axes));
        assert_eq!(way(&reformatted), "pass");
        let dx = uids::DIGITAL_X_RAY_IMAGE_STORAGE_FOR_PRESENTATION;
        assert_eq!(way(&image(dx, &["ORIGINAL", "PRIMARY"], &ramp())), "look");
    }

    #[test]
    fn a_slice_that_is_written_on_is_looked_at() {
        let mut pixels = ramp();
        for pixel in pixels.chunks_exact_mut(2).take(30) {
            pixel.copy_from_slice(&4095_u16.to_le_bytes());
        }
        assert_eq!(way(&image(uids::CT_IMAGE_STORAGE, &["ORIGINAL", "PRIMARY", "AXIAL"], &pixels)), "look");
    }

    #[test]
    fn other_classes_are_looked_at_cleaned_wait_or_are_refused() {
        for (class, expected) in [
            (uids::SECONDARY_CAPTURE_IMAGE_STORAGE, "look"),
            (uids::MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE_IMAGE_STORAGE, "look"),
            (uids::ULTRASOUND_IMAGE_STORAGE, "look"),
            (uids::ULTRASOUND_MULTI_FRAME_IMAGE_STORAGE, "look"),
            (uids::BASIC_TEXT_SR_STORAGE, "pass"),
            (uids::GRAYSCALE_SOFTCOPY_PRESENTATION_STATE_STORAGE, "pass"),
            (uids::VIDEO_ENDOSCOPIC_IMAGE_STORAGE, "photograph-or-video"),
            (uids::ENCAPSULATED_PDF_STORAGE, "encapsulated-document"),
            ("1.3.12.2.1107.5.9.1", "unknown-sop-class"),
            (uids::SEGMENTATION_STORAGE, "unsupported-sop-class"),
        ] {
            assert_eq!(way(&image(class, &["ORIGINAL", "PRIMARY"], &ramp())), expected, "{class}");
        }
    }

    #[test]
    fn what_a_profile_does_not_clean_waits() {
        let basic = Options::basic();
        let code = |class| {
            route(&image(class, &["ORIGINAL", "PRIMARY"], &ramp()), &basic).ok().unwrap().waits[0].code
        };
        assert_eq!(code(uids::SECONDARY_CAPTURE_IMAGE_STORAGE), "pixels-not-cleaned");
        assert_eq!(code(uids::BASIC_TEXT_SR_STORAGE), "structured-report");
        assert_eq!(code(uids::GRAYSCALE_SOFTCOPY_PRESENTATION_STATE_STORAGE), "presentation-state");
    }
}
