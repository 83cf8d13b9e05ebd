//! A throw-away local PostgreSQL: one cluster a test process, a fresh database a test.
//!
//! The cluster listens on a Unix socket only, keeps nothing durable (`fsync=off`) and lives in a temporary
//! folder. PostgreSQL refuses to run as root; then everything runs as the user `postgres`.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use anyhow::{Context as _, Result, bail};

/// Set to `1` where a missing PostgreSQL must fail the tests instead of being skipped.
pub const REQUIRE: &str = "SUMGIL_REQUIRE_POSTGRES";

static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();

/// A running cluster. It ends with the process that started it: `postgres` is told to watch that one.
struct Cluster {
    socket: PathBuf,
    programs: PathBuf,
    as_postgres: bool,
    made: AtomicU32,
}

/// The address of a fresh, empty database, or `None` when PostgreSQL is not installed (one line says so).
///
/// # Panics
/// When PostgreSQL is installed and does not start, or is wanted by [`REQUIRE`] and absent.
#[allow(clippy::panic, reason = "development only: a test must stop here")]
pub fn fresh_database() -> Option<String> {
    let cluster = CLUSTER.get_or_init(|| match Cluster::start() {
        Ok(Some(cluster)) => Some(cluster),
        Ok(None) if std::env::var(REQUIRE).is_ok_and(|v| v == "1") => {
            panic!("{REQUIRE}=1, and no PostgreSQL (initdb) was found")
        }
        Ok(None) => {
            announce("skipped: PostgreSQL is not installed; the store was tested on SQLite alone");
            None
        }
        Err(error) => panic!("the throw-away PostgreSQL did not start: {error:#}"),
    });
    cluster.as_ref().map(|cluster| match cluster.create() {
        Ok(url) => url,
        Err(error) => panic!("no fresh database: {error:#}"),
    })
}

#[allow(clippy::print_stderr, reason = "development only: the reader of a test run must see it")]
fn announce(line: &str) {
    eprintln!("{line}");
}

impl Cluster {
    fn start() -> Result<Option<Self>> {
        let Some(programs) = find_programs() else { return Ok(None) };
        let as_postgres = is_root()?;
        let home = tempfile::Builder::new().prefix("sumgil-pg-").tempdir_in("/tmp")?.keep();
        if as_postgres {
            run(Command::new("chown").arg("postgres").arg(&home))?;
        }
        let data = home.join("data");
        let cluster = Self { socket: home.clone(), programs, as_postgres, made: AtomicU32::new(0) };
        run(cluster.program("initdb").arg("-D").arg(&data).args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "--locale=C",
            "-E",
            "UTF8",
        ]))?;
        let settings = format!(
            "-k {} -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=400",
            home.display()
        );
        run(cluster
            .program("pg_ctl")
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(home.join("log"))
            .args(["-w", "-t", "60", "-o", &settings, "start"]))?;
        cluster.stop_with_this_process(&home)?;
        Ok(Some(cluster))
    }

    /// A small shell outlives this process just long enough to stop the cluster and remove its folder: statics
    /// are not dropped, and a killed test run must leave nothing behind.
    fn stop_with_this_process(&self, home: &Path) -> Result<()> {
        let script = "while kill -0 \"$0\" 2>/dev/null; do sleep 1; done; \
            \"$1\" -D \"$2/data\" -m immediate -w stop; rm -rf \"$2\"";
        let mut shell = self.as_owner("sh");
        // `kill -0` on another user's process fails with EPERM: /proc tells it apart.
        let script = script.replace("kill -0 \"$0\" 2>/dev/null", "test -d \"/proc/$0\"");
        shell
            .arg("-c")
            .arg(script)
            .arg(std::process::id().to_string())
            .arg(self.programs.join("pg_ctl"))
            .arg(home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("the cluster's watcher")?;
        Ok(())
    }

    fn create(&self) -> Result<String> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("sumgil_{number}");
        let socket = self.socket.display().to_string();
        run(self.program("createdb").args(["-h", &socket, "-U", "postgres", "-T", "template0", &name]))?;
        let host = socket.replace('/', "%2F");
        Ok(format!("postgres://postgres@{host}/{name}"))
    }

    fn program(&self, name: &str) -> Command {
        self.as_owner(self.programs.join(name))
    }

    fn as_owner(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = if self.as_postgres {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/");
        command
    }
}

fn find_programs() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    folders.sort();
    folders.reverse();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

fn is_root() -> Result<bool> {
    let output = Command::new("id").arg("-u").output().context("id -u")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim() == "0")
}

/// Runs `command`; its output goes to files, because a started server would keep a pipe open for ever.
fn run(command: &mut Command) -> Result<()> {
    let log = tempfile::NamedTempFile::new()?;
    let status = command
        .stdin(Stdio::null())
        .stdout(log.reopen()?)
        .stderr(log.reopen()?)
        .status()
        .with_context(|| format!("{command:?}"))?;
    if !status.success() {
        bail!("{command:?}: {status}: {}", std::fs::read_to_string(log.path()).unwrap_or_default());
    }
    Ok(())
}
