"""Prepares a package ahead of its download: every file of it is made once, weighed, hashed and forgotten.

What is kept is the list of files, a few hundred bytes each. From it any stretch of the package can be made again, byte for
byte, as long as nothing in it has changed; so a download on a bad line goes on where it broke off, and nothing is stored twice.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID

import rfc8785
from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller, caller_from_claims, claims_of
from services.common.problems import NotFound, Problem, Unavailable
from services.evidence.bags import BagWriter, layout_of
from services.nominations.city_tables import CityList
from services.nominations.context import Context
from services.nominations.domain.disclosures import Release
from services.nominations.domain.workflow import Role
from services.nominations.notifications.event_queue import PREPARE_PACKAGE
from services.nominations.notifications.jobs import enqueue
from services.nominations.packages.package_entries import Making, Package, Part, bag_info, entries
from services.nominations.packages.package_tables import PreparedPackage
from services.nominations.packages.sealing_cases import seal_campaign
from services.nominations.packages.writing import open_case_file, package_of_list, package_of_report
from services.nominations.personal_data.releasing_data import note_release
from services.nominations.prints.print_tables import SealedScan
from services.nominations.prints.printing import draw_for
from services.nominations.procedure_tables import CountyReport
from services.nominations.tables import Nomination, NominationEvent

_KEPT = timedelta(days=7)
_GIVEN_UP = timedelta(days=1)
"""So long a job is tried: a package that is still not prepared then never will be."""
SubjectKind = Literal["nomination_id", "report_id", "list_id"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which package: of a case, a county's report or the city's list; which part of it."""

    kind: SubjectKind
    id: UUID
    megabytes: int | None = None


async def ask_for_package(context: Context, caller: Caller, wanted: Wanted, package: Package) -> PreparedPackage:
    """The one that this person has in hand already, where nothing has changed since; else a new one, and a job for it.

    Whoever asks takes the cases out of the system: that is written down here, once for all stretches.
    """
    async with context.database.transaction() as session:
        stand = await stand_of(session, context, package, wanted)
        known = await _known(session, caller, wanted, package, stand, since=context.clock.now() - _GIVEN_UP)
        if known is not None:
            return known
        part = package.part
        prepared = PreparedPackage(
            id=uuid7(),
            **{wanted.kind: wanted.id},
            megabytes=wanted.megabytes,
            part=part.number,
            part_count=part.count,
            nominations=[str(each) for each in part.nominations],
            asked_by=caller.subject,
            asker=claims_of(caller),
            stand=stand,
            made_at=context.clock.now(),
            state="preparing",
            done=0,
            total=max(1, len(part.nominations)),
        )
        session.add(prepared)
        await session.flush()
        await enqueue(session, PREPARE_PACKAGE, [str(prepared.id)])
    kind = Release.CASE_FILE if wanted.kind == "nomination_id" else Release.PACKAGE
    await note_release(context, caller, kind, package.part.nominations)
    return prepared


async def get_prepared(session: AsyncSession, caller: Caller, package_id: UUID) -> PreparedPackage:
    """Only for whoever asked for it. Raises NotFound."""
    prepared = await session.get(PreparedPackage, package_id)
    if prepared is None or prepared.asked_by != caller.subject:
        raise NotFound
    return prepared


async def reopened(context: Context, caller: Caller, prepared: PreparedPackage) -> Package:
    """Raises NotFound for whoever no longer reaches it: roles change hands while a package lies ready."""
    part = Part(prepared.part, prepared.part_count, tuple(UUID(each) for each in prepared.nominations))
    if prepared.report_id is not None:
        return await package_of_report(context, caller, prepared.report_id, part)
    if prepared.list_id is not None:
        if Role.CITY_OFFICER not in caller.roles:
            raise NotFound
        return await package_of_list(context, prepared.list_id, part)
    return await open_case_file(context, caller, part.nominations[0])


async def prepare_package(context: Context, payload: str) -> None:
    """The job. A package that cannot be made is `failed`, and says so to whoever waits; an outage puts it off."""
    async with context.database.reading() as session:
        prepared = await session.get(PreparedPackage, UUID(payload))
    if prepared is None or prepared.state != "preparing":
        return
    try:
        await _prepare(context, prepared)
    except Unavailable:
        raise
    except Problem:
        await _set(context, prepared.id, state="failed")


