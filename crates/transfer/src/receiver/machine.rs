//! The receiver's machine.

use sumgil_custody::{SignedReceipt, sha256};
use sumgil_model::ObjectDigest;

use super::event::{Action, Event, RequestId, Standing, Verdict};
use crate::{
    manifest::ManifestBody,
    offer::{MAX_PART_BYTES, OfferAnswer, PartReply, RefusalCode},
};

/// One object on its way in from one site. Only what was fsynced counts; nothing else need survive a restart:
/// after one, the program starts again with [`Upload::new`] at the durable offset, and the site offers again.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Bytes of the incoming file that are durable.
    durable: u64,
    /// Whether all of them arrived since the last start, each part with its own digest. If not, a power cut may
    /// have left something else in the file, which would not be the sender's fault.
    witnessed: bool,
    /// What the site said about it, since the last start.
    manifest: Option<Box<ManifestBody>>,
    stage: Stage,
}

#[derive(Clone, Debug)]
enum Stage {
    /// Waiting for requests.
    Idle,
    /// Writing a part that will make so many bytes durable.
    Writing { asker: RequestId, then: u64 },
    /// Digesting the complete file.
    Digesting(Asker),
    /// Inspecting the complete object.
    Inspecting(Asker),
    /// Committing.
    Committing(Asker),
    /// Held.
    Held(Box<SignedReceipt>),
}

/// Who waits for the outcome.
#[derive(Clone, Copy, Debug)]
enum Asker {
    Offer(RequestId),
    Part(RequestId),
}

impl Upload {
    /// An upload of which `durable` bytes lie fsynced in the incoming file: 0 for a new one.
    pub fn new(durable: u64) -> Self {
        Self { durable, witnessed: durable == 0, manifest: None, stage: Stage::Idle }
    }

    /// The durable offset: the answer to `HEAD`.
    pub fn offset(&self) -> u64 {
        self.durable
    }

    /// What the site said about the object, if it did since the last start.
    pub fn manifest(&self) -> Option<&ManifestBody> {
        self.manifest.as_deref()
    }

    /// Whether an action is being carried out, whose outcome has to be reported before anything else happens.
    pub fn is_busy(&self) -> bool {
        !matches!(self.stage, Stage::Idle | Stage::Held(_))
    }

    /// Takes an event, gives what is to be done.
    pub fn handle<B: AsRef<[u8]>>(&mut self, event: Event<B>) -> Vec<Action<B>> {
        match event {
            Event::Offered { request, manifest, standing } => self.offered(request, manifest, standing),
            Event::Part { request, offset, bytes, sha256 } => self.part(request, offset, bytes, sha256),
            Event::Written => self.written(true),
            Event::WriteFailed => self.written(false),
            Event::Digested(digest) => self.digested(digest),
            Event::Inspected(verdict) => self.inspected(verdict),
            Event::Committed(receipt) => self.committed(Some(receipt)),
            Event::CommitFailed => self.committed(None),
        }
    }

    fn offered<B>(
        &mut self,
        request: RequestId,
        manifest: Box<ManifestBody>,
        standing: Standing,
    ) -> Vec<Action<B>> {
        if self.is_busy() {
            return vec![Action::AnswerOffer { request, answer: OfferAnswer::Later }];
        }
        if let Stage::Held(receipt) = &self.stage {
            let receipt = (**receipt).clone();
            return vec![Action::AnswerOffer { request, answer: OfferAnswer::Have { receipt } }];
        }
        match standing {
            Standing::Unknown => self.wanted(request, manifest),
            Standing::Held(receipt) => {
                let answer = OfferAnswer::Have { receipt: (*receipt).clone() };
                self.stage = Stage::Held(receipt);
                self.done_with_file(Action::AnswerOffer { request, answer })
            }
            Standing::Barred { code, detail } => self.done_with_file(Action::AnswerOffer {
                request,
                answer: OfferAnswer::Refuse { code, detail },
            }),
        }
    }

    /// The object is new here: go on where its file ends.
    fn wanted<B>(&mut self, request: RequestId, manifest: Box<ManifestBody>) -> Vec<Action<B>> {
        let size = manifest.size_bytes;
        self.manifest = Some(manifest);
        if self.durable == size {
            self.stage = Stage::Digesting(Asker::Offer(request));
            return vec![Action::Digest];
        }
        let mut actions = Vec::new();
        if self.durable > size {
            actions.push(self.discard());
        }
        let answer = OfferAnswer::Send { offset: self.durable };
        actions.push(Action::AnswerOffer { request, answer });
        actions
    }

    /// Forgets manifest and file, then answers.
    fn done_with_file<B>(&mut self, answer: Action<B>) -> Vec<Action<B>> {
        self.manifest = None;
        if self.durable > 0 { vec![self.discard(), answer] } else { vec![answer] }
    }

    fn discard<B>(&mut self) -> Action<B> {
        self.durable = 0;
        self.witnessed = true;
        Action::Discard
    }

