//! A registry in a folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use super::{Running, run_to_end};

/// A secret that a program printed once.
pub type Token = String;

/// A registry: its data directory, and its process while it serves.
pub struct Registry {
    program: PathBuf,
    /// The data directory.
    pub dir: PathBuf,
    running: Option<Running>,
    address: Option<String>,
}

impl Registry {
    /// Makes a new registry in `dir` with the programs of `binaries`.
    ///
    /// # Errors
    /// When `sumgil-registry init` fails.
    pub fn init(binaries: &Path, dir: &Path) -> anyhow::Result<Self> {
        let registry = Self::existing(binaries, dir);
        run_to_end(registry.command().arg("init"))?;
        Ok(registry)
    }

    /// The registry that `dir` already holds.
    pub fn existing(binaries: &Path, dir: &Path) -> Self {
        Self { program: binaries.join("sumgil-registry"), dir: dir.to_owned(), running: None, address: None }
    }

    /// `sumgil-registry --dir DIR`, to be completed with a subcommand.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--dir").arg(&self.dir);
        command
    }

    /// Starts serving on loopback; the same port again after a restart, so that edges find it.
    ///
    /// # Errors
    /// When it does not come to listen.
    pub fn serve(&mut self) -> anyhow::Result<()> {
        let address = self.address.clone().unwrap_or_else(|| "127.0.0.1:0".to_owned());
        let mut command = self.command();
        command.args(["serve", "--listen", &address]);
        let log = self.dir.with_extension("log");
        let (running, addresses) = Running::start(command, &log, &self.dir.join("listening.json"))?;
        self.running = Some(running);
        self.address = Some(address_of(&addresses, "address")?);
        Ok(())
    }

    /// The process.
    ///
    /// # Errors
    /// When the registry is not serving.
    pub fn process(&mut self) -> anyhow::Result<&mut Running> {
        self.running.as_mut().context("the registry is not serving")
    }

    /// Stops serving, politely.
    pub fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.stop();
        }
    }

    /// The address that clients use.
    ///
    /// # Errors
    /// When the registry has never served.
    pub fn url(&self) -> anyhow::Result<String> {
        Ok(format!("https://{}", self.address.as_deref().context("the registry has not served yet")?))
    }

    /// Enrols a site and returns its one-time token.
    ///
    /// # Errors
    /// When the command fails.
    pub fn enrol(&self, code: &str, name: &str) -> anyhow::Result<Token> {
        first_line(self.command().args(["site", "enrol", code, "--name", name]))
    }

    /// Adds a user and returns the personal access token.
    ///
    /// # Errors
    /// When the command fails.
    pub fn add_user(&self, name: &str, role: &str) -> anyhow::Result<Token> {
        first_line(self.command().args(["user", "add", name, "--role", role]))
    }

    /// The statistics, as the JSON that the program prints.
    ///
    /// # Errors
    /// When the command fails or prints something else.
    pub fn statistics(&self) -> anyhow::Result<Vec<Value>> {
        let output = run_to_end(self.command().args(["statistics", "--format", "json"]))?;
        serde_json::from_slice(&output.stdout).context("statistics are not a JSON array")
    }

    /// `sumgil-registry check`: every object opens, every row has its object and the reverse.
    ///
    /// # Errors
    /// When the check finds something.
    pub fn check(&self) -> anyhow::Result<String> {
        let output = run_to_end(self.command().arg("check"))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

pub(super) fn address_of(addresses: &Value, name: &str) -> anyhow::Result<String> {
    Ok(addresses[name].as_str().with_context(|| format!("listening.json has no {name}"))?.to_owned())
}

/// Tokens are printed alone on the first line of standard output.
fn first_line(command: &mut Command) -> anyhow::Result<Token> {
    let output = run_to_end(command)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let token = text.lines().next().map(str::trim).filter(|line| !line.is_empty() && !line.contains(' '));
    Ok(token.context("the program printed no token")?.to_owned())
}
