"""Sign-in from the mini-program, over HTTP to an upstream on a loopback port."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from services.auth.settings import AuthSettings
from services.auth.tables import InvitationRow, PersonRow, WechatIdentityRow
from services.auth.wechat.wechat_client import WechatClient
from services.common.db import Database
from services.common.problems import Problem
from tests.auth.scripted_wechat import SESSION_KEY, ScriptedWechat
from tests.auth.steps import by_wechat, fresh, invite, refusal


async def test_an_invited_nominee_binds_once_and_then_signs_in_without_a_code(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    invited, user = await invite(client), fresh("user")
    first = await by_wechat(
        client, appid, await wechat.login(appid, user), invitation_code=invited["invitation_code"].lower()
    )
    second = await by_wechat(client, appid, await wechat.login(appid, user))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["person"]["id"] == second.json()["person"]["id"] == invited["person_id"]
    assert second.json()["acting_as"]["role"] == "nominee"


async def test_an_unknown_openid_never_makes_an_account_by_itself(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, database: Database
) -> None:
    async with database.reading() as session:
        before = await session.scalar(select(func.count()).select_from(PersonRow))
        response = await by_wechat(client, appid, await wechat.login(appid, fresh("user")))
        assert refusal(response) == (403, "wechat_not_bound")
        assert await session.scalar(select(func.count()).select_from(PersonRow)) == before


async def test_wrong_expired_and_used_invitations_are_one_answer(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, database: Database
) -> None:
    used, expired = await invite(client), await invite(client)
    await by_wechat(client, appid, await wechat.login(appid, fresh("user")), invitation_code=used["invitation_code"])
    past = datetime.now(UTC) - timedelta(days=1)
    async with database.transaction() as session:
        of_the_expired = InvitationRow.person_id == expired["person_id"]
        await session.execute(
            update(InvitationRow).where(of_the_expired).values(created_at=past - timedelta(days=1), expires_at=past)
        )
    answers = []
    for code in ("00000-00000", "!!", used["invitation_code"], expired["invitation_code"]):
        response = await by_wechat(client, appid, await wechat.login(appid, fresh("user")), invitation_code=code)
        answers.append((response.status_code, response.json()))
    assert [answer == answers[0] for answer in answers] == [True] * 4
    assert (answers[0][0], answers[0][1]["code"]) == (422, "invitation_invalid")


async def test_the_invited_person_who_lost_the_answer_sends_the_code_again(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    invited, user = await invite(client), fresh("user")
    for _ in range(2):
        response = await by_wechat(
            client, appid, await wechat.login(appid, user), invitation_code=invited["invitation_code"]
        )
    assert response.status_code == 201


async def test_a_bound_openid_is_not_bound_to_a_second_person(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    user, invitations = fresh("user"), [await invite(client), await invite(client)]
    for invited in invitations:
        response = await by_wechat(
            client, appid, await wechat.login(appid, user), invitation_code=invited["invitation_code"]
        )
    assert refusal(response) == (409, "wechat_bound_to_another")


async def test_ten_phones_with_one_invitation_bind_one(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, database: Database
) -> None:
    invited = await invite(client)
    codes = [await wechat.login(appid, fresh("user")) for _ in range(10)]
    responses = await asyncio.gather(
        *(by_wechat(client, appid, code, invitation_code=invited["invitation_code"]) for code in codes)
    )
    assert sorted(response.status_code for response in responses) == [201] + [422] * 9
    async with database.reading() as session:
        bound = WechatIdentityRow.person_id == invited["person_id"]
        assert await session.scalar(select(func.count()).select_from(WechatIdentityRow).where(bound)) == 1


async def test_the_unionid_is_kept_where_wechat_gives_one(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, database: Database
) -> None:
    invited, unionid = await invite(client), fresh("unionid")
    code = wechat.knows(fresh("code"), fresh("openid"), unionid=unionid)
    await by_wechat(client, appid, code, invitation_code=invited["invitation_code"])
    async with database.reading() as session:
        bound = WechatIdentityRow.person_id == invited["person_id"]
        assert await session.scalar(select(WechatIdentityRow.unionid).where(bound)) == unionid


@pytest.mark.parametrize(
    ("upstream", "expected"),
    [
        ({"errcode": 40029, "errmsg": "invalid code"}, (422, "wechat_code_invalid")),
        ({"errcode": 40163, "errmsg": "code been used"}, (422, "wechat_code_invalid")),
        ({"errcode": -1, "errmsg": "system error"}, (503, "wechat_unavailable")),
        ({"errcode": 45011, "errmsg": "api minute-quota reach limit"}, (429, "wechat_too_many_requests")),
        ({"errcode": 40226, "errmsg": "code blocked"}, (403, "wechat_user_blocked")),
        ({"errcode": 40125, "errmsg": "invalid appsecret"}, (503, "wechat_unavailable")),
        ({"errcode": [40029]}, (503, "wechat_unavailable")),
        ({"session_key": SESSION_KEY}, (503, "wechat_unavailable")),
        (["not", "an", "object"], (503, "wechat_unavailable")),
    ],
)
async def test_each_upstream_error_has_its_own_answer(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, upstream: Any, expected: tuple[int, str]
) -> None:
    response = await by_wechat(client, appid, wechat.answers_with(fresh("code"), upstream))
    assert refusal(response) == expected


@pytest.mark.parametrize("upstream", [{"errcode": -1}, {"errcode": 45011}])
async def test_a_passing_upstream_error_says_when_to_come_back(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, upstream: Any
) -> None:
    response = await by_wechat(client, appid, wechat.answers_with(fresh("code"), upstream))
    assert int(response.headers["retry-after"]) > 0


async def test_a_login_code_works_once(client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str) -> None:
    code = await wechat.login(appid, fresh("user"))
    answers = [refusal(await by_wechat(client, appid, code)) for _ in range(2)]
    assert answers == [(403, "wechat_not_bound"), (422, "wechat_code_invalid")]


async def test_a_made_up_login_code_asks_to_open_the_sign_in_again(client: httpx.AsyncClient, appid: str) -> None:
    response = await by_wechat(client, appid, fresh("code"))
    assert (refusal(response), response.json()["detail"]) == (
        (422, "wechat_code_invalid"),
        "登录凭证已失效，请重新打开登录",
    )


async def test_a_login_code_is_sent_upstream_once_whatever_comes_back(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    code = wechat.answers_with(fresh("code"), {"errcode": -1})
    await by_wechat(client, appid, code)
    assert wechat.asked.count(code) == 1


async def test_an_appid_that_is_not_ours_is_refused_without_asking_wechat(
    client: httpx.AsyncClient, wechat: ScriptedWechat
) -> None:
    asked = len(wechat.asked)
    assert refusal(await by_wechat(client, "wxffffffffffffffff", fresh("code"))) == (422, "appid_unknown")
    assert len(wechat.asked) == asked


async def test_wechat_out_of_reach_is_unavailable(settings: AuthSettings, appid: str) -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:1") as http:
        with pytest.raises(Problem) as refused:
            await WechatClient(http, settings.wechat_apps).user_of(appid=appid, code="code")
    assert (refused.value.status, refused.value.code) == (503, "wechat_unavailable")


async def test_the_session_key_is_in_no_answer_and_no_log(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, auth_app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    invited = await invite(client)
    answers = [
        await by_wechat(client, appid, wechat.knows(fresh("code"), fresh("openid")), **more)
        for more in ({}, {"invitation_code": invited["invitation_code"]})
    ]
    broken = wechat.answers_with(fresh("code"), {"errcode": 1, "session_key": SESSION_KEY})
    answers.append(await by_wechat(client, appid, broken))
    assert [answer.status_code for answer in answers] == [403, 201, 503]
    assert SESSION_KEY not in caplog.text + "".join(answer.text for answer in answers)
