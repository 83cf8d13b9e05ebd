"""Retrieves every object and counts preambles that are not zero.

usage: preambles.py URL TOKEN CA; prints one JSON object.
"""
import json
import sys

import requests

url, token, ca = sys.argv[1:4]
session = requests.Session()
session.headers["Authorization"] = "Bearer " + token
session.verify, session.trust_env = ca, False
studies = session.get(url + "/dicom-web/studies?limit=200", headers={"Accept": "application/dicom+json"}).json()
objects = bad = 0
for study in studies:
    answer = session.get(url + "/dicom-web/studies/" + study["0020000D"]["Value"][0],
                         headers={"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*'})
    answer.raise_for_status()
    body = answer.content
    at = body.find(b"DICM")
    while at >= 0:
        objects += 1
        bad += body[at - 128:at] != bytes(128)
        at = body.find(b"DICM", at + 4)
print(json.dumps({"objects": objects, "preambles_not_zero": bad}))
