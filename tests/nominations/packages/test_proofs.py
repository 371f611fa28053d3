"""The proof that one case stands in a seal is read from a few rows, however many cases the campaign has."""

import asyncio
import importlib
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from services.nominations.packages.evidence_tables import SealNode
from services.nominations.packages.sealing_cases import SealedCases, last_seal_of_case, seal_campaign
from services.nominations.settings import NominationsSettings
from tests.factories import Office

CASES = 37
HIGH = 6
"""As high is a tree of so many leaves."""
NODES = importlib.import_module("services.nominations.migrations.versions.0034_nodes_of_seals").NODES
_ROWS_READ = text(
    "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables "
    "WHERE relname IN ('seal_leaves', 'seal_nodes')"
)


@pytest.fixture(scope="module")
async def sealed(client, context) -> SealedCases:
    """A campaign's seal over drafts."""
    office = Office(client, "tests-proofs")
    await office.token("wutai-clerk")
    await asyncio.gather(*(office.draft() for _ in range(CASES)))
    return await seal_campaign(context, office.campaign)


async def test_every_case_leads_to_the_root_by_the_nodes_that_were_kept(sealed, context):
    async with context.database.reading() as session:
        found = [await last_seal_of_case(session, UUID(head.case_id)) for head in sealed.heads]
    paths = [path for _, _, path in found]
    assert paths == [sealed.path_of(position) for position in range(CASES)]


async def test_a_proof_reads_as_many_rows_as_the_tree_is_high(sealed, context):
    """Asked a second time: planning, too, looks at rows, at the ends of indexes, and a generic plan is made once."""
    case = UUID(sealed.heads[0].case_id)
    async with context.database.transaction() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        await session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
        await last_seal_of_case(session, case)
        before = await session.scalar(_ROWS_READ)
        await last_seal_of_case(session, case)
        after = await session.scalar(_ROWS_READ)
    assert after - before <= HIGH + 1


async def test_seals_of_before_get_the_very_nodes_that_are_kept_of_new_ones(sealed):
    engine = create_async_engine(NominationsSettings().owners_database_url())
    kept = select(SealNode.seal_id, SealNode.level, SealNode.position, SealNode.hash).order_by(
        *SealNode.__table__.primary_key
    )
    async with engine.connect() as connection:
        before = (await connection.execute(kept)).all()
        await connection.execute(text("ALTER TABLE nominations.seal_nodes DISABLE TRIGGER USER"))
        await connection.execute(text("DELETE FROM nominations.seal_nodes"))
        await connection.execute(text(NODES))
        after = (await connection.execute(kept)).all()
        await connection.rollback()
    await engine.dispose()
    assert (after, len(after) >= CASES - HIGH) == (before, True)
