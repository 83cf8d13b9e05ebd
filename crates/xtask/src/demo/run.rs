//! The demo's steps, in order.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use clap::Args;

use super::hospitals::{self, Hospital};
use super::{report, send};
use crate::programs::{Edge, Profile, Registry, build};

/// Size of the published cohort.
const PUBLISHED_SUBJECTS: u32 = 522;
/// A file that marks a folder as the demo's own, so that it may be emptied.
const MARKER: &str = "sumgil-demo.txt";
/// How long a hospital's spool may take to drain.
const DRAIN_LIMIT: Duration = Duration::from_secs(1800);

/// What to show.
#[derive(Args, Clone)]
pub struct Options {
    /// Where to work; emptied first if it holds an earlier demo.
    #[arg(long, default_value = "demo")]
    pub dir: PathBuf,
    /// How many subjects; the published margins are scaled for other numbers than 522.
    #[arg(long, default_value_t = PUBLISHED_SUBJECTS)]
    pub subjects: u32,
    /// Seed of everything invented.
    #[arg(long, default_value_t = 19)]
    pub seed: u64,
    /// Stop at the end instead of leaving the registry serving.
    #[arg(long)]
    pub no_serve: bool,
}

/// A cohort that has been sent, kept and can be asked.
pub struct Cohort {
    /// The centre.
    pub registry: Registry,
    /// The hospitals' edges, in the order of the sites.
    pub edges: Vec<Edge>,
    /// What was invented.
    pub hospitals: Vec<Hospital>,
}

/// Runs the demo.
///
/// # Errors
/// When a step fails, or a published figure is not given back.
pub fn run(options: &Options) -> anyhow::Result<()> {
    println!("building the programs ...");
    let binaries = build(Profile::Release)?;
    let start = Instant::now();
    let mut cohort = stage(options, &binaries)?;
    let differing = report::print(&cohort.registry, options.subjects == PUBLISHED_SUBJECTS)?;
    cohort.edges.iter_mut().for_each(Edge::stop);
    println!("\nfrom invented hospitals to tables in {:.0} s", start.elapsed().as_secs_f64());
    if differing.unwrap_or(0) > 0 {
        bail!("{} figures differ from the published ones", differing.unwrap_or(0));
    }
    if options.no_serve {
        cohort.registry.stop();
        return Ok(());
    }
    leave_serving(&mut cohort, &binaries)
}

/// Makes the hospitals, starts everything, sends everything and waits until the centre holds it.
///
/// # Errors
/// When a step fails.
pub fn stage(options: &Options, binaries: &Path) -> anyhow::Result<Cohort> {
    claim(&options.dir)?;
    let dir = options.dir.canonicalize()?;
    let hospitals = hospitals::invent_all(&dir.join("hospitals"), options)?;
    let mut registry = Registry::init(binaries, &dir.join("registry"))?;
    registry.serve()?;
    let mut edges = Vec::new();
    for (number, hospital) in hospitals.iter().enumerate() {
        edges.push(open_edge(&registry, hospital, binaries, &dir.join(format!("edge-{:02}", number + 1)))?);
    }
    println!("{} edges and one registry serve on loopback", edges.len());
    send::everything(&hospitals, &edges)?;
    drain(&edges)?;
    release_radiographs(&edges)?;
    drain(&edges)?;
    Ok(Cohort { registry, edges, hospitals })
}

fn claim(dir: &Path) -> anyhow::Result<()> {
    if dir.join(MARKER).exists() {
        std::fs::remove_dir_all(dir).with_context(|| format!("cannot empty {}", dir.display()))?;
    }
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let empty = std::fs::read_dir(dir)?.next().is_none();
    ensure!(empty, "{} is not empty and holds no earlier demo; choose another with --dir", dir.display());
    std::fs::write(
        dir.join(MARKER),
        "Made by `cargo xtask demo`. Everything here is invented and may be deleted.\n",
    )?;
    Ok(())
}

fn open_edge(registry: &Registry, hospital: &Hospital, binaries: &Path, dir: &Path) -> anyhow::Result<Edge> {
    let token = registry.enrol(&hospital.code, &hospital.name)?;
    let mut edge = Edge::init(binaries, dir, &registry.url()?, &token)?;
    edge.configure("quiet_seconds", 2)?;
    edge.serve()?;
    Ok(edge)
}

fn drain(edges: &[Edge]) -> anyhow::Result<()> {
    println!("waiting for the spools to drain ...");
    edges.iter().try_for_each(|edge| edge.wait_drained(DRAIN_LIMIT))
}

/// What a data manager does who has looked at the radiographs that do not say whether text is burned in.
fn release_radiographs(edges: &[Edge]) -> anyhow::Result<()> {
    let mut released = 0;
    for edge in edges {
        released += send::release_unstated_radiographs(edge)?;
    }
    println!(
        "{released} radiographs without a Burned In Annotation were released from quarantine by command"
    );
    Ok(())
}

fn leave_serving(cohort: &mut Cohort, binaries: &Path) -> anyhow::Result<()> {
    let token = cohort.registry.add_user("demo", "researcher")?;
    let url = cohort.registry.url()?;
    let dir = cohort.registry.dir.display().to_string();
    let program = binaries.join("sumgil-registry");
    println!("\nThe registry serves at {url} until you press Ctrl-C. Try:");
    println!("  {} --dir {dir} statistics --format md", program.display());
    println!("  {} --dir {dir} check", program.display());
    println!(
        "  curl --cacert {dir}/tls/authority.pem -H 'Authorization: Bearer {token}' '{url}/dicom-web/studies?limit=3'"
    );
    cohort.registry.process()?.wait()
}
