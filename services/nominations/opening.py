"""Opens a case: for themselves by a nominee, on behalf of a nominee by the unit's clerk (A30)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.tokens import Caller
from services.nominations.case_history import record
from services.nominations.content import accepted_content
from services.nominations.context import Context
from services.nominations.documents_client import BundleOwner
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.workflow import FIRST_STAGE, Event, Role, Status
from services.nominations.problems import CategoryUnknown
from services.nominations.schemas.nomination import NewNomination
from services.nominations.tables import Nomination


async def register_bundle(context: Context, caller: Caller, nomination_id: UUID, wanted: NewNomination) -> None:
    """Makes the bundle for the case's documents, before and outside the transaction that writes the case.

    Raises CampaignNotFound.
    """
    async with context.database.reading() as session:
        await context.campaigns.latest(session, wanted.campaign_key)
    owner = BundleOwner(
        person_id=_nominee(caller),
        unit_id=UUID(caller.organisation_id),
        quota_unit=caller.jurisdiction,
        campaign_key=wanted.campaign_key,
        unit_name=caller.organisation_name,
        person_name=name_for_files(wanted.form),
    )
    await context.documents.register_bundle(nomination_id, owner)


async def open_nomination(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, wanted: NewNomination
) -> tuple[Nomination, Campaign]:
    """Writes the draft and its first event. Raises CampaignNotFound, CategoryUnknown, Unprocessable."""
    campaign = await context.campaigns.latest(session, wanted.campaign_key)
    if wanted.category not in campaign.category_keys:
        raise CategoryUnknown
    content = accepted_content(
        campaign.form_of(wanted.category), wanted.form, campaign, seal=context.seal, nomination_id=nomination_id
    )
    now = context.clock.now()
    nomination = Nomination(
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
        form=content.form,
        identity_sealed=content.identity_sealed,
        identity_index=content.identity_index,
        created_at=now,
        saved_at=now,
    )
    session.add(nomination)
    await session.flush()
    await record(session, nomination, Event.CREATED, caller=caller, at=now, before=None)
    return nomination, campaign


def name_for_files(form: Mapping[str, Any]) -> str | None:
    """R127 单位+姓名. A draft may hold anything: only a plain name of storable length names files."""
    name = form.get("full_name")
    return name.strip() if isinstance(name, str) and 0 < len(name.strip()) <= 50 and name.isprintable() else None


def _nominee(caller: Caller) -> UUID | None:
    return caller.person_id if Role.NOMINEE in caller.roles else None
