//! The messages as they travel: their JSON and HTTP forms, and what is signed in them.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod world;

use jiff::Timestamp;
use serde_json::json;
use sumgil_custody::{
    Credential, ObjectKind, Receipt, ReceivingKey, Secret, SignedReceipt, digest_of, sha256,
};
use sumgil_model::{ProtocolId, SiteId, SubjectId};
use sumgil_transfer::{
    EnrolReply, EnrolRequest, ItemAnswer, ManifestBody, Offer, OfferAnswer, OfferReply, PartReply,
    RefusalCode, TransferError, http,
};
use world::{keys, made, rng, site};

fn receipt() -> SignedReceipt {
    let receipt = Receipt {
        digest: digest_of(b"object"),
        site: site(),
        sequence: 3,
        at: Timestamp::from_second(1_700_000_000).unwrap(),
        audit_index: 9,
        quarantined: true,
    };
    receipt.sign(&keys(2).0).unwrap()
}

fn replies() -> Vec<PartReply> {
    let mut replies = vec![
        PartReply::Continue { offset: 8_388_608 },
        PartReply::Done { receipt: receipt() },
        PartReply::WrongOffset { offset: 0 },
        PartReply::OfferFirst,
        PartReply::Later,
    ];
    let refuse = |code| PartReply::Refuse { code, detail: "why".to_owned() };
    replies.extend(RefusalCode::ALL.map(refuse));
    replies
}

#[test]
fn every_reply_survives_http() {
    for reply in replies() {
        let answer = http::encode(&reply);
        assert_eq!(http::decode(answer.status, answer.upload_offset, &answer.body).unwrap(), reply);
    }
}

#[test]
fn statuses_are_as_documented() {
    let statuses: Vec<u16> = replies().iter().map(|reply| http::encode(reply).status).collect();
    assert_eq!(statuses, [204, 200, 409, 404, 503, 422, 422, 422, 422, 422, 422, 422, 422, 422]);
    let problem = http::encode(&PartReply::OfferFirst);
    let problem: serde_json::Value = serde_json::from_slice(&problem.body).unwrap();
    assert_eq!((&problem["code"], &problem["status"]), (&json!("offer-first"), &json!(404)));
}

#[test]
fn answers_of_others_are_told_from_the_registrys() {
    for busy in [408, 425, 429, 500, 502, 503, 507, 599] {
        assert_eq!(http::decode(busy, None, b"<html>").unwrap(), PartReply::Later, "{busy}");
    }
    for strange in [200, 204, 302, 401, 404, 409, 422] {
        let read = http::decode(strange, None, b"<html>");
        assert!(matches!(read, Err(TransferError::Answer(_))), "{strange}");
    }
    let unknown = br#"{"title":"x","status":422,"code":"no-such-code"}"#;
    assert!(http::decode(422, None, unknown).is_err());
}

#[test]
fn an_upload_has_its_digest_for_a_path() {
    let digest = digest_of(b"object");
    assert_eq!(http::upload_path(&digest), format!("/v1/uploads/{digest}"));
}

#[test]
fn a_manifest_is_flat_json_and_survives_it() {
    let manifest = made(1, 10, "2.25.1").manifest;
    let value = serde_json::to_value(&manifest).unwrap();
    let mut fields: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
    fields.sort();
    let expected = ["context", "digest", "protocol", "sequence", "signature", "size_bytes", "wrapped_key"];
    assert_eq!(fields, expected);
    assert_eq!(
        value["context"],
        json!({"site": "hosp-01", "subject": "sub-01010101010101010101", "uid": "2.25.1",
               "kind": "instance", "profile": "sumgil-default-1"})
    );
    let offer = Offer { manifests: vec![manifest] };
    let text = serde_json::to_string(&offer).unwrap();
    assert_eq!(serde_json::from_str::<Offer>(&text).unwrap(), offer);
}

