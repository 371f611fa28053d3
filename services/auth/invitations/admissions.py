"""An unknown WeChat account asks to be admitted; the unit or the county decides. Nobody is admitted by themselves."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.audit import Action, record
from services.auth.domain.binding import WechatUser
from services.auth.domain.inviting import may_invite
from services.auth.domain.roles import Role
from services.auth.invitations.admission_tables import AdmissionRequestRow
from services.auth.invitations.invitation_problems import AdmissionDecided, NotYoursToInvite
from services.auth.invitations.invitation_queries import (
    assignment_in_reach,
    body_to_invite_to,
    latest_request_of,
    request_to_decide,
    unit_named,
)
from services.auth.invitations.inviting import inviter_of
from services.auth.limits import ADMISSION_BY_ADDRESS, ADMISSION_BY_PERSON
from services.auth.messages.phones import phone_columns
from services.auth.organisations.excluding_roles import refuse_conflict
from services.auth.queries import person_bound_to
from services.auth.resources import Resources
from services.auth.sessions.origin import Origin
from services.auth.tables import PersonRow, RoleAssignmentRow
from services.auth.wechat.binding_wechat import bind
from services.auth.wechat.wechat_problems import AlreadyBound
from services.common.callers.tokens import Caller
from services.common.problems import NotFound


@dataclass(frozen=True, slots=True)
class Asked:
    full_name: str
    role: Role
    jurisdiction: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Decision:
    """`person_id`: the person is there already and has a new phone. `organisation_id`: the unit, when it was misspelt."""

    admit: bool
    reason: str | None
    organisation_id: UUID | None
    person_id: UUID | None


async def ask_to_be_admitted(
    resources: Resources, *, appid: str, code: str, phone_code: str | None, asked: Asked, origin: Origin
) -> tuple[UUID, datetime]:
    """Asked twice it is one request. Raises what WechatClient raises, AlreadyBound, TooManyRequests."""
    await resources.limiter.take(ADMISSION_BY_ADDRESS.of(origin.address))
    user = await resources.wechat.user_of(appid=appid, code=code)
    await resources.limiter.take(ADMISSION_BY_PERSON.of(appid, user.openid))
    phone = None if phone_code is None else await resources.wechat.phone_of(appid=appid, code=phone_code)
    async with resources.database.transaction() as session:
        if await person_bound_to(session, appid=appid, openid=user.openid) is not None:
            raise AlreadyBound
        values = {
            "id": uuid7(),
            "appid": appid,
            "openid": user.openid,
            "unionid": user.unionid,
            "full_name": asked.full_name,
            "role": asked.role,
            "jurisdiction": asked.jurisdiction,
            "unit_name": asked.unit_name,
            "organisation_id": await unit_named(session, name=asked.unit_name, jurisdiction=asked.jurisdiction),
            "asked_at": datetime.now(UTC),
            **phone_columns(resources.vault, phone),
        }
        added = await session.scalar(
            insert(AdmissionRequestRow).values(values).on_conflict_do_nothing().returning(AdmissionRequestRow.id)
        )
        if added is not None:
            await record(session, Action.ADMISSION_ASKED, person_id=None, origin=origin, request=str(added))
        row = await latest_request_of(session, appid=appid, openid=user.openid)
        assert row is not None
        return row.id, row.asked_at


async def decide_admission(
    resources: Resources, caller: Caller, request_id: UUID, decision: Decision, *, origin: Origin
) -> AdmissionRequestRow:
    """Raises NotFound, AdmissionDecided, NotYoursToInvite, WechatBoundToAnother, RolesConflict."""
    async with resources.database.transaction() as session:
        row = await request_to_decide(session, inviter_of(caller), request_id)
        if row is None:
            raise NotFound
        if row.decided_at is not None:
            raise AdmissionDecided
        if decision.admit:
            row.person_id = await _admit(session, caller, row, decision, origin=origin)
        row.decided_at = datetime.now(UTC)
        row.decided_by = caller.person_id
        row.outcome, row.reason = "admitted" if decision.admit else "refused", decision.reason
        await session.flush()
        outcome = row.outcome
        await record(
            session, Action.ADMISSION_DECIDED, person_id=row.person_id, origin=origin, by=caller, decided=outcome
        )
    return row


async def _admit(
    session: AsyncSession, caller: Caller, row: AdmissionRequestRow, decision: Decision, *, origin: Origin
) -> UUID:
    now = datetime.now(UTC)
    user = WechatUser(row.appid, row.openid, row.unionid)
    if decision.person_id is not None:
        if await assignment_in_reach(session, inviter_of(caller), decision.person_id) is None:
            raise NotFound
        await bind(session, user, decision.person_id, origin=origin, now=now, by=caller)
        return decision.person_id
    organisation_id = decision.organisation_id or row.organisation_id
    found = None if organisation_id is None else await body_to_invite_to(session, organisation_id)
    if found is None:
        raise NotFound
    at, under_county = found
    if not may_invite(inviter_of(caller), row.role, at, under_county=under_county):
        raise NotYoursToInvite
    await refuse_conflict(
        session,
        row.role,
        at,
        person_id=None,
        full_name=row.full_name,
        phone_mark=row.phone_mark,
        starts_at=now,
    )
    person = PersonRow(id=uuid7(), full_name=row.full_name, phone_mark=row.phone_mark, sealed_phone=row.sealed_phone)
    session.add(person)
    await session.flush()
    session.add(RoleAssignmentRow(person_id=person.id, organisation_id=at.id, role=row.role, starts_at=now))
    await session.flush()
    await bind(session, user, person.id, origin=origin, now=now, by=caller)
    return person.id
