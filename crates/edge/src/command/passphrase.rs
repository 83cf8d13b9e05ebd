//! A passphrase from a file, or from the terminal without showing it.

use std::{
    fs,
    io::{BufRead, IsTerminal, Write, stderr, stdin},
    path::Path,
};

use anyhow::{Context, Result, bail};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// Shortest passphrase of a new backup, in characters.
const SHORTEST: usize = 12;

/// Reads the first line of `file`, or asks at the terminal; a new passphrase is asked for twice.
pub(super) fn passphrase(file: Option<&Path>, new: bool) -> Result<Zeroizing<String>> {
    let passphrase = match file {
        Some(file) => {
            let text =
                Zeroizing::new(fs::read_to_string(file).context("the passphrase file cannot be read")?);
            Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
        }
        None => ask("Passphrase: ")?,
    };
    if new && passphrase.chars().count() < SHORTEST {
        bail!("the passphrase must have at least {SHORTEST} characters; five random words are a good one");
    }
    if new && file.is_none() && *ask("Once more: ")? != *passphrase {
        bail!("the two passphrases differ");
    }
    Ok(passphrase)
}

/// Asks at the terminal without showing what is typed.
pub(super) fn ask(prompt: &str) -> Result<Zeroizing<String>> {
    if !stdin().is_terminal() {
        bail!("no terminal to ask for a passphrase: use --passphrase-file");
    }
    stderr().write_all(prompt.as_bytes())?;
    let input = stdin();
    let before = tcgetattr(&input)?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&input, OptionalActions::Flush, &silent)?;
    let mut line = Zeroizing::new(String::new());
    let read = input.lock().read_line(&mut line);
    tcsetattr(&input, OptionalActions::Flush, &before)?;
    stderr().write_all(b"\n")?;
    read?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
