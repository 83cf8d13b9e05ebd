//! C-ECHO: is anybody there, and does it speak DICOM (PS3.4 annex A).

use dicom_dictionary_std::{tags, uids};

use super::{
    Peer,
    client::{Client, Proposal},
};
use crate::net::{
    NetError,
    command::{Command, field},
};

/// Associates with `peer`, asks for an echo, and releases.
///
/// # Errors
/// [`NetError`]; [`NetError::Failed`] when the answer is not success.
pub async fn echo(peer: &Peer) -> Result<(), NetError> {
    let proposal = Proposal {
        sop_class: uids::VERIFICATION.to_owned(),
        transfer_syntaxes: vec![uids::IMPLICIT_VR_LITTLE_ENDIAN.to_owned()],
    };
    let mut client = Client::connect(peer, &[proposal]).await?;
    let context = client.context(uids::VERIFICATION, None).ok_or(NetError::NotAccepted("verification"))?;
    let command = Command::new(field::C_ECHO, false).uid(tags::AFFECTED_SOP_CLASS_UID, uids::VERIFICATION);
    client.request(context.id, command, None).await?;
    let (answer, _) = client.answer().await?;
    match answer.integer(tags::STATUS) {
        Some(0) => client.release().await,
        status => Err(NetError::Failed(status.unwrap_or(0xC000))),
    }
}
