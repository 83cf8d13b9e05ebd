//! Which files this profile can finish by itself, and which wait for a data manager.
//!
//! What may carry text in its pixels, or needs structured cleaning, waits. The decision looks at the class, at
//! Burned In Annotation, Image Type, Conversion Type and the shape of the pixels, never at a list of devices.

use sumgil_dicom::{
    DataSet, access,
    dicom_core::{Tag, header::HasLength},
    dictionary::{tags, uids},
};

use crate::Reason;

/// How the pixels of a class come about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Cross sections computed by the scanner: text is only in screens saved beside them.
    CrossSection,
    /// Projections: consoles may burn text in, so that the header must deny it.
    Projection,
    /// Waits, for this reason.
    Waits(&'static str, &'static str),
    /// Never leaves.
    Never(&'static str, &'static str),
}

/// Reasons why the file waits (empty: none), or why it is refused.
pub(crate) fn route(data_set: &DataSet) -> Result<Vec<Reason>, Reason> {
    let class = access::text(data_set, tags::SOP_CLASS_UID).unwrap_or_default();
    let mut reasons = Vec::new();
    let kind = kind(&class);
    match kind {
        Kind::Never(code, detail) => return Err(Reason::new(code, detail)),
        Kind::Waits(code, detail) => reasons.push(Reason::new(code, detail)),
        Kind::CrossSection | Kind::Projection => reasons.extend(pixels(data_set)),
    }
    reasons.extend(burned_in(data_set, kind));
    if access::text(data_set, tags::CONVERSION_TYPE).is_some()
        && !reasons.iter().any(|r| r.code == "secondary-capture")
    {
        reasons
            .push(Reason::new("secondary-capture", "conversion type: the image was captured, not acquired"));
    }
    if kind == Kind::CrossSection {
        reasons.extend(screens(data_set));
    }
    Ok(reasons)
}

fn kind(class: &str) -> Kind {
    use Kind::{CrossSection, Never, Projection, Waits};
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
        return Projection;
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
        () if family("7") => {
            Waits("secondary-capture", "secondary capture: text in the pixels is not looked for")
        }
        () if family("3") || family("6") => {
            Waits("ultrasound", "ultrasound: text in the pixels is not looked for")
        }
        () if family("88") => Waits("structured-report", "structured content is not cleaned"),
        () if family("11") => {
            Waits("presentation-state", "graphics and text of presentation states are not cleaned")
        }
        () if family("77") => {
            Waits("photograph-or-video", "visible light images and video are not looked at")
        }
        () if number.is_empty() => {
            Waits("unknown-sop-class", "the SOP class is absent, private or not of storage")
        }
        () => Waits("unsupported-sop-class", "instances of this class are not handled"),
    }
}

