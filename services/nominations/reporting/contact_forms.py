"""“应成立专门机构”, “将…联系表（附件9）报市专班办公室” (R40–R42, R66): who answers for the campaign in a county."""

from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, NotFound, Unprocessable
from services.nominations.campaigns.recommending import require_recommending
from services.nominations.cases.content import as_field_errors
from services.nominations.city_tables import ContactForm
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form import accept_draft, check_form
from services.nominations.domain.form_definition import FormDefinition
from services.nominations.problems import FormNotFound
from services.nominations.schemas.contact import SavedContactForm

_POSITIONS = ("leader", "contact")


def contact_form_of(campaign: Campaign) -> FormDefinition:
    """The campaign's own contact form. Raises FormNotFound where it asks for none."""
    if campaign.contact_form is None:
        raise FormNotFound
    return campaign.forms[campaign.contact_form]


async def file_contact_form(
    session: AsyncSession, context: Context, caller: Caller, campaign: Campaign, wanted: SavedContactForm
) -> ContactForm:
    """Filed whole or not at all: half a contact table reaches nobody.

    Raises FormNotFound, ActionForbidden, Unprocessable naming every field.
    """
    definition = contact_form_of(campaign)
    require_recommending(campaign, caller)
    now = context.clock.now()
    values, findings = accept_draft(definition, wanted.form, campaign.enums)
    findings = findings or check_form(definition, values, today=campaign.local_day(now))
    errors = as_field_errors(findings) or _rows_missing(values)
    if errors:
        raise Unprocessable(errors=errors)
    key = {"campaign_key": campaign.key, "quota_unit": caller.jurisdiction}
    saved = {"form": values, "filed_by": caller.person_id, "saved_at": now}
    # Of two who file the first one at once, the second saves it anew.
    written = insert(ContactForm).values(key | saved | {"revision": 1, "filed_at": now, "dispatches": {}})
    kept = written.on_conflict_do_update(index_elements=list(key), set_=saved | {"revision": ContactForm.revision + 1})
    return (await session.execute(kept.returning(ContactForm))).scalar_one()


async def note_dispatch(
    session: AsyncSession, caller: Caller, campaign: Campaign, *, channel: str, sent_on: date, today: date
) -> ContactForm:
    """“请传真至…，同时电子版发至邮箱” (R42, R207): what was sent, and when. Raises NotFound before the form is filed."""
    form = await session.get(ContactForm, (campaign.key, caller.jurisdiction), with_for_update=True)
    if form is None:
        raise NotFound
    if sent_on > today:
        raise Unprocessable(errors=[FieldError("/sent_on", "date_in_future", "日期不能晚于今天", requirement="R207")])
    form.dispatches = form.dispatches | {channel: sent_on.isoformat()}
    return form


def _rows_missing(values: dict[str, object]) -> list[FieldError]:
    """Two fixed rows, 负责人 and 联系人 (R204)."""
    rows = values.get("people")
    positions = [row.get("position") for row in rows] if isinstance(rows, list) else []
    return [
        FieldError("/form/people", "row_missing", "负责人、联系人须各填一行", requirement="R204")
        for position in _POSITIONS
        if position not in positions
    ][:1]
