//! Files as Sumgil writes them: zero preamble, file meta information from scratch, lengths right.

mod elements;

use std::io::Write;

use dicom_dictionary_std::tags;
use flate2::{Compression, write::DeflateEncoder};
use sumgil_model::{Instance, SopClass, TransferSyntax, Uid};

use crate::{
    DataSet, access,
    encoding::{Encoding, is_deflated},
    refusal::Remedy,
};

const IMPLEMENTATION_CLASS_UID: &str = "2.25.290146037253926483412057741029385617204";
const IMPLEMENTATION_VERSION: &str = concat!("SUMGIL_", env!("CARGO_PKG_VERSION"));

/// Room for everything but pixels.
const USUAL_HEADER_BYTES: usize = 16 << 10;

/// Why a data set was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// SOP Class UID (0008,0016) or SOP Instance UID (0008,0018) is absent or no UID.
    #[error("the data set has no valid SOP class or SOP instance UID")]
    NoInstance,
    /// A text that its character set cannot express, or a value that does not fit.
    #[error("the data set cannot be encoded")]
    Encode,
}

impl WriteError {
    /// The data set is at fault.
    pub fn remedy(&self) -> Remedy {
        Remedy::Reject
    }
}

/// Implementation Class UID (0002,0012) and Implementation Version Name (0002,0013) of what this crate writes.
pub fn implementation() -> (&'static str, &'static str) {
    (IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION)
}

/// Writes a Part 10 file: zero preamble, new file meta information, the data set in `ts` (deflated if `ts` is).
///
/// Group lengths (gggg,0000) are left out, sequences get undefined lengths, pixel data go out as they are.
///
/// # Errors
/// [`WriteError`] when there are no SOP UIDs or a text cannot be expressed in its character set.
pub fn write(data_set: &DataSet, ts: &Uid<TransferSyntax>) -> Result<Vec<u8>, WriteError> {
    let class = access::uid::<SopClass>(data_set, tags::SOP_CLASS_UID).ok_or(WriteError::NoInstance)?;
    let instance = access::uid::<Instance>(data_set, tags::SOP_INSTANCE_UID).ok_or(WriteError::NoInstance)?;
    let mut file = head(ts, &class, instance.as_str());
    file.reserve(elements::bulk_bytes(data_set) + USUAL_HEADER_BYTES);
    if is_deflated(ts.as_str()) {
        let mut plain = Vec::new();
        elements::write(data_set, Encoding::ExplicitLittle, &mut plain)?;
        deflate(&plain, &mut file).map_err(|_| WriteError::Encode)?;
    } else {
        elements::write(data_set, Encoding::of(ts.as_str()), &mut file)?;
    }
    Ok(file)
}

/// Puts preamble and file meta information before an encoded data set, which is not touched.
///
/// `sop_instance` is what the sender said; it is written as it is, its length made even.
pub fn wrap_as_part10(
    data_set_bytes: &[u8],
    ts: &Uid<TransferSyntax>,
    sop_class: &Uid<SopClass>,
    sop_instance: &str,
) -> Vec<u8> {
    let mut file = head(ts, sop_class, sop_instance);
    file.extend_from_slice(data_set_bytes);
    file
}

/// Preamble, prefix and file meta information (PS3.10 table 7.1-1).
fn head(ts: &Uid<TransferSyntax>, sop_class: &Uid<SopClass>, sop_instance: &str) -> Vec<u8> {
    let mut meta = Vec::with_capacity(256);
    meta.extend_from_slice(b"\x02\0\x01\0OB\0\0\x02\0\0\0\0\x01");
    short_element(&mut meta, 0x0002, *b"UI", sop_class.as_str());
    short_element(&mut meta, 0x0003, *b"UI", sop_instance);
    short_element(&mut meta, 0x0010, *b"UI", ts.as_str());
    short_element(&mut meta, 0x0012, *b"UI", IMPLEMENTATION_CLASS_UID);
    short_element(&mut meta, 0x0013, *b"SH", IMPLEMENTATION_VERSION);
    let mut file = vec![0; 128];
    file.extend_from_slice(b"DICM\x02\0\0\0UL\x04\0");
    file.extend_from_slice(&(meta.len() as u32).to_le_bytes());
    file.extend_from_slice(&meta);
    file
}