/// What the header says of text in the pixels.
fn burned_in(data_set: &DataSet, kind: Kind) -> Option<Reason> {
    let says = access::text(data_set, tags::BURNED_IN_ANNOTATION).map(|text| text.to_uppercase());
    match says.as_deref() {
        Some("YES") => {
            Some(Reason::new("burned-in-annotation", "the header says that text is burned into the pixels"))
        }
        Some("NO") => None,
        _ if kind == Kind::Projection => {
            Some(Reason::new("burned-in-unknown", "the header does not deny text burned into the pixels"))
        }
        _ => None,
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

/// Screens saved beside cross sections: dose pages, 3D views, pasted collages.
fn screens(data_set: &DataSet) -> Option<Reason> {
    let screen = |detail: &str| Some(Reason::new("derived-screen", detail));
    let colour = access::text(data_set, tags::PHOTOMETRIC_INTERPRETATION)
        .is_none_or(|photometric| !photometric.starts_with("MONOCHROME"));
    if colour || access::integer(data_set, tags::SAMPLES_PER_PIXEL).is_some_and(|samples| samples > 1) {
        return screen("a cross section in colour is a saved screen");
    }
    let kind: Vec<String> =
        access::texts(data_set, tags::IMAGE_TYPE).iter().map(|word| word.to_uppercase()).collect();
    let word = |at: usize| kind.get(at).map(String::as_str).unwrap_or_default();
    let told = |word: &str| {
        ["SCREEN", "DOSE", "REPORT", "SUMMARY", "PASTED", "POSDISP", "CAPTURE", "PROTOCOL"]
            .iter()
            .any(|w| word.contains(w))
    };
    if kind.iter().any(|word| told(word)) {
        return screen("image type names a saved screen or a report");
    }
    if word(1) != "SECONDARY" {
        return None;
    }
    let slices = access::text(data_set, tags::IMAGE_ORIENTATION_PATIENT).is_some()
        && access::integer(data_set, tags::BITS_ALLOCATED) == Some(16)
        && kind.iter().skip(2).any(|word| REFORMATTED.contains(&word.as_str()));
    if slices { None } else { screen("image type is SECONDARY and names no reformatted slice") }
}

#[cfg(test)]
mod tests {
    use sumgil_dicom::dicom_core::{DataElement, PrimitiveValue, VR};

    use super::*;

    fn image(class: &str, kind: &[&str], burned: Option<&str>) -> DataSet {
        let mut data_set = DataSet::from_element_iter([
            DataElement::new(tags::SOP_CLASS_UID, VR::UI, PrimitiveValue::from(class)),
            DataElement::new(
                tags::IMAGE_TYPE,
                VR::CS,
                PrimitiveValue::Strs(kind.iter().map(|k| (*k).to_owned()).collect()),
            ),
            DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, PrimitiveValue::from("MONOCHROME2")),
            DataElement::new(tags::ROWS, VR::US, PrimitiveValue::from(4_u16)),
            DataElement::new(tags::COLUMNS, VR::US, PrimitiveValue::from(4_u16)),
            DataElement::new(tags::BITS_ALLOCATED, VR::US, PrimitiveValue::from(16_u16)),
            DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U8([0; 32].as_slice().into())),
        ]);
        if let Some(text) = burned {
            data_set.put(DataElement::new(tags::BURNED_IN_ANNOTATION, VR::CS, PrimitiveValue::from(text)));
        }
        data_set
    }

    fn codes(data_set: &DataSet) -> Vec<&'static str> {
        route(data_set).map_or_else(|r| vec![r.code], |all| all.iter().map(|r| r.code).collect())
    }

    #[test]
    fn scanners_slices_pass_and_screens_wait() {
        let ct = uids::CT_IMAGE_STORAGE;
        assert!(codes(&image(ct, &["ORIGINAL", "PRIMARY", "AXIAL"], None)).is_empty());
        assert!(codes(&image(ct, &["ORIGINAL", "PRIMARY", "LOCALIZER"], None)).is_empty());
        assert_eq!(codes(&image(ct, &["DERIVED", "SECONDARY", "SCREEN SAVE"], None)), ["derived-screen"]);
        assert_eq!(codes(&image(ct, &["DERIVED", "SECONDARY"], None)), ["derived-screen"]);
        assert_eq!(codes(&image(ct, &["ORIGINAL", "PRIMARY"], Some("YES"))), ["burned-in-annotation"]);
        let mut reformatted = image(ct, &["DERIVED", "SECONDARY", "MPR"], None);
        assert_eq!(codes(&reformatted), ["derived-screen"]);
        reformatted.put(DataElement::new(
            tags::IMAGE_ORIENTATION_PATIENT,
            VR::DS,
            PrimitiveValue::from("1\\0\\0\\0\\1\\0"),
        ));
        assert!(codes(&reformatted).is_empty());
    }

    #[test]
    fn radiographs_must_deny_text() {
        let dx = uids::DIGITAL_X_RAY_IMAGE_STORAGE_FOR_PRESENTATION;
        assert!(codes(&image(dx, &["ORIGINAL", "PRIMARY"], Some("NO"))).is_empty());
        assert_eq!(codes(&image(dx, &["ORIGINAL", "PRIMARY"], None)), ["burned-in-unknown"]);
        assert_eq!(codes(&image(dx, &["ORIGINAL", "PRIMARY"], Some("YES"))), ["burned-in-annotation"]);
    }

    #[test]
    fn other_classes_wait_or_are_refused() {
        for (class, code) in [
            (uids::SECONDARY_CAPTURE_IMAGE_STORAGE, "secondary-capture"),
            (uids::MULTI_FRAME_TRUE_COLOR_SECONDARY_CAPTURE_IMAGE_STORAGE, "secondary-capture"),
            (uids::ULTRASOUND_IMAGE_STORAGE, "ultrasound"),
            (uids::ULTRASOUND_MULTI_FRAME_IMAGE_STORAGE, "ultrasound"),
            (uids::BASIC_TEXT_SR_STORAGE, "structured-report"),
            (uids::GRAYSCALE_SOFTCOPY_PRESENTATION_STATE_STORAGE, "presentation-state"),
            (uids::VIDEO_ENDOSCOPIC_IMAGE_STORAGE, "photograph-or-video"),
            (uids::ENCAPSULATED_PDF_STORAGE, "encapsulated-document"),
            ("1.3.12.2.1107.5.9.1", "unknown-sop-class"),
            (uids::SEGMENTATION_STORAGE, "unsupported-sop-class"),
        ] {
            assert_eq!(codes(&image(class, &["ORIGINAL", "PRIMARY"], None)), [code], "{class}");
        }
    }
}
