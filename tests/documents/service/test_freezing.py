"""A bundle is frozen when its case is handed in; what only comes into being later is still added."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, update
from uuid_utils.compat import uuid7

from services.documents.resources import Resources
from services.documents.tables import BundleSubmissionRow
from tests.documents.service.people import SERVICE, player
from tests.documents.service.steps import (
    fresh_card,
    fresh_pdf,
    fresh_portrait,
    kinds_in_force,
    open_case,
    set_state,
    upload,
    uploaded,
)


async def test_a_frozen_bundle_refuses_what_belongs_to_the_application(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    await uploaded(http, case, fresh_portrait())
    await set_state(http, case, revision=3, frozen=True)
    contents = {"portrait": fresh_portrait(), "id_card_front": fresh_card(), "honour_certificate": fresh_pdf()}
    answers = [await upload(http, case.clerk, case.bundle_id, content, kind=kind) for kind, content in contents.items()]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(409, "bundle_frozen")] * 3
    assert await kinds_in_force(http, case) == ["portrait"]


@pytest.mark.parametrize("kind", ["sealed_scan", "meeting_minutes", "publicity_proof"])
async def test_papers_that_come_into_being_later_are_added_to_a_frozen_bundle(
    http: httpx.AsyncClient, kind: str
) -> None:
    case = await open_case(http)
    await set_state(http, case, revision=3, frozen=True)
    assert (await upload(http, case.clerk, case.bundle_id, fresh_pdf(), kind=kind)).status_code == 201


async def test_a_returned_case_is_opened_again(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    await set_state(http, case, revision=3, frozen=True)
    await set_state(http, case, revision=5, frozen=False)
    assert (await upload(http, case.nominee, case.bundle_id, fresh_portrait())).status_code == 201


async def test_older_news_never_overrides_newer(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    steps = [(3, True), (2, False), (3, True), (4, False), (3, True)]
    states = [await set_state(http, case, revision=revision, frozen=frozen) for revision, frozen in steps]
    assert [(each["case_revision"], each["frozen"]) for each in states] == [
        (3, True), (3, True), (3, True), (4, False), (4, False)
    ]  # fmt: skip


async def test_a_submission_that_never_said_how_it_ended_keeps_the_papers_frozen_for_a_minute(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    case, number = await open_case(http), str(uuid7())
    await set_state(http, case, revision=3, frozen=True, begins=number)
    before = await set_state(http, case, revision=3, frozen=False)
    async with resources.database.transaction() as session:
        own = BundleSubmissionRow.bundle_id == case.bundle_id
        await session.execute(update(BundleSubmissionRow).where(own).values(begun_at=func.now() - timedelta(minutes=1)))
    after = await set_state(http, case, revision=3, frozen=False)
    assert (before["frozen"], after["frozen"]) == (True, False)


async def test_of_two_submissions_the_one_that_ends_opens_nothing_of_the_other(http: httpx.AsyncClient) -> None:
    case, numbers = await open_case(http), [str(uuid7()) for _ in range(2)]
    for number in numbers:
        await set_state(http, case, revision=3, frozen=True, begins=number)
    frozen = [(await set_state(http, case, revision=3, frozen=False, ends=number))["frozen"] for number in numbers]
    assert frozen == [True, False]


async def test_a_newer_revision_opens_the_papers_whoever_was_handing_them_in(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    await set_state(http, case, revision=3, frozen=True, begins=str(uuid7()))
    assert (await set_state(http, case, revision=4, frozen=False))["frozen"] is False


async def test_an_upload_on_its_way_while_the_bundle_is_frozen_is_not_recorded(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    sending = asyncio.create_task(upload(http, case.nominee, case.bundle_id, fresh_portrait()))
    await asyncio.sleep(0)
    await set_state(http, case, revision=3, frozen=True)
    held = await kinds_in_force(http, case)
    await sending
    assert await kinds_in_force(http, case) == held


async def test_whether_it_is_frozen_is_shown_with_its_papers(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    address = f"/v1/documents/bundles/{case.bundle_id}"
    before = (await http.get(address, headers=case.nominee.headers)).json()["frozen"]
    await set_state(http, case, revision=1, frozen=True)
    assert (before, (await http.get(address, headers=case.nominee.headers)).json()["frozen"]) == (False, True)


async def test_only_a_service_freezes_and_only_what_is_there(http: httpx.AsyncClient) -> None:
    case, body = await open_case(http), {"case_revision": 1, "frozen": True}
    person = await http.put(f"/v1/documents/bundles/{case.bundle_id}/state", headers=case.clerk.headers, json=body)
    nowhere = await http.put(f"/v1/documents/bundles/{uuid7()}/state", headers=SERVICE.headers, json=body)
    assert (person.status_code, nowhere.status_code) == (403, 404)


async def test_a_paper_taken_back_is_kept_and_counts_no_longer(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    document = await uploaded(http, case, fresh_pdf(), kind="honour_certificate")
    address = f"/v1/documents/{document['id']}"
    answers = [await http.delete(address, headers=case.clerk.headers) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json()["replaced_at"] == answers[1].json()["replaced_at"] >= document["uploaded_at"]
    assert await kinds_in_force(http, case) == []
    assert (await http.get(f"{address}/content", headers=case.nominee.headers)).status_code == 200


async def test_nothing_is_taken_back_from_a_frozen_bundle(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    document = await uploaded(http, case, fresh_pdf(), kind="honour_certificate")
    await set_state(http, case, revision=3, frozen=True)
    answer = await http.delete(f"/v1/documents/{document['id']}", headers=case.nominee.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "bundle_frozen")


async def test_what_an_official_filed_is_not_the_units_to_take_back_or_replace(http: httpx.AsyncClient) -> None:
    case, officer = await open_case(http), player("county_officer")
    scan = (await upload(http, officer, case.bundle_id, fresh_pdf(), kind="sealed_scan")).json()
    taken = await http.delete(f"/v1/documents/{scan['id']}", headers=case.clerk.headers)
    replaced = await upload(http, case.clerk, case.bundle_id, fresh_pdf(), kind="sealed_scan", replaces=scan["id"])
    own = await http.delete(f"/v1/documents/{scan['id']}", headers=officer.headers)
    assert (taken.status_code, replaced.json()["code"], own.status_code) == (
        404,
        "replaced_document_not_in_force",
        200,
    )


async def test_one_of_several_is_replaced_by_name_and_its_number_is_never_given_again(http: httpx.AsyncClient) -> None:
    case, kind = await open_case(http), "professional_title_certificate"
    documents = [await uploaded(http, case, fresh_pdf(), kind=kind) for _ in range(5)]
    answer = await upload(http, case.nominee, case.bundle_id, fresh_pdf(), kind=kind, replaces=documents[1]["id"])
    again = await upload(http, case.nominee, case.bundle_id, fresh_pdf(), kind=kind, replaces=documents[1]["id"])
    bundle = await http.get(f"/v1/documents/bundles/{case.bundle_id}", headers=case.nominee.headers)
    assert (answer.status_code, again.json()["code"]) == (201, "replaced_document_not_in_force")
    assert [item["ordinal"] for item in bundle.json()["items"]] == [1, 3, 4, 5, 6]
