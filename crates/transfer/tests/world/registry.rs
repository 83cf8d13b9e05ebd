//! The registry's side: durable files and rows, and uploads that die with the process.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use sumgil_custody::{Receipt, SignedReceipt, digest_of};
use sumgil_model::ObjectDigest;
use sumgil_transfer::{
    ItemAnswer, Manifest, ManifestBody, OfferReply, PartReply, RefusalCode,
    receiver::{Action, Event, Standing, Upload, Verdict},
};

use super::{Message, keys, site};

/// How an action of the registry goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Luck {
    /// It succeeds.
    Good,
    /// It fails, and nothing of it remains but rubbish.
    Bad,
    /// It succeeds, and looks as if it had failed.
    Unseen,
}

pub struct Row {
    pub bytes: Vec<u8>,
    pub uid: String,
    pub receipt: SignedReceipt,
}

struct Running {
    upload: Upload,
    pending: Option<Action<Vec<u8>>>,
}

struct PendingOffer {
    request: u64,
    wanted: usize,
    answers: Vec<ItemAnswer>,
}

pub struct Registry {
    /// Incoming files, as a restart finds them.
    pub files: BTreeMap<ObjectDigest, Vec<u8>>,
    /// Committed objects.
    pub rows: BTreeMap<ObjectDigest, Row>,
    /// How often each object was committed.
    pub commits: BTreeMap<ObjectDigest, u32>,
    /// UIDs whose content the second check refuses.
    pub unclean: BTreeSet<String>,
    /// UIDs of withdrawn subjects.
    pub withdrawn: BTreeSet<String>,
    uploads: BTreeMap<ObjectDigest, Running>,
    offers: HashMap<u64, PendingOffer>,
    next: u64,
}

impl Registry {
    pub fn new() -> Self {
        Self {
            files: BTreeMap::new(),
            rows: BTreeMap::new(),
            commits: BTreeMap::new(),
            unclean: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            uploads: BTreeMap::new(),
            offers: HashMap::new(),
            next: 0,
        }
    }

    pub fn holds(&self, digest: &ObjectDigest, bytes: &[u8]) -> bool {
        self.rows.get(digest).is_some_and(|row| row.bytes == bytes)
    }

    pub fn is_busy(&self) -> bool {
        self.uploads.values().any(|running| running.pending.is_some())
    }

    pub fn offered(&mut self, request: u64, manifests: &[Manifest]) -> Vec<Message> {
        self.next += 1;
        let offer = self.next;
        self.offers.insert(offer, PendingOffer { request, wanted: manifests.len(), answers: Vec::new() });
        let mut sent = Vec::new();
        for manifest in manifests {
            let body = manifest.verify(&keys(1).1).unwrap();
            let (manifest, standing) = (Box::new(body.clone()), self.standing(body));
            sent.extend(self.handle(&body.digest, Event::Offered { request: offer, manifest, standing }));
        }
        sent
    }

    fn standing(&self, manifest: &ManifestBody) -> Standing {
        if let Some(row) = self.rows.get(&manifest.digest) {
            return Standing::Held(Box::new(row.receipt.clone()));
        }
        if self.withdrawn.contains(&manifest.context.uid) {
            return Standing::Barred { code: RefusalCode::Withdrawn, detail: String::new() };
        }
        Standing::Unknown
    }

    pub fn part(
        &mut self,
        request: u64,
        digest: &ObjectDigest,
        offset: u64,
        bytes: Vec<u8>,
        sha256: [u8; 32],
    ) -> Vec<Message> {
        self.handle(digest, Event::Part { request, offset, bytes, sha256 })
    }

    fn handle(&mut self, digest: &ObjectDigest, event: Event<Vec<u8>>) -> Vec<Message> {
        let length = self.files.get(digest).map_or(0, |file| file.len() as u64);
        let running = self
            .uploads
            .entry(digest.clone())
            .or_insert_with(|| Running { upload: Upload::new(length), pending: None });
        let actions = running.upload.handle(event);
        actions.into_iter().filter_map(|action| self.act(digest, action)).collect()
    }

    /// Answers go out at once; what touches a disk waits for its turn.
    fn act(&mut self, digest: &ObjectDigest, action: Action<Vec<u8>>) -> Option<Message> {
        match action {
            Action::AnswerPart { request, reply } => {
                if let PartReply::Continue { offset } = reply {
                    assert!(self.files[digest].len() as u64 >= offset, "acknowledged before durable");
                }
                return Some(Message::PartReply { request, reply });
            }
            Action::AnswerOffer { request, answer } => {
                let offer = self.offers.get_mut(&request).unwrap();
                offer.answers.push(ItemAnswer { digest: digest.clone(), answer });
                if offer.answers.len() == offer.wanted {
                    let PendingOffer { request, answers, .. } = self.offers.remove(&request).unwrap();
                    return Some(Message::OfferReply { request, reply: OfferReply { answers } });
                }
            }
            Action::Discard => drop(self.files.remove(digest)),
            effect => {
                let running = self.uploads.get_mut(digest).unwrap();
                let before = running.pending.replace(effect);
                assert!(before.is_none(), "one action at a time");
            }
        }
        None
    }

