"""附件5 and 附件6 of a case: what was entered, pictures in their places, signed opinions in their boxes (R147–R192)."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from services.common.problems import NotFound
from services.nominations.cases.case_facts import Case
from services.nominations.cases.content import opened_form
from services.nominations.context import Context
from services.nominations.documents_client import HeldDocument
from services.nominations.domain.workflow import FIRST_STAGE
from services.nominations.forms.blocks import FormDocument
from services.nominations.prints.rendering import form_document, picture_places, printed_values


async def approval_form(context: Context, case: Case, *, with_pictures: bool = True) -> FormDocument:
    """A draft until the case has gone up. Without pictures it is enough to know a print again. Raises Unavailable."""
    nomination, campaign = case.nomination, case.campaign
    form = campaign.form_of(nomination.category)
    status: Literal["draft", "final"] = "draft" if nomination.stage == FIRST_STAGE else "final"
    places = picture_places(await context.documents.held(nomination.id))
    return form_document(
        campaign,
        context.campaigns.print_layout(campaign, form.key),
        form.key,
        values=printed_values(campaign, nomination, opened_form(nomination, form, context.seal)),
        images=await _pictures(context, places) if with_pictures else {},
        signatures=case.signatures,
        path=campaign.path_of(nomination.quota_unit),
        status=status,
        subject=nomination.id,
        pictures={place: held.sha256 for place, held in places.items()},
    )


async def _pictures(context: Context, places: Mapping[str, HeldDocument]) -> dict[str, bytes]:
    """The pictures that the form shows, read in the service's own name."""
    return {place: await _content(context, held.id) for place, held in places.items()}


async def _content(context: Context, document_id: UUID) -> bytes:
    """Nothing of a file that is lost: its place on the form says that it cannot be printed, the form itself is whole."""
    try:
        return await context.documents.content(document_id)
    except NotFound:
        return b""
