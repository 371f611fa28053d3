"""One consent, whether given at auth or with a file, and what follows from its withdrawal (PIPL 第十五、四十七条)."""

import asyncio
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from services.common.background import beside_the_requests
from services.common.callers.personal_decisions import hear_regularly
from services.documents.hearing_decisions import hear_decisions
from services.documents.life_tables import DocumentErasureRow
from services.documents.object_store import ObjectMissingError
from services.documents.resources import Resources
from services.documents.sweeping import sweep
from services.documents.tables import DocumentRow
from tests.documents.pictures import of_size
from tests.factories import OPENED, PICTURES, Office, complete_form

CAMPAIGN, PURPOSE = "tests-consent", "id_card_copies"
CARD = (PICTURES / "id_card_front.jpg").read_bytes()
GROUND = "《中华人民共和国档案法》第十四条"
PLACE = "wutai"


@pytest.fixture
def people(client) -> Office:
    """A unit with a nominee whom no other test knows."""
    return Office(client, CAMPAIGN, place=PLACE)


@pytest.fixture
async def case(people: Office) -> str:
    """A draft that its nominee has taken over."""
    return await people.taken_over(await drafted(people))


async def drafted(people: Office) -> str:
    await people.set_clock(OPENED)
    draft: str = (await people.draft(complete_form())).json()["id"]
    return draft


async def notice(people: Office) -> dict[str, Any]:
    body: dict[str, Any] = (await people.client.get(f"/v1/auth/privacy-notices/{CAMPAIGN}")).json()
    return body


async def send(people: Office, who: str, case: str, content: bytes = CARD, **fields: str):
    files, data = {"file": ("a.jpg", content, "image/jpeg")}, {"kind": "id_card_front", "bundle_id": case, **fields}
    return await people.send(f"{PLACE}-{who}", "POST", "/v1/documents", files=files, data=data)


async def with_card(people: Office, case: str, content: bytes = CARD) -> dict[str, Any]:
    answer = await send(people, "nominee", case, content, consent=(await notice(people))["sha256"])
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def acts(people: Office) -> list[tuple[str, str]]:
    consents = (await people.done(f"{PLACE}-nominee", "GET", "/v1/auth/me/consents")).json()
    return [(act["act"], act["channel"]) for act in consents["history"] if act["campaign_key"] == CAMPAIGN]


async def agree(people: Office) -> None:
    body = {"campaign_key": CAMPAIGN, "purpose": PURPOSE, "channel": "mini_program"}
    body |= {"text_sha256": (await notice(people))["sha256"]}
    await people.done(f"{PLACE}-nominee", "POST", "/v1/auth/me/consents", json=body)


async def withdraw(people: Office, documents: Resources) -> None:
    body = {"campaign_key": CAMPAIGN, "purpose": PURPOSE, "channel": "mini_program"}
    await people.done(f"{PLACE}-nominee", "POST", "/v1/auth/me/consent-withdrawals", json=body)
    await hear_decisions(documents)


async def answered(people: Office, documents: Resources, **decision: str) -> None:
    """The county's office answers the nominee's request for erasure."""
    mine = (await people.done(f"{PLACE}-nominee", "GET", "/v1/auth/me/rights-requests")).json()["items"][0]
    body = {"outcome": "done", "reason": "经核实办理"} | decision
    await people.done(f"{PLACE}-office", "POST", f"/v1/auth/rights-requests/{mine['id']}/decisions", json=body)
    await hear_decisions(documents)


async def shown_to(people: Office, document: dict[str, Any], *who: str) -> list[tuple[int, str | None]]:
    answers = [await people.send(f"{PLACE}-{each}", "GET", f"/v1/documents/{document['id']}/content") for each in who]
    return [(a.status_code, None if a.is_success else a.json()["code"]) for a in answers]


