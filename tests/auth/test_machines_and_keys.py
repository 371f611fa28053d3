"""Machines' tokens, signing keys at rest, and the schema."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fastapi import FastAPI
from jose import jwt
from pydantic import SecretStr, ValidationError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import make_transient

from services.auth.keys.sealing import Vault
from services.auth.keys.signing_keys import load_key_ring
from services.auth.settings import AuthSettings
from services.auth.tables import AuthTable, SigningKeyRow
from services.common.db import Database
from tests.auth.steps import bearer, refusal

OTHER_KEY = SecretStr("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")


async def service_token(client: httpx.AsyncClient, client_id: str, secret: str) -> httpx.Response:
    return await client.post("/v1/auth/service-tokens", json={"client_id": client_id, "client_secret": secret})


async def test_a_machine_receives_a_short_token_of_the_role_service(
    client: httpx.AsyncClient, settings: AuthSettings
) -> None:
    client_id, secret = next(iter(settings.service_clients.items()))
    response = await service_token(client, client_id, secret.get_secret_value())
    answer = response.json()
    claims = jwt.get_unverified_claims(answer.pop("access_token"))
    assert (response.status_code, answer) == (201, {"token_type": "Bearer", "expires_in": 900})
    assert (claims["sub"], claims["roles"], claims["org"]) == (f"service:{client_id}", ["service"], "")


async def test_a_wrong_secret_and_an_unknown_machine_are_one_answer(
    client: httpx.AsyncClient, settings: AuthSettings
) -> None:
    known = next(iter(settings.service_clients))
    answers = [(await service_token(client, client_id, "错误")).json() for client_id in (known, "unknown")]
    assert (answers[0], answers[0]["code"]) == (answers[1], "credentials_wrong")


async def test_a_machine_is_no_person(client: httpx.AsyncClient, settings: AuthSettings) -> None:
    client_id, secret = next(iter(settings.service_clients.items()))
    token = (await service_token(client, client_id, secret.get_secret_value())).json()["access_token"]
    answers = [
        await client.get("/v1/auth/me", headers=bearer(token)),
        await client.delete("/v1/auth/sessions/current", headers=bearer(token)),
    ]
    assert [refusal(answer) for answer in answers] == [(403, "forbidden")] * 2


async def test_two_replicas_that_start_at_once_make_one_key(
    auth_app: FastAPI, database: Database, settings: AuthSettings
) -> None:
    async with database.transaction() as session:
        ours = await session.scalar(select(SigningKeyRow))
        await session.execute(delete(SigningKeyRow))
    vault = Vault(settings.key_encryption_key)
    loaded = await asyncio.gather(*(load_key_ring(database, vault) for _ in range(4)))
    async with database.transaction() as session:
        made = list(await session.scalars(select(SigningKeyRow.kid)))
        await session.execute(delete(SigningKeyRow))
        make_transient(ours)
        session.add(ours)
    assert [ring.key_at(datetime.now(UTC)).kid for ring in loaded] == made * 4


async def test_the_private_key_is_not_readable_in_the_database(auth_app: FastAPI, database: Database) -> None:
    async with database.reading() as session:
        sealed = await session.scalar(select(SigningKeyRow.sealed_private_key).limit(1))
    assert sealed is not None
    assert b"PRIVATE KEY" not in sealed


async def test_another_key_encryption_key_stops_the_start_with_its_name(auth_app: FastAPI, database: Database) -> None:
    with pytest.raises(RuntimeError, match="AUTH_KEY_ENCRYPTION_KEY"):
        await load_key_ring(database, Vault(OTHER_KEY))


@pytest.mark.parametrize("key", ["", "short", "QUFB", "not base64!"])
def test_a_key_encryption_key_has_256_bits(environment: None, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("AUTH_KEY_ENCRYPTION_KEY", key)
    with pytest.raises(ValidationError, match="32 random bytes"):
        AuthSettings()


def test_a_short_client_secret_is_refused_in_production(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANJIN_MODE", "production")
    monkeypatch.setenv("AUTH_SERVICE_CLIENTS", '{"nominations": "short"}')
    with pytest.raises(ValidationError, match="nominations"):
        AuthSettings()


async def test_the_migrated_schema_is_the_one_the_tables_describe(auth_app: FastAPI, settings: AuthSettings) -> None:
    # With `auth` on the search path PostgreSQL would name foreign keys' tables without their schema.
    engine = create_async_engine(
        settings.owners_database_url(),
        connect_args={"server_settings": {"search_path": "public"}},
    )
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(
                    sync,
                    opts={
                        "include_schemas": True,
                        "version_table_schema": "auth",
                        "include_name": lambda name, kind, _: kind != "schema" or name == "auth",
                    },
                ),
                AuthTable.metadata,
            )
        )
    await engine.dispose()
    assert differences == []


async def test_the_service_is_ready_when_postgresql_answers(client: httpx.AsyncClient) -> None:
    assert (await client.get("/readyz")).json() == {"status": "ok", "needs": {"postgresql": "ok"}}
