//! The sender's machine.

use std::{collections::HashMap, time::Duration};

use rand::RngCore;
use sumgil_custody::SignedReceipt;
use sumgil_model::ObjectDigest;

use super::{
    event::{Action, Config, Event, RequestId},
    item::Stage,
    queue::Queue,
};
use crate::offer::{OfferAnswer, OfferReply, PartReply, RefusalCode};

/// Everything that waits in the spool, and every request under way. Nothing of it need survive a restart: the
/// program adds what lies in the spool again, and the registry's answers tell how far each object is.
pub struct Sender {
    config: Config,
    queue: Queue,
    requests: HashMap<RequestId, Request>,
    next_request: RequestId,
    /// Failures of the connection in a row.
    failures: u32,
    /// No request before.
    paused_until: Duration,
}

struct Request {
    deadline: Duration,
    what: What,
}

#[derive(Clone)]
enum What {
    Offer(Vec<ObjectDigest>),
    Part(ObjectDigest),
}

impl Sender {
    /// A sender with an empty spool.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            queue: Queue::default(),
            requests: HashMap::new(),
            next_request: 0,
            failures: 0,
            paused_until: Duration::ZERO,
        }
    }

    /// How many objects still wait for a receipt.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Failures of the connection in a row: 0 when the registry answered last.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Takes an event at `now` (time since the program's start, never going back), gives what is to be done.
    pub fn handle(&mut self, event: Event, now: Duration, rng: &mut impl RngCore) -> Vec<Action> {
        let mut actions = Vec::new();
        match event {
            Event::Add(item) => self.queue.add(item),
            Event::Remove(digest) => self.queue.remove(&digest),
            Event::OfferAnswered { request, reply } => {
                self.offer_answered(request, reply, now, rng, &mut actions);
            }
            Event::PartAnswered { request, reply } => {
                self.part_answered(request, reply, now, rng, &mut actions);
            }
            Event::Failed { request } => self.failed(request, now, rng),
            Event::Tick => {}
        }
        self.time_out(now, rng);
        self.pump(now, &mut actions);
        actions
    }

    fn offer_answered(
        &mut self,
        request: RequestId,
        reply: OfferReply,
        now: Duration,
        rng: &mut impl RngCore,
        actions: &mut Vec<Action>,
    ) {
        let offered = self.close_offer(request);
        for item in reply.answers {
            self.item_answered(request, &item.digest, item.answer, now, rng, actions);
        }
        for digest in offered {
            if self.queue.stage(&digest) == Some(Stage::Offered(request)) {
                self.stumble(&digest, now, rng);
            }
        }
    }

    /// The objects of an offer that was under way; none if it was not.
    fn close_offer(&mut self, request: RequestId) -> Vec<ObjectDigest> {
        let Some(What::Offer(digests)) = self.requests.get(&request).map(|r| r.what.clone()) else {
            return Vec::new();
        };
        self.requests.remove(&request);
        self.failures = 0;
        digests
    }

    /// One answer of an offer. A receipt counts whenever it comes; the rest only for the offer under way.
    fn item_answered(
        &mut self,
        request: RequestId,
        digest: &ObjectDigest,
        answer: OfferAnswer,
        now: Duration,
        rng: &mut impl RngCore,
        actions: &mut Vec<Action>,
    ) {
        let current = self.queue.stage(digest) == Some(Stage::Offered(request));
        match answer {
            OfferAnswer::Have { receipt } => self.proof(digest, receipt, current, now, rng, actions),
            _ if !current => {}
            OfferAnswer::Send { offset } => self.advance(digest, offset, now, rng),
            OfferAnswer::Refuse { code, detail } => self.refused(digest, code, detail, now, rng, actions),
            OfferAnswer::Later => self.stumble(digest, now, rng),
        }
    }

    fn part_answered(
        &mut self,
        request: RequestId,
        reply: PartReply,
        now: Duration,
        rng: &mut impl RngCore,
        actions: &mut Vec<Action>,
    ) {
        let Some(What::Part(digest)) = self.requests.get(&request).map(|r| r.what.clone()) else {
            return self.late_proof(reply, now, rng, actions);
        };
        self.requests.remove(&request);
        let Some(Stage::Sending(_, sent)) = self.queue.stage(&digest) else { return };
        if reply == PartReply::Later {
            self.pause(now, rng);
            return self.queue.put(&digest, Stage::Ready);
        }
        self.failures = 0;
        match reply {
            PartReply::Done { receipt } => self.proof(&digest, receipt, true, now, rng, actions),
            PartReply::Continue { offset } if offset > sent => {
                self.forgive(&digest);
                self.advance(&digest, offset, now, rng);
            }
            PartReply::Continue { .. } => self.stumble(&digest, now, rng),
            PartReply::WrongOffset { offset } => {
                self.stumble(&digest, now, rng);
                self.send_from(&digest, offset);
            }
            PartReply::OfferFirst => self.stumble(&digest, now, rng),
            PartReply::Refuse { code, detail } => self.refused(&digest, code, detail, now, rng, actions),
            PartReply::Later => {}
        }
    }

    /// An answer to a request given up long ago: only a receipt is worth anything.
    fn late_proof(
        &mut self,
        reply: PartReply,
        now: Duration,
        rng: &mut impl RngCore,
        actions: &mut Vec<Action>,
    ) {
        if let PartReply::Done { receipt } = reply {
            let digest = receipt.receipt.digest.clone();
            self.proof(&digest, receipt, false, now, rng, actions);
        }
    }

    /// Frees the copy if the receipt proves that the registry holds this object.
    fn proof(
        &mut self,
        digest: &ObjectDigest,
        receipt: SignedReceipt,
        current: bool,
        now: Duration,
        rng: &mut impl RngCore,
        actions: &mut Vec<Action>,
    ) {
        if self.queue.stage(digest).is_none() {
            return;
        }
        let holds = receipt
            .verify(&self.config.receipt_key)
            .is_ok_and(|r| r.digest == *digest && r.site == self.config.site);
        if holds {
            self.queue.remove(digest);
            actions.push(Action::Free { digest: digest.clone(), receipt: Box::new(receipt) });
        } else {
            actions.push(Action::BadReceipt { digest: digest.clone() });
            if current {
                self.stumble(digest, now, rng);
            }
        }
    }

    fn refused(
        &mut self,
        digest: &ObjectDigest,
        code: RefusalCode,
        detail: String,
        now: Duration,
        rng: &mut impl RngCore,
        actions: &mut Vec<Action>,
    ) {
        let first_mismatch = code == RefusalCode::DigestMismatch
            && self.queue.get_mut(digest).is_some_and(|t| !std::mem::replace(&mut t.mismatched, true));
        if first_mismatch {
            return self.stumble(digest, now, rng);
        }
        self.queue.remove(digest);
        actions.push(Action::Quarantine { digest: digest.clone(), code, detail });
    }

    fn failed(&mut self, request: RequestId, now: Duration, rng: &mut impl RngCore) {
        let Some(request) = self.requests.remove(&request) else { return };
        self.pause(now, rng);
        match request.what {
            What::Part(digest) => self.queue.put(&digest, Stage::Ready),
            What::Offer(digests) => {
                for digest in digests {
                    if matches!(self.queue.stage(&digest), Some(Stage::Offered(_))) {
                        self.queue.put(&digest, Stage::Ready);
                    }
                }
            }
        }
    }

    fn time_out(&mut self, now: Duration, rng: &mut impl RngCore) {
        let overdue: Vec<RequestId> =
            self.requests.iter().filter(|(_, r)| r.deadline <= now).map(|(id, _)| *id).collect();
        for request in overdue {
            self.failed(request, now, rng);
        }
    }

    /// Nothing is sent for a while: the registry or the way to it has trouble.
    fn pause(&mut self, now: Duration, rng: &mut impl RngCore) {
        self.failures = self.failures.saturating_add(1);
        self.paused_until = now + self.config.backoff.wait(self.failures, rng);
    }

    /// Trouble with one item: offer it again, at once the first time, later after that.
    fn stumble(&mut self, digest: &ObjectDigest, now: Duration, rng: &mut impl RngCore) {
        let Some(tracked) = self.queue.get_mut(digest) else { return };
        tracked.stumbles = tracked.stumbles.saturating_add(1);
        let not_before = match tracked.stumbles {
            1 => Duration::ZERO,
            more => now + self.config.backoff.wait(more - 1, rng),
        };
        self.queue.put_at(digest, Stage::Ready, not_before);
    }

    fn forgive(&mut self, digest: &ObjectDigest) {
        if let Some(tracked) = self.queue.get_mut(digest) {
            tracked.stumbles = 0;
        }
    }

    /// Goes on from `offset`; an offset at or beyond the end needs another offer, which then brings the receipt.
    fn advance(&mut self, digest: &ObjectDigest, offset: u64, now: Duration, rng: &mut impl RngCore) {
        let Some(tracked) = self.queue.get(digest) else { return };
        if offset < tracked.item.size_bytes {
            self.queue.put(digest, Stage::Sendable(offset));
        } else {
            self.stumble(digest, now, rng);
        }
    }

    /// After a stumble over a wrong offset: the right one is known, no new offer is needed.
    fn send_from(&mut self, digest: &ObjectDigest, offset: u64) {
        let Some(tracked) = self.queue.get(digest) else { return };
        if offset < tracked.item.size_bytes {
            let not_before = tracked.not_before;
            self.queue.put_at(digest, Stage::Sendable(offset), not_before);
        }
    }

    /// Sends what may be sent now, or says how long to wait.
    fn pump(&mut self, now: Duration, actions: &mut Vec<Action>) {
        if now >= self.paused_until {
            while self.parts_under_way() < self.config.parallel && self.send_next(now, actions) {}
            let offering = self.requests.values().any(|r| matches!(r.what, What::Offer(_)));
            if !offering && self.queue.sendable() < self.config.parallel {
                self.offer_next(now, actions);
            }
        }
        actions.extend(self.next_moment(now).map(Action::WaitUntil));
    }

    fn parts_under_way(&self) -> usize {
        self.requests.values().filter(|r| matches!(r.what, What::Part(_))).count()
    }

    fn send_next(&mut self, now: Duration, actions: &mut Vec<Action>) -> bool {
        let Some((digest, offset, left)) = self.queue.next_sendable(now) else { return false };
        let request = self.open_request(now, What::Part(digest.clone()));
        self.queue.put(&digest, Stage::Sending(request, offset));
        actions.push(Action::Part { request, digest, offset, length: self.config.part_bytes.min(left) });
        true
    }

    fn offer_next(&mut self, now: Duration, actions: &mut Vec<Action>) {
        let digests = self.queue.next_ready(now, self.config.offer_size);
        if digests.is_empty() {
            return;
        }
        let request = self.open_request(now, What::Offer(digests.clone()));
        for digest in &digests {
            self.queue.put(digest, Stage::Offered(request));
        }
        actions.push(Action::Offer { request, digests });
    }

    fn open_request(&mut self, now: Duration, what: What) -> RequestId {
        self.next_request += 1;
        let deadline = now + self.config.patience;
        self.requests.insert(self.next_request, Request { deadline, what });
        self.next_request
    }

    /// The next moment at which something may have to be done without an event.
    fn next_moment(&self, now: Duration) -> Option<Duration> {
        let queued = self.queue.moments().map(|moment| moment.max(self.paused_until));
        self.requests.values().map(|r| r.deadline).chain(queued).filter(|moment| *moment > now).min()
    }
}
