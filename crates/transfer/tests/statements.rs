//! Statements and their answers: what is signed, what survives JSON, what is refused before anything happens.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]

mod world;

use jiff::{Timestamp, civil::date};
use proptest::prelude::*;
use sumgil_custody::digest_of;
use sumgil_model::{LinkageToken, SubjectId, Uid};
use sumgil_transfer::{
    TransferError,
    statement::{
        AnswerBody, Approval, Content, Erase, LegalBasis, Linkage, LinkedSubject, MAX_PAIRS, MAX_TARGETS,
        Move, MovedObject, Outcome, Recall, RecallReason, RecallTarget, RecalledObject, SelfTestFigures,
        Statement, StatementAnswer, StatementBody, StatementRefusal,
    },
};
use world::{keys, site};

fn subject(byte: u8) -> SubjectId {
    SubjectId::from_bytes([byte; 10])
}

fn recall() -> Recall {
    Recall {
        reason: RecallReason::ConsentWithdrawn,
        note: "form 7".to_owned(),
        targets: vec![
            RecallTarget::Study(Uid::from_u128(1)),
            RecallTarget::Instance(Uid::from_u128(2)),
            RecallTarget::Record("sub-1.r2".to_owned()),
        ],
        objects: vec![digest_of(b"one"), digest_of(b"two")],
    }
}

fn figures() -> SelfTestFigures {
    SelfTestFigures {
        ran_at: Timestamp::from_second(1_700_000_000).unwrap(),
        profile: "sumgil-default-1".to_owned(),
        software: "sumgil-edge 0.1.0".to_owned(),
        files: 9,
        cleared: 8,
        kept: 1,
        planted: 40,
        hidden: 40,
        should_stay: 100,
        stayed: 99,
    }
}

fn approval() -> Approval {
    Approval {
        irb_number: "2020-03-011".to_owned(),
        valid_from: date(2020, 3, 1),
        valid_until: date(2027, 2, 28),
        basis: LegalBasis::Waiver,
    }
}

fn contents() -> Vec<Content> {
    let pair = MovedObject { old: digest_of(b"old"), new: digest_of(b"new") };
    let linked = LinkedSubject { subject: subject(1), token: LinkageToken::from_bytes([9; 16]) };
    vec![
        Content::Recall(recall()),
        Content::Erase(Erase { recall: 7 }),
        Content::Move(Move { recall: 7, from: subject(1), into: subject(2), objects: vec![pair] }),
        Content::Linkage(Linkage { secret_id: LinkageToken::from_bytes([3; 16]), subjects: vec![linked] }),
        Content::SelfTest(figures()),
        Content::Approval(approval()),
    ]
}

fn body(content: Content) -> StatementBody {
    StatementBody {
        site: site(),
        number: 12,
        made_at: Timestamp::from_second(1_700_000_000).unwrap(),
        content,
    }
}

#[test]
fn every_statement_survives_json_and_its_signature_still_fits() {
    let (private, public) = keys(1);
    let mut encodings = Vec::new();
    for content in contents() {
        let signed = body(content).sign(&private).unwrap();
        let read: Statement = serde_json::from_str(&serde_json::to_string(&signed).unwrap()).unwrap();
        assert_eq!(read.verify(&public).unwrap(), &signed.body);
        assert!(read.verify(&keys(9).1).is_err(), "a stranger's key");
        encodings.push(signed.body.encode());
    }
    encodings.sort();
    encodings.dedup();
    assert_eq!(encodings.len(), contents().len());
}

#[test]
fn what_is_signed_is_as_documented() {
    let encoded = body(Content::Erase(Erase { recall: 7 })).encode();
    let mut wanted = Vec::new();
    let made_at = 1_700_000_000_000_000_u64.to_be_bytes();
    let (number, recall) = (12_u64.to_be_bytes(), 7_u64.to_be_bytes());
    for field in [&b"sumgil statement 1"[..], b"hosp-01", &number, &made_at, b"erase", &recall] {
        wanted.extend((field.len() as u32).to_be_bytes());
        wanted.extend(field);
    }
    assert_eq!(encoded, wanted);
}

