"""A person asks for correction, erasure or explanation; an office has to answer until a day (PIPL 第五十条)."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.audit import Action, record
from services.auth.domain.rights_requests import RightsAbout, RightsKind, due_on, handler_of
from services.auth.domain.roles import OrganisationKind
from services.auth.invitations.invitation_queries import has_county_office
from services.auth.personal_data.privacy_queries import notice_version
from services.auth.personal_data.privacy_tables import ConsentRow
from services.auth.personal_data.rights_problems import TooManyOpenRequests
from services.auth.personal_data.rights_queries import open_requests_of
from services.auth.personal_data.rights_tables import RightsRequestRow
from services.auth.sessions.origin import Origin
from services.common.callers.tokens import Caller
from services.common.china_time import china_day
from services.common.problems import FieldError, Unprocessable

MOST_OPEN = 10


async def ask_right(
    session: AsyncSession,
    caller: Caller,
    *,
    kind: RightsKind,
    about: RightsAbout,
    text: str,
    campaign_key: str | None,
    origin: Origin,
) -> RightsRequestRow:
    """Raises TooManyOpenRequests, Unprocessable for a campaign that published no privacy notice: nothing is held for it.

    Requests of one person that come at once are counted one after the other.
    """
    if campaign_key is not None and await notice_version(session, campaign_key, None) is None:
        raise Unprocessable(errors=[FieldError("/campaign_key", "campaign_unknown", "没有这个评选活动")])
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"rights requests of {caller.person_id}", 0)))
    )
    if await open_requests_of(session, caller.person_id) >= MOST_OPEN:
        raise TooManyOpenRequests
    row = await _add(session, caller, caller.person_id, kind=kind, about=about, text=text, campaign_key=campaign_key)
    await record(
        session,
        Action.RIGHTS_ASKED,
        person_id=row.person_id,
        origin=origin,
        request=str(row.id),
        kind=kind,
        about=about,
    )
    return row


async def ask_for_erasure(session: AsyncSession, caller: Caller, withdrawal: ConsentRow, *, label: str) -> None:
    """What was kept under a consent that was withdrawn is erased by somebody, by a day (第四十七条第一款第三项)."""
    await _add(
        session,
        caller,
        withdrawal.person_id,
        kind=RightsKind.ERASURE,
        about=RightsAbout.DOCUMENTS,
        text=f"撤回同意：{label}",
        campaign_key=withdrawal.campaign_key,
        consent_id=withdrawal.id,
    )


async def _add(
    session: AsyncSession,
    caller: Caller,
    person_id: UUID,
    *,
    kind: RightsKind,
    about: RightsAbout,
    text: str,
    campaign_key: str | None,
    consent_id: UUID | None = None,
) -> RightsRequestRow:
    now = datetime.now(UTC)
    row = RightsRequestRow(
        id=uuid7(),
        person_id=person_id,
        campaign_key=campaign_key,
        kind=kind,
        about=about,
        text=text,
        consent_id=consent_id,
        jurisdiction=caller.jurisdiction,
        handler=handler_of(
            under_county=await has_county_office(session, caller.jurisdiction),
            of_the_office_itself=caller.organisation_kind == OrganisationKind.COUNTY_OFFICE,
        ),
        asked_at=now,
        due_on=due_on(china_day(now)),
    )
    session.add(row)
    await session.flush()
    return row
