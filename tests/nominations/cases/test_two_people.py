"""Two people on one case: the nominee's part, the unit's part, each confirmed by who answers for it (A30, R79)."""

import asyncio

import pytest

from tests.factories import CATEGORY, ON_BEHALF, OPENED, Office, complete_form, new_identity

STATEMENT = {"part": "nominee", "statement": "本人已签字"}


async def post(office: Office, username: str, case: str, noun: str, body=None, **more):
    return await office.send(username, "POST", f"/v1/nominations/{case}/{noun}", json=body, **more)


async def case_of(office: Office, form=None) -> str:
    await office.set_clock(OPENED)
    case: str = (await office.draft(form or complete_form())).json()["id"]
    return case


async def taken_over(office: Office, case: str):
    code = (await office.step("clerk", case, "hand-over-codes"))["code"]
    return await office.send("wutai-nominee", "POST", "/v1/hand-overs", json={"code": code})


async def parts_of(office: Office, case: str) -> dict[str, tuple[bool, bool]]:
    """Part → confirmed, on behalf."""
    body = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()
    return {part["part"]: (part["confirmed"], part["on_behalf"]) for part in body["parts"]}


async def test_a_clerk_confirms_for_a_nominee_who_signed_on_paper_and_it_says_so(office):
    case = await case_of(office)
    await office.step("clerk", case, "confirmations", json=ON_BEHALF)
    assert await parts_of(office, case) == {"nominee": (True, True), "unit": (False, False)}


