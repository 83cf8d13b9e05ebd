//! Processor time and memory of another process (Linux).

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

/// What a program cost from start to end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    pub(super) wall_seconds: f64,
    /// User and system time.
    pub(super) cpu_seconds: f64,
    /// Most resident memory.
    pub(super) peak_mib: f64,
}

/// Runs a program to its end. It is looked at every few milliseconds; its times are read when it has ended and before
/// it is buried.
///
/// # Errors
/// When it cannot be started or fails.
pub(super) fn run(command: &mut Command) -> anyhow::Result<Cost> {
    let name = command.get_program().display().to_string();
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.with_context(|| format!("cannot start {name}"))?;
    let mut peak_mib = 0.0_f64;
    while !has_ended(child.id())? {
        peak_mib = peak_mib.max(peak(child.id()));
        std::thread::sleep(Duration::from_millis(3));
    }
    let wall_seconds = start.elapsed().as_secs_f64();
    let cpu_seconds = cpu_seconds(child.id())?;
    let status = child.wait()?;
    ensure!(status.success(), "{name} ended with {status}");
    Ok(Cost { wall_seconds, cpu_seconds, peak_mib })
}

fn has_ended(pid: u32) -> anyhow::Result<bool> {
    Ok(fields(pid)?.first().is_some_and(|state| state == "Z"))
}

/// Peak resident memory; 0 once it has ended.
fn peak(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

/// User and system time of a process in seconds (fields 14 and 15 of /proc/PID/stat, in 1/100 s).
pub(super) fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let fields = fields(pid)?;
    let ticks =
        |at: usize| fields.get(at).and_then(|t| t.parse::<f64>().ok()).context("unreadable /proc stat");
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}

/// The fields of /proc/PID/stat from the state on.
fn fields(pid: u32) -> anyhow::Result<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).context("the process has ended")?;
    let Some((_, after_name)) = stat.rsplit_once(')') else { bail!("unreadable /proc stat") };
    Ok(after_name.split_whitespace().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_measured_and_a_failing_one_is_told() {
        let cost = run(Command::new("sh").args(["-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"]))
            .unwrap();
        assert!(cost.cpu_seconds > 0.0 && cost.wall_seconds > 0.0 && cost.peak_mib > 0.0, "{cost:?}");
        assert!(run(&mut Command::new("false")).is_err());
        assert!(run(&mut Command::new("no-such-program")).is_err());
    }
}
