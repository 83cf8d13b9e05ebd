//! `init`: keys are made, the registry is pinned, the token is used up.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use clap::Args;
use sumgil_transfer::EnrolToken;

use crate::{EdgeError, Enrolment, Home, SecretTexts, config::Config, enrol, write_private};

use super::cli::say;

/// Arguments of `init`.
#[derive(Args)]
pub(super) struct InitArgs {
    /// The registry's address, such as https://registry.example:8443.
    #[arg(long, value_name = "URL")]
    registry: String,
    /// The one-time token that 'sumgil-registry site enrol' printed, or @FILE to read it from a file.
    #[arg(long, value_name = "TOKEN")]
    token: String,
}

pub(super) async fn run(dir: &Path, args: InitArgs) -> Result<()> {
    let home = Home::new(dir);
    if Enrolment::exists(&home) {
        bail!(EdgeError::AlreadySetUp(dir.to_owned()));
    }
    let line = match args.token.strip_prefix('@') {
        Some(file) => fs::read_to_string(file).context("the token's file cannot be read")?,
        None => args.token,
    };
    let token = EnrolToken::parse(&line)?;
    home.create()?;
    let _lock = home.lock()?;
    // an interrupted init has left keys that no registry knows yet: they are as good as new ones
    let texts = match SecretTexts::load(&home) {
        Ok(texts) => texts,
        Err(_) => {
            let texts = SecretTexts::generate(&mut rand::rng());
            texts.store(&home)?;
            texts
        }
    };
    if !home.config().exists() {
        write_private(&home.config(), Config::template().as_bytes())?;
    }
    let enrolment = enrol(&home, &args.registry, &token, &texts.parse()?).await?;
    enrolment.protocol()?;
    say(&advice(dir, &enrolment));
    Ok(())
}

fn advice(dir: &Path, enrolment: &Enrolment) -> String {
    let dir = dir.display();
    format!(
        "Enrolled as site '{site}' at {registry}; its certificate authority is pinned.\n\
         \n\
         Now back up the keys. Without the pseudonym key nobody can ever again tell which subject is which\n\
         patient, and a re-installed edge would give every patient a second pseudonym. Keep the backup and its\n\
         passphrase apart from this machine and apart from each other:\n\
         \n\
         \x20   sumgil-edge --dir {dir} key backup KEYS.age\n\
         \n\
         Then look through {dir}/edge.toml, and start:\n\
         \n\
         \x20   sumgil-edge --dir {dir} config check\n\
         \x20   sumgil-edge --dir {dir} serve",
        site = enrolment.site,
        registry = enrolment.registry,
    )
}
