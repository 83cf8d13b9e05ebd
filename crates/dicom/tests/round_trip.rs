//! Any data set, in any layout: what is written is read back the same.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use sumgil_dicom::{
    DataSet, Limits,
    dicom_core::{
        DataElement, PrimitiveValue, Tag, VR,
        value::{DataSetSequence, PixelFragmentSequence, Value},
    },
    dictionary::tags,
    read, read_data_set, screen_data_set, wrap_as_part10, write,
};
use sumgil_model::{TransferSyntax, Uid};

type Element = DataElement<DataSet>;

fn text() -> impl Strategy<Value = Element> {
    let tags = prop::sample::select(vec![
        (tags::PATIENT_NAME, VR::PN),
        (tags::STUDY_DESCRIPTION, VR::LO),
        (tags::STATION_NAME, VR::SH),
        (tags::IMAGE_COMMENTS, VR::LT),
        (tags::STUDY_DATE, VR::DA),
        (tags::SLICE_THICKNESS, VR::DS),
        (tags::BODY_PART_EXAMINED, VR::CS),
    ]);
    (tags, prop::collection::vec("[A-Za-z0-9가-힣^.äß ]{0,12}[a-z]", 1..3)).prop_map(|((tag, vr), values)| {
        let values = if vr == VR::DS { vec!["1.5".to_owned(); values.len()] } else { values };
        let value = if vr == VR::LT {
            PrimitiveValue::from(values.join("\\"))
        } else {
            PrimitiveValue::Strs(values.into())
        };
        DataElement::new(tag, vr, value)
    })
}

fn number() -> impl Strategy<Value = Element> {
    prop_oneof![
        prop::collection::vec(any::<u16>(), 1..4).prop_map(|v| DataElement::new(
            tags::ROWS,
            VR::US,
            PrimitiveValue::U16(v.into())
        )),
        prop::collection::vec(any::<u32>(), 1..4).prop_map(|v| DataElement::new(
            tags::SIMPLE_FRAME_LIST,
            VR::UL,
            PrimitiveValue::U32(v.into())
        )),
        prop::collection::vec(-1e9..1e9_f64, 1..4).prop_map(|v| DataElement::new(
            tags::TABLE_SPEED,
            VR::FD,
            PrimitiveValue::F64(v.into())
        )),
        (any::<u16>(), any::<u16>()).prop_map(|(group, element)| {
            let value = PrimitiveValue::Tags(vec![Tag(group, element)].into());
            DataElement::new(tags::FRAME_INCREMENT_POINTER, VR::AT, value)
        }),
        prop::collection::vec(any::<u8>(), 1..2000).prop_map(|mut bytes| {
            bytes.truncate(bytes.len() / 2 * 2);
            let value = if bytes.is_empty() { PrimitiveValue::Empty } else { PrimitiveValue::from(bytes) };
            DataElement::new(tags::RED_PALETTE_COLOR_LOOKUP_TABLE_DATA, VR::OW, value)
        }),
    ]
}

fn data_set() -> impl Strategy<Value = DataSet> {
    let leaf =
        prop::collection::vec(prop_oneof![text(), number()], 0..6).prop_map(DataSet::from_element_iter);
    leaf.prop_recursive(4, 40, 3, |inner| {
        let sequence = prop::collection::vec(inner.clone(), 0..3);
        let tags = prop::sample::select(vec![tags::REFERENCED_IMAGE_SEQUENCE, tags::CONTENT_SEQUENCE]);
        (inner, tags, sequence).prop_map(|(mut data_set, tag, items)| {
            data_set.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)));
            data_set
        })
    })
}

fn whole(mut data_set: DataSet) -> DataSet {
    let text = |tag, vr, value: &str| DataElement::new(tag, vr, PrimitiveValue::from(value));
    data_set.put(text(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192"));
    data_set.put(text(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"));
    data_set.put(text(tags::SOP_INSTANCE_UID, VR::UI, "2.25.9"));
    data_set
}

fn same(one: &DataSet, two: &DataSet) -> bool {
    one.tags().eq(two.tags())
        && one.iter().zip(two.iter()).all(|(one, two)| match (one.value(), two.value()) {
            (Value::Sequence(items), Value::Sequence(others)) => {
                items.items().len() == others.items().len()
                    && items.items().iter().zip(others.items()).all(|(item, other)| same(item, other))
            }
            (Value::Primitive(value), Value::Primitive(other)) => {
                let texts = |value: &PrimitiveValue| value.to_str().trim_end_matches(['\0', ' ']).to_owned();
                value == other || texts(value) == texts(other)
            }
            (value, other) => value == other,
        })
}

fn syntaxes() -> impl Strategy<Value = Uid<TransferSyntax>> {
    prop::sample::select(vec![
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.1.99",
        "1.2.840.113619.5.2",
    ])
    .prop_map(|uid| Uid::parse(uid).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(data_set in data_set().prop_map(whole), ts in syntaxes()) {
        let bytes = write(&data_set, &ts).unwrap();
        let back = read(&bytes, &Limits::default()).unwrap();
        prop_assert!(same(&data_set, &back.data_set), "{:?}\n{:?}", data_set, back.data_set);
        prop_assert_eq!(&back.transfer_syntax, &ts);
        // written again it is the same file: nothing grows, nothing drifts
        prop_assert_eq!(write(&back.data_set, &ts).unwrap(), bytes);
    }

    #[test]
    fn a_wrapped_data_set_is_the_file(data_set in data_set().prop_map(whole), ts in syntaxes(), uid in "[0-9.]{1,64}") {
        let file = write(&data_set, &ts).unwrap();
        let meta_end = 144 + u32::from_le_bytes(file[140..144].try_into().unwrap()) as usize;
        let bare = &file[meta_end..];
        prop_assert_eq!(screen_data_set(bare, &ts, &Limits::default()), Ok(()));
        let class = Uid::parse("1.2.840.10008.5.1.4.1.1.2").unwrap();
        let wrapped = wrap_as_part10(bare, &ts, &class, &uid);
        prop_assert!(wrapped.ends_with(bare));
        let back = read(&wrapped, &Limits::default()).unwrap();
        let again = read_data_set(bare, &ts, &Limits::default()).unwrap();
        prop_assert!(same(&back.data_set, &again));
    }

    #[test]
    fn fragments_pass_untouched(
        fragments in prop::collection::vec(prop::collection::vec(any::<u8>(), 2..40), 1..6),
        table in prop::collection::vec(any::<u32>(), 0..4),
        ts in prop::sample::select(vec![
            "1.2.840.10008.1.2.4.53",
            "1.2.840.10008.1.2.4.111",
            "1.2.840.10008.1.2.5",
            "1.3.46.670589.33.1.4.1",
            "1.2.840.113619.5.99",
        ]),
    ) {
        let fragments: Vec<Vec<u8>> = fragments.into_iter().map(|mut one| { one.truncate(one.len() / 2 * 2); one }).collect();
        let mut data_set = whole(DataSet::new_empty());
        let pixels: Value<DataSet> = Value::PixelSequence(PixelFragmentSequence::new(table, fragments));
        data_set.put(DataElement::new(tags::PIXEL_DATA, VR::OB, pixels));
        let ts = Uid::parse(ts).unwrap();
        let back = read(&write(&data_set, &ts).unwrap(), &Limits::default()).unwrap();
        prop_assert_eq!(&back.transfer_syntax, &ts);
        prop_assert_eq!(
            back.data_set.get(tags::PIXEL_DATA).unwrap().value(),
            data_set.get(tags::PIXEL_DATA).unwrap().value()
        );
    }
}
