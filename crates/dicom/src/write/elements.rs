//! Elements of a data set to bytes: dicom-rs writes all but bulk values, which are copied once and not walked.

use dicom_core::{
    PrimitiveValue, Tag, VR,
    value::{PixelFragmentSequence, Value},
};
use dicom_dictionary_std::tags;
use dicom_encoding::text::SpecificCharacterSet;
use dicom_object::mem::InMemElement;
use dicom_parser::dataset::{DataSetWriter, DataToken, IntoTokens, IntoTokensOptions};

use super::WriteError;
use crate::{
    DataSet, access,
    decoder::swapped,
    encoding::{Encoding, ITEM, SEQUENCE_END, UNDEFINED},
};

/// From this length on a value of the main data set is bulk.
const BULK_BYTES: usize = 1024;

/// Bytes of all bulk values of the main data set.
pub(super) fn bulk_bytes(data_set: &DataSet) -> usize {
    let size = |element: &InMemElement| match element.value() {
        Value::Primitive(PrimitiveValue::U8(bytes)) => bytes.len(),
        Value::PixelSequence(pixels) => pixels.fragments().iter().map(|fragment| fragment.len() + 8).sum(),
        _ => 0,
    };
    data_set.iter().map(size).sum()
}

/// Appends the data set, laid out as `encoding`, to `out`.
pub(super) fn write(data_set: &DataSet, encoding: Encoding, out: &mut Vec<u8>) -> Result<(), WriteError> {
    let declared = access::text(data_set, tags::SPECIFIC_CHARACTER_SET).unwrap_or_default();
    let charset = || SpecificCharacterSet::from_code(&declared).unwrap_or_default();
    let mut elements = data_set.iter().filter(|element| element.header().tag.1 != 0).peekable();
    while elements.peek().is_some() {
        let codec = encoding.codec();
        let mut writer =
            DataSetWriter::with_ts_cs(&mut *out, &codec, charset()).map_err(|_| WriteError::Encode)?;
        while let Some(element) = elements.next_if(|element| bulk(element).is_none()) {
            small(element, encoding, &mut writer)?;
        }
        drop(writer);
        if let Some((element, bulk)) = elements.next().and_then(|element| Some((element, bulk(element)?))) {
            match bulk {
                Bulk::Bytes(bytes) => native(element.header().tag, element.vr(), bytes, encoding, out)?,
                Bulk::Fragments(pixels) => encapsulated(element.header().tag, pixels, encoding, out)?,
            }
        }
    }
    Ok(())
}

enum Bulk<'a> {
    Bytes(&'a [u8]),
    Fragments(&'a PixelFragmentSequence<Vec<u8>>),
}

fn bulk(element: &InMemElement) -> Option<Bulk<'_>> {
    match element.value() {
        Value::Primitive(PrimitiveValue::U8(bytes))
            if bytes.len() >= BULK_BYTES && has_long_length(element.vr()) =>
        {
            Some(Bulk::Bytes(bytes))
        }
        Value::PixelSequence(pixels) => Some(Bulk::Fragments(pixels)),
        _ => None,
    }
}

fn has_long_length(vr: VR) -> bool {
    matches!(vr, VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::UN)
}

type Writer<'w> =
    DataSetWriter<&'w mut Vec<u8>, dicom_encoding::transfer_syntax::DynEncoder<'w, &'w mut Vec<u8>>>;

/// One element through dicom-rs; group lengths in items are left out, their lengths become undefined.
fn small(element: &InMemElement, encoding: Encoding, writer: &mut Writer<'_>) -> Result<(), WriteError> {
    let (mut skip_value, mut vr) = (false, VR::UN);
    for token in element.clone().into_tokens_with_options(IntoTokensOptions::new(true)) {
        let token = match token {
            DataToken::ElementHeader(header) => {
                skip_value = header.tag.element() == 0;
                vr = header.vr;
                token
            }
            DataToken::PrimitiveValue(PrimitiveValue::U8(bytes)) if encoding == Encoding::ExplicitBig => {
                DataToken::PrimitiveValue(PrimitiveValue::U8(swapped(&bytes, vr).into()))
            }
            DataToken::PrimitiveValue(value) => DataToken::PrimitiveValue(in_default_repertoire(value, vr)),
            token => token,
        };
        let is_skipped =
            skip_value && matches!(token, DataToken::ElementHeader(_) | DataToken::PrimitiveValue(_));
        if !is_skipped {
            writer.write(token).map_err(|_| WriteError::Encode)?;
        }
    }
    Ok(())
}

/// Text outside ASCII where only ASCII is allowed (PS3.5 6.2): real files have it, dicom-rs would not write it.
/// A number (DS, IS) with such text is none and is left out.
fn in_default_repertoire(value: PrimitiveValue, vr: VR) -> PrimitiveValue {
    use VR::{AE, AS, CS, DA, DS, DT, IS, TM, UI};
    let text = match &value {
        PrimitiveValue::Str(text) if !text.is_ascii() => text.clone(),
        PrimitiveValue::Strs(texts) if !texts.iter().all(|text| text.is_ascii()) => texts.join("\\"),
        _ => return value,
    };
    if !matches!(vr, AE | AS | CS | DA | DS | DT | IS | TM | UI) {
        return value;
    }
    if matches!(vr, DS | IS) {
        return PrimitiveValue::Empty;
    }
    let mut bytes = text.into_bytes();
    if bytes.len() % 2 == 1 {
        bytes.push(b' ');
    }
    PrimitiveValue::from(bytes)
}

