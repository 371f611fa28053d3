"""Objections and reports against what was made public (R63, R95–R96): anybody may object, named or not; none is lost.

The words are sealed and opened only for the office that handles them. While one is open, the case goes no further.
"""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.limits.rate_limits import headers_of
from services.common.limits.rate_standing import Standing, note_standing
from services.common.problems import NotFound
from services.nominations import queries
from services.nominations.cases.case_facts import actor_of, load_case
from services.nominations.cases.case_history import record
from services.nominations.city_tables import Objection
from services.nominations.context import Context
from services.nominations.domain.permissions import recusal
from services.nominations.domain.workflow import Event, Role
from services.nominations.problems import AlreadyConcluded, ReceiptUnknown, TooManyObjections, refusal
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.schemas.city import NewObjection, ObjectionConclusion
from services.nominations.tables import Nomination

_FROM_ONE_SOURCE = {"anonymous": 5, "named": 20}
"""About one notice. Counted apart: whoever gives a name still gets through when a shared line is flooded without."""
_WITHIN = timedelta(hours=1)
_DAYS_TO_HANDLE = 15
_RECEIPT_BYTES = 10


async def receive(
    session: AsyncSession, context: Context, notice_id: UUID, wanted: NewObjection, *, source: str
) -> tuple[Objection, str]:
    """Writes it and freezes the case. Gives the receipt code, which is kept nowhere: only its hash is.

    Raises NotFound for a notice that was never open, TooManyObjections for one source that floods one notice.
    """
    notice = await queries.get_notice(session, notice_id)
    nomination = await session.get_one(Nomination, notice.nomination_id, with_for_update=True)
    now = context.clock.now()
    source_hash = context.seal.index(f"{notice_id} {source}")
    await _require_measure(session, notice_id, source_hash, named=bool(wanted.name), since=now - _WITHIN)
    receipt = secrets.token_hex(_RECEIPT_BYTES)
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    objection_id = uuid7()
    words = json.dumps({"content": wanted.content, "name": wanted.name, "contact": wanted.contact}, ensure_ascii=False)
    objection = Objection(
        id=objection_id,
        campaign_key=notice.campaign_key,
        quota_unit=nomination.quota_unit,
        office=_office(notice, campaign.path_of(nomination.quota_unit)),
        notice_id=notice.id,
        nomination_id=nomination.id,
        receipt_hash=_hash(receipt),
        source_hash=source_hash,
        named=bool(wanted.name),
        words_sealed=context.seal.seal(words, bound_to=str(objection_id)),
        received_at=now,
        due_on=campaign.local_day(now) + timedelta(days=_DAYS_TO_HANDLE),
    )
    session.add(objection)
    await session.flush()
    await _note(session, context, nomination, Event.OBJECTION_RECEIVED, objection, caller=None)
    return objection, receipt


async def look_up(session: AsyncSession, receipt: str) -> Objection:
    """What became of an objection, for whoever holds its receipt. Raises ReceiptUnknown."""
    objection = await session.scalar(select(Objection).where(Objection.receipt_hash == _hash(receipt)))
    if objection is None:
        raise ReceiptUnknown
    return objection


async def take_up(session: AsyncSession, context: Context, caller: Caller, objection_id: UUID) -> Objection:
    """The caller has it in hand from now on, whoever had it before (R95). Raises NotFound, AlreadyConcluded, ActionForbidden."""
    objection, _ = await _open_one(session, context, caller, objection_id)
    objection.handler_id, objection.handler_name = caller.person_id, caller.name
    objection.taken_up_at = context.clock.now()
    return objection


async def conclude(
    session: AsyncSession, context: Context, caller: Caller, objection_id: UUID, wanted: ObjectionConclusion
) -> Objection:
    """Writes outcome and finding. The case may go on when no other is open, and what was found true is put right (R96).

    Raises NotFound, AlreadyConcluded, ActionForbidden for a case of the caller's own or of their unit.
    """
    objection, nomination = await _open_one(session, context, caller, objection_id)
    now = context.clock.now()
    objection.outcome, objection.finding = wanted.outcome, wanted.finding
    objection.handler_id, objection.handler_name = caller.person_id, caller.name
    objection.taken_up_at = objection.taken_up_at or now
    objection.concluded_by, objection.concluded_at = caller.person_id, now
    await session.flush()
    await _note(session, context, nomination, Event.OBJECTION_CONCLUDED, objection, caller=caller)
    return objection


