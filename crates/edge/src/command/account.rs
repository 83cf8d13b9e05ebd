//! `account`: who may use the local page.

use std::{
    io::{BufRead, IsTerminal, stdin},
    path::Path,
};

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use sumgil_custody::hash_password;
use zeroize::Zeroizing;

use crate::{Edge, Home, page::Role, spool::now_us};

use super::{cli::say, passphrase::ask, who::who};

/// Shortest password, in characters.
const SHORTEST: usize = 12;

/// Commands of `account`.
#[derive(Subcommand)]
pub(super) enum AccountCommand {
    /// Add an account. The password is asked for, or read from standard input.
    Add(AddArgs),
    /// Who may log in, with which role.
    List,
    /// Set another password; every session of the account ends, and a closed name is open again.
    Password {
        /// The account.
        name: String,
    },
    /// Nobody can log in with the account any more; its sessions end.
    Disable {
        /// The account.
        name: String,
    },
    /// The account can be used again.
    Enable {
        /// The account.
        name: String,
    },
}

/// Arguments of `account add`.
#[derive(Args)]
pub(super) struct AddArgs {
    /// The name: letters, digits and . _ - @
    name: String,
    /// viewer: looks; reviewer: decides; admin: decides and looks after accounts.
    #[arg(long, value_parser = role)]
    role: Role,
}

fn role(word: &str) -> Result<Role, String> {
    Role::of(word).ok_or_else(|| "one of viewer, reviewer, admin".to_owned())
}

pub(super) async fn run(dir: &Path, command: AccountCommand) -> Result<()> {
    let edge = Edge::open(Home::new(dir)).await?;
    match command {
        AccountCommand::Add(args) => add(&edge, &args).await,
        AccountCommand::List => list(&edge).await,
        AccountCommand::Password { name } => password(&edge, &name.to_lowercase()).await,
        AccountCommand::Disable { name } => switch(&edge, &name.to_lowercase(), true).await,
        AccountCommand::Enable { name } => switch(&edge, &name.to_lowercase(), false).await,
    }
}

async fn add(edge: &Edge, args: &AddArgs) -> Result<()> {
    let name = args.name.to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || ".-_@".contains(c);
    if name.is_empty() || name.chars().count() > 64 || !name.chars().all(fits) {
        bail!("a name has 1 to 64 letters, digits and . _ - @");
    }
    if edge.db.account(&name).await?.is_some() {
        bail!("there is an account '{name}' already");
    }
    let hash = new_password()?;
    if !edge.db.add_account(&name, args.role.as_str(), &hash, now_us()).await? {
        bail!("there is an account '{name}' already");
    }
    edge.db.record_access(&who(), "account add", &format!("{name} ({})", args.role)).await?;
    say(&format!("{name} can log in as {}", args.role));
    Ok(())
}

async fn list(edge: &Edge) -> Result<()> {
    for account in edge.db.accounts().await? {
        let at = jiff::Timestamp::from_microsecond(account.changed_at)?.strftime("%Y-%m-%d");
        let state = if account.disabled { "disabled" } else { "active" };
        say(&format!("{:<24} {:<9} {state:<9} password set {at}", account.name, account.role));
    }
    Ok(())
}

async fn password(edge: &Edge, name: &str) -> Result<()> {
    if edge.db.account(name).await?.is_none() {
        bail!("there is no account '{name}'");
    }
    let hash = new_password()?;
    edge.db.set_password(name, &hash, now_us()).await?;
    edge.db.record_access(&who(), "account password", name).await?;
    say(&format!("the password of {name} was set; its sessions have ended"));
    Ok(())
}

async fn switch(edge: &Edge, name: &str, disabled: bool) -> Result<()> {
    if !edge.db.set_disabled(name, disabled).await? {
        bail!("there is no account '{name}'");
    }
    let what = if disabled { "account disable" } else { "account enable" };
    edge.db.record_access(&who(), what, name).await?;
    say(&format!("{name} is {}", if disabled { "disabled; its sessions have ended" } else { "active" }));
    Ok(())
}

/// Asks twice at a terminal, else reads one line; gives the hash.
fn new_password() -> Result<String> {
    let password = if stdin().is_terminal() {
        let first = ask("Password: ")?;
        if *ask("Once more: ")? != *first {
            bail!("the two passwords differ");
        }
        first
    } else {
        let mut line = Zeroizing::new(String::new());
        stdin().lock().read_line(&mut line)?;
        Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned())
    };
    if password.chars().count() < SHORTEST {
        bail!("the password must have at least {SHORTEST} characters; four random words are a good one");
    }
    Ok(hash_password(&password, &mut rand::rng())?)
}
