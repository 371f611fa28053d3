"""Inviting by a sheet: what reads well and is the inviter's to do is done, the rest is told row by row."""

from collections import Counter
from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.audit import Action, record
from services.auth.domain.acting import Organisation
from services.auth.domain.bodies import BodyFault
from services.auth.domain.invitation_sheet import BadRow, Fault, SheetRow, missing_columns, read_row
from services.auth.domain.inviting import INVITES, Inviter, Reach, may_invite
from services.auth.domain.roles import OrganisationKind, Role
from services.auth.invitations.invitation_problems import SheetColumnsMissing, SheetTooLong, SheetUnreadable
from services.auth.invitations.invitation_queries import (
    already_invited,
    bodies_named,
    county_office_of,
    has_county_office,
    unit_ever_named,
)
from services.auth.invitations.inviting import Wanted, invite, inviter_of
from services.auth.invitations.sheet_reading import Sheet, read_sheet
from services.auth.messages.phones import phone_mark
from services.auth.organisations.body_problems import RolesConflict
from services.auth.organisations.excluding_roles import take_turns
from services.auth.resources import Resources
from services.auth.sessions.origin import Origin
from services.auth.tables import OrganisationRow
from services.common.callers.tokens import Caller
from services.common.lists.sheet_reading import SheetBroken
from services.common.problems import FieldError
from services.common.repeats.idempotency import Answer, Claim


class RowFault(BaseModel):
    column: str
    code: str
    message: str


class RowResult(BaseModel):
    row: int
    full_name: str
    outcome: Literal["invited", "already_there", "refused"]
    invitation_id: UUID | None = None
    person_id: UUID | None = None
    invitation_code: str | None = None
    expires_at: datetime | None = None
    unit_created: bool = False
    errors: list[RowFault] = []


class BatchResult(BaseModel):
    invited: int
    already_there: int
    refused: int
    rows: list[RowResult]


async def invite_by_sheet(
    resources: Resources, caller: Caller, content: bytes, *, idempotency_key: str | None, origin: Origin
) -> JSONResponse:
    """A `BatchResult`. Raises SheetUnreadable, SheetTooLong, SheetColumnsMissing, IdempotencyKeyReused."""
    rows = _rows_of(await _read(resources, content), caller)

    async def perform(session: AsyncSession) -> Answer:
        batch = _Batch(session, resources, caller)
        phones = [row.phone for row, _ in rows if isinstance(row, SheetRow) and row.phone]
        await take_turns(session, [phone_mark(resources.vault, phone) for phone in phones])
        results = [await batch.result_of(row) for row in rows]
        done = Counter(each.outcome for each in results)
        count = done["invited"]
        await record(session, Action.PERSON_INVITED, person_id=None, origin=origin, by=caller, count=count)
        return Answer(
            201,
            BatchResult(invited=count, already_there=done["already_there"], refused=done["refused"], rows=results),
        )

    return await resources.answers.once(
        Claim(caller.subject, "create_invitation_batch", idempotency_key, content), perform
    )


async def _read(resources: Resources, content: bytes) -> Sheet:
    try:
        sheet = await resources.sheets.run(read_sheet, content)
    except SheetBroken:
        raise SheetUnreadable from None
    if sheet.too_long:
        raise SheetTooLong
    missing = missing_columns(sheet.head)
    if missing:
        errors = [FieldError("/file", "column_missing", f"缺少“{column}”列") for column in missing]
        raise SheetColumnsMissing(errors=errors)
    return sheet


def _rows_of(sheet: Sheet, caller: Caller) -> list[tuple[SheetRow | BadRow, str]]:
    own = caller.organisation_name
    return [(read_row(number, cells, default_unit=own), cells.get("姓名", "")[:64]) for number, cells in sheet.rows]


class _Batch:
    """One sheet in one transaction."""

    def __init__(self, session: AsyncSession, resources: Resources, caller: Caller) -> None:
        self._session = session
        self._resources = resources
        self._caller = caller
        self._inviter = inviter_of(caller)
        self._bodies: dict[tuple[str, Role], tuple[Organisation, bool]] = {}

    async def result_of(self, read: tuple[SheetRow | BadRow, str]) -> RowResult:
        row, full_name = read
        if isinstance(row, BadRow):
            return _refused(row.number, full_name, row.faults)
        found = await self._body_for(row)
        if isinstance(found, Fault):
            return _refused(row.number, full_name, (found,))
        at, created = found
        vault = self._resources.vault
        if row.phone and await already_invited(
            self._session, phone_mark(vault, row.phone), full_name=row.full_name, role=row.role, at=at.id
        ):
            return RowResult(row=row.number, full_name=row.full_name, outcome="already_there")
        wanted = Wanted(row.full_name, row.role, at.id, row.phone)
        try:
            invited = await invite(self._session, self._resources, caller=self._caller, wanted=wanted, at=at)
        except RolesConflict as refused:
            (error,) = refused.errors
            return _refused(row.number, full_name, (Fault("岗位", error.code, error.message),))
        return RowResult(
            row=row.number,
            full_name=row.full_name,
            outcome="invited",
            invitation_id=invited.id,
            person_id=invited.person_id,
            invitation_code=invited.invitation_code,
            expires_at=invited.expires_at,
            unit_created=created,
        )

    async def _body_for(self, row: SheetRow) -> tuple[Organisation, bool] | Fault:
        """The body of this name that the inviter may invite to; a unit of a county or of the city is made when missing."""
        known = self._bodies.get((row.unit_name, row.role))
        if known is not None:
            return known[0], False
        for at in await bodies_named(self._session, names=[row.unit_name], jurisdiction=None):
            under_county = await has_county_office(self._session, at.jurisdiction)
            if may_invite(self._inviter, row.role, at, under_county=under_county):
                self._bodies[row.unit_name, row.role] = (at, False)
                return at, False
        if not _may_make_units(self._inviter, row.role):
            return Fault("单位名称", "not_yours_to_invite", "没有这个机构，或您不能邀请它的这一岗位")
        made = await self._new_unit(row)
        if not isinstance(made, Fault):
            self._bodies[row.unit_name, row.role] = made
        return made

    async def _new_unit(self, row: SheetRow) -> tuple[Organisation, bool] | Fault:
        """Under the county's award office. One that a colleague made at this moment is taken as it is."""
        jurisdiction = self._inviter.jurisdiction
        parent = await county_office_of(self._session, jurisdiction)
        unit = insert(OrganisationRow).values(
            id=uuid7(),
            parent_id=parent,
            kind=OrganisationKind.UNIT,
            name=row.unit_name,
            jurisdiction=jurisdiction,
            uscc=row.credit_code,
        )
        created = await self._session.scalar(unit.on_conflict_do_nothing().returning(OrganisationRow.id)) is not None
        at, successor = await unit_ever_named(self._session, name=row.unit_name, jurisdiction=jurisdiction)
        if successor is not None:
            message = f"该单位已并入“{successor}”，请填写并入后的单位名称"
            return Fault("单位名称", BodyFault.ENDED, message)
        return at, created


def _may_make_units(inviter: Inviter, role: Role) -> bool:
    of_units = role in (Role.UNIT_CLERK, Role.UNIT_HEAD)
    return of_units and INVITES[inviter.role].get(role) is Reach.OWN_JURISDICTION


def _refused(number: int, full_name: str, faults: tuple[Fault, ...]) -> RowResult:
    errors = [RowFault(column=fault.column, code=fault.code, message=fault.message) for fault in faults]
    return RowResult(row=number, full_name=full_name, outcome="refused", errors=errors)
