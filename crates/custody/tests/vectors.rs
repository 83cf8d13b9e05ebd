//! The formats on disk and on the wire are what `docs/spec` says, today and in every later version: the test
//! vectors in `docs/spec/vectors.json` are made byte for byte by this code, open with this code, and open with
//! the Python reader beside them. `SUMGIL_BLESS=1` writes the file anew.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by it, or says why it was skipped"
)]

mod support;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use rand_chacha::rand_core::{CryptoRng, RngCore, impls};
use serde_json::{Value, json};
use sumgil_custody::{
    Credential, LocalKey, ObjectContext, ObjectKey, ObjectKind, Place, Receipt, ReceivingKey, RingKey,
    RootKey, Secret, SigningKey, SubjectKey, Wraps, digest_of, local::Cell, open, seal,
};
use sumgil_model::SubjectId;
use support::{context, pattern};

/// Gives the bytes 0, 1, 2 ... 255, 0 ...: repeatable by hand.
struct Counting(u8);

impl RngCore for Counting {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }
    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_fill(self)
    }
    fn fill_bytes(&mut self, out: &mut [u8]) {
        for byte in out {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
    }
}
impl CryptoRng for Counting {}

fn spec(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/spec").join(name)
}

fn clinical() -> ObjectContext {
    ObjectContext { uid: "rec-000000000001".to_owned(), kind: ObjectKind::Clinical, ..context() }
}

fn object(name: &str, context: &ObjectContext, plain: &[u8], as_pattern: bool) -> Value {
    let key = ObjectKey::from_bytes([0x11; 32]);
    let sealed = seal::<()>(plain, context, &key, &mut Counting(0)).unwrap();
    let (field, content) =
        if as_pattern { ("pattern", json!(plain.len())) } else { ("plain", json!(hex::encode(plain))) };
    json!({
        "name": name, "key": hex::encode(key.expose()), "context": context, field: content,
        "digest": sealed.digest(), "sealed": hex::encode(sealed.bytes()),
    })
}

fn wrap<K: Secret>(by: &impl Wraps<K>, key: &K, table: &str, row: &str, version: u32) -> Value {
    let wrapped = by.wrap(key, &Place::new(table, row, version), &mut Counting(0)).unwrap();
    json!({
        "by": hex::encode(by.expose()), "kind": K::KIND, "table": table, "row": row, "version": version,
        "key": hex::encode(key.expose()), "wrapped": hex::encode(wrapped.as_bytes()),
    })
}

fn local() -> (LocalKey, Value) {
    let key = LocalKey::from_bytes([0x66; 32]);
    let sealed = key.encrypt("hold", "a1", b"held", &mut Counting(0)).unwrap();
    let blob = json!({
        "key": hex::encode(key.expose()), "purpose": "hold", "name": "a1",
        "plain": hex::encode("held"), "sealed": hex::encode(sealed),
    });
    (key, blob)
}

/// Everything that must never change, made anew.
fn made() -> Value {
    let (root, ring) = (RootKey::from_bytes([0x22; 32]), RingKey::from_bytes([0x33; 32]));
    let (subject, key) = (SubjectKey::from_bytes([0x44; 32]), ObjectKey::from_bytes([0x11; 32]));
    let receiving = ReceivingKey::from_bytes([0x55; 32]);
    let travelling = receiving.public().unwrap().wrap(&key, &context(), &mut Counting(0)).unwrap();
    let signing = SigningKey::from_bytes([0x77; 32]);
    let receipt = Receipt {
        digest: digest_of(b"object"),
        site: context().site,
        sequence: 7,
        at: "2026-03-01T12:34:56.789012Z".parse().unwrap(),
        audit_index: 41,
        quarantined: false,
    };
    let (local_key, blob) = local();
    let cell = Cell { table: "patient", row: "17", column: "name" };
    let digest = digest_of(b"object");
    let subject_row = SubjectId::parse("sub-0123456789abcdef0123").unwrap();
    json!({
        "objects": [
            object("empty", &context(), b"", false),
            object("three bytes, clinical", &clinical(), b"abc", false),
            object("one chunk and a byte", &context(), &pattern(65537), true),
        ],
        "wraps": [
            wrap(&root, &ring, "ring_key", "1", 1),
            wrap(&ring, &subject, "subject_key", subject_row.as_str(), 1),
            wrap(&subject, &key, "object_key", digest.as_str(), 1),
        ],
        "for_centre": [{
            "receiving_key": hex::encode(receiving.expose()),
            "receiving_public_key": receiving.public().unwrap(),
            "context": context(), "key": hex::encode(key.expose()),
            "wrapped": hex::encode(travelling.as_bytes()),
        }],
        "local": [blob],
        "local_row": [{
            "key": hex::encode(local_key.expose()), "table": "patient", "row": "17", "column": "name",
            "plain": hex::encode("x"),
            "sealed": hex::encode(local_key.encrypt_row(cell, b"x", &mut Counting(0)).unwrap()),
        }],
        "local_fingerprint": [{
            "key": hex::encode(local_key.expose()), "purpose": "patient-id", "value": hex::encode("12345"),
            "fingerprint": hex::encode(local_key.fingerprint("patient-id", b"12345")),
        }],
        "receipts": [{
            "signing_key": hex::encode(signing.expose()), "verifying_key": signing.verifying_key().unwrap(),
            "signed": receipt.sign(&signing).unwrap(),
        }],
        "secret_texts": [{
            "kind": "root", "key": hex::encode(root.expose()), "text": root.to_text().as_str(),
        }],
        "credentials": [{
            "bytes": hex::encode([0x88; 32]), "text": Credential::from_bytes([0x88; 32]).reveal().as_str(),
            "digest": Credential::from_bytes([0x88; 32]).digest(),
        }],
    })
}

