"""Objections: received from anybody, freezing the case, handled by the office in charge, told by receipt (R63, R95–R97)."""

from dataclasses import replace
from ipaddress import ip_network
from uuid import UUID, uuid4

import pytest

from services.common.callers.tokens import Caller
from services.nominations.problems import ActionForbidden
from services.nominations.publicity.objections import open_words
from tests.factories import ENDORSE, Office

WORDS = {"content": "事迹中的数据与实际不符，请核实。", "name": "示例群众", "contact": "13900000009"}
ANONYMOUS = {"content": "事迹中的数据与实际不符，请核实。"}
OFFICER = Caller(
    subject=str(uuid4()),
    session_id="tests",
    name="示例",
    organisation_id=str(uuid4()),
    organisation_name="示例",
    organisation_kind="county_office",
    jurisdiction="140922",
    bureau="",
    roles=frozenset({"county_officer"}),
)
UNTRUE = {"outcome": "unsubstantiated", "finding": "经核查，数据属实。"}


async def notice_of(office: Office, case: str) -> str:
    body = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()
    notice: str = body["publicity"]["id"]
    return notice


async def object_to(client, notice: str, words=None):
    return await client.post(f"/v1/publicity-notices/{notice}/objections", json=words or ANONYMOUS)


async def open_ones(office: Office, username: str, case: str) -> list[dict]:
    params = {"campaign_key": office.campaign, "page_size": 100}
    items = (await office.done(username, "GET", "/v1/objections", params=params)).json()["items"]
    return [item for item in items if item["nomination_id"] == case]


