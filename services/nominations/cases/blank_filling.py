"""“所有表格不可空白，对无相关情况的栏目，请填写“无”” (R151, R171): one confirmed tap instead of a dozen typed words."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.versions import Version, require_same_version
from services.common.callers.tokens import Caller
from services.common.problems import FieldError, Unprocessable
from services.nominations.cases.content import AcceptedContent, require_own_part, write_content
from services.nominations.cases.saving import locked_case, version_of
from services.nominations.cases.transition import require_allowed, take
from services.nominations.context import Context
from services.nominations.domain.parts import filled_with_nothing
from services.nominations.domain.workflow import Action, Role
from services.nominations.tables import Nomination


async def fill_blanks(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, *, edited: Version, fields: list[str]
) -> Nomination:
    """Writes 无 into each named field, and who confirmed that there is nothing to tell.

    Raises ActionForbidden, ActionBlocked, PreconditionFailed, Unprocessable for a field that is answered or may not say 无.
    """
    case = await locked_case(session, context, caller, nomination_id)
    nomination = case.nomination
    require_allowed(Action.EDIT, caller=caller, case=case)
    require_same_version(edited=edited, current=version_of(nomination))
    form = case.campaign.form_of(nomination.category)
    filled = filled_with_nothing(form, nomination.form, frozenset(fields))
    refused = [
        FieldError(f"/fields/{index}", "not_blank", "此栏已填写，或不能填“无”", requirement="R151")
        for index, key in enumerate(fields)
        if key not in filled
    ]
    if refused:
        raise Unprocessable(errors=refused)
    after = {**nomination.form, **filled}
    if Role.UNIT_CLERK not in caller.roles:
        require_own_part(form, nomination.form, after)
    content = AcceptedContent(after, nomination.identity_sealed, nomination.identity_index)
    write_content(nomination, case.campaign, content)
    await take(session, Action.EDIT, caller=caller, case=case, details={"confirmed_nothing_for": sorted(filled)})
    return nomination
