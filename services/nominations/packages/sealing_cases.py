"""Seals the histories of a campaign's cases: every morning, and whenever a case file is made (ahead of any doubt).

A seal is a signed Merkle root over where each case's history ended; seals form a chain of their own. Whoever keeps one
of them can tell later whether any history was rewritten, without asking us.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import anyio.to_thread
from sqlalchemy import insert, lateral, select, text, true
from sqlalchemy.dialects.postgresql import insert as insert_or_keep
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from uuid_utils.compat import uuid7

from services.common.each_by_itself import each_by_itself
from services.evidence.chain import GENESIS
from services.evidence.merkle import levels_of, path_in, root_in, siblings_of
from services.evidence.seals import Head, Seal, make_seal
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.packages.evidence_tables import CaseSeal, EvidenceKey, SealLeaf, SealNode
from services.nominations.tables import Nomination, NominationEvent

_ROWS_AT_ONCE = 5000
_NODES = text("""
    SELECT wanted.level, wanted.position,
        (SELECT hash FROM nominations.seal_nodes AS node
         WHERE node.seal_id = :seal AND node.level = wanted.level AND node.position = wanted.position) AS hash
    FROM unnest(CAST(:levels AS integer[]), CAST(:positions AS integer[])) AS wanted (level, position)
""")
"""Each node is a question of its own within the statement: a join may be planned as one walk through all nodes."""


@dataclass(frozen=True, slots=True)
class SealedCases:
    """A seal, and the tree that it stands for."""

    id: UUID
    seal: Seal
    heads: Sequence[Head]
    levels: Sequence[Sequence[bytes]]

    def position_of(self, nomination_id: UUID) -> int | None:
        """None for a case that began after the seal."""
        wanted = str(nomination_id)
        return next((number for number, head in enumerate(self.heads) if head.case_id == wanted), None)

    def path_of(self, position: int) -> list[str]:
        return path_in(self.levels, position)


async def seal_campaign(context: Context, key: str) -> SealedCases:
    """A new seal, or the last one when nothing has happened since. Two at once make one."""
    async with context.database.transaction() as session:
        await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 11))"), {"key": key})
        heads = await _heads(session, key)
        levels = await _tree_of(heads)
        last = await _last(session, key)
        if last is None or last.root != root_in(levels):
            last = await _add(session, context, key, heads, previous=last)
            await _keep_nodes(session, last.id, levels)
    return SealedCases(last.id, Seal(last.statement, last.signature), heads, levels)


async def sealed_by(context: Context, seal_id: UUID) -> SealedCases:
    """A seal of before, with the tree that it stood for then."""
    async with context.database.reading() as session:
        seal = await session.get_one(CaseSeal, seal_id)
        heads = await _leaves(session, seal_id)
    levels = await _tree_of(heads)
    return SealedCases(seal.id, Seal(seal.statement, seal.signature), heads, levels)


async def seal_every_campaign(context: Context) -> None:
    """A closed campaign changes no more: its last seal stays the last. Raises ExceptionGroup where a campaign failed."""
    async with context.database.reading() as session:
        campaigns = await context.campaigns.every(session)

    async def seal(campaign: Campaign) -> None:
        await seal_campaign(context, campaign.key)

    await each_by_itself(campaigns, seal, name=lambda campaign: campaign.key)


async def last_seal_of_case(session: AsyncSession, nomination_id: UUID) -> tuple[CaseSeal, SealLeaf, list[str]] | None:
    """The newest seal that holds the case, its leaf, and the path to the root; None before the first one."""
    of_case = select(SealLeaf).where(SealLeaf.nomination_id == nomination_id)
    newest = aliased(SealLeaf, of_case.order_by(SealLeaf.seal_id.desc()).limit(1).subquery())
    query = select(CaseSeal, newest).join(newest, newest.seal_id == CaseSeal.id)
    found = (await session.execute(query)).first()
    if found is None:
        return None
    seal, leaf = found
    return seal, leaf, await _path_of(session, seal, leaf)


async def _path_of(session: AsyncSession, seal: CaseSeal, leaf: SealLeaf) -> list[str]:
    """From the leaf and the nodes beside it, however many other cases the seal holds."""
    wanted = siblings_of(leaf.position, size=seal.tree_size)
    above = [place for place in wanted if place[0] > 0]
    places = {"levels": [level for level, _ in above], "positions": [position for _, position in above]}
    nodes = {(row.level, row.position): row.hash for row in await session.execute(_NODES, {"seal": seal.id} | places)}
    beside = (SealLeaf.seal_id == seal.id, SealLeaf.position == leaf.position ^ 1)
    for each in await session.scalars(select(SealLeaf).where(*beside)):
        nodes[0, each.position] = _head_of(each).leaf
    return [nodes[place].hex() for place in wanted]


async def seals_of(session: AsyncSession, key: str, *, before: UUID | None, limit: int) -> Sequence[CaseSeal]:
    """The newest first."""
    query = select(CaseSeal).where(CaseSeal.campaign_key == key)
    if before is not None:
        query = query.where(CaseSeal.id < before)
    return (await session.scalars(query.order_by(CaseSeal.id.desc()).limit(limit))).all()


async def _heads(session: AsyncSession, key: str) -> list[Head]:
    """In the order of the cases' ids: the same cases always make the same tree."""
    newest = lateral(
        select(NominationEvent.sequence, NominationEvent.hash)
        .where(NominationEvent.nomination_id == Nomination.id)
        .order_by(NominationEvent.sequence.desc())
        .limit(1)
    )
    query = select(Nomination.id, newest.c.sequence, newest.c.hash).join(newest, true())
    rows = await session.execute(query.where(Nomination.campaign_key == key).order_by(Nomination.id))
    return [Head(str(row.id), row.sequence, row.hash) for row in rows]


