"""The scan that an opinion names shows the very sheet that was printed for this authority (R130, R148)."""

from uuid import UUID

from services.common.callers.tokens import Caller
from services.nominations import queries
from services.nominations.cases.case_facts import Case, load_case
from services.nominations.context import Context
from services.nominations.domain.scan_match import OPINION_SHEET
from services.nominations.prints.noting_scans import shown_on
from services.nominations.prints.sealed_scans import NamedScan, ShownPrint, named_paper
from services.nominations.schemas.procedure import RecordedOpinion

POINTER = "/scan_document_id"


async def scan_of_opinion(
    context: Context, caller: Caller, nomination_id: UUID, authority: str, wanted: RecordedOpinion
) -> ShownPrint | None:
    """Before the transaction, for documents is asked. Raises NotFound, Unprocessable, Unavailable."""
    if wanted.scan_document_id is None:
        return None
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = await load_case(session, nomination, campaign, now=context.clock.now())
    return await shown_sheet(context, case, authority, NamedScan(wanted.scan_document_id, wanted.scan_explanation))


async def shown_sheet(context: Context, case: Case, authority: str, named: NamedScan) -> ShownPrint | None:
    """None for an authority that signs no sheet of the notice: any paper that it sealed will do."""
    need = next((each for each in case.required if each.authority == authority), None)
    if need is None or need.sheet is None:
        await named_paper(context, case.nomination.id, named.document_id, kind=OPINION_SHEET, pointer=POINTER)
        return None
    return await shown_on(context, case, need.sheet, named, pointer=POINTER)
