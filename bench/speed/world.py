"""What the servers of a benchmark share: a database with twenty thousand cases, cloned from one that came about by the rules."""

import asyncio
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import numpy as np
import simplejpeg
from PIL import Image

from services.demo.content import new_nominee, nominee_part, unit_part
from services.demo.uploads import upload_fields
from services.embedded.demo_people import PASSWORD

CASES = 20_000
CAMPAIGN = "shanxi-manufacturing-2025"
PICTURES = Path("services/demo/pictures")
_CLONE = """
INSERT INTO {table} SELECT (jsonb_populate_record(source, jsonb_build_object({changes}))).*
FROM (SELECT s AS source, n FROM {table} s, generate_series(1, {cases}) AS n WHERE {where} = '{case}') AS clones
"""
_ID = "('01940000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))"
_TABLES = (
    ("nominations.nominations", "s.id", f"'id', {_ID}, 'identity_sealed', NULL, 'identity_index', NULL"),
    ("nominations.nomination_events", "s.nomination_id", f"'nomination_id', {_ID}"),
    ("nominations.unit_records", "s.nomination_id", f"'id', gen_random_uuid(), 'nomination_id', {_ID}"),
    ("nominations.confirmations", "s.nomination_id", f"'nomination_id', {_ID}"),
    ("documents.bundles", "s.id", f"'id', {_ID}, 'file_stem', NULL, 'frozen', false"),
)


@dataclass(frozen=True, slots=True)
class World:
    """What requests are made of."""

    token: str
    jwks: dict[str, Any]
    unit_id: str
    case_id: str
    photo: bytes


def case_id(number: int) -> str:
    return f"01940000-0000-7000-8000-{1 + number % CASES:012x}"


def make_world(api: str, superuser_url: str) -> World:
    """Walks one case to the unit's inspection over HTTP, then clones its rows."""
    with httpx.Client(base_url=api, timeout=60) as http:
        http.put("/v1/clock", json={"now": "2025-02-07T09:00:00+08:00"}).raise_for_status()
        body = {"username": "wutai-clerk", "password": PASSWORD}
        token = http.post("/v1/auth/sessions", json=body).raise_for_status().json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        form = nominee_part(new_nominee()) | unit_part() | {"sanctions_received": "无"}
        wanted = {"campaign_key": CAMPAIGN, "category": "advanced_individual", "form": form}
        case = _done(http.post("/v1/nominations", json=wanted))
        _submit(http, case["id"])
        jwks = _done(http.get("/v1/auth/jwks.json"))
    asyncio.run(_clone(superuser_url, case["id"]))
    return World(token, jwks, case["unit_id"], case["id"], portrait())


def _submit(http: httpx.Client, case: str) -> None:
    kinds = _done(http.get("/v1/documents/kinds", params={"campaign_key": CAMPAIGN}))["kinds"]
    for kind, name in (
        ("portrait", "good"),
        ("id_card_front", "id_card_front"),
        ("id_card_back", "id_card_back"),
        ("professional_title_certificate", "certificate"),
    ):
        files = {"file": ("a.jpg", (PICTURES / f"{name}.jpg").read_bytes(), "image/jpeg")}
        _done(http.post("/v1/documents", files=files, data=upload_fields(kinds, kind, case)))
    path = f"/v1/nominations/{case}"
    _done(http.post(f"{path}/confirmations", json={"part": "nominee", "statement": "本人已在纸质表上签字确认"}))
    warnings = _done(http.post(f"{path}/checks"))["warnings"]
    reasons = [{"pointer": w["pointer"], "code": w["code"], "reason": "其间脱产进修（示例）"} for w in warnings]
    _done(http.post(f"{path}/submissions", json={"explanations": reasons}))
    _done(http.post(f"{path}/staff-deliberations", json=DELIBERATION))
    inspection = {"held_on": "2025-02-07", "inspectors": ["示例甲"], "result": "符合条件"}
    _done(http.post(f"{path}/inspections", json=inspection))


DELIBERATION = {"held_on": "2025-02-07", "form": "ballot", "present": 9, "in_favour": 8}


def _done(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise SystemExit(f"the benchmark's case could not be made: {answer.text}")
    body: dict[str, Any] = answer.json()
    return body


async def _clone(superuser_url: str, case: str) -> None:
    connection = await asyncpg.connect(superuser_url, ssl=False)
    try:
        await connection.execute("SET session_replication_role = replica")
        for table, where, changes in _TABLES:
            await connection.execute(_CLONE.format(table=table, where=where, changes=changes, cases=CASES, case=case))
        await connection.execute("TRUNCATE nominations.nomination_tallies")
        await connection.execute(
            "INSERT INTO nominations.nomination_tallies SELECT campaign_key, quota_unit, category, stage, status, "
            "handed_over_at IS NOT NULL, reported_at IS NOT NULL, count(*) FROM nominations.nominations GROUP BY 1,2,3,4,5,6,7"
        )
        await connection.execute("ALTER SYSTEM SET autovacuum = off")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def portrait() -> bytes:
    """The demo's good portrait, at the quality at which it has about 300 KB."""
    pixels = np.asarray(Image.open(io.BytesIO((PICTURES / "good.jpg").read_bytes())).convert("RGB"))
    for quality in (100, 98, 96, 94):
        written: bytes = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=quality, colorsubsampling="444")
        if len(written) < 450_000:
            return written
    raise SystemExit("no quality fits")


def upload_body(world: World, number: int) -> bytes:
    """A multipart body whose picture is like no other: a comment in the JPEG holds its number."""
    note = f"bench {number:026d}".encode()
    picture = world.photo[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + world.photo[2:]
    parts = b""
    for name, value in (("kind", "portrait"), ("bundle_id", case_id(number))):
        parts += f'--bench\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    head = (
        b'--bench\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return head + picture + b"\r\n" + parts + b"--bench--\r\n"


def create_body(number: int) -> bytes:
    """Of somebody of their own name: namesakes are numbered, and thousands of them are no workload."""
    form = nominee_part(new_nominee()) | unit_part()
    del form["resident_id_number"]
    form["full_name"] = "王" + chr(0x4E00 + number % 8000) + chr(0x4E00 + number // 8000)
    wanted = {"campaign_key": CAMPAIGN, "category": "advanced_individual", "form": form}
    return json.dumps(wanted, ensure_ascii=False).encode()