async def _leaves(session: AsyncSession, seal_id: UUID) -> list[Head]:
    rows = await session.execute(
        select(SealLeaf.nomination_id, SealLeaf.sequence, SealLeaf.hash)
        .where(SealLeaf.seal_id == seal_id)
        .order_by(SealLeaf.position)
    )
    return [_head_of(row) for row in rows]


def _head_of(leaf: Any) -> Head:
    return Head(str(leaf.nomination_id), leaf.sequence, leaf.hash)


async def _tree_of(heads: Sequence[Head]) -> list[list[bytes]]:
    return await anyio.to_thread.run_sync(lambda: levels_of([head.leaf for head in heads]))


async def _last(session: AsyncSession, key: str) -> CaseSeal | None:
    query = select(CaseSeal).where(CaseSeal.campaign_key == key)
    found: CaseSeal | None = await session.scalar(
        query.order_by(CaseSeal.sealed_at.desc(), CaseSeal.id.desc()).limit(1)
    )
    return found


async def _add(
    session: AsyncSession, context: Context, key: str, heads: Sequence[Head], *, previous: CaseSeal | None
) -> CaseSeal:
    at = _later_than(context.clock.now(), previous)
    before = Seal(previous.statement, previous.signature).hash if previous is not None else GENESIS
    sealing_key = context.sealing_key
    seal = await anyio.to_thread.run_sync(
        lambda: make_seal(sealing_key, campaign=key, heads=heads, at=at, previous=before)
    )
    await session.execute(
        insert_or_keep(EvidenceKey)
        .values(key_id=sealing_key.key_id, public_key=sealing_key.public, first_used_at=at)
        .on_conflict_do_nothing()
    )
    row = CaseSeal(
        id=uuid7(),
        campaign_key=key,
        sealed_at=at,
        tree_size=len(heads),
        root=seal.facts["root"],
        statement=seal.statement,
        signature=seal.signature,
        key_id=sealing_key.key_id,
        previous=before,
    )
    session.add(row)
    await session.flush()
    for begin in range(0, len(heads), _ROWS_AT_ONCE):
        rows = [
            {
                "seal_id": row.id,
                "position": position,
                "nomination_id": UUID(h.case_id),
                "sequence": h.sequence,
                "hash": h.hash,
            }
            for position, h in enumerate(heads[begin : begin + _ROWS_AT_ONCE], start=begin)
        ]
        await session.execute(insert(SealLeaf), rows)
    return row


async def _keep_nodes(session: AsyncSession, seal_id: UUID, levels: Sequence[Sequence[bytes]]) -> None:
    """All between the leaves and the root, which are kept already: a case's proof is then read, and not made anew."""
    nodes = [
        {"seal_id": seal_id, "level": level, "position": position, "hash": node}
        for level, row in enumerate(levels[1:-1], start=1)
        for position, node in enumerate(row)
    ]
    for begin in range(0, len(nodes), _ROWS_AT_ONCE):
        await session.execute(insert(SealNode), nodes[begin : begin + _ROWS_AT_ONCE])


def _later_than(now: datetime, previous: CaseSeal | None) -> datetime:
    """A clock that was set back must not make an older seal look newer."""
    return now if previous is None else max(now, previous.sealed_at)