#[test]
fn an_altered_statement_does_not_verify() {
    let (private, public) = keys(1);
    let signed = body(Content::Recall(recall())).sign(&private).unwrap();
    let with = |change: fn(&mut StatementBody)| {
        let mut altered = signed.clone();
        change(&mut altered.body);
        altered.verify(&public).cloned()
    };
    assert!(with(|_| ()).is_ok());
    assert!(with(|body| body.number += 1).is_err());
    assert!(with(|body| body.content = Content::Erase(Erase { recall: 12 })).is_err());
    let other_target = with(|body| {
        if let Content::Recall(recall) = &mut body.content {
            recall.targets.pop();
        }
    });
    assert!(matches!(other_target, Err(TransferError::Statement(_))));
}

#[test]
fn what_is_out_of_bounds_is_neither_signed_nor_taken() {
    let many = vec![RecallTarget::Study(Uid::from_u128(1)); MAX_TARGETS + 1];
    let pairs =
        vec![LinkedSubject { subject: subject(1), token: LinkageToken::from_bytes([1; 16]) }; MAX_PAIRS + 1];
    let secret_id = LinkageToken::from_bytes([3; 16]);
    for bad in [
        Content::Recall(Recall { note: "x".repeat(201), ..recall() }),
        Content::Recall(Recall { note: "two\nlines".to_owned(), ..recall() }),
        Content::Recall(Recall { targets: many, ..recall() }),
        Content::Recall(Recall { targets: Vec::new(), objects: Vec::new(), ..recall() }),
        Content::Recall(Recall { targets: vec![RecallTarget::Record("a b".to_owned())], ..recall() }),
        Content::Linkage(Linkage { secret_id: secret_id.clone(), subjects: Vec::new() }),
        Content::Linkage(Linkage { secret_id, subjects: pairs }),
        Content::SelfTest(SelfTestFigures { hidden: 41, ..figures() }),
        Content::SelfTest(SelfTestFigures { profile: String::new(), ..figures() }),
        Content::Approval(Approval { irb_number: String::new(), ..approval() }),
        Content::Approval(Approval { valid_until: date(2019, 1, 1), ..approval() }),
    ] {
        assert!(matches!(body(bad).sign(&keys(1).0), Err(TransferError::Statement(_))));
    }
}

#[test]
fn an_answer_fits_its_statement_alone() {
    let (private, public) = keys(2);
    let statement = body(Content::Erase(Erase { recall: 7 }));
    let object = RecalledObject {
        digest: digest_of(b"one"),
        uid: "2.25.1".to_owned(),
        recalled_after_release: vec![3],
        superseded_by: Some(digest_of(b"new")),
    };
    for result in [
        Outcome::Noted,
        Outcome::Quarantined { objects: vec![object.clone()], absent: 2 },
        Outcome::Erased { recall: 7, objects: vec![object], absent: 0 },
        Outcome::Refused { code: StatementRefusal::UnknownRecall },
    ] {
        let answer = AnswerBody {
            site: site(),
            number: 12,
            statement: statement.digest(),
            at: Timestamp::from_second(1_700_000_001).unwrap(),
            audit_index: 5,
            result,
        };
        let signed = answer.sign(&private).unwrap();
        let mut read: StatementAnswer =
            serde_json::from_str(&serde_json::to_string(&signed).unwrap()).unwrap();
        assert_eq!(read.verify(&public, &statement).unwrap(), &signed.body);
        let other = StatementBody { number: 13, ..statement.clone() };
        assert!(read.verify(&public, &other).is_err());
        assert!(read.verify(&keys(1).1, &statement).is_err());
        read.body.audit_index += 1;
        assert!(read.verify(&public, &statement).is_err());
    }
}

#[test]
fn an_approval_covers_its_first_and_last_day() {
    let approval = approval();
    assert!(approval.covers(approval.valid_from) && approval.covers(approval.valid_until));
    assert!(!approval.covers(date(2020, 2, 29)) && !approval.covers(date(2027, 3, 1)));
}

proptest! {
    #[test]
    fn no_text_that_is_no_statement_is_read_as_one(text in ".{0,200}") {
        prop_assert!(serde_json::from_str::<Statement>(&text).is_err());
    }
}
