//! Carries out what an upload's machine asks for: writes, digests, inspections, commits.

use std::{collections::VecDeque, io};

use bytes::Bytes;
use sumgil_custody::{SignedReceipt, digest_of};
use sumgil_dicom::Limits;
use sumgil_model::ObjectDigest;
use sumgil_transfer::{
    ManifestBody, OfferAnswer, PartReply, RefusalCode,
    receiver::{Action, Event, Verdict},
};

use super::{Refused, commit, uploads::Slot, verify, verify::Content};
use crate::{
    Error, Registry,
    audit::{self, Actor},
    clock,
    store::{instances, objects::Committed},
};

/// What a request is answered with.
pub(super) enum Answer {
    /// An offer's answer.
    Offer(OfferAnswer),
    /// A part's reply.
    Part(PartReply),
    /// The machine had none: a fault of this program; the site is told to come again.
    None,
}

/// One event of one upload, from its arrival to its answer.
pub(super) struct Drive<'a> {
    pub(super) registry: &'a Registry,
    pub(super) actor: &'a Actor,
    pub(super) slot: &'a mut Slot,
}

impl Drive<'_> {
    /// Feeds the machine until it has nothing more to do.
    pub(super) async fn run(&mut self, event: Event<Bytes>) -> Answer {
        let mut answer = Answer::None;
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for action in self.slot.machine.handle(event) {
                match action {
                    Action::AnswerOffer { answer: given, .. } => answer = Answer::Offer(given),
                    Action::AnswerPart { reply, .. } => answer = Answer::Part(reply),
                    other => events.extend(self.perform(other).await),
                }
            }
        }
        self.settle(&answer).await;
        answer
    }

    async fn perform(&mut self, action: Action<Bytes>) -> Option<Event<Bytes>> {
        match action {
            Action::Write { offset, bytes } => Some(self.write(offset, bytes).await),
            Action::Digest => Some(Event::Digested(self.digest().await)),
            Action::Inspect => Some(Event::Inspected(self.inspect().await)),
            Action::Commit { .. } => Some(match self.commit().await {
                Ok(receipt) => Event::Committed(Box::new(receipt)),
                Err(error) => {
                    tracing::error!(%error, "an object was not committed");
                    Event::CommitFailed
                }
            }),
            Action::Discard => {
                self.slot.whole = None;
                noted(self.slot.file.discard().await);
                None
            }
            Action::AnswerOffer { .. } | Action::AnswerPart { .. } => None,
        }
    }

    /// An object that comes in one part stays in memory until it is kept: it is synced once, in its place.
    async fn write(&mut self, offset: u64, bytes: Bytes) -> Event<Bytes> {
        let size_bytes = self.slot.machine.manifest().map(|body| body.size_bytes);
        if offset == 0 && size_bytes == Some(bytes.len() as u64) {
            self.slot.whole = Some(bytes);
            return Event::Written;
        }
        match self.slot.file.write(offset, bytes).await {
            Ok(()) => Event::Written,
            Err(error) => {
                tracing::error!(%error, "a part was not written");
                Event::WriteFailed
            }
        }
    }

    async fn digest(&mut self) -> Option<ObjectDigest> {
        if self.slot.whole.is_none() {
            self.slot.whole = noted(self.slot.file.read().await);
        }
        let bytes = self.slot.whole.clone()?;
        let _turn = self.registry.verifications.acquire().await.ok()?;
        tokio::task::spawn_blocking(move || digest_of(&bytes)).await.ok()
    }

    async fn inspect(&mut self) -> Verdict {
        match self.inspected().await {
            Ok(Ok(fit)) => {
                self.slot.fit = Some(fit);
                Verdict::Fit
            }
            Ok(Err(Refused { code, detail })) => {
                self.note_refusal(code.as_str()).await;
                Verdict::Refused { code, detail }
            }
            Err(error) => {
                tracing::error!(%error, "an object could not be inspected");
                Verdict::Unable
            }
        }
    }

    async fn inspected(&self) -> Result<Result<commit::Fit, Refused>, Error> {
        let body = self.body()?.clone();
        let sealed = self.slot.whole.clone().ok_or(Error::Stopped)?;
        if let Some(refused) = commit::objection(self.registry, &body).await? {
            return Ok(Err(refused));
        }
        let (key, wrapped_key) = match commit::keys(self.registry, &body).await? {
            Ok(keys) => keys,
            Err(refused) => return Ok(Err(refused)),
        };
        let subject = body.context.subject.clone();
        let _turn = self.registry.verifications.acquire().await.map_err(|_| Error::Stopped)?;
        let verified =
            tokio::task::spawn_blocking(move || verify(&sealed, &body.context, &key, &Limits::default()));
        let (content, plain_sha256) = match verified.await.map_err(|_| Error::Stopped)? {
            Ok(verified) => verified,
            Err(refused) => return Ok(Err(refused)),
        };
        if let Content::Instance(rows) = &content
            && instances::is_misfit(&self.registry.db, &subject, &rows.study, &rows.series).await?
        {
            let detail = "its study or series is filed under another subject or study";
            return Ok(Err(Refused::new(RefusalCode::IdentityMismatch, detail)));
        }
        Ok(Ok(commit::Fit::new(self.registry, content, &plain_sha256, wrapped_key)))
    }

    /// Bytes first, then rows, then the receipt.
    async fn commit(&mut self) -> Result<SignedReceipt, Error> {
        let body = self.body()?.clone();
        let fit = self.slot.fit.as_ref().ok_or(Error::Stopped)?;
        let sealed = self.slot.whole.clone().ok_or(Error::Stopped)?;
        self.registry.objects.put(&body.digest, sealed).await?;
        let committed = commit::commit(self.registry, &body, fit, self.actor, clock::now()).await?;
        let receipt = match committed {
            Committed::New(object) => commit::receipt(self.registry, &object)?,
            Committed::AlreadyHere(held) => {
                if held.digest != body.digest {
                    self.registry.objects.delete(&body.digest).await?;
                }
                commit::receipt_for(self.registry, &body, &held)?
            }
            Committed::Refused(_) => {
                self.registry.objects.delete(&body.digest).await?;
                return Err(Error::Stopped);
            }
        };
        noted(self.slot.file.discard().await);
        Ok(receipt)
    }

    fn body(&self) -> Result<&ManifestBody, Error> {
        self.slot.machine.manifest().ok_or(Error::Stopped)
    }

    async fn note_refusal(&self, code: &str) {
        let mut entry = self.actor.did("object.refuse", clock::now());
        entry.object = self.slot.machine.manifest().map(|body| format!("object {}", body.digest));
        code.clone_into(&mut entry.outcome);
        if let Err(error) = audit::record(&self.registry.db, entry).await {
            tracing::error!(%error, "a refusal was not written into the audit log");
        }
    }

    /// After the answer: an object in memory whose upload failed is forgotten, so that its site offers it again.
    async fn settle(&mut self, answer: &Answer) {
        self.slot.over = match answer {
            Answer::Offer(OfferAnswer::Send { .. }) | Answer::Part(PartReply::Continue { .. }) => false,
            Answer::Part(PartReply::WrongOffset { .. }) => false,
            Answer::Offer(OfferAnswer::Have { .. } | OfferAnswer::Refuse { .. } | OfferAnswer::Later)
            | Answer::Part(
                PartReply::Done { .. } | PartReply::Refuse { .. } | PartReply::OfferFirst | PartReply::Later,
            )
            | Answer::None => true,
        };
        self.slot.fit = None;
        self.slot.whole = None;
    }
}

fn noted<T>(result: io::Result<T>) -> Option<T> {
    result.map_err(|error| tracing::warn!(%error, "an incoming file")).ok()
}
