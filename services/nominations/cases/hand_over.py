"""Opens a case's documents to the level above, before the case is handed over.

Outside the transaction, as every call to another service. Whether the hand-over is allowed is asked first: papers of a
case that stays where it is are not opened. The transaction that follows asks again, and decides.
"""

from uuid import UUID

from services.common.callers.tokens import Caller
from services.nominations import queries
from services.nominations.cases.case_facts import actor_of, load_case
from services.nominations.cases.opening import name_for_files
from services.nominations.city_tables import CityList
from services.nominations.context import Context
from services.nominations.documents_client import BundleOwner
from services.nominations.domain.permissions import blockers
from services.nominations.domain.workflow import Action, Move, stage_after


async def open_papers_of_report(context: Context, caller: Caller, report_id: UUID) -> None:
    """A bundle of the report's own, for the sealed scans of its forms: no unit's, the county and the city file and read.

    Raises NotFound, Unavailable.
    """
    async with context.database.reading() as session:
        report = await queries.get_report(session, caller, report_id)
    owner = BundleOwner(
        person_id=None,
        unit_id=report_id,
        quota_unit=report.quota_unit,
        campaign_key=report.campaign_key,
        open_to=("county", "city"),
    )
    await context.documents.register_bundle(report_id, owner)


async def open_papers_of_list(context: Context, caller: Caller, city_list: CityList) -> None:
    """The same for the city's list, once it has been reported and is printed to be sealed. Raises Unavailable."""
    owner = BundleOwner(
        person_id=None,
        unit_id=city_list.id,
        quota_unit=caller.jurisdiction,
        campaign_key=city_list.campaign_key,
        open_to=("city",),
    )
    await context.documents.register_bundle(city_list.id, owner)


async def open_documents_upward(context: Context, caller: Caller, nomination_id: UUID, action: Action) -> None:
    """Does nothing where the action is blocked: the command itself then says why. Raises NotFound, Unavailable."""
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = await load_case(session, nomination, campaign, now=context.clock.now())
    if blockers(action, actor=actor_of(caller), case=case.facts):
        return
    above = stage_after(Move.UP, nomination.stage, campaign.path_of(nomination.quota_unit))
    owner = BundleOwner(
        person_id=nomination.nominee_person_id,
        unit_id=nomination.unit_id,
        quota_unit=nomination.quota_unit,
        campaign_key=nomination.campaign_key,
        open_to=(above,),
        unit_name=nomination.unit_name,
        person_name=name_for_files(nomination.name),
    )
    await context.documents.register_bundle(nomination_id, owner)
