//! Answers an association request: each presentation context by itself (PS3.8 9.3.2, 9.3.3).

use std::collections::BTreeMap;

use dicom_dictionary_std::uids;
use dicom_ul::pdu::{
    AssociationAC, AssociationRJ, AssociationRJResult, AssociationRJServiceProviderASCEReason,
    AssociationRJServiceProviderPresentationReason, AssociationRJServiceUserReason, AssociationRJSource,
    AssociationRQ, PresentationContextProposed, PresentationContextResult, PresentationContextResultReason,
    UserVariableItem,
};
use sumgil_model::{TransferSyntax, Uid};

use super::ScpConfig;
use crate::net::storage::is_storage_class;

/// What both sides agreed on.
pub(crate) struct Agreed {
    /// Accepted contexts by identifier, with the transfer syntax of each.
    pub(crate) contexts: BTreeMap<u8, Uid<TransferSyntax>>,
    pub(crate) calling_ae: String,
    pub(crate) called_ae: String,
    /// Longest P-DATA PDU that the peer takes, in bytes; 0: any.
    pub(crate) peer_max_pdu: u32,
}

/// Decides about `request` without regard to how many associations there are.
pub(crate) fn negotiate(
    request: &AssociationRQ,
    config: &ScpConfig,
) -> Result<(AssociationAC, Agreed), AssociationRJ> {
    check_request(request, config)?;
    let mut contexts = BTreeMap::new();
    let mut results = Vec::with_capacity(request.presentation_contexts.len());
    for proposed in &request.presentation_contexts {
        let outcome = if proposed.id % 2 == 0 || contexts.contains_key(&proposed.id) {
            Err(PresentationContextResultReason::NoReason)
        } else {
            choose(proposed, config.accept_unknown_sop_classes)
        };
        results.push(result_item(proposed, &outcome));
        if let Ok(transfer_syntax) = outcome {
            contexts.insert(proposed.id, transfer_syntax);
        }
    }
    let agreed = Agreed {
        contexts,
        calling_ae: request.calling_ae_title.clone(),
        called_ae: request.called_ae_title.clone(),
        peer_max_pdu: peer_max_pdu(&request.user_variables),
    };
    Ok((acceptance(request, results, config.max_pdu), agreed))
}

/// The rejection for "no place is free just now".
pub(crate) fn full_house() -> AssociationRJ {
    let reason = AssociationRJServiceProviderPresentationReason::LocalLimitExceeded;
    AssociationRJ {
        result: AssociationRJResult::Transient,
        source: AssociationRJSource::ServiceProviderPresentation(reason),
    }
}

/// The longest P-DATA PDU that a peer announced among its user variables; 0: any.
pub(crate) fn peer_max_pdu(variables: &[UserVariableItem]) -> u32 {
    variables
        .iter()
        .find_map(|item| if let UserVariableItem::MaxLength(length) = item { Some(*length) } else { None })
        .unwrap_or(0)
}

fn check_request(request: &AssociationRQ, config: &ScpConfig) -> Result<(), AssociationRJ> {
    let refuse = |source| Err(AssociationRJ { result: AssociationRJResult::Permanent, source });
    if request.protocol_version & 1 == 0 {
        let reason = AssociationRJServiceProviderASCEReason::ProtocolVersionNotSupported;
        return refuse(AssociationRJSource::ServiceProviderASCE(reason));
    }
    let padding = ['\0', ' '];
    if request.application_context_name.trim_end_matches(padding) != uids::DICOM_APPLICATION_CONTEXT {
        let reason = AssociationRJServiceUserReason::ApplicationContextNameNotSupported;
        return refuse(AssociationRJSource::ServiceUser(reason));
    }
    if config.require_called_ae && request.called_ae_title.trim() != config.ae_title.trim() {
        let reason = AssociationRJServiceUserReason::CalledAETitleNotRecognized;
        return refuse(AssociationRJSource::ServiceUser(reason));
    }
    let allowed = &config.calling_ae_titles;
    if !allowed.is_empty() && !allowed.iter().any(|title| title.trim() == request.calling_ae_title.trim()) {
        let reason = AssociationRJServiceUserReason::CallingAETitleNotRecognized;
        return refuse(AssociationRJSource::ServiceUser(reason));
    }
    Ok(())
}

fn choose(
    proposed: &PresentationContextProposed,
    accept_unknown: bool,
) -> Result<Uid<TransferSyntax>, PresentationContextResultReason> {
    let sop_class = proposed.abstract_syntax.trim_end_matches(['\0', ' ']);
    if sop_class != uids::VERIFICATION && !is_storage_class(sop_class).unwrap_or(accept_unknown) {
        return Err(PresentationContextResultReason::AbstractSyntaxNotSupported);
    }
    // The first proposed is the sender's preference: often the form in which it keeps the object.
    let mut usable = proposed.transfer_syntaxes.iter().filter_map(|text| Uid::parse(text).ok());
    usable
        .find(|uid: &Uid<TransferSyntax>| !keeps_pixels_elsewhere(uid.as_str()))
        .ok_or(PresentationContextResultReason::TransferSyntaxesNotSupported)
}

/// JPIP syntaxes: the data set holds an address instead of pixels, so storing it would lose the image.
fn keeps_pixels_elsewhere(transfer_syntax: &str) -> bool {
    let jpip = [
        "1.2.840.10008.1.2.4.94",
        "1.2.840.10008.1.2.4.95",
        "1.2.840.10008.1.2.4.204",
        "1.2.840.10008.1.2.4.205",
    ];
    jpip.contains(&transfer_syntax)
}

