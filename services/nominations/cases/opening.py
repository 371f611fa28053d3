"""Opens a case: for themselves by a nominee, on behalf of a nominee by the unit's clerk (A30)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.nominations import queries
from services.nominations.campaigns.campaign_course import require_not_closed
from services.nominations.cases.case_facts import Case
from services.nominations.cases.content import accepted_content, opened_form, require_own_part, write_content
from services.nominations.cases.new_case import new_row, write_new_case
from services.nominations.cases.one_index import gather_person
from services.nominations.context import Context
from services.nominations.documents_client import BundleOwner
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form import accept_draft
from services.nominations.domain.form_definition import FieldType, Part
from services.nominations.domain.workflow import FIRST_STAGE, Role, Status
from services.nominations.problems import CampaignClosed, CampaignNotOpen, CategoryUnknown, NoSeatGranted
from services.nominations.schemas.nomination import NewNomination

_LONGEST_FILE_NAME = 50


async def register_bundle(context: Context, caller: Caller, nomination_id: UUID, wanted: NewNomination) -> Campaign:
    """Makes the bundle for the case's documents, before and outside the transaction that writes the case.

    Gives the version of the campaign that is in force now, with which the case begins.
    Raises CampaignNotFound, CampaignClosed, CategoryUnknown.
    """
    campaign = await context.campaigns.in_force(context.database, wanted.campaign_key)
    if wanted.category not in campaign.category_keys:
        raise CategoryUnknown
    owner = BundleOwner(
        person_id=_nominee(caller),
        unit_id=UUID(caller.organisation_id),
        quota_unit=caller.jurisdiction,
        campaign_key=wanted.campaign_key,
        unit_name=caller.organisation_name,
        person_name=name_for_files(campaign.name_of(wanted.category, wanted.form)),
    )
    await context.documents.register_bundle(nomination_id, owner)
    return campaign


async def open_nomination(  # noqa: PLR0917  who opens what, under which rules
    session: AsyncSession,
    context: Context,
    caller: Caller,
    nomination_id: UUID,
    wanted: NewNomination,
    campaign: Campaign,
) -> Case:
    """Writes the draft and its first event. Gives it with what is in force around it.

    Raises CategoryUnknown, CampaignNotOpen, CampaignClosed, NoSeatGranted, Unprocessable, and NotFound for
    a case that may not be copied.
    """
    now = context.clock.now()
    _require_seat(campaign, caller, wanted.category, now=now)
    form = campaign.form_of(wanted.category)
    values = {**await _copied(session, context, caller, campaign, wanted), **wanted.form}
    content = accepted_content(form, values, campaign, seal=context.seal, nomination_id=nomination_id)
    if Role.UNIT_CLERK not in caller.roles:
        require_own_part(form, {}, content.form)
    nomination = new_row(
        id=nomination_id,
        campaign_key=campaign.key,
        campaign_version=campaign.version,
        category=wanted.category,
        quota_unit=caller.jurisdiction,
        unit_id=UUID(caller.organisation_id),
        unit_name=caller.organisation_name,
        nominee_person_id=_nominee(caller),
        created_by=caller.person_id,
        stage=FIRST_STAGE,
        status=Status.DRAFT.value,
        revision=1,
        explanations=[],
        created_at=now,
        saved_at=now,
    )
    write_content(nomination, campaign, content)
    await gather_person(session, context.campaigns, context.seal, nomination)
    details = {"copy_of": str(wanted.copy_of)} if wanted.copy_of else {}
    case = await write_new_case(session, nomination, campaign, caller=caller, now=now, details=details)
    if case.facts.campaign_closed:  # since it was asked before the transaction
        raise CampaignClosed
    return case


async def require_open(
    session: AsyncSession, campaign: Campaign, caller: Caller, category: str, *, now: datetime
) -> None:
    """Said before anybody types: the category exists, the campaign has begun and not ended, the county has a seat (R15, R94)."""
    _require_seat(campaign, caller, category, now=now)
    await require_not_closed(session, campaign.key)


def _require_seat(campaign: Campaign, caller: Caller, category: str, *, now: datetime) -> None:
    if category not in campaign.category_keys:
        raise CategoryUnknown
    if campaign.local_day(now) < campaign.opens_on:
        raise CampaignNotOpen(extra={"available_on": campaign.opens_on.isoformat()})
    seats = {row.quota_unit: row.seats for row in campaign.quotas}.get(caller.jurisdiction, {})
    if not seats.get(category):
        raise NoSeatGranted


async def _copied(
    session: AsyncSession, context: Context, caller: Caller, campaign: Campaign, wanted: NewNomination
) -> dict[str, Any]:
    """The answers of an earlier case that this form still asks and still accepts. Promises are never copied."""
    if wanted.copy_of is None:
        return {}
    form = campaign.form_of(wanted.category)
    source = await queries.get_nomination(session, caller, wanted.copy_of)
    source_campaign = await context.campaigns.version(session, source.campaign_key, source.campaign_version)
    answers = opened_form(source, source_campaign.form_of(source.category), context.seal)
    copied: dict[str, Any] = {}
    for definition in form.fields:
        foreign = definition.part is Part.UNIT and Role.UNIT_CLERK not in caller.roles
        if definition.key not in answers or definition.type is FieldType.ATTESTATION or foreign:
            continue
        accepted, findings = accept_draft(form, {definition.key: answers[definition.key]}, campaign.enums)
        if not findings:
            copied |= accepted
    return copied


def name_for_files(name: str) -> str | None:
    """R127 单位+姓名. A draft may hold anything: only a plain name of storable length names files."""
    return name.strip() if 0 < len(name.strip()) <= _LONGEST_FILE_NAME and name.isprintable() else None


def _nominee(caller: Caller) -> UUID | None:
    return caller.person_id if Role.NOMINEE in caller.roles else None
