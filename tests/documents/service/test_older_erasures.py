"""Erasures noted before grounds had codes: an upgrade gives them theirs, and changes nothing that it cannot read."""

import asyncio
import json
from datetime import date
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from services.common.migrations import upgrade
from services.embedded.provision import DATABASE, provision
from services.embedded.stack import EmbeddedStack

BEFORE = "0012"
BUNDLE = (
    "INSERT INTO documents.bundles (id, organisation_id, jurisdiction, campaign_key) VALUES ($1, $1, '140922', 'x')"
)
PAPER = """
INSERT INTO documents.documents (id, bundle_id, kind, single, ordinal, received_sha256, media_type, verdict, findings,
    not_checked, uploaded_by, replaced_at, erased_at)
VALUES ($1, $1, 'portrait', true, 1, repeat('0', 64), 'image/jpeg', 'accept', '[]', '{}', $1, clock_timestamp(), now())
"""
ERASURE = """
INSERT INTO documents.document_erasures (id, document_id, campaign_key, kind, sha256, byte_count, rule, due_on)
VALUES ($1, $1, 'x', 'portrait', repeat('0', 64), 1, $2, '2025-06-02')
"""
CODED = (
    "SELECT ground, counted_from, counted_on, kept_days, object_key FROM documents.document_erasures WHERE rule = $1"
)
RULES = {
    "award_decision 2025-05-01 + 30 days": ("retention_over", "award_decision", date(2025, 5, 1), 30, None),
    "request for erasure granted 2025-06-02": ("request_granted", None, None, None, None),
    "by hand": (None, None, None, None, None),
}


@pytest.fixture(scope="module")
async def upgraded(stack: EmbeddedStack) -> str:
    """The address of a database that was upgraded with erasures in it."""
    secrets = json.loads((stack.data / "secrets.json").read_text("utf-8"))
    await provision(stack.postgres.superuser_url, secrets, database="erasures")
    owner = stack.environment()["DOCUMENTS_MIGRATION_DATABASE_URL"].replace(f"/{DATABASE}", "/erasures")
    address = owner.replace("+asyncpg", "")
    await asyncio.to_thread(upgrade, service="documents", url=owner, to=BEFORE)
    for rule in RULES:
        own = uuid4()
        for statement, *more in ((BUNDLE,), (PAPER,), (ERASURE, rule)):
            await asked(address, statement, own, *more)
    await asyncio.to_thread(upgrade, service="documents", url=owner)
    return address


async def asked(address: str, statement: str, *values: object) -> list[Any]:
    connection = await asyncpg.connect(address, ssl=False)
    try:
        rows: list[Any] = await connection.fetch(statement, *values)
    finally:
        await connection.close()
    return rows


@pytest.mark.parametrize("rule", RULES)
async def test_an_older_record_says_its_ground(upgraded: str, rule: str) -> None:
    assert [tuple(row) for row in await asked(upgraded, CODED, rule)] == [RULES[rule]]


async def test_records_are_only_added_after_the_upgrade_too(upgraded: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only added"):
        await asked(upgraded, "UPDATE documents.document_erasures SET ground = NULL")


async def test_the_release_before_may_still_add_one(upgraded: str) -> None:
    own = uuid4()
    for statement, *more in ((BUNDLE,), (PAPER,), (ERASURE, "by the release before")):
        await asked(upgraded, statement, own, *more)
    assert [row["ground"] for row in await asked(upgraded, CODED, "by the release before")] == [None]