async def _prepare(context: Context, prepared: PreparedPackage) -> None:
    caller = caller_from_claims(prepared.asker)
    package = await reopened(context, caller, prepared)
    sealed = await seal_campaign(context, package.campaign.key)
    making = Making(prepared.made_at, sealed, partial(draw_for, context, caller))
    writer = BagWriter(info=bag_info(package, making.at), at=making.at)
    tell = _Progress(partial(_set, context, prepared.id))
    async for entry in entries(context, caller, package, making):
        await tell.at(entry.path)
        content = await entry.content()
        if content is None:
            entry.withhold()
        else:
            writer.add(entry.path, content)
    writer.finish(context.sealing_key)
    files: list[Any] = [[file.name, file.size, file.crc, file.sha256] for file in writer.files]
    layout = layout_of(writer.files, making.at)
    etag = f'"{hashlib.sha256(rfc8785.dumps(files) + layout.directory).hexdigest()}"'
    await _set(
        context,
        prepared.id,
        state="ready",
        done=prepared.total,
        seal_id=sealed.id,
        files=files,
        size=layout.size,
        etag=etag,
    )


class _Progress:
    """Tells how many cases are done, once for each of them."""

    def __init__(self, tell: Callable[..., Awaitable[None]]) -> None:
        self._tell, self._told = tell, 0

    async def at(self, path: str) -> None:
        case = re.match(r"cases/(\d+)", path)
        begun = int(case[1]) if case else 0
        if begun - 1 > self._told:
            self._told = begun - 1
            await self._tell(done=self._told)


async def stand_of(session: AsyncSession, context: Context, package: Package, wanted: Wanted) -> str:
    """Where everything stands that goes into the package: cases, histories, the report, the rules, the key."""
    last = (
        select(NominationEvent.nomination_id, func.max(NominationEvent.sequence).label("sequence"))
        .where(NominationEvent.nomination_id.in_(package.part.nominations))
        .group_by(NominationEvent.nomination_id)
        .subquery()
    )
    cases = select(Nomination.id, Nomination.revision, last.c.sequence).join(
        last, last.c.nomination_id == Nomination.id
    )
    told: list[Any] = [[str(row.id), row.revision, row.sequence] for row in await session.execute(cases)]
    about = {"report_id": CountyReport.revision, "list_id": CityList.revision}.get(wanted.kind)
    if about is not None:
        told.append(await session.scalar(select(about).where(about.class_.id == wanted.id)))
        filed = select(SealedScan.id).where(getattr(SealedScan, wanted.kind) == wanted.id)
        told += [str(each) for each in await session.scalars(filed)]
    told += [package.campaign.version, context.sealing_key.key_id]
    return hashlib.sha256(rfc8785.dumps(sorted(told, key=str))).hexdigest()


async def mark_outdated(context: Context, package_id: UUID) -> None:
    await _set(context, package_id, state="outdated")


async def forget_old_packages(context: Context) -> None:
    """Every morning."""
    async with context.database.transaction() as session:
        await session.execute(delete(PreparedPackage).where(PreparedPackage.made_at < context.clock.now() - _KEPT))


async def _known(
    session: AsyncSession, caller: Caller, wanted: Wanted, package: Package, stand: str, *, since: datetime
) -> PreparedPackage | None:
    found: PreparedPackage | None = await session.scalar(
        select(PreparedPackage)
        .where(
            PreparedPackage.asked_by == caller.subject,
            getattr(PreparedPackage, wanted.kind) == wanted.id,
            PreparedPackage.megabytes.is_not_distinct_from(wanted.megabytes),
            PreparedPackage.part == package.part.number,
            PreparedPackage.stand == stand,
            or_(
                PreparedPackage.state == "ready",
                and_(PreparedPackage.state == "preparing", PreparedPackage.made_at > since),
            ),
        )
        .order_by(PreparedPackage.id.desc())
        .limit(1)
    )
    return found


async def _set(context: Context, package_id: UUID, **values: Any) -> None:
    async with context.database.transaction() as session:
        await session.execute(update(PreparedPackage).where(PreparedPackage.id == package_id).values(**values))
