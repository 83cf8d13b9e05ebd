//! Fields of any attribute and VR, at any depth, private ones too, with something of the patient in them.

use std::sync::OnceLock;

use proptest::prelude::*;
use sumgil_dicom::{
    DataSet,
    confidentiality::{self, Action, Options},
    dicom_core::{
        DataElement, PrimitiveValue, Tag, VR,
        dictionary::{DataDictionary, DataDictionaryEntry},
    },
    dictionary::{StandardDataDictionary, tags},
};

use crate::{
    common::{item, sequence},
    person::Person,
};

/// What is put where. Numbers are taken modulo what there is.
#[derive(Clone, Debug)]
pub(crate) enum Field {
    Value { place: usize, odd_vr: Option<usize>, filler: usize, spelling: usize },
    Private { creator: usize, element: u8, vr: usize, spelling: usize },
    Sequence { place: usize, fields: Vec<Field> },
    PrivateSequence { fields: Vec<Field> },
}

/// Up to some dozens of fields, three levels deep.
pub(crate) fn fields() -> impl Strategy<Value = Vec<Field>> {
    let leaf = prop_oneof![
        4 => (any::<usize>(), prop::option::weighted(0.15, any::<usize>()), any::<usize>(), any::<usize>())
            .prop_map(|(place, odd_vr, filler, spelling)| Field::Value { place, odd_vr, filler, spelling }),
        1 => (any::<usize>(), any::<u8>(), any::<usize>(), any::<usize>())
            .prop_map(|(creator, element, vr, spelling)| Field::Private { creator, element, vr, spelling }),
    ];
    let field = leaf.prop_recursive(3, 24, 5, |inner| {
        let fields = prop::collection::vec(inner, 1..5);
        prop_oneof![
            3 => (any::<usize>(), fields.clone()).prop_map(|(place, fields)| Field::Sequence { place, fields }),
            1 => fields.prop_map(|fields| Field::PrivateSequence { fields }),
        ]
    });
    prop::collection::vec(field, 1..14)
}

const FILLERS: [&str; 6] = ["{}", "CT of {}", "{} 님 추적", "follow-up {}, thin", "[{}]", "{} 2 mm"];
const CREATORS: [(&str, u16); 5] = [
    ("RELAY 7", 0x0029),
    ("GEMS_PARM_01", 0x0043),
    ("ELSCINT1", 0x01F1),
    ("Philips Imaging DD 002", 0x2001),
    ("PACS NOTE", 0x0011),
];
const VRS: [VR; 31] = [
    VR::AE,
    VR::AS,
    VR::AT,
    VR::CS,
    VR::DA,
    VR::DS,
    VR::DT,
    VR::FL,
    VR::FD,
    VR::IS,
    VR::LO,
    VR::LT,
    VR::OB,
    VR::OD,
    VR::OF,
    VR::OL,
    VR::OV,
    VR::OW,
    VR::PN,
    VR::SH,
    VR::SL,
    VR::SS,
    VR::ST,
    VR::TM,
    VR::UC,
    VR::UI,
    VR::UL,
    VR::UN,
    VR::UR,
    VR::US,
    VR::UT,
];

/// The fields as elements; later ones take the place of earlier ones of the same attribute.
pub(crate) fn elements(fields: &[Field], person: &Person) -> Vec<DataElement<DataSet>> {
    fields.iter().flat_map(|field| element(field, person)).collect()
}

fn element(field: &Field, person: &Person) -> Vec<DataElement<DataSet>> {
    match field {
        Field::Value { place, odd_vr, filler, spelling } => {
            let (tag, vr) = places()[place % places().len()];
            let vr = odd_vr.map_or(vr, |at| VRS[at % VRS.len()]);
            let text = FILLERS[filler % FILLERS.len()].replace("{}", &spelled(*spelling, person));
            vec![value(tag, vr, &text, person)]
        }
        Field::Private { creator, element, vr, spelling } => {
            let (creator, group) = CREATORS[creator % CREATORS.len()];
            let tag = Tag(group, 0x1000 | u16::from(*element));
            let text = spelled(*spelling, person);
            vec![
                person.text(Tag(group, 0x0010), VR::LO, creator),
                value(tag, VRS[vr % VRS.len()], &text, person),
            ]
        }
        Field::Sequence { place, fields } => {
            let sequences = sequences();
            vec![sequence(sequences[place % sequences.len()], vec![item(elements(fields, person))])]
        }
        Field::PrivateSequence { fields } => vec![
            person.text(Tag(0x0077, 0x0010), VR::LO, "SNAPSHOT"),
            sequence(Tag(0x0077, 0x1001), vec![item(elements(fields, person))]),
        ],
    }
}