#[test]
fn the_sites_signature_covers_every_field() {
    let manifest = made(1, 10, "2.25.1").manifest;
    let (_, site_key) = keys(1);
    manifest.verify(&site_key).unwrap();
    let changes: [fn(&mut ManifestBody); 10] = [
        |m| m.digest = digest_of(b"x"),
        |m| m.size_bytes += 1,
        |m| m.context.site = SiteId::parse("hosp-02").unwrap(),
        |m| m.context.subject = SubjectId::from_bytes([2; 10]),
        |m| m.context.uid = "2.25.9".to_owned(),
        |m| m.context.kind = ObjectKind::Clinical,
        |m| m.context.profile = "sumgil-default-2".to_owned(),
        |m| m.protocol = ProtocolId::parse("other").unwrap(),
        |m| m.sequence += 1,
        |m| m.wrapped_key = made(2, 11, "2.25.2").manifest.body.wrapped_key,
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut forged = manifest.clone();
        change(&mut forged.body);
        assert!(matches!(forged.verify(&site_key), Err(TransferError::Manifest(_))), "change {number}");
    }
    assert!(manifest.verify(&keys(5).1).is_err());
}

#[test]
fn a_signed_manifest_with_impossible_contents_is_refused() {
    let (key, site_key) = keys(1);
    let changes: [fn(&mut ManifestBody); 5] = [
        |m| m.size_bytes = 95,
        |m| m.size_bytes = 0,
        |m| m.context.uid = String::new(),
        |m| m.context.uid = "../x y".to_owned(),
        |m| m.context.profile = "p".repeat(129),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut body = made(1, 10, "2.25.1").manifest.body;
        change(&mut body);
        let signed = body.sign(&key).unwrap();
        assert!(matches!(signed.verify(&site_key), Err(TransferError::Manifest(_))), "change {number}");
    }
}

#[test]
fn offer_answers_say_what_to_do() {
    let answer = |answer| ItemAnswer { digest: digest_of(b"object"), answer };
    let refuse = OfferAnswer::Refuse { code: RefusalCode::IdentityMismatch, detail: "why".to_owned() };
    let reply = OfferReply {
        answers: vec![
            answer(OfferAnswer::Send { offset: 5 }),
            answer(OfferAnswer::Have { receipt: receipt() }),
            answer(refuse),
            answer(OfferAnswer::Later),
        ],
    };
    let value = serde_json::to_value(&reply).unwrap();
    let digest = digest_of(b"object").to_string();
    assert_eq!(value["answers"][0], json!({"digest": digest, "answer": "send", "offset": 5}));
    assert_eq!(value["answers"][2]["code"], "identity-mismatch");
    assert_eq!(value["answers"][3], json!({"digest": digest, "answer": "later"}));
    assert_eq!(serde_json::from_value::<OfferReply>(value).unwrap(), reply);
}

#[test]
fn codes_are_the_words_that_serde_writes() {
    for code in RefusalCode::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        assert_eq!(code.to_string(), code.as_str());
    }
}

#[test]
fn enrolment_carries_credentials_and_keys() {
    let request = EnrolRequest {
        secret: Credential::from_bytes([3; 32]),
        site_key: keys(1).1,
        software: "sumgil-edge 0.1.0".to_owned(),
    };
    let read: EnrolRequest = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
    assert!(read.secret.fits(&request.secret.digest()) && read.site_key == request.site_key);

    let reply = EnrolReply {
        site: site(),
        credential: Credential::from_bytes([4; 32]),
        receiving_key: ReceivingKey::generate(&mut rng(3)).public().unwrap(),
        receipt_key: keys(2).1,
        protocols: vec![ProtocolId::parse("kicc").unwrap()],
    };
    let read: EnrolReply = serde_json::from_str(&serde_json::to_string(&reply).unwrap()).unwrap();
    assert_eq!(sha256(read.credential.expose()), sha256(&[4; 32]));
    assert_eq!((read.site, read.receiving_key), (reply.site, reply.receiving_key));
    assert_eq!((read.receipt_key, read.protocols), (reply.receipt_key, reply.protocols));
}
