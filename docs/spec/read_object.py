#!/usr/bin/env python3
"""Reads Sumgil's sealed objects without Sumgil: a second implementation of docs/spec/object-format.md.

    read_object.py OBJECT --key HEX --site S --subject S --uid U --kind instance --profile P > plain
    read_object.py --vectors vectors.json

Needs Python 3.9 and the package `cryptography`. Prints nothing of a file that does not verify as a whole.
"""

import argparse, hashlib, json, struct, sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK, TAG, PREFIX = 65536, 16, 96
OBJECT, LOCAL = b"SUMGILOB", b"SUMGILLO"


def canonical(label, *fields):
    """Every field after its length as 32 bits big endian; numbers as 64 bits big endian."""
    out = b""
    for field in (label, *fields):
        if isinstance(field, int):
            field = struct.pack(">Q", field)
        elif isinstance(field, str):
            field = field.encode()
        out += struct.pack(">I", len(field)) + field
    return out


def object_context(c):
    return canonical("sumgil context 1", c["site"], c["subject"], c["uid"], c["kind"], c["profile"])


def open_sealed(sealed, key, magic, context):
    """The plain bytes, or ValueError."""
    if len(sealed) < PREFIX + TAG or sealed[:8] != magic:
        raise ValueError("not a sealed object")
    if sealed[8:16] != bytes([1, 1, 0, 0, 0, 0, 0, 0]):
        raise ValueError("unknown format or algorithm")
    header, salt, commitment, body = sealed[:32], sealed[32:64], sealed[64:96], sealed[96:]
    okm = HKDF(SHA256(), 64, salt, b"sumgil sealed 1" + header + context).derive(key)
    if okm[32:] != commitment:
        raise ValueError("wrong key or context, or altered header")
    cipher, chunks, plain = AESGCM(okm[:32]), -(-len(body) // (CHUNK + TAG)), bytearray()
    for index in range(chunks):
        chunk = body[index * (CHUNK + TAG) : (index + 1) * (CHUNK + TAG)]
        last = index + 1 == chunks
        if last and index > 0 and len(chunk) <= TAG:
            raise ValueError("altered or truncated")
        try:
            plain += cipher.decrypt(struct.pack(">3xQ?", index, last), chunk, None)
        except InvalidTag:
            raise ValueError("altered or truncated") from None
    return bytes(plain)


def unwrap(wrapped, key, kind, table, row, version):
    """A key of the hierarchy from its wrapped form (docs/spec/key-hierarchy.md)."""
    if len(wrapped) != 61 or wrapped[0] != 1:
        raise ValueError("not a wrapped key")
    place = canonical("sumgil wrap 1", kind, table, row, version)
    return AESGCM(key).decrypt(wrapped[1:13], wrapped[13:], place)


def plain_of(case):
    return bytes.fromhex(case["plain"]) if "plain" in case else bytes(i % 251 for i in range(case["pattern"]))


def check_vectors(path):
    """Opens every vector, and checks that none opens after any one of its bytes was changed."""
    vectors = json.load(open(path, encoding="utf-8"))
    for case in vectors["objects"]:
        sealed, key = bytes.fromhex(case["sealed"]), bytes.fromhex(case["key"])
        context = object_context(case["context"])
        assert hashlib.sha256(sealed).hexdigest() == case["digest"], case["name"]
        assert open_sealed(sealed, key, OBJECT, context) == plain_of(case), case["name"]
        for at in list(range(0, 120)) + list(range(120, len(sealed), 997)):
            altered = bytearray(sealed)
            altered[at % len(sealed)] ^= 1
            try:
                open_sealed(bytes(altered), key, OBJECT, context)
            except ValueError:
                continue
            raise AssertionError(f"{case['name']}: byte {at} changed, and opened")
    for case in vectors["local"]:
        context = canonical("sumgil local blob 1", case["purpose"], case["name"])
        sealed, key = bytes.fromhex(case["sealed"]), bytes.fromhex(case["key"])
        assert open_sealed(sealed, key, LOCAL, context) == plain_of(case), case["name"]
    for case in vectors["wraps"]:
        place = (case["kind"], case["table"], case["row"], case["version"])
        assert unwrap(bytes.fromhex(case["wrapped"]), bytes.fromhex(case["by"]), *place).hex() == case["key"]
    print(f"ok: {len(vectors['objects'])} objects, {len(vectors['local'])} local, {len(vectors['wraps'])} wraps")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("object", nargs="?", help="the sealed file")
    parser.add_argument("--key", help="the object key, 64 hex digits")
    for name in ("site", "subject", "uid", "kind", "profile"):
        parser.add_argument("--" + name, help=f"the context's {name}")
    parser.add_argument("--vectors", help="check the test vectors in this file")
    args = parser.parse_args()
    if args.vectors:
        return check_vectors(args.vectors)
    try:
        sealed = open(args.object, "rb").read()
        sys.stdout.buffer.write(open_sealed(sealed, bytes.fromhex(args.key), OBJECT, object_context(vars(args))))
    except ValueError as error:
        sys.exit(f"refused: {error}")


if __name__ == "__main__":
    main()
