//! Small files and nested sequences, made by hand so that they can be wrong.

use sumgil_dicom::{
    DataSet,
    dicom_core::{DataElement, PrimitiveValue, VR, value::DataSetSequence},
    dictionary::tags,
    write,
};
use sumgil_model::Uid;

pub(crate) const IMPLICIT: &str = "1.2.840.10008.1.2";
pub(crate) const EXPLICIT: &str = "1.2.840.10008.1.2.1";
pub(crate) const BIG: &str = "1.2.840.10008.1.2.2";
pub(crate) const DEFLATED: &str = "1.2.840.10008.1.2.1.99";
pub(crate) const UNDEFINED: u32 = u32::MAX;

/// A small valid file in `ts`.
pub(crate) fn small_file(ts: &str) -> Vec<u8> {
    let text = |tag, vr, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
    let item = DataSet::from_element_iter([
        text(tags::REFERENCED_SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"),
        text(tags::REFERENCED_SOP_INSTANCE_UID, VR::UI, "2.25.8"),
    ]);
    let data_set = DataSet::from_element_iter([
        text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
        text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"),
        text(tags::SOP_INSTANCE_UID, VR::UI, "2.25.7"),
        DataElement::new(tags::REFERENCED_IMAGE_SEQUENCE, VR::SQ, DataSetSequence::from(vec![item])),
        text(tags::PATIENT_NAME, VR::PN, "홍^길동"),
        DataElement::new(tags::ROWS, VR::US, PrimitiveValue::from(2_u16)),
        DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(vec![7_u8; 8])),
    ]);
    write(&data_set, &Uid::parse(ts).unwrap()).unwrap()
}

/// How a sequence is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    Implicit,
    Explicit,
    Big,
    /// Explicit VR UN outside, implicit VR inside.
    Unknown,
    /// A private element of undefined length in implicit VR.
    Private,
}

impl Form {
    pub(crate) fn ts(self) -> &'static str {
        match self {
            Self::Implicit | Self::Private => IMPLICIT,
            Self::Explicit | Self::Unknown => EXPLICIT,
            Self::Big => BIG,
        }
    }

    fn tag(self) -> (u16, u16) {
        if matches!(self, Self::Private) { (0x0029, 0x1010) } else { (0x0008, 0x1140) }
    }

    /// Header of the sequence at `level` (0 is the outermost).
    fn sequence(self, level: usize, length: u32) -> Vec<u8> {
        let (group, number) = self.tag();
        let vr: &[u8] = match (self, level) {
            (Self::Explicit | Self::Big, _) => b"SQ\0\0",
            (Self::Unknown, 0) => b"UN\0\0",
            _ => b"",
        };
        [self.u16(group), self.u16(number)]
            .concat()
            .into_iter()
            .chain(vr.iter().copied())
            .chain(self.u32(length))
            .collect()
    }

    fn item(self, number: u16, length: u32) -> Vec<u8> {
        [self.u16(0xFFFE), self.u16(number)].concat().into_iter().chain(self.u32(length)).collect()
    }

    fn u16(self, number: u16) -> Vec<u8> {
        if matches!(self, Self::Big) { number.to_be_bytes().to_vec() } else { number.to_le_bytes().to_vec() }
    }

    fn u32(self, number: u32) -> Vec<u8> {
        if matches!(self, Self::Big) { number.to_be_bytes().to_vec() } else { number.to_le_bytes().to_vec() }
    }

    /// A bare data set with sequences `depth` deep.
    pub(crate) fn nested(self, depth: usize, defined: bool) -> Vec<u8> {
        if defined { self.nested_defined(depth) } else { self.nested_undefined(depth) }
    }

    fn nested_undefined(self, depth: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for level in 0..depth {
            bytes.extend(self.sequence(level, UNDEFINED));
            bytes.extend(self.item(0xE000, UNDEFINED));
        }
        for _ in 0..depth {
            bytes.extend(self.item(0xE00D, 0));
            bytes.extend(self.item(0xE0DD, 0));
        }
        bytes
    }

    fn nested_defined(self, depth: usize) -> Vec<u8> {
        let header = |level| self.sequence(level, 0).len();
        let mut left: usize = (0..depth).map(|level| header(level) + 8).sum();
        let mut bytes = Vec::with_capacity(left);
        for level in 0..depth {
            left -= header(level);
            bytes.extend(self.sequence(level, left as u32));
            left -= 8;
            bytes.extend(self.item(0xE000, left as u32));
        }
        bytes
    }
}
