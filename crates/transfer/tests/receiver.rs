//! The receiver, event by event.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

mod world;

use jiff::Timestamp;
use sumgil_custody::{Receipt, SignedReceipt, digest_of, sha256};
use sumgil_transfer::{
    MAX_PART_BYTES, ManifestBody, OfferAnswer, PartReply, RefusalCode,
    receiver::{Action, Event, Standing, Upload, Verdict},
};
use world::{keys, made, site};

type E = Event<Vec<u8>>;
type A = Action<Vec<u8>>;

fn manifest() -> ManifestBody {
    made(1, 100, "2.25.1").manifest.body
}

fn content() -> Vec<u8> {
    made(1, 100, "2.25.1").bytes
}

fn offered(request: u64, standing: Standing) -> E {
    Event::Offered { request, manifest: Box::new(manifest()), standing }
}

fn part(request: u64, offset: usize, bytes: &[u8]) -> E {
    Event::Part { request, offset: offset as u64, bytes: bytes.to_vec(), sha256: sha256(bytes) }
}

fn receipt() -> SignedReceipt {
    let receipt = Receipt {
        digest: manifest().digest,
        site: site(),
        sequence: 1,
        at: Timestamp::UNIX_EPOCH,
        audit_index: 0,
        quarantined: false,
    };
    receipt.sign(&keys(2).0).unwrap()
}

fn reply(request: u64, reply: PartReply) -> Vec<A> {
    vec![Action::AnswerPart { request, reply }]
}

fn answer(request: u64, answer: OfferAnswer) -> Vec<A> {
    vec![Action::AnswerOffer { request, answer }]
}

/// An upload with all but the last 12 bytes durable.
fn nearly_there() -> Upload {
    let mut upload = Upload::new(0);
    upload.handle(offered(1, Standing::Unknown));
    let end = content().len() - 12;
    upload.handle(part(2, 0, &content()[..end]));
    upload.handle::<Vec<u8>>(Event::Written);
    assert_eq!(upload.offset(), end as u64);
    upload
}

/// An upload whose bytes are all durable, and digested.
fn complete() -> Upload {
    let mut upload = nearly_there();
    let from = content().len() - 12;
    upload.handle(part(3, from, &content()[from..]));
    assert_eq!(upload.handle::<Vec<u8>>(Event::Written), [Action::Digest]);
    let digested: E = Event::Digested(Some(digest_of(&content())));
    assert_eq!(upload.handle(digested), [Action::Inspect]);
    upload
}

#[test]
fn a_new_object_is_wanted_from_the_start() {
    let mut upload = Upload::new(0);
    let wanted = answer(7, OfferAnswer::Send { offset: 0 });
    assert_eq!(upload.handle(offered(7, Standing::Unknown)), wanted);
    assert_eq!(upload.handle(offered(7, Standing::Unknown)), wanted, "repeating it changes nothing");
}

#[test]
fn a_part_is_acknowledged_only_after_the_fsync() {
    let mut upload = Upload::new(0);
    upload.handle(offered(1, Standing::Unknown));
    let bytes = content()[..50].to_vec();
    assert_eq!(upload.handle(part(2, 0, &bytes)), [Action::Write { offset: 0, bytes }]);
    assert_eq!(upload.offset(), 0);
    assert_eq!(upload.handle::<Vec<u8>>(Event::Written), reply(2, PartReply::Continue { offset: 50 }));
    assert_eq!(upload.offset(), 50);
}

#[test]
fn a_failed_write_acknowledges_nothing() {
    let mut upload = Upload::new(0);
    upload.handle(offered(1, Standing::Unknown));
    upload.handle(part(2, 0, &content()[..50]));
    assert_eq!(upload.handle::<Vec<u8>>(Event::WriteFailed), reply(2, PartReply::Later));
    assert_eq!(upload.offset(), 0);
}

