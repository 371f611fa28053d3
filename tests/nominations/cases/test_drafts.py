"""Drafts on a bad line: anything well-formed is kept, nothing is lost, whatever else is refused by name."""

import asyncio

import asyncpg
import pytest

from services.embedded.stack import EmbeddedStack
from tests.factories import CATEGORY, Office, complete_form, new_identity


def pointers(answer) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def save(office: Office, case: str, form: dict, etag: str):
    headers = {"If-Match": etag}
    return await office.send("wutai-clerk", "PUT", f"/v1/nominations/{case}", json={"form": form}, headers=headers)


async def test_a_draft_may_be_empty(office):
    assert (await office.draft()).json()["form"] == {}


async def test_saving_whole_empties_what_is_missing(office):
    created = await office.draft({"full_name": "示例", "post": "主任"})
    saved = await save(office, created.json()["id"], {"full_name": "示例"}, created.headers["etag"])
    assert saved.json()["form"] == {"full_name": "示例"}


async def test_text_is_normalised_on_its_way_in(office):
    form = {"full_name": "  示例  ", "employer_postcode": "０３５５００", "mobile_phone": "１３９00000000"}
    assert (await office.draft(form)).json()["form"] == {
        "full_name": "示例",
        "employer_postcode": "035500",
        "mobile_phone": "13900000000",
    }


async def test_the_identity_number_comes_back_masked(office):
    number, _ = new_identity()
    created = await office.draft({"resident_id_number": number})
    masked = f"{number[:3]}***********{number[-4:]}"
    read = await office.done("wutai-clerk", "GET", f"/v1/nominations/{created.json()['id']}")
    assert (created.json()["form"], read.json()["form"]) == ({"resident_id_number": masked},) * 2


async def test_no_column_of_the_database_holds_the_identity_number(office, stack: EmbeddedStack):
    number, _ = new_identity()
    key = {"Idempotency-Key": f"sealed-{number[-8:]}-{number[6:14]}"}
    body = {"campaign_key": office.campaign, "category": CATEGORY, "form": {"resident_id_number": number}}
    created = await office.done("wutai-clerk", "POST", "/v1/nominations", json=body, headers=key)
    url = stack.postgres.superuser_url.rpartition("/")[0] + "/xianjin"
    connection = await asyncpg.connect(url, ssl=False)
    try:
        rows = [
            await connection.fetchval(
                f"SELECT count(*) FROM nominations.{table} t WHERE t::text LIKE $1", f"%{number}%"
            )
            for table in ("nominations", "nomination_events", "idempotency_keys")
        ]
        sealed = await connection.fetchval(
            "SELECT identity_sealed IS NOT NULL FROM nominations.nominations WHERE id = $1", created.json()["id"]
        )
    finally:
        await connection.close()
    assert (rows, sealed) == ([0, 0, 0], True)


async def test_the_mask_sent_back_keeps_the_number(office):
    number, _ = new_identity()
    created = await office.draft({"resident_id_number": number})
    case = created.json()["id"]
    await save(office, case, {**created.json()["form"], "full_name": "示例"}, created.headers["etag"])
    body = {"reason": "核对身份证号"}
    revealed = await office.step("clerk", case, "identity-reveals", json=body)
    assert revealed == {"resident_id_number": number}


async def test_every_reveal_is_in_the_history_with_its_reason_and_without_the_number(office):
    number, _ = new_identity()
    case = (await office.draft({"resident_id_number": number})).json()["id"]
    await office.step("clerk", case, "identity-reveals", json={"reason": "核对身份证号"})
    history = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")
    last = history.json()["items"][-1]
    assert (last["event"], last["reason"], number in history.text) == ("identity_revealed", "核对身份证号", False)


async def test_saving_without_a_version_is_refused(office):
    case = (await office.draft()).json()["id"]
    answer = await office.send("wutai-clerk", "PUT", f"/v1/nominations/{case}", json={"form": {}})
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")


