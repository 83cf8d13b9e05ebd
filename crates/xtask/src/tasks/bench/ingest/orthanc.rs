//! Orthanc as the peer: Debian's, SQLite, storing plainly, with TCP_NODELAY as its manual advises.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::setup::find_program;

/// A started Orthanc with a fresh store. Dropping it kills it.
pub(super) struct Orthanc {
    child: Child,
    port: u16,
}

impl Orthanc {
    /// Starts Orthanc with its store in `dir`.
    ///
    /// # Errors
    /// When it is not installed or does not come to listen.
    pub(super) fn start(dir: &Path) -> anyhow::Result<Self> {
        let program = find_program("Orthanc").or_else(|| find_program("/usr/sbin/Orthanc"));
        let program = program.context("Orthanc is not installed")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        std::fs::create_dir_all(dir)?;
        let config = serde_json::json!({
            "Name": "PEER", "StorageDirectory": dir, "IndexDirectory": dir, "DicomPort": port, "DicomAet": "ORTHANC",
            "HttpServerEnabled": false, "DicomAlwaysAllowStore": true, "DicomCheckCalledAet": false,
            "SaveJobs": false, "UnknownSopClassAccepted": true, "Plugins": []
        });
        let path = dir.join("orthanc.json");
        std::fs::write(&path, config.to_string())?;
        let child = Command::new(program)
            .arg(&path)
            .env("TCP_NODELAY", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let orthanc = Self { child, port };
        orthanc.wait()?;
        Ok(orthanc)
    }

    fn wait(&self) -> anyhow::Result<()> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("Orthanc does not listen")
    }

    /// The DICOM address.
    pub(super) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The process id.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Orthanc {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
