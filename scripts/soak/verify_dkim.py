"""Verifies DKIM signatures as verify-process.ts does, with Debian's python3-dkim: <folder> <of> <at> <records>."""

import json
import os
import re
import sys

import dkim

folder, of, at, records_file = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
with open(records_file, encoding="utf-8") as file:
    records = json.load(file)


def look_up(name, timeout=5):
    """The TXT record of a key."""
    return records.get(name.decode().rstrip("."), "").encode()


def verify(raw, index):
    """Whether the signature of this number holds."""
    try:
        return "pass" if dkim.DKIM(raw).verify(index, dnsfunc=look_up) else "fail"
    except Exception as error:  # pylint: disable=broad-except
        return str(error)


passed = 0
others = {}
for position, name in enumerate(sorted(os.listdir(folder))):
    if position % of != at:
        continue
    with open(os.path.join(folder, name), "rb") as file:
        raw = re.sub(rb"\r?\n", b"\r\n", file.read())
    head = raw.split(b"\r\n\r\n", 1)[0]
    signatures = len(re.findall(rb"(?im)^DKIM-Signature:", head))
    said = [verify(raw, index) for index in range(signatures)]
    if len(said) == len(records) and all(each == "pass" for each in said):
        passed += 1
    else:
        others[name] = said
json.dump({"passed": passed, "others": others}, sys.stdout)
