"""A document is taken back: it is in force no longer, and kept like one that was replaced."""

from uuid import UUID

from sqlalchemy import func

from services.common.callers.tokens import Caller
from services.common.problems import NotFound
from services.documents.admission import admit, refuse_frozen
from services.documents.card_readings import drop_readings
from services.documents.document_answers import document_answer
from services.documents.queries import lock_bundle, readable_document
from services.documents.resources import Resources
from services.documents.schemas.documents import DocumentAnswer


async def withdraw_document(resources: Resources, caller: Caller, document_id: UUID) -> DocumentAnswer:
    """Repeated, it answers the same. Raises NotFound also for what is not theirs, KindNotYours, BundleFrozen."""
    async with resources.database.reading() as session:
        facts = await readable_document(session, document_id, caller=caller, rules=resources.rules)
    bundle_id, kind_key = facts[0].bundle_id, facts[0].kind
    admission = await admit(resources, caller, bundle_id=bundle_id, kind_key=kind_key)
    if not admission.may_close(facts[0]):
        raise NotFound
    async with resources.database.transaction() as session:
        refuse_frozen(admission.kind, await lock_bundle(session, bundle_id))
        facts = await readable_document(session, document_id, caller=caller, rules=resources.rules)
        if facts[0].replaced_at is None:
            facts[0].replaced_at = func.clock_timestamp()
            await drop_readings(session, [document_id])
            await session.flush()
            await session.refresh(facts[0])
        return document_answer(resources.rules, facts)
