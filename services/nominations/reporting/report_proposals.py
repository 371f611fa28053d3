"""Loads what a county's report tells, proposes its words, and shows every gate that is still open (R69, R111, R114)."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.nominations import queries
from services.nominations.cases.case_facts import Case, actor_of, load_case
from services.nominations.city_tables import ContactForm, Objection
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.facts import Blocker
from services.nominations.domain.permissions import blockers
from services.nominations.domain.report_proposal import ReportedCase, ReportFacts, propose_sections
from services.nominations.domain.restriction import HELD
from services.nominations.domain.workflow import Action, Status
from services.nominations.labels import RESULT
from services.nominations.procedure_tables import CountyReport
from services.nominations.reporting.county_reports import against_naming_nobody
from services.nominations.schemas.nomination import BlockerBody
from services.nominations.schemas.reports import CaseGates, ReportGates, ReportProposal
from services.nominations.tables import Nomination

_AT_MOST = 200


async def propose(session: AsyncSession, context: Context, caller: Caller, campaign: Campaign) -> ReportProposal:
    """Of every case that both bureaus have endorsed, in the order of endorsement; the ranking is for people to change."""
    cases = await _endorsed(session, context, caller, campaign)
    objections = await _objections(session, [case.nomination for case in cases])
    told = [_told(case, objections.get(case.nomination.id, 0)) for case in cases]
    form = await session.get(ContactForm, (campaign.key, caller.jurisdiction))
    people = {
        row.get("position"): str(row.get("full_name") or "") for row in (form.form.get("people", []) if form else [])
    }
    accounts = await queries.quota_accounts(session, caller, campaign_key=campaign.key)
    zero = await queries.zero_declared_categories(session, campaign.key, caller.jurisdiction)
    written = propose_sections(
        ReportFacts(
            organisation=next((r.name for r in campaign.quotas if r.quota_unit == caller.jurisdiction), ""),
            seats={campaign.category(each.category).title: each.granted for each in accounts},
            zero_declared=[campaign.category(key).title for key in sorted(zero)],
            leader=people.get("leader", ""),
            contact=people.get("contact", ""),
            cases=told,
        )
    )
    ranking: dict[str, list[UUID]] = {}
    for case in cases:
        ranking.setdefault(case.nomination.category, []).append(case.nomination.id)
    return ReportProposal(
        sections={key: written.get(key, "") for key in campaign.report_sections},
        ranking=ranking,
        gates=[gates_of(case, caller) for case in cases],
    )


async def gates_of_report(session: AsyncSession, context: Context, caller: Caller, report: CountyReport) -> ReportGates:
    """Everything that still stands against handing the report in, case by case, or against a report of nobody."""
    items = [
        await _gates_of_row(session, context, caller, nomination)
        for nomination in await queries.cases_of_report(session, caller, report.id)
    ]
    against = [] if items else await against_naming_nobody(session, context, report)
    ready = not against and not any(each.blockers for each in items)
    return ReportGates(ready=ready, blockers=blocker_bodies(against), items=items)


async def _gates_of_row(session: AsyncSession, context: Context, caller: Caller, nomination: Nomination) -> CaseGates:
    if queries.is_held_from(caller, nomination):
        held = blocker_bodies([HELD])
        return CaseGates(nomination_id=nomination.id, category=nomination.category, name="", blockers=held)
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    return gates_of(await load_case(session, nomination, campaign, now=context.clock.now()), caller)


def gates_of(case: Case, caller: Caller) -> CaseGates:
    """Everything that stands against reporting this case now."""
    against = blockers(Action.REPORT, actor=actor_of(caller), case=case.facts)
    return CaseGates(
        nomination_id=case.nomination.id,
        category=case.nomination.category,
        name=case.nomination.name,
        blockers=blocker_bodies(against),
    )


def blocker_bodies(against: Iterable[Blocker]) -> list[BlockerBody]:
    return [
        BlockerBody(code=b.code, message=b.message, requirement=b.requirement, available_on=b.available_on)
        for b in against
    ]


async def _endorsed(session: AsyncSession, context: Context, caller: Caller, campaign: Campaign) -> list[Case]:
    """As many as a county has seats: a few, each loaded with all that is in force around it."""
    query = select(Nomination).where(
        Nomination.campaign_key == campaign.key,
        Nomination.quota_unit == caller.jurisdiction,
        Nomination.stage == "county",
        Nomination.status == Status.ENDORSED,
        queries.visible_to(caller),
    )
    rows = (await session.scalars(query.order_by(Nomination.category, Nomination.id).limit(_AT_MOST))).all()
    now = context.clock.now()
    versions = {row.campaign_version for row in rows}
    campaigns = {each: await context.campaigns.version(session, campaign.key, each) for each in versions}
    return [await load_case(session, row, campaigns[row.campaign_version], now=now) for row in rows]


async def _objections(session: AsyncSession, nominations: Sequence[Nomination]) -> dict[UUID, int]:
    query = select(Objection.nomination_id, func.count().label("objections")).where(
        Objection.nomination_id.in_([nomination.id for nomination in nominations])
    )
    counted = await session.execute(query.group_by(Objection.nomination_id))
    return {row.nomination_id: row.objections for row in counted}


def _told(case: Case, objections: int) -> ReportedCase:
    records = {record.kind: record for record in case.records}
    deliberation = records.get("staff_deliberation")
    inspection, decision = records.get("inspection"), records.get("leadership_decision")
    labels = {need.authority: need.label for need in case.required}
    return ReportedCase(
        name=case.nomination.name,
        unit_name=case.nomination.unit_name,
        category=case.campaign.category(case.nomination.category).title,
        deliberated_on=deliberation.held_on if deliberation else None,
        present=deliberation.details["present"] if deliberation else 0,
        in_favour=deliberation.details["in_favour"] if deliberation else 0,
        inspected_on=inspection.held_on if inspection else None,
        decided_on=decision.held_on if decision else None,
        shown_from=case.publicity.opened_on if case.publicity else None,
        shown_until=case.publicity.closes_on if case.publicity else None,
        working_days=case.publicity.working_days if case.publicity else 0,
        objections=objections,
        opinions={labels.get(o.authority, o.authority): RESULT[o.result] for o in case.opinions},
    )
