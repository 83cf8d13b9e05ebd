//! The DICOM JSON model (PS3.18 annex F) of a data set. Pixels and other bulk data are named, never carried.

use dicom_core::{PrimitiveValue, Tag, VR, header::Header, value::Value as DicomValue};
use dicom_dictionary_std::tags;
use serde_json::{Map, Number, Value, json};

use crate::DataSet;

/// A data set in the DICOM JSON model: keys are tags as eight upper case hexadecimal digits.
pub type JsonDataSet = Map<String, Value>;

/// Most bytes of a binary value that stand in the JSON itself (InlineBinary).
const INLINE_BYTES: usize = 256;
/// Largest whole number that every JSON reader keeps exactly.
const EXACT: u64 = 1 << 53;

/// What stands for a binary value that is too long for the JSON, and for Pixel Data always.
#[derive(Clone, Copy)]
pub enum BulkData<'a> {
    /// Nothing but its VR.
    Omit,
    /// A BulkDataURI made of the attribute's path: tags of sequences and item numbers from 0, as in
    /// `00081140/0/7FE00010`.
    Uri(&'a (dyn Fn(&str) -> String + Sync)),
}

/// The DICOM JSON model of `data_set`, in which text must be Unicode already, as this crate reads it.
///
/// Group lengths are left out; Specific Character Set (0008,0005), where present, becomes `ISO_IR 192`. The depth of
/// the data set bounds the recursion: what this crate reads is at most 16 deep.
pub fn to_json(data_set: &DataSet, bulk: BulkData<'_>) -> JsonDataSet {
    Writer { bulk, path: String::new() }.data_set(data_set)
}

/// [`to_json`] of several data sets as the bytes of one JSON array: the body of an answer.
pub fn to_json_bytes<'a>(data_sets: impl IntoIterator<Item = &'a DataSet>, bulk: BulkData<'_>) -> Vec<u8> {
    let objects: Vec<Value> = data_sets.into_iter().map(|set| Value::Object(to_json(set, bulk))).collect();
    Value::Array(objects).to_string().into_bytes()
}

struct Writer<'a> {
    bulk: BulkData<'a>,
    path: String,
}

impl Writer<'_> {
    fn data_set(&mut self, data_set: &DataSet) -> JsonDataSet {
        let mut object = Map::new();
        for element in data_set.iter().filter(|element| element.tag().element() != 0) {
            let tag = element.tag();
            let outer = self.path.len();
            let key = hex(tag);
            self.path.push_str(&key);
            let attribute = self.attribute(tag, element.vr(), element.value());
            self.path.truncate(outer);
            object.insert(key, attribute);
        }
        object
    }

    fn attribute(&mut self, tag: Tag, vr: VR, value: &DicomValue<DataSet, Vec<u8>>) -> Value {
        let mut attribute = Map::new();
        attribute.insert("vr".to_owned(), vr.to_string().into());
        let entry = match value {
            DicomValue::Sequence(sequence) => self.items(sequence.items()),
            DicomValue::PixelSequence(_) => self.reference(),
            DicomValue::Primitive(_) if tag == tags::SPECIFIC_CHARACTER_SET => {
                Some(("Value", json!(["ISO_IR 192"])))
            }
            DicomValue::Primitive(primitive) if is_binary(vr) => self.binary(tag, primitive),
            DicomValue::Primitive(primitive) => {
                values(vr, primitive).map(|values| ("Value", Value::Array(values)))
            }
        };
        if let Some((name, value)) = entry {
            attribute.insert(name.to_owned(), value);
        }
        Value::Object(attribute)
    }

    fn items(&mut self, items: &[DataSet]) -> Option<(&'static str, Value)> {
        let sequence = self.path.len();
        let mut objects = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            self.path.push_str(&format!("/{number}/"));
            objects.push(Value::Object(self.data_set(item)));
            self.path.truncate(sequence);
        }
        (!objects.is_empty()).then_some(("Value", Value::Array(objects)))
    }

    fn binary(&self, tag: Tag, value: &PrimitiveValue) -> Option<(&'static str, Value)> {
        let is_pixels =
            matches!(tag, tags::PIXEL_DATA | tags::FLOAT_PIXEL_DATA | tags::DOUBLE_FLOAT_PIXEL_DATA);
        if value.calculate_byte_len() == 0 {
            None
        } else if is_pixels || value.calculate_byte_len() > INLINE_BYTES {
            self.reference()
        } else {
            use base64::Engine as _;
            let text = base64::engine::general_purpose::STANDARD.encode(value.to_bytes());
            Some(("InlineBinary", text.into()))
        }
    }

    fn reference(&self) -> Option<(&'static str, Value)> {
        match self.bulk {
            BulkData::Omit => None,
            BulkData::Uri(uri) => Some(("BulkDataURI", uri(&self.path).into())),
        }
    }
}

