"""What an attacker tries first: other people's cases, fields that are not theirs, lines in our logs, paths out of the tree."""

import io
import json
import logging
from uuid import uuid4

import pytest

from services.common.logs import JsonFormatter
from tests.factories import CATEGORY, PICTURES
from tests.the_contract import the_contract


def case_reads() -> list[str]:
    paths = the_contract("nominations")["paths"]
    return sorted(
        path
        for path, item in paths.items()
        if "get" in item and path.startswith("/v1/nominations/{nomination_id}") and path.count("{") == 1
    )


@pytest.fixture
async def foreign_case(office) -> str:
    """A case of a unit in another county, with its papers."""
    case = (await office.draft({"full_name": "示例"})).json()["id"]
    await office.with_documents(case)
    return case


@pytest.mark.parametrize("stranger", ["dingxiang-clerk", "dingxiang-hrss", "city-hrss"])
async def test_a_case_out_of_scope_does_not_exist_by_any_address(office, foreign_case, stranger):
    """IDOR: knowing the id is worth nothing, and no answer tells it from one that nobody has."""
    nothing = str(uuid4())
    statuses = {
        path: [
            (await office.send(stranger, "GET", path.replace("{nomination_id}", each))).status_code
            for each in (foreign_case, nothing)
        ]
        for path in case_reads()
    }
    assert {path: pair for path, pair in statuses.items() if pair not in ([404, 404], [403, 403])} == {}


@pytest.mark.parametrize("stranger", ["dingxiang-clerk", "dingxiang-hrss", "city-hrss"])
async def test_papers_out_of_scope_do_not_exist(office, foreign_case, stranger):
    held = (await office.done("wutai-clerk", "GET", f"/v1/documents/bundles/{foreign_case}")).json()["items"]
    paths = [f"/v1/documents/bundles/{foreign_case}"]
    paths += [f"/v1/documents/{each['id']}{end}" for each in held for end in ("", "/content", "/thumbnail", "/views")]
    assert {(await office.send(stranger, "GET", path)).status_code for path in paths} <= {403, 404}


@pytest.mark.parametrize(
    "field", ["status", "stage", "unit_id", "quota_unit", "campaign_version", "revision", "created_by", "reported_at"]
)
async def test_what_the_server_decides_is_accepted_from_nobody(office, field):
    """Mass assignment."""
    body = {"campaign_key": office.campaign, "category": CATEGORY, "form": {}, field: "endorsed"}
    answer = await office.send("wutai-clerk", "POST", "/v1/nominations", json=body)
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, [f"/{field}"])


@pytest.mark.parametrize("forged", ['x"}\n{"level":"error"', "a\r\nb: c", "a" * 65, "中文中文中文", "\x1b[31mred-text"])
async def test_a_request_id_of_a_strangers_making_writes_no_line_of_its_own(client, forged):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("xianjin.access")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        await client.get("/livez", headers=[(b"x-request-id", forged.encode("utf-8"))])
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
    (line,) = written.getvalue().splitlines()
    assert forged not in json.loads(line)["request_id"]


@pytest.mark.parametrize(
    "path",
    [
        "/docs/assets/..%2f..%2f..%2fpyproject.toml",
        "/docs/assets/../../site.py",
        "/v1/campaigns/..%2f..%2fpyproject",
        "/v1/campaigns/shanxi-manufacturing-2025/forms/..%2f..%2fcampaign",
        "/v1/documents/links/..%2f..%2fetc/passwd",
    ],
)
async def test_no_address_leads_out_of_the_tree(client, path):
    answer = await client.get(path)
    assert (answer.status_code in {401, 404, 422}, "[project]" in answer.text) == (True, False)


async def test_the_name_of_an_uploaded_file_is_never_a_path(office):
    case = (await office.draft()).json()["id"]
    files = {"file": ("../../../etc/cron.d/x\r\nSet-Cookie: a=b", (PICTURES / "good.jpg").read_bytes(), "image/jpeg")}
    answer = await office.send(
        "wutai-clerk", "POST", "/v1/documents", files=files, data={"kind": "portrait", "bundle_id": case}
    )
    shown = await office.done("wutai-clerk", "GET", f"/v1/documents/{answer.json()['id']}/content")
    assert (
        answer.status_code,
        "etc" in shown.headers.get("content-disposition", ""),
        "set-cookie" in shown.headers,
    ) == (
        201,
        False,
        False,
    )


async def test_what_somebody_typed_is_text_in_every_answer(office):
    """No page of ours renders it, and the answer cannot be taken for one."""
    draft = await office.draft({"deeds": "<img src=x onerror=alert(1)>"})
    assert (draft.headers["content-type"], "default-src 'none'" in draft.headers["content-security-policy"]) == (
        "application/json",
        True,
    )
