//! Texts of a whole data set to Unicode, items with the character set they inherit or declare.

use dicom_core::{DataElement, PrimitiveValue, VR, value::Value};
use dicom_dictionary_std::tags;

use super::{UTF8, decode};
use crate::{DataSet, access};

/// Decodes the texts of a data set whose strings hold one character a byte, and declares UTF-8.
pub(crate) fn make_unicode(data_set: &mut DataSet, foreign_text: bool) {
    if foreign_text {
        decode_level(data_set, &[]);
        declare(data_set);
    } else {
        declare_where_declared(data_set);
    }
}

fn declare(data_set: &mut DataSet) {
    data_set.put(DataElement::new(tags::SPECIFIC_CHARACTER_SET, VR::CS, PrimitiveValue::from(UTF8)));
}

/// All text is ASCII: only the declarations change.
fn declare_where_declared(data_set: &mut DataSet) {
    if data_set.get(tags::SPECIFIC_CHARACTER_SET).is_some() {
        declare(data_set);
    }
    let sequences: Vec<_> =
        data_set.iter().filter(|element| element.value().items().is_some()).map(|e| e.header().tag).collect();
    for tag in sequences {
        data_set.update_value(tag, |value| {
            for item in value.items_mut().into_iter().flatten() {
                declare_where_declared(item);
            }
        });
    }
}

fn decode_level(data_set: &mut DataSet, inherited: &[String]) {
    let own = access::texts(data_set, tags::SPECIFIC_CHARACTER_SET);
    let has_own = data_set.get(tags::SPECIFIC_CHARACTER_SET).is_some();
    let codes = if has_own { own.as_slice() } else { inherited };
    let tags: Vec<_> = data_set.tags().collect();
    for tag in tags {
        data_set.update_value(tag, |value| match value {
            Value::Sequence(sequence) => {
                for item in sequence.items_mut() {
                    decode_level(item, codes);
                }
            }
            Value::Primitive(text) => decode_value(text, codes),
            Value::PixelSequence(_) => {}
        });
    }
    if has_own {
        declare(data_set);
    }
}

fn decode_value(value: &mut PrimitiveValue, codes: &[String]) {
    match value {
        PrimitiveValue::Str(text) if is_foreign(text) => *text = decode(&bytes_of(text), codes),
        // joined again: in some repertoires the byte of a backslash is part of a character
        PrimitiveValue::Strs(texts) if texts.iter().any(|text| is_foreign(text)) => {
            let joined = decode(&bytes_of(&texts.join("\\")), codes);
            *texts = joined.split('\\').map(str::to_owned).collect();
        }
        _ => {}
    }
}

fn is_foreign(text: &str) -> bool {
    !text.is_ascii() || text.contains('\u{1B}')
}

/// The bytes that the parser kept as one character each.
fn bytes_of(text: &str) -> Vec<u8> {
    text.chars().map(|c| c as u8).collect()
}
