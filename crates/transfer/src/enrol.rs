//! Enrolment: `POST /v1/enrol`.

use serde::{Deserialize, Serialize};
use sumgil_custody::{Credential, ReceivingPublicKey, VerifyingKey};
use sumgil_model::{ProtocolId, SiteId};

/// Turns an enrolment token's secret into a standing credential. Works once.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolRequest {
    /// The token's secret, as text.
    #[serde(with = "credential")]
    pub secret: Credential,
    /// The public half of the key that will sign the site's manifests.
    pub site_key: VerifyingKey,
    /// The edge's software version, for the operator's list of sites.
    pub software: String,
}

/// What the edge needs from then on.
#[derive(Clone, Serialize, Deserialize)]
pub struct EnrolReply {
    /// The site that the token was made for.
    pub site: SiteId,
    /// The credential for the `Authorization: Bearer` header of every later request.
    #[serde(with = "credential")]
    pub credential: Credential,
    /// To whom object keys are encrypted.
    pub receiving_key: ReceivingPublicKey,
    /// Who signs receipts.
    pub receipt_key: VerifyingKey,
    /// The research protocols that the site takes part in.
    pub protocols: Vec<ProtocolId>,
}

/// A credential inside a message: the one place where it is written out.
mod credential {
    use serde::{Deserialize, Deserializer, Serializer};
    use sumgil_custody::Credential;
    use zeroize::Zeroizing;

    pub(super) fn serialize<S: Serializer>(value: &Credential, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.reveal())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Credential, D::Error> {
        let text = Zeroizing::new(String::deserialize(from)?);
        Credential::from_text(&text).map_err(serde::de::Error::custom)
    }
}
