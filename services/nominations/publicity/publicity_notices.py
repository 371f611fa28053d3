"""Opens a publicity notice of the unit or of the city: basic facts and deeds, for the working days asked (R47–R49, R62)."""

import hashlib
from typing import Any

import rfc8785
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.nominations.cases.case_facts import Case
from services.nominations.cases.transition import require_allowed, take
from services.nominations.context import Context
from services.nominations.domain.publicity import publicity_content, publicity_period
from services.nominations.domain.workflow import FIRST_STAGE, Action
from services.nominations.procedure_tables import PublicityNotice

_LEVELS = {Action.OPEN_PUBLICITY: FIRST_STAGE, Action.OPEN_CITY_PUBLICITY: "city"}


async def open_publicity(
    session: AsyncSession, context: Context, caller: Caller, case: Case, *, action: Action = Action.OPEN_PUBLICITY
) -> PublicityNotice:
    """Raises ActionForbidden or ActionBlocked. The clock starts today; the first day is not counted (民法典 第二百零一条)."""
    require_allowed(action, caller=caller, case=case)
    notice = post(session, context, caller, case, level=_LEVELS[action])
    await take(session, action, caller=caller, case=case, details=told_of(notice))
    return notice


def post(session: AsyncSession, context: Context, caller: Caller, case: Case, *, level: str) -> PublicityNotice:
    """A notice of what the case says now, with the period counted from today."""
    rule = case.campaign.publicity[level]
    period = publicity_period(rule, opened_on=case.today, calendar=context.campaigns.calendar)
    content = shown_of(case)
    notice = PublicityNotice(
        id=uuid7(),
        campaign_key=case.nomination.campaign_key,
        nomination_id=case.nomination.id,
        level=level,
        opened_on=period.opened_on,
        closes_on=period.closes_on,
        working_days=rule.working_days,
        provisional=period.provisional,
        calendar_version=period.calendar_version,
        place=case.nomination.unit_name if level == FIRST_STAGE else rule.place,
        content=content,
        content_hash=hash_of_shown(content),
        opened_by=caller.person_id,
        opened_at=case.now,
    )
    session.add(notice)
    return notice


def told_of(notice: PublicityNotice) -> dict[str, Any]:
    """What the case history says of a notice."""
    return {
        "notice_id": str(notice.id),
        "closes_on": notice.closes_on.isoformat(),
        "calendar": notice.calendar_version,
        "content_hash": notice.content_hash,
    }


def shown_of(case: Case) -> dict[str, Any]:
    return publicity_content(case.campaign.form_of(case.nomination.category), case.nomination.form)


def hash_of_shown(content: dict[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
