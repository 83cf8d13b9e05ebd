//! The sender, event by event.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod world;

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use sumgil_custody::{Receipt, SignedReceipt, digest_of};
use sumgil_model::{ObjectDigest, SiteId};
use sumgil_transfer::{
    ItemAnswer, OfferAnswer, OfferReply, PartReply, RefusalCode,
    sender::{Action, Config, Event, Item, Sender},
};
use world::{keys, rng, site};

struct Bench {
    sender: Sender,
    rng: ChaCha8Rng,
    now: Duration,
}

fn digest(n: u64) -> ObjectDigest {
    digest_of(&n.to_be_bytes())
}

fn receipt(n: u64, site: SiteId, signer: u64) -> SignedReceipt {
    let receipt = Receipt {
        digest: digest(n),
        site,
        sequence: n,
        at: Timestamp::UNIX_EPOCH,
        audit_index: 0,
        quarantined: false,
    };
    receipt.sign(&keys(signer).0).unwrap()
}

fn good(n: u64) -> SignedReceipt {
    receipt(n, site(), 2)
}

impl Bench {
    fn new() -> Self {
        let config = Config { part_bytes: 100, parallel: 2, offer_size: 3, ..Config::new(site(), keys(2).1) };
        Self { sender: Sender::new(config), rng: rng(1), now: Duration::ZERO }
    }

    /// What is done, without the waits.
    fn handle(&mut self, event: Event) -> Vec<Action> {
        let mut actions = self.sender.handle(event, self.now, &mut self.rng);
        actions.retain(|action| !matches!(action, Action::WaitUntil(_)));
        actions
    }

    fn add(&mut self, n: u64, size_bytes: u64) -> Vec<Action> {
        self.handle(Event::Add(Item { digest: digest(n), size_bytes, sequence: n }))
    }

    fn answer_offer(&mut self, request: u64, answers: Vec<(u64, OfferAnswer)>) -> Vec<Action> {
        let answers = answers.into_iter().map(|(n, answer)| ItemAnswer { digest: digest(n), answer });
        self.handle(Event::OfferAnswered { request, reply: OfferReply { answers: answers.collect() } })
    }

    fn answer_part(&mut self, request: u64, reply: PartReply) -> Vec<Action> {
        self.handle(Event::PartAnswered { request, reply })
    }

    fn later(&mut self) -> Vec<Action> {
        self.now += Duration::from_secs(400);
        self.handle(Event::Tick)
    }

    /// A bench whose object 1, of 250 bytes, has its first part under way as request 2.
    fn sending() -> Self {
        let mut bench = Self::new();
        bench.add(1, 250);
        let sent = bench.answer_offer(1, vec![(1, OfferAnswer::Send { offset: 0 })]);
        assert_eq!(sent, [part(2, 0, 100)]);
        bench
    }
}

fn offer(request: u64, numbers: &[u64]) -> Action {
    Action::Offer { request, digests: numbers.iter().map(|n| digest(*n)).collect() }
}

fn part(request: u64, offset: u64, length: u64) -> Action {
    Action::Part { request, digest: digest(1), offset, length }
}

fn free(n: u64) -> Action {
    Action::Free { digest: digest(n), receipt: Box::new(good(n)) }
}

#[test]
fn an_object_is_offered_sent_in_parts_and_freed_on_the_receipt() {
    let mut bench = Bench::sending();
    assert_eq!(bench.answer_part(2, PartReply::Continue { offset: 100 }), [part(3, 100, 100)]);
    assert_eq!(bench.answer_part(3, PartReply::Continue { offset: 200 }), [part(4, 200, 50)]);
    assert_eq!(bench.answer_part(4, PartReply::Done { receipt: good(1) }), [free(1)]);
    assert_eq!(bench.sender.waiting(), 0);
}

#[test]
fn what_a_person_takes_back_is_sent_no_further_and_the_others_go_on() {
    let mut bench = Bench::sending();
    bench.add(2, 100);
    bench.handle(Event::Remove(digest(1)));
    bench.handle(Event::Remove(digest(9)));
    let next = bench.answer_part(2, PartReply::Continue { offset: 100 });
    assert!(!next.contains(&part(3, 100, 100)) && !next.contains(&part(4, 100, 100)), "{next:?}");
    assert_eq!(bench.sender.waiting(), 1);
}

