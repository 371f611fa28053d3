"""The city invites counties, counties units, units nominees: by one, by sheet, again, and not after all."""

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select, update

from services.auth.domain.invitation_sheet import COLUMNS
from services.auth.limits import REDEEM_ON_WEB_BY_PERSON
from services.auth.tables import InvitationRow, PersonRow, RoleAssignmentRow
from services.common.asgi import RequestShell
from services.common.db import Database
from services.common.messages.text_messages import FileSender
from tests.auth.scripted_wechat import ScriptedWechat
from tests.auth.steps import bearer, bearer_of, by_wechat, fresh, invite, refusal, sign_in
from tests.auth.test_organisations import everything

BATCHES = "/v1/auth/invitation-batches"
STRONG = "Zhuhe-lanse-7-shanquan"


async def body_id(client: httpx.AsyncClient, name: str) -> str:
    return next(row["id"] for row in await everything(client, "city-office") if row["name"] == name)


def sheet(*rows: tuple[str, ...], head: tuple[str, ...] = COLUMNS) -> bytes:
    book = Workbook()
    book.active.append(head)
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def unpacking_to(size: int) -> bytes:
    """An honest sheet with a part in it that is nearly nothing packed, and so many bytes unpacked."""
    content = io.BytesIO(sheet(("", "", "示例", "", "推荐对象")))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", bytes(size))
    return content.getvalue()