async def _open_one(
    session: AsyncSession, context: Context, caller: Caller, objection_id: UUID
) -> tuple[Objection, Nomination]:
    """The case's row is locked first, as everywhere."""
    seen = await get_objection(session, caller, objection_id)
    nomination = await session.get_one(Nomination, seen.nomination_id, with_for_update=True)
    await session.refresh(seen, with_for_update=True)
    if seen.concluded_at is not None:
        raise AlreadyConcluded
    await _require_apart(session, context, caller, nomination)
    return seen, nomination


async def _require_apart(session: AsyncSession, context: Context, caller: Caller, nomination: Nomination) -> None:
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    case = await load_case(session, nomination, campaign, now=context.clock.now())
    against = recusal(actor_of(caller), case.facts)
    if against:
        raise refusal(against)


async def open_words(session: AsyncSession, context: Context, caller: Caller, objection_id: UUID) -> Objection:
    """For whoever reads what was said, and by whom: not for whom it is about, nor for their unit (R95, R97).

    Raises NotFound, ActionForbidden.
    """
    objection = await get_objection(session, caller, objection_id)
    nomination = await session.get_one(Nomination, objection.nomination_id)
    await _require_apart(session, context, caller, nomination)
    return objection


async def get_objection(session: AsyncSession, caller: Caller, objection_id: UUID) -> Objection:
    """One objection of the caller's own office; for anybody else there is none. Raises NotFound."""
    query = select(Objection).where(Objection.id == objection_id, handled_by(caller))
    objection: Objection | None = await session.scalar(query)
    if objection is None:
        raise NotFound
    return objection


def words_of(context: Context, objection: Objection) -> dict[str, Any]:
    """Content, name and contact, opened for the office that handles it."""
    words: dict[str, Any] = json.loads(context.seal.open(objection.words_sealed, bound_to=str(objection.id)))
    return words


def handled_by(caller: Caller) -> ColumnElement[bool]:
    """County officers handle what units showed in their county, city officers what the city showed."""
    scopes: list[ColumnElement[bool]] = []
    if Role.COUNTY_OFFICER in caller.roles:
        scopes.append(and_(Objection.office == "county", Objection.quota_unit == caller.jurisdiction))
    if Role.CITY_OFFICER in caller.roles:
        scopes.append(Objection.office == "city")
    return or_(false(), *scopes)


async def _require_measure(
    session: AsyncSession, notice_id: UUID, source_hash: bytes, *, named: bool, since: datetime
) -> None:
    """Bounds what one source sends about one notice; everybody else still gets through."""
    sent = await session.scalar(
        select(func.count()).where(
            Objection.notice_id == notice_id,
            Objection.source_hash == source_hash,
            Objection.named == named,
            Objection.received_at > since,
        )
    )
    quota = _FROM_ONE_SOURCE["named" if named else "anonymous"]
    hour = int(_WITHIN.total_seconds())
    if (sent or 0) >= quota:
        raise TooManyObjections(headers=headers_of("objections", quota=quota, window=hour, wait=hour))
    note_standing("objections", Standing(quota, hour, quota - (sent or 0) - 1, hour))


def _office(notice: PublicityNotice, path: tuple[str, ...]) -> str:
    """Above a unit's notice stands the county, or the city where there is none (A13)."""
    return "city" if notice.level == "city" else path[1]


async def _note(
    session: AsyncSession,
    context: Context,
    nomination: Nomination,
    event: Event,
    objection: Objection,
    *,
    caller: Caller | None,
) -> None:
    """The history says that there was one and how it ended, never who objected or what they said."""
    details = {
        "objection_id": str(objection.id),
        "notice_id": str(objection.notice_id),
        "outcome": objection.outcome or "",
    }
    place = (nomination.stage, nomination.status)
    await record(session, nomination, event, caller=caller, at=context.clock.now(), before=place, details=details)


def _hash(receipt: str) -> bytes:
    return hashlib.sha256("".join(receipt.split()).lower().encode("utf-8", "replace")).digest()
