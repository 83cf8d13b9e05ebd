//! Receipts and the audit log: whatever is altered is found.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod support;

use jiff::Timestamp;
use proptest::prelude::*;
use sumgil_custody::{
    CustodyError, Receipt, Secret, SignedReceipt, SigningKey, VerifyingKey,
    audit::{Checkpoint, Entry, Hash, Tail, merkle, verify},
    digest_of,
};
use sumgil_model::SiteId;
use support::rng;

fn signer(seed: u64) -> (SigningKey, VerifyingKey) {
    let key = SigningKey::generate(&mut rng(seed));
    let public = key.verifying_key().unwrap();
    (key, public)
}

fn receipt() -> Receipt {
    Receipt {
        digest: digest_of(b"object"),
        site: SiteId::parse("hosp-01").unwrap(),
        sequence: 7,
        at: Timestamp::from_microsecond(1_700_000_000_123_456).unwrap(),
        audit_index: 12,
        quarantined: false,
    }
}

#[test]
fn a_receipt_proves_every_one_of_its_fields() {
    let (key, public) = signer(1);
    let signed = receipt().sign(&key).unwrap();
    let json = serde_json::to_string(&signed).unwrap();
    let read: SignedReceipt = serde_json::from_str(&json).unwrap();
    assert_eq!(*read.verify(&public).unwrap(), receipt());

    let changes: [fn(&mut Receipt); 6] = [
        |r| r.digest = digest_of(b"other"),
        |r| r.site = SiteId::parse("hosp-02").unwrap(),
        |r| r.sequence += 1,
        |r| r.at = Timestamp::from_microsecond(1_700_000_000_123_457).unwrap(),
        |r| r.audit_index += 1,
        |r| r.quarantined = true,
    ];
    for change in changes {
        let mut forged = signed.clone();
        change(&mut forged.receipt);
        assert_eq!(forged.verify(&public).unwrap_err(), CustodyError::Signature);
    }
    assert!(signed.verify(&signer(2).1).is_err());
}

fn entry(n: u64) -> Entry {
    Entry {
        subject: Some(format!("sub-{n:020x}")),
        outcome: if n.is_multiple_of(3) { "ok" } else { "refused \"x\"\n" }.to_owned(),
        ..Entry::new(Timestamp::from_second(n as i64).unwrap(), "site:hosp-01", "site", "object.commit")
    }
}

fn log(size: u64) -> Vec<String> {
    let mut tail = Tail::default();
    (0..size).map(|n| tail.append(entry(n)).unwrap().text).collect()
}

fn hashes(lines: &[String]) -> Vec<Hash> {
    lines.iter().map(|line| merkle::leaf_hash(line.as_bytes())).collect()
}

#[test]
fn a_line_is_canonical_json_to_the_byte() {
    assert_eq!(
        log(1)[0],
        concat!(
            r#"{"action":"object.commit","actor":"site:hosp-01","at":"1970-01-01T00:00:00Z","outcome":"ok","#,
            r#""previous":"0000000000000000000000000000000000000000000000000000000000000000","role":"site","#,
            r#""sequence":0,"subject":"sub-00000000000000000000"}"#
        )
    );
}

#[test]
fn a_whole_log_verifies_and_goes_on_where_it_ended() {
    let lines = log(20);
    let summary = verify(&lines).unwrap();
    assert_eq!(summary.root, merkle::root(&hashes(&lines)));
    let mut tail = summary.tail;
    assert_eq!(tail.next, 20);
    let more = tail.append(entry(20)).unwrap();
    assert_eq!(more.text, log(21)[20]);
    assert_eq!(verify(Vec::<String>::new()).unwrap().tail, Tail::default());
}

