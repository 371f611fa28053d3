"""“按要求签署意见并盖章” (R130): whoever holds the sealed paper files its scan with the case or the county's report."""

from uuid import UUID

from services.common.callers.tokens import Caller
from services.nominations import queries
from services.nominations.audit import note
from services.nominations.audit_table import ProcedureAction
from services.nominations.cases.case_facts import Case, load_case
from services.nominations.cases.case_history import record
from services.nominations.context import Context
from services.nominations.domain.scan_match import OPINION_SHEET, SEALED_SCAN
from services.nominations.domain.workflow import Event
from services.nominations.forms.blocks import FormDocument
from services.nominations.prints.approval_forms import approval_form
from services.nominations.prints.print_tables import SealedScan
from services.nominations.prints.printing import Subject, of_case, of_list, of_report
from services.nominations.prints.sealed_scans import NamedScan, ShownPrint, event_details, keep_scan, shown_by
from services.nominations.prints.sheet_forms import opinion_form, report_form
from services.nominations.reporting.list_forms import get_list, list_form
from services.nominations.schemas.prints import NewSealedScan

_POINTER = "/document_id"


async def note_scan_of_case(
    context: Context, caller: Caller, nomination_id: UUID, wanted: NewSealedScan
) -> tuple[SealedScan, ShownPrint]:
    """Once for each document and form: named again, it says the same.

    Raises NotFound, FormNotFound, Unprocessable, Unavailable.
    """
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = await load_case(session, nomination, campaign, now=context.clock.now())
    named = NamedScan(wanted.document_id, wanted.explanation)
    shown = await shown_on(context, case, wanted.form, named, pointer=_POINTER)
    at = context.clock.now()
    async with context.database.transaction() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id, lock=True)
        scan = await keep_scan(session, caller, of_case(nomination), shown, at=at)
        if scan.noted_at == at:
            place, details = (nomination.stage, nomination.status), event_details(shown)
            event = Event.SEALED_SCAN_NOTED
            await record(
                session,
                nomination,
                event,
                caller=caller,
                at=at,
                before=place,
                reason=shown.explanation,
                details=details,
            )
            if shown.explanation:
                await note(session, ProcedureAction.SCAN_EXPLAINED, caller, case=str(nomination_id), form=wanted.form)
    return scan, shown


async def note_scan_of_report(
    context: Context, caller: Caller, report_id: UUID, wanted: NewSealedScan
) -> tuple[SealedScan, ShownPrint]:
    """附件3, 附件4 and the report itself, sealed (R115). Raises NotFound, FormNotFound, Unprocessable, Unavailable."""
    async with context.database.reading() as session:
        subject = of_report(await queries.get_report(session, caller, report_id))
        document = await report_form(session, context, caller, report_id, wanted.form)
    return await _note(context, caller, subject, document, wanted)


async def note_scan_of_list(
    context: Context, caller: Caller, list_id: UUID, wanted: NewSealedScan
) -> tuple[SealedScan, ShownPrint]:
    """附件3 and 附件4 of the whole city, sealed (R64–R65). Raises NotFound, FormNotFound, Unprocessable, Unavailable."""
    async with context.database.reading() as session:
        subject = of_list(await get_list(session, list_id))
        document = await list_form(session, context, list_id, wanted.form)
    return await _note(context, caller, subject, document, wanted)


async def _note(
    context: Context, caller: Caller, subject: Subject, document: FormDocument, wanted: NewSealedScan
) -> tuple[SealedScan, ShownPrint]:
    named = NamedScan(wanted.document_id, wanted.explanation)
    shown = await shown_by(context, document, subject, named, pointer=_POINTER)
    at = context.clock.now()
    async with context.database.transaction() as session:
        scan = await keep_scan(session, caller, subject, shown, at=at)
        if shown.explanation and scan.noted_at == at:
            await note(session, ProcedureAction.SCAN_EXPLAINED, caller, about=str(subject.id), form=wanted.form)
    return scan, shown


async def shown_on(context: Context, case: Case, form_key: str, named: NamedScan, *, pointer: str) -> ShownPrint:
    """What a scan shows of one of the case's forms. Raises FormNotFound, Unprocessable, Unavailable."""
    document, kind = await _form_now(context, case, form_key)
    return await shown_by(context, document, of_case(case.nomination), named, pointer=pointer, kind=kind)


async def _form_now(context: Context, case: Case, form_key: str) -> tuple[FormDocument, str]:
    """The form, and the kind of its scans."""
    if form_key == case.campaign.form_of(case.nomination.category).key:
        return await approval_form(context, case, with_pictures=False), SEALED_SCAN
    return opinion_form(context, case, form_key, with_opinions=False), OPINION_SHEET
