"""A small bag as the procedure writes it, to be damaged."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

import rfc8785

from services.evidence.bags import BagWriter
from services.evidence.chain import GENESIS, link
from services.evidence.containers import ZipContainer
from services.evidence.merkle import levels_of, path_in
from services.evidence.page import Section, index_page
from services.evidence.seals import Head, SealingKey, encoded, make_seal
from services.evidence.verifying import Verdict, verify

KEY = SealingKey("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")
OTHER_KEY = SealingKey("QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=")
NOW = datetime(2025, 2, 28, 12, tzinfo=UTC)
CASES = ("case-1", "case-2", "case-3")
PHOTO = b"a photo"
SCAN = b"a scan of sealed paper"


def history(case_id: str, length: int = 4) -> list[bytes]:
    lines: list[bytes] = []
    previous = GENESIS
    for sequence in range(1, length + 1):
        event = {"nomination_id": case_id, "sequence": sequence, "event": "nomination_saved", "previous_hash": previous}
        lines.append(rfc8785.dumps(event | {"details": {"words": "示例"}}))
        previous = link(lines[-1])
    return lines


def payload(histories: Mapping[str, list[bytes]] | None = None) -> dict[str, bytes]:
    """Path below data/ → content."""
    told = histories or {case: history(case) for case in CASES}
    heads = [Head(case, len(lines), link(lines[-1])) for case, lines in told.items()]
    levels = levels_of([head.leaf for head in heads])
    seal = make_seal(KEY, campaign="sample", heads=heads, at=NOW, previous=GENESIS)
    files = {
        "proof/seal.json": json.dumps(
            {"statement": encoded(seal.statement), "signature": encoded(seal.signature)}
        ).encode(),
        "proof/keys.json": json.dumps({KEY.key_id: encoded(KEY.public)}).encode(),
    }
    scan = {"path": "report/示例县+汇总表-盖章扫描件.pdf", "sha256": hashlib.sha256(SCAN).hexdigest()}
    gone = {"path": None, "sha256": hashlib.sha256(b"gone").hexdigest()}
    files |= {
        "report/示例县+汇总表-盖章扫描件.pdf": SCAN,
        "report/scans.json": json.dumps({"scans": [scan, gone]}, ensure_ascii=False).encode(),
    }
    for index, (case, lines) in enumerate(told.items()):
        facts = {
            "nomination_id": case,
            "files": [{"path": "示例单位+王晓明.jpg", "kind": "portrait", "sha256": hashlib.sha256(PHOTO).hexdigest()}],
            "withheld": [],
            "inclusion": {"index": index, "path": path_in(levels, index)},
        }
        folder = f"cases/{case}/"
        files |= {
            f"{folder}示例单位+王晓明.jpg": PHOTO,
            f"{folder}events.jsonl": b"\n".join(lines) + b"\n",
            f"{folder}case.json": json.dumps(facts, ensure_ascii=False).encode(),
        }
    return files


def written(files: Mapping[str, bytes], key: SealingKey = KEY) -> bytes:
    writer = BagWriter(info={"External-Description": "示例"}, at=NOW)
    chunks = [writer.add(path, content) for path, content in files.items()]
    page = index_page("示例", [("评选活动", "示例")], [Section("示例", sorted(files))])
    return b"".join([*chunks, writer.add("index.html", page), writer.finish(key)])


def bag() -> bytes:
    return written(payload())


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Written back by somebody who changed it and did not sign it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def verdict_on(content: bytes, **more) -> Verdict:
    return verify(ZipContainer(io.BytesIO(content)), **more)


def faults_of(content: bytes, **more) -> list[str]:
    return [fault.path for fault in verdict_on(content, **more).faults]
