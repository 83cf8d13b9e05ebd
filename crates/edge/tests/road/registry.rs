//! A registry in the test's own process: enrols, takes offers and parts, signs receipts, keeps what it got.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{patch, post},
};
use jiff::Timestamp;
use sumgil_custody::{
    Credential, ObjectKind, Receipt, ReceivingKey, Secret, SignedReceipt, SigningKey, VerifyingKey,
    digest_of, open,
};
use sumgil_model::{ObjectDigest, ProtocolId, SiteId};
use sumgil_transfer::{
    EnrolReply, EnrolRequest, EnrolToken, ItemAnswer, Manifest, Offer, OfferAnswer, OfferReply, PartReply,
    http,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// What the stand-in keeps.
struct Kept {
    receiving: ReceivingKey,
    signing: SigningKey,
    site_key: Option<VerifyingKey>,
    objects: HashMap<ObjectDigest, (Manifest, Vec<u8>)>,
    receipts: u64,
}

type Shared = Arc<Mutex<Kept>>;

/// The stand-in. It can go away and come back at the same address with all it had.
pub(crate) struct StandIn {
    kept: Shared,
    address: SocketAddr,
    running: Option<JoinHandle<()>>,
}

impl StandIn {
    pub(crate) async fn start() -> Self {
        let mut rng = rand::rng();
        let kept = Kept {
            receiving: ReceivingKey::generate(&mut rng),
            signing: SigningKey::generate(&mut rng),
            site_key: None,
            objects: HashMap::new(),
            receipts: 0,
        };
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut this = Self { kept: Arc::new(Mutex::new(kept)), address, running: None };
        this.come_back().await;
        this
    }

    pub(crate) async fn come_back(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.address = listener.local_addr().unwrap();
        let router = Router::new()
            .route(http::ENROL, post(enrol))
            .route(http::OFFERS, post(offers))
            .route(http::UPLOADS, patch(part))
            .layer(axum::extract::DefaultBodyLimit::max(64 << 20))
            .with_state(Arc::clone(&self.kept));
        self.running = Some(tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }));
    }

    pub(crate) async fn go_away(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
            let _ = running.await;
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn token() -> EnrolToken {
        EnrolToken { secret: Credential::generate(&mut rand::rng()), fingerprint: [0; 32] }
    }

    /// Everything whole that arrived: UID, kind and the opened content.
    pub(crate) fn opened(&self) -> Vec<(String, ObjectKind, Vec<u8>)> {
        let kept = self.kept.lock().unwrap();
        let whole = kept.objects.values().filter(|(m, bytes)| bytes.len() as u64 == m.body.size_bytes);
        whole
            .map(|(manifest, bytes)| {
                let context = &manifest.body.context;
                let key = kept.receiving.unwrap(&manifest.body.wrapped_key, context).unwrap();
                (context.uid.clone(), context.kind, open(bytes, context, &key).unwrap())
            })
            .collect()
    }

    pub(crate) fn instances(&self) -> usize {
        self.opened().iter().filter(|(_, kind, _)| *kind == ObjectKind::Instance).count()
    }

    pub(crate) fn records(&self) -> Vec<sumgil_model::ClinicalRecord> {
        let clinical = self.opened().into_iter().filter(|(_, kind, _)| *kind == ObjectKind::Clinical);
        clinical.map(|(_, _, plain)| serde_json::from_slice(&plain).unwrap()).collect()
    }
}

async fn enrol(State(kept): State<Shared>, Json(request): Json<EnrolRequest>) -> Json<EnrolReply> {
    let mut kept = kept.lock().unwrap();
    kept.site_key = Some(request.site_key);
    Json(EnrolReply {
        site: SiteId::parse("hanbit").unwrap(),
        credential: Credential::generate(&mut rand::rng()),
        receiving_key: kept.receiving.public().unwrap(),
        receipt_key: kept.signing.verifying_key().unwrap(),
        protocols: vec![ProtocolId::parse("main").unwrap()],
    })
}

async fn offers(State(kept): State<Shared>, Json(offer): Json<Offer>) -> Json<OfferReply> {
    let mut kept = kept.lock().unwrap();
    let answers = offer.manifests.iter().map(|manifest| answer(&mut kept, manifest)).collect();
    Json(OfferReply { answers })
}

fn answer(kept: &mut Kept, manifest: &Manifest) -> ItemAnswer {
    let site_key = kept.site_key.clone().unwrap();
    manifest.verify(&site_key).expect("every manifest is signed by the site");
    let digest = manifest.body.digest.clone();
    let held = &kept.objects.entry(digest.clone()).or_insert_with(|| (manifest.clone(), Vec::new())).1;
    let offset = held.len() as u64;
    let answer = if offset == manifest.body.size_bytes {
        OfferAnswer::Have { receipt: receipt(kept, &digest) }
    } else {
        OfferAnswer::Send { offset }
    };
    ItemAnswer { digest, answer }
}

async fn part(
    State(kept): State<Shared>,
    Path(digest): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut kept = kept.lock().unwrap();
    let digest = ObjectDigest::parse(&digest).unwrap();
    let offset: u64 = headers[http::UPLOAD_OFFSET].to_str().unwrap().parse().unwrap();
    let reply = match kept.objects.get_mut(&digest) {
        None => PartReply::OfferFirst,
        Some((_, bytes)) if bytes.len() as u64 != offset => {
            PartReply::WrongOffset { offset: bytes.len() as u64 }
        }
        Some((manifest, bytes)) => {
            bytes.extend_from_slice(&body);
            if (bytes.len() as u64) < manifest.body.size_bytes {
                PartReply::Continue { offset: bytes.len() as u64 }
            } else {
                assert_eq!(digest_of(bytes), digest, "what arrives is what was named");
                PartReply::Done { receipt: receipt(&mut kept, &digest) }
            }
        }
    };
    let answer = http::encode(&reply);
    let mut response = (StatusCode::from_u16(answer.status).unwrap(), answer.body).into_response();
    if let Some(offset) = answer.upload_offset {
        response.headers_mut().insert(http::UPLOAD_OFFSET, offset.into());
    }
    response
}

fn receipt(kept: &mut Kept, digest: &ObjectDigest) -> SignedReceipt {
    kept.receipts += 1;
    let receipt = Receipt {
        digest: digest.clone(),
        site: SiteId::parse("hanbit").unwrap(),
        sequence: kept.objects[digest].0.body.sequence,
        at: Timestamp::now(),
        audit_index: kept.receipts,
        quarantined: false,
    };
    receipt.sign(&kept.signing).unwrap()
}