    /// Carries out a pending action and reports what came of it.
    pub fn work(&mut self, pick: usize, luck: Luck) -> Vec<Message> {
        let busy: Vec<ObjectDigest> =
            self.uploads.iter().filter(|(_, r)| r.pending.is_some()).map(|(d, _)| d.clone()).collect();
        if busy.is_empty() {
            return Vec::new();
        }
        let digest = busy[pick % busy.len()].clone();
        let action = self.uploads.get_mut(&digest).unwrap().pending.take().unwrap();
        let event = self.carry_out(&digest, action, luck);
        self.handle(&digest, event)
    }

    fn carry_out(&mut self, digest: &ObjectDigest, action: Action<Vec<u8>>, luck: Luck) -> Event<Vec<u8>> {
        match action {
            Action::Write { offset, bytes } => {
                let file = self.files.entry(digest.clone()).or_default();
                file.resize(offset as usize, 0);
                if luck != Luck::Good {
                    file.extend(bytes.iter().take(bytes.len() / 2).map(|b| b ^ 0xff));
                    return Event::WriteFailed;
                }
                file.extend(bytes);
                Event::Written
            }
            Action::Digest => match self.files.get(digest) {
                Some(file) if luck == Luck::Good => Event::Digested(Some(digest_of(file))),
                _ => Event::Digested(None),
            },
            Action::Inspect => Event::Inspected(self.inspect(digest, luck)),
            Action::Commit { quarantine } => {
                if luck == Luck::Bad {
                    return Event::CommitFailed;
                }
                let receipt = self.commit(digest, quarantine);
                if luck == Luck::Good { Event::Committed(Box::new(receipt)) } else { Event::CommitFailed }
            }
            other => panic!("no effect: {other:?}"),
        }
    }

    fn inspect(&self, digest: &ObjectDigest, luck: Luck) -> Verdict {
        let uid = &self.uploads[digest].upload.manifest().unwrap().context.uid;
        if luck != Luck::Good {
            return Verdict::Unable;
        }
        if self.unclean.contains(uid) {
            return Verdict::Refused { code: RefusalCode::Deidentification, detail: String::new() };
        }
        let other = self.rows.iter().any(|(held, row)| held != digest && row.uid == *uid);
        if other { Verdict::OtherVersion } else { Verdict::Fit }
    }

    /// One transaction: looks for another version itself, because one may have come since the inspection.
    fn commit(&mut self, digest: &ObjectDigest, quarantine: bool) -> SignedReceipt {
        let manifest = self.uploads[digest].upload.manifest().unwrap().clone();
        let other = self.rows.values().any(|row| row.uid == manifest.context.uid);
        let receipt = Receipt {
            digest: digest.clone(),
            site: site(),
            sequence: manifest.sequence,
            at: Timestamp::UNIX_EPOCH,
            audit_index: self.rows.len() as u64,
            quarantined: quarantine || other,
        };
        let receipt = receipt.sign(&keys(2).0).unwrap();
        let bytes = self.files.remove(digest).unwrap();
        assert_eq!(digest_of(&bytes), *digest, "committed under another object's name");
        *self.commits.entry(digest.clone()).or_default() += 1;
        let row = Row { bytes, uid: manifest.context.uid, receipt: receipt.clone() };
        self.rows.insert(digest.clone(), row);
        receipt
    }

    /// Death and restart: what was pending may have happened, half happened, or not.
    pub fn restart(&mut self, pick: usize) {
        let luck = [Luck::Good, Luck::Bad, Luck::Unseen][pick % 3];
        let digests: Vec<ObjectDigest> = self.uploads.keys().cloned().collect();
        for digest in digests {
            if let Some(action) = self.uploads.get_mut(&digest).unwrap().pending.take() {
                self.carry_out(&digest, action, luck);
            }
        }
        self.uploads.clear();
        self.offers.clear();
    }

    /// What must hold at every moment.
    pub fn check(&self) {
        for (digest, count) in &self.commits {
            assert_eq!(*count, 1, "an object is committed once");
            assert_eq!(digest_of(&self.rows[digest].bytes), *digest, "what is held is what was named");
        }
        for row in self.rows.values() {
            let indexed =
                self.rows.values().filter(|other| other.uid == row.uid && !other.receipt.receipt.quarantined);
            assert!(indexed.count() <= 1, "one indexed version for each UID");
        }
    }
}