fn result_item(
    proposed: &PresentationContextProposed,
    outcome: &Result<Uid<TransferSyntax>, PresentationContextResultReason>,
) -> PresentationContextResult {
    let (reason, transfer_syntax) = match outcome {
        Ok(transfer_syntax) => (PresentationContextResultReason::Acceptance, transfer_syntax.as_str()),
        // Not significant when not accepted, but some requestors insist on a UID being there.
        Err(reason) => (reason.clone(), uids::IMPLICIT_VR_LITTLE_ENDIAN),
    };
    PresentationContextResult { id: proposed.id, reason, transfer_syntax: transfer_syntax.to_owned() }
}

fn acceptance(
    request: &AssociationRQ,
    results: Vec<PresentationContextResult>,
    max_pdu: u32,
) -> AssociationAC {
    let (implementation_class, implementation_version) = crate::implementation();
    AssociationAC {
        protocol_version: 1,
        calling_ae_title: request.calling_ae_title.clone(),
        called_ae_title: request.called_ae_title.clone(),
        application_context_name: uids::DICOM_APPLICATION_CONTEXT.to_owned(),
        presentation_contexts: results,
        user_variables: vec![
            UserVariableItem::MaxLength(max_pdu),
            UserVariableItem::ImplementationClassUID(implementation_class.to_owned()),
            UserVariableItem::ImplementationVersionName(implementation_version.to_owned()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(id: u8, class: &str, syntaxes: &[&str]) -> PresentationContextProposed {
        PresentationContextProposed {
            id,
            abstract_syntax: class.to_owned(),
            transfer_syntaxes: syntaxes.iter().map(|&uid| uid.to_owned()).collect(),
        }
    }

    fn request(contexts: Vec<PresentationContextProposed>) -> AssociationRQ {
        AssociationRQ {
            protocol_version: 1,
            calling_ae_title: "MODALITY".to_owned(),
            called_ae_title: "ANY-SCP".to_owned(),
            application_context_name: uids::DICOM_APPLICATION_CONTEXT.to_owned(),
            presentation_contexts: contexts,
            user_variables: vec![UserVariableItem::MaxLength(16384)],
        }
    }

    #[test]
    fn each_context_is_decided_by_itself_and_the_first_syntax_wins() {
        let private = "1.2.840.113619.5.2";
        let request = request(vec![
            context(1, uids::VERIFICATION, &[uids::IMPLICIT_VR_LITTLE_ENDIAN]),
            context(3, uids::CT_IMAGE_STORAGE, &[uids::JPEG2000_LOSSLESS, uids::EXPLICIT_VR_LITTLE_ENDIAN]),
            context(5, "1.2.840.113619.4.27", &[private]),
            context(
                7,
                uids::STUDY_ROOT_QUERY_RETRIEVE_INFORMATION_MODEL_FIND,
                &[uids::IMPLICIT_VR_LITTLE_ENDIAN],
            ),
            context(9, uids::CT_IMAGE_STORAGE, &["1.2.840.10008.1.2.4.94", "no uid"]),
            context(11, uids::CT_IMAGE_STORAGE, &["1.2.840.10008.1.2.4.94", uids::RLE_LOSSLESS]),
            context(12, uids::CT_IMAGE_STORAGE, &[uids::RLE_LOSSLESS]),
            context(3, uids::CT_IMAGE_STORAGE, &[uids::RLE_LOSSLESS]),
        ]);
        let (answer, agreed) = negotiate(&request, &ScpConfig::default()).ok().unwrap();
        let codes: Vec<_> =
            answer.presentation_contexts.iter().map(|result| result.reason.clone() as u8).collect();
        assert_eq!(codes, [0, 0, 0, 3, 4, 0, 2, 2]);
        assert_eq!(agreed.contexts[&3].as_str(), uids::JPEG2000_LOSSLESS);
        assert_eq!(agreed.contexts[&5].as_str(), private);
        assert_eq!(agreed.contexts[&11].as_str(), uids::RLE_LOSSLESS);
        assert_eq!(agreed.peer_max_pdu, 16384);

        let strict = ScpConfig { accept_unknown_sop_classes: false, ..ScpConfig::default() };
        let (_, agreed) = negotiate(&request, &strict).ok().unwrap();
        assert!(!agreed.contexts.contains_key(&5) && agreed.contexts.contains_key(&3));
    }

    #[test]
    fn labels_are_checked_only_when_asked_for() {
        let request = request(vec![]);
        let reason = |config: ScpConfig| negotiate(&request, &config).err().map(|rejection| rejection.source);
        assert_eq!(reason(ScpConfig::default()), None);
        let called = reason(ScpConfig { require_called_ae: true, ..ScpConfig::default() });
        let expected = AssociationRJServiceUserReason::CalledAETitleNotRecognized;
        assert_eq!(called, Some(AssociationRJSource::ServiceUser(expected)));
        let calling = reason(ScpConfig { calling_ae_titles: vec!["CT1".to_owned()], ..ScpConfig::default() });
        let expected = AssociationRJServiceUserReason::CallingAETitleNotRecognized;
        assert_eq!(calling, Some(AssociationRJSource::ServiceUser(expected)));
    }
}
