//! C-FIND at study level of the study root model (PS3.4 annex C): which studies has a PACS for a patient or an order.

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_transfer_syntax_registry::{TransferSyntaxIndex, TransferSyntaxRegistry};
use sumgil_model::{Study, TransferSyntax, Uid};

use super::{
    Peer,
    client::{Accepted, Client, Proposal},
};
use crate::{
    DataSet, Limits,
    net::{
        NetError,
        command::{Command, field},
    },
};

/// Most matches that are taken; a key that matches more is not a key.
const MAX_MATCHES: usize = 10_000;
const PENDING: [u16; 2] = [0xFF00, 0xFF01];

/// What to look for. Identified data: no `Debug`.
#[derive(Clone)]
pub enum StudyKey {
    /// Accession Number (0008,0050).
    AccessionNumber(String),
    /// Patient ID (0010,0020).
    PatientId(String),
}

/// One study that the peer has. Identified data: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct StudyMatch {
    /// Study Instance UID (0020,000D).
    pub study: Uid<Study>,
    /// Accession Number (0008,0050), where the peer returns it.
    pub accession_number: Option<String>,
    /// Patient ID (0010,0020), where the peer returns it.
    pub patient_id: Option<String>,
    /// Study Date (0008,0020) as `YYYYMMDD`, where the peer returns it.
    pub study_date: Option<String>,
    /// Modalities in Study (0008,0061), where the peer returns it.
    pub modalities: Vec<String>,
    /// Number of Study Related Instances (0020,1208), where the peer returns it.
    pub instances: Option<u32>,
}

/// Asks `peer` for the studies with exactly this key. Matches that lack the key or a valid study UID are left out.
///
/// # Errors
/// [`NetError::Key`] when the key is empty, longer than its VR allows, or has `*`, `?`, `\` or control characters,
/// since the peer would then match other patients too; [`NetError::Unexpected`] when all that it answers is about
/// other keys; otherwise what went wrong on the network.
pub async fn find(peer: &Peer, key: &StudyKey) -> Result<Vec<StudyMatch>, NetError> {
    let identifier = identifier(key)?;
    let sop_class = uids::STUDY_ROOT_QUERY_RETRIEVE_INFORMATION_MODEL_FIND;
    let mut client = Client::connect(peer, &[query_proposal(sop_class)]).await?;
    let context = client.context(sop_class, None).ok_or(NetError::NotAccepted("study root C-FIND"))?;
    let bytes = encode(&identifier, &context)?;
    let command = Command::new(field::C_FIND, true)
        .number(tags::PRIORITY, 0)
        .uid(tags::AFFECTED_SOP_CLASS_UID, sop_class);
    let message_id = client.request(context.id, command, Some(&bytes)).await?;
    let mut matches = Vec::new();
    loop {
        let (answer, data_set) = client.answer().await?;
        match (answer.integer(tags::STATUS), data_set) {
            (Some(0), _) => break,
            (Some(status), Some(bytes)) if PENDING.contains(&status) => {
                matches.extend(study_match(&bytes, &context));
            }
            (status, _) => return Err(NetError::Failed(status.unwrap_or(0xC000))),
        }
        if matches.len() > MAX_MATCHES {
            let cancel =
                Command::new(field::C_CANCEL, false).number(tags::MESSAGE_ID_BEING_RESPONDED_TO, message_id);
            let _ = client.notify(context.id, &cancel).await;
            client.abort().await;
            return Err(NetError::TooManyMatches(MAX_MATCHES));
        }
    }
    client.release().await?;
    exact(matches, key)
}

/// Only the matches that have the key. A peer that ignores a key answers with every study that it has, and none of
/// the others may be pulled by mistake.
fn exact(matches: Vec<StudyMatch>, key: &StudyKey) -> Result<Vec<StudyMatch>, NetError> {
    let any = !matches.is_empty();
    let has_key = |study: &StudyMatch| match key {
        StudyKey::AccessionNumber(text) => study.accession_number.as_deref() == Some(text.trim()),
        StudyKey::PatientId(text) => study.patient_id.as_deref() == Some(text.trim()),
    };
    let exact: Vec<StudyMatch> = matches.into_iter().filter(has_key).collect();
    if any && exact.is_empty() { Err(NetError::Unexpected("matches, all for other keys")) } else { Ok(exact) }
}

/// Both uncompressed syntaxes, explicit first: query identifiers need no other.
pub(crate) fn query_proposal(sop_class: &str) -> Proposal {
    let syntaxes = [uids::EXPLICIT_VR_LITTLE_ENDIAN, uids::IMPLICIT_VR_LITTLE_ENDIAN];
    Proposal { sop_class: sop_class.to_owned(), transfer_syntaxes: syntaxes.map(str::to_owned).to_vec() }
}

/// `data_set` in the transfer syntax of `context`.
pub(crate) fn encode(data_set: &DataSet, context: &Accepted) -> Result<Vec<u8>, NetError> {
    let malformed = || NetError::Malformed("identifier to send");
    let syntax = TransferSyntaxRegistry.get(context.transfer_syntax.as_str()).ok_or_else(malformed)?;
    let mut bytes = Vec::with_capacity(256);
    data_set.write_dataset_with_ts(&mut bytes, syntax).map_err(|_| malformed())?;
    Ok(bytes)
}