fn hex(tag: Tag) -> String {
    format!("{:04X}{:04X}", tag.group(), tag.element())
}

fn is_binary(vr: VR) -> bool {
    matches!(vr, VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW | VR::UN)
}

/// The values as JSON, `None` when there are none. An empty value among others is `null` (F.2.5).
fn values(vr: VR, value: &PrimitiveValue) -> Option<Vec<Value>> {
    let values: Vec<Value> = match (vr, value) {
        (VR::AT, PrimitiveValue::Tags(tags)) => tags.iter().map(|tag| hex(*tag).into()).collect(),
        (VR::LT | VR::ST | VR::UT | VR::UR, _) => vec![text(value.to_str().trim_end_matches(['\0', ' ']))],
        (VR::PN, _) => texts(value).iter().map(|name| person_name(name)).collect(),
        (VR::DS, PrimitiveValue::Str(_) | PrimitiveValue::Strs(_)) => {
            texts(value).iter().map(|v| decimal(v)).collect()
        }
        (VR::IS, PrimitiveValue::Str(_) | PrimitiveValue::Strs(_)) => {
            texts(value).iter().map(|v| integer(v)).collect()
        }
        (_, PrimitiveValue::U8(numbers)) => numbers.iter().map(|n| Value::from(*n)).collect(),
        (_, PrimitiveValue::U16(numbers)) => numbers.iter().map(|n| Value::from(*n)).collect(),
        (_, PrimitiveValue::I16(numbers)) => numbers.iter().map(|n| Value::from(*n)).collect(),
        (_, PrimitiveValue::U32(numbers)) => numbers.iter().map(|n| Value::from(*n)).collect(),
        (_, PrimitiveValue::I32(numbers)) => numbers.iter().map(|n| Value::from(*n)).collect(),
        (_, PrimitiveValue::U64(numbers)) => numbers.iter().map(|n| long(*n <= EXACT, *n)).collect(),
        (_, PrimitiveValue::I64(numbers)) => {
            numbers.iter().map(|n| long(n.unsigned_abs() <= EXACT, *n)).collect()
        }
        // By way of its shortest text, so that 0.1 stays 0.1.
        (_, PrimitiveValue::F32(numbers)) => numbers.iter().map(|n| decimal(&n.to_string())).collect(),
        (_, PrimitiveValue::F64(numbers)) => numbers.iter().map(|n| float(*n)).collect(),
        _ => texts(value).iter().map(|value| text(value)).collect(),
    };
    values.iter().any(|value| !value.is_null()).then_some(values)
}

/// Each value's text without padding, split at backslashes.
fn texts(value: &PrimitiveValue) -> Vec<String> {
    let padding = ['\0', ' '];
    let strings = value.to_multi_str();
    strings.iter().flat_map(|one| one.split('\\')).map(|one| one.trim_matches(padding).to_owned()).collect()
}

fn text(value: &str) -> Value {
    if value.is_empty() { Value::Null } else { value.into() }
}

fn person_name(name: &str) -> Value {
    let groups = ["Alphabetic", "Ideographic", "Phonetic"].into_iter().zip(name.split('='));
    let object: Map<_, _> = groups
        .filter(|(_, group)| !group.is_empty())
        .map(|(key, group)| (key.to_owned(), group.into()))
        .collect();
    if object.is_empty() { Value::Null } else { Value::Object(object) }
}

