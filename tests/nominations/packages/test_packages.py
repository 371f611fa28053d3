"""Packages for the disc and for mail prove themselves; seals are made every morning and kept (R121, R123, R127)."""

import base64
import hashlib
import io
import json
import re
import zipfile
from datetime import datetime

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.evidence.containers import ZipContainer
from services.evidence.merkle import root_from
from services.evidence.seals import Head, is_signed
from services.evidence.verifying import verify
from services.nominations.domain.packages import parts_of
from services.nominations.packages.sealing_cases import seal_campaign, seal_every_campaign
from tests.factories import CATEGORY, PICTURES, Office

CERTIFICATE = (PICTURES / "certificate.jpg").read_bytes()


@pytest.fixture(scope="module")
async def reported(client) -> tuple[Office, list[str], str]:
    """A county's report of a person with papers and a collective, handed in."""
    office = Office(client, "tests-packages")
    person = await office.endorsed_by_county()
    collective = await office.endorse(await office.collective_at_county())
    for case in (person, collective):
        await office.with_opinions(case)
    files = {"file": ("a.jpg", CERTIFICATE, "image/jpeg")}
    scan = {"kind": "sealed_scan", "bundle_id": person}
    await office.done("wutai-office", "POST", "/v1/documents", files=files, data=scan)
    body = {
        "campaign_key": office.campaign,
        "sections": dict.fromkeys(("organisation", "process", "consultation", "publicity", "recommendation"), "示例"),
        "ranking": {CATEGORY: [person], "advanced_collective": [collective]},
    }
    report = (await office.done("wutai-office", "POST", "/v1/county-reports", json=body)).json()["id"]
    await office.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    return office, [person, collective], report


@pytest.fixture(scope="module")
async def package(reported) -> bytes:
    office, _, report = reported
    answer = await office.done("wutai-office", "GET", f"/v1/county-reports/{report}/package")
    assert answer.headers["content-type"] == "application/zip"
    return answer.content