    fn part<B: AsRef<[u8]>>(
        &mut self,
        request: RequestId,
        offset: u64,
        bytes: B,
        claimed: [u8; 32],
    ) -> Vec<Action<B>> {
        let length = bytes.as_ref().len() as u64;
        let reply = match (&self.stage, &self.manifest) {
            (Stage::Held(receipt), _) => PartReply::Done { receipt: (**receipt).clone() },
            (Stage::Idle, None) => PartReply::OfferFirst,
            (Stage::Idle, Some(manifest)) => match fault(self.durable, manifest, offset, length) {
                Some(reply) => reply,
                None if sha256(bytes.as_ref()) != claimed => PartReply::WrongOffset { offset },
                None => {
                    self.stage = Stage::Writing { asker: request, then: offset + length };
                    return vec![Action::Write { offset, bytes }];
                }
            },
            _ => PartReply::Later,
        };
        vec![Action::AnswerPart { request, reply }]
    }

    fn written<B>(&mut self, durable: bool) -> Vec<Action<B>> {
        let Stage::Writing { asker: request, then } = self.stage else { return Vec::new() };
        self.stage = Stage::Idle;
        if !durable {
            return vec![Action::AnswerPart { request, reply: PartReply::Later }];
        }
        self.durable = then;
        if self.manifest.as_ref().is_some_and(|m| m.size_bytes == then) {
            self.stage = Stage::Digesting(Asker::Part(request));
            return vec![Action::Digest];
        }
        vec![Action::AnswerPart { request, reply: PartReply::Continue { offset: then } }]
    }

    fn digested<B>(&mut self, digest: Option<ObjectDigest>) -> Vec<Action<B>> {
        let Stage::Digesting(asker) = self.stage else { return Vec::new() };
        let Some(digest) = digest else { return self.later(asker) };
        if self.manifest.as_ref().is_some_and(|m| m.digest == digest) {
            self.stage = Stage::Inspecting(asker);
            return vec![Action::Inspect];
        }
        if !self.witnessed {
            self.stage = Stage::Idle;
            let again = asker.answer(OfferAnswer::Send { offset: 0 }, PartReply::WrongOffset { offset: 0 });
            return vec![self.discard(), again];
        }
        let detail = "the bytes received are not those that the manifest names".to_owned();
        self.refuse(asker, RefusalCode::DigestMismatch, detail)
    }

    fn inspected<B>(&mut self, verdict: Verdict) -> Vec<Action<B>> {
        let Stage::Inspecting(asker) = self.stage else { return Vec::new() };
        let quarantine = match verdict {
            Verdict::Fit => false,
            Verdict::OtherVersion => true,
            Verdict::Refused { code, detail } => return self.refuse(asker, code, detail),
            Verdict::Unable => return self.later(asker),
        };
        self.stage = Stage::Committing(asker);
        vec![Action::Commit { quarantine }]
    }

    fn committed<B>(&mut self, receipt: Option<Box<SignedReceipt>>) -> Vec<Action<B>> {
        let Stage::Committing(asker) = self.stage else { return Vec::new() };
        let Some(receipt) = receipt else { return self.later(asker) };
        self.manifest = None;
        let proof = (*receipt).clone();
        self.stage = Stage::Held(receipt);
        vec![asker.answer(OfferAnswer::Have { receipt: proof.clone() }, PartReply::Done { receipt: proof })]
    }

    fn refuse<B>(&mut self, asker: Asker, code: RefusalCode, detail: String) -> Vec<Action<B>> {
        self.stage = Stage::Idle;
        let answer = asker
            .answer(OfferAnswer::Refuse { code, detail: detail.clone() }, PartReply::Refuse { code, detail });
        self.done_with_file(answer)
    }

    /// Something of the registry's own failed; all that is durable stays for the next offer.
    fn later<B>(&mut self, asker: Asker) -> Vec<Action<B>> {
        self.stage = Stage::Idle;
        vec![asker.answer(OfferAnswer::Later, PartReply::Later)]
    }
}

impl Asker {
    fn answer<B>(self, answer: OfferAnswer, reply: PartReply) -> Action<B> {
        match self {
            Self::Offer(request) => Action::AnswerOffer { request, answer },
            Self::Part(request) => Action::AnswerPart { request, reply },
        }
    }
}

/// What is wrong with where a part lies and how long it is.
fn fault(durable: u64, manifest: &ManifestBody, offset: u64, length: u64) -> Option<PartReply> {
    if offset != durable || length == 0 {
        return Some(PartReply::WrongOffset { offset: durable });
    }
    if length > MAX_PART_BYTES || length > manifest.size_bytes - durable.min(manifest.size_bytes) {
        let detail = "part too long, or beyond the size that the manifest names".to_owned();
        return Some(PartReply::Refuse { code: RefusalCode::TooLarge, detail });
    }
    None
}
