//! `key backup` and `key restore`: everything that makes this edge this hospital's, under a passphrase.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};

use crate::{EdgeError, Enrolment, Home, backup, write_private};

use super::{cli::say, passphrase::passphrase};

/// Commands of `key`.
#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Write the keys and the enrolment into FILE, encrypted under a passphrase (age format).
    Backup(FileArgs),
    /// Set up a new data directory from a backup: the same pseudonyms, the same site.
    Restore(FileArgs),
}

/// A backup file and its passphrase.
#[derive(Args)]
pub(super) struct FileArgs {
    /// The backup.
    file: PathBuf,
    /// Read the passphrase from the first line of this file instead of asking for it.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

pub(super) fn run(dir: &Path, command: KeyCommand) -> Result<()> {
    let home = Home::new(dir);
    match command {
        KeyCommand::Backup(args) => {
            if args.file.exists() {
                bail!("{} exists already; a backup is never written over another", args.file.display());
            }
            Enrolment::load(&home)?;
            let passphrase = passphrase(args.passphrase_file.as_deref(), true)?;
            write_private(&args.file, &backup::make(&home, &passphrase)?)?;
            say(&format!("Backup written to {}. Keep it and its passphrase apart.", args.file.display()));
        }
        KeyCommand::Restore(args) => {
            if Enrolment::exists(&home) {
                bail!(EdgeError::AlreadySetUp(dir.to_owned()));
            }
            let sealed = fs::read(&args.file).context("the backup cannot be read")?;
            let passphrase = passphrase(args.passphrase_file.as_deref(), false)?;
            let enrolment = backup::restore(&home, &passphrase, &sealed)?;
            say(&format!(
                "Restored: this is site '{}' again, with the same pseudonyms. Make sure that the former machine \
                 does not send any more.",
                enrolment.site
            ));
        }
    }
    Ok(())
}
