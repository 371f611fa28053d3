"""What came of a case: granted or not (R108–R109), and after years revoked and its grants recovered one by one (R103–R104)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.cases.case_facts import Case
from services.nominations.cases.case_history import record
from services.nominations.cases.saving import locked_case
from services.nominations.cases.transition import require_allowed, take
from services.nominations.city_tables import Award
from services.nominations.context import Context
from services.nominations.domain.workflow import Action, Event
from services.nominations.notifications.event_queue import put_campaign_day_out
from services.nominations.schemas.city import AwardRevocation, NewAward, RecoveredGrant
from services.nominations.tables import Nomination


async def record_award(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, wanted: NewAward
) -> Award:
    """Each grant of the category has its serial number or amount. Raises ActionBlocked, Unprocessable."""
    case = await locked_case(session, context, caller, nomination_id)
    require_allowed(Action.RECORD_AWARD, caller=caller, case=case)
    _require_grants(case, wanted)
    award = Award(
        nomination_id=nomination_id,
        campaign_key=case.nomination.campaign_key,
        category=case.nomination.category,
        granted_on=wanted.granted_on,
        decision_number=wanted.decision_number,
        serials=wanted.serials,
        recorded_by=caller.person_id,
        recovered={},
    )
    session.add(award)
    await session.flush()
    await put_campaign_day_out(session, award.campaign_key, "award_decision", award.granted_on)
    details = {"decision_number": wanted.decision_number, "grants": sorted(wanted.serials)}
    await take(session, Action.RECORD_AWARD, caller=caller, case=case, details=details)
    return award


async def record_no_award(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, *, reason: str
) -> Nomination:
    """The province chose others. Gives the case: a restricted one is out of everybody's reach from now on."""
    case = await locked_case(session, context, caller, nomination_id)
    require_allowed(Action.RECORD_NO_AWARD, caller=caller, case=case)
    await take(session, Action.RECORD_NO_AWARD, caller=caller, case=case, reason=reason)
    return case.nomination


async def revoke(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, wanted: AwardRevocation
) -> Award:
    """“将撤销其所获称号” (R103). What was granted is to be recovered from now on (R104)."""
    case, award = await _award(session, context, caller, nomination_id)
    require_allowed(Action.REVOKE, caller=caller, case=case)
    award.revoked_on, award.revocation_reason = case.today, wanted.reason
    await take(session, Action.REVOKE, caller=caller, case=case, reason=wanted.reason)
    return award


async def recover(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, wanted: RecoveredGrant
) -> Award:
    """“并收回奖牌、证书和一次性奖金” (R104): one grant came back. Raises Unprocessable for what was never granted."""
    case, award = await _award(session, context, caller, nomination_id)
    if award.revoked_on is None or wanted.grant not in award.serials:
        message = "称号未撤销，或没有颁发这一项"
        raise Unprocessable(errors=[FieldError("/grant", "not_to_be_recovered", message, requirement="R104")])
    if not award.revoked_on <= wanted.recovered_on <= case.today:
        code = "date_in_future" if wanted.recovered_on > case.today else "out_of_order"
        message = "日期不能晚于今天，也不能早于撤销称号之日"
        raise Unprocessable(errors=[FieldError("/recovered_on", code, message, requirement="R104")])
    award.recovered = award.recovered | {wanted.grant: wanted.recovered_on.isoformat()}
    await session.flush()
    place = (case.nomination.stage, case.nomination.status)
    details = {"grant": wanted.grant, "recovered_on": wanted.recovered_on.isoformat()}
    await record(session, case.nomination, Event.RECOVERED, caller=caller, at=case.now, before=place, details=details)
    return award


async def _award(session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID) -> tuple[Case, Award]:
    case = await locked_case(session, context, caller, nomination_id)
    award = await session.get(Award, nomination_id)
    if award is None:
        raise NotFound
    return case, award


def _require_grants(case: Case, wanted: NewAward) -> None:
    grants = set(case.campaign.category(case.nomination.category).grants)
    errors = [
        FieldError(f"/serials/{grant}", "required", f"请填写{grant}的编号或金额", requirement="R108")
        for grant in sorted(grants - wanted.serials.keys())
    ]
    errors += [
        FieldError(f"/serials/{grant}", "unknown_field", "此类别没有这一项", requirement="R108")
        for grant in sorted(wanted.serials.keys() - grants)
    ]
    if wanted.granted_on > case.today:
        errors.append(FieldError("/granted_on", "date_in_future", "日期不能晚于今天", requirement="R108"))
    if errors:
        raise Unprocessable(errors=errors)
