"""Nobody takes over an account that they could not have invited: not by a new code, a new phone, or a stranger admitted as it."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from services.auth.domain.roles import Role
from services.auth.keys.sealing import Vault
from services.auth.organisations.appointing import appoint
from services.auth.settings import AuthSettings
from services.auth.tables import InvitationRow, PersonRow
from services.common.db import Database
from tests.auth.scripted_wechat import ScriptedWechat
from tests.auth.steps import bearer_of, by_wechat, fresh, invite, refusal, sign_in
from tests.auth.test_admissions import ask, decide
from tests.auth.test_inviting import body_id

CITY_CODE = "140900"
UNIT = "五台县示例铸造有限公司"
NOT_THERE = (404, "not_found")


async def refused_everywhere(
    client: httpx.AsyncClient, username: str, *, invitation: str, person: str
) -> list[tuple[int, str]]:
    headers = await bearer_of(client, username)
    path = f"/v1/auth/invitations/{invitation}"
    answers = [
        await client.post(f"{path}/codes", json={}, headers=headers),
        await client.delete(path, headers=headers),
        await client.post(f"/v1/auth/persons/{person}/invitations", headers=headers),
        await client.delete(f"/v1/auth/persons/{person}/wechat-identities", headers=headers),
    ]
    return [refusal(answer) for answer in answers]


async def listed(client: httpx.AsyncClient, username: str) -> set[str]:
    answer = await client.get(
        "/v1/auth/invitations", params={"page_size": 100}, headers=await bearer_of(client, username)
    )
    return {item["id"] for item in answer.json()["items"]}


async def test_a_clerk_gets_no_code_of_the_head_of_their_unit(client: httpx.AsyncClient) -> None:
    unit = await body_id(client, UNIT)
    head = await invite(client, clerk="wutai-office", role="unit_head", organisation_id=unit)
    told = await refused_everywhere(client, "wutai-clerk", invitation=head["id"], person=head["person_id"])
    assert (told, head["id"] in await listed(client, "wutai-clerk")) == ([NOT_THERE] * 4, False)
    assert head["id"] in await listed(client, "wutai-office")


@pytest.mark.parametrize("username", ["wutai-office", "city-office"])
async def test_an_office_gets_no_code_of_a_units_nominee(client: httpx.AsyncClient, username: str) -> None:
    nominee = await invite(client)
    told = await refused_everywhere(client, username, invitation=nominee["id"], person=nominee["person_id"])
    assert (told, nominee["id"] in await listed(client, username)) == ([NOT_THERE] * 4, False)


async def test_the_citys_officer_gets_no_code_of_an_administrator(
    client: httpx.AsyncClient, database: Database, settings: AuthSettings
) -> None:
    vault, name = Vault(settings.key_encryption_key), fresh("示例")[:20]
    await appoint(
        database,
        vault,
        lifetime=timedelta(days=1),
        role=Role.AUDIT_ADMIN,
        full_name=name,
        phone=None,
        jurisdiction=CITY_CODE,
    )
    query = select(InvitationRow.id, PersonRow.id).join(PersonRow, PersonRow.id == InvitationRow.person_id)
    async with database.reading() as session:
        invitation, person = (await session.execute(query.where(PersonRow.full_name == name))).one()
    told = await refused_everywhere(client, "city-office", invitation=str(invitation), person=str(person))
    assert (told, str(invitation) in await listed(client, "city-office")) == ([NOT_THERE] * 4, False)


async def test_a_clerk_admits_no_stranger_as_the_head_of_their_unit(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    head, openid = (await sign_in(client, "wutai-head"))["person"]["id"], fresh("openid")
    asked = (await ask(client, wechat, appid, openid)).json()["id"]
    assert refusal(await decide(client, "wutai-clerk", asked, admit=True, person_id=head)) == NOT_THERE
    after = await by_wechat(client, appid, wechat.knows(fresh("code"), openid))
    assert refusal(after) == (403, "wechat_not_bound")


async def test_a_unit_reads_the_consents_of_its_nominees_only(client: httpx.AsyncClient) -> None:
    head = (await sign_in(client, "wutai-head"))["person"]["id"]
    answer = await client.get(f"/v1/auth/persons/{head}/consents", headers=await bearer_of(client, "wutai-clerk"))
    assert refusal(answer) == NOT_THERE
