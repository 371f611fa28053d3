"""附件5 and 附件6 of a case: what was entered, pictures in their places, signed opinions in their boxes (R147–R192)."""

from typing import Literal
from uuid import UUID

from services.nominations.case_facts import Case
from services.nominations.content import opened_form
from services.nominations.context import Context
from services.nominations.domain.workflow import FIRST_STAGE
from services.nominations.forms.blocks import FormDocument
from services.nominations.rendering import form_document, picture_places, printed_values


async def approval_form(context: Context, case: Case) -> FormDocument:
    """A draft until the case has gone up. Raises Unavailable."""
    nomination, campaign = case.nomination, case.campaign
    form = campaign.form_of(nomination.category)
    status: Literal["draft", "final"] = "draft" if nomination.stage == FIRST_STAGE else "final"
    return form_document(
        campaign,
        context.campaigns.print_layout(campaign, form.key),
        form.key,
        values=printed_values(campaign, nomination, opened_form(nomination, form, context.seal)),
        images=await _pictures(context, nomination.id),
        signatures=case.signatures,
        status=status,
    )


async def _pictures(context: Context, nomination_id: UUID) -> dict[str, bytes]:
    """The pictures that the form shows, read in the service's own name; a missing one leaves its place empty."""
    places = picture_places(await context.documents.held(nomination_id))
    return {place: await context.documents.content(document_id) for place, document_id in places.items()}
