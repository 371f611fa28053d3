"""Codes by text message: what they open, to whom they go, and how few guesses they allow."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import func, select, update

from services.auth.app import create_auth_app
from services.auth.domain.roles import Role
from services.auth.messages.phones import phone_columns
from services.auth.sessions.text_code_tables import TextCodeRow
from services.auth.settings import AuthSettings
from services.auth.tables import PersonRow, RoleAssignmentRow
from services.common.db import Database
from tests.auth.people import ELSEWHERE, IIT, new_person
from tests.auth.steps import PASSWORD, bearer, bearer_of, invite, refusal, sign_in

Texts = Callable[[str], list[str]]


@pytest.fixture
def texts(settings: AuthSettings) -> Texts:
    """The codes that were sent to a number, the oldest first."""
    file = settings.sms_file
    assert file is not None

    def sent_to(phone: str) -> list[str]:
        lines = Path(file).read_text("utf-8").splitlines() if Path(file).exists() else []
        sent = [json.loads(line) for line in lines]
        return [each["parameters"]["code"] for each in sent if each["phone"] == phone]

    return sent_to


def new_number() -> str:
    return f"139{secrets.randbelow(10**8):08}"


@asynccontextmanager
async def at(app: FastAPI, address: str = "") -> AsyncIterator[httpx.AsyncClient]:
    address = address or f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.{secrets.randbelow(250)}"
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
        yield client


async def ask(client: httpx.AsyncClient, phone: str) -> dict[str, Any]:
    response = await client.post("/v1/auth/sms-codes", json={"phone": phone})
    assert response.status_code == 201, response.text
    return response.json()


async def received(texts: Texts, phone: str, number: int = 1) -> str:
    for _ in range(100):
        if len(texts(phone)) >= number:
            return texts(phone)[number - 1]
        await asyncio.sleep(0.05)
    raise AssertionError("no text message came")


async def by_code(client: httpx.AsyncClient, phone: str, ticket: str, code: str, **more: str) -> httpx.Response:
    body = {"phone": phone, "ticket": ticket, "code": code, **more}
    return await client.post("/v1/auth/sms-sessions", json=body)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


async def with_phone(
    database: Database, app: FastAPI, role: Any = (Role.UNIT_CLERK, ELSEWHERE)
) -> tuple[UUID, str, str]:
    """A new person with a password: id, username, phone."""
    person_id, username = await new_person(database, role)
    phone = new_number()
    columns = phone_columns(app.state.resources.vault, phone)
    async with database.transaction() as session:
        await session.execute(update(PersonRow).where(PersonRow.id == person_id).values(**columns))
    return person_id, username, phone


async def test_an_invited_person_signs_in_by_the_code_and_each_code_works_once(
    client: httpx.AsyncClient, auth_app: FastAPI, texts: Texts
) -> None:
    phone = new_number()
    invited = await invite(client, phone=phone)
    async with at(auth_app) as somewhere:
        ticket = (await ask(somewhere, phone))["ticket"]
        code = await received(texts, phone)
        answers = [await by_code(somewhere, f"+86 {phone}", ticket, code) for _ in range(2)]
    assert (answers[0].status_code, answers[0].json()["person"]["id"]) == (201, invited["person_id"])
    assert refusal(answers[1]) == (422, "sms_code_wrong")


async def test_whoever_signed_in_by_a_text_code_keeps_the_role_when_the_invitation_is_revoked(
    client: httpx.AsyncClient, auth_app: FastAPI, texts: Texts, database: Database
) -> None:
    phone = new_number()
    invited = await invite(client, phone=phone)
    async with at(auth_app) as somewhere:
        ticket = (await ask(somewhere, phone))["ticket"]
        signed_in = await by_code(somewhere, phone, ticket, await received(texts, phone))
    path = f"/v1/auth/invitations/{invited['id']}"
    revoked = await client.delete(path, headers=await bearer_of(client, "wutai-clerk"))
    held = select(RoleAssignmentRow.ends_at).where(RoleAssignmentRow.person_id == invited["person_id"])
    async with database.reading() as session:
        ends_at = await session.scalar(held)
    assert (signed_in.status_code, revoked.status_code, ends_at) == (201, 200, None)


async def test_of_ten_uses_of_one_code_at_once_one_signs_in(
    database: Database, auth_app: FastAPI, texts: Texts
) -> None:
    _, _, phone = await with_phone(database, auth_app)
    async with at(auth_app) as client:
        ticket, code = (await ask(client, phone))["ticket"], await received(texts, phone)
        answers = await asyncio.gather(*(by_code(client, phone, ticket, code) for _ in range(10)))
    assert [answer.status_code for answer in answers].count(201) == 1


async def test_a_number_that_nobody_has_gets_the_same_answer_no_message_and_no_account(
    database: Database, auth_app: FastAPI, texts: Texts
) -> None:
    _, _, known = await with_phone(database, auth_app)
    unknown = new_number()
    async with database.reading() as session:
        before = await session.scalar(select(func.count()).select_from(PersonRow))
    async with at(auth_app) as client:
        answers = [await client.post("/v1/auth/sms-codes", json={"phone": phone}) for phone in (unknown, known)]
        await received(texts, known)
        wrong = await by_code(client, unknown, answers[0].json()["ticket"], "000000")
    async with database.reading() as session:
        after = await session.scalar(select(func.count()).select_from(PersonRow))
    assert [(each.status_code, sorted(each.json())) for each in answers] == [(201, ["expires_at", "ticket"])] * 2
    assert [len(each.content) for each in answers] == [len(answers[0].content)] * 2
    assert (texts(unknown), refusal(wrong), after) == ([], (422, "sms_code_wrong"), before)


async def test_the_time_of_the_answer_does_not_tell_whether_somebody_has_the_number(
    database: Database, auth_app: FastAPI
) -> None:
    _, _, known = await with_phone(database, auth_app)
    unknown = new_number()
    fastest = dict.fromkeys((known, unknown), 60.0)
    for _ in range(8):
        for phone in (known, unknown):
            async with at(auth_app) as client:
                started = time.perf_counter()
                await ask(client, phone)
                fastest[phone] = min(fastest[phone], time.perf_counter() - started)
    assert 1 / 3 < fastest[known] / fastest[unknown] < 3


async def test_after_five_tries_the_code_is_dead_and_a_stranger_cannot_use_them_up(
    database: Database, auth_app: FastAPI, texts: Texts
) -> None:
    _, _, phone = await with_phone(database, auth_app)
    async with at(auth_app) as owner, at(auth_app) as stranger:
        mine = (await ask(owner, phone))["ticket"]
        code = await received(texts, phone)
        theirs = (await ask(stranger, phone))["ticket"]
        guessed = [refusal(await by_code(stranger, phone, theirs, other_than(code))) for _ in range(6)]
        assert guessed == [(422, "sms_code_wrong")] * 6
        own = [await by_code(owner, phone, mine, other_than(code)) for _ in range(4)]
        assert (own[0].json()["errors"][0]["pointer"], (await by_code(owner, phone, mine, code)).status_code) == (
            "/code",
            201,
        )
        second = await received(texts, phone, 2)
        assert refusal(await by_code(stranger, phone, theirs, second)) == (422, "sms_code_wrong")


async def test_a_code_is_for_its_own_number_its_own_ticket_and_five_minutes(
    database: Database, auth_app: FastAPI, texts: Texts
) -> None:
    _, _, phone = await with_phone(database, auth_app)
    _, _, other = await with_phone(database, auth_app)
    async with at(auth_app) as client:
        ticket, code = (await ask(client, phone))["ticket"], await received(texts, phone)
        others = (await ask(client, other))["ticket"]
        crossed = [await by_code(client, other, ticket, code), await by_code(client, phone, others, code)]
        async with database.transaction() as session:
            await session.execute(update(TextCodeRow).values(expires_at=TextCodeRow.expires_at - timedelta(minutes=5)))
        late = await by_code(client, phone, ticket, code)
    assert [refusal(answer) for answer in (*crossed, late)] == [(422, "sms_code_wrong")] * 3


async def test_neither_code_nor_number_nor_ticket_stands_in_the_database(
    database: Database, auth_app: FastAPI, texts: Texts
) -> None:
    _, _, phone = await with_phone(database, auth_app)
    async with at(auth_app) as client:
        ticket, code = (await ask(client, phone))["ticket"], await received(texts, phone)
    async with database.reading() as session:
        rows = (await session.scalars(select(TextCodeRow))).all()
    kept = b"".join(row.ticket_hash + row.phone_mark + row.code_hash for row in rows)
    assert [secret.encode() in kept for secret in (phone, code, ticket)] == [False] * 3


async def test_two_people_on_one_phone_say_their_names(
    client: httpx.AsyncClient, auth_app: FastAPI, texts: Texts
) -> None:
    phone = new_number()
    names = ("示例推荐对象一", "示例推荐对象二")
    people = [await invite(client, name=name, phone=phone) for name in names]
    async with at(auth_app) as somewhere:
        ticket, code = (await ask(somewhere, phone))["ticket"], await received(texts, phone)
        bare = await by_code(somewhere, phone, ticket, code)
        nobody = await by_code(somewhere, phone, ticket, code, full_name="示例推荐对象三")
        named = await by_code(somewhere, phone, ticket, code, full_name=names[1])
    assert [refusal(each) for each in (bare, nobody)] == [(409, "phone_of_several"), (422, "sms_code_wrong")]
    assert named.json()["person"]["id"] == people[1]["person_id"]


async def test_who_has_one_time_codes_sends_one_besides_with_the_same_text_code(
    database: Database, auth_app: FastAPI, texts: Texts
) -> None:
    _, username, phone = await with_phone(database, auth_app)
    async with at(auth_app) as client:
        headers = bearer((await sign_in(client, username))["access_token"])
        secret = (await client.post("/v1/auth/me/second-factor", headers=headers)).json()["secret"]
        confirmation = {"one_time_code": pyotp.TOTP(secret).at(int(time.time()) - 30)}
        await client.post("/v1/auth/me/second-factor/confirmations", json=confirmation, headers=headers)
        ticket, code = (await ask(client, phone))["ticket"], await received(texts, phone)
        bare = await by_code(client, phone, ticket, code)
        both = await by_code(client, phone, ticket, code, one_time_code=pyotp.TOTP(secret).now())
    assert (refusal(bare), both.status_code) == ((401, "second_factor_required"), 201)


async def test_another_code_is_a_minute_away_for_the_same_place_and_ten_for_a_number(
    database: Database, auth_app: FastAPI
) -> None:
    phone = new_number()
    async with at(auth_app) as client:
        await ask(client, phone)
        again = await client.post("/v1/auth/sms-codes", json={"phone": phone})
    for _ in range(9):
        async with at(auth_app) as client:
            await ask(client, phone)
    async with at(auth_app) as client:
        eleventh = await client.post("/v1/auth/sms-codes", json={"phone": phone})
    assert (refusal(again), again.headers["ratelimit-policy"]) == ((429, "too_many_requests"), '"sms_again";q=1;w=60')
    assert (refusal(eleventh), eleventh.headers["ratelimit-policy"]) == (
        (429, "too_many_requests"),
        '"sms_by_phone";q=10;w=6000',
    )


@pytest.mark.parametrize("allowed", [True, False])
async def test_password_and_text_code_are_two_factors_where_the_operator_says_so(
    settings: AuthSettings, database: Database, auth_app: FastAPI, texts: Texts, allowed: bool
) -> None:
    _, username, phone = await with_phone(database, auth_app, (Role.COUNTY_REVIEWER, IIT))
    changes = {"second_factor_roles": [Role.COUNTY_REVIEWER], "sms_as_second_factor": allowed}
    strict = create_auth_app(settings.model_copy(update=changes))
    async with strict.router.lifespan_context(strict), at(strict) as client:
        ticket, code = (await ask(client, phone))["ticket"], await received(texts, phone)
        body = {"username": username, "password": PASSWORD}
        alone = await client.post("/v1/auth/sessions", json=body)
        proof = {"phone": phone, "ticket": ticket, "code": code}
        both = await client.post("/v1/auth/sessions", json={**body, "sms": proof})
        assert alone.json()["required_steps"] == ["enrol_second_factor"]
        if not allowed:
            assert (both.json()["code"], both.json()["errors"][0]["pointer"]) == ("sms_code_wrong", "/sms/code")
            return
        refreshed = await client.post(
            "/v1/auth/sessions/refreshes", json={"refresh_token": both.json()["refresh_token"]}
        )
    assert [both.json()["required_steps"], refreshed.json()["required_steps"]] == [[], []]


async def test_a_code_to_somebody_elses_number_is_no_second_factor(
    settings: AuthSettings, database: Database, auth_app: FastAPI, texts: Texts
) -> None:
    _, username, _ = await with_phone(database, auth_app)
    _, _, other = await with_phone(database, auth_app)
    allowing = create_auth_app(settings.model_copy(update={"sms_as_second_factor": True}))
    async with allowing.router.lifespan_context(allowing), at(allowing) as client:
        ticket, code = (await ask(client, other))["ticket"], await received(texts, other)
        proof = {"phone": other, "ticket": ticket, "code": code}
        body = {"username": username, "password": PASSWORD, "sms": proof}
        assert refusal(await client.post("/v1/auth/sessions", json=body)) == (422, "sms_code_wrong")


async def test_without_a_sender_and_for_a_number_abroad_there_are_no_codes(
    settings: AuthSettings, database: Database
) -> None:
    mute = create_auth_app(settings.model_copy(update={"sms_file": None}))
    async with mute.router.lifespan_context(mute), at(mute) as client:
        answers = [
            await client.post("/v1/auth/sms-codes", json={"phone": phone}) for phone in (new_number(), "+1 2025550100")
        ]
    assert [refusal(answer) for answer in answers] == [(503, "text_messages_off"), (422, "phone_not_usable")]


async def test_the_gateway_that_fails_after_the_answer_is_nobodys_error(
    settings: AuthSettings, database: Database, auth_app: FastAPI
) -> None:
    _, _, phone = await with_phone(database, auth_app)
    away = {"sms_gateway_url": "http://127.0.0.1:9", "sms_gateway_secret": SecretStr("示例网关口令示例网关口令")}
    app = create_auth_app(settings.model_copy(update=away))
    async with app.router.lifespan_context(app), at(app) as client:
        assert sorted(await ask(client, phone)) == ["expires_at", "ticket"]
