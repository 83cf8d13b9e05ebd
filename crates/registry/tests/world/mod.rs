//! A registry in a temporary directory, hospitals that send to it, and people who ask it: for stories.
#![allow(unreachable_pub, reason = "shared by the stories")]
#![allow(dead_code, reason = "every story uses its part of the world")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a story that cannot go on has failed"
)]

pub mod instance;

use std::sync::Arc;

use axum::{Router, body::Body};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use jiff::Timestamp;
use rand::rng;
use serde_json::Value;
use sumgil_custody::{
    ObjectContext, ObjectKey, ObjectKind, ReceivingPublicKey, Secret, SignedReceipt, SigningKey,
    VerifyingKey, seal, sha256,
};
use sumgil_model::{ClinicalRecord, ProtocolId, SiteId, SubjectId};
use sumgil_registry::{
    Config, DataDir, Registry, Role, sites,
    store::protocols::{self, Protocol},
    users, web,
};
use sumgil_transfer::{
    EnrolReply, EnrolRequest, Manifest, ManifestBody, Offer, OfferAnswer, OfferReply, PartReply,
    http as protocol,
    statement::{AnswerBody, Content, Statement, StatementAnswer, StatementBody},
};
use tower::ServiceExt;

pub use instance::Sample;

/// An answer of the registry.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON, status {}", self.status))
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A registry and its router.
pub struct World {
    pub temp: tempfile::TempDir,
    pub registry: Arc<Registry>,
    pub router: Router,
}

impl World {
    pub async fn new() -> Self {
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
        let router = web::router(web::App::new(Arc::clone(&registry)));
        Self { temp, registry, router }
    }

    pub fn dir(&self) -> DataDir {
        DataDir::new(self.temp.path().join("registry"))
    }

    /// The program ends without warning and starts again.
    pub async fn restarted(self) -> Self {
        let dir = self.dir();
        let Self { temp, registry, router } = self;
        drop((registry, router));
        let registry = Arc::new(Registry::open(dir).await.unwrap());
        let router = web::router(web::App::new(Arc::clone(&registry)));
        Self { temp, registry, router }
    }

    /// A person's token.
    pub async fn person(&self, role: Role, site: Option<&str>) -> String {
        let site = site.map(|site| SiteId::parse(site).unwrap());
        let name = format!("{role}-{}", rand::random::<u32>());
        let token = users::add(&self.registry, &name, role, site, Timestamp::now()).await.unwrap();
        token.reveal().to_string()
    }

    pub async fn request(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.request(Method::GET, path, Some(token), &[], Body::empty()).await
    }

    /// A hospital whose edge has enrolled.
    pub async fn hospital(&self, code: &str) -> Hospital {
        let site = SiteId::parse(code).unwrap();
        let token =
            sites::issue_token(&self.registry, &site, "A hospital", [0; 32], Timestamp::now()).await.unwrap();
        let key = SigningKey::generate(&mut rng());
        let request = EnrolRequest {
            secret: token.secret,
            site_key: key.verifying_key().unwrap(),
            software: "story".into(),
        };
        let body = serde_json::to_string(&request).unwrap();
        let json = [("content-type", "application/json")];
        let answer = self.request(Method::POST, protocol::ENROL, None, &json, body.clone()).await;
        assert_eq!(answer.status, StatusCode::OK);
        let reply: EnrolReply = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(reply.site, site);
        let again = self.request(Method::POST, protocol::ENROL, None, &json, body).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED, "an enrolment token works once");
        Hospital {
            site,
            key,
            token: reply.credential.reveal().to_string(),
            receiving: reply.receiving_key,
            receipts: reply.receipt_key,
            protocol: reply.protocols[0].clone(),
        }
    }
}

/// A hospital's edge.
pub struct Hospital {
    pub site: SiteId,
    pub key: SigningKey,
    pub token: String,
    pub receiving: ReceivingPublicKey,
    pub receipts: VerifyingKey,
    pub protocol: ProtocolId,
}

/// A sealed object with its manifest.
pub struct Parcel {
    pub manifest: Manifest,
    pub bytes: Vec<u8>,
}

impl Hospital {
    pub fn subject(&self, number: u8) -> SubjectId {
        let mut bytes = [number; 10];
        for (to, from) in bytes.iter_mut().zip(self.site.as_str().bytes().rev()) {
            *to ^= from;
        }
        SubjectId::from_bytes(bytes)
    }

    /// Seals an instance.
    pub fn instance(&self, sample: &Sample, sequence: u64) -> Parcel {
        self.parcel(&sample.part10(), ObjectKind::Instance, &sample.uid, &sample.subject, sequence)
    }

