"""Loads what the rules need to know of one case, as of now. Facts that depend on time are computed here from dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.db import fetch
from services.common.prepared import Slot, Statements, prepare
from services.common.problems import NotFound
from services.nominations import queries
from services.nominations.cases.content import hash_of_part
from services.nominations.cases.surroundings import Surroundings, around, read_answer, read_around, statement
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.consultation import NomineeFacts, RequiredOpinion, outstanding, required_opinions
from services.nominations.domain.disqualification import FoundCircumstance, bars
from services.nominations.domain.eligibility import is_of_division_rank
from services.nominations.domain.facts import Actor, CaseFacts
from services.nominations.domain.form_definition import FormDefinition, Part
from services.nominations.domain.parts import PartProgress, progress
from services.nominations.domain.subject import has_been_reported
from services.nominations.domain.workflow import FIRST_STAGE, Status
from services.nominations.procedure_tables import (
    Confirmation,
    Disqualification,
    Endorsement,
    Opinion,
    PublicityNotice,
    UnitRecord,
)
from services.nominations.review_tables import CaseReturn
from services.nominations.tables import Nomination


@dataclass(frozen=True, slots=True)
class Case:
    """A case with all that is in force around it, and the facts the rules read."""

    nomination: Nomination
    campaign: Campaign
    now: datetime
    today: date
    records: tuple[UnitRecord, ...]
    publicity: PublicityNotice | None
    city_publicity: PublicityNotice | None
    returned: CaseReturn | None
    """What it was sent back for, until it is submitted again."""
    signatures: tuple[Endorsement, ...]
    opinions: tuple[Opinion, ...]
    confirmations: tuple[Confirmation, ...]
    parts: Mapping[Part, PartProgress]
    found: tuple[Disqualification, ...]
    """Circumstances of R83–R93 in force against the case, also those whose window has passed."""
    required: tuple[RequiredOpinion, ...]
    facts: CaseFacts


def actor_of(caller: Caller) -> Actor:
    return Actor(
        person_id=caller.subject,
        organisation_id=caller.organisation_id,
        jurisdiction=caller.jurisdiction,
        bureau=caller.bureau,
        roles=caller.roles,
        predecessors=caller.predecessors,
    )


_SCOPED = Statements(lambda caller: statement(Nomination.id == Slot("id"), queries.in_scope(caller)))
_AROUND = prepare(select(around(Nomination)).where(Nomination.id == Slot("id")))


async def read_case(context: Context, caller: Caller, nomination_id: UUID) -> Case:
    """A case to be shown: one statement, outside any transaction.

    Raises NotFound for what is out of scope, NominationHeld for what is restricted.
    """
    now = context.clock.now()
    scoped = _SCOPED.of(caller)
    rows = await context.database.fetch(scoped.text, *scoped.filled(caller, {"id": nomination_id, "now": now}))
    if not rows:
        raise NotFound
    nomination, surroundings = read_answer(rows[0][0])
    queries.require_not_held(caller, nomination)
    campaign = await context.campaigns.read(context.database, nomination.campaign_key, nomination.campaign_version)
    return case_of(nomination, surroundings, campaign, now=now)


async def load_case(session: AsyncSession, nomination: Nomination, campaign: Campaign, *, now: datetime) -> Case:
    """One statement beside the case's own row, in the caller's transaction: it sees what was written there before."""
    ((found,),) = await fetch(session, _AROUND.text, *_AROUND.given({"id": nomination.id, "now": now}))
    return case_of(nomination, read_around(found), campaign, now=now)


def case_of(nomination: Nomination, found: Surroundings, campaign: Campaign, *, now: datetime) -> Case:
    """The case as of now. Facts that depend on time are computed here from dates."""
    form = campaign.form_of(nomination.category)
    notices = {notice.level: notice for notice in found.notices}
    publicity, city_notice = notices.get(FIRST_STAGE), notices.get("city")
    signatures, opinions = found.signatures, found.opinions
    circumstances = [FoundCircumstance(each.disqualifier, each.occurred_on) for each in found.found]
    standing = bars(circumstances, campaign.disqualifiers, reference_date=campaign.reference_date)
    parts = progress(form, nomination.form)
    asks_contact = campaign.contact_form is not None and nomination.stage == "county"
    today, late = campaign.local_day(now), now >= campaign.materials_deadline
    required = opinions_required(campaign, nomination)
    answered = {opinion.authority: opinion.result for opinion in opinions}
    facts = CaseFacts(
        stage=nomination.stage,
        status=Status(nomination.status),
        unit_id=str(nomination.unit_id),
        quota_unit=nomination.quota_unit,
        nominee_person_id=str(nomination.nominee_person_id) if nomination.nominee_person_id else None,
        today=today,
        materials_closed=late
        and not found.is_reopened
        and not has_been_reported(first_reported_at=nomination.reported_at, replaced_at=nomination.replaced_at),
        records=frozenset(record.kind for record in found.records),
        asked_parts=frozenset(part.value for part in parts),
        confirmed_parts=frozenset(c.part for c in found.confirmations if confirmation_holds(form, nomination, c)),
        disqualifiers=tuple(each.label for each in standing),
        zero_declared=found.zero_is_declared,
        publicity_closes_on=publicity.closes_on if publicity else None,
        publicity_provisional=publicity.provisional if publicity else False,
        signed_bureaus=frozenset(s.bureau for s in signatures if s.stage == nomination.stage),
        signers=frozenset(str(s.signer_person_id) for s in signatures),
        city_publicity_closes_on=city_notice.closes_on if city_notice else None,
        city_publicity_provisional=city_notice.provisional if city_notice else False,
        open_objections=found.open_objections,
        objections_upheld=found.objections_upheld,
        office_set_up=not asks_contact or found.is_set_up,
        campaign_closed=found.is_closed,
        removal_pending=found.removal_is_pending,
        rank_awaits_approval=is_of_division_rank(nomination.form)
        and not any(approval.seconded_at for approval in found.rank_approvals),
        rank_proposed_by=next(
            (str(approval.approved_by) for approval in found.rank_approvals if approval.seconded_at is None), None
        ),
        missing_opinions=outstanding(asked_at(campaign, nomination.stage, required), answered),
        adverse_opinions=tuple(need.label for need in required if answered.get(need.authority) == "unfavourable"),
    )
    return Case(
        nomination=nomination,
        campaign=campaign,
        now=now,
        today=today,
        records=found.records,
        publicity=publicity,
        city_publicity=city_notice,
        returned=next(iter(found.returns), None),
        signatures=signatures,
        opinions=opinions,
        confirmations=found.confirmations,
        parts=parts,
        found=found.found,
        required=required,
        facts=facts,
    )


def opinions_required(campaign: Campaign, nomination: Nomination) -> tuple[RequiredOpinion, ...]:
    """Which authorities are asked about this nominee, and on which sheets (R80–R82)."""
    return required_opinions(campaign.consultation, campaign.authorities, _nominee_facts(campaign, nomination))


def asked_at(campaign: Campaign, stage: str, required: Sequence[RequiredOpinion]) -> list[RequiredOpinion]:
    """The opinions that must be there before a case leaves this stage: the city waits for all, a county for its own (R196)."""
    if stage == "city":
        return list(required)
    return [need for need in required if need.authority not in campaign.city_collected]


def confirmation_holds(form: FormDefinition, nomination: Nomination, confirmation: Confirmation) -> bool:
    """Whether the part still says what was confirmed."""
    return confirmation.content_hash == hash_of_part(form, nomination, Part(confirmation.part))


def _nominee_facts(campaign: Campaign, nomination: Nomination) -> NomineeFacts:
    category = campaign.category(nomination.category)
    nature = str(nomination.form.get(category.nature_field) or "")
    definition = campaign.forms[category.form].get(category.nature_field)
    choices = campaign.enums[definition.enum] if definition and definition.enum else ()
    label = next((choice.label for choice in choices if choice.value == nature), "")
    return NomineeFacts(category.subject, nature, label, nomination.for_enterprise)
