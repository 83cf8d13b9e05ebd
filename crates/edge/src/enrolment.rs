//! Enrolment: a one-time token becomes a standing relation with one registry, whose authority is pinned.

use std::fs;

use serde::{Deserialize, Serialize};
use sumgil_custody::{Credential, ReceivingPublicKey, VerifyingKey};
use sumgil_model::{ProtocolId, SiteId};
use sumgil_transfer::{EnrolReply, EnrolRequest, EnrolToken, http::ENROL};

use crate::{EdgeError, Home, Secrets, tls, upload::Registry, write_private};

const ENROLMENT: &str = "enrolment.json";
const CREDENTIAL: &str = "credential";
const AUTHORITY: &str = "registry-authority.der";

/// What the edge knows of its registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// The registry's address.
    pub registry: String,
    /// The code that this hospital has there.
    pub site: SiteId,
    /// To whom object keys are encrypted.
    pub receiving_key: ReceivingPublicKey,
    /// Who signs receipts.
    pub receipt_key: VerifyingKey,
    /// The research protocols that the site takes part in.
    pub protocols: Vec<ProtocolId>,
}

impl Enrolment {
    /// The enrolment of `home`.
    ///
    /// # Errors
    /// [`EdgeError::NotSetUp`].
    pub fn load(home: &Home) -> Result<Self, EdgeError> {
        let text =
            fs::read(home.secret(ENROLMENT)).map_err(|_| EdgeError::NotSetUp(home.root().to_owned()))?;
        serde_json::from_slice(&text).map_err(|_| EdgeError::Secret(ENROLMENT))
    }

    /// Whether `home` has been enrolled.
    pub fn exists(home: &Home) -> bool {
        home.secret(ENROLMENT).exists()
    }

    /// The protocol that objects are sent under: the first that the site takes part in.
    ///
    /// # Errors
    /// [`EdgeError::Protocol`] when it takes part in none.
    pub fn protocol(&self) -> Result<&ProtocolId, EdgeError> {
        self.protocols.first().ok_or(EdgeError::Protocol("the site takes part in no protocol"))
    }

    /// The registry, to talk to: its pinned authority and our credential.
    ///
    /// # Errors
    /// [`EdgeError::Secret`].
    pub fn registry(&self, home: &Home) -> Result<Registry, EdgeError> {
        let credential = fs::read_to_string(home.secret(CREDENTIAL))
            .ok()
            .and_then(|text| Credential::from_text(&text).ok())
            .ok_or(EdgeError::Secret(CREDENTIAL))?;
        let client = if self.registry.starts_with("https:") {
            let authority = fs::read(home.secret(AUTHORITY)).map_err(|_| EdgeError::Secret(AUTHORITY))?;
            tls::client_for_authority(authority)?
        } else {
            tls::plain_client()?
        };
        Registry::new(&self.registry, client, &credential)
    }
}

/// Enrols `home` at `url`: the registry has to show a certificate under the authority whose fingerprint the
/// token carries; that authority is pinned from then on. The keys must be stored already.
///
/// # Errors
/// [`EdgeError::Unreachable`], [`EdgeError::WrongRegistry`], or the registry's refusal.
pub async fn enrol(
    home: &Home,
    url: &str,
    token: &EnrolToken,
    keys: &Secrets,
) -> Result<Enrolment, EdgeError> {
    let url = tls::checked_url(url)?;
    let (client, seen) = if url.starts_with("https:") {
        let (client, seen) = tls::client_for_fingerprint(token.fingerprint)?;
        (client, Some(seen))
    } else {
        (tls::plain_client()?, None)
    };
    let request = EnrolRequest {
        secret: token.secret.clone(),
        site_key: keys.signing.verifying_key().map_err(|_| EdgeError::Secret("signing.key"))?,
        software: concat!("sumgil-edge ", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let reply: EnrolReply = Registry::new(&url, client, &token.secret)?.post(ENROL, &request).await?;
    if let Some(authority) = seen.and_then(|seen| seen.authority()) {
        write_private(&home.secret(AUTHORITY), &authority)?;
    }
    write_private(&home.secret(CREDENTIAL), reply.credential.reveal().as_bytes())?;
    let enrolment = Enrolment {
        registry: url,
        site: reply.site,
        receiving_key: reply.receiving_key,
        receipt_key: reply.receipt_key,
        protocols: reply.protocols,
    };
    let text = serde_json::to_vec_pretty(&enrolment).map_err(|_| EdgeError::Secret(ENROLMENT))?;
    write_private(&home.secret(ENROLMENT), &text)?;
    Ok(enrolment)
}
