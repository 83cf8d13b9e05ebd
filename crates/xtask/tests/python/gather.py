"""Opens everything that a finished demo left at the centre and lays it out as plain files, to be searched.

usage: gather.py DEMO_DIR URL TOKEN CA OUT; prints one JSON object: the dates that each subject's objects carry.

OUT/row: every row of every database. OUT/object: every object by WADO-RS. OUT/metadata, OUT/answer: DICOM JSON.
OUT/text: the decoded texts of every object, as pydicom reads them.
"""
import collections
import io
import json
import os
import sqlite3
import sys

import pydicom
import requests

# Private elements of implicit VR files get their VR from pydicom's dictionary, which is at times not the maker's.
pydicom.config.convert_wrong_length_to_UN = True

DEMO, URL, TOKEN, CA, OUT = sys.argv[1:6]
session = requests.Session()
session.headers["Authorization"] = "Bearer " + TOKEN
session.verify, session.trust_env = CA, False
counters = collections.Counter()


def get(path, accept):
    answer = session.get(URL + path, headers={"Accept": accept})
    answer.raise_for_status()
    return answer


def lay(place, data):
    os.makedirs(os.path.join(OUT, place), exist_ok=True)
    counters[place] += 1
    with open(os.path.join(OUT, place, str(counters[place])), "wb") as handle:
        handle.write(data)


def rows():
    for name in os.listdir(os.path.join(DEMO, "registry")):
        if not name.endswith(".db"):
            continue
        connection = sqlite3.connect("file:" + os.path.join(DEMO, "registry", name) + "?mode=ro", uri=True)
        connection.text_factory = bytes
        tables = [r[0].decode() for r in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            values = (b"\x1f".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
                      for row in connection.execute(f'select * from "{table}"'))
            lay("row", b"\n".join(values))


def elements(dataset):
    for element in dataset.iterall():
        yield element.VR, str(element.value)


def parts(answer):
    boundary = answer.headers["Content-Type"].split("boundary=")[1].split(";")[0].strip('"').encode()
    for part in answer.content.split(b"--" + boundary)[1:-1]:
        yield part.split(b"\r\n\r\n", 1)[1][:-2]


def objects():
    dates = collections.defaultdict(set)
    offset = 0
    while True:
        answer = get(f"/dicom-web/studies?limit=100&offset={offset}&includefield=all", "application/dicom+json")
        page = answer.json() if answer.status_code == 200 else []
        lay("answer", answer.content)
        for entry in page:
            path = "/dicom-web/studies/" + entry["0020000D"]["Value"][0]
            lay("metadata", get(path + "/metadata", "application/dicom+json").content)
            for part in parts(get(path, 'multipart/related; type="application/dicom"; transfer-syntax=*')):
                lay("object", part)
                dataset = pydicom.dcmread(io.BytesIO(part))
                found = list(elements(dataset))
                lay("text", "\n".join(text for _, text in found).encode())
                dates[str(dataset.PatientID)].update(text[:8] for vr, text in found if vr in ("DA", "DT") and text)
        if len(page) < 100:
            return dates
        offset += len(page)


rows()
print(json.dumps({subject: sorted(days) for subject, days in objects().items()}))
