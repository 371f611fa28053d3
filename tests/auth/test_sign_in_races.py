"""Who signs in at the very moment when they may no more: whichever of the two comes first, no session is left over."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import text, update

from services.auth.domain.roles import Place, Role
from services.auth.organisations.ending_roles import end_roles_of_campaign
from services.auth.queries import person_for_update
from services.auth.sessions.changing_password import reset_password
from services.auth.sessions.origin import Origin
from services.auth.sessions.suspending import suspend
from services.auth.tables import RoleAssignmentRow
from services.auth.wechat.binding_wechat import unbind_all
from services.common.callers.tokens import Caller
from services.common.db import Database
from tests.auth.people import CITY, UNIT, new_person
from tests.auth.scripted_wechat import ScriptedWechat
from tests.auth.steps import PASSWORD, bearer, bearer_of, by_wechat, fresh, invite, refusal, sign_in

NEW = "Keel-Marrow-41-tundra"
HERE = Origin("127.0.0.1", "test")
LONG_ENOUGH_TO_WAIT = 1.0
"""Seconds in which a sign-in comes as far as it can while somebody else's transaction is open."""


async def caller_of(client: httpx.AsyncClient, app: FastAPI, username: str) -> Caller:
    token = (await bearer_of(client, username))["Authorization"].removeprefix("Bearer ")
    caller: Caller = await app.state.tokens.verify(token)
    return caller


async def meanwhile(attempt: Awaitable[httpx.Response]) -> "asyncio.Task[httpx.Response]":
    trying = asyncio.ensure_future(attempt)
    await asyncio.wait([trying], timeout=LONG_ENOUGH_TO_WAIT)
    return trying


async def test_nobody_signs_in_while_they_are_being_suspended(
    client: httpx.AsyncClient, auth_app: FastAPI, database: Database
) -> None:
    person_id, username = await new_person(database)
    await sign_in(client, username)  # from then on the address is known
    admin = await caller_of(client, auth_app, "admin")
    body = {"username": username, "password": PASSWORD}
    async with database.transaction() as session:
        await suspend(session, admin, person_id, reason="示例", origin=HERE)
        trying = await meanwhile(client.post("/v1/auth/sessions", json=body))
    assert refusal(await trying) == (403, "person_suspended")


async def test_no_wechat_signs_in_while_it_is_being_taken_off(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, database: Database
) -> None:
    invited, openid = await invite(client), fresh("openid")
    await by_wechat(client, appid, wechat.knows(fresh("c"), openid), invitation_code=invited["invitation_code"])
    async with database.transaction() as session:
        await unbind_all(session, UUID(invited["person_id"]), origin=HERE)
        trying = await meanwhile(by_wechat(client, appid, wechat.knows(fresh("c"), openid)))
    assert refusal(await trying) == (403, "wechat_not_bound")


async def test_no_second_mini_program_is_bound_while_a_phone_is_being_taken_off(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str, other_appid: str, database: Database
) -> None:
    invited, unionid = await invite(client), fresh("union")
    login = wechat.knows(fresh("c"), fresh("openid"), unionid=unionid)
    await by_wechat(client, appid, login, invitation_code=invited["invitation_code"])
    async with database.transaction() as session:
        await unbind_all(session, UUID(invited["person_id"]), origin=HERE)
        login = wechat.knows(fresh("c"), fresh("openid"), unionid=unionid)
        trying = await meanwhile(by_wechat(client, other_appid, login))
    assert refusal(await trying) == (403, "wechat_not_bound")


async def test_nobody_signs_in_with_a_password_that_was_reset_meanwhile(
    client: httpx.AsyncClient, auth_app: FastAPI, database: Database
) -> None:
    person_id, username = await new_person(database)
    admin = await caller_of(client, auth_app, "admin")
    body = {"username": username, "password": PASSWORD}
    async with database.transaction() as session:
        await person_for_update(session, person_id)  # the password was right; the rest waits for this
        trying = await meanwhile(client.post("/v1/auth/sessions", json=body))
        await reset_password(auth_app.state.resources, admin, person_id, origin=HERE)
    assert refusal(await trying) == (401, "credentials_wrong")


