"""Signing keys change without anybody noticing; a key taken back verifies nothing after five seconds."""

import argparse
import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from jose import jwt
from sqlalchemy import delete, select
from sqlalchemy.orm import make_transient

from services.auth.app import create_auth_app
from services.auth.keys.rotating_keys import LEAD, rotate_keys
from services.auth.keys.sealing import Vault
from services.auth.settings import AuthSettings
from services.auth.tables import SigningKeyRow
from services.commands.auth import _verify, add_to
from services.common.db import Database
from tests.auth.steps import sign_in
from tests.auth.test_devices import another_service, seconds_until_refused


@pytest.fixture
async def replica(settings: AuthSettings, auth_app: FastAPI, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A second auth process; afterwards the keys are as they were."""
    async with database.reading() as session:
        before = list(await session.scalars(select(SigningKeyRow)))
    app = create_auth_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
            client.app = app
            yield client
    async with database.transaction() as session:
        await session.execute(delete(SigningKeyRow))
        for row in before:
            make_transient(row)
            session.add(row)


def kid_of(token: str) -> str:
    return jwt.get_unverified_header(token)["kid"]


def read_keys_again(client: httpx.AsyncClient) -> None:
    client.app.state.resources.access_tokens.ring._read_at = float("-inf")


async def published(client: httpx.AsyncClient) -> list[str]:
    return [key["kid"] for key in (await client.get("/v1/auth/jwks.json")).json()["keys"]]


async def test_the_next_key_is_published_before_it_signs(
    replica: httpx.AsyncClient, database: Database, settings: AuthSettings
) -> None:
    old = (await sign_in(replica))["access_token"]
    rotation = await rotate_keys(
        database, Vault(settings.key_encryption_key), token_lifetime=settings.access_token_lifetime
    )
    read_keys_again(replica)
    assert await published(replica) == [kid_of(old), rotation.kid]
    assert kid_of((await sign_in(replica))["access_token"]) == kid_of(old)
    assert rotation.old_kept_until - rotation.signs_from > settings.access_token_lifetime


async def test_two_rotations_at_once_are_one(
    replica: httpx.AsyncClient, database: Database, settings: AuthSettings
) -> None:
    vault, lifetime = Vault(settings.key_encryption_key), settings.access_token_lifetime
    rotations = await asyncio.gather(*(rotate_keys(database, vault, token_lifetime=lifetime) for _ in range(4)))
    assert len({rotation.kid for rotation in rotations}) == 1
    assert sorted(rotation.begun_before for rotation in rotations) == [False, True, True, True]
    assert timedelta(minutes=10) == LEAD


async def test_while_keys_change_every_token_works_at_a_service_that_never_restarts(
    replica: httpx.AsyncClient, database: Database, settings: AuthSettings
) -> None:
    verifier = another_service(replica)
    old = (await sign_in(replica))["access_token"]
    await verifier.verify(old)
    lead = timedelta(seconds=4)  # longer than a service takes to hear of a new key
    rotation = await rotate_keys(
        database, Vault(settings.key_encryption_key), token_lifetime=settings.access_token_lifetime, lead=lead
    )
    kids = []
    for _ in range(20):
        read_keys_again(replica)
        token = (await sign_in(replica))["access_token"]
        kids.append(kid_of(token))
        await verifier.verify(token)
        await verifier.verify(old)
        await asyncio.sleep(0.25)
    assert (kids[0], kids[-1]) == (kid_of(old), rotation.kid)


async def test_a_key_taken_back_at_once_verifies_nothing_within_five_seconds(
    replica: httpx.AsyncClient, database: Database, settings: AuthSettings
) -> None:
    verifier = another_service(replica)
    stolen = (await sign_in(replica))["access_token"]
    await verifier.verify(stolen)
    vault, lifetime = Vault(settings.key_encryption_key), settings.access_token_lifetime
    rotation = await rotate_keys(database, vault, token_lifetime=lifetime, lead=timedelta(0))
    assert await seconds_until_refused(verifier, stolen) < 5
    read_keys_again(replica)
    assert await published(replica) == [rotation.kid]
    await verifier.verify((await sign_in(replica))["access_token"])


async def test_a_key_that_a_rotation_under_way_still_keeps_is_taken_back_at_once_too(
    replica: httpx.AsyncClient, database: Database, settings: AuthSettings
) -> None:
    vault, lifetime = Vault(settings.key_encryption_key), settings.access_token_lifetime
    await rotate_keys(database, vault, token_lifetime=lifetime)
    both = await published(replica)
    rotation = await rotate_keys(database, vault, token_lifetime=lifetime, lead=timedelta(0))
    assert (len(both), await published(replica)) == (2, [rotation.kid])


@pytest.mark.parametrize("deed", ["rotate-keys", "rewrap", "appoint"])
async def test_with_a_key_that_opens_nothing_of_the_database_no_command_does_anything(
    replica: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], deed: str
) -> None:
    monkeypatch.setenv("AUTH_KEY_ENCRYPTION_KEY", base64.b64encode(bytes(32)).decode())
    before = await published(replica)
    named = ["audit_admin", "--name", "示例审计员"] if deed == "appoint" else []
    parser = argparse.ArgumentParser()
    add_to(parser.add_subparsers())
    options = parser.parse_args(["auth", deed, *named])
    code = await asyncio.to_thread(options.run, options)
    assert (code, "AUTH_KEY_ENCRYPTION_OLD_KEYS" in capsys.readouterr().err) == (1, True)
    assert await published(replica) == before


async def test_the_command_says_that_the_log_is_whole(auth_app: FastAPI, capsys: pytest.CaptureFixture[str]) -> None:
    assert (await _verify(), "The log is whole" in capsys.readouterr().out) == (0, True)
