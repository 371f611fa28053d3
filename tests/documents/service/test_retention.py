"""Papers go when their time is over, bytes and all; a record stays. What others still need stays too."""

import asyncio
import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from services.documents.domain.document_kind import RetentionStart
from services.documents.domain.erasure import KeptFor
from services.documents.erasing import erase_documents, request_granted
from services.documents.life_tables import CampaignEventRow, DocumentErasureRow
from services.documents.orphans import note_strays, remove_orphans
from services.documents.queries import hold_object
from services.documents.resources import Resources
from services.documents.retention import Rule, count_due, erase, rules_due, set_event
from services.documents.sweeping import sweep
from services.documents.tables import DocumentRow, StoredObjectRow
from tests.documents.service.people import SERVICE, player
from tests.documents.service.steps import (
    CAMPAIGN,
    Bucket,
    fresh_card,
    fresh_pdf,
    fresh_portrait,
    open_case,
    upload,
    uploaded,
)

CLOSED, DECIDED = date(2025, 6, 1), date(2025, 5, 1)
CARDS = Rule(CAMPAIGN, "id_card_front", KeptFor(RetentionStart.AWARD_DECISION, DECIDED, 30))


def closed(kind: str) -> Rule:
    """Kept until the day on which the campaign closed."""
    return Rule(CAMPAIGN, kind, KeptFor(RetentionStart.CAMPAIGN_CLOSED, CLOSED, 0))


@pytest.fixture
async def events(resources: Resources) -> Any:
    await set_event(resources, campaign_key=CAMPAIGN, event=RetentionStart.CAMPAIGN_CLOSED, happened_on=CLOSED)
    await set_event(resources, campaign_key=CAMPAIGN, event=RetentionStart.AWARD_DECISION, happened_on=DECIDED)
    yield
    async with resources.database.transaction() as session:
        await session.execute(delete(CampaignEventRow))


async def due_kinds(resources: Resources, today: date) -> set[str]:
    return {rule.kind for rule in await rules_due(resources, today=today)}


async def test_nothing_is_due_before_anybody_told_of_the_event(resources: Resources) -> None:
    async with resources.database.transaction() as session:
        await session.execute(delete(CampaignEventRow))  # other tests told of some
    assert await due_kinds(resources, date(2099, 1, 1)) == set()


@pytest.mark.usefixtures("events")
async def test_each_kind_is_due_the_day_after_its_last(resources: Resources) -> None:
    days = [date(2025, 5, 31), date(2025, 6, 1), date(2026, 6, 1), date(2026, 6, 2), date(2099, 1, 1)]
    cards = {"id_card_front", "id_card_back"}
    after_a_year = cards | {"portrait", "professional_title_certificate", "degree_certificate", "honour_certificate"}
    assert [await due_kinds(resources, day) for day in days] == [
        set(),
        cards,
        cards,
        after_a_year,
        after_a_year | {"objection_attachment"},
    ]


@pytest.mark.usefixtures("events")
async def test_an_event_told_again_moves_the_day(resources: Resources) -> None:
    later = date(2025, 8, 1)
    await set_event(resources, campaign_key=CAMPAIGN, event=RetentionStart.AWARD_DECISION, happened_on=later)
    (card, _) = await rules_due(resources, today=date(2025, 9, 1))
    assert card == Rule(CAMPAIGN, "id_card_front", KeptFor(RetentionStart.AWARD_DECISION, later, 30))
    assert card.kept_for.last_day == date(2025, 8, 31)


