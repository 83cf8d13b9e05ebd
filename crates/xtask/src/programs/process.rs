//! A program that runs until its owner stops it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

/// How long a program may take until it listens.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A started program. Dropping it kills it.
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts `command`, its output going to `log`, and waits until it has written `listening`.
    ///
    /// # Errors
    /// When it cannot be started, or ends or stays silent instead of listening.
    pub fn start(mut command: Command, log: &Path, listening: &Path) -> anyhow::Result<(Self, Value)> {
        std::fs::remove_file(listening).ok();
        let output = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child =
            command.spawn().with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let mut running = Self { child, log: log.to_owned() };
        let addresses = running.wait_for(listening)?;
        Ok((running, addresses))
    }

    fn wait_for(&mut self, listening: &Path) -> anyhow::Result<Value> {
        let start = Instant::now();
        while start.elapsed() < START_LIMIT {
            if let Some(status) = self.child.try_wait()? {
                bail!("the program ended with {status}; its log is {}", self.log.display());
            }
            let parsed = std::fs::read(listening).ok().and_then(|text| serde_json::from_slice(&text).ok());
            if let Some(addresses) = parsed {
                return Ok(addresses);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("the program does not listen after {START_LIMIT:?}; its log is {}", self.log.display())
    }

    /// Kills the program without warning (SIGKILL), as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }

    /// Asks the program to stop (SIGTERM) and waits; kills it when it does not.
    pub fn stop(&mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        let limit = Instant::now() + Duration::from_secs(15);
        while asked.as_ref().is_ok_and(std::process::ExitStatus::success) && Instant::now() < limit {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.kill();
    }

    /// Whether the program is still there.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the program ends by itself.
    ///
    /// # Errors
    /// When waiting fails.
    pub fn wait(&mut self) -> anyhow::Result<()> {
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs `command` to its end and returns what it printed.
///
/// # Errors
/// When it cannot be started or fails; the message carries what it said.
pub fn run_to_end(command: &mut Command) -> anyhow::Result<Output> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    ensure!(
        output.status.success(),
        "{} {} ended with {}: {}{}",
        command.get_program().display(),
        command.get_args().map(|a| a.to_string_lossy()).collect::<Vec<_>>().join(" "),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(output)
}