async def person_of_campaign(database: Database, *roles: tuple[Role, Place]) -> tuple[str, str]:
    """The campaign with whose work their roles end, but for the first; and their username."""
    person_id, username = await new_person(database, *roles)
    campaign = fresh("campaign")
    async with database.transaction() as session:
        for_it = (RoleAssignmentRow.person_id == person_id, RoleAssignmentRow.role != Role.UNIT_CLERK)
        await session.execute(update(RoleAssignmentRow).where(*for_it).values(campaign_key=campaign))
    return campaign, username


async def test_nobody_signs_in_under_a_role_that_is_ending(client: httpx.AsyncClient, database: Database) -> None:
    campaign, username = await person_of_campaign(database, (Role.UNIT_HEAD, UNIT))
    await sign_in(client, username)  # from then on the address is known
    async with database.transaction() as session:
        await end_roles_of_campaign(session, campaign)
        trying = await meanwhile(client.post("/v1/auth/sessions", json={"username": username, "password": PASSWORD}))
    assert refusal(await trying) == (403, "no_role")


async def test_nobody_chooses_a_role_that_is_ending(client: httpx.AsyncClient, database: Database) -> None:
    campaign, username = await person_of_campaign(database, (Role.UNIT_CLERK, UNIT), (Role.UNIT_HEAD, UNIT))
    signed_in = await sign_in(client, username)
    body = {"role_assignment_id": signed_in["other_assignments"][0]["role_assignment_id"]}
    own = bearer(signed_in["access_token"])
    async with database.transaction() as session:
        await end_roles_of_campaign(session, campaign)
        trying = await meanwhile(client.post("/v1/auth/sessions/acting", json=body, headers=own))
    assert refusal(await trying) == (422, "role_assignment_unknown")


@asynccontextmanager
async def held_up_in_writing(database: Database, person_id: UUID) -> AsyncIterator[None]:
    """Whoever proves a password goes no further than the first thing that is written for it."""
    async with database.transaction() as session:
        held = "SELECT FROM auth.known_addresses WHERE person_id = :person_id FOR UPDATE"
        await session.execute(text(held), {"person_id": person_id})
        yield


def change(client: httpx.AsyncClient, own: dict[str, str], new: str) -> Awaitable[httpx.Response]:
    body = {"current_password": PASSWORD, "new_password": new}
    return client.put("/v1/auth/me/password", json=body, headers=own)


async def test_a_reset_stands_against_a_change_of_the_password_that_was_under_way(
    client: httpx.AsyncClient, auth_app: FastAPI, database: Database
) -> None:
    person_id, username = await new_person(database)
    admin, own = await caller_of(client, auth_app, "admin"), await bearer_of(client, username)
    async with held_up_in_writing(database, person_id):
        trying = await meanwhile(change(client, own, NEW))
        given = await reset_password(auth_app.state.resources, admin, person_id, origin=HERE)
    refused = await trying
    signed_in = await client.post("/v1/auth/sessions", json={"username": username, "password": given})
    assert (refusal(refused), signed_in.json().get("required_steps")) == ((401, "token_invalid"), ["change_password"])


async def test_nobody_changes_a_password_from_a_device_that_was_signed_out_meanwhile(
    client: httpx.AsyncClient, database: Database
) -> None:
    person_id, username = await new_person(database)
    own = await bearer_of(client, username)
    async with held_up_in_writing(database, person_id):
        trying = await meanwhile(change(client, own, NEW))
        await client.delete("/v1/auth/sessions/current", headers=own)
    refused = await trying
    unchanged = await client.post("/v1/auth/sessions", json={"username": username, "password": PASSWORD})
    assert (refusal(refused), unchanged.status_code) == ((401, "token_invalid"), 201)


async def test_of_two_changes_of_a_password_at_once_the_second_names_one_that_is_old(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, username = await new_person(database)
    own = await bearer_of(client, username)
    answers = await asyncio.gather(change(client, own, NEW), change(client, own, f"{NEW}-too"))
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_nobody_makes_a_credential_while_they_are_being_suspended_r100(
    client: httpx.AsyncClient, auth_app: FastAPI, database: Database
) -> None:
    person_id, username = await new_person(database, (Role.CITY_OFFICER, CITY))
    admin, own = await caller_of(client, auth_app, "admin"), await bearer_of(client, username)
    body = {"name": "示例数据平台", "scopes": ["nominations:read"], "valid_days": 30}
    async with database.transaction() as session:
        await suspend(session, admin, person_id, reason="示例", origin=HERE)
        trying = await meanwhile(client.post("/v1/auth/service-credentials", json=body, headers=own))
    assert refusal(await trying) == (401, "token_invalid")
