"""Packages whose bytes are known ahead: progress, then a download that goes on where it broke off (R123)."""

import io
from typing import Any

import pytest
from sqlalchemy import text

from services.evidence.containers import ZipContainer
from services.evidence.verifying import verify
from services.nominations.context import Context
from services.nominations.documents_client import DocumentsClient
from services.nominations.packages.package_preparing import forget_old_packages, prepare_package
from services.nominations.prints.rendering import Renderer
from tests.factories import CATEGORY, PICTURES, Office

SECTIONS = dict.fromkeys(("organisation", "process", "consultation", "publicity", "recommendation"), "示例")


@pytest.fixture(scope="module")
async def reported(client) -> tuple[Office, list[str], str]:
    """A county's report of a person with papers and a collective, handed in."""
    office = Office(client, "tests-prepared")
    person = await office.endorsed_by_county()
    collective = await office.endorse(await office.collective_at_county())
    for case in (person, collective):
        await office.with_opinions(case)
    files = {"file": ("a.jpg", (PICTURES / "certificate.jpg").read_bytes(), "image/jpeg")}
    scan = {"kind": "sealed_scan", "bundle_id": person}
    await office.done("wutai-office", "POST", "/v1/documents", files=files, data=scan)
    body = {
        "campaign_key": office.campaign,
        "sections": SECTIONS,
        "ranking": {CATEGORY: [person], "advanced_collective": [collective]},
    }
    report = (await office.done("wutai-office", "POST", "/v1/county-reports", json=body)).json()["id"]
    await office.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    return office, [person, collective], report


async def prepared(office: Office, context: Context, path: str, **wanted: Any) -> dict[str, Any]:
    asked = (await office.done("wutai-office", "POST", path, json=wanted)).json()
    await prepare_package(context, asked["id"])
    body: dict[str, Any] = (await office.done("wutai-office", "GET", f"/v1/packages/{asked['id']}")).json()
    return body


@pytest.fixture(scope="module")
async def package(reported, context) -> dict[str, Any]:
    office, _, report = reported
    return await prepared(office, context, f"/v1/county-reports/{report}/packages")


@pytest.fixture(scope="module")
async def whole(reported, package) -> bytes:
    answer = await reported[0].done("wutai-office", "GET", package["content"])
    return answer.content


async def part(office: Office, package: dict[str, Any], wanted: str, **headers: str):
    return await office.send("wutai-office", "GET", package["content"], headers={"Range": wanted, **headers})


async def test_a_package_is_asked_for_prepared_and_then_known_to_the_byte(reported, context, package, whole):
    office, _, report = reported
    assert (package["state"], package["percent"], package["cases"], package["bytes"]) == ("ready", 100, 2, len(whole))
    again = await office.done("wutai-office", "POST", f"/v1/county-reports/{report}/packages", json={})
    assert (again.status_code, again.json()) == (202, package)
    assert verify(ZipContainer(io.BytesIO(whole)), trusted={}).cases == 2


async def test_what_is_not_prepared_says_how_far_it_is(reported):
    office, _, report = reported
    path = f"/v1/county-reports/{report}/packages"
    asked = (await office.done("wutai-office", "POST", path, json={"megabytes": 100})).json()
    assert (asked["state"], asked["percent"], asked["content"], asked["bytes"]) == ("preparing", 0, None, None)
    answer = await office.send("wutai-office", "GET", f"/v1/packages/{asked['id']}/content")
    assert (answer.status_code, answer.json()["code"]) == (409, "package_not_ready")


async def test_a_package_whose_job_was_given_up_is_asked_for_anew(reported, context):
    office, _, report = reported
    path, wanted = f"/v1/county-reports/{report}/packages", {"megabytes": 300}
    first = (await office.done("wutai-office", "POST", path, json=wanted)).json()
    in_hand = (await office.done("wutai-office", "POST", path, json=wanted)).json()
    two_days_on = text("UPDATE nominations.prepared_packages SET made_at = made_at - interval '2 days' WHERE id = :id")
    async with context.database.transaction() as session:
        await session.execute(two_days_on, {"id": first["id"]})
    anew = (await office.done("wutai-office", "POST", path, json=wanted)).json()
    assert (in_hand["id"] == first["id"], anew["id"] == first["id"], anew["state"]) == (True, False, "preparing")


async def test_pieces_of_any_size_make_the_whole(reported, package, whole):
    office, size = reported[0], 150_001
    pieces = []
    for begin in range(0, len(whole), size):
        answer = await part(office, package, f"bytes={begin}-{begin + size - 1}", **{"If-Range": package["etag"]})
        last = min(begin + size, len(whole)) - 1
        assert (answer.status_code, answer.headers["content-range"]) == (206, f"bytes {begin}-{last}/{len(whole)}")
        assert answer.headers["content-length"] == str(last + 1 - begin)
        pieces.append(answer.content)
    assert b"".join(pieces) == whole