#[test]
fn a_wrong_offset_is_answered_with_the_right_one() {
    let mut upload = nearly_there();
    let right = upload.offset();
    for wrong in [0, 1, right as usize - 1, right as usize + 1] {
        let right = reply(9, PartReply::WrongOffset { offset: right });
        assert_eq!(upload.handle(part(9, wrong, b"x")), right);
    }
    let no_progress = upload.handle(part(9, right as usize, b""));
    assert_eq!(no_progress, reply(9, PartReply::WrongOffset { offset: right }), "an empty part");
}

#[test]
fn a_damaged_part_is_asked_for_again_and_not_written() {
    let mut upload = Upload::new(0);
    upload.handle(offered(1, Standing::Unknown));
    let (bytes, sha256) = (content()[1..51].to_vec(), sha256(&content()[..50]));
    let damaged = Event::Part { request: 2, offset: 0, bytes, sha256 };
    assert_eq!(upload.handle(damaged), reply(2, PartReply::WrongOffset { offset: 0 }));
    assert!(!upload.is_busy());
}

#[test]
fn parts_beyond_the_size_or_the_limit_are_refused_before_they_are_written() {
    let mut upload = nearly_there();
    let offset = upload.offset() as usize;
    for bytes in [vec![0; 13], vec![0; MAX_PART_BYTES as usize + 1]] {
        let actions = upload.handle(part(5, offset, &bytes));
        let [Action::AnswerPart { reply: PartReply::Refuse { code, .. }, .. }] = actions.as_slice() else {
            panic!("{} bytes were taken", bytes.len());
        };
        assert_eq!(*code, RefusalCode::TooLarge);
    }
}

#[test]
fn a_receipt_is_given_only_after_the_commit() {
    let mut upload = complete();
    let fit: E = Event::Inspected(Verdict::Fit);
    assert_eq!(upload.handle(fit), [Action::Commit { quarantine: false }]);
    let done = PartReply::Done { receipt: receipt() };
    assert_eq!(upload.handle::<Vec<u8>>(Event::Committed(Box::new(receipt()))), reply(3, done.clone()));
    assert_eq!(upload.handle(part(8, 0, b"again")), reply(8, done), "whatever comes later");
    let have = OfferAnswer::Have { receipt: receipt() };
    assert_eq!(upload.handle(offered(9, Standing::Unknown)), answer(9, have));
}

#[test]
fn another_version_is_committed_apart() {
    let mut upload = complete();
    let actions = upload.handle::<Vec<u8>>(Event::Inspected(Verdict::OtherVersion));
    assert_eq!(actions, [Action::Commit { quarantine: true }]);
}

#[test]
fn what_the_second_check_refuses_is_discarded_and_never_committed() {
    let mut upload = complete();
    let detail = "a date of the patient".to_owned();
    let verdict = Verdict::Refused { code: RefusalCode::Deidentification, detail: detail.clone() };
    let refused = PartReply::Refuse { code: RefusalCode::Deidentification, detail };
    let actions = upload.handle::<Vec<u8>>(Event::Inspected(verdict));
    assert_eq!(actions, [Action::Discard, Action::AnswerPart { request: 3, reply: refused }]);
    assert_eq!((upload.offset(), upload.is_busy()), (0, false));
    assert!(upload.handle::<Vec<u8>>(Event::Committed(Box::new(receipt()))).is_empty());
}

#[test]
fn wrong_bytes_from_the_sender_are_refused() {
    let mut upload = nearly_there();
    let from = content().len() - 12;
    upload.handle(part(3, from, b"other bytes!"));
    upload.handle::<Vec<u8>>(Event::Written);
    let actions = upload.handle::<Vec<u8>>(Event::Digested(Some(digest_of(b"other"))));
    let [Action::Discard, Action::AnswerPart { reply: PartReply::Refuse { code, .. }, .. }] =
        actions.as_slice()
    else {
        panic!("{actions:?}")
    };
    assert_eq!(*code, RefusalCode::DigestMismatch);
}