fn spelled(nth: usize, person: &Person) -> String {
    let spellings = person.spellings();
    spellings[nth % spellings.len()].clone()
}

/// Text as it is for text VRs, the birth date for dates, bytes with the text among others for the rest.
fn value(tag: Tag, vr: VR, text: &str, person: &Person) -> DataElement<DataSet> {
    match vr {
        VR::DA | VR::DT => person.text(tag, vr, &person.birth),
        VR::PN => person.text(tag, vr, &person.pn()),
        VR::UI => person.text(tag, vr, &format!("1.2.410.99.{}", person.id)),
        VR::TM => person.text(tag, vr, "101112"),
        VR::AS => person.text(tag, vr, "044Y"),
        VR::US | VR::SS | VR::UL | VR::SL | VR::FL | VR::FD | VR::AT | VR::SV | VR::UV => {
            DataElement::new(tag, vr, PrimitiveValue::U8([1, 0, 2, 0, 3, 0, 4, 0].as_slice().into()))
        }
        VR::OB | VR::OD | VR::OF | VR::OL | VR::OV | VR::OW => {
            let mut bytes = vec![7; 8];
            bytes.extend(person.encode(text));
            bytes.resize(bytes.len().next_multiple_of(8), 0);
            DataElement::new(tag, vr, PrimitiveValue::U8(bytes.into()))
        }
        _ => person.text(tag, vr, text),
    }
}

/// Every attribute of the dictionary and of the table that may hold what a person typed or a system copied: not the
/// description of the device, which profiles retain unread, nor what makes the file a file.
pub(crate) fn places() -> &'static [(Tag, VR)] {
    static PLACES: OnceLock<Vec<(Tag, VR)>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let groups =
            [0x0008, 0x0010, 0x0012, 0x0014, 0x0018, 0x0020, 0x0022, 0x0028, 0x0032, 0x0038, 0x003A, 0x0040];
        let more =
            [0x0042, 0x0048, 0x0050, 0x0054, 0x0062, 0x0070, 0x0072, 0x0074, 0x0088, 0x0400, 0x3006, 0x300A];
        let all = groups.into_iter().chain(more).flat_map(|g| (0x0001..=0xFFFF_u16).map(move |e| Tag(g, e)));
        let known = all.filter_map(|tag| {
            let entry = StandardDataDictionary.by_tag(tag)?;
            Some((tag, entry.vr().relaxed())).filter(|(_, vr)| *vr != VR::SQ)
        });
        known.filter(|(tag, _)| is_free(*tag)).collect()
    })
}

fn is_free(tag: Tag) -> bool {
    const OF_THE_FILE: [Tag; 10] = [
        tags::SPECIFIC_CHARACTER_SET,
        tags::SOP_CLASS_UID,
        tags::SOP_INSTANCE_UID,
        tags::STUDY_INSTANCE_UID,
        tags::SERIES_INSTANCE_UID,
        tags::PATIENT_ID,
        tags::ISSUER_OF_PATIENT_ID,
        tags::IMAGE_TYPE,
        tags::CONVERSION_TYPE,
        tags::BURNED_IN_ANNOTATION,
    ];
    const DEVICE: [Tag; 9] = [
        tags::MANUFACTURER,
        tags::MANUFACTURER_MODEL_NAME,
        tags::SOFTWARE_VERSIONS,
        tags::DETECTOR_MANUFACTURER_NAME,
        tags::DETECTOR_MANUFACTURER_MODEL_NAME,
        Tag(0x0018, 0x1016),
        Tag(0x0018, 0x1018),
        Tag(0x0018, 0x1019),
        Tag(0x0020, 0x3401),
    ];
    let kept = confidentiality::action(tag, &Options::default_profile()) == Some(Action::Keep);
    let pixels = matches!((tag.0, tag.1), (0x0028, 0x0000..=0x0110));
    let person = matches!(tag, tags::PATIENT_NAME | tags::PATIENT_BIRTH_DATE | tags::STUDY_DATE);
    // Classes are nobody's: their UIDs stay.
    let class = confidentiality::CLASS_UIDS.contains(&tag);
    !kept && !class && !pixels && !person && !OF_THE_FILE.contains(&tag) && !DEVICE.contains(&tag)
}

fn sequences() -> [Tag; 6] {
    [
        tags::REQUEST_ATTRIBUTES_SEQUENCE,
        tags::PERFORMED_PROTOCOL_CODE_SEQUENCE,
        tags::REFERENCED_STUDY_SEQUENCE,
        tags::ACQUISITION_CONTEXT_SEQUENCE,
        tags::ORIGINAL_ATTRIBUTES_SEQUENCE,
        tags::ANATOMIC_REGION_SEQUENCE,
    ]
}