async def test_two_phones_never_overwrite_each_other_and_both_times_are_told(office):
    created = await office.draft()
    case, etag = created.json()["id"], created.headers["etag"]
    answers = await asyncio.gather(*(save(office, case, {"full_name": name}, etag) for name in ("甲", "乙")))
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    problem = lost.json()
    assert (won.status_code, lost.status_code, problem["code"]) == (200, 412, "version_conflict")
    assert (problem["yours"]["saved_at"], problem["current"]["etag"]) == (
        created.json()["saved_at"].replace("Z", "+00:00"),
        won.headers["etag"],
    )


@pytest.mark.parametrize("etag", ['"1"', "nonsense", '"1-99999999999999999999"'])
async def test_a_version_that_we_never_gave_is_a_conflict(office, etag):
    created = await office.draft()
    answer = await save(office, created.json()["id"], {}, etag)
    assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"salary": 1}, ("/form/salary", "unknown_field")),
        ({"years_in_field": "fifteen"}, ("/form/years_in_field", "wrong_type")),
        ({"years_in_field": True}, ("/form/years_in_field", "wrong_type")),
        ({"full_name": ["a"]}, ("/form/full_name", "wrong_type")),
        ({"sex": "other"}, ("/form/sex", "not_in_list")),
        ({"full_name": "a\u0000b"}, ("/form/full_name", "text_not_clean")),
        ({"full_name": "a\u202eb"}, ("/form/full_name", "text_not_clean")),
        ({"deeds": "事" * 6001}, ("/form/deeds", "too_long")),
        ({"resume": [{"salary": 1}]}, ("/form/resume/0/salary", "unknown_field")),
        ({"a/b~c": 1}, ("/form/a~1b~0c", "unknown_field")),
    ],
)
async def test_a_value_that_is_not_well_formed_is_named(office, form, expected):
    body = {"campaign_key": office.campaign, "category": CATEGORY, "form": form}
    answer = await office.send("wutai-clerk", "POST", "/v1/nominations", json=body)
    assert (answer.status_code, pointers(answer)) == (422, [expected])


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ('"form": {"full_name": "\\ud800"}', ("/form/full_name", "text_not_clean")),
        ('"form": {"\\ud800": "x"}', ("/form/?", "unknown_field")),
        ('"\\ud800": "x"', ("", "text_not_clean")),
    ],
)
async def test_a_lone_surrogate_is_named(office, sent, named):
    content = f'{{"campaign_key": "{office.campaign}", "category": "{CATEGORY}", {sent}}}'.encode()
    answer = await office.send(
        "wutai-clerk", "POST", "/v1/nominations", content=content, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, pointers(answer)) == (422, [named])


@pytest.mark.parametrize("member", ["status", "stage", "id", "quota_unit", "campaign_version"])
async def test_state_is_never_accepted_in_a_body(office, member):
    body = {"campaign_key": office.campaign, "category": CATEGORY, member: "x"}
    answer = await office.send("wutai-clerk", "POST", "/v1/nominations", json=body)
    assert (answer.status_code, pointers(answer)) == (422, [(f"/{member}", "unknown_field")])


