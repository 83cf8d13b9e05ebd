//! Values that say nothing, for attributes that must have one (action D).

use sumgil_dicom::{
    DataSet,
    dicom_core::{PrimitiveValue, Tag, VR, value::DataSetSequence},
    dictionary::tags,
};

use crate::text::Element;

const REMOVED: &str = "REMOVED";

/// An element of `vr` with a value that does not depend on the original.
pub(crate) fn dummy(tag: Tag, vr: VR) -> Element {
    let value = match vr {
        VR::AS => PrimitiveValue::from("000Y"),
        VR::DS | VR::IS => PrimitiveValue::from("0"),
        VR::TM => PrimitiveValue::from("000000"),
        VR::UR => PrimitiveValue::from("urn:removed"),
        VR::US => PrimitiveValue::from(0_u16),
        VR::SS => PrimitiveValue::from(0_i16),
        VR::UL => PrimitiveValue::from(0_u32),
        VR::SL => PrimitiveValue::from(0_i32),
        VR::FL => PrimitiveValue::from(0_f32),
        VR::FD => PrimitiveValue::from(0_f64),
        VR::OB | VR::OW | VR::OD | VR::OF | VR::OL | VR::OV | VR::UN | VR::AT | VR::SV | VR::UV => {
            PrimitiveValue::U8([0_u8; 8].as_slice().into())
        }
        VR::SQ => return code(tag),
        _ => PrimitiveValue::from(REMOVED),
    };
    Element::new(tag, vr, value)
}

/// A code sequence with one item that says that the code was removed.
fn code(tag: Tag) -> Element {
    let text = |tag, vr, value: &str| Element::new(tag, vr, PrimitiveValue::from(value));
    let item = DataSet::from_element_iter([
        text(tags::CODE_VALUE, VR::SH, REMOVED),
        text(tags::CODING_SCHEME_DESIGNATOR, VR::SH, "99SUMGIL"),
        text(tags::CODE_MEANING, VR::LO, "Removed"),
    ]);
    Element::new(tag, VR::SQ, DataSetSequence::from(vec![item]))
}
