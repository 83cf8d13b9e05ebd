//! The three ways a data set is laid out (PS3.5 section 7 and annex A), and the one reader of element headers
//! that both the screen and the parser use, so that they cannot disagree.

use dicom_core::{
    Tag, VR,
    dictionary::{DataDictionary, DataDictionaryEntry},
};
use dicom_dictionary_std::StandardDataDictionary;
use dicom_encoding::TransferSyntax as Syntax;
use dicom_transfer_syntax_registry::entries;

/// A length of `FFFFFFFF`: up to the delimiter.
pub(crate) const UNDEFINED: u32 = u32::MAX;
/// Pixel Data.
pub(crate) const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
/// Item, item delimitation and sequence delimitation.
pub(crate) const ITEM: Tag = Tag(0xFFFE, 0xE000);
pub(crate) const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
pub(crate) const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

const DEFLATED: [&str; 3] = ["1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.4.205"];
/// Implicit VR little endian, and GE's private syntax that differs from it only in the words of the pixel data.
const IMPLICIT: [&str; 2] = ["1.2.840.10008.1.2", "1.2.840.113619.5.2"];

/// Layout of element headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    ImplicitLittle,
    ExplicitLittle,
    ExplicitBig,
}

impl Encoding {
    /// The layout that a transfer syntax prescribes; encapsulated and unknown ones are explicit little endian.
    pub(crate) fn of(transfer_syntax: &str) -> Self {
        match transfer_syntax {
            "1.2.840.10008.1.2.2" => Self::ExplicitBig,
            uid if IMPLICIT.contains(&uid) => Self::ImplicitLittle,
            _ => Self::ExplicitLittle,
        }
    }

    /// The plain transfer syntax of this layout.
    pub(crate) fn plain_uid(self) -> &'static str {
        match self {
            Self::ImplicitLittle => "1.2.840.10008.1.2",
            Self::ExplicitLittle => "1.2.840.10008.1.2.1",
            Self::ExplicitBig => "1.2.840.10008.1.2.2",
        }
    }

    /// The dicom-rs codec of this layout.
    pub(crate) fn codec(self) -> Syntax {
        match self {
            Self::ImplicitLittle => entries::IMPLICIT_VR_LITTLE_ENDIAN.erased(),
            Self::ExplicitLittle => entries::EXPLICIT_VR_LITTLE_ENDIAN.erased(),
            Self::ExplicitBig => entries::EXPLICIT_VR_BIG_ENDIAN.erased(),
        }
    }

    pub(crate) fn u16(self, bytes: [u8; 2]) -> u16 {
        if self == Self::ExplicitBig { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    pub(crate) fn u32(self, bytes: [u8; 4]) -> u32 {
        if self == Self::ExplicitBig { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    }
}

/// Whether the whole data set of this transfer syntax is a deflate stream.
pub(crate) fn is_deflated(transfer_syntax: &str) -> bool {
    DEFLATED.contains(&transfer_syntax)
}

/// Tag, VR and length of an element, and where its value starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) tag: Tag,
    pub(crate) vr: VR,
    pub(crate) length: u32,
    /// Offset of the first byte of the value.
    pub(crate) value_at: usize,
}

/// Reads the header at `at`; `None` when the bytes end before it does.
pub(crate) fn header(bytes: &[u8], at: usize, encoding: Encoding) -> Option<Header> {
    let head: [u8; 8] = bytes.get(at..at + 8)?.try_into().ok()?;
    let [a, b, c, d, e, f, g, h] = head;
    let tag = Tag(encoding.u16([a, b]), encoding.u16([c, d]));
    if encoding == Encoding::ImplicitLittle || tag.0 == 0xFFFE {
        let vr = if tag.0 == 0xFFFE { VR::UN } else { implicit_vr(tag) };
        return Some(Header { tag, vr, length: encoding.u32([e, f, g, h]), value_at: at + 8 });
    }
    let short = |vr| Header { tag, vr, length: u32::from(encoding.u16([g, h])), value_at: at + 8 };
    let vr = match VR::from_binary([e, f]) {
        Some(vr) if has_short_length(vr) => return Some(short(vr)),
        Some(vr) => vr,
        // a VR of the future has the long length
        None if e.is_ascii_uppercase() && f.is_ascii_uppercase() => VR::UN,
        // some writers leave the VR blank where the dictionary has two, others fall back to implicit VR
        None if is_printable(e) && is_printable(f) => return Some(short(implicit_vr(tag))),
        None => {
            let length = encoding.u32([e, f, g, h]);
            return Some(Header { tag, vr: implicit_vr(tag), length, value_at: at + 8 });
        }
    };
    let length = encoding.u32(bytes.get(at + 8..at + 12)?.try_into().ok()?);
    Some(Header { tag, vr, length, value_at: at + 12 })
}

fn is_printable(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_graphic()
}

/// VRs whose explicit length has 16 bits (PS3.5 table 7.1-2).
fn has_short_length(vr: VR) -> bool {
    use VR::{AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, PN, SH, SL, SS, ST, TM, UI, UL, US};
    matches!(
        vr,
        AE | AS
            | AT
            | CS
            | DA
            | DS
            | DT
            | FL
            | FD
            | IS
            | LO
            | LT
            | PN
            | SH
            | SL
            | SS
            | ST
            | TM
            | UI
            | UL
            | US
    )
}

/// The VR that the dictionary gives a tag (PS3.5 A.1): OW for pixel and overlay data, UN for private elements.
pub(crate) fn implicit_vr(tag: Tag) -> VR {
    if tag == PIXEL_DATA || (tag.0 >> 8 == 0x60 && tag.1 == 0x3000) {
        return VR::OW;
    }
    StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed())
}

/// Text VRs whose values are separated by backslashes.
pub(crate) fn is_multi_text(vr: VR) -> bool {
    use VR::{AE, AS, CS, DA, DS, DT, IS, LO, PN, SH, TM, UC, UI};
    matches!(vr, AE | AS | CS | DA | DS | DT | IS | LO | PN | SH | TM | UC | UI)
}

/// Text VRs in which a backslash is a character like others.
pub(crate) fn is_single_text(vr: VR) -> bool {
    matches!(vr, VR::LT | VR::ST | VR::UT | VR::UR)
}