fn native(tag: Tag, vr: VR, bytes: &[u8], encoding: Encoding, out: &mut Vec<u8>) -> Result<(), WriteError> {
    let length = u32::try_from(bytes.len().next_multiple_of(2)).map_err(|_| WriteError::Encode)?;
    header(tag, vr, length, encoding, out);
    if encoding == Encoding::ExplicitBig {
        out.extend_from_slice(&swapped(bytes, vr));
    } else {
        out.extend_from_slice(bytes);
    }
    pad(bytes.len(), out);
    Ok(())
}

fn encapsulated(
    tag: Tag,
    pixels: &PixelFragmentSequence<Vec<u8>>,
    encoding: Encoding,
    out: &mut Vec<u8>,
) -> Result<(), WriteError> {
    header(tag, VR::OB, UNDEFINED, encoding, out);
    let table = pixels.offset_table();
    item(ITEM, table.len() * 4, encoding, out)?;
    table.iter().for_each(|offset| out.extend_from_slice(&word(*offset, encoding)));
    for fragment in pixels.fragments() {
        item(ITEM, fragment.len().next_multiple_of(2), encoding, out)?;
        out.extend_from_slice(fragment);
        pad(fragment.len(), out);
    }
    item(SEQUENCE_END, 0, encoding, out)
}

fn pad(length: usize, out: &mut Vec<u8>) {
    if length % 2 == 1 {
        out.push(0);
    }
}

fn item(tag: Tag, length: usize, encoding: Encoding, out: &mut Vec<u8>) -> Result<(), WriteError> {
    let length = u32::try_from(length).map_err(|_| WriteError::Encode)?;
    put_tag(tag, encoding, out);
    out.extend_from_slice(&word(length, encoding));
    Ok(())
}

/// A header with the long length.
fn header(tag: Tag, vr: VR, length: u32, encoding: Encoding, out: &mut Vec<u8>) {
    put_tag(tag, encoding, out);
    if encoding != Encoding::ImplicitLittle {
        out.extend_from_slice(vr.to_string().as_bytes());
        out.extend_from_slice(&[0, 0]);
    }
    out.extend_from_slice(&word(length, encoding));
}

fn put_tag(tag: Tag, encoding: Encoding, out: &mut Vec<u8>) {
    for half in [tag.0, tag.1] {
        let half = if encoding == Encoding::ExplicitBig { half.to_be_bytes() } else { half.to_le_bytes() };
        out.extend_from_slice(&half);
    }
}

fn word(number: u32, encoding: Encoding) -> [u8; 4] {
    if encoding == Encoding::ExplicitBig { number.to_be_bytes() } else { number.to_le_bytes() }
}

#[cfg(test)]
mod tests {
    use dicom_core::DataElement;

    use super::*;
    use crate::{encoding::Encoding::*, read_data_set};

    #[test]
    fn bulk_and_small_values_are_laid_out_alike() {
        for size in [BULK_BYTES - 2, BULK_BYTES, BULK_BYTES + 1] {
            let bytes: Vec<u8> = (0..size).map(|number| number as u8).collect();
            for (encoding, vr) in [
                (ImplicitLittle, VR::OW),
                (ExplicitLittle, VR::OW),
                (ExplicitLittle, VR::OB),
                (ExplicitBig, VR::OW),
                (ExplicitBig, VR::OB),
            ] {
                let data_set = DataSet::from_element_iter([
                    DataElement::new(
                        tags::SPECIFIC_CHARACTER_SET,
                        VR::CS,
                        PrimitiveValue::from("ISO_IR 192"),
                    ),
                    DataElement::new(tags::PATIENT_NAME, VR::PN, PrimitiveValue::from("홍")),
                    DataElement::new(tags::PIXEL_DATA, vr, PrimitiveValue::from(bytes.clone())),
                    DataElement::new(Tag(0x7FE1, 0x1010), VR::LO, PrimitiveValue::from("길동")),
                ]);
                let mut out = Vec::new();
                write(&data_set, encoding, &mut out).unwrap();
                assert_eq!(out.len() % 2, 0);
                let ts = sumgil_model::Uid::parse(encoding.plain_uid()).unwrap();
                let back = read_data_set(&out, &ts, &crate::Limits::default()).unwrap();
                assert!(
                    access::bytes(&back, tags::PIXEL_DATA).unwrap().starts_with(&bytes),
                    "{encoding:?} {size}"
                );
                assert_eq!(access::text(&back, tags::PATIENT_NAME).as_deref(), Some("홍"));
                if encoding != ImplicitLittle {
                    assert_eq!(access::text(&back, Tag(0x7FE1, 0x1010)).as_deref(), Some("길동"));
                }
            }
        }
    }
}