async def test_the_text_and_its_hash_are_one_at_auth_and_with_the_kinds(people: Office) -> None:
    kinds = (await people.client.get("/v1/documents/kinds", params={"campaign_key": CAMPAIGN})).json()["kinds"]
    told, shown = kinds["id_card_front"]["consent"], await notice(people)
    (purpose,) = (each for each in shown["purposes"] if each["key"] == PURPOSE)
    assert told == {
        "purpose": PURPOSE,
        "notice_version": shown["version"],
        "statement": purpose["statement"],
        "text": shown["text"],
        "text_sha256": shown["sha256"],
    }


async def test_what_is_agreed_to_with_a_file_stands_at_auth(people: Office, case: str) -> None:
    await with_card(people, case)
    await with_card(people, case)
    assert await acts(people) == [("given", "web")]


async def test_wechat_is_the_channel_where_wechat_sends(people: Office, case: str) -> None:
    files = {"file": ("a.jpg", CARD, "image/jpeg")}
    data = {"kind": "id_card_front", "bundle_id": case, "consent": (await notice(people))["sha256"]}
    headers = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50 miniProgram"}
    await people.done(f"{PLACE}-nominee", "POST", "/v1/documents", files=files, data=data, headers=headers)
    assert await acts(people) == [("given", "mini_program")]


async def test_what_was_agreed_to_at_auth_need_not_be_sent_with_the_file(people: Office, case: str) -> None:
    refused = await send(people, "nominee", case)
    await agree(people)
    taken = await send(people, "nominee", case)
    assert (refused.json()["code"], taken.status_code) == ("consent_missing", 201)
    assert taken.json()["consent"] == {
        "text_sha256": (await notice(people))["sha256"],
        "channel": "screen",
        "on_behalf": False,
    }


async def test_a_signed_sheet_that_the_clerk_sends_is_a_consent_on_paper_at_auth(people: Office, case: str) -> None:
    fields = {
        "consent": (await notice(people))["sha256"],
        "consent_channel": "paper",
        "consent_signed_on": "2025-02-06",
    }
    answer = await send(people, "clerk", case, **fields)
    history = (await people.done(f"{PLACE}-nominee", "GET", "/v1/auth/me/consents")).json()["history"]
    assert (answer.json()["consent"]["on_behalf"], len(history)) == (True, 1)
    assert (history[0]["channel"], history[0]["signed_on"]) == ("paper_by_clerk", "2025-02-06")
    assert history[0]["recorded_by_name"] == "示例办事员（五台县）"


async def test_who_gets_an_account_later_finds_the_consent_that_was_signed_before(people: Office) -> None:
    draft = await drafted(people)
    await send(people, "clerk", draft, consent=(await notice(people))["sha256"], consent_channel="paper")
    await people.taken_over(draft)
    assert await acts(people) == [("given", "paper_by_clerk")]


async def test_after_a_withdrawal_the_card_counts_no_longer_and_nobody_is_shown_it(
    people: Office, case: str, documents: Resources
) -> None:
    card = await with_card(people, case)
    before = await shown_to(people, card, "nominee", "clerk")
    await withdraw(people, documents)
    kinds = [
        item["kind"]
        for item in (await people.done(f"{PLACE}-clerk", "GET", f"/v1/documents/bundles/{case}")).json()["items"]
    ]
    read = (await people.done(f"{PLACE}-nominee", "GET", f"/v1/documents/{card['id']}")).json()
    missing = [each["pointer"] for each in (await people.step("clerk", case, "checks"))["errors"]]
    link = await people.send(f"{PLACE}-nominee", "POST", f"/v1/documents/{card['id']}/links", json={})
    thumbnail = await people.send(f"{PLACE}-clerk", "GET", f"/v1/documents/{card['id']}/thumbnail")
    assert before == [(200, None), (200, None)]
    assert await shown_to(people, card, "nominee", "clerk") == [(409, "document_held")] * 2
    assert [link.status_code, thumbnail.status_code] == [409, 409]
    assert (read["held_for"], read["replaced_at"] is not None, kinds) == ("consent_withdrawn", True, [])
    assert "/documents/id_card_front" in missing
    assert (await send(people, "nominee", case)).json()["code"] == "consent_missing"