fn short_element(meta: &mut Vec<u8>, element: u16, vr: [u8; 2], text: &str) {
    let padding: &[u8] = match (text.len() % 2, vr) {
        (0, _) => b"",
        (_, [b'U', b'I']) => b"\0",
        _ => b" ",
    };
    meta.extend_from_slice(&[0x02, 0x00]);
    meta.extend_from_slice(&element.to_le_bytes());
    meta.extend_from_slice(&vr);
    meta.extend_from_slice(&((text.len() + padding.len()) as u16).to_le_bytes());
    meta.extend_from_slice(text.as_bytes());
    meta.extend_from_slice(padding);
}

fn deflate(plain: &[u8], file: &mut Vec<u8>) -> std::io::Result<()> {
    let mut encoder = DeflateEncoder::new(&mut *file, Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()?;
    if file.len() % 2 == 1 {
        file.push(0);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use dicom_core::{DataElement, PrimitiveValue, VR};

    use super::*;
    use crate::{Limits, read};

    fn small() -> DataSet {
        DataSet::from_element_iter([
            DataElement::new(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"),
            DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"),
            DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "2.25.7"),
            DataElement::new(tags::PATIENT_NAME, VR::PN, "홍^길동"),
            DataElement::new(tags::ROWS, VR::US, PrimitiveValue::from(2_u16)),
            DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(vec![1_u8, 2, 3, 4])),
        ])
    }

    #[test]
    fn every_plain_syntax_round_trips() {
        for uid in [
            "1.2.840.10008.1.2",
            "1.2.840.10008.1.2.1",
            "1.2.840.10008.1.2.2",
            "1.2.840.10008.1.2.1.99",
            "1.2.840.113619.5.2",
        ] {
            let ts = Uid::parse(uid).unwrap();
            let bytes = write(&small(), &ts).unwrap();
            assert!(bytes[..128].iter().all(|byte| *byte == 0));
            assert_eq!(bytes.len() % 2, 0, "{uid}");
            let back = read(&bytes, &Limits::default()).unwrap();
            assert_eq!(back.transfer_syntax, ts);
            assert!(back.had_preamble && back.had_meta);
            assert_eq!(access::text(&back.data_set, tags::PATIENT_NAME).as_deref(), Some("홍^길동"));
            assert_eq!(access::integer(&back.data_set, tags::ROWS), Some(2));
            assert_eq!(access::bytes(&back.data_set, tags::PIXEL_DATA), Some(&[1_u8, 2, 3, 4][..]));
        }
    }

    #[test]
    fn a_data_set_without_instance_is_not_written() {
        let ts = Uid::parse("1.2.840.10008.1.2.1").unwrap();
        assert_eq!(write(&DataSet::new_empty(), &ts), Err(WriteError::NoInstance));
    }

    #[test]
    fn group_lengths_are_left_out() {
        let mut data_set = small();
        data_set.put(DataElement::new(dicom_core::Tag(0x0010, 0), VR::UL, PrimitiveValue::from(99_u32)));
        let bytes = write(&data_set, &Uid::parse("1.2.840.10008.1.2.1").unwrap()).unwrap();
        let back = read(&bytes, &Limits::default()).unwrap();
        assert!(back.data_set.get(dicom_core::Tag(0x0010, 0)).is_none());
        assert!(back.data_set.get(tags::PATIENT_NAME).is_some());
    }

    #[test]
    fn wrapping_leaves_the_data_set_as_it_came() {
        let (ts, class) = (Uid::parse("1.2.840.10008.1.2").unwrap(), Uid::parse("1.2.3").unwrap());
        let data = b"\x08\0\x18\0\x04\0\0\x001.2\0";
        let file = wrap_as_part10(data, &ts, &class, "1.2");
        assert!(file.ends_with(data));
        let back = read(&file, &Limits::default()).unwrap();
        assert_eq!(access::text(&back.data_set, tags::SOP_INSTANCE_UID).as_deref(), Some("1.2"));
    }
}
