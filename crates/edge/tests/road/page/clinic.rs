//! A hospital whose people look at the local page.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::Router;
use sumgil_custody::hash_password;
use sumgil_dicom::{Limits, access, dictionary::tags};
use sumgil_edge::{
    Edge,
    page::{Page, router},
    spool::{Kept, KeptFilter, now_us},
};
use sumgil_phantom::selftest::SelfTest;

use super::browser::Browser;
use crate::site::Site;

/// A good password.
pub(crate) const PASSWORD: &str = "four random words here";
pub(crate) const HOST: &str = "127.0.0.1:11180";

pub(crate) struct Clinic {
    pub(crate) site: Site,
    pub(crate) edge: Edge,
    pub(crate) patient: SelfTest,
    clock: Arc<AtomicI64>,
    app: Router,
}

impl Clinic {
    /// A clinic with radiographs in quarantine, configured by `config`.
    pub(crate) async fn new(seed: u64, config: &str) -> Self {
        let site = Site::new().await;
        site.configure(&format!("quiet_seconds = 0.2\n{config}"));
        let (patient, paths) = site.patient(seed);
        let kept: Vec<PathBuf> = paths.iter().filter_map(|path| without_modality(path)).collect();
        assert!(kept.len() >= 2, "the invented patient has radiographs");
        site.import(&kept).await;
        Self::around(site, patient).await
    }

    /// A clinic whose files have all been cleared and sent.
    pub(crate) async fn cleared(seed: u64, config: &str) -> Self {
        let site = Site::new().await;
        site.configure(&format!("quiet_seconds = 0.2\n{config}"));
        let (patient, paths) = site.patient(seed);
        site.import(&paths).await;
        Self::around(site, patient).await
    }

    pub(crate) async fn around(site: Site, patient: SelfTest) -> Self {
        let edge = site.edge().await;
        let clock = Arc::new(AtomicI64::new(now_us()));
        let ticking = Arc::clone(&clock);
        let address: SocketAddr = HOST.parse().unwrap();
        let now = Arc::new(move || ticking.load(Ordering::SeqCst));
        let app = router(Page::with_clock(&edge, Arc::default(), address, false, now));
        Self { site, edge, patient, clock, app }
    }

    pub(crate) async fn account(&self, name: &str, role: &str) {
        let hash = hash_password(PASSWORD, &mut rand::rng()).unwrap();
        assert!(self.edge.db.add_account(name, role, &hash, now_us()).await.unwrap());
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.app.clone(), HOST)
    }

    /// A browser in which `name` has logged in, with a new account.
    pub(crate) async fn person(&self, name: &str, role: &str) -> Browser {
        self.account(name, role).await;
        let mut browser = self.browser();
        assert_eq!(browser.log_in(name, PASSWORD).await.location(), "/review");
        browser
    }

    pub(crate) fn wait(&self, time: Duration) {
        self.clock.fetch_add(time.as_micros() as i64, Ordering::SeqCst);
    }

    pub(crate) async fn kept(&self) -> Vec<Kept> {
        self.edge.db.kept(&KeptFilter::default()).await.unwrap()
    }

    /// Identifiers that are long enough to be no accident.
    pub(crate) fn identifiers(&self) -> impl Iterator<Item = &str> {
        self.patient.truth.identifiers.iter().map(|i| i.value.as_str()).filter(|value| value.len() >= 6)
    }
}

/// A radiograph as it is, but without its modality, so that nobody knows whether the policy wants it; `None` for other
/// files.
fn without_modality(path: &Path) -> Option<PathBuf> {
    let bytes = fs::read(path).unwrap();
    let mut file = sumgil_dicom::read(&bytes, &Limits::default()).unwrap();
    let modality = access::text(&file.data_set, tags::MODALITY)?;
    if !["CR", "DX"].contains(&modality.as_str()) {
        return None;
    }
    file.data_set.remove_element(tags::MODALITY);
    let changed = path.with_extension("no-modality.dcm");
    fs::write(&changed, sumgil_dicom::write(&file.data_set, &file.transfer_syntax).unwrap()).unwrap();
    Some(changed)
}
