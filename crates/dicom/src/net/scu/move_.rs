//! C-MOVE of a study to an application entity that the peer knows, normally our own receiving side (PS3.4 C.4.2).

use dicom_core::{DataElement, PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use sumgil_model::{Study, Uid};

use super::{
    Peer,
    client::Client,
    find::{encode, query_proposal},
};
use crate::{
    DataSet,
    net::{
        NetError,
        command::{Command, field},
    },
};

/// Pending: sub-operations are continuing.
const PENDING: u16 = 0xFF00;
/// Sub-operations complete, one or more failures.
const SOME_FAILED: u16 = 0xB000;

/// How a C-MOVE ended, in numbers of instances (sub-operations); zero where the peer does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Sent with success.
    pub completed: u32,
    /// Not sent, or refused by the destination.
    pub failed: u32,
    /// Sent with a warning.
    pub warning: u32,
}

/// Asks `peer` to send `study` to `destination_ae`, and waits until it says that it has. `progress` hears interim
/// reports. A move that ends with failed sub-operations is an answer, not an error.
///
/// # Errors
/// [`NetError::Failed`] with the final status: A801H when the peer does not know the destination, for example.
pub async fn move_(
    peer: &Peer,
    study: &Uid<Study>,
    destination_ae: &str,
    mut progress: impl FnMut(Moved),
) -> Result<Moved, NetError> {
    let sop_class = uids::STUDY_ROOT_QUERY_RETRIEVE_INFORMATION_MODEL_MOVE;
    let mut client = Client::connect(peer, &[query_proposal(sop_class)]).await?;
    let context = client.context(sop_class, None).ok_or(NetError::NotAccepted("study root C-MOVE"))?;
    let mut identifier = DataSet::new_empty();
    identifier.put(DataElement::new(tags::QUERY_RETRIEVE_LEVEL, VR::CS, PrimitiveValue::from("STUDY")));
    identifier.put(DataElement::new(tags::STUDY_INSTANCE_UID, VR::UI, PrimitiveValue::from(study.as_str())));
    let bytes = encode(&identifier, &context)?;
    let command = Command::new(field::C_MOVE, true)
        .number(tags::PRIORITY, 0)
        .uid(tags::AFFECTED_SOP_CLASS_UID, sop_class)
        .string(tags::MOVE_DESTINATION, VR::AE, destination_ae);
    client.request(context.id, command, Some(&bytes)).await?;
    loop {
        let (answer, _) = client.answer().await?;
        let so_far = counts(&answer);
        match answer.integer(tags::STATUS) {
            Some(PENDING) => progress(so_far),
            Some(0 | SOME_FAILED) => {
                client.release().await?;
                return Ok(so_far);
            }
            status => return Err(NetError::Failed(status.unwrap_or(0xC000))),
        }
    }
}

fn counts(answer: &Command) -> Moved {
    let number = |tag| answer.integer(tag).map_or(0, u32::from);
    Moved {
        completed: number(tags::NUMBER_OF_COMPLETED_SUBOPERATIONS),
        failed: number(tags::NUMBER_OF_FAILED_SUBOPERATIONS),
        warning: number(tags::NUMBER_OF_WARNING_SUBOPERATIONS),
    }
}
