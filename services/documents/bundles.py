"""Bundles: the papers of a case. The procedure says whose they are; everybody else reads what is theirs to read."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from services.common.tokens import Caller
from services.documents.document_answers import document_answer
from services.documents.queries import readable_bundle
from services.documents.resources import Resources
from services.documents.schemas.bundles import BundleAnswer, BundleItemsAnswer, BundleRequest
from services.documents.tables import BundleRow


async def put_bundle(resources: Resources, bundle_id: UUID, wanted: BundleRequest) -> BundleAnswer:
    """The same request twice leaves one bundle; what is open to a stage stays open. Raises CampaignUnknown."""
    resources.rules.of(wanted.campaign_key)
    async with resources.database.transaction() as session:
        await session.execute(insert(BundleRow).values(id=bundle_id, **wanted.model_dump()).on_conflict_do_nothing())
        bundle = await session.get_one(BundleRow, bundle_id, with_for_update=True)
        bundle.owner_person_id = wanted.owner_person_id
        bundle.organisation_id = wanted.organisation_id
        bundle.jurisdiction = wanted.jurisdiction
        bundle.campaign_key = wanted.campaign_key
        bundle.open_to = sorted({*bundle.open_to, *wanted.open_to})
        return BundleAnswer.model_validate(wanted.model_dump() | {"bundle_id": bundle_id, "open_to": bundle.open_to})


async def list_bundle(resources: Resources, caller: Caller, bundle_id: UUID) -> BundleItemsAnswer:
    """Raises NotFound."""
    async with resources.database.reading() as session:
        documents = await readable_bundle(session, bundle_id, caller=caller, rules=resources.rules)
    return BundleItemsAnswer(bundle_id=bundle_id, items=[document_answer(facts) for facts in documents])