def names_in(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


async def trusted_keys(client: httpx.AsyncClient) -> dict[str, bytes]:
    listed = (await client.get("/v1/evidence-keys")).json()["items"]
    return {key["key_id"]: base64.b64decode(key["public_key"]) for key in listed}


async def test_a_package_is_whole_and_signed_by_the_published_key_r123(package, client):
    verdict = verify(ZipContainer(io.BytesIO(package)), trusted=await trusted_keys(client))
    assert (verdict.faults, verdict.cases) == ((), 2)


def test_a_package_holds_every_form_the_photo_by_its_name_and_the_scan_r116_r121_r127(package):
    names = [name.removeprefix("data/") for name in names_in(package)]
    person = "五台县示例铸造有限公司+示例员工"
    folder = f"cases/002-{person}/"
    assert [name.removeprefix(folder) for name in names if name.startswith(folder)] == [
        "山西省制造业振兴升级先进个人推荐审批表.pdf",
        "公示页-unit-2025-02-07.html",
        f"{person}.jpg",
        f"{person}-职称证书.jpg",
        f"{person}-盖章扫描件.jpg",
        "events.jsonl",
        "case.json",
    ]
    assert [name for name in names if name.startswith("report/")] == [
        "report/山西省制造业振兴升级先进集体推荐对象汇总表.pdf",
        "report/山西省制造业振兴升级先进集体推荐对象汇总表.xlsx",
        "report/山西省制造业振兴升级先进个人推荐对象汇总表.pdf",
        "report/山西省制造业振兴升级先进个人推荐对象汇总表.xlsx",
        "report/山西省制造业振兴升级先进集体和先进个人推荐工作报告.pdf",
    ]


def test_identity_card_copies_are_withheld_as_files_and_named_with_their_hashes(package):
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        facts = [json.loads(archive.read(name)) for name in archive.namelist() if name.endswith("case.json")]
    withheld = sorted(paper["kind"] for each in facts for paper in each["withheld"])
    assert (withheld, [name for name in names_in(package) if "身份证" in name]) == (
        ["id_card_back", "id_card_front"],
        [],
    )


def test_one_byte_flipped_in_any_file_of_a_package_is_named(package):
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    missed = []
    for name, content in files.items():
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        named = {fault.path for fault in verify(Unpacked(files | {name: flipped})).faults}
        missed += [name] if not named or (name not in named and name != "tagmanifest-sha256.txt") else []
    assert missed == []


class Unpacked:
    """A bag as files in memory: hashing them again and again is cheaper than zipping them."""

    twice = ()

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files
        self.names = tuple(files)

    def read(self, name: str) -> bytes:
        return self._files[name]

    def digest(self, name: str) -> str:
        return hashlib.sha256(self._files[name]).hexdigest()


async def test_the_page_of_a_notice_is_archived_as_it_was_shown_with_its_period_in_the_chain_r47_r62(package, reported):
    office, (person, _), _ = reported
    case = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{person}")).json()
    notice = case["publicity"]["id"]
    shown = (await office.client.get(f"/v1/publicity-notices/{notice}")).json()
    page = (await office.client.get(f"/v1/publicity-notices/{notice}/page")).text
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        name = next(each for each in archive.namelist() if "/002-" in each and each.endswith(".html"))
        kept = archive.read(name).decode()
        lines = archive.read(f"{name.rpartition('/')[0]}/events.jsonl").splitlines()
    events = {event["event"]: event for event in map(json.loads, lines)}
    opened, signed = events["publicity_opened"], events["unit_signed"]
    facts = {"notice_id": notice} | {key: shown[key] for key in ("closes_on", "content_hash")}
    assert (kept, {key: opened["details"][key] for key in facts}) == (page, facts)
    moments = [datetime.fromisoformat(each) for each in (opened["recorded_at"], shown["opened_at"])]
    assert (moments[0], signed["recorded_at"][:10] > shown["closes_on"]) == (moments[1], True)


def test_names_fit_on_a_disc_r123(package):
    parts = {part for name in names_in(package) for part in name.split("/")}
    assert max(map(len, parts)) <= 64


def test_a_package_unpacks_on_windows_and_burns_with_joliet_names_r123(package):
    """Joliet: a path of 120 characters, eight folders deep, none of * : ; ? \\; Windows: none of < > | " nor a dot at the end."""
    names = names_in(package)
    folded = [name.casefold() for name in names]
    parts = {part for name in names for part in name.split("/")}
    assert (len(set(folded)), [part for part in parts if re.search(r'[\x00-\x1f*:;?\\<>|"]|[. ]$', part)]) == (
        len(names),
        [],
    )
    assert max(len(name.encode("utf-16-le")) // 2 for name in names) <= 120
    assert max(name.count("/") for name in names) < 8


async def test_the_city_downloads_it_and_another_county_does_not_find_it(reported):
    office, _, report = reported
    path = f"/v1/county-reports/{report}/package-plan"
    answers = [
        (await office.send(who, "GET", path)).status_code for who in ("city-office", "daixian-office", "wutai-clerk")
    ]
    assert answers == [200, 404, 403]


async def test_for_mail_it_falls_into_parts_of_whole_cases_each_checked_alone_r123(reported):
    office, _, report = reported
    path = f"/v1/county-reports/{report}/package"
    parts = (await office.done("wutai-office", "GET", f"{path}-plan", params={"megabytes": 5})).json()["parts"]
    sizes = [part["cases"] for part in parts]
    unknown = await office.send("wutai-office", "GET", path, params={"megabytes": 5, "part": len(parts) + 1})
    assert (sum(sizes), unknown.json()["code"]) == (2, "package_part_unknown")


@pytest.mark.parametrize(
    ("sizes", "limit", "parts"),
    [
        ([], None, [[]]),
        ([3, 3, 3], None, [[0, 1, 2]]),
        ([3, 3, 3], 6, [[0, 1], [2]]),
        ([3, 3, 3], 5, [[0], [1], [2]]),
        ([9, 1, 1], 5, [[0], [1, 2]]),
        ([1, 9, 1], 5, [[0], [1], [2]]),
    ],
)
def test_parts_hold_whole_cases_in_their_order_r123(sizes, limit, parts):
    assert parts_of(sizes, limit=limit) == parts


async def test_the_city_ticks_paper_and_files_of_each_item_r121_r122(reported):
    office, cases, report = reported
    path = f"/v1/county-reports/{report}/receipts"
    before = (await office.done("wutai-office", "GET", path)).json()
    items = [row["item"] for row in before["items"]]
    await office.done("city-office", "PUT", f"{path}/{items[0]}", json={"paper_copies": 2, "electronic": True})
    for item in items[1:]:
        await office.done("city-office", "PUT", f"{path}/{item}", json={"paper_copies": 3, "electronic": True})
    short = (await office.done("wutai-office", "GET", path)).json()
    last = {"paper_copies": 3, "electronic": True}
    whole = (await office.done("city-office", "PUT", f"{path}/{items[0]}", json=last)).json()
    forms = ["recommendation_report", "attachment_3", "attachment_4"]
    assert items == [*forms, cases[1], cases[0], f"{cases[1]}:attachment_7_2"]
    assert [row["copies_missing"] for row in short["items"]] == [1, 0, 0, 0, 0, 0]
    assert (before["complete"], short["complete"], whole["complete"]) == (False, False, True)


async def test_only_the_city_ticks_and_only_what_the_report_holds_r121(reported):
    office, _, report = reported
    path, body = f"/v1/county-reports/{report}/receipts", {"paper_copies": 3, "electronic": True}
    by_county = await office.send("wutai-office", "PUT", f"{path}/attachment_3", json=body)
    unknown = await office.send("city-office", "PUT", f"{path}/attachment_9", json=body)
    too_many = await office.send("city-office", "PUT", f"{path}/attachment_3", json=body | {"paper_copies": 100})
    assert [answer.status_code for answer in (by_county, unknown, too_many)] == [403, 404, 422]


async def test_the_file_of_one_case_proves_itself_too(reported, client):
    office, (person, _), _ = reported
    answer = await office.done("wutai-office", "GET", f"/v1/nominations/{person}/case-file")
    verdict = verify(ZipContainer(io.BytesIO(answer.content)), trusted=await trusted_keys(client))
    denied = await office.send("wutai-clerk", "GET", f"/v1/nominations/{person}/case-file")
    assert (verdict.faults, verdict.cases, denied.status_code) == ((), 1, 403)


async def test_a_case_leads_to_the_newest_root_that_everybody_can_keep(reported, context, client):
    office, (person, _), _ = reported
    await seal_every_campaign(context)
    proof = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{person}/proof")).json()
    public = (await client.get(f"/v1/campaigns/{office.campaign}/seals")).json()["items"][0]
    leaf = Head(person, proof["sequence"], proof["hash"]).leaf
    root = root_from(leaf, index=proof["index"], size=proof["seal"]["tree_size"], path=proof["path"])
    key = (await trusted_keys(client))[public["key_id"]]
    signed = is_signed(base64.b64decode(public["statement"]), base64.b64decode(public["signature"]), key)
    assert (proof["seal"], root, signed) == (public, public["root"], True)


async def test_nothing_new_makes_no_new_seal_and_seals_form_a_chain(reported, context, client):
    office, _, _ = reported
    first, second = await seal_campaign(context, office.campaign), await seal_campaign(context, office.campaign)
    await office.draft()
    third = await seal_campaign(context, office.campaign)
    listed = (await client.get(f"/v1/campaigns/{office.campaign}/seals", params={"page_size": 2})).json()["items"]
    statements = [json.loads(base64.b64decode(seal["statement"])) for seal in listed]
    assert (first.seal == second.seal, third.seal.facts["previous"]) == (True, second.seal.hash)
    assert [statement["root"] for statement in statements] == [third.seal.facts["root"], second.seal.facts["root"]]


@pytest.mark.parametrize("command", ["DELETE FROM", "TRUNCATE"])
@pytest.mark.parametrize("table", ["seal_leaves", "seal_nodes", "case_seals", "evidence_keys"])
async def test_no_seal_is_taken_back(reported, context, command, table):
    async def take_back() -> None:
        async with context.database.transaction() as session:
            await session.execute(text(f"{command} nominations.{table}"))

    with pytest.raises(DBAPIError):
        await take_back()