#[test]
fn what_the_registry_has_is_not_sent() {
    let mut bench = Bench::new();
    assert_eq!(bench.add(1, 250), [offer(1, &[1])]);
    assert_eq!(bench.answer_offer(1, vec![(1, OfferAnswer::Have { receipt: good(1) })]), [free(1)]);
}

#[test]
fn offers_and_parts_go_in_the_order_of_arrival_and_are_bounded() {
    let mut bench = Bench::new();
    for n in [5, 3, 4, 2, 6, 1] {
        bench.add(n, 50);
    }
    assert_eq!(bench.handle(Event::Failed { request: 1 }), [], "a pause after a failure");
    assert_eq!(bench.later(), [offer(2, &[1, 2, 3])], "three of six, the oldest");
    let wanted = |n| (n, OfferAnswer::Send { offset: 0 });
    let actions = bench.answer_offer(2, vec![wanted(3), wanted(1), wanted(2)]);
    let parts: Vec<_> = actions
        .iter()
        .filter_map(|action| match action {
            Action::Part { digest, .. } => Some(digest.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(parts, [digest(1), digest(2)], "two at once, the oldest");
}

#[test]
fn only_a_receipt_of_the_registry_for_this_object_and_site_frees_the_copy() {
    let other_site = SiteId::parse("hosp-02").unwrap();
    for bad in [receipt(1, site(), 3), receipt(2, site(), 2), receipt(1, other_site, 2)] {
        let mut bench = Bench::sending();
        let actions = bench.answer_part(2, PartReply::Done { receipt: bad.clone() });
        assert_eq!(actions, [Action::BadReceipt { digest: digest(1) }, offer(3, &[1])]);
        assert_eq!(bench.sender.waiting(), 1);
        let actions = bench.answer_offer(3, vec![(1, OfferAnswer::Have { receipt: bad })]);
        assert_eq!(actions, [Action::BadReceipt { digest: digest(1) }]);
    }
}

#[test]
fn a_refusal_goes_to_quarantine_with_its_reason() {
    let mut bench = Bench::sending();
    let (code, detail) = (RefusalCode::Deidentification, "0010,0010".to_owned());
    let actions = bench.answer_part(2, PartReply::Refuse { code, detail: detail.clone() });
    assert_eq!(actions, [Action::Quarantine { digest: digest(1), code, detail }]);
    assert_eq!(bench.sender.waiting(), 0);
}

#[test]
fn a_digest_mismatch_is_tried_once_more_from_the_start() {
    let mut bench = Bench::sending();
    let refuse = || PartReply::Refuse { code: RefusalCode::DigestMismatch, detail: String::new() };
    assert_eq!(bench.answer_part(2, refuse()), [offer(3, &[1])]);
    bench.answer_offer(3, vec![(1, OfferAnswer::Send { offset: 0 })]);
    let actions = bench.answer_part(4, refuse());
    assert!(matches!(actions.as_slice(), [Action::Quarantine { .. }]), "{actions:?}");
}

#[test]
fn a_wrong_offset_is_corrected_without_a_new_offer() {
    let mut bench = Bench::sending();
    assert_eq!(bench.answer_part(2, PartReply::WrongOffset { offset: 30 }), [part(3, 30, 100)]);
    let at_the_end = bench.answer_part(3, PartReply::WrongOffset { offset: 250 });
    assert!(at_the_end.is_empty(), "the second stumble in a row waits");
    assert_eq!(bench.later(), [offer(4, &[1])], "all is there: the offer brings the receipt");
}

#[test]
fn a_forgetful_registry_is_offered_the_object_again() {
    let mut bench = Bench::sending();
    assert_eq!(bench.answer_part(2, PartReply::OfferFirst), [offer(3, &[1])]);
}

#[test]
fn no_answer_is_a_failure_after_the_patience_and_a_late_receipt_still_counts() {
    let mut bench = Bench::sending();
    assert_eq!(bench.later(), [], "timed out: a pause");
    assert_eq!(bench.sender.failures(), 1);
    assert_eq!(bench.later(), [offer(3, &[1])]);
    assert_eq!(bench.answer_part(2, PartReply::Continue { offset: 100 }), [], "late and worthless");
    assert_eq!(bench.answer_part(2, PartReply::Done { receipt: good(1) }), [free(1)]);
    assert_eq!(bench.answer_offer(3, vec![(1, OfferAnswer::Send { offset: 0 })]), [], "gone already");
}

#[test]
fn failures_pause_everything_and_an_answer_ends_the_counting() {
    let mut bench = Bench::sending();
    assert_eq!(bench.handle(Event::Failed { request: 2 }), []);
    assert_eq!(bench.add(9, 10), [], "nothing is sent in the pause");
    assert_eq!(bench.later(), [offer(3, &[1, 9])]);
    assert_eq!(bench.answer_part(99, PartReply::Later), [], "an answer to nothing");
    bench.handle(Event::Failed { request: 3 });
    assert_eq!(bench.sender.failures(), 2);
    bench.later();
    bench.answer_offer(4, vec![(1, OfferAnswer::Send { offset: 0 }), (9, OfferAnswer::Later)]);
    assert_eq!(bench.sender.failures(), 0);
    bench.answer_part(5, PartReply::Later);
    assert_eq!(bench.sender.failures(), 1, "a registry in trouble is left alone for a while");
}

#[test]
fn an_offer_answered_in_part_is_offered_again_for_the_rest() {
    let mut bench = Bench::new();
    bench.add(1, 50);
    assert_eq!(bench.answer_offer(1, vec![(7, OfferAnswer::Send { offset: 0 })]), [offer(2, &[1])]);
    assert_eq!(bench.answer_offer(2, vec![]), []);
    assert_eq!(bench.later(), [offer(3, &[1])]);
}

#[test]
fn adding_twice_changes_nothing() {
    let mut bench = Bench::sending();
    assert_eq!(bench.add(1, 250), []);
    assert_eq!(bench.sender.waiting(), 1);
    bench.answer_part(2, PartReply::Done { receipt: good(1) });
    assert_eq!(bench.sender.waiting(), 0);
}

fn nonsense(kind: u8, number: u64, request: u64) -> Event {
    let part = |reply| Event::PartAnswered { request, reply };
    let offer = |answers| Event::OfferAnswered { request, reply: OfferReply { answers } };
    match kind {
        0 => part(PartReply::Continue { offset: number }),
        1 => part(PartReply::WrongOffset { offset: number }),
        2 => part(PartReply::OfferFirst),
        3 => part(PartReply::Done { receipt: receipt(1, site(), 3) }),
        4 => Event::Failed { request },
        5 => part(PartReply::Later),
        6 => offer(vec![ItemAnswer { digest: digest(1), answer: OfferAnswer::Send { offset: number } }]),
        7 => offer(Vec::new()),
        _ => Event::Tick,
    }
}

proptest! {
    /// Whatever a registry answers, sensible or not: no copy is freed without a good receipt, no part runs past
    /// the object's end, and the sender always has something under way, or a moment to wait for.
    #[test]
    fn nonsense_from_the_registry_does_no_harm(
        answers in prop::collection::vec((0u8..9, 0u64..300, 0u64..3), 1..120),
    ) {
        let mut bench = Bench::new();
        let mut newest = 0;
        bench.add(1, 250);
        for (kind, number, age) in answers {
            let event = nonsense(kind, number, u64::max(newest, 1).saturating_sub(age));
            let actions = bench.sender.handle(event, bench.now, &mut bench.rng);
            let mut wake = None;
            for action in &actions {
                match action {
                    Action::Part { request, offset, length, .. } => {
                        newest = *request;
                        prop_assert!(*length > 0 && offset + length <= 250);
                    }
                    Action::Free { .. } | Action::Quarantine { .. } => prop_assert!(false, "{action:?}"),
                    Action::WaitUntil(moment) => wake = Some(*moment),
                    Action::Offer { request, .. } => newest = *request,
                    Action::BadReceipt { .. } => {}
                }
            }
            prop_assert!(wake.is_some_and(|moment| moment > bench.now), "nothing under way: {actions:?}");
            bench.now += Duration::from_secs(number);
        }
        prop_assert_eq!(bench.sender.waiting(), 1);
    }
}
