//! A hospital in a folder: an enrolled edge, and an invented patient's files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use sumgil_edge::{
    Edge, Enrolment, Home, SecretTexts,
    config::Config,
    engine::Engine,
    enrol,
    import::{Entry, Patience, follow, take_files, verdict},
    intake::{Holder, Intake},
    write_private,
};
use sumgil_phantom::selftest::{self, SelfTest};
use tempfile::TempDir;

use crate::registry::StandIn;

pub(crate) struct Site {
    pub(crate) dir: TempDir,
    pub(crate) registry: StandIn,
}

impl Site {
    pub(crate) async fn new() -> Self {
        let (dir, registry) = (tempfile::tempdir().unwrap(), StandIn::start().await);
        let site = Self { dir, registry };
        let home = site.home();
        home.create().unwrap();
        let texts = SecretTexts::generate(&mut rand::rng());
        texts.store(&home).unwrap();
        site.configure("quiet_seconds = 0.2\n");
        let url = site.registry.url();
        enrol(&home, &url, &StandIn::token(), &texts.parse().unwrap()).await.unwrap();
        site
    }

    pub(crate) fn home(&self) -> Home {
        Home::new(&self.dir.path().join("edge"))
    }

    /// Sets edge.toml; the watermark is off, for test machines may be full.
    pub(crate) fn configure(&self, text: &str) {
        let text = format!("{text}\n[limits]\nmin_free_mib = 0\n");
        Config::parse(&text).unwrap();
        write_private(&self.home().config(), text.as_bytes()).unwrap();
    }

    pub(crate) async fn edge(&self) -> Edge {
        Edge::open(self.home()).await.unwrap()
    }

    pub(crate) fn enrolment(&self) -> Enrolment {
        Enrolment::load(&self.home()).unwrap()
    }

    /// Writes an invented patient's files into a folder of their own.
    pub(crate) fn patient(&self, seed: u64) -> (SelfTest, Vec<PathBuf>) {
        patient_in(self.dir.path(), seed)
    }

    /// Imports and follows the files to their end; how many ended where.
    pub(crate) async fn import(&self, paths: &[PathBuf]) -> BTreeMap<String, usize> {
        self.import_within(paths, Duration::from_secs(60)).await
    }

    pub(crate) async fn import_within(&self, paths: &[PathBuf], most: Duration) -> BTreeMap<String, usize> {
        import_within(&self.edge().await, paths, most).await
    }

    /// Lets the engine work until nothing is on its way.
    pub(crate) async fn drain(&self) {
        drain(&self.edge().await).await;
    }
}

/// Writes an invented patient's files into a folder below `dir`.
pub(crate) fn patient_in(dir: &Path, seed: u64) -> (SelfTest, Vec<PathBuf>) {
    let patient = selftest::patient(seed).unwrap();
    let folder = dir.join(format!("patient-{seed}"));
    fs::create_dir_all(&folder).unwrap();
    let mut paths = Vec::new();
    for (name, bytes) in &patient.files {
        let path = folder.join(name.replace('/', "_"));
        fs::write(&path, bytes).unwrap();
        paths.push(path);
    }
    (patient, paths)
}

/// Imports and follows the files to their end; how many ended where.
pub(crate) async fn import_within(edge: &Edge, paths: &[PathBuf], most: Duration) -> BTreeMap<String, usize> {
    let mut engine = Engine::start(edge).unwrap();
    let (holder, hold) = Holder::start(edge.home.hold(), edge.db.clone()).unwrap();
    let entries = take_files(&Intake::new(edge, holder), paths, || {}).await.unwrap();
    tokio::task::spawn_blocking(move || hold.join()).await.unwrap();
    let ids: Vec<i64> = entries
        .iter()
        .filter_map(|entry| match entry {
            Entry::Taken { id, .. } => Some(*id),
            _ => None,
        })
        .collect();
    edge.db.mark_ready(&ids).await.unwrap();
    let patience = Patience { until_sent: true, at_most: Some(most) };
    let fates = follow(edge, &ids, &mut engine, patience).await.unwrap();
    if let Some(engine) = engine {
        engine.stop().await.unwrap();
    }
    let mut results = BTreeMap::new();
    for entry in &entries {
        *results.entry(verdict(entry, &fates).0.to_owned()).or_insert(0) += 1;
    }
    assert_eq!(results.values().sum::<usize>(), paths.len(), "every file is accounted for");
    results
}

/// Lets the engine work until nothing is on its way.
pub(crate) async fn drain(edge: &Edge) {
    let mut engine = Engine::start(edge).unwrap().unwrap();
    for _ in 0..600 {
        if edge.db.counts().await.unwrap().drained() {
            return engine.stop().await.unwrap();
        }
        if let Some(error) = engine.failed() {
            panic!("the engine stopped: {error}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not drained: {:?}", edge.db.counts().await.unwrap());
}

/// Every byte of every file below `dir`, one file after the other.
pub(crate) fn all_bytes(dir: &Path) -> Vec<u8> {
    let files = walkdir::WalkDir::new(dir).into_iter().filter_map(Result::ok);
    // A file that goes away between the listing and the reading (a write-ahead log, a freed segment) holds nothing.
    let read = |path: &Path| match fs::read(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        read => read.unwrap(),
    };
    files.filter(|f| f.file_type().is_file()).flat_map(|f| read(f.path())).collect()
}

pub(crate) fn contains(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

pub(crate) fn files_in(dir: &Path) -> usize {
    fs::read_dir(dir).unwrap().count()
}
