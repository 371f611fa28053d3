"""People are told of their own papers and who saw them, never that somebody objected to them (0055, R95, R97)."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from services.documents.resources import Resources
from services.documents.tables import DocumentRow
from tests.documents.service.people import Player, player
from tests.documents.service.steps import (
    Case,
    fresh_card,
    fresh_pdf,
    fresh_portrait,
    open_case,
    register,
    upload,
    uploaded,
)


async def listed(http: httpx.AsyncClient, who: Player, what: str) -> list[dict[str, Any]]:
    answer = await http.get(f"/v1/documents/me/{what}", headers=who.headers)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def looked_at(http: httpx.AsyncClient, reader: Player, document: dict[str, Any]) -> None:
    answer = await http.get(f"/v1/documents/{document['id']}/content", headers=reader.headers)
    assert answer.status_code == 200, answer.text


async def objected_to(http: httpx.AsyncClient, case: Case) -> dict[str, Any]:
    """An objection on paper, which the office filed with the case itself and looked at."""
    office = player("county_officer")
    answer = await upload(http, office, case.bundle_id, fresh_card(), kind="objection_attachment")
    objection: dict[str, Any] = answer.json()
    await looked_at(http, office, objection)
    return objection


async def of_a_former_kind(resources: Resources, document: dict[str, Any]) -> None:
    """Its campaign named the kind when it came, and names it no more."""
    async with resources.database.transaction() as session:
        former = update(DocumentRow).where(DocumentRow.id == UUID(document["id"]))
        await session.execute(former.values(kind=f"former_{document['kind']}"))


async def test_papers_that_the_unit_sent_are_told_as_ones_own(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    own = await uploaded(http, case, fresh_portrait())
    by_the_unit = (await upload(http, case.clerk, case.bundle_id, fresh_pdf(), kind="honour_certificate")).json()
    assert [each["id"] for each in await listed(http, case.nominee, "data")] == [by_the_unit["id"], own["id"]]


async def test_ones_own_papers_do_not_tell_that_somebody_objected(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    own = await uploaded(http, case, fresh_portrait())
    await objected_to(http, case)
    assert [each["id"] for each in await listed(http, case.nominee, "data")] == [own["id"]]


async def test_who_saw_ones_papers_does_not_tell_who_saw_an_objection(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    own = await uploaded(http, case, fresh_portrait())
    await looked_at(http, player("county_reviewer"), own)
    await objected_to(http, case)
    assert [each["document_id"] for each in await listed(http, case.nominee, "views")] == [own["id"]]


async def test_the_views_of_an_objection_are_not_the_nominees_to_read(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    objection = await objected_to(http, case)
    answer = await http.get(f"/v1/documents/{objection['id']}/views", headers=case.nominee.headers)
    assert answer.status_code == 404


async def test_the_views_of_an_objection_to_a_collective_are_not_its_clerks_to_read(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    await register(http, case, owner_person_id=None)
    minutes = (await upload(http, case.clerk, case.bundle_id, fresh_pdf(), kind="meeting_minutes")).json()
    objection = await objected_to(http, case)
    addresses = [f"/v1/documents/{each['id']}/views" for each in (minutes, objection)]
    answers = [await http.get(address, headers=case.clerk.headers) for address in addresses]
    assert [answer.status_code for answer in answers] == [200, 404]


@pytest.mark.parametrize(
    ("kind", "sender"),
    [
        pytest.param("portrait", "clerk", id="of which there was one: no office files such"),
        pytest.param("id_card_front", "clerk", id="for which the person consented"),
        pytest.param("honour_certificate", "nominee", id="that the person sent"),
    ],
)
async def test_a_paper_of_a_kind_that_the_rules_no_longer_name_is_told_where_it_can_only_be_ones_own(
    http: httpx.AsyncClient, resources: Resources, kind: str, sender: str
) -> None:
    case = await open_case(http)
    content = fresh_portrait() if kind == "portrait" else fresh_card()
    paper = (await upload(http, getattr(case, sender), case.bundle_id, content, kind=kind)).json()
    await of_a_former_kind(resources, paper)
    assert [each["id"] for each in await listed(http, case.nominee, "data")] == [paper["id"]]


async def test_a_paper_of_a_kind_that_the_rules_no_longer_name_is_not_told_where_it_can_be_an_objection(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    case = await open_case(http)
    await of_a_former_kind(resources, await objected_to(http, case))
    assert await listed(http, case.nominee, "data") == []
