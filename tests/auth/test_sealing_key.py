"""AUTH_KEY_ENCRYPTION_KEY changes while people work, and nothing of what it sealed is lost."""

import base64
import os
from collections.abc import AsyncIterator

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.auth.app import create_auth_app
from services.auth.keys.rewrapping import SEALED, rewrap
from services.auth.keys.vault_keys import open_vault
from services.auth.settings import AuthSettings
from services.auth.tables import AuthTable, IdempotencyKeyRow
from services.common.db import Database
from services.common.repeats.idempotency import KeptAnswers
from tests.auth.people import new_person
from tests.auth.steps import bearer, sign_in
from tests.auth.test_second_factor import attempt, enrolled


@pytest.fixture
async def changed(settings: AuthSettings, auth_app: FastAPI, database: Database) -> AsyncIterator[AuthSettings]:
    """The settings with a new key in front of the old one; afterwards everything is under the old one again."""
    new = SecretStr(base64.b64encode(os.urandom(32)).decode())
    old = settings.key_encryption_key
    yield settings.model_copy(update={"key_encryption_key": new, "key_encryption_old_keys": (old,)})
    back = settings.model_copy(update={"key_encryption_old_keys": (new,)})
    await moved_over(database, back)


async def moved_over(database: Database, settings: AuthSettings) -> int:
    answers = KeptAnswers(database, IdempotencyKeyRow, settings.answer_seal())
    return await rewrap(database, await open_vault(database, settings), answers)


async def test_after_rewrapping_the_new_sealing_key_of_auth_is_enough(
    client: httpx.AsyncClient, database: Database, changed: AuthSettings
) -> None:
    _, username = await new_person(database)
    secret, recovery_codes = await enrolled(client, username)
    moved = await moved_over(database, changed)
    again = await moved_over(database, changed)
    alone = changed.model_copy(update={"key_encryption_old_keys": ()})
    app = create_auth_app(alone)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://auth") as after:
            by_code = await attempt(after, username, pyotp.TOTP(secret).now())
            by_recovery = await attempt(after, username, recovery_codes[0])
            clerk = bearer((await sign_in(after))["access_token"])
            own = await after.get("/v1/auth/me/data", headers=clerk)
    assert (moved > 0, again) == (True, 0)
    assert (by_code.status_code, by_recovery.status_code, own.status_code) == (201, 201, 200)


async def test_a_process_with_both_keys_reads_what_either_sealed(
    client: httpx.AsyncClient, database: Database, settings: AuthSettings, changed: AuthSettings
) -> None:
    before, between = await open_vault(database, settings), await open_vault(database, changed)
    sealed = [vault.seal(b"secret", purpose="test") for vault in (before, between)]
    assert [between.open(each, purpose="test") for each in sealed] == [b"secret", b"secret"]
    assert before.fingerprint("code") == between.fingerprint("code")


async def test_an_unknown_sealing_key_stops_the_start_with_its_name(
    client: httpx.AsyncClient, database: Database, changed: AuthSettings
) -> None:
    with pytest.raises(RuntimeError, match="AUTH_KEY_ENCRYPTION_KEY"):
        await open_vault(database, changed.model_copy(update={"key_encryption_old_keys": ()}))


def test_every_sealed_column_that_lasts_is_rewrapped() -> None:
    columns = {
        column for table in AuthTable.metadata.tables.values() for column in table.columns if "sealed" in column.name
    }
    assert {each.column.property.columns[0] for each in SEALED} == columns - {
        column for column in columns if column.table.name == "idempotency_keys"
    }
