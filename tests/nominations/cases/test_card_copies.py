"""From the photo of a card to a named warning for whoever reviews the case, through the reader itself (R184, R193)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.app import Dispatcher
from services.common.worker_pool import WorkerPool
from services.documents.resources import Resources
from tests.factories import ON_BEHALF, OPENED, Office, complete_form

CARDS = Path("tests/data/idcards")
FRONT, BACK, GLARE = (
    (CARDS / name).read_bytes() for name in ("di01_clean_scan.jpg", "di12_back_only.jpg", "di08_glare_on_number.jpg")
)
NAME, NUMBER, UNTIL = "王晓明", "650102198306079993", "2035-05-07"
AS_ON_THE_CARD = {
    "full_name": NAME,
    "resident_id_number": NUMBER,
    "birth_month": "1983-06",
    "sex": "male",
    "id_card_valid_until": UNTIL,
}
ANOTHER_NUMBER = "650102198306079977"


@pytest.fixture(scope="module")
def unit(client) -> Office:
    return Office(client, "tests-cards")


@pytest.fixture(scope="module", autouse=True)
async def _readers(dispatcher: Dispatcher) -> AsyncIterator[None]:
    """An installation that reads cards: `DOCUMENTS_CARD_READERS=1`."""
    state = dispatcher.services["documents"].state
    without: Resources = state.resources
    async with WorkerPool(
        workers=1, queue_limit=1, preload=("services.documents.inspection.card_reading",), time_limit=60
    ) as pool:
        state.resources = replace(without, readers=pool)
        yield
        state.resources = without


@pytest.fixture(scope="module")
async def case(unit: Office) -> str:
    """A draft that says what the card says, with the card's copies."""
    await unit.set_clock(OPENED)
    draft: str = (await unit.draft(complete_form(**AS_ON_THE_CARD))).json()["id"]
    await unit.with_documents(draft)
    for kind, content in (("id_card_front", FRONT), ("id_card_back", BACK)):
        document = await sent(unit, draft, kind, content)
        assert (document["card_read"], document["verdict"]) == (True, "accept")
    return draft


async def sent(unit: Office, case: str, kind: str, content: bytes) -> dict[str, Any]:
    files = {"file": ("card.jpg", content, "image/jpeg")}
    data = await unit.upload_fields(kind, case)
    document: dict[str, Any] = (await unit.done("wutai-clerk", "POST", "/v1/documents", files=files, data=data)).json()
    return document


async def typed(unit: Office, case: str, **changes: str) -> None:
    read = await unit.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    form, headers = read.json()["form"] | AS_ON_THE_CARD | changes, {"If-Match": read.headers["etag"]}
    await unit.done("wutai-clerk", "PUT", f"/v1/nominations/{case}", json={"form": form}, headers=headers)


async def told(unit: Office, case: str, *, who: str = "clerk") -> list[tuple[str, str]]:
    """What the dry run says of cards: every warning, and every paper left to a person."""
    check = await unit.step(who, case, "checks")
    return [(each["pointer"], each["code"]) for each in (*check["warnings"], *check["notices"])]


async def test_r184_where_card_and_form_agree_nobody_is_warned(unit: Office, case: str) -> None:
    await typed(unit, case)
    assert await told(unit, case) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"resident_id_number": ANOTHER_NUMBER}, ("/form/resident_id_number", "id_card_number_differs")),
        ({"full_name": "王小明"}, ("/form/full_name", "id_card_name_differs")),
        ({"id_card_valid_until": "2035-05-08"}, ("/form/id_card_valid_until", "id_card_validity_differs")),
        ({"id_card_valid_until": "长期"}, ("/form/id_card_valid_until", "id_card_validity_differs")),
    ],
    ids=["number", "name", "validity", "no expiry"],
)
async def test_r184_r193_each_mismatch_is_one_warning_at_its_field(unit, case, changes, expected) -> None:
    await typed(unit, case, **changes)
    assert await told(unit, case) == [expected]


async def test_r193_a_card_that_has_run_out_since_is_told_on_the_procedures_day(unit: Office, case: str) -> None:
    await typed(unit, case)
    await unit.set_clock("2035-05-08T09:00:00+08:00")
    codes = [code for pointer, code in await told(unit, case) if pointer == "/documents/id_card_back"]
    await unit.set_clock(OPENED)
    assert codes == ["id_card_copy_expired"]


async def test_r184_a_copy_that_shows_too_little_is_left_to_a_person_and_never_passed(unit: Office, case: str) -> None:
    await typed(unit, case)
    document = await sent(unit, case, "id_card_front", GLARE)
    assert [finding["code"] for finding in document["findings"]] == ["card_glare", "card_number_unreadable"]
    assert ("/documents/id_card_front", "document_for_a_person") in await told(unit, case)
    await sent(unit, case, "id_card_front", FRONT)


async def test_r184_the_reviewer_reads_the_warning_and_the_units_reason_for_it(unit: Office, case: str) -> None:
    """A reason lets the case go on; it takes nothing away from what the county is told."""
    await typed(unit, case, full_name="王小明")
    await unit.step("clerk", case, "confirmations", json=ON_BEHALF)
    refused = await unit.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions")
    reason = {"pointer": "/form/full_name", "code": "id_card_name_differs", "reason": "曾用名，已附户籍证明"}
    await unit.step("clerk", case, "submissions", json={"explanations": [reason]})
    await unit.decide(case)
    await unit.step("clerk", case, "publicity-notices")
    await unit.sign(case)
    check = await unit.step("hrss", case, "checks")
    read = (await unit.done("wutai-hrss", "GET", f"/v1/nominations/{case}")).json()
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/form/full_name", "reason_required")
    ]
    assert [(each["code"], each["reason"]) for each in check["warnings"]] == [
        ("id_card_name_differs", "曾用名，已附户籍证明")
    ]
    assert [(each["code"], each["reason"]) for each in read["explanations"]] == [
        ("id_card_name_differs", "曾用名，已附户籍证明")
    ]


async def test_without_readers_every_copy_is_left_to_a_person(office: Office, dispatcher: Dispatcher) -> None:
    state = dispatcher.services["documents"].state
    reading: Resources = state.resources
    state.resources = replace(reading, readers=None)
    try:
        await office.set_clock(OPENED)
        case = await office.ready(complete_form())
    finally:
        state.resources = reading
    assert await told(office, case) == [
        ("/documents/id_card_back", "document_for_a_person"),
        ("/documents/id_card_front", "document_for_a_person"),
    ]