async def test_a_new_consent_is_for_new_cards_and_brings_the_old_one_not_back(
    people: Office, case: str, documents: Resources
) -> None:
    old = await with_card(people, case)
    await withdraw(people, documents)
    new = await with_card(people, case)
    await hear_decisions(documents)
    assert await acts(people) == [("given", "web"), ("withdrawn", "mini_program"), ("given", "web")]
    assert await shown_to(people, old, "nominee") == [(409, "document_held")]
    assert await shown_to(people, new, "nominee") == [(200, None)]


async def test_a_decision_is_carried_out_once_however_often_it_is_heard(
    people: Office, case: str, documents: Resources
) -> None:
    await with_card(people, case)
    await withdraw(people, documents)
    assert await hear_decisions(documents) == 0


async def test_a_withdrawal_is_heard_without_anybody_asking(people: Office, case: str, documents: Resources) -> None:
    card = await with_card(people, case)
    hearing = hear_regularly(partial(hear_decisions, documents), seconds=0.05)
    body = {"campaign_key": CAMPAIGN, "purpose": PURPOSE, "channel": "mini_program"}
    async with beside_the_requests(hearing, name="hearing"):
        await people.done(f"{PLACE}-nominee", "POST", "/v1/auth/me/consent-withdrawals", json=body)
        for _ in range(200):
            if await shown_to(people, card, "nominee") != [(200, None)]:
                break
            await asyncio.sleep(0.05)
    assert await shown_to(people, card, "nominee") == [(409, "document_held")]


async def test_once_the_office_grants_it_the_bytes_are_destroyed_and_the_record_stays(
    people: Office, case: str, documents: Resources
) -> None:
    own = of_size(CARD, len(CARD) + 1000)  # bytes that nobody else's card has
    card = await with_card(people, case, own)
    async with documents.database.reading() as session:
        key = await session.scalar(select(DocumentRow.object_key).where(DocumentRow.id == card["id"]))
    await withdraw(people, documents)
    assert key is not None
    assert len(await documents.store.get(key)) > 0
    await answered(people, documents)
    await sweep(documents)
    async with documents.database.reading() as session:
        record = await session.scalar(select(DocumentErasureRow).where(DocumentErasureRow.document_id == card["id"]))
    mine = (await people.done(f"{PLACE}-nominee", "GET", "/v1/documents/me/data")).json()["items"]
    assert record is not None
    assert (record.kind, record.sha256, record.byte_count) == ("id_card_front", card["sha256"], len(own))
    assert record.rule.startswith("request for erasure granted ")
    assert [(each["id"], each["erased_by_rule"]) for each in mine] == [(card["id"], record.rule)]
    with pytest.raises(ObjectMissingError):
        await documents.store.get(key)


async def test_what_law_keeps_is_restricted_kept_and_shown_to_nobody(
    people: Office, case: str, documents: Resources
) -> None:
    card = await with_card(people, case)
    asked = {"kind": "erasure", "about": "documents", "text": "请删除我的材料", "campaign_key": CAMPAIGN}
    await people.done(f"{PLACE}-nominee", "POST", "/v1/auth/me/rights-requests", json=asked)
    await answered(people, documents, outcome="restricted", ground=GROUND)
    await sweep(documents)
    async with documents.database.reading() as session:
        row = await session.get_one(DocumentRow, card["id"])
    assert (row.held_for, row.erased_at, row.object_key is not None) == ("restricted", None, True)
    assert await shown_to(people, card, "nominee", "clerk") == [(409, "document_held")] * 2
    drawn = await people.send(f"{PLACE}-clerk", "GET", f"/v1/nominations/{case}/forms/attachment_6?format=pdf")
    assert drawn.status_code == 200


@pytest.mark.parametrize("path", ["/v1/auth/paper-decisions", "/v1/auth/file-consents"])
@pytest.mark.parametrize("who", [f"{PLACE}-nominee", f"{PLACE}-office", "city-office"])
async def test_only_our_services_hear_what_people_decided(people: Office, path: str, who: str) -> None:
    method = "GET" if path.endswith("decisions") else "POST"
    assert (await people.send(who, method, path, json={})).status_code == 403
