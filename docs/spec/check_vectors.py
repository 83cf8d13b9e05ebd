#!/usr/bin/env python3
"""Checks the rest of vectors.json by the words of key-hierarchy.md, upload.md and object-format.md section 6:
HPKE (written out from RFC 9180), cells, fingerprints, receipts, secret files, credentials.

    check_vectors.py vectors.json
"""

import base64, datetime, hashlib, hmac, json, struct, sys

sys.dont_write_bytecode = True
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from read_object import canonical, object_context

unhex = bytes.fromhex


def base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def hpke_open(secret, public, enc, ciphertext, info, aad):
    """RFC 9180, base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM."""

    def extract(suite, salt, label, ikm):
        return hmac.new(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256").digest()

    def expand(suite, prk, label, context, length):
        labelled = struct.pack(">H", length) + b"HPKE-v1" + suite + label + context
        return HKDFExpand(SHA256(), length, labelled).derive(prk)

    kem, suite = b"KEM" + struct.pack(">H", 0x20), b"HPKE" + struct.pack(">HHH", 0x20, 1, 2)
    shared = secret.exchange(X25519PublicKey.from_public_bytes(enc))
    shared = expand(kem, extract(kem, b"", b"eae_prk", shared), b"shared_secret", enc + public, 32)
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    prk = extract(suite, shared, b"secret", b"")
    key, nonce = expand(suite, prk, b"key", context, 32), expand(suite, prk, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, aad)


def for_centre(case):
    secret, wrapped = X25519PrivateKey.from_private_bytes(unhex(case["receiving_key"])), unhex(case["wrapped"])
    public = base64url(case["receiving_public_key"])
    assert public == secret.public_key().public_bytes_raw()
    assert wrapped[:9] == b"\1" + hashlib.sha256(public).digest()[:8]
    info, aad = b"sumgil object key for the centre 1", object_context(case["context"])
    assert hpke_open(secret, public, wrapped[9:41], wrapped[41:], info, aad) == unhex(case["key"])


def local_row(case):
    table, row, column, sealed = case["table"], case["row"], case["column"], unhex(case["sealed"])
    info = canonical("sumgil local column 1", table, column)
    key = HKDF(SHA256(), 32, None, info).derive(unhex(case["key"]))
    aad = canonical("sumgil local row 1", table, row, column)
    assert sealed[0] == 1 and AESGCM(key).decrypt(sealed[1:13], sealed[13:], aad) == unhex(case["plain"])


def local_fingerprint(case):
    value = canonical("sumgil local fingerprint 1", case["purpose"], unhex(case["value"]))
    assert hmac.new(unhex(case["key"]), value, "sha256").hexdigest() == case["fingerprint"]


def receipts(case):
    receipt, signature = case["signed"]["receipt"], base64url(case["signed"]["signature"])
    at = datetime.datetime.fromisoformat(receipt["at"].replace("Z", "+00:00"))
    at = (at - datetime.datetime.fromtimestamp(0, datetime.timezone.utc)) // datetime.timedelta(microseconds=1)
    fields = receipt["digest"], receipt["site"], receipt["sequence"], at, receipt["audit_index"]
    signed = canonical("sumgil receipt 1", *fields, int(receipt["quarantined"]))
    Ed25519PublicKey.from_public_bytes(base64url(case["verifying_key"])).verify(signature, signed)


def secret_texts(case):
    prefix, payload = case["text"].split(":")
    assert prefix == f"sumgil-{case['kind']}-key-1"
    key, checksum = base64url(payload)[:32], base64url(payload)[32:]
    label = f"sumgil {case['kind']} key checksum".encode()
    assert key == unhex(case["key"]) and checksum == hashlib.sha256(label + key).digest()[:4]


def credentials(case):
    assert base64url(case["text"]) == unhex(case["bytes"])
    assert hashlib.sha256(unhex(case["bytes"])).hexdigest() == case["digest"]


vectors = json.load(open(sys.argv[1], encoding="utf-8"))
checks = [for_centre, local_row, local_fingerprint, receipts, secret_texts, credentials]
for check in checks:
    for case in vectors[check.__name__]:
        check(case)
print(f"ok: {len(checks)} kinds")