/// DS: a number where it is one, else the text as it stands.
fn decimal(value: &str) -> Value {
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() => Number::from_f64(number).map_or(Value::Null, Value::Number),
        _ => text(value),
    }
}

/// IS: a number where it is one, else the text as it stands.
fn integer(value: &str) -> Value {
    value.parse::<i32>().map_or_else(|_| text(value), Value::from)
}

fn float(number: f64) -> Value {
    Number::from_f64(number).map_or_else(|| number.to_string().into(), Value::Number)
}

/// SV, UV: beyond 2^53 only text keeps every digit.
fn long<N: ToString + Into<Value>>(is_exact: bool, number: N) -> Value {
    if is_exact { number.into() } else { number.to_string().into() }
}

#[cfg(test)]
mod tests {
    use dicom_core::{
        DataElement, dicom_value,
        value::{DataSetSequence, PixelFragmentSequence},
    };
    use dicom_object::mem::InMemElement;

    use super::*;

    fn set(elements: impl IntoIterator<Item = InMemElement>) -> DataSet {
        DataSet::from_element_iter(elements)
    }

    fn one(tag: Tag, vr: VR, value: impl Into<PrimitiveValue>) -> Value {
        let element = DataElement::new(tag, vr, value.into());
        to_json(&set([element]), BulkData::Omit).remove(&hex(tag)).unwrap()
    }