async def test_a_clerk_who_confirms_for_a_nominee_says_how_the_nominee_agreed(office):
    answer = await post(office, "wutai-clerk", await case_of(office), "confirmations", {"part": "nominee"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/statement")


async def test_a_part_with_holes_is_not_confirmed_and_each_hole_is_named(office):
    form = complete_form()
    del form["post"], form["deeds"]
    answer = await post(office, "wutai-clerk", await case_of(office, form), "confirmations", STATEMENT)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (
        422,
        ["/form/post", "/form/deeds"],
    )


async def test_a_change_ends_the_confirmation(office):
    case = await case_of(office)
    confirmed = await post(office, "wutai-clerk", case, "confirmations", STATEMENT)
    form = confirmed.json()["form"] | {"post": "厂长"}
    headers = {"If-Match": confirmed.headers["etag"]}
    await office.done("wutai-clerk", "PUT", f"/v1/nominations/{case}", json={"form": form}, headers=headers)
    assert (await parts_of(office, case))["nominee"] == (False, False)


async def test_the_nominee_takes_a_case_over_by_the_clerks_code_and_confirms_it(office):
    case = await case_of(office)
    joined = await taken_over(office, case)
    confirmed = await post(office, "wutai-nominee", case, "confirmations", {"part": "nominee"})
    assert (joined.status_code, joined.json()["nominee_joined"], confirmed.status_code) == (201, True, 201)
    assert (await parts_of(office, case))["nominee"] == (True, False)


async def test_once_the_nominee_has_joined_nobody_confirms_for_them(office):
    case = await case_of(office)
    await taken_over(office, case)
    answer = await post(office, "wutai-clerk", case, "confirmations", STATEMENT)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "nominee_confirms")


async def test_a_nominee_never_confirms_the_units_part(office):
    case = await case_of(office)
    await taken_over(office, case)
    answer = await post(office, "wutai-nominee", case, "confirmations", {"part": "unit"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "unit_confirms")


async def test_a_code_is_used_once(office):
    case = await case_of(office)
    code = (await office.step("clerk", case, "hand-over-codes"))["code"]
    answers = [await office.send("wutai-nominee", "POST", "/v1/hand-overs", json={"code": code}) for _ in range(2)]
    assert [(answer.status_code, answer.json().get("code")) for answer in answers] == [
        (201, None),
        (422, "hand_over_code_invalid"),
    ]


async def test_a_code_sent_again_under_its_key_is_answered_again(office):
    """The answer to the first was lost on the way: the nominee is not told that the code is spent."""
    case = await case_of(office)
    code = (await office.step("clerk", case, "hand-over-codes"))["code"]
    request = {"json": {"code": code}, "headers": {"Idempotency-Key": f"hand-over-{case}"}}
    first, again = [await office.send("wutai-nominee", "POST", "/v1/hand-overs", **request) for _ in range(2)]
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}"])
async def test_a_code_is_read_however_it_is_typed(office, typed):
    case = await case_of(office)
    code = (await office.step("clerk", case, "hand-over-codes"))["code"]
    body = {"code": typed.format(code, lower=code.lower())}
    assert (await office.send("wutai-nominee", "POST", "/v1/hand-overs", json=body)).status_code == 201


async def test_a_code_ends_after_two_days(office):
    case = await case_of(office)
    code = (await office.step("clerk", case, "hand-over-codes"))["code"]
    await office.set_clock("2025-02-09T09:00:01+08:00")
    late = await office.send("wutai-nominee", "POST", "/v1/hand-overs", json={"code": code})
    await office.set_clock(OPENED)
    assert (late.status_code, late.json()["code"]) == (422, "hand_over_code_invalid")


async def test_a_code_waits_while_the_case_is_not_open_to_be_filled_in_a30(office):
    """What the unit has handed in is not taken over under its hands; once it comes back, the same code still holds."""
    await office.set_clock(OPENED)
    case = await office.ready()
    code = (await office.step("clerk", case, "hand-over-codes"))["code"]
    await office.step("clerk", case, "submissions")
    early = await office.send("wutai-nominee", "POST", "/v1/hand-overs", json={"code": code})
    await office.step(
        "clerk", case, "reviews", json={"decision": "return", "reason": "本人补充", "return_to": "nominee"}
    )
    later = await office.send("wutai-nominee", "POST", "/v1/hand-overs", json={"code": code})
    refused = early.status_code, [error["code"] for error in early.json()["errors"]]
    assert (refused, later.status_code) == ((409, ["wrong_status"]), 201)


async def test_a_code_of_another_unit_is_answered_like_one_that_never_was(office):
    case = await case_of(office)
    code = (await office.step("clerk", case, "hand-over-codes"))["code"]
    answer = await office.send("dingxiang-nominee", "POST", "/v1/hand-overs", json={"code": code})
    assert (answer.status_code, answer.json()["code"]) == (422, "hand_over_code_invalid")


async def test_a_case_that_has_its_nominee_gets_no_further_code(office):
    case = await case_of(office)
    await taken_over(office, case)
    answer = await post(office, "wutai-clerk", case, "hand-over-codes")
    assert (answer.status_code, answer.json()["code"]) == (409, "nominee_already_joined")


async def test_a_nominee_who_took_over_reads_the_documents_of_the_case(office):
    case = await office.ready()
    before = await office.send("wutai-nominee", "GET", f"/v1/documents/bundles/{case}")
    await taken_over(office, case)
    after = await office.send("wutai-nominee", "GET", f"/v1/documents/bundles/{case}")
    assert (before.status_code, after.status_code) == (404, 200)


async def test_of_two_who_take_over_at_once_only_the_one_who_did_reads_the_documents(client, office):
    """A code was shown to two phones: the other one, of the same unit, keeps nothing of the attempt."""
    phones = [office, Office(client, office.campaign)]
    readers = []
    for _ in range(6):
        case = await office.ready()
        codes = [(await office.step("clerk", case, "hand-over-codes"))["code"] for _ in phones]
        asked = [
            phone.send("wutai-nominee", "POST", "/v1/hand-overs", json={"code": code})
            for phone, code in zip(phones, codes, strict=True)
        ]
        joined = [answer.status_code == 201 for answer in await asyncio.gather(*asked)]
        read = [await phone.send("wutai-nominee", "GET", f"/v1/documents/bundles/{case}") for phone in phones]
        readers.append((sum(joined), joined == [answer.status_code == 200 for answer in read]))
    assert readers == [(1, True)] * 6


async def test_what_a_nominee_writes_into_the_units_part_is_refused_by_name(office):
    case = await case_of(office, {"full_name": "示例"})
    joined = await taken_over(office, case)
    form = {"full_name": "示例", "grounds": "自荐"}
    headers = {"If-Match": joined.headers["etag"]}
    answer = await office.send("wutai-nominee", "PUT", f"/v1/nominations/{case}", json={"form": form}, headers=headers)
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/form/grounds", "not_your_part")
    ]


