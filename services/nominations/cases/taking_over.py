"""The nominee takes over a case that the clerk began: by a code, shown as QR, without sharing a password (A30)."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import Problem
from services.nominations.cases.case_facts import Case, load_case
from services.nominations.cases.case_history import record
from services.nominations.cases.opening import name_for_files
from services.nominations.cases.transition import require_allowed
from services.nominations.city_tables import Objection
from services.nominations.context import Context
from services.nominations.documents_client import BundleOwner
from services.nominations.domain.workflow import Action, Event
from services.nominations.problems import HandOverCodeInvalid, NomineeJoined
from services.nominations.procedure_tables import HandOverCode
from services.nominations.publicity.guest_files import keep_attachments_apart
from services.nominations.tables import Nomination

log = logging.getLogger(__name__)
VALID_FOR = timedelta(hours=48)
_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXY346789"
"""No letter or digit that reads like another. Twelve of them are 57 bits: nobody guesses one in its two days."""
_LENGTH = 12


async def make_code(session: AsyncSession, caller: Caller, case: Case) -> tuple[str, datetime]:
    """A new code and when it ends. Raises ActionForbidden, ActionBlocked, NomineeJoined."""
    require_allowed(Action.EDIT, caller=caller, case=case)
    if case.nomination.nominee_person_id is not None:
        raise NomineeJoined
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    expires_at = case.now + VALID_FOR
    session.add(
        HandOverCode(
            code_hash=_hash(code), nomination_id=case.nomination.id, created_by=caller.person_id, expires_at=expires_at
        )
    )
    return code, expires_at


async def open_bundle_to_nominee(context: Context, caller: Caller, code: str) -> UUID:
    """Makes the nominee the owner of the documents, before the case says so, and keeps from them who objected.

    Raises what `take_over` raises, Unavailable.
    """
    async with context.database.reading() as session:
        nomination = await _case_of(session, context, caller, code, lock=False)
        objections = (await session.scalars(select(Objection).where(Objection.nomination_id == nomination.id))).all()
    for objection in objections:
        await keep_attachments_apart(context, objection, joining=caller.person_id)
    await context.documents.register_bundle(nomination.id, _papers_of(nomination, caller.person_id))
    return nomination.id


async def say_whose_papers(context: Context, nomination_id: UUID) -> None:
    """After the attempt, as the case says by now: of two who tried at once, or one who failed, nobody else stays the owner.

    Documents being away undoes nothing that was done.
    """
    try:
        async with context.database.reading() as session:
            nomination = await session.get_one(Nomination, nomination_id)
        owner = _papers_of(nomination, nomination.nominee_person_id)
        await context.documents.register_bundle(nomination_id, owner)
    except (Problem, SQLAlchemyError) as error:
        log.warning("owner not told", extra={"error": type(error).__name__, "nomination": str(nomination_id)})


def _papers_of(nomination: Nomination, person_id: UUID | None) -> BundleOwner:
    return BundleOwner(
        person_id=person_id,
        unit_id=nomination.unit_id,
        quota_unit=nomination.quota_unit,
        campaign_key=nomination.campaign_key,
        unit_name=nomination.unit_name,
        person_name=name_for_files(nomination.name),
    )


async def take_over(session: AsyncSession, context: Context, caller: Caller, code: str) -> Nomination:
    """The caller is the nominee from now on: while there is something to fill in, as when the code was made.

    Raises HandOverCodeInvalid, NomineeJoined, ActionForbidden, ActionBlocked.
    """
    nomination = await _case_of(session, context, caller, code, lock=True)
    used = await session.get_one(HandOverCode, _hash(code))
    now = context.clock.now()
    used.used_at = now
    nomination.nominee_person_id = caller.person_id
    nomination.revision += 1
    nomination.saved_at = now
    await session.flush()
    place = (nomination.stage, nomination.status)
    await record(session, nomination, Event.NOMINEE_JOINED, caller=caller, at=now, before=place)
    return nomination


async def _case_of(session: AsyncSession, context: Context, caller: Caller, code: str, *, lock: bool) -> Nomination:
    """The case behind a code of the caller's own unit; every other code is answered alike."""
    query = (
        select(Nomination)
        .join(HandOverCode, HandOverCode.nomination_id == Nomination.id)
        .where(
            HandOverCode.code_hash == _hash(code),
            HandOverCode.used_at.is_(None),
            HandOverCode.expires_at > context.clock.now(),
            Nomination.unit_id.in_(caller.organisations),
        )
    )
    nomination = await session.scalar(query.with_for_update() if lock else query)
    if nomination is None:
        raise HandOverCodeInvalid
    if nomination.nominee_person_id is not None:
        raise NomineeJoined
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    case = await load_case(session, nomination, campaign, now=context.clock.now())
    require_allowed(Action.EDIT, caller=caller, case=case)
    return nomination


def _hash(code: str) -> bytes:
    """Typed by hand or scanned: case and spaces do not matter."""
    return hashlib.sha256("".join(code.split()).upper().encode("utf-8", "replace")).digest()
