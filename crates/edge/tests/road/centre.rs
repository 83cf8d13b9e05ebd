//! The real registry in the test's own process, and hospitals that are enrolled at it.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use sumgil_dicom::{Limits, access, dicom_core::Tag, read_without_pixels};
use sumgil_edge::{Edge, Home, SecretTexts, engine::Engine, enrol, statements::gather, write_private};
use sumgil_model::{ProtocolId, SiteId, SubjectId};
use sumgil_phantom::selftest::SelfTest;
use sumgil_registry::{
    Config, DataDir, Registry,
    check::{Report, check},
    sites,
    store::{
        objects::{self, Object, State},
        protocols::{self, Protocol},
    },
    web,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::site::{import_within, patient_in};

/// A registry that listens on loopback. It can go away and come back with all it had.
pub(crate) struct Centre {
    pub(crate) registry: Arc<Registry>,
    address: SocketAddr,
    running: Option<JoinHandle<()>>,
    _dir: TempDir,
}

impl Centre {
    pub(crate) async fn open() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::new(temp.path().join("registry"));
        dir.create().unwrap();
        let config = Config::new("127.0.0.1:0".parse().unwrap(), ProtocolId::parse("main").unwrap());
        std::fs::write(dir.config(), config.to_toml().unwrap()).unwrap();
        let db = Registry::create(&dir, &config, Timestamp::now()).await.unwrap();
        let protocol = Protocol {
            id: config.protocol.clone(),
            name: "main".into(),
            codebook: "{}".into(),
            eligibility: "{}".into(),
            profile: "sumgil-default-1".into(),
            created_at: Timestamp::now(),
            closed_at: None,
        };
        db.write(move |tx| Box::pin(async move { protocols::add(tx, &protocol).await })).await.unwrap();
        drop(db);
        let registry = Arc::new(Registry::open(dir).await.unwrap());
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut centre = Self { registry, address, running: None, _dir: temp };
        centre.come_back().await;
        centre
    }

    pub(crate) async fn come_back(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.address = listener.local_addr().unwrap();
        let router = web::router(web::App::new(Arc::clone(&self.registry)));
        self.running = Some(tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }));
    }

    pub(crate) async fn go_away(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
            let _ = running.await;
        }
    }

    /// A hospital whose edge has enrolled.
    pub(crate) async fn hospital(&self, code: &str) -> Hospital {
        let hospital = Hospital { dir: tempfile::tempdir().unwrap() };
        let home = hospital.home();
        home.create().unwrap();
        let texts = SecretTexts::generate(&mut rand::rng());
        texts.store(&home).unwrap();
        hospital.configure("");
        let site = SiteId::parse(code).unwrap();
        let token = sites::issue_token(&self.registry, &site, code, [0; 32], Timestamp::now()).await.unwrap();
        let url = format!("http://{}", self.address);
        enrol(&home, &url, &token, &texts.parse().unwrap()).await.unwrap();
        hospital
    }

    /// Every object in this state.
    pub(crate) async fn objects(&self, state: State) -> Vec<Object> {
        objects::in_state(&self.registry.db, state, None, 10_000).await.unwrap()
    }

    /// The subjects of what is stored, each with the number of its objects.
    pub(crate) async fn subjects(&self) -> BTreeMap<SubjectId, usize> {
        let mut subjects = BTreeMap::new();
        for object in self.objects(State::Stored).await {
            *subjects.entry(object.subject).or_insert(0) += 1;
        }
        subjects
    }

    /// The registry's own check, which must be clean.
    pub(crate) async fn sound(&self) -> Report {
        let report = check(&self.registry, |_, _| {}).await.unwrap();
        assert_eq!(report.findings, []);
        report
    }
}

/// A hospital in a folder.
pub(crate) struct Hospital {
    dir: TempDir,
}

impl Hospital {
    pub(crate) fn home(&self) -> Home {
        Home::new(&self.dir.path().join("edge"))
    }

    pub(crate) fn configure(&self, more: &str) {
        let text = format!("quiet_seconds = 0.2\n[limits]\nmin_free_mib = 0\n{more}");
        sumgil_edge::config::Config::parse(&text).unwrap();
        write_private(&self.home().config(), text.as_bytes()).unwrap();
    }

    pub(crate) async fn edge(&self) -> Edge {
        Edge::open(self.home()).await.unwrap()
    }

    pub(crate) fn patient(&self, seed: u64) -> (SelfTest, Vec<PathBuf>) {
        patient_in(self.dir.path(), seed)
    }

    pub(crate) async fn import(&self, paths: &[PathBuf]) -> BTreeMap<String, usize> {
        import_within(&self.edge().await, paths, Duration::from_secs(60)).await
    }

    /// Lets worker, uploader and teller work until nothing waits any more.
    pub(crate) async fn settle(&self) {
        let edge = self.edge().await;
        let mut engine = Engine::start(&edge).unwrap().unwrap();
        for _ in 0..600 {
            let counts = edge.db.counts().await.unwrap();
            gather(&edge).await.unwrap();
            if counts.drained() && edge.db.statements_waiting().await.unwrap() == 0 {
                return engine.stop().await.unwrap();
            }
            if let Some(error) = engine.failed() {
                panic!("the engine stopped: {error}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("not settled: {:?}", edge.db.counts().await.unwrap());
    }
}

/// What a file's header says.
pub(crate) fn header(path: &Path, tag: Tag) -> String {
    let bytes = std::fs::read(path).unwrap();
    let file = read_without_pixels(&bytes, &Limits::default()).unwrap();
    access::text(&file.data_set, tag).unwrap_or_default()
}
