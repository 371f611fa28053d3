"""A nomination from the empty draft to the submission, with its papers: the unit and the nominee, each their part."""

import hashlib
from pathlib import Path
from typing import Any

from services.conformance.world import World
from services.demo.content import new_nominee, nominee_part, unit_part
from services.demo.uploads import upload_fields

PICTURES = Path(__file__).parent.parent.parent / "demo" / "pictures"
CATEGORY = "advanced_individual"
OPENED = "2025-02-07T09:00:00+08:00"
_PAPERS = {"portrait": "good", "id_card_front": "id_card_front", "id_card_back": "id_card_back"}


def fill_in(world: World) -> None:
    """Drafted by the clerk, taken over by the nominee, confirmed by both, explained, submitted."""
    world.set_clock(OPENED)
    form = nominee_part(new_nominee())
    drafted = {"campaign_key": world.campaign, "category": CATEGORY, "form": {"full_name": form["full_name"]}}
    opened = world.send("unit_clerk", "POST", "/v1/nominations", json=drafted)
    case = world.made["nomination"] = opened.json()["id"]
    path = f"/v1/nominations/{case}"
    code = world.send("unit_clerk", "POST", f"{path}/hand-over-codes").json()["code"]
    world.send("nominee", "POST", "/v1/hand-overs", json={"code": code})
    _save(world, "nominee", path, form)
    edited = {"If-Match": world.send("nominee", "GET", path).headers["etag"]}
    blanks = {"fields": ["sanctions_received"], "confirmed": True}
    world.send("nominee", "POST", f"{path}/blank-fillings", json=blanks, headers=edited)
    read = world.send("unit_clerk", "GET", path).json()
    _save(world, "unit_clerk", path, read["form"] | unit_part())
    papers(world, case)
    world.send("unit_clerk", "POST", f"{path}/identity-reveals", json={"reason": "核对身份证"})
    world.send("unit_clerk", "POST", f"{path}/submissions", expect=422)
    world.send("nominee", "POST", f"{path}/confirmations", json={"part": "nominee"})
    check = world.send("unit_clerk", "POST", f"{path}/checks").json()
    reasons = [{k: each[k] for k in ("pointer", "code")} | {"reason": "其间进修"} for each in check["warnings"]]
    world.send("unit_clerk", "POST", f"{path}/submissions", json={"explanations": reasons})


def withdrawn(world: World) -> None:
    """Another draft is searched for, submitted by nobody, and taken back."""
    drafted = {"campaign_key": world.campaign, "category": CATEGORY, "form": {"full_name": "示例撤回"}}
    case = world.send("unit_clerk", "POST", "/v1/nominations", json=drafted).json()["id"]
    wanted = {"campaign_key": world.campaign, "name_starts": "示例", "page_size": 1}
    world.send("unit_clerk", "POST", "/v1/nominations/searches", json=wanted)
    reason = {"reason": "单位决定不再推荐"}
    world.send("unit_clerk", "GET", f"/v1/nomination-changes?campaign_key={world.campaign}")
    many = {"items": [{"nomination_id": case, **reason}], "dry_run": True}
    world.send("unit_clerk", "POST", "/v1/nomination-withdrawals", json=many)
    world.send("unit_clerk", "POST", f"/v1/nominations/{case}/withdrawal", json=reason)


def papers(world: World, case: str) -> None:
    """Checked, fixed, uploaded in one piece and in chunks, looked at, linked, replaced, withdrawn."""
    portrait = _file("good")
    world.send("nominee", "POST", "/v1/documents/photo-checks", files=portrait)
    world.send("nominee", "POST", "/v1/documents/photo-fixes", files=portrait)
    world.send("nominee", "POST", "/v1/documents/card-checks", files=_file("id_card_front"), data={"side": "front"})
    refused = {"kind": "portrait", "bundle_id": case}
    world.send("nominee", "POST", "/v1/documents", files=_file("red_background"), data=refused, expect=422)
    kinds = world.send(None, "GET", f"/v1/documents/kinds?campaign_key={world.campaign}").json()["kinds"]
    for kind, name in _PAPERS.items():
        data = upload_fields(kinds, kind, case)
        document = world.send("nominee", "POST", "/v1/documents", files=_file(name), data=data).json()["id"]
        world.made.setdefault("document", document)
    document = world.made["document"]
    for rest in ("", "/content", "/thumbnail", "/views"):
        world.send("nominee", "GET", f"/v1/documents/{document}{rest}")
    link = world.send("nominee", "POST", f"/v1/documents/{document}/links", json={}).json()
    world.send(None, "GET", link["url"][link["url"].index("/v1/") :])
    spare = _in_chunks(world, case)
    world.send("nominee", "DELETE", f"/v1/documents/{spare}")
    _in_chunks(world, case)
    world.send("nominee", "GET", f"/v1/documents/bundles/{case}")


def _in_chunks(world: World, case: str) -> str:
    content = (PICTURES / "certificate.jpg").read_bytes()
    wanted = {"bundle_id": case, "kind": "professional_title_certificate", "bytes": len(content)}
    begun = world.send("nominee", "POST", "/v1/documents/uploads", json=wanted).json()
    given_up = world.send("nominee", "POST", "/v1/documents/uploads", json=wanted).json()
    world.send("nominee", "DELETE", f"/v1/documents/uploads/{given_up['id']}")
    path, size = f"/v1/documents/uploads/{begun['id']}", begun["chunk_bytes"]
    for offset in range(0, len(content), size):
        chunk = {"file": ("chunk", content[offset : offset + size], "application/octet-stream")}
        world.send("nominee", "POST", f"{path}/chunks", files=chunk, data={"offset": str(offset)})
    world.send("nominee", "GET", path)
    body = {"sha256": hashlib.sha256(content).hexdigest()}
    document: str = world.send("nominee", "POST", f"{path}/completion", json=body).json()["id"]
    return document


def _save(world: World, part: str, path: str, form: dict[str, Any]) -> None:
    """Without a version, with an old one, then rightly."""
    read = world.send(part, "GET", path)
    body = {"form": form}
    world.send(part, "PUT", path, json=body, expect=428)
    world.send(part, "PUT", path, json=body, headers={"If-Match": read.headers["etag"]})
    world.send(part, "PUT", path, json=body, headers={"If-Match": read.headers["etag"]}, expect=412)


def _file(name: str) -> dict[str, tuple[str, bytes, str]]:
    return {"file": (f"{name}.jpg", (PICTURES / f"{name}.jpg").read_bytes(), "image/jpeg")}