@pytest.mark.parametrize(
    "content",
    [b'{"form": ', b'{"form": {}, "form": {}}', b'{"form": NaN}', b"[" * 100 + b"]" * 100, b"\xff", b'{"a": 1e999'],
)
async def test_broken_json_is_said_to_be_broken(office, content):
    answer = await office.send(
        "wutai-clerk", "POST", "/v1/nominations", content=content, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


async def test_another_content_type_is_refused(office):
    answer = await office.send(
        "wutai-clerk", "POST", "/v1/nominations", content=b"a=b", headers={"Content-Type": "text/plain"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_a_body_of_thirty_megabytes_is_refused(office):
    answer = await office.send(
        "wutai-clerk",
        "POST",
        "/v1/nominations",
        content=b'{"form": "' + b"x" * 30_000_000 + b'"}',
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


async def test_an_unknown_campaign_and_an_unknown_category_are_named(office):
    answers = [
        (await office.send("wutai-clerk", "POST", "/v1/nominations", json=body)).json()["code"]
        for body in (
            {"campaign_key": "none", "category": CATEGORY},
            {"campaign_key": office.campaign, "category": "none"},
        )
    ]
    assert answers == ["campaign_not_found", "category_unknown"]


@pytest.mark.parametrize("username", ["dingxiang-clerk", "wutai-hrss", "city-hrss", "wutai-office"])
async def test_a_draft_does_not_exist_for_anybody_but_its_unit(office, username):
    case = (await office.draft()).json()["id"]
    answers = [
        await office.send(username, "GET", f"/v1/nominations/{case}"),
        await office.send(username, "POST", f"/v1/nominations/{case}/checks"),
        await office.send(username, "GET", f"/v1/nominations/{case}/events"),
        await office.send(username, "GET", f"/v1/nominations/{case}/forms/attachment_6"),
        await save(office, case, {}, '"1-1"') if username == "none" else None,
    ]
    assert [answer.status_code for answer in answers if answer] == [404] * 4


async def test_a_case_that_is_not_there_is_not_found_and_a_malformed_id_is_named(office):
    missing = await office.send("wutai-clerk", "GET", "/v1/nominations/0199b3a2-c5d8-7e10-a1b2-c3d4e5f60718")
    malformed = await office.send("wutai-clerk", "GET", "/v1/nominations/1")
    assert (missing.status_code, malformed.status_code, pointers(malformed)) == (
        404,
        422,
        [("/path/nomination_id", "invalid_id")],
    )


async def test_lists_hold_names_and_no_other_personal_data(office):
    created = await office.draft(complete_form())
    page = await office.done("wutai-clerk", "GET", "/v1/nominations", params={"campaign_key": office.campaign})
    row = next(item for item in page.json()["items"] if item["id"] == created.json()["id"])
    assert set(row) == {
        "id",
        "category",
        "quota_unit",
        "unit_name",
        "name",
        "stage",
        "status",
        "status_label",
        "percent_nominee",
        "percent_unit",
        "missing_answers",
        "saved_at",
        "etag",
    }


async def test_pages_follow_each_other_without_gap_or_repeat(office):
    made = {(await office.draft({"full_name": f"页{number}"})).json()["id"] for number in range(5)}
    seen: list[str] = []
    token = None
    while True:
        query = {"campaign_key": office.campaign, "page_size": 2} | ({"page_token": token} if token else {})
        page = (await office.done("wutai-clerk", "GET", "/v1/nominations", params=query)).json()
        seen += [item["id"] for item in page["items"]]
        token = page["next_page_token"]
        if token is None:
            break
    assert (made - set(seen), len(seen) - len(set(seen))) == (set(), 0)


@pytest.mark.parametrize("token", ["x", "!!!!", "WzFd", "bnVsbA", "W10"])
async def test_a_page_token_that_we_did_not_give_is_refused(office, token):
    query = {"campaign_key": office.campaign, "page_token": token}
    answer = await office.send("wutai-clerk", "GET", "/v1/nominations", params=query)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "invalid_page_token")


async def test_refusals_speak_english_to_those_who_ask_for_it(office):
    answer = await office.send("wutai-clerk", "GET", "/v1/nominations/1", headers={"Accept-Language": "en"})
    assert (answer.headers["content-type"], answer.json()["title"]) == (
        "application/problem+json",
        "Some fields are not acceptable",
    )


async def test_every_answer_names_its_request(office):
    answer = await office.send("wutai-clerk", "GET", "/v1/nominations/1", headers={"X-Request-Id": "phone-request-1"})
    assert (answer.headers["x-request-id"], answer.json()["trace_id"]) == ("phone-request-1",) * 2


async def test_without_a_token_nothing_is_read(client):
    answer = await client.get("/v1/nominations", params={"campaign_key": "x"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "e" * 5000])  # pragma: allowlist secret
async def test_a_token_that_is_none_is_refused(client, token):
    answer = await client.get(
        "/v1/nominations", params={"campaign_key": "x"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


async def test_an_unknown_address_is_a_problem_too(client):
    answer = await client.get("/v1/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_the_wrong_method_is_a_problem_too(client):
    answer = await client.request("PATCH", "/v1/campaigns")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
