"""Real clients against a real registry and edge: pynetdicom sends, dicomweb-client searches and retrieves.

usage: clients.py send HOST PORT FILE...            mixed syntaxes over one association
       clients.py retrieve URL TOKEN CA              search and retrieve; prints one JSON object
       clients.py pixels URL TOKEN CA FOLDER...      every retrieved object opens in pydicom, and its pixel bytes
                                                     are those of a file below FOLDER; prints one JSON object
"""
import hashlib
import json
import os
import sys
import warnings

import pydicom
import requests
from dicomweb_client.api import DICOMwebClient

warnings.filterwarnings("ignore")


def send(host, port, files):
    from pynetdicom import AE

    datasets = [pydicom.dcmread(path) for path in files]
    entity = AE(ae_title="PYNETDICOM")
    for sop_class, syntax in {(d.SOPClassUID, d.file_meta.TransferSyntaxUID) for d in datasets}:
        entity.add_requested_context(sop_class, syntax)
    association = entity.associate(host, port)
    assert association.is_established, "the association was not accepted"
    statuses = [association.send_c_store(d).Status for d in datasets]
    echo_context = len(entity.requested_contexts)
    association.release()
    return {"sent": len(statuses), "success": sum(s == 0 for s in statuses), "contexts": echo_context}


def client(url, token, ca):
    session = requests.Session()
    session.headers["Authorization"] = "Bearer " + token
    session.verify = ca
    session.trust_env = False
    return DICOMwebClient(url + "/dicom-web", session=session)


def value(entry, tag):
    return entry[tag]["Value"][0]


def instances_of(web):
    offset = 0
    while True:
        page = web.search_for_instances(limit=200, offset=offset)
        yield from page
        if len(page) < 200:
            return
        offset += len(page)


def retrieve(web):
    studies = web.search_for_studies(limit=5)
    assert studies, "no study was found"
    study = value(studies[0], "0020000D")
    series = web.search_for_series(study)
    first = value(series[0], "0020000E")
    instances = web.search_for_instances(study, first)
    sop = value(instances[0], "00080018")
    by_study = web.search_for_studies(search_filters={"StudyInstanceUID": study})
    assert [value(s, "0020000D") for s in by_study] == [study]
    nobody = web.search_for_studies(search_filters={"PatientID": "nobody-at-all"})
    assert nobody == [], "a filter that matches nothing found something"
    whole = list(web.iter_series(study, first))
    assert len(whole) == len(instances), "series retrieval and search disagree"
    one = web.retrieve_instance(study, first, sop)
    assert one.SOPInstanceUID == sop and one.PatientIdentityRemoved == "YES"
    metadata = web.retrieve_series_metadata(study, first)
    assert len(metadata) == len(instances) and "7FE00010" not in {k for m in metadata for k in m if "Value" in m[k]}
    frames = web.retrieve_instance_frames(study, first, sop, frame_numbers=[1])
    assert bytes(frames[0])[:64] == one.PixelData[:64] or one.file_meta.TransferSyntaxUID.is_compressed
    return {"studies": len(studies), "series": len(series), "instances": len(whole), "frame_bytes": len(frames[0])}


def pixel_bytes(dataset):
    element = dataset.get_item(0x7FE00010)
    return None if element is None else bytes(element.value)


def digest(data):
    return hashlib.sha256(data.rstrip(b"\0")).hexdigest()


def originals(folders):
    known = set()
    for folder in folders:
        for base, _, names in os.walk(folder):
            for name in names:
                try:
                    data = pixel_bytes(pydicom.dcmread(os.path.join(base, name), force=True))
                except Exception:  # a file of the malformed kind: nothing of it can come back
                    continue
                if data is not None:
                    known.add(digest(data))
    return known


def pixels(web, folders):
    known = originals(folders)
    retrieved = unknown = without = 0
    for entry in instances_of(web):
        one = web.retrieve_instance(*(value(entry, t) for t in ("0020000D", "0020000E", "00080018")),
                                    media_types=(("application/dicom", "*"),))
        retrieved += 1
        data = pixel_bytes(one)
        if data is None:
            without += 1
        elif digest(data) not in known:
            unknown += 1
    return {"retrieved": retrieved, "pixels_changed": unknown, "without_pixels": without}


def main(task, *arguments):
    if task == "send":
        return send(arguments[0], int(arguments[1]), arguments[2:])
    web = client(*arguments[:3])
    return retrieve(web) if task == "retrieve" else pixels(web, arguments[3:])


print(json.dumps(main(*sys.argv[1:])))