async def send_sheet(client: httpx.AsyncClient, username: str, content: bytes, **headers: str) -> httpx.Response:
    files = {"file": ("名单.xlsx", content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")}
    return await client.post(BATCHES, files=files, headers=await bearer_of(client, username) | headers)


async def bind_by(client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, code: str) -> dict[str, Any]:
    login = wechat.knows(fresh("code"), fresh("openid"))
    response = await by_wechat(client, appid, login, invitation_code=code)
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def test_the_city_invites_a_county_officer_who_then_acts_for_that_county(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    office = await body_id(client, "代县先进集体和先进个人评选推荐办公室")
    invited = await invite(client, clerk="city-office", role="county_officer", organisation_id=office)
    signed_in = await bind_by(client, wechat, appid, invited["invitation_code"])
    acting = signed_in["acting_as"]
    assert (acting["role"], acting["organisation"]["jurisdiction"]) == ("county_officer", "140923")


async def test_a_county_does_not_invite_to_another_county(client: httpx.AsyncClient) -> None:
    unit = await body_id(client, "代县示例矿山机械有限公司")
    body = {"full_name": "示例", "role": "unit_clerk", "organisation_id": unit}
    response = await client.post("/v1/auth/invitations", json=body, headers=await bearer_of(client, "wutai-office"))
    assert refusal(response) == (403, "not_yours_to_invite")


async def test_an_invitation_comes_as_code_link_and_qr_text(client: httpx.AsyncClient, auth_app: FastAPI) -> None:
    settings = auth_app.state.resources.settings
    settings.invitation_link = "https://example.cn/invite?c={code}"
    try:
        invited = await invite(client)
    finally:
        settings.invitation_link = ""
    code = invited["invitation_code"]
    link = f"https://example.cn/invite?c={code}"
    assert (invited["link"], invited["qr_text"], invited["scene"]) == (link, link, f"i={code.replace('-', '')}")


async def test_without_a_link_the_qr_code_says_the_bare_code(client: httpx.AsyncClient) -> None:
    invited = await invite(client)
    assert (invited["link"], invited["qr_text"]) == (None, invited["invitation_code"])


async def test_sending_again_gives_a_new_code_and_the_old_one_dies(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    invited = await invite(client)
    path = f"/v1/auth/invitations/{invited['id']}/codes"
    again = await client.post(path, json={}, headers=await bearer_of(client, "wutai-clerk"))
    old = await by_wechat(
        client, appid, wechat.knows(fresh("c"), fresh("o")), invitation_code=invited["invitation_code"]
    )
    signed_in = await bind_by(client, wechat, appid, again.json()["invitation_code"])
    assert (refusal(old), again.json()["sent"], signed_in["person"]["id"]) == (
        (422, "invitation_invalid"),
        False,
        invited["person_id"],
    )


async def test_a_text_message_goes_to_the_phone_that_was_written_down(
    client: httpx.AsyncClient, auth_app: FastAPI, tmp_path: Path
) -> None:
    invited = await invite(client, phone="+86 138 1234 0001")
    path = f"/v1/auth/invitations/{invited['id']}/codes"
    resources = auth_app.state.resources
    before, sent = resources.text_messages, tmp_path / "sent.jsonl"
    object.__setattr__(resources, "text_messages", FileSender(sent))
    try:
        again = await client.post(path, json={"text_message": True}, headers=await bearer_of(client, "wutai-clerk"))
    finally:
        object.__setattr__(resources, "text_messages", before)
    message = json.loads(sent.read_text("utf-8"))
    assert (again.json()["sent"], message["phone"], message["parameters"]["code"]) == (
        True,
        "13812340001",
        again.json()["invitation_code"],
    )


async def test_a_phone_stands_nowhere_in_the_clear(client: httpx.AsyncClient, database: Database) -> None:
    await invite(client, phone="13812340002")
    async with database.reading() as session:
        rows = await session.execute(select(PersonRow.sealed_phone, PersonRow.phone_mark))
        assert b"13812340002" not in b"".join(part for row in rows for part in row if part)


async def test_a_revoked_code_is_refused_and_the_role_ends(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, database: Database
) -> None:
    invited = await invite(client)
    headers = await bearer_of(client, "wutai-clerk")
    path = f"/v1/auth/invitations/{invited['id']}"
    revoked = await client.delete(path, headers=headers)
    tried = await by_wechat(
        client, appid, wechat.knows(fresh("c"), fresh("o")), invitation_code=invited["invitation_code"]
    )
    again = await client.delete(path, headers=headers)
    async with database.reading() as session:
        ends_at = await session.scalar(
            select(RoleAssignmentRow.ends_at).where(RoleAssignmentRow.person_id == invited["person_id"])
        )
    assert (revoked.status_code, refusal(tried), refusal(again), ends_at is None) == (
        200,
        (422, "invitation_invalid"),
        (409, "invitation_revoked"),
        False,
    )


async def test_a_used_invitation_is_neither_revoked_nor_sent_again(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    invited = await invite(client)
    await bind_by(client, wechat, appid, invited["invitation_code"])
    headers = await bearer_of(client, "wutai-clerk")
    path = f"/v1/auth/invitations/{invited['id']}"
    answers = [await client.delete(path, headers=headers), await client.post(f"{path}/codes", json={}, headers=headers)]
    assert [refusal(answer) for answer in answers] == [(409, "invitation_used")] * 2


@pytest.mark.parametrize("username", ["daixian-clerk", "daixian-office"])
async def test_an_invitation_of_another_body_does_not_exist(client: httpx.AsyncClient, username: str) -> None:
    invited = await invite(client)
    headers = await bearer_of(client, username)
    path = f"/v1/auth/invitations/{invited['id']}"
    answers = [
        await client.delete(path, headers=headers),
        await client.post(f"{path}/codes", json={}, headers=headers),
        await client.post(f"/v1/auth/persons/{invited['person_id']}/invitations", headers=headers),
        await client.delete(f"/v1/auth/persons/{invited['person_id']}/wechat-identities", headers=headers),
    ]
    assert [refusal(answer) for answer in answers] == [(404, "not_found")] * 4


async def test_the_list_shows_ones_own_invitations_and_how_they_stand(
    client: httpx.AsyncClient, database: Database
) -> None:
    opened, expired = await invite(client, clerk="baode-clerk"), await invite(client, clerk="baode-clerk")
    async with database.transaction() as session:
        past = {"created_at": func.now() - timedelta(days=20), "expires_at": func.now() - timedelta(days=6)}
        await session.execute(update(InvitationRow).where(InvitationRow.id == expired["id"]).values(past))
    headers = await bearer_of(client, "baode-clerk")
    first = (await client.get("/v1/auth/invitations", params={"page_size": 1}, headers=headers)).json()
    query = {"page_size": 1, "page_token": first["next_page_token"]}
    second = (await client.get("/v1/auth/invitations", params=query, headers=headers)).json()
    shown = [(item["id"], item["state"]) for page in (first, second) for item in page["items"]]
    assert (shown, second["next_page_token"]) == ([(expired["id"], "expired"), (opened["id"], "open")], None)


async def test_a_sheet_is_done_row_by_row(client: httpx.AsyncClient, database: Database) -> None:
    unit = f"五台县{fresh('临时')[:12]}有限公司"
    content = sheet(
        (unit, "91140900MB1234567E", "示例甲", "13812340003", "单位经办人"),
        (unit, "", "示例乙", "", "单位负责人"),
        ("", "", "", "", ""),
        (unit, "", "", "12", "站长"),
        ("代县人力资源和社会保障局", "", "示例丁", "", "县级审核人"),
        (unit, "", "示例甲", "13812340003", "单位经办人"),
    )
    response = await send_sheet(client, "wutai-office", content)
    result = response.json()
    shown = [(row["row"], row["outcome"], [error["code"] for error in row["errors"]]) for row in result["rows"]]
    assert (response.status_code, shown) == (
        201,
        [
            (2, "invited", []),
            (3, "invited", []),
            (5, "refused", ["required", "invalid_value", "role_unknown"]),
            (6, "refused", ["not_yours_to_invite"]),
            (7, "already_there", []),
        ],
    )
    assert [row["unit_created"] for row in result["rows"]] == [True, False, False, False, False]
    made = [row for row in await everything(client, "wutai-office") if row["name"] == unit]
    assert [row["jurisdiction"] for row in made] == ["140922"]


async def test_the_same_sheet_twice_with_one_key_invites_once(client: httpx.AsyncClient) -> None:
    content, key = sheet(("", "", "示例戊", "", "推荐对象")), fresh("key")
    first, second = [await send_sheet(client, "wutai-clerk", content, **{"Idempotency-Key": key}) for _ in range(2)]
    assert (first.json()["invited"], second.json(), second.headers["idempotent-replayed"]) == (1, first.json(), "true")


async def test_sheets_that_name_the_same_new_unit_at_once_are_all_done_and_make_one(
    client: httpx.AsyncClient,
) -> None:
    headers, made = await bearer_of(client, "wutai-office"), []
    for _ in range(5):
        row = (f"五台县{fresh('同时')[:12]}有限公司", "", "示例辛", "", "单位经办人")
        files = {"file": ("名单.xlsx", sheet(row))}
        answers = await asyncio.gather(*(client.post(BATCHES, files=files, headers=headers) for _ in range(4)))
        made.append(sorted(answer.json()["rows"][0].get("unit_created") for answer in answers))
    assert made == [[False, False, False, True]] * 5


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not a zip", "sheet_unreadable"),
        (b"PK\x03\x04" + bytes(200), "sheet_unreadable"),
        (unpacking_to(40_000_000), "sheet_unreadable"),
        (sheet(("示例",), head=("姓名",)), "sheet_columns_missing"),
        (sheet(*[("", "", "示例", "", "推荐对象")] * 1001), "sheet_too_long"),
    ],
    ids=["no zip", "no xlsx", "bomb", "columns", "rows"],
)
async def test_a_sheet_that_cannot_be_read_is_told(client: httpx.AsyncClient, content: bytes, code: str) -> None:
    assert refusal(await send_sheet(client, "wutai-clerk", content)) == (422, code)


async def test_the_template_is_a_sheet_that_reads_as_empty(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{BATCHES}/template", headers=await bearer_of(client, "wutai-office"))
    rows = list(load_workbook(io.BytesIO(response.content)).worksheets[0].iter_rows(values_only=True))
    assert rows == [COLUMNS]


async def test_an_invited_official_chooses_a_password_on_the_web(client: httpx.AsyncClient) -> None:
    bureau = await body_id(client, "代县工业和信息化局")
    invited = await invite(client, clerk="city-office", role="county_reviewer", organisation_id=bureau)
    body = {"invitation_code": invited["invitation_code"], "username": fresh("user")[:30], "password": STRONG}
    redeemed = await client.post("/v1/auth/invitations/redemptions", json=body)
    credentials = {"username": body["username"], "password": STRONG}
    signed_in = await client.post("/v1/auth/sessions", json=credentials)
    again = await client.post("/v1/auth/invitations/redemptions", json=body)
    assert (redeemed.status_code, signed_in.json()["acting_as"]["role"], refusal(again)) == (
        201,
        "county_reviewer",
        (422, "invitation_invalid"),
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "short"}, (422, "password_refused")),
        ({"username": "WUTAI-CLERK"}, (409, "username_taken")),
        ({"invitation_code": "K7Q2M-9XHDR"}, (422, "invitation_invalid")),
    ],
)
async def test_a_redemption_that_is_refused_spends_nothing(
    client: httpx.AsyncClient, changes: dict[str, str], code: tuple[int, str]
) -> None:
    invited = await invite(client)
    body = {"invitation_code": invited["invitation_code"], "username": fresh("u")[:30], "password": STRONG}
    refused = await client.post("/v1/auth/invitations/redemptions", json=body | changes)
    redeemed = await client.post("/v1/auth/invitations/redemptions", json=body)
    assert (refusal(refused), redeemed.status_code) == (code, 201)


@pytest.mark.parametrize("changes", [{"password": "short"}, {"username": "WUTAI-CLERK"}])
async def test_a_right_code_costs_the_office_nothing_whatever_is_said_of_the_password(
    client: httpx.AsyncClient, auth_app: FastAPI, changes: dict[str, str]
) -> None:
    invited = await invite(client)
    body = {"invitation_code": invited["invitation_code"], "username": fresh("u")[:30], "password": STRONG} | changes
    transport = httpx.ASGITransport(app=RequestShell(auth_app), client=("198.51.100.70", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as office:
        refused = await office.post("/v1/auth/invitations/redemptions", json=body)
    assert refused.headers["ratelimit"].split(";t=")[0] == '"redeem_on_web_by_address";r=30'


async def test_one_invited_person_does_not_try_usernames_without_end(
    client: httpx.AsyncClient, auth_app: FastAPI
) -> None:
    invited = await invite(client)
    for _ in range(REDEEM_ON_WEB_BY_PERSON.burst):
        await auth_app.state.resources.limiter.take(REDEEM_ON_WEB_BY_PERSON.of(invited["person_id"]))
    body = {"invitation_code": invited["invitation_code"], "username": "WUTAI-CLERK", "password": "short"}
    refused = await client.post("/v1/auth/invitations/redemptions", json=body)
    assert refusal(refused) == (429, "too_many_requests")


async def test_a_new_phone_takes_the_old_ones_place(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    invited = await invite(client)
    old_openid = fresh("openid")
    old = await by_wechat(
        client, appid, wechat.knows(fresh("c"), old_openid), invitation_code=invited["invitation_code"]
    )
    path = f"/v1/auth/persons/{invited['person_id']}/invitations"
    again = await client.post(path, headers=await bearer_of(client, "wutai-clerk"))
    signed_in = await bind_by(client, wechat, appid, again.json()["invitation_code"])
    from_the_lost_phone = await by_wechat(client, appid, wechat.knows(fresh("c"), old_openid))
    refreshed = await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": old.json()["refresh_token"]})
    assert (signed_in["person"]["id"], refusal(from_the_lost_phone), refusal(refreshed)) == (
        invited["person_id"],
        (403, "wechat_not_bound"),
        (401, "refresh_token_invalid"),
    )


async def test_a_lost_phone_is_taken_off_by_the_unit(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    invited = await invite(client)
    openid = fresh("openid")
    await by_wechat(client, appid, wechat.knows(fresh("c"), openid), invitation_code=invited["invitation_code"])
    path = f"/v1/auth/persons/{invited['person_id']}/wechat-identities"
    taken_off = await client.delete(path, headers=await bearer_of(client, "wutai-clerk"))
    tried = await by_wechat(client, appid, wechat.knows(fresh("c"), openid))
    assert (taken_off.json(), refusal(tried)) == ({"unbound": 1}, (403, "wechat_not_bound"))


async def test_a_person_unbinds_their_own_wechat_once(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    signed_in = await bind_by(client, wechat, appid, (await invite(client))["invitation_code"])
    headers = bearer(signed_in["access_token"])
    path = f"/v1/auth/me/wechat-identities/{appid}"
    assert (await client.delete(path, headers=headers)).json() == {"unbound": 1}


async def test_signing_in_with_a_password_has_no_wechat_to_take_off(client: httpx.AsyncClient, appid: str) -> None:
    headers = bearer((await sign_in(client))["access_token"])
    assert refusal(await client.delete(f"/v1/auth/me/wechat-identities/{appid}", headers=headers)) == (404, "not_found")
