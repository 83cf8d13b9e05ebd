//! A hospital's edge in a folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;

use super::registry::address_of;
use super::{Running, run_to_end};

/// An edge: its data directory, and its process while it serves.
pub struct Edge {
    program: PathBuf,
    /// The data directory.
    pub dir: PathBuf,
    running: Option<Running>,
    dicom: Option<String>,
    page: Option<String>,
}

impl Edge {
    /// Makes a new edge in `dir` that belongs to the registry at `url`.
    ///
    /// # Errors
    /// When `sumgil-edge init` fails.
    pub fn init(binaries: &Path, dir: &Path, url: &str, token: &str) -> anyhow::Result<Self> {
        let edge = Self::existing(binaries, dir);
        run_to_end(edge.command().args(["init", "--registry", url, "--token", token]))?;
        Ok(edge)
    }

    /// The edge that `dir` already holds.
    pub fn existing(binaries: &Path, dir: &Path) -> Self {
        Self {
            program: binaries.join("sumgil-edge"),
            dir: dir.to_owned(),
            running: None,
            dicom: None,
            page: None,
        }
    }

    /// `sumgil-edge --dir DIR`, to be completed with a subcommand.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--dir").arg(&self.dir);
        command
    }

    /// Sets one value of edge.toml, as an operator would with an editor.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn configure(&self, key: &str, value: impl Into<toml::Value>) -> anyhow::Result<()> {
        let path = self.dir.join("edge.toml");
        let mut config: toml::Table = std::fs::read_to_string(&path)?.parse()?;
        config.insert(key.to_owned(), value.into());
        Ok(std::fs::write(&path, config.to_string())?)
    }

    /// Starts serving on loopback; the same DICOM port again after a restart.
    ///
    /// # Errors
    /// When it does not come to listen.
    pub fn serve(&mut self) -> anyhow::Result<()> {
        let dicom = self.dicom.clone().unwrap_or_else(|| "127.0.0.1:0".to_owned());
        let mut command = self.command();
        command.args(["serve", "--dicom", &dicom, "--status", "127.0.0.1:0"]);
        let log = self.dir.with_extension("log");
        let (running, addresses) = Running::start(command, &log, &self.dir.join("listening.json"))?;
        self.running = Some(running);
        self.dicom = Some(address_of(&addresses, "dicom")?);
        self.page = Some(address_of(&addresses, "status")?);
        Ok(())
    }

    /// The process.
    ///
    /// # Errors
    /// When the edge is not serving.
    pub fn process(&mut self) -> anyhow::Result<&mut Running> {
        self.running.as_mut().context("the edge is not serving")
    }

    /// Stops serving, politely.
    pub fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.stop();
        }
    }

    /// Address of the DICOM port.
    ///
    /// # Errors
    /// When the edge has never served.
    pub fn dicom_address(&self) -> anyhow::Result<&str> {
        self.dicom.as_deref().context("the edge has not served yet")
    }

    /// Address of the local page, for a browser on this machine.
    ///
    /// # Errors
    /// When the edge has never served.
    pub fn page_address(&self) -> anyhow::Result<String> {
        Ok(format!("http://{}", self.page.as_deref().context("the edge has not served yet")?))
    }

    /// The counts that `sumgil-edge status --json` prints.
    ///
    /// # Errors
    /// When the command fails or prints something else.
    pub fn status(&self) -> anyhow::Result<Value> {
        let output = run_to_end(self.command().args(["status", "--json"]))?;
        serde_json::from_slice(&output.stdout).context("status is not JSON")
    }

    /// Waits until nothing is held, spooled or under way.
    ///
    /// # Errors
    /// When that does not happen within `limit`.
    pub fn wait_drained(&self, limit: Duration) -> anyhow::Result<()> {
        let seconds = limit.as_secs().to_string();
        run_to_end(self.command().args(["status", "--wait-drained", "--timeout", &seconds]))?;
        Ok(())
    }

    /// Imports a clinical table.
    ///
    /// # Errors
    /// When the table is refused.
    pub fn import_clinical(&self, files: &[PathBuf]) -> anyhow::Result<()> {
        run_to_end(self.command().arg("import-clinical").args(files))?;
        Ok(())
    }
}
