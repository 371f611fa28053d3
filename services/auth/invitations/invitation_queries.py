"""Every SELECT on invitations and on people who ask to be admitted, scoped to who decides about them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.auth.domain.acting import Organisation
from services.auth.domain.binding import Candidate, WechatUser, replaced
from services.auth.domain.inviting import INVITES, Inviter, Reach
from services.auth.domain.roles import OrganisationKind, Role
from services.auth.invitations.admission_tables import AdmissionRequestRow
from services.auth.queries import as_organisation, wechat_accounts_of_each
from services.auth.tables import (
    InvitationRow,
    OrganisationRow,
    PasswordCredentialRow,
    PersonRow,
    RoleAssignmentRow,
    SessionRow,
    WechatIdentityRow,
)


async def body_to_invite_to(session: AsyncSession, organisation_id: UUID) -> tuple[Organisation, bool] | None:
    """The body, and whether its jurisdiction has an award office of its own."""
    row = await session.get(OrganisationRow, organisation_id)
    return (
        None
        if row is None or row.ended_at is not None
        else (as_organisation(row), await has_county_office(session, row.jurisdiction))
    )


async def has_county_office(session: AsyncSession, jurisdiction: str) -> bool:
    office = (OrganisationRow.jurisdiction == jurisdiction, OrganisationRow.kind == OrganisationKind.COUNTY_OFFICE)
    return bool(await session.scalar(select(exists().where(*office))))


async def county_office_of(session: AsyncSession, jurisdiction: str) -> UUID | None:
    office = (OrganisationRow.jurisdiction == jurisdiction, OrganisationRow.kind == OrganisationKind.COUNTY_OFFICE)
    running = select(OrganisationRow.id).where(*office, OrganisationRow.ended_at.is_(None))
    return await session.scalar(running.order_by(OrganisationRow.id).limit(1))


async def bodies_named(session: AsyncSession, *, names: Sequence[str], jurisdiction: str | None) -> list[Organisation]:
    query = select(OrganisationRow).where(OrganisationRow.name.in_(names), OrganisationRow.ended_at.is_(None))
    if jurisdiction is not None:
        query = query.where(OrganisationRow.jurisdiction == jurisdiction)
    return [as_organisation(row) for row in await session.scalars(query)]


async def unit_named(session: AsyncSession, *, name: str, jurisdiction: str) -> UUID | None:
    unit = (
        OrganisationRow.kind == OrganisationKind.UNIT,
        OrganisationRow.jurisdiction == jurisdiction,
        OrganisationRow.ended_at.is_(None),
    )
    return await session.scalar(select(OrganisationRow.id).where(OrganisationRow.name == name, *unit))


async def unit_ever_named(session: AsyncSession, *, name: str, jurisdiction: str) -> tuple[Organisation, str | None]:
    """A unit that has this name, or had it when it was merged; then also the name of the body that took it in."""
    into = aliased(OrganisationRow)
    query = select(OrganisationRow, into.name).outerjoin(into, into.id == OrganisationRow.merged_into)
    unit = (OrganisationRow.kind == OrganisationKind.UNIT, OrganisationRow.jurisdiction == jurisdiction)
    row, successor = (await session.execute(query.where(OrganisationRow.name == name, *unit))).one()
    return as_organisation(row), successor


async def invitation_seen_by(
    session: AsyncSession, inviter: Inviter, invitation_id: UUID
) -> tuple[InvitationRow, PersonRow] | None:
    """Locked. None outside the inviter's reach."""
    found = await session.execute(
        select(InvitationRow, PersonRow)
        .join(PersonRow, PersonRow.id == InvitationRow.person_id)
        .join(RoleAssignmentRow, RoleAssignmentRow.id == InvitationRow.role_assignment_id)
        .join(OrganisationRow, OrganisationRow.id == RoleAssignmentRow.organisation_id)
        .where(InvitationRow.id == invitation_id, _invited_by(inviter))
        .with_for_update(of=InvitationRow)
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def invitations_seen_by(
    session: AsyncSession, inviter: Inviter, *, before: UUID | None, limit: int
) -> Sequence[Any]:
    """The newest first."""
    query = (
        select(InvitationRow, PersonRow.full_name, RoleAssignmentRow.role, OrganisationRow.name)
        .join(PersonRow, PersonRow.id == InvitationRow.person_id)
        .join(RoleAssignmentRow, RoleAssignmentRow.id == InvitationRow.role_assignment_id)
        .join(OrganisationRow, OrganisationRow.id == RoleAssignmentRow.organisation_id)
        .where(_invited_by(inviter), true() if before is None else InvitationRow.id < before)
        .order_by(InvitationRow.id.desc())
        .limit(limit)
    )
    return (await session.execute(query)).all()


async def assignment_in_reach(session: AsyncSession, inviter: Inviter, person_id: UUID) -> RoleAssignmentRow | None:
    """The latest role of a person, of their own if they have any; None when the inviter could not invite to each that they hold.

    Whoever gets a code or an account bound for somebody signs in as all that they are.
    """
    found = await session.execute(
        select(RoleAssignmentRow, _invited_by(inviter))
        .join(OrganisationRow, OrganisationRow.id == RoleAssignmentRow.organisation_id)
        .where(RoleAssignmentRow.person_id == person_id, _is_held())
        .order_by(RoleAssignmentRow.delegated_from.is_not(None), RoleAssignmentRow.starts_at.desc())
    )
    held = found.all()
    return held[0][0] if held and all(within for _, within in held) else None


async def roles_held_at(session: AsyncSession, organisation_id: UUID, person_id: UUID) -> set[Role]:
    held = (RoleAssignmentRow.person_id == person_id, RoleAssignmentRow.organisation_id == organisation_id)
    return {Role(role) for role in await session.scalars(select(RoleAssignmentRow.role).where(*held, _is_held()))}


def _is_held() -> ColumnElement[bool]:
    return or_(RoleAssignmentRow.ends_at.is_(None), RoleAssignmentRow.ends_at > func.now())


def _invited_by(inviter: Inviter) -> ColumnElement[bool]:
    """Of a role and its body: that the inviter may invite to it, as `may_invite` says."""
    reaches = INVITES.get(inviter.role, {}).items()
    return or_(false(), *(and_(RoleAssignmentRow.role == role, _within(reach, inviter)) for role, reach in reaches))


def _within(reach: Reach, inviter: Inviter) -> ColumnElement[bool]:
    match reach:
        case Reach.OWN_BODY:
            return OrganisationRow.id == inviter.organisation_id
        case Reach.OWN_JURISDICTION:
            return OrganisationRow.jurisdiction == inviter.jurisdiction
        case Reach.CITY:
            return true()
        case Reach.CITY_UNITS:
            return OrganisationRow.jurisdiction.not_in(_with_office())


def _with_office() -> Any:
    office = aliased(OrganisationRow)
    return select(office.jurisdiction).where(office.kind == OrganisationKind.COUNTY_OFFICE)


async def people_with_phone(session: AsyncSession, mark: bytes, coming: WechatUser) -> list[Candidate]:
    """Whether each signs in from another WeChat account than `coming`."""
    people = await people_of_phone(session, mark)
    accounts = await wechat_accounts_of_each(session, [person_id for person_id, _ in people])
    return [Candidate(each, full_name, bool(replaced(accounts[each], coming))) for each, full_name in people]


async def people_of_phone(session: AsyncSession, mark: bytes) -> list[tuple[UUID, str]]:
    """Their names; suspended ones too, for they learn so only after signing in."""
    rows = await session.execute(
        select(PersonRow.id, PersonRow.full_name).where(PersonRow.phone_mark == mark).limit(20)
    )
    return [(row[0], row[1]) for row in rows]


async def person_with_unionid(session: AsyncSession, unionid: str) -> UUID | None:
    """The one person who signs in from another mini-program of ours with this WeChat account."""
    found = await session.scalars(
        select(WechatIdentityRow.person_id).where(WechatIdentityRow.unionid == unionid).distinct().limit(2)
    )
    people = found.all()
    return people[0] if len(people) == 1 else None


async def can_sign_in(session: AsyncSession, person_id: UUID) -> bool:
    """Whether anything is bound to the person yet, a WeChat account or a password, or they were here by other means."""
    by_wechat = exists().where(WechatIdentityRow.person_id == person_id)
    by_password = exists().where(PasswordCredentialRow.person_id == person_id)
    was_here = exists().where(SessionRow.person_id == person_id)
    return bool(await session.scalar(select(or_(by_wechat, by_password, was_here))))


async def already_invited(session: AsyncSession, mark: bytes, *, full_name: str, role: Role, at: UUID) -> bool:
    held = (RoleAssignmentRow.organisation_id == at, RoleAssignmentRow.role == role)
    query = (
        select(PersonRow.id)
        .join(RoleAssignmentRow, RoleAssignmentRow.person_id == PersonRow.id)
        .where(PersonRow.phone_mark == mark, PersonRow.full_name == full_name, *held)
        .where(_is_held())
    )
    return await session.scalar(query.limit(1)) is not None


async def latest_request_of(session: AsyncSession, *, appid: str, openid: str) -> AdmissionRequestRow | None:
    query = select(AdmissionRequestRow).where(AdmissionRequestRow.appid == appid, AdmissionRequestRow.openid == openid)
    return await session.scalar(query.order_by(AdmissionRequestRow.id.desc()).limit(1))


async def open_requests(
    session: AsyncSession, inviter: Inviter, *, after: UUID | None, limit: int
) -> Sequence[AdmissionRequestRow]:
    """The oldest first."""
    query = select(AdmissionRequestRow).where(AdmissionRequestRow.decided_at.is_(None), _decided_by(inviter))
    if after is not None:
        query = query.where(AdmissionRequestRow.id > after)
    return (await session.scalars(query.order_by(AdmissionRequestRow.id).limit(limit))).all()


async def request_to_decide(session: AsyncSession, inviter: Inviter, request_id: UUID) -> AdmissionRequestRow | None:
    query = select(AdmissionRequestRow).where(AdmissionRequestRow.id == request_id, _decided_by(inviter))
    return await session.scalar(query.with_for_update())


def _decided_by(inviter: Inviter) -> ColumnElement[bool]:
    if inviter.role is Role.CITY_OFFICER:
        return AdmissionRequestRow.jurisdiction.not_in(_with_office())
    if inviter.role is Role.COUNTY_OFFICER:
        return AdmissionRequestRow.jurisdiction == inviter.jurisdiction
    return AdmissionRequestRow.organisation_id == inviter.organisation_id