#[test]
fn wrong_bytes_in_a_file_from_before_the_restart_are_asked_for_again() {
    let from = content().len() - 12;
    let mut upload = Upload::new(from as u64);
    upload.handle(offered(1, Standing::Unknown));
    upload.handle(part(2, from, &content()[from..]));
    upload.handle::<Vec<u8>>(Event::Written);
    let actions = upload.handle::<Vec<u8>>(Event::Digested(Some(digest_of(b"rubbish"))));
    let again = Action::AnswerPart { request: 2, reply: PartReply::WrongOffset { offset: 0 } };
    assert_eq!(actions, [Action::Discard, again]);
}

#[test]
fn after_a_restart_parts_wait_for_an_offer_and_nothing_durable_is_sent_twice() {
    let mut upload = Upload::new(50);
    assert_eq!(upload.handle(part(1, 50, b"x")), reply(1, PartReply::OfferFirst));
    let goes_on = answer(2, OfferAnswer::Send { offset: 50 });
    assert_eq!(upload.handle(offered(2, Standing::Unknown)), goes_on);
}

#[test]
fn a_complete_file_is_finished_by_an_offer_alone() {
    let mut upload = Upload::new(content().len() as u64);
    assert_eq!(upload.handle(offered(4, Standing::Unknown)), [Action::Digest]);
    upload.handle::<Vec<u8>>(Event::Digested(Some(digest_of(&content()))));
    upload.handle::<Vec<u8>>(Event::Inspected(Verdict::Fit));
    let actions = upload.handle::<Vec<u8>>(Event::Committed(Box::new(receipt())));
    assert_eq!(actions, answer(4, OfferAnswer::Have { receipt: receipt() }));
}

#[test]
fn failures_of_the_registry_keep_all_that_is_durable() {
    let digested = || Event::Digested(Some(digest_of(&content())));
    let events: [Vec<E>; 3] = [
        vec![Event::Digested(None)],
        vec![digested(), Event::Inspected(Verdict::Unable)],
        vec![digested(), Event::Inspected(Verdict::Fit), Event::CommitFailed],
    ];
    for events in events {
        let mut upload = Upload::new(content().len() as u64);
        let mut actions = upload.handle(offered(4, Standing::Unknown));
        for event in events {
            actions = upload.handle(event);
        }
        assert_eq!(actions, answer(4, OfferAnswer::Later));
        assert_eq!(upload.offset(), content().len() as u64);
    }
}

#[test]
fn whoever_asks_while_an_action_is_under_way_asks_again_later() {
    let mut upload = complete();
    assert!(upload.is_busy());
    assert_eq!(upload.handle(part(8, 0, b"x")), reply(8, PartReply::Later));
    assert_eq!(upload.handle(offered(9, Standing::Unknown)), answer(9, OfferAnswer::Later));
    assert!(!upload.handle::<Vec<u8>>(Event::Inspected(Verdict::Fit)).is_empty(), "the first goes on");
}

#[test]
fn what_the_rows_say_is_answered_and_a_partial_file_is_dropped() {
    let mut held = Upload::new(50);
    let have = Action::AnswerOffer { request: 1, answer: OfferAnswer::Have { receipt: receipt() } };
    let standing = Standing::Held(Box::new(receipt()));
    assert_eq!(held.handle(offered(1, standing)), [Action::Discard, have]);

    let mut barred = Upload::new(0);
    let (code, detail) = (RefusalCode::Withdrawn, String::new());
    let refuse = OfferAnswer::Refuse { code, detail: detail.clone() };
    assert_eq!(barred.handle(offered(1, Standing::Barred { code, detail })), answer(1, refuse));
    assert_eq!(barred.handle(part(2, 0, b"x")), reply(2, PartReply::OfferFirst));
}

#[test]
fn a_file_longer_than_the_object_is_begun_anew() {
    let mut upload = Upload::new(content().len() as u64 + 1);
    let send = Action::AnswerOffer { request: 1, answer: OfferAnswer::Send { offset: 0 } };
    assert_eq!(upload.handle(offered(1, Standing::Unknown)), [Action::Discard, send]);
}