fn identifier(key: &StudyKey) -> Result<DataSet, NetError> {
    let mut identifier = DataSet::new_empty();
    let mut put = |tag: Tag, vr: VR, value: &str| {
        identifier.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
    };
    put(tags::QUERY_RETRIEVE_LEVEL, VR::CS, "STUDY");
    put(tags::STUDY_DATE, VR::DA, "");
    put(tags::ACCESSION_NUMBER, VR::SH, "");
    put(tags::MODALITIES_IN_STUDY, VR::CS, "");
    put(tags::PATIENT_ID, VR::LO, "");
    put(tags::STUDY_INSTANCE_UID, VR::UI, "");
    put(tags::NUMBER_OF_STUDY_RELATED_INSTANCES, VR::IS, "");
    match key {
        StudyKey::AccessionNumber(text) => {
            put(
                tags::ACCESSION_NUMBER,
                VR::SH,
                single_value(text, 16).ok_or(NetError::Key("accession number"))?,
            );
        }
        StudyKey::PatientId(text) => {
            put(tags::PATIENT_ID, VR::LO, single_value(text, 64).ok_or(NetError::Key("patient ID"))?);
        }
    }
    if !matches!(key, StudyKey::AccessionNumber(text) | StudyKey::PatientId(text) if text.is_ascii()) {
        put(tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192");
    }
    Ok(identifier)
}

/// `text` when a peer can only read it as one single value (PS3.4 C.2.2.2.1).
fn single_value(text: &str, longest: usize) -> Option<&str> {
    let text = text.trim();
    let matches_more = |c: char| c.is_control() || matches!(c, '*' | '?' | '\\');
    (!text.is_empty() && text.chars().count() <= longest && !text.contains(matches_more)).then_some(text)
}

fn study_match(bytes: &[u8], context: &Accepted) -> Option<StudyMatch> {
    let data_set = read_identifier(bytes, &context.transfer_syntax)?;
    let text = |tag: Tag| {
        let text = data_set.get(tag)?.to_str().ok()?.trim_matches(['\0', ' ']).to_owned();
        Some(text).filter(|text| !text.is_empty())
    };
    let modalities = text(tags::MODALITIES_IN_STUDY).unwrap_or_default();
    let modalities = modalities.split('\\').map(str::trim).filter(|part| !part.is_empty());
    Some(StudyMatch {
        study: Uid::parse(&text(tags::STUDY_INSTANCE_UID)?).ok()?,
        accession_number: text(tags::ACCESSION_NUMBER),
        patient_id: text(tags::PATIENT_ID),
        study_date: text(tags::STUDY_DATE),
        modalities: modalities.map(str::to_owned).collect(),
        instances: text(tags::NUMBER_OF_STUDY_RELATED_INSTANCES).and_then(|text| text.parse().ok()),
    })
}

fn read_identifier(bytes: &[u8], syntax: &Uid<TransferSyntax>) -> Option<DataSet> {
    crate::read_data_set(bytes, syntax, &Limits { max_elements: 1000, ..Limits::default() }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn studies_of_other_keys_are_never_returned() {
        let study = |number: u32, patient: &str| StudyMatch {
            study: Uid::from_u128(u128::from(number)),
            accession_number: None,
            patient_id: Some(patient.to_owned()),
            study_date: None,
            modalities: Vec::new(),
            instances: None,
        };
        let key = StudyKey::PatientId(" P1 ".to_owned());
        let mixed = exact(vec![study(1, "P1"), study(2, "P10"), study(3, "p1")], &key).unwrap();
        assert!(mixed == [study(1, "P1")]);
        assert!(exact(Vec::new(), &key).unwrap().is_empty());
        assert!(matches!(exact(vec![study(2, "P2")], &key), Err(NetError::Unexpected(_))));
        let accession = StudyKey::AccessionNumber("P1".to_owned());
        assert!(exact(vec![study(1, "P1")], &accession).is_err(), "the key must come back to be believed");
    }

    #[test]
    fn keys_that_match_more_than_one_value_are_refused() {
        let accession = |text: &str| identifier(&StudyKey::AccessionNumber(text.to_owned()));
        for bad in ["", "  ", "*", "A?1", "1\\2", "A\nB", "01234567890123456"] {
            assert!(matches!(accession(bad), Err(NetError::Key(_))), "{bad:?}");
        }
        let key = accession(" A100 ").unwrap();
        assert_eq!(key.get(tags::ACCESSION_NUMBER).unwrap().to_str().unwrap(), "A100");
        assert_eq!(key.get(tags::PATIENT_ID).unwrap().to_str().unwrap(), "");
        assert!(key.get(tags::SPECIFIC_CHARACTER_SET).is_none());
        assert!(
            identifier(&StudyKey::PatientId("환자1".to_owned()))
                .unwrap()
                .get(tags::SPECIFIC_CHARACTER_SET)
                .is_some()
        );
    }
}
