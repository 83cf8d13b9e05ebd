//! Foreign tools from Debian's packages.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A foreign tool: how to recognise it and which Debian package holds it.
pub struct Tool {
    /// The package.
    pub package: &'static str,
    /// Places where one of its programs may stand; a bare name is looked up on PATH, `*` matches a folder.
    pub programs: &'static [&'static str],
    /// What it is for, in the words of a message.
    pub purpose: &'static str,
}

/// The tools that tests use.
pub const FOR_TESTS: &[Tool] = &[
    Tool { package: "dcmtk", programs: &["storescu"], purpose: "real DICOM clients" },
    Tool { package: "chromium", programs: &["chromium"], purpose: "a walk through the edge's page" },
    Tool { package: "postgresql", programs: &["/usr/lib/postgresql/*/bin/initdb"], purpose: "store tests" },
];

/// The tools that the benchmark uses.
pub const FOR_BENCH: &[Tool] = &[
    Tool { package: "dcmtk", programs: &["storescu"], purpose: "the sender" },
    Tool { package: "orthanc", programs: &["Orthanc", "/usr/sbin/Orthanc"], purpose: "the peer" },
];

/// Where `program` stands, if it is installed.
pub fn find(program: &str) -> Option<PathBuf> {
    if let Some((folder, rest)) = program.split_once("/*/") {
        let versions = std::fs::read_dir(folder).ok()?;
        return versions.filter_map(Result::ok).map(|v| v.path().join(rest)).find(|path| path.exists());
    }
    if program.starts_with('/') {
        return Path::new(program).exists().then(|| PathBuf::from(program));
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.exists())
}

/// Installs what is missing when it may; otherwise says what is missing and what will not be tested.
/// Returns the packages that are still missing.
pub fn ensure(tools: &[Tool]) -> Vec<&'static str> {
    let missing: Vec<&Tool> =
        tools.iter().filter(|tool| !tool.programs.iter().any(|program| find(program).is_some())).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    if install(&packages) {
        return Vec::new();
    }
    for tool in &missing {
        eprintln!(
            "missing: {} ({}); install it with: apt-get install {}",
            tool.package, tool.purpose, tool.package
        );
    }
    missing.iter().map(|tool| tool.package).collect()
}

fn install(packages: &[&str]) -> bool {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n"));
    if !is_root || find("apt-get").is_none() {
        return false;
    }
    eprintln!("installing {} ...", packages.join(", "));
    let apt = |arguments: &[&str]| {
        let status = Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(std::process::Stdio::null())
            .status();
        status.is_ok_and(|s| s.success())
    };
    apt(&["update", "-qq"]);
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&arguments)
}
