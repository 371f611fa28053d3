"""While a case is restricted: who is still shown its papers, whoever hears of it first and whatever is lost (decision 0073)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.common.callers.service_clients import ServiceClient
from services.documents.hearing_decisions import hear_decisions
from services.documents.resources import Resources
from services.nominations.context import Context
from services.nominations.personal_data.restricting import hear_restrictions
from tests.factories import ENDORSE, OPENED, PICTURES, Office, complete_form

GROUND = "《中华人民共和国档案法》第十四条"
CAMPAIGN = "tests-restricted-papers"
READERS = ("wutai-nominee", "wutai-clerk", "wutai-hrss")
SHOWN, HELD = [(200, None)] * 3, [(409, "document_held")] * 3
KEPT = "依法限制处理，这件推荐的材料只保存，不再增加、更换或者撤回"
REJECT = {"decision": "reject", "reason": "示例原因"}
RETURN = {"decision": "return", "reason": "示例原因", "return_to": "unit"}


@pytest.fixture
def people(client) -> Office:
    return Office(client, CAMPAIGN)


@pytest.fixture
async def case(people: Office) -> str:
    """A draft with its papers, taken over by its nominee."""
    await people.set_clock(OPENED)
    draft: str = (await people.draft(complete_form())).json()["id"]
    await people.with_documents(draft)
    return await people.taken_over(draft)


@pytest.fixture
async def at_county(people: Office, case: str) -> str:
    await people.step("nominee", case, "confirmations", json={"part": "nominee"})
    await people.step("clerk", case, "submissions")
    return await people.walk_to_county(case)


async def restrict(people: Office) -> None:
    body = {"kind": "erasure", "about": "nomination", "text": "请删除我的推荐材料", "campaign_key": CAMPAIGN}
    request = (await people.done("wutai-nominee", "POST", "/v1/auth/me/rights-requests", json=body)).json()["id"]
    answer = {"outcome": "restricted", "reason": "评选材料属于档案，不再另作使用", "ground": GROUND}
    await people.done("wutai-office", "POST", f"/v1/auth/rights-requests/{request}/decisions", json=answer)


@pytest.fixture
def heard(people: Office, context: Context, documents: Resources) -> Callable[..., Any]:
    async def hear(*, first: str = "documents") -> None:
        await restrict(people)
        if first == "nominations":
            await hear_restrictions(context)
        await hear_decisions(documents)
        await hear_restrictions(context)

    return hear


async def papers(people: Office, case: str) -> dict[str, dict[str, Any]]:
    """By kind, as the clerk of the unit is told of them."""
    items = (await people.done("wutai-clerk", "GET", f"/v1/documents/bundles/{case}")).json()["items"]
    return {item["kind"]: item for item in items}


async def shown(people: Office, paper: dict[str, Any], *readers: str, as_what: str = "content") -> list[Any]:
    answers = [await people.send(each, "GET", f"/v1/documents/{paper['id']}/{as_what}") for each in readers or READERS]
    return [(answer.status_code, None if answer.is_success else answer.json()["code"]) for answer in answers]


async def linked(people: Office, paper: dict[str, Any]) -> tuple[int, str | None]:
    made = await people.send("wutai-hrss", "POST", f"/v1/documents/{paper['id']}/links", json={"thumbnail": False})
    if not made.is_success:
        return made.status_code, made.json()["code"]
    return (await people.client.get(made.json()["url"])).status_code, None


async def pictures_on_the_form(people: Office, case: str) -> int:
    drawn = await people.done("wutai-hrss", "GET", f"/v1/nominations/{case}/forms/attachment_6?format=pdf")
    pages = pypdfium2.PdfDocument(drawn.content)
    return sum(len(list(page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE]))) for page in pages)


async def state(people: Office, context: Context, case: str, **said: Any) -> dict[str, Any]:
    """What documents answers when it is told this of the case."""
    headers = {"Authorization": f"Bearer {await context.auth.service_token()}"}
    answer = await people.client.put(f"/v1/documents/bundles/{case}/state", json=said, headers=headers)
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize("first", ["documents", "nominations"])
async def test_of_a_case_on_its_way_all_papers_but_the_identity_copies_are_shown_as_before(
    people: Office, heard: Callable[..., Any], at_county: str, first: str
) -> None:
    before = await papers(people, at_county)
    drawn = await pictures_on_the_form(people, at_county)
    await heard(first=first)
    after = await papers(people, at_county)
    reasons = {kind: paper["held_for"] for kind, paper in after.items()}
    card, rest = after["id_card_front"], [after["portrait"], after["professional_title_certificate"]]
    assert [paper | {"held_for": None} for paper in after.values()] == list(before.values())
    assert reasons == {
        "portrait": None,
        "professional_title_certificate": None,
        "id_card_front": "restricted",
        "id_card_back": "restricted",
    }
    for as_what in ("content", "thumbnail"):
        assert [await shown(people, paper, as_what=as_what) for paper in (card, *rest)] == [HELD, SHOWN, SHOWN]
    assert [await linked(people, paper) for paper in (card, *rest)] == [
        (409, "document_held"),
        (200, None),
        (200, None),
    ]
    assert drawn - await pictures_on_the_form(people, at_county) == 2


async def test_a_link_made_before_the_restriction_shows_no_identity_copy(
    people: Office, heard: Callable[..., Any], at_county: str
) -> None:
    card = (await papers(people, at_county))["id_card_front"]
    link = await people.done("wutai-hrss", "POST", f"/v1/documents/{card['id']}/links", json={"thumbnail": False})
    await heard()
    assert (await people.client.get(link.json()["url"])).json()["code"] == "document_held"


async def test_of_a_restricted_draft_nothing_is_shown_and_nothing_is_added(
    people: Office, heard: Callable[..., Any], case: str
) -> None:
    held = await papers(people, case)
    await heard()
    files = {"file": ("a.jpg", (PICTURES / "good.jpg").read_bytes(), "image/jpeg")}
    added = [
        await people.send("wutai-clerk", "POST", "/v1/documents", files=files, data={"kind": kind, "bundle_id": case})
        for kind in ("portrait", "sealed_scan")
    ]
    gone = await people.send("wutai-clerk", "DELETE", f"/v1/documents/{held['portrait']['id']}")
    own_side = ("wutai-nominee", "wutai-clerk")
    assert [await shown(people, paper, *own_side) for paper in held.values()] == [HELD[:2]] * len(held)
    refused = [(answer.status_code, answer.json()["code"], answer.json()["detail"]) for answer in (*added, gone)]
    assert refused == [(409, "bundle_frozen", KEPT)] * 3


@pytest.mark.parametrize("review", [REJECT, RETURN])
async def test_once_the_case_stops_nothing_is_shown_any_more_not_even_what_came_after_the_restriction(
    people: Office, heard: Callable[..., Any], at_county: str, review: dict[str, str]
) -> None:
    await heard()
    files = {"file": ("a.jpg", (PICTURES / "good.jpg").read_bytes(), "image/jpeg")}
    data = {"kind": "sealed_scan", "bundle_id": at_county}
    later = (await people.done("wutai-clerk", "POST", "/v1/documents", files=files, data=data)).json()
    before = await shown(people, later)
    await people.send("wutai-hrss", "POST", f"/v1/nominations/{at_county}/reviews", json=review)
    after = await papers(people, at_county)
    assert (before, {paper["held_for"] for paper in after.values()}) == (SHOWN, {"restricted"})
    assert [await shown(people, paper) for paper in (later, after["portrait"])] == [HELD, HELD]


async def test_until_the_procedure_says_that_it_goes_on_nothing_is_shown(
    people: Office, context: Context, documents: Resources, at_county: str
) -> None:
    portrait = (await papers(people, at_county))["portrait"]
    await restrict(people)
    await hear_decisions(documents)
    before = await shown(people, portrait)
    await hear_restrictions(context)
    assert (before, await shown(people, portrait)) == (HELD, SHOWN)


class Away(httpx.AsyncBaseTransport):
    """A network that carries nothing to documents."""

    def __init__(self, network: httpx.AsyncBaseTransport) -> None:
        self._network = network

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/v1/documents"):
            raise httpx.ConnectError("lost")
        return await self._network.handle_async_request(request)


@contextmanager
def documents_away(people: Office, context: Context, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        away = ServiceClient(Away(people.client._transport), "http://xianjin")
        patch.setattr(context.documents, "_http", away)
        yield


async def test_a_word_that_was_lost_is_said_again_until_documents_has_heard(
    people: Office, context: Context, documents: Resources, at_county: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    portrait = (await papers(people, at_county))["portrait"]
    await restrict(people)
    await hear_decisions(documents)
    with documents_away(people, context, monkeypatch):
        heard = await hear_restrictions(context)
    lost = await shown(people, portrait)
    again = await hear_restrictions(context)
    found = await shown(people, portrait)
    with documents_away(people, context, monkeypatch):
        await people.send("wutai-hrss", "POST", f"/v1/nominations/{at_county}/reviews", json=REJECT)
    ended = await shown(people, portrait)
    await hear_restrictions(context)
    assert (heard, lost, again, found) == (1, HELD, 0, SHOWN)
    assert (ended, await shown(people, portrait)) == (SHOWN, HELD)


async def test_what_was_said_of_an_older_revision_or_without_knowing_of_the_restriction_opens_nothing(
    people: Office, context: Context, heard: Callable[..., Any], at_county: str
) -> None:
    await heard()
    known = await state(people, context, at_county, case_revision=0, frozen=True)
    revision = known["case_revision"]
    unknowing = await state(people, context, at_county, case_revision=revision, frozen=True)
    older = await state(people, context, at_county, case_revision=revision - 1, frozen=False, restriction="kept")
    newer = await state(people, context, at_county, case_revision=revision + 1, frozen=True)
    late = await state(people, context, at_county, case_revision=revision, frozen=True, restriction="worked_on")
    going_on = {"case_revision": revision, "frozen": True, "restriction": "worked_on"}
    stopped = {"case_revision": revision + 1, "frozen": True, "restriction": "kept"}
    assert [known, unknowing, older] == [going_on] * 3
    assert [newer, late] == [stopped] * 2


async def test_a_case_that_nothing_restricts_is_shown_whatever_its_state(people: Office, at_county: str) -> None:
    portrait = (await papers(people, at_county))["portrait"]
    await people.step("hrss", at_county, "reviews", json=REJECT)
    assert await shown(people, portrait) == SHOWN


async def test_a_case_begun_after_the_restriction_is_not_meant(
    people: Office, heard: Callable[..., Any], case: str
) -> None:
    await heard()
    draft: str = (await people.draft(complete_form())).json()["id"]
    await people.with_documents(draft)
    held = {paper["held_for"] for paper in (await papers(people, draft)).values()}
    assert held == {None}


async def test_the_identity_copies_of_a_restricted_case_are_compared_no_more(
    people: Office, context: Context, heard: Callable[..., Any], at_county: str
) -> None:
    await heard()
    assert await context.documents.compared_cards(UUID(at_county), name="示例", number="") == []


async def test_a_case_is_not_freed_of_its_restriction(
    documents: Resources, heard: Callable[..., Any], case: str
) -> None:
    await heard()
    statement = "UPDATE documents.bundles SET restricted_at = NULL, case_worked_on = NULL WHERE id = :id"
    with pytest.raises(DBAPIError, match="a restriction is not taken back"):
        async with documents.database.transaction() as session:
            await session.execute(text(statement), {"id": case})


async def test_a_case_that_went_on_to_the_county_and_was_endorsed_is_still_shown(
    people: Office, heard: Callable[..., Any], at_county: str
) -> None:
    await heard()
    await people.step("hrss", at_county, "reviews", json=ENDORSE)
    assert await shown(people, (await papers(people, at_county))["portrait"]) == SHOWN