async def test_a_nominee_who_opens_a_case_fills_their_own_part_only(office):
    await office.set_clock(OPENED)
    body = {"campaign_key": office.campaign, "category": CATEGORY, "form": {"grounds": "自荐"}}
    answer = await office.send("wutai-nominee", "POST", "/v1/nominations", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_your_part")


async def test_nothing_is_submitted_that_the_nominee_has_not_confirmed(office):
    case = await case_of(office)
    await office.with_documents(case)
    answer = await post(office, "wutai-clerk", case, "submissions")
    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (
        409,
        ["nominee_part_unconfirmed"],
    )


async def test_wu_is_written_in_one_tap_and_the_history_says_who_confirmed_it_r151(office):
    form = complete_form()
    del form["sanctions_received"], form["awards_received"]
    created = await office.draft(form)
    case = created.json()["id"]
    body = {"fields": ["sanctions_received", "awards_received"], "confirmed": True}
    headers = {"If-Match": created.headers["etag"]}
    filled = await post(office, "wutai-clerk", case, "blank-fillings", body, headers=headers)
    events = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()["items"]
    assert (filled.status_code, filled.json()["form"]["sanctions_received"], events[-1]["details"]) == (
        201,
        "无",
        {"confirmed_nothing_for": ["awards_received", "sanctions_received"]},
    )


async def test_wu_is_not_written_over_an_answer_or_where_something_must_be_told_r151(office):
    created = await office.draft(complete_form())
    body = {"fields": ["post", "full_name", "no_such_field"], "confirmed": True}
    headers = {"If-Match": created.headers["etag"]}
    answer = await post(office, "wutai-clerk", created.json()["id"], "blank-fillings", body, headers=headers)
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        (f"/fields/{index}", "not_blank") for index in range(3)
    ]


async def test_wu_is_not_written_unconfirmed_or_into_an_old_version_r151(office):
    created = await office.draft()
    case, headers = created.json()["id"], {"If-Match": created.headers["etag"]}
    unconfirmed = {"fields": ["post"], "confirmed": False}
    first = await post(office, "wutai-clerk", case, "blank-fillings", unconfirmed, headers=headers)
    await post(office, "wutai-clerk", case, "blank-fillings", {"fields": ["post"], "confirmed": True}, headers=headers)
    again = {"fields": ["sanctions_received"], "confirmed": True}
    stale = await post(office, "wutai-clerk", case, "blank-fillings", again, headers=headers)
    assert (first.status_code, stale.status_code) == (422, 412)


async def test_a_copy_takes_over_the_answers_and_no_promise(office):
    first = await case_of(office)
    body = {"campaign_key": office.campaign, "category": CATEGORY, "form": {"post": "厂长"}, "copy_of": first}
    copy = (await office.done("wutai-clerk", "POST", "/v1/nominations", json=body)).json()["form"]
    original = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{first}")).json()["form"]
    promises = {key for key in original if key.endswith(("attestation", "declaration"))}
    expected = {key: value for key, value in original.items() if key not in promises} | {"post": "厂长"}
    assert copy == expected


async def test_the_number_in_a_copy_is_the_whole_number(office):
    form = complete_form()
    body = {"campaign_key": office.campaign, "category": CATEGORY, "copy_of": await case_of(office, form)}
    copy = (await office.done("wutai-clerk", "POST", "/v1/nominations", json=body)).json()["id"]
    reason = {"reason": "核对证件号码"}
    revealed = await office.step("clerk", copy, "identity-reveals", json=reason)
    assert revealed["resident_id_number"] == form["resident_id_number"]


async def test_nobody_copies_a_case_they_cannot_see(office):
    first = await case_of(office)
    body = {"campaign_key": office.campaign, "category": CATEGORY, "copy_of": first}
    answer = await office.send("dingxiang-clerk", "POST", "/v1/nominations", json=body)
    assert answer.status_code == 404


async def test_nobody_begins_before_the_campaign_opens_r94(office):
    await office.set_clock("2025-01-25T23:59:59+08:00")
    body = {"campaign_key": office.campaign, "category": CATEGORY}
    answer = await office.send("wutai-clerk", "POST", "/v1/nominations", json=body)
    await office.set_clock(OPENED)
    assert (answer.status_code, answer.json()["code"], answer.json()["available_on"]) == (
        409,
        "campaign_not_open",
        "2025-01-26",
    )


async def save_number(office: Office, who: str, case: str):
    number, month = new_identity()
    read = await office.done(who, "GET", f"/v1/nominations/{case}")
    body = {"form": read.json()["form"] | {"resident_id_number": number, "birth_month": month}}
    headers = {"If-Match": read.headers["etag"]}
    return await office.send(who, "PUT", f"/v1/nominations/{case}", json=body, headers=headers)


async def test_a_case_that_its_nominee_has_taken_over_is_not_turned_into_somebody_elses_a30(office):
    case = await case_of(office)
    await taken_over(office, case)
    by_clerk, by_nominee = [await save_number(office, f"wutai-{who}", case) for who in ("clerk", "nominee")]
    errors = [(e["pointer"], e["code"]) for e in by_clerk.json()["errors"]]
    assert (by_clerk.status_code, errors, by_nominee.status_code) == (
        422,
        [("/form/resident_id_number", "number_of_the_nominee")],
        200,
    )