async def test_of_another_version_the_whole_is_sent_and_beyond_the_end_nothing(reported, package, whole):
    office = reported[0]
    other = await part(office, package, "bytes=100-", **{"If-Range": '"another"'})
    assert (other.status_code, other.headers["etag"], len(other.content)) == (200, package["etag"], len(whole))
    beyond = await part(office, package, f"bytes={len(whole)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole)}")


async def test_what_lies_before_the_range_is_neither_drawn_nor_read(reported, package, whole, monkeypatch):
    touched: list[str] = []
    read, draw = DocumentsClient.content, Renderer.draw

    async def noted_read(self, *given):
        touched.append("read")
        return await read(self, *given)

    async def noted_draw(self, *given):
        touched.append("draw")
        return await draw(self, *given)

    monkeypatch.setattr(DocumentsClient, "content", noted_read)
    monkeypatch.setattr(Renderer, "draw", noted_draw)
    answer = await part(reported[0], package, "bytes=-3000")
    assert (answer.content, touched) == (whole[-3000:], [])


async def test_a_package_is_only_for_whoever_asked_for_it(reported, package):
    for path in (f"/v1/packages/{package['id']}", package["content"]):
        assert (await reported[0].send("city-office", "GET", path)).status_code == 404
        assert (await reported[0].send("wutai-hrss", "GET", path)).status_code == 403


async def test_asking_is_on_record_once_however_many_pieces_are_taken(reported, package, context):
    _, (person, _), _ = reported
    query = text("SELECT count(*) FROM nominations.data_releases WHERE nomination_id = :case AND kind = 'package'")
    async with context.database.reading() as session:
        taken = await session.scalar(query, {"case": person})
        packages = await session.scalar(
            text("SELECT count(*) FROM nominations.prepared_packages WHERE nominations ? :case"), {"case": person}
        )
    assert taken == packages


async def test_a_file_that_is_no_longer_what_it_was_ends_the_answer_short(reported, package, whole, context):
    set_hash = text(
        "UPDATE nominations.prepared_packages SET files = jsonb_set(files, '{5,3}', to_jsonb(CAST(:sha AS text))), "
        "state = 'ready' WHERE id = CAST(:id AS uuid)"
    )
    async with context.database.transaction() as session:
        sha = await session.scalar(
            text("SELECT files->5->>3 FROM nominations.prepared_packages WHERE id = CAST(:id AS uuid)"),
            {"id": package["id"]},
        )
        await session.execute(set_hash, {"sha": "0" * 64, "id": package["id"]})
    broken = await reported[0].send("wutai-office", "GET", package["content"])
    after = (await reported[0].done("wutai-office", "GET", f"/v1/packages/{package['id']}")).json()
    async with context.database.transaction() as session:
        await session.execute(set_hash, {"sha": sha, "id": package["id"]})
    assert (len(broken.content) < len(whole), after["state"], after["content"]) == (True, "outdated", None)


async def test_when_a_case_moves_on_the_package_is_outdated_and_made_anew(reported, context):
    office, (person, _), _ = reported
    path = f"/v1/nominations/{person}/packages"
    before = await prepared(office, context, path)
    body = {"reason": "核对身份信息"}
    await office.done("wutai-office", "POST", f"/v1/nominations/{person}/identity-reveals", json=body)
    answer = await office.send("wutai-office", "GET", before["content"])
    assert (answer.status_code, answer.json()["code"]) == (409, "package_outdated")
    anew = await prepared(office, context, path)
    content = (await office.done("wutai-office", "GET", anew["content"])).content
    assert (anew["id"] != before["id"], anew["state"]) == (True, "ready")
    assert verify(ZipContainer(io.BytesIO(content)), trusted={}).cases == 1


async def test_the_list_of_files_is_kept_a_week(reported, context):
    ours = {"report": reported[2]}
    query = text("SELECT count(*) FROM nominations.prepared_packages WHERE report_id = :report")
    eight_days_on = (
        "UPDATE nominations.prepared_packages SET made_at = made_at - interval '8 days' WHERE report_id = :report"
    )
    async with context.database.transaction() as session:
        before = await session.scalar(query, ours)
        await session.execute(text(eight_days_on), ours)
    await forget_old_packages(context)
    async with context.database.reading() as session:
        assert (before > 0, await session.scalar(query, ours)) == (True, 0)
