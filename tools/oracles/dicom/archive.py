"""Stores DICOM files in an Orthanc of its own by STOW-RS, asks for them by QIDO-RS, gets them back by
WADO-RS and compares every attribute and every byte of the pixels.

Needs Orthanc with its DICOMweb plug-in (Debian: orthanc, orthanc-dicomweb) and pydicom 3.0. Orthanc runs in
a temporary folder, on loopback alone, and ends with the script.
python tools/oracles/dicom/archive.py FILE_OR_FOLDER... [--then COMMAND...]
COMMAND runs while the archive is up; its address is in ORTHANC.
"""

import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from email.parser import BytesParser
from email.policy import HTTP

import pydicom

PORT = 18042
URL = f"http://127.0.0.1:{PORT}"
PLUGIN = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"
SETTINGS = {
    "Name": "lss-check",
    "Plugins": [PLUGIN],
    "RemoteAccessAllowed": False,
    "AuthenticationEnabled": False,
    "HttpPort": PORT,
    "DicomServerEnabled": False,
    "StorageCompression": False,
    "OverwriteInstances": True,
    "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "EnableWado": True, "Ssl": False},
}
BOUNDARY = "lss-boundary"


def request(path: str, accept: str, data: bytes | None = None, kind: str = "") -> tuple[bytes, str]:
    call = urllib.request.Request(URL + path, data=data, headers={"Accept": accept})
    if kind:
        call.add_header("Content-Type", kind)
    with urllib.request.urlopen(call, timeout=60) as answer:
        return answer.read(), answer.headers.get("Content-Type", "")


def store(files: list[pathlib.Path]) -> None:
    body = b""
    for path in files:
        head = f"--{BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n"
        body += head.encode() + path.read_bytes() + b"\r\n"
    body += f"--{BOUNDARY}--\r\n".encode()
    kind = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'
    answer, _ = request("/dicom-web/studies", "application/dicom+json", body, kind)
    said = json.loads(answer)
    refused = said.get("00081198", {}).get("Value", [])
    stored = said.get("00081199", {}).get("Value", [])
    print(f"STOW-RS: {len(stored)} stored, {len(refused)} refused")
    if refused or len(stored) != len(files):
        raise SystemExit("the archive did not take every file")


def parts(body: bytes, kind: str) -> list[bytes]:
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    return [part.get_payload(decode=True) for part in message.iter_parts()]


def compare(path: pathlib.Path) -> bool:
    sent = pydicom.dcmread(path)
    place = f"/dicom-web/studies/{sent.StudyInstanceUID}/series/{sent.SeriesInstanceUID}"
    asked, _ = request(f"{place}/instances?SOPInstanceUID={sent.SOPInstanceUID}", "application/dicom+json")
    if len(json.loads(asked)) != 1:
        print(f"{path.name}: QIDO-RS finds {len(json.loads(asked))}")
        return False
    accept = 'multipart/related; type="application/dicom"; transfer-syntax=*'
    got_parts = parts(*request(f"{place}/instances/{sent.SOPInstanceUID}", accept))
    got = pydicom.dcmread(io.BytesIO(got_parts[0]))
    different = [e.keyword or str(e.tag) for e in sent if e.tag not in got or got[e.tag] != e]
    different += [e.keyword or str(e.tag) for e in got if e.tag not in sent]
    if different:
        print(f"{path.name}: differs in {different}")
    return not different


def main(arguments: list[str]) -> None:
    then = arguments[arguments.index("--then") + 1 :] if "--then" in arguments else []
    named = arguments[: arguments.index("--then")] if then else arguments
    files = []
    for path in map(pathlib.Path, named):
        files += sorted(p for p in path.rglob("*.dcm")) if path.is_dir() else [path]
    program = shutil.which("Orthanc") or "/usr/sbin/Orthanc"
    if not os.path.exists(program) or not os.path.exists(PLUGIN):
        raise SystemExit("SKIPPED: Orthanc or its DICOMweb plug-in is not installed")
    with tempfile.TemporaryDirectory() as folder:
        settings = dict(SETTINGS, StorageDirectory=folder, IndexDirectory=folder)
        configuration = pathlib.Path(folder) / "orthanc.json"
        configuration.write_text(json.dumps(settings))
        log = open(pathlib.Path(folder) / "log", "w")
        orthanc = subprocess.Popen([program, configuration], stdout=log, stderr=log)
        try:
            wait(orthanc)
            store(files)
            same = sum(compare(path) for path in files)
            print(f"WADO-RS: {same} of {len(files)} come back with every attribute and pixel equal")
            code = 0 if same == len(files) else 1
            if then:
                code |= subprocess.run(then, env=dict(os.environ, ORTHANC=URL)).returncode
        finally:
            orthanc.terminate()
            orthanc.wait(30)
            log.close()
    sys.exit(code)


def wait(orthanc: subprocess.Popen) -> None:
    for _ in range(120):
        if orthanc.poll() is not None:
            raise SystemExit("Orthanc ended; is its port taken?")
        try:
            request("/system", "application/json")
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.25)
    raise SystemExit("Orthanc does not answer")


if __name__ == "__main__":
    main(sys.argv[1:])