@pytest.mark.usefixtures("events")
async def test_the_procedure_tells_of_an_event_and_nobody_else_does(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    address, body = f"/v1/documents/campaigns/{CAMPAIGN}/events", {"happened_on": "2025-08-01"}
    answers = [
        await http.put(f"{address}/award_decision", headers=SERVICE.headers, json=body),
        await http.put(f"{address}/award_decision", headers=player("city_officer").headers, json=body),
        await http.put(f"{address}/new_year", headers=SERVICE.headers, json=body),
        await http.put(f"{address.replace('2025', '1999')}/award_decision", headers=SERVICE.headers, json=body),
    ]
    assert [each.status_code for each in answers] == [200, 403, 422, 422]
    assert await due_kinds(resources, date(2025, 8, 31)) == set()
    assert await due_kinds(resources, date(2025, 9, 1)) == {"id_card_front", "id_card_back"}


async def test_what_is_erased_is_gone_from_row_and_bucket_and_its_record_stays(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    case, before = await open_case(http), bucket.keys()
    cards = [await uploaded(http, case, fresh_card(), kind="id_card_front") for _ in range(2)]
    card_keys = bucket.keys() - before
    await uploaded(http, case, fresh_portrait())
    photo_keys = bucket.keys() - before - card_keys
    await erase(resources, CARDS)
    await sweep(resources)
    async with resources.database.reading() as session:
        found = await session.scalars(
            select(DocumentErasureRow).where(DocumentErasureRow.document_id.in_([card["id"] for card in cards]))
        )
        records = {(str(row.document_id), row.sha256, row.byte_count, row.rule) for row in found}
    assert (len(card_keys), bucket.keys() & (card_keys | photo_keys)) == (2, photo_keys)
    rule = "award_decision 2025-05-01 + 30 days"
    assert records == {(card["id"], card["sha256"], card["bytes"], rule) for card in cards}
    assert await count_due(resources, CARDS) == 0


async def test_an_erased_paper_is_found_no_more_and_a_new_one_may_come(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    case = await open_case(http)
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    await erase(resources, CARDS)
    address = f"/v1/documents/{card['id']}"
    answers = [await http.get(each, headers=SERVICE.headers) for each in (address, f"{address}/content")]
    again = await uploaded(http, case, fresh_card(), kind="id_card_front")
    views = await http.get(f"{address}/views", headers=case.nominee.headers)
    assert ([each.status_code for each in answers], again["ordinal"], views.status_code) == ([404, 404], 2, 200)


async def test_bytes_that_another_document_holds_stay(http: httpx.AsyncClient, resources: Resources) -> None:
    case, content = await open_case(http), fresh_pdf()
    goes = await uploaded(http, case, content, kind="honour_certificate")
    stays = await uploaded(http, case, content, kind="degree_certificate")
    await erase(resources, closed("honour_certificate"))
    await sweep(resources)
    read = [
        await http.get(f"/v1/documents/{each['id']}/content", headers=case.nominee.headers) for each in (goes, stays)
    ]
    assert [each.status_code for each in read] == [404, 200]
    assert read[1].content == content


async def test_the_same_bytes_may_come_again_also_while_they_are_being_erased(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    case, content = await open_case(http), fresh_pdf()
    rule = closed("degree_certificate")

    async def send() -> httpx.Response:
        return await upload(http, case.nominee, case.bundle_id, content, kind="meeting_minutes")

    for _ in range(8):
        await uploaded(http, case, content, kind="degree_certificate")
        answers = await asyncio.gather(send(), erase(resources, rule), sweep(resources))
        answer = answers[0] if answers[0].status_code == 201 else await send()
        assert answer.status_code == 201, answer.text
        await sweep(resources)
        read = await http.get(f"/v1/documents/{answer.json()['id']}/content", headers=case.nominee.headers)
        assert (read.status_code, read.content == content) == (200, True)
        await http.delete(f"/v1/documents/{answer.json()['id']}", headers=case.nominee.headers)
        await erase(resources, closed("meeting_minutes"))


async def test_bytes_that_are_being_recorded_right_now_are_not_destroyed(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    case, content = await open_case(http), fresh_pdf()
    goes = await uploaded(http, case, content, kind="honour_certificate")
    async with resources.database.transaction() as session:
        first = await session.get_one(DocumentRow, goes["id"])
        assert await hold_object(session, sha256=goes["sha256"], sealed=False) == first.object_key
        erasing = asyncio.create_task(erase(resources, closed("honour_certificate")))
        await asyncio.sleep(0.5)
        shared = ("bundle_id", "single", "object_key", "received_sha256", "media_type", "verdict", "findings")
        facts = {name: getattr(first, name) for name in (*shared, "not_checked", "uploaded_by")}
        comes = DocumentRow(kind="degree_certificate", ordinal=1, **facts)
        session.add(comes)
        await session.flush()
    await erasing
    await sweep(resources)
    answers = [
        await http.get(f"/v1/documents/{each}/content", headers=case.nominee.headers) for each in (goes["id"], comes.id)
    ]
    assert ([each.status_code for each in answers], answers[1].content == content) == ([404, 200], True)


async def test_the_last_papers_of_the_same_bytes_erased_at_once_take_the_bytes_with_them(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    case, content = await open_case(http), fresh_pdf()
    papers = [await uploaded(http, case, content, kind=kind) for kind in ("honour_certificate", "degree_certificate")]
    key = f"objects/{papers[0]['sha256']}"

    async def erase_the_second() -> None:
        async with resources.database.transaction() as session:
            await erase_documents(session, [UUID(papers[1]["id"])], request_granted(CLOSED))

    async with resources.database.transaction() as session:
        await erase_documents(session, [UUID(papers[0]["id"])], request_granted(CLOSED))
        meanwhile = asyncio.create_task(erase_the_second())
        await asyncio.sleep(0.5)
    await meanwhile
    await sweep(resources)
    assert (await object_rows(resources, key), bucket.keys() & {key}) == (0, set())


async def object_rows(resources: Resources, key: str) -> int:
    async with resources.database.reading() as session:
        found = await session.scalars(select(StoredObjectRow).where(StoredObjectRow.object_key == key))
        return len(found.all())


async def stranded(resources: Resources, content: bytes, *, stored_at: datetime) -> str:
    """What a release before left behind when two papers of the same bytes were erased at once."""
    digest = hashlib.sha256(content).hexdigest()
    key = f"objects/{digest}"
    await resources.store.put(key, content, media_type="application/pdf")
    async with resources.database.transaction() as session:
        row = {"object_key": key, "sha256": digest, "byte_count": len(content), "stored_at": stored_at}
        session.add(StoredObjectRow(sealed=False, **row))
    return key


async def removed_as_strays(resources: Resources) -> None:
    now = datetime.now(UTC)
    await note_strays(resources, now=now, apply=True)
    await remove_orphans(resources, now=now)


async def test_bytes_that_no_paper_has_named_for_a_day_go_with_the_strays(resources: Resources, bucket: Bucket) -> None:
    key = await stranded(resources, fresh_pdf(), stored_at=datetime.now(UTC) - timedelta(hours=25))
    await removed_as_strays(resources)
    assert (await object_rows(resources, key), bucket.keys() & {key}) == (0, set())


async def test_bytes_that_are_recorded_again_right_now_are_no_strays(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    case, content = await open_case(http), fresh_pdf()
    key = await stranded(resources, content, stored_at=datetime.now(UTC) - timedelta(hours=25))
    async with resources.database.transaction() as session:
        await hold_object(session, sha256=hashlib.sha256(content).hexdigest(), sealed=False)
        await removed_as_strays(resources)
    document = await uploaded(http, case, content, kind="honour_certificate")
    await removed_as_strays(resources)
    read = await http.get(f"/v1/documents/{document['id']}/content", headers=case.nominee.headers)
    assert (read.status_code, bucket.keys() & {key}) == (200, {key})


async def test_a_record_of_an_erasure_cannot_be_changed(http: httpx.AsyncClient, resources: Resources) -> None:
    await uploaded(http, await open_case(http), fresh_pdf(), kind="deeds_annex")
    await erase(resources, closed("deeds_annex"))
    with pytest.raises(DBAPIError, match="only added"):
        async with resources.database.transaction() as session:
            await session.execute(update(DocumentErasureRow).values(rule="none"))