proptest! {
    #[test]
    fn an_altered_dropped_doubled_or_moved_line_is_found(
        size in 2u64..12, at in any::<prop::sample::Index>(), what in 0..4,
    ) {
        let good = log(size);
        let mut lines = good.clone();
        let at = at.index(lines.len() - 1);
        match what {
            0 => lines[at] = lines[at].replace("hosp-01", "hosp-02"),
            1 => drop(lines.remove(at)),
            2 => lines.insert(at, lines[at].clone()),
            _ => lines.swap(at, at + 1),
        }
        prop_assert!(verify(&lines).is_err(), "{} at {}", what, at);
        prop_assert_ne!(merkle::root(&hashes(&lines)), merkle::root(&hashes(&good)));
    }

    #[test]
    fn the_last_line_is_held_by_the_checkpoint(size in 1u64..12) {
        let mut lines = log(size);
        let (key, public) = signer(3);
        let checkpoint = Checkpoint {
            origin: "registry.example/audit".to_owned(), size, root: verify(&lines).unwrap().root,
        };
        let signed = checkpoint.sign(&key).unwrap();
        let last = lines.len() - 1;
        lines[last] = lines[last].replace("hosp-01", "hosp-02");
        prop_assert_ne!(verify(&lines).unwrap().root, signed.verify(&public).unwrap().root);
    }
}

/// The published test vectors of RFC 6962 trees (from the Certificate Transparency project).
#[test]
fn roots_agree_with_the_published_vectors() {
    let leaves: [&[u8]; 8] = [
        b"",
        b"\0",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let wanted = [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ];
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| merkle::leaf_hash(leaf)).collect();
    for (size, root) in wanted {
        assert_eq!(hex::encode(merkle::root(&hashes[..size])), root, "{size}");
    }
}

#[test]
fn the_growing_tree_agrees_with_the_whole_one() {
    let hashes = hashes(&log(70));
    let mut frontier = merkle::Frontier::default();
    for (size, hash) in hashes.iter().enumerate() {
        assert_eq!(frontier.root(), merkle::root(&hashes[..size]), "{size}");
        assert_eq!(frontier.size(), size as u64);
        frontier.push(*hash);
    }
}

#[test]
fn every_leaf_is_proved_and_no_other() {
    let hashes = hashes(&log(20));
    for size in 1..=20usize {
        let root = merkle::root(&hashes[..size]);
        for index in 0..size {
            let proof = merkle::inclusion_proof(&hashes[..size], index).unwrap();
            let check = |leaf, index: usize, proof: &[Hash]| {
                merkle::verify_inclusion(leaf, index as u64, size as u64, proof, &root)
            };
            check(hashes[index], index, &proof).unwrap();
            assert!(check([0; 32], index, &proof).is_err());
            assert!(check(hashes[index], (index + 1) % size, &proof).is_err() || size == 1);
            assert!(check(hashes[index], size, &proof).is_err());
            if let [short @ .., _] = proof.as_slice() {
                assert!(check(hashes[index], index, short).is_err());
            }
        }
        assert!(merkle::inclusion_proof(&hashes[..size], size).is_none());
    }
}

#[test]
fn growth_is_proved_and_a_rewrite_is_not() {
    let hashes = hashes(&log(20));
    let mut rewritten = hashes.clone();
    rewritten[0] = [7; 32];
    for new in 1..=20usize {
        let new_root = merkle::root(&hashes[..new]);
        for old in 1..=new {
            let proof = merkle::consistency_proof(&hashes[..new], old).unwrap();
            let old_root = merkle::root(&hashes[..old]);
            let check = |old_root: &Hash, proof: &[Hash]| {
                merkle::verify_consistency(old as u64, new as u64, old_root, &new_root, proof)
            };
            check(&old_root, &proof).unwrap();
            assert!(check(&merkle::root(&rewritten[..old]), &proof).is_err(), "{old} of {new}");
            let mut longer = proof.clone();
            longer.push([0; 32]);
            assert!(check(&old_root, &longer).is_err());
        }
    }
}

#[test]
fn a_checkpoint_is_three_lines_and_signed() {
    let (key, public) = signer(4);
    let checkpoint = Checkpoint { origin: "registry.example/audit".to_owned(), size: 3, root: [1; 32] };
    let mut signed = checkpoint.sign(&key).unwrap();
    assert_eq!(signed.text, "registry.example/audit\n3\nAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n");
    assert_eq!(signed.verify(&public).unwrap(), checkpoint);
    signed.text = signed.text.replace("\n3\n", "\n2\n");
    assert_eq!(signed.verify(&public).unwrap_err(), CustodyError::Signature);
    let two_lines = Checkpoint { origin: "a\nb".to_owned(), ..checkpoint };
    assert!(two_lines.sign(&key).is_err());
}