async def sign(office: Office, case: str):
    me = (await office.done("wutai-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    path = f"/v1/nominations/{case}/unit-signatures"
    return await office.send("wutai-head", "POST", path, json={"signer_name": me})


@pytest.mark.parametrize("words", [WORDS, ANONYMOUS], ids=["named", "anonymous"])
async def test_anybody_objects_and_the_receipt_tells_the_outcome_r63_r95(office, client, words):
    case = await office.in_publicity()
    received = await object_to(client, await notice_of(office, case), words)
    code = {"receipt_code": received.json()["receipt_code"]}
    before = (await client.post("/v1/objection-lookups", json=code)).json()["outcome"]
    (objection,) = await open_ones(office, "wutai-office", case)
    path = f"/v1/objections/{objection['id']}/conclusions"
    await office.done("wutai-office", "POST", path, json=UNTRUE)
    after = (await client.post("/v1/objection-lookups", json=code)).json()
    assert (received.status_code, before, objection["named"], after["outcome"], after["finding"]) == (
        201,
        None,
        "name" in words,
        "unsubstantiated",
        "经核查，数据属实。",
    )


async def test_an_objection_of_the_last_minute_freezes_the_case_until_it_is_concluded_r63_r96(office, client):
    case = await office.in_publicity()
    notice = await notice_of(office, case)
    await office.set_clock("2025-02-13T23:59:59+08:00")
    await object_to(client, notice)
    await office.set_clock("2025-02-14T09:00:00+08:00")
    frozen = await sign(office, case)
    (objection,) = await open_ones(office, "wutai-office", case)
    await office.done("wutai-office", "POST", f"/v1/objections/{objection['id']}/conclusions", json=UNTRUE)
    assert ([error["code"] for error in frozen.json()["errors"]], (await sign(office, case)).status_code) == (
        ["objection_open"],
        201,
    )


async def test_an_open_objection_also_stops_a_review_r96(office, client):
    case = await office.at_county()
    await object_to(client, await notice_of(office, case))
    answer = await office.send("wutai-hrss", "POST", f"/v1/nominations/{case}/reviews", json=ENDORSE)
    assert [error["code"] for error in answer.json()["errors"]] == ["objection_open"]


async def test_the_words_are_read_by_the_office_that_handles_them_and_by_nobody_else_r95(office, client):
    case = await office.in_publicity()
    await object_to(client, await notice_of(office, case), WORDS)
    (objection,) = await open_ones(office, "wutai-office", case)
    path = f"/v1/objections/{objection['id']}"
    read = (await office.done("wutai-office", "GET", path)).json()
    others = [
        (await office.send(name, "GET", path)).status_code
        for name in ("dingxiang-office", "city-office", "wutai-clerk")
    ]
    assert ({key: read[key] for key in WORDS}, others) == (WORDS, [404, 404, 403])


@pytest.mark.parametrize("taken_in", [False, True], ids=["their own", "taken in"])
async def test_an_officer_whose_body_the_unit_is_does_not_read_who_objected_r95_r97(office, client, context, taken_in):
    case = await office.in_publicity()
    await object_to(client, await notice_of(office, case), WORDS)
    (objection,) = await open_ones(office, "wutai-office", case)
    unit = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["unit_id"]
    body, taken = (str(uuid4()), frozenset({unit})) if taken_in else (unit, frozenset())
    officer = replace(OFFICER, organisation_id=body, predecessors=taken)
    async with context.database.reading() as session:
        with pytest.raises(ActionForbidden) as refused:
            await open_words(session, context, officer, UUID(objection["id"]))
    assert [error.code for error in refused.value.errors] == ["own_unit"]


async def test_neither_the_list_nor_the_history_says_who_objected_or_what_they_said_r95(office, client):
    case = await office.in_publicity()
    await object_to(client, await notice_of(office, case), WORDS)
    listed = str(await open_ones(office, "wutai-office", case))
    history = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).text
    assert [word in listed + history for word in WORDS.values()] == [False, False, False]


async def test_one_source_does_not_flood_a_notice_and_shuts_nobody_out_r95(office, client):
    case = await office.in_publicity()
    notice = await notice_of(office, case)
    answers = [await object_to(client, notice) for _ in range(6)]
    other = await object_to(client, await notice_of(office, await office.in_publicity()))
    named = await object_to(client, notice, WORDS)
    assert ([answer.status_code for answer in answers], answers[-1].json()["code"]) == (
        [201] * 5 + [429],
        "too_many_objections",
    )
    assert (other.status_code, named.status_code) == (201, 201)


async def test_behind_our_proxy_each_of_the_public_is_counted_alone_r95(office, client, dispatcher):
    notice = await notice_of(office, await office.in_publicity())
    state = dispatcher.services["nominations"].state
    before, state.trusted_proxies = state.trusted_proxies, [ip_network("127.0.0.0/8")]

    async def from_(address: str) -> int:
        path, headers = f"/v1/publicity-notices/{notice}/objections", {"X-Forwarded-For": address}
        return (await client.post(path, json=ANONYMOUS, headers=headers)).status_code

    try:
        flood = [await from_("203.0.113.7") for _ in range(6)]
        neighbour = await from_("203.0.113.8")
    finally:
        state.trusted_proxies = before
    assert (flood, neighbour) == ([201] * 5 + [429], 201)


async def test_behind_our_own_proxy_each_visitor_is_a_source_of_their_own_r95(office, client, dispatcher, monkeypatch):
    monkeypatch.setattr(
        dispatcher.services["nominations"].state, "trusted_proxies", [ip_network("127.0.0.0/8")], raising=True
    )
    path = f"/v1/publicity-notices/{await notice_of(office, await office.in_publicity())}/objections"
    flood, other = ({"X-Forwarded-For": address} for address in ("198.51.100.7", "198.51.100.8"))
    answers = [await client.post(path, json=ANONYMOUS, headers=flood) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert (answers[-1].headers["retry-after"], answers[-1].headers["ratelimit-policy"]) == (
        "3600",
        '"objections";q=5;w=3600',
    )
    assert [answer.headers["ratelimit"] for answer in answers[:5]] == [
        f'"objections";r={left};t=3600' for left in (4, 3, 2, 1, 0)
    ]
    assert (await client.post(path, json=ANONYMOUS, headers=other)).status_code == 201


async def test_an_objection_is_concluded_once_r95(office, client):
    case = await office.in_publicity()
    await object_to(client, await notice_of(office, case))
    (objection,) = await open_ones(office, "wutai-office", case)
    path = f"/v1/objections/{objection['id']}/conclusions"
    answers = [await office.send("wutai-office", "POST", path, json=UNTRUE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]


async def test_an_unknown_receipt_is_not_found(client):
    answer = await client.post("/v1/objection-lookups", json={"receipt_code": "0" * 20})
    assert (answer.status_code, answer.json()["code"]) == (404, "receipt_unknown")


async def test_nobody_objects_to_a_notice_that_never_was(client):
    assert (await object_to(client, "01940000-0000-7000-8000-000000000000")).status_code == 404


async def test_who_has_an_objection_in_hand_stands_in_the_list_r95(office, client):
    case = await office.in_publicity()
    await object_to(client, await notice_of(office, case))
    (before,) = await open_ones(office, "wutai-office", case)
    path = f"/v1/objections/{before['id']}"
    await office.done("wutai-office", "POST", f"{path}/handling")
    stranger = await office.send("dingxiang-office", "POST", f"{path}/handling")
    (after,) = await open_ones(office, "wutai-office", case)
    me = (await office.done("wutai-office", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    await office.done("wutai-office", "POST", f"{path}/conclusions", json=UNTRUE)
    late = await office.send("wutai-office", "POST", f"{path}/handling")
    assert (before["handler_name"], after["handler_name"], after["taken_up_at"] is not None) == (None, me, True)
    assert (stranger.status_code, late.json()["code"]) == (404, "objection_concluded")


async def test_an_objection_found_true_stops_the_case_until_what_was_shown_is_put_right_r96(office, client):
    case = await office.in_publicity()
    await object_to(client, await notice_of(office, case))
    (objection,) = await open_ones(office, "wutai-office", case)
    upheld = {"outcome": "substantiated", "finding": "经核查，事迹中的数据有误。"}
    await office.done("wutai-office", "POST", f"/v1/objections/{objection['id']}/conclusions", json=upheld)
    await office.set_clock("2025-02-14T09:00:00+08:00")
    stopped = await sign(office, case)
    read = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    corrected = await office.done(
        "wutai-clerk",
        "POST",
        f"/v1/nominations/{case}/corrections",
        json={"form": read.json()["form"] | {"deeds": "更正后的事迹。" * 20}, "reason": "按核查结果更正"},
        headers={"If-Match": read.headers["ETag"]},
    )
    await office.set_clock("2025-02-24T09:00:00+08:00")
    actions = (await office.done("wutai-head", "GET", f"/v1/nominations/{case}")).json()["actions"]
    after = [b["code"] for a in actions if a["action"] == "sign_for_unit" for b in a["blockers"]]
    assert [error["code"] for error in stopped.json()["errors"]] == ["objection_upheld"]
    assert (corrected.json()["publicity"]["opened_on"], after) == ("2025-02-14", ["nominee_part_unconfirmed"])


async def test_a_correction_made_before_the_finding_does_not_put_right_what_is_found_r96(office, client):
    case = await office.in_publicity()
    await object_to(client, await notice_of(office, case))
    (objection,) = await open_ones(office, "wutai-office", case)
    read = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    await office.set_clock("2025-02-14T09:00:00+08:00")
    await office.done(
        "wutai-clerk",
        "POST",
        f"/v1/nominations/{case}/corrections",
        json={"form": read.json()["form"] | {"deeds": "换了说法的事迹。" * 20}, "reason": "文字润色"},
        headers={"If-Match": read.headers["ETag"]},
    )
    await office.set_clock("2025-02-17T09:00:00+08:00")
    upheld = {"outcome": "substantiated", "finding": "经核查，事迹中的数据有误。"}
    await office.done("wutai-office", "POST", f"/v1/objections/{objection['id']}/conclusions", json=upheld)
    await office.set_clock("2025-02-24T09:00:00+08:00")
    actions = (await office.done("wutai-head", "GET", f"/v1/nominations/{case}")).json()["actions"]
    stopped = [b["code"] for a in actions if a["action"] == "sign_for_unit" for b in a["blockers"]]
    assert stopped == ["objection_upheld", "nominee_part_unconfirmed"]


async def test_what_is_taken_back_is_no_longer_shown_r13_r48(office, client):
    case = await office.in_publicity()
    notice = await notice_of(office, case)
    await office.step("clerk", case, "withdrawal", json={"reason": "本人放弃"})
    answer = await client.get(f"/v1/publicity-notices/{notice}")
    assert (answer.status_code, answer.json()["code"]) == (410, "publicity_notice_superseded")
