"""Opens everything that a finished demo left at the centre and searches it for every invented identity.

usage: leaks.py DEMO_DIR URL TOKEN CA; prints one JSON object.

Searched: every row of every database, every file below registry/ and every log as bytes, every object by WADO-RS
(decoded texts and raw bytes), its metadata, and the search answers. Names whole, joined, reversed and in parts of
five letters or two syllables; numbers with and without dashes; original UIDs; dates of the subject in its own objects.
"""
import collections
import json
import os
import re
import sqlite3
import sys
import unicodedata

import requests

DEMO, URL, TOKEN, CA = sys.argv[1:5]
session = requests.Session()
session.headers.update({"Authorization": "Bearer " + TOKEN})
session.verify, session.trust_env = CA, False


def get(path, accept):
    answer = session.get(URL + path, headers={"Accept": accept})
    answer.raise_for_status()
    return answer


def spellings(kind, text):
    text = unicodedata.normalize("NFC", text).strip()
    if kind == "name":
        parts = [p for p in re.split(r"[\^ =,.]+", text) if p]
        whole = {j.join(order) for j in ("^", " ", "", ", ") for order in (parts, parts[::-1])}
        long = {p for p in parts if (len(p) >= 5 if p.isascii() else len(p) >= 2)}
        return {w for w in whole if len(w) >= (5 if w.isascii() else 2)} | long
    digits = re.sub(r"\D", "", text)
    return {text} | ({digits} if len(digits) >= 7 and kind != "uid" else set())


def encodings(text):
    for codec in ("utf-8", "cp949", "utf-16-le"):
        try:
            yield text.lower().encode(codec)
        except UnicodeEncodeError:
            pass


def needles():
    """(needles: bytes -> what it is, never whose; dates by "site/patient")."""
    found, dates = {}, {}
    for line in open(os.path.join(DEMO, "hospitals", "truth.jsonl"), encoding="utf-8"):
        row = json.loads(line)
        dates["%s/%s" % (row["site"], row["patient_id"])] = {d.replace("-", "") for d in row["dates"]}
        items = [(i["kind"], i["value"]) for i in row["identifiers"]]
        items += [("uid", u) for u in row["uids"]] + [("name", s) for s in row["staff"]]
        for kind, text in items:
            for spelling in () if kind == "birth_date" else spellings(kind, text):
                for raw in encodings(spelling):
                    if len(raw) >= 4:
                        found[raw] = kind
    return found, dates


def matcher(raws):
    """One pattern; ASCII needles must stand alone, so that a name is not found inside a hex digest."""
    def bounded(raw):
        escaped = re.escape(raw)
        return rb"(?<![0-9a-z])" + escaped + rb"(?![0-9a-z])" if raw.isascii() else escaped
    return re.compile(b"|".join(sorted(map(bounded, raws), key=len, reverse=True)))


GLOBAL, DATES = needles()
PATTERN = matcher(GLOBAL)
leaks = collections.Counter()
counted = collections.Counter()


def search(place, data):
    counted[place] += 1
    for hit in set(PATTERN.findall(data.lower())):
        leaks[place + ": " + GLOBAL[hit]] += 1


def database(path):
    connection = sqlite3.connect("file:" + path + "?mode=ro", uri=True)
    tables = [r[0] for r in connection.execute("select name from sqlite_master where type = 'table'")]
    for table in tables:
        for row in connection.execute(f'select * from "{table}"'):
            text = "\x1f".join(v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in row)
            search("row", text.encode("utf-8", "surrogateescape"))


def files():
    for base, _, names in os.walk(os.path.join(DEMO, "registry")):
        for name in names:
            path = os.path.join(base, name)
            with open(path, "rb") as handle:
                search("file", handle.read())
            if name.endswith(".db"):
                database(path)
    for name in os.listdir(DEMO):
        if name.endswith(".log"):
            with open(os.path.join(DEMO, name), "rb") as handle:
                search("log", handle.read())



def objects():
    per_subject = collections.defaultdict(set)
    offset = 0
    while True:
        answer = get(f"/dicom-web/instances?limit=200&offset={offset}&includefield=all", "application/dicom+json")
        page = answer.json() if answer.status_code == 200 else []
        search("answer", answer.content)
        for entry in page:
            ids = [entry[t]["Value"][0] for t in ("0020000D", "0020000E", "00080018")]
            path = "/dicom-web/studies/%s/series/%s/instances/%s" % tuple(ids)
            whole = get(path, 'multipart/related; type="application/dicom"; transfer-syntax=*').content
            search("object", whole)
            metadata = get(path + "/metadata", "application/dicom+json")
            search("metadata", metadata.content)
            subject = metadata.json()[0]["00100020"]["Value"][0]
            for element in metadata.json()[0].values():
                if element.get("vr") in ("DA", "DT"):
                    per_subject[subject].update(str(v)[:8] for v in element.get("Value", []))
        if len(page) < 200:
            return per_subject
        offset += len(page)


files()
dates_seen = objects()
subjects = json.load(open(os.path.join(DEMO, "subjects.json"), encoding="utf-8"))
matched = {key: subject for key, subject in subjects.items() if subject in dates_seen}
real_dates = sum(len(DATES[key] & dates_seen[subject]) for key, subject in matched.items())
print(json.dumps({"leaks": dict(leaks), "searched": dict(counted), "needles": len(GLOBAL),
                  "subjects_with_objects": len(dates_seen), "matched_subjects": len(matched),
                  "real_dates_left": real_dates}))
