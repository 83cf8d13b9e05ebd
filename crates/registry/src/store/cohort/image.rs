//! What an indexed instance counts as.

/// CT Image Storage and its two enhanced forms.
const CT: &[&str] =
    &["1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.2.2"];
/// Computed Radiography Image Storage, and Digital X-Ray Image Storage for presentation and for processing.
const CR_DX: &[&str] =
    &["1.2.840.10008.5.1.4.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1.1"];
/// View positions of a frontal chest radiograph.
const FRONTAL: &[&str] = &["PA", "AP"];
/// View codes (CID 4010) of a frontal projection: frontal, antero-posterior, postero-anterior; SNOMED CT and the
/// older SRT codes.
const FRONTAL_CODES: &[&str] = &["399033003", "399348003", "272479007", "R-10202", "R-10206", "R-10214"];

/// The attributes that decide.
#[derive(Clone, Copy, Debug, Default)]
pub struct Image<'a> {
    /// Modality (0008,0060) of its series.
    pub modality: &'a str,
    /// SOP Class UID (0008,0016).
    pub sop_class: &'a str,
    /// Image Type (0008,0008), values separated by backslash.
    pub image_type: &'a str,
    /// View Position (0018,5101).
    pub view_position: &'a str,
    /// Code Value of View Code Sequence (0054,0220).
    pub view_code: &'a str,
    /// Patient Orientation (0020,0020), values separated by backslash.
    pub patient_orientation: &'a str,
}

/// Whether it makes its series a CT image series: a CT image that is no localiser and no saved screen. Dose
/// reports and secondary captures have SOP classes of their own.
pub fn ct_image(image: &Image<'_>) -> bool {
    let aside = |value: &str| {
        let value = value.trim().to_ascii_uppercase();
        ["LOCALIZER", "SCREEN SAVE", "DOSE", "SCOUT"].iter().any(|word| value.starts_with(word))
    };
    image.modality == "CT" && CT.contains(&image.sop_class) && !image.image_type.split('\\').any(aside)
}

/// Which way a radiograph looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// From front to back or the reverse: makes a CXR exam.
    Frontal,
    /// Any other way.
    Other,
    /// Its header does not tell.
    Untold,
}

/// The view of a CR or DX image; `None` for anything else. View Position decides; where it is empty the view
/// code, and where that is empty the orientation of rows and columns.
pub fn cxr_view(image: &Image<'_>) -> Option<View> {
    if !matches!(image.modality, "CR" | "DX") || !CR_DX.contains(&image.sop_class) {
        return None;
    }
    let position = image.view_position.trim().to_ascii_uppercase();
    let code = image.view_code.trim();
    Some(if !position.is_empty() {
        frontal_if(FRONTAL.contains(&position.as_str()))
    } else if !code.is_empty() {
        frontal_if(FRONTAL_CODES.contains(&code))
    } else {
        by_orientation(image.patient_orientation)
    })
}

fn frontal_if(frontal: bool) -> View {
    if frontal { View::Frontal } else { View::Other }
}

/// Rows that run to the left or right and columns that run to the feet or head show a frontal view.
fn by_orientation(orientation: &str) -> View {
    match orientation.split_once('\\') {
        Some((row, column)) if !row.trim().is_empty() => {
            frontal_if(row.trim().starts_with(['L', 'R']) && column.trim().starts_with(['F', 'H']))
        }
        _ => View::Untold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DX: Image<'_> = Image {
        modality: "DX",
        sop_class: "1.2.840.10008.5.1.4.1.1.1.1",
        image_type: "",
        view_position: "",
        view_code: "",
        patient_orientation: "",
    };

    #[test]
    fn position_decides_before_code_and_code_before_orientation() {
        for (position, code, orientation, view) in [
            ("PA", "399067008", "A\\F", View::Frontal),
            ("ap ", "", "", View::Frontal),
            ("LL", "399348003", "L\\F", View::Other),
            ("", "R-10206", "A\\F", View::Frontal),
            ("", "399198007", "L\\F", View::Other),
            ("", "", "L\\F", View::Frontal),
            ("", "", "R\\H", View::Frontal),
            ("", "", "A\\F", View::Other),
            ("", "", "P\\F", View::Other),
            ("", "", "L\\P", View::Other),
            ("", "", "", View::Untold),
        ] {
            let image =
                Image { view_position: position, view_code: code, patient_orientation: orientation, ..DX };
            assert_eq!(cxr_view(&image), Some(view), "{position} {code} {orientation}");
        }
    }

    #[test]
    fn only_radiographs_have_a_view() {
        let capture = Image { sop_class: "1.2.840.10008.5.1.4.1.1.7", view_position: "PA", ..DX };
        let ct = Image { modality: "CT", view_position: "PA", ..DX };
        assert_eq!((cxr_view(&capture), cxr_view(&ct)), (None, None));
    }

    #[test]
    fn localisers_saved_screens_dose_reports_and_captures_are_no_ct_images() {
        let ct = Image { modality: "CT", sop_class: CT[0], image_type: "ORIGINAL\\PRIMARY\\AXIAL", ..DX };
        assert!(ct_image(&ct));
        assert!(ct_image(&Image { image_type: "DERIVED\\SECONDARY\\REFORMATTED", ..ct }));
        assert!(!ct_image(&Image { image_type: "ORIGINAL\\PRIMARY\\LOCALIZER", ..ct }));
        assert!(!ct_image(&Image { image_type: "DERIVED\\SECONDARY\\SCREEN SAVE", ..ct }));
        assert!(!ct_image(&Image { sop_class: "1.2.840.10008.5.1.4.1.1.7", ..ct }));
        assert!(!ct_image(&Image { sop_class: "1.2.840.10008.5.1.4.1.1.88.67", modality: "SR", ..ct }));
    }
}
