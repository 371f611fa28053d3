"""A file goes out: whole, in part, not at all, and never unseen when it is an ID card (R184)."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from services.documents.resources import Resources
from services.documents.tables import DocumentViewRow, StoredObjectRow
from tests.documents.service.people import DAIXIAN, SERVICE, WUTAI, Player, player
from tests.documents.service.steps import (
    Bucket,
    Case,
    fresh_card,
    fresh_portrait,
    open_case,
    register,
    upload,
    uploaded,
)


def content_of(document: dict[str, str]) -> str:
    return f"/v1/documents/{document['id']}/content"


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=0-99", 0, 99), ("bytes=100-", 100, None), ("bytes=-10", -10, None)]
)
async def test_a_range_is_answered_206_with_exactly_its_bytes(
    http: httpx.AsyncClient, asked: str, first: int, last: int | None
) -> None:
    case, content = await open_case(http), fresh_portrait()
    document = await uploaded(http, case, content)
    answer = await http.get(content_of(document), headers=case.nominee.headers | {"Range": asked})
    wanted = content[first:] if last is None else content[first : last + 1]
    start = first % len(content)
    assert (answer.status_code, answer.content) == (206, wanted)
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(wanted) - 1}/{len(content)}"


async def test_a_range_of_an_encrypted_file_is_of_its_plain_bytes(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_card()
    document = await uploaded(http, case, content, kind="id_card_front")
    answer = await http.get(content_of(document), headers=SERVICE.headers | {"Range": "bytes=5-9"})
    assert (answer.status_code, answer.content) == (206, content[5:10])


async def test_a_range_outside_the_file_is_416_with_its_size(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_portrait()
    document = await uploaded(http, case, content)
    answer = await http.get(content_of(document), headers=case.nominee.headers | {"Range": f"bytes={len(content)}-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(content)}"


async def test_the_etag_is_the_sha256_and_answers_304(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    document = await uploaded(http, case, fresh_portrait())
    first = await http.get(content_of(document), headers=case.nominee.headers)
    again = await http.get(
        content_of(document), headers=case.nominee.headers | {"If-None-Match": first.headers["etag"]}
    )
    assert first.headers["etag"] == f'"{document["sha256"]}"'
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


async def test_a_file_carries_its_chinese_name_and_how_long_it_may_be_kept(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    photo = await uploaded(http, case, fresh_portrait())
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    answers = [await http.get(content_of(each), headers=case.nominee.headers) for each in (photo, card)]
    assert [(each.headers["content-disposition"], each.headers["cache-control"]) for each in answers] == [
        ("inline; filename=\"portrait.jpg\"; filename*=UTF-8''%E8%AF%81%E4%BB%B6%E7%85%A7.jpg", "private, no-cache"),
        (
            "inline; filename=\"id_card_front.jpg\"; filename*=UTF-8''" + quote("身份证人像面.jpg"),
            "private, no-store",
        ),
    ]


async def test_an_id_card_does_not_lie_in_the_bucket_in_clear_and_reads_back(
    http: httpx.AsyncClient, bucket: Bucket
) -> None:
    before, case, content = bucket.keys(), await open_case(http), fresh_card()
    document = await uploaded(http, case, content, kind="id_card_back")
    (key,) = bucket.keys() - before
    stored = bucket.read(key)
    assert document["sha256"] not in key
    assert (content[:64] in stored, content[2000:2064] in stored, stored[:2] == content[:2]) == (False, False, False)
    assert (await http.get(content_of(document), headers=SERVICE.headers)).content == content


async def test_the_same_id_card_sent_twice_is_one_object_and_reads_back_for_both(
    http: httpx.AsyncClient, bucket: Bucket
) -> None:
    before, content = bucket.keys(), fresh_card()
    cases = [await open_case(http), await open_case(http)]
    documents = [await uploaded(http, case, content, kind="id_card_front") for case in cases]
    read = [await http.get(content_of(document), headers=SERVICE.headers) for document in documents]
    assert len(bucket.keys() - before) == 1
    assert [each.content for each in read] == [content, content]


async def test_every_view_is_on_record_with_what_was_shown(http: httpx.AsyncClient, resources: Resources) -> None:
    case, reviewer = await open_case(http), player("county_reviewer")
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    photo = await uploaded(http, case, fresh_portrait())
    for viewer in (reviewer, SERVICE):
        for document in (card, photo):
            await http.get(content_of(document), headers=viewer.headers)
    await http.get(f"/v1/documents/{photo['id']}/thumbnail", headers=reviewer.headers)
    assert await views_of(resources, card, photo) == [
        (card["id"], reviewer.caller.subject, "watermarked"),
        (photo["id"], reviewer.caller.subject, "original"),
        (card["id"], "nominations", "original"),
        (photo["id"], "nominations", "original"),
        (photo["id"], reviewer.caller.subject, "thumbnail"),
    ]


async def views_of(resources: Resources, *documents: dict[str, str]) -> list[tuple[str, str, str]]:
    async with resources.database.reading() as session:
        rows = await session.scalars(
            select(DocumentViewRow)
            .where(DocumentViewRow.document_id.in_([document["id"] for document in documents]))
            .order_by(DocumentViewRow.id)
        )
        return [(str(row.document_id), row.viewer, row.shown) for row in rows]


async def test_a_recorded_view_cannot_be_changed(http: httpx.AsyncClient, resources: Resources) -> None:
    case = await open_case(http)
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    await http.get(content_of(card), headers=case.nominee.headers)
    with pytest.raises(DBAPIError):
        async with resources.database.transaction() as session:
            await session.execute(
                update(DocumentViewRow).where(DocumentViewRow.document_id == card["id"]).values(viewer="nobody")
            )


async def test_bytes_that_are_not_those_that_were_stored_are_never_given_out(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    case = await open_case(http)
    document = await uploaded(http, case, fresh_portrait())
    async with resources.database.reading() as session:
        key = await session.scalar(
            select(StoredObjectRow.object_key).where(StoredObjectRow.sha256 == document["sha256"])
        )
    assert key is not None
    as_kept = bucket.read(key)
    bucket.write(key, b"other bytes")
    answer = await http.get(content_of(document), headers=case.nominee.headers)
    bucket.write(key, as_kept)
    assert (answer.status_code, answer.json()["code"]) == (500, "stored_object_damaged")


READERS = [
    pytest.param(lambda case: case.nominee, 200, 200, id="the nominee"),
    pytest.param(lambda case: case.clerk, 200, 200, id="the unit's clerk"),
    pytest.param(
        lambda case: player("unit_head", organisation=case.organisation_id), 200, 404, id="the unit's head, no ID cards"
    ),
    pytest.param(lambda _: player("county_reviewer", jurisdiction=WUTAI), 200, 200, id="own county"),
    pytest.param(lambda _: player("city_officer", jurisdiction="1409"), 200, 200, id="the city"),
    pytest.param(lambda _: SERVICE, 200, 200, id="a service"),
    pytest.param(lambda _: player("nominee"), 404, 404, id="another nominee"),
    pytest.param(
        lambda case: player("nominee", organisation=case.organisation_id), 404, 404, id="a nominee of the same unit"
    ),
    pytest.param(lambda _: player("unit_clerk"), 404, 404, id="another unit's clerk"),
    pytest.param(lambda _: player("county_officer", jurisdiction=DAIXIAN), 404, 404, id="another county"),
    pytest.param(lambda _: player("system_admin"), 404, 404, id="the administrator"),
]


@pytest.fixture(scope="module")
async def case_with_papers(http: httpx.AsyncClient) -> tuple[Case, dict[str, str], dict[str, str]]:
    case = await open_case(http)
    photo = await uploaded(http, case, fresh_portrait())
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    return case, photo, card


@pytest.mark.parametrize(("who", "photo_status", "card_status"), READERS)
async def test_each_reader_finds_what_is_theirs_to_read_and_nothing_else(
    http: httpx.AsyncClient,
    case_with_papers: tuple[Case, dict[str, str], dict[str, str]],
    who: Callable[[Case], Player],
    photo_status: int,
    card_status: int,
) -> None:
    case, photo, card = case_with_papers
    reader = who(case)
    addresses = [f"/v1/documents/{photo['id']}", content_of(photo), f"/v1/documents/{card['id']}", content_of(card)]
    found = [(await http.get(address, headers=reader.headers)).status_code for address in addresses]
    bundle = await http.get(f"/v1/documents/bundles/{case.bundle_id}", headers=reader.headers)
    readable = [each["kind"] for each, status in ((photo, photo_status), (card, card_status)) if status == 200]
    assert found == [photo_status] * 2 + [card_status] * 2
    assert (bundle.status_code, [item["kind"] for item in bundle.json().get("items", [])]) == (photo_status, readable)


async def test_the_nominee_does_not_see_who_objected(http: httpx.AsyncClient) -> None:
    case, officer = await open_case(http), player("county_officer")
    objection = await upload(http, officer, case.bundle_id, fresh_card(), kind="objection_attachment")
    answers = [
        await http.get(content_of(objection.json()), headers=reader.headers)
        for reader in (case.nominee, case.clerk, officer)
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 200]


@pytest.mark.parametrize("role", ["county_officer", "county_reviewer", "city_officer", "city_reviewer"])
async def test_from_whom_a_bundle_is_kept_no_office_opens_it_r95_r97(http: httpx.AsyncClient, role: str) -> None:
    case = await open_case(http)
    official, body, apart = player("county_officer"), uuid7(), player(role)
    objection = (await upload(http, official, case.bundle_id, fresh_card(), kind="objection_attachment")).json()
    themselves, of_the_body = player(role), player(role, organisation=body)
    took_it_in = Player(replace(player(role).caller, predecessors=frozenset({str(body)})))
    await register(http, case, kept_from=[str(themselves.id), str(body)])
    addresses = (content_of(objection), f"/v1/documents/{objection['id']}", f"/v1/documents/bundles/{case.bundle_id}")
    found = [
        [(await http.get(address, headers=reader.headers)).status_code for address in addresses]
        for reader in (themselves, of_the_body, took_it_in, apart)
    ]
    assert found == [[404] * 3, [404] * 3, [404] * 3, [200] * 3]


async def test_from_whom_a_bundle_is_kept_nothing_is_taken_for_it_r97(http: httpx.AsyncClient) -> None:
    case, officer = await open_case(http), player("county_officer", "city_officer")
    await register(http, case, kept_from=[str(officer.id)])
    answer = await upload(http, officer, case.bundle_id, fresh_card(), kind="objection_attachment")
    assert answer.status_code == 404


async def test_whoever_stands_on_the_side_of_a_case_reads_in_no_office_who_objected_to_it_r95_r97(
    http: httpx.AsyncClient, case_with_papers: tuple[Case, dict[str, str], dict[str, str]]
) -> None:
    """An objection on paper, which the office filed with the case itself."""
    case, photo, _ = case_with_papers
    official = player("county_officer")
    objection = (await upload(http, official, case.bundle_id, fresh_card(), kind="objection_attachment")).json()
    of_the_unit = player("county_officer", organisation=case.organisation_id)
    the_nominee = Player(replace(case.nominee.caller, roles=frozenset({"nominee", "city_officer"})))
    found = [
        [(await http.get(content_of(paper), headers=reader.headers)).status_code for paper in (photo, objection)]
        for reader in (of_the_unit, the_nominee, official)
    ]
    assert found == [[200, 404], [200, 404], [200, 200]]


async def test_without_a_token_nothing_is_found(http: httpx.AsyncClient) -> None:
    document = await uploaded(http, await open_case(http), fresh_portrait())
    assert (await http.get(content_of(document))).status_code == 401
