//! Enrolment of sites, from both ends: the token that a person carries, and the edge that redeems it.

use jiff::{SignedDuration, Timestamp};
use sumgil_custody::{Credential, sha256};
use sumgil_model::{ProtocolId, SiteId};
use sumgil_transfer::{EnrolReply, EnrolRequest, EnrolToken};

use crate::{
    Error, Registry,
    audit::{self, Actor},
    store::{StoreError, protocols, sites, tokens},
};

/// How long an enrolment token can be redeemed.
pub const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Adds the site, or takes up the one that is there, and makes a one-time token for its edge.
///
/// # Errors
/// When the site has been closed, or the database fails.
pub async fn issue_token(
    registry: &Registry,
    site: &SiteId,
    name: &str,
    fingerprint: [u8; 32],
    now: Timestamp,
) -> Result<EnrolToken, Error> {
    let secret = Credential::generate(&mut rand::rng());
    let hash = sha256(secret.expose());
    let (site, name) = (site.clone(), name.to_owned());
    let protocol = registry.config.protocol.clone();
    let mut entry = Actor::console().did("site.token", now);
    entry.object = Some(format!("site {site}"));
    registry
        .db
        .write(move |tx| {
            Box::pin(async move {
                match sites::find(&mut *tx, &site).await? {
                    None => sites::add(tx, &site, &name, now).await?,
                    Some(site) if site.closed_at.is_some() => {
                        return Err(StoreError::Conflict("the site has been closed"));
                    }
                    Some(_) => {}
                }
                protocols::add_site(tx, &protocol, &site, now).await?;
                tokens::add_enrol_token(tx, &hash, &site, now, now + TOKEN_LIFE).await?;
                audit::append(tx, entry).await
            })
        })
        .await?;
    Ok(EnrolToken { secret, fingerprint })
}

/// Redeems a one-time token: the edge's key is kept, earlier credentials of the site end, and it gets its own.
/// None when the token is unknown, used or too old.
///
/// # Errors
/// When the database fails.
pub async fn redeem(
    registry: &Registry,
    request: &EnrolRequest,
    actor: Actor,
    now: Timestamp,
) -> Result<Option<EnrolReply>, Error> {
    let token = sha256(request.secret.expose());
    let key = request.site_key.as_bytes().to_vec();
    let credential = Credential::generate(&mut rand::rng());
    let hash = sha256(credential.expose());
    let label: String = request.software.chars().filter(char::is_ascii_graphic).take(64).collect();
    let redeemed = registry
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(site) = tokens::redeem_enrol_token(tx, &token, now).await? else {
                    return Ok(None);
                };
                sites::enrolled(tx, &site, &key, now).await?;
                tokens::revoke_of_site(tx, &site, now).await?;
                tokens::add_for_site(tx, &hash, &site, &label, now, None).await?;
                let protocols = protocols::of_site(&mut *tx, &site).await?;
                let mut entry = actor.did("site.enrol", now);
                entry.object = Some(format!("site {site}"));
                audit::append(tx, entry).await?;
                let protocols: Vec<ProtocolId> = protocols.into_iter().map(|p| p.id).collect();
                Ok(Some((site, protocols)))
            })
        })
        .await?;
    let Some((site, protocols)) = redeemed else { return Ok(None) };
    Ok(Some(EnrolReply {
        site,
        credential,
        receiving_key: registry.keys.receiving.public()?,
        receipt_key: registry.keys.signing.verifying_key()?,
        protocols,
    }))
}