    #[test]
    fn values_take_the_forms_of_annex_f() {
        let cases = [
            (
                one(tags::PATIENT_NAME, VR::PN, "Hong^Gildong=洪^吉洞=홍^길동"),
                json!({"vr": "PN", "Value":
                [{"Alphabetic": "Hong^Gildong", "Ideographic": "洪^吉洞", "Phonetic": "홍^길동"}]}),
            ),
            (one(tags::PATIENT_NAME, VR::PN, "=洪"), json!({"vr": "PN", "Value": [{"Ideographic": "洪"}]})),
            (
                one(tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\\\AXIAL "),
                json!({"vr": "CS", "Value": ["ORIGINAL", null, "AXIAL"]}),
            ),
            (one(tags::SOP_CLASS_UID, VR::UI, "1.2.3\0"), json!({"vr": "UI", "Value": ["1.2.3"]})),
            (one(tags::STUDY_DATE, VR::DA, ""), json!({"vr": "DA"})),
            (one(tags::PIXEL_SPACING, VR::DS, "0.70\\1e1"), json!({"vr": "DS", "Value": [0.7, 10.0]})),
            (one(tags::SLICE_THICKNESS, VR::DS, "ca. 5"), json!({"vr": "DS", "Value": ["ca. 5"]})),
            (one(tags::INSTANCE_NUMBER, VR::IS, " 12 "), json!({"vr": "IS", "Value": [12]})),
            (one(tags::IMAGE_COMMENTS, VR::LT, " a\\b \0"), json!({"vr": "LT", "Value": [" a\\b"]})),
            (one(tags::ROWS, VR::US, 512u16), json!({"vr": "US", "Value": [512]})),
            (
                one(tags::FRAME_INCREMENT_POINTER, VR::AT, tags::FRAME_TIME),
                json!({"vr": "AT", "Value": ["00181063"]}),
            ),
            (one(Tag(0x0009, 0x1001), VR::FL, 0.1f32), json!({"vr": "FL", "Value": [0.1]})),
            (one(Tag(0x0009, 0x1001), VR::FD, f64::NAN), json!({"vr": "FD", "Value": ["NaN"]})),
            (
                one(Tag(0x0009, 0x1001), VR::UV, dicom_value!(U64, [5, 1 << 60])),
                json!({"vr": "UV", "Value": [5, "1152921504606846976"]}),
            ),
            (one(Tag(0x0009, 0x1001), VR::UN, vec![1u8, 2]), json!({"vr": "UN", "InlineBinary": "AQI="})),
            (
                one(tags::SPECIFIC_CHARACTER_SET, VR::CS, "\\ISO 2022 IR 149"),
                json!({"vr": "CS", "Value": ["ISO_IR 192"]}),
            ),
        ];
        for (got, wanted) in cases {
            assert_eq!(got, wanted);
        }
    }

    #[test]
    fn pixels_and_long_values_are_named_by_their_path() {
        let long = vec![7u8; INLINE_BYTES + 1];
        let item = set([DataElement::new(Tag(0x0009, 0x1002), VR::OB, PrimitiveValue::from(long))]);
        let empty = DataElement::new(tags::REQUEST_ATTRIBUTES_SEQUENCE, VR::SQ, DataSetSequence::empty());
        let data_set = set([
            DataElement::new(Tag(0x0008, 0), VR::UL, PrimitiveValue::from(4u32)),
            DataElement::new(
                tags::REFERENCED_IMAGE_SEQUENCE,
                VR::SQ,
                DataSetSequence::from(vec![set([]), item]),
            ),
            empty,
            DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::from(vec![1u8, 2])),
        ]);
        let got = Value::Object(to_json(&data_set, BulkData::Uri(&|path| format!("bulk/{path}"))));
        assert_eq!(
            got,
            json!({
                "00081140": {"vr": "SQ", "Value": [{}, {"00091002": {"vr": "OB", "BulkDataURI": "bulk/00081140/1/00091002"}}]},
                "00400275": {"vr": "SQ"},
                "7FE00010": {"vr": "OW", "BulkDataURI": "bulk/7FE00010"},
            })
        );
        let encapsulated = PixelFragmentSequence::new(vec![], vec![vec![1u8, 2]]);
        let data_set = set([DataElement::new(tags::PIXEL_DATA, VR::OB, encapsulated)]);
        let bytes = to_json_bytes([&data_set, &data_set], BulkData::Omit);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"[{"7FE00010":{"vr":"OB"}},{"7FE00010":{"vr":"OB"}}]"#
        );
    }

    #[test]
    fn another_reader_of_the_model_gets_the_same_data_set_back() {
        let item = set([DataElement::new(tags::CODE_VALUE, VR::SH, PrimitiveValue::from("R-1"))]);
        let data_set = set([
            DataElement::new(tags::IMAGE_TYPE, VR::CS, dicom_value!(Strs, ["ORIGINAL", "PRIMARY"])),
            DataElement::new(tags::SOP_CLASS_UID, VR::UI, PrimitiveValue::from("1.2.840.10008.5.1.4.1.1.2")),
            DataElement::new(tags::PATIENT_NAME, VR::PN, PrimitiveValue::from("Hong^Gildong=洪^吉洞")),
            DataElement::new(tags::INSTANCE_NUMBER, VR::IS, PrimitiveValue::from("7")),
            DataElement::new(tags::ROWS, VR::US, PrimitiveValue::from(512u16)),
            DataElement::new(
                tags::PROCEDURE_CODE_SEQUENCE,
                VR::SQ,
                DataSetSequence::from(vec![item.clone(), item]),
            ),
            DataElement::new(Tag(0x0009, 0x1001), VR::UN, PrimitiveValue::from(vec![1u8, 2, 3, 4])),
        ]);
        let text = Value::Object(to_json(&data_set, BulkData::Omit)).to_string();
        let back: DataSet = dicom_json::from_str(&text).unwrap();
        for element in data_set.iter().filter(|element| element.vr() != VR::SQ) {
            let other = back.element(element.tag()).unwrap();
            assert_eq!(other.vr(), element.vr());
            assert_eq!(other.to_str().ok(), element.to_str().ok(), "{}", element.tag());
        }
        let items = back.element(tags::PROCEDURE_CODE_SEQUENCE).unwrap().items().unwrap();
        assert_eq!(items.iter().filter_map(|item| crate::access::text(item, tags::CODE_VALUE)).count(), 2);
    }
}