fn committed() -> Value {
    serde_json::from_slice(&fs::read(spec("vectors.json")).unwrap()).unwrap()
}

#[test]
fn this_code_makes_the_vectors_byte_for_byte() {
    let made = made();
    if std::env::var_os("SUMGIL_BLESS").is_some() {
        fs::write(spec("vectors.json"), serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    }
    let committed = committed();
    for part in made.as_object().unwrap().keys() {
        assert!(made[part] == committed[part], "{part} differ from docs/spec/vectors.json");
    }
}

#[test]
fn this_code_opens_the_vectors() {
    let committed = committed();
    let bytes = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
    for case in committed["objects"].as_array().unwrap() {
        let context: ObjectContext = serde_json::from_value(case["context"].clone()).unwrap();
        let key = ObjectKey::from_bytes(bytes(&case["key"]).try_into().unwrap());
        let plain = open(&bytes(&case["sealed"]), &context, &key).unwrap();
        let wanted = match case["pattern"].as_u64() {
            Some(size) => pattern(size as usize),
            None => bytes(&case["plain"]),
        };
        assert_eq!(plain, wanted, "{}", case["name"]);
    }
    let case = &committed["for_centre"][0];
    let receiving = ReceivingKey::from_bytes(bytes(&case["receiving_key"]).try_into().unwrap());
    let wrapped = sumgil_custody::WrappedForCentre::from_bytes(&bytes(&case["wrapped"])).unwrap();
    let key = receiving.unwrap(&wrapped, &context()).unwrap();
    assert_eq!(key.expose().as_slice(), bytes(&case["key"]));
}

/// The Python to test with: `SUMGIL_PYTHON`, else `python3`; `None`, with one line, when it lacks the package.
fn python() -> Option<String> {
    let python = std::env::var("SUMGIL_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python).args(["-c", "import cryptography"]).output();
    if has.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    println!("skipped: {python} with the package cryptography is absent");
    None
}

#[test]
fn python_agrees_with_every_vector_and_opens_nothing_altered() {
    let Some(python) = python() else { return };
    let reader =
        Command::new(&python).arg(spec("read_object.py")).arg("--vectors").arg(spec("vectors.json")).output();
    assert_says(&reader.unwrap(), "ok: 3 objects");
    let rest = Command::new(&python).arg(spec("check_vectors.py")).arg(spec("vectors.json")).output();
    assert_says(&rest.unwrap(), "ok: 6 kinds");
}

fn assert_says(run: &Output, wanted: &str) {
    let (out, errors) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success() && out.starts_with(wanted), "{out}{errors}");
}

#[test]
fn the_python_reader_opens_a_file_of_today_with_the_right_context_only() {
    let Some(python) = python() else { return };
    let mut rng = support::rng(1);
    let (key, context) = (ObjectKey::generate(&mut rng), context());
    let sealed = seal::<()>(&pattern(200_000), &context, &key, &mut rng).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("object");
    fs::write(&file, sealed.bytes()).unwrap();
    let read = |uid: &str| {
        let mut command = Command::new(&python);
        command.arg(spec("read_object.py")).arg(&file).args(["--key", &hex::encode(key.expose())]);
        command.args(["--site", context.site.as_str(), "--subject", context.subject.as_str()]);
        command.args(["--uid", uid, "--kind", "instance", "--profile", &context.profile]);
        command.output().unwrap()
    };
    let right = read(&context.uid);
    assert!(right.status.success() && right.stdout == pattern(200_000));
    let wrong = read("2.25.1");
    assert!(!wrong.status.success() && wrong.stdout.is_empty());
    assert!(String::from_utf8_lossy(&wrong.stderr).starts_with("refused: wrong key or context"));
}