    /// Seals a clinical record.
    pub fn clinical(&self, record: &ClinicalRecord, id: &str, sequence: u64) -> Parcel {
        let plain = serde_json::to_vec(record).unwrap();
        self.parcel(&plain, ObjectKind::Clinical, id, &record.subject, sequence)
    }

    pub fn parcel(
        &self,
        plain: &[u8],
        kind: ObjectKind,
        uid: &str,
        subject: &SubjectId,
        sequence: u64,
    ) -> Parcel {
        let context = ObjectContext {
            site: self.site.clone(),
            subject: subject.clone(),
            uid: uid.into(),
            kind,
            profile: "sumgil-default-1".into(),
        };
        let key = ObjectKey::generate(&mut rng());
        let wrapped = self.receiving.wrap(&key, &context, &mut rng()).unwrap();
        let sealed = seal::<()>(plain, &context, &key, &mut rng()).unwrap();
        let body = ManifestBody::of(&sealed, self.protocol.clone(), sequence, wrapped);
        Parcel { manifest: body.sign(&self.key).unwrap(), bytes: sealed.into_bytes() }
    }

    pub async fn offer(&self, world: &World, parcel: &Parcel) -> OfferAnswer {
        let offer = Offer { manifests: vec![parcel.manifest.clone()] };
        let body = serde_json::to_string(&offer).unwrap();
        let json = [("content-type", "application/json")];
        let answer = world.request(Method::POST, protocol::OFFERS, Some(&self.token), &json, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
        let reply: OfferReply = serde_json::from_slice(&answer.body).unwrap();
        reply.answers.into_iter().next().unwrap().answer
    }

    /// Signs and posts a statement; the answer as it came.
    pub async fn post_statement(&self, world: &World, statement: &Statement) -> Answer {
        let body = serde_json::to_string(statement).unwrap();
        let json = [("content-type", "application/json")];
        world.request(Method::POST, protocol::STATEMENTS, Some(&self.token), &json, body).await
    }

    pub fn statement(&self, number: u64, content: Content) -> Statement {
        let made_at = Timestamp::from_second(1_700_000_000).unwrap();
        StatementBody { site: self.site.clone(), number, made_at, content }.sign(&self.key).unwrap()
    }

    /// States something; the registry's answer has been verified.
    pub async fn state(&self, world: &World, number: u64, content: Content) -> AnswerBody {
        let statement = self.statement(number, content);
        let answer = self.post_statement(world, &statement).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
        let answer: StatementAnswer = serde_json::from_slice(&answer.body).unwrap();
        answer.verify(&self.receipts, &statement.body).unwrap().clone()
    }

    /// Sends bytes `from..to` of a parcel.
    pub async fn part(&self, world: &World, parcel: &Parcel, from: usize, to: usize) -> PartReply {
        let bytes = parcel.bytes[from..to].to_vec();
        let (offset, sum) = (from.to_string(), hex::encode(sha256(&bytes)));
        let headers = [(protocol::UPLOAD_OFFSET, offset.as_str()), (protocol::PART_SHA256, sum.as_str())];
        let path = protocol::upload_path(&parcel.manifest.body.digest);
        let answer = world.request(Method::PATCH, &path, Some(&self.token), &headers, bytes).await;
        let offset =
            answer.headers.get(protocol::UPLOAD_OFFSET).map(|v| v.to_str().unwrap().parse().unwrap());
        protocol::decode(answer.status.as_u16(), offset, &answer.body)
            .unwrap_or_else(|_| panic!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)))
    }

    /// Offers and sends a parcel in one part.
    pub async fn send(&self, world: &World, parcel: &Parcel) -> PartReply {
        match self.offer(world, parcel).await {
            OfferAnswer::Send { offset } => {
                self.part(world, parcel, offset as usize, parcel.bytes.len()).await
            }
            OfferAnswer::Have { receipt } => PartReply::Done { receipt },
            OfferAnswer::Refuse { code, detail } => PartReply::Refuse { code, detail },
            OfferAnswer::Later => PartReply::Later,
        }
    }

    /// Sends a parcel that must be kept; its receipt has been verified.
    pub async fn keep(&self, world: &World, parcel: &Parcel) -> SignedReceipt {
        match self.send(world, parcel).await {
            PartReply::Done { receipt } => {
                let proved = receipt.verify(&self.receipts).unwrap();
                assert_eq!((&proved.digest, &proved.site), (&parcel.manifest.body.digest, &self.site));
                receipt
            }
            other => panic!("not kept: {other:?}"),
        }
    }
}
