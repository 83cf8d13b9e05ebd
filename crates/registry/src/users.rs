//! People's accounts and their tokens.

use jiff::Timestamp;
use sumgil_custody::{Credential, sha256};
use sumgil_model::SiteId;

use crate::{
    Error, Registry, Role,
    audit::{self, Actor},
    store::{tokens, users},
};

/// Adds an account with one token, which is returned and kept nowhere.
///
/// # Errors
/// When the name is taken, or the database fails.
pub async fn add(
    registry: &Registry,
    name: &str,
    role: Role,
    site: Option<SiteId>,
    now: Timestamp,
) -> Result<Credential, Error> {
    let credential = Credential::generate(&mut rand::rng());
    let hash = sha256(credential.expose());
    let name = name.to_owned();
    let mut entry = Actor::console().did("user.add", now);
    entry.object = Some(format!("user {name}"));
    entry.after = Some(role.as_str().to_owned());
    registry
        .db
        .write(move |tx| {
            Box::pin(async move {
                users::add(tx, &name, role.as_str(), site.as_ref(), now).await?;
                tokens::add_for_user(tx, &hash, &name, "first token", now, None).await?;
                audit::append(tx, entry).await
            })
        })
        .await?;
    Ok(credential)
}
