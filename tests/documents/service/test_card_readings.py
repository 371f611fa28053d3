"""ID card copies read at their upload: kept to be compared and not to be read, and only while they are in force (R184, R193)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import func, select, text

from services.documents.app import create_documents_app
from services.documents.card_readings import compare_cards
from services.documents.encryption import ObjectCipher
from services.documents.life_tables import CardReadingRow
from services.documents.resources import Resources
from services.documents.rewrapping import rewrap
from services.documents.schemas.cards import CardComparisonRequest
from services.documents.settings import DocumentsSettings
from tests.documents.service.conftest import in_shell
from tests.documents.service.people import SERVICE, serve_jwks
from tests.documents.service.steps import Case, open_case, upload, uploaded
from tests.documents.test_card_copy import card, truth

NAME, NUMBER = next((row["name"], row["id_number"]) for row in truth() if row["variant"] == "clean_scan")
NEW_KEY = SecretStr("b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZCE=")


@pytest.fixture(scope="module")
async def reading_app(settings: DocumentsSettings) -> AsyncIterator[FastAPI]:
    app = create_documents_app(settings.model_copy(update={"card_readers": 1}), in_process=serve_jwks)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="module")
async def reading(reading_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=in_shell(reading_app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://documents") as client:
        yield client


@pytest.fixture(scope="module")
async def read_case(reading: httpx.AsyncClient) -> tuple[Case, dict[str, Any]]:
    case = await open_case(reading)
    return case, await uploaded(reading, case, card("clean_scan"), kind="id_card_front")


async def compared(http: httpx.AsyncClient, case: Case, *, name: str = NAME, number: str = NUMBER) -> Any:
    address = f"/v1/documents/bundles/{case.bundle_id}/card-comparisons"
    body = {"name": name, "resident_id_number": number}
    answer = await http.post(address, headers=SERVICE.headers, json=body)
    assert answer.status_code == 200, answer.text
    return [(item["kind"], item["number"], item["name"]) for item in answer.json()["items"]]


async def test_r184_what_was_typed_is_same_or_differs_and_what_was_read_is_not_told(reading, read_case) -> None:
    case, document = read_case
    assert (document["card_read"], document["not_checked"]) == (True, [])
    assert await compared(reading, case) == [("id_card_front", "same", "same")]
    typo = NUMBER[:-2] + "73"
    assert await compared(reading, case, name="王小明", number=typo) == [("id_card_front", "differs", "differs")]
    assert await compared(reading, case, name="", number="") == [("id_card_front", "not_read", "not_read")]


async def test_no_answer_and_no_row_holds_what_was_read(reading, read_case, reading_app: FastAPI) -> None:
    case, document = read_case
    answers = [await reading.get(f"/v1/documents/bundles/{case.bundle_id}", headers=case.clerk.headers)]
    answers.append(await reading.get(f"/v1/documents/{document['id']}", headers=case.nominee.headers))
    async with reading_app.state.resources.database.reading() as session:
        rows = (await session.execute(text("SELECT to_jsonb(r)::text FROM documents.card_readings r"))).scalars().all()
        rows += (await session.execute(text("SELECT to_jsonb(d)::text FROM documents.documents d"))).scalars().all()
    assert [word for word in (NAME, NUMBER) for said in (*rows, *(a.text for a in answers)) if word in said] == []


async def test_only_a_service_compares(reading, read_case) -> None:
    case, _ = read_case
    address = f"/v1/documents/bundles/{case.bundle_id}/card-comparisons"
    body = {"name": NAME, "resident_id_number": NUMBER}
    for who in (case.nominee, case.clerk):
        assert (await reading.post(address, headers=who.headers, json=body)).status_code == 403


async def test_r193_the_back_tells_until_when(reading) -> None:
    case = await open_case(reading)
    await uploaded(reading, case, card("back_only"), kind="id_card_back")
    address = f"/v1/documents/bundles/{case.bundle_id}/card-comparisons"
    answer = await reading.post(address, headers=SERVICE.headers, json={"name": NAME, "resident_id_number": NUMBER})
    (item,) = answer.json()["items"]
    assert (item["valid_until"], item["no_expiry"], item["number"]) == ("2035-05-07", False, "not_read")


async def test_a_new_service_key_rewraps_readings_too_and_a_lost_key_leaves_them_to_a_person(
    reading, read_case, reading_app: FastAPI
) -> None:
    case, _ = read_case
    resources: Resources = reading_app.state.resources
    kept = resources.settings.object_encryption_key

    async def outcomes(cipher: ObjectCipher, *, rewrapped: bool = False) -> list[tuple[str, str]]:
        under = replace(resources, cipher=cipher)
        if rewrapped:
            await rewrap(under)
        typed = CardComparisonRequest(name=NAME, resident_id_number=NUMBER)
        return [(each.number, each.name) for each in (await compare_cards(under, case.bundle_id, typed)).items]

    same, not_read = [("same", "same")], [("not_read", "not_read")]
    assert await outcomes(ObjectCipher(NEW_KEY)) == not_read
    assert await outcomes(ObjectCipher(NEW_KEY, older=(kept,)), rewrapped=True) == same
    assert await outcomes(ObjectCipher(NEW_KEY)) == same
    assert await outcomes(ObjectCipher(kept, older=(NEW_KEY,)), rewrapped=True) == same


async def test_of_a_copy_taken_back_no_reading_stays(reading, reading_app: FastAPI) -> None:
    case = await open_case(reading)
    document = await uploaded(reading, case, card("low_res"), kind="id_card_front")
    await reading.delete(f"/v1/documents/{document['id']}", headers=case.nominee.headers)
    async with reading_app.state.resources.database.reading() as session:
        rows = select(func.count()).where(CardReadingRow.document_id == document["id"])
        assert await session.scalar(rows) == 0
    assert await compared(reading, case) == []


async def test_without_readers_a_clear_copy_goes_to_a_person_and_is_never_passed(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = await upload(http, case.nominee, case.bundle_id, card("clean_scan"), kind="id_card_front")
    document = answer.json()
    assert (document["verdict"], document["findings"], document["not_checked"]) == ("review", [], ["content"])
    assert (document["card_read"], await compared(http, case)) == (False, [])


async def test_a_card_check_reads_and_keeps_nothing(reading, reading_app: FastAPI) -> None:
    database = reading_app.state.resources.database
    async with database.reading() as session:
        before = await session.scalar(select(func.count()).select_from(CardReadingRow))
    files = {"file": ("card.jpg", card("glare_on_number"), "image/jpeg")}
    case = await open_case(reading)
    answer = await reading.post(
        "/v1/documents/card-checks", headers=case.nominee.headers, files=files, data={"side": "front"}
    )
    async with database.reading() as session:
        after = await session.scalar(select(func.count()).select_from(CardReadingRow))
    codes = [finding["code"] for finding in answer.json()["findings"]]
    assert (codes, answer.json()["not_checked"], after) == (["card_glare", "card_number_unreadable"], [], before)
