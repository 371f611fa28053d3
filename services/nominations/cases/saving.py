"""Saves the whole content of a case; two phones never overwrite each other (If-Match)."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.versions import Version, require_same_version
from services.common.callers.tokens import Caller
from services.common.problems import FieldError, Unprocessable
from services.nominations.cases.case_facts import Case, case_of
from services.nominations.cases.content import (
    AcceptedContent,
    accepted_content,
    identity_field,
    require_own_part,
    write_content,
)
from services.nominations.cases.locked_rows import lock_row, look_around
from services.nominations.cases.one_index import gather_person
from services.nominations.cases.one_open_case import already_nominated_as_refusal
from services.nominations.cases.replacing_subject import subject_of, supersede_what_was_said
from services.nominations.cases.transition import require_allowed, take
from services.nominations.context import Context
from services.nominations.domain.form_definition import FormDefinition
from services.nominations.domain.permissions import REMOVAL_PENDING
from services.nominations.domain.workflow import Action, Role
from services.nominations.problems import refusal
from services.nominations.schemas.nomination import SavedNomination
from services.nominations.tables import Nomination


def version_of(nomination: Nomination) -> Version:
    return Version(nomination.revision, nomination.saved_at)


async def locked_case(session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID) -> Case:
    """The case in scope, its row locked until the transaction ends. Raises NotFound, NominationHeld."""
    nomination = await lock_row(session, caller, nomination_id)
    campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    now = context.clock.now()
    return case_of(nomination, await look_around(session, nomination_id, now=now), campaign, now=now)


async def save(
    session: AsyncSession,
    context: Context,
    caller: Caller,
    nomination_id: UUID,
    *,
    edited: Version,
    wanted: SavedNomination,
) -> Nomination:
    """A case that is about somebody else from now on keeps nothing of what was said of the one before.

    Raises ActionForbidden, ActionBlocked, PreconditionFailed with both versions' times, AlreadyNominated, Unprocessable also
    where another person than the joined nominee changes whom the case is about.
    """
    case = await locked_case(session, context, caller, nomination_id)
    nomination = case.nomination
    require_allowed(Action.EDIT, caller=caller, case=case)
    require_same_version(edited=edited, current=version_of(nomination))
    form = case.campaign.form_of(nomination.category)
    content = accepted_content(
        form,
        wanted.form,
        case.campaign,
        seal=context.seal,
        nomination_id=nomination_id,
        stored=nomination,
    )
    if Role.UNIT_CLERK not in caller.roles:
        require_own_part(form, nomination.form, content.form)
    before = subject_of(nomination)
    _require_same_person(caller, nomination, form, content)
    write_content(nomination, case.campaign, content)
    details: dict[str, Any] = {"revision": nomination.revision + 1}
    if before.is_replaced_by(subject_of(nomination)):
        if case.facts.removal_pending:
            raise refusal([REMOVAL_PENDING])
        await supersede_what_was_said(session, case)
        details["subject_replaced"] = True
    with already_nominated_as_refusal(case):  # a returned case holds its seat, and its subject's place with it
        await gather_person(session, context.campaigns, context.seal, nomination)
        await take(session, Action.EDIT, caller=caller, case=case, details=details)
    return nomination


def _require_same_person(
    caller: Caller, nomination: Nomination, form: FormDefinition, content: AcceptedContent
) -> None:
    """Whoever took a case over reads it and confirms it: it is not turned into somebody else's under their hands (A30)."""
    joined, written = nomination.nominee_person_id, nomination.identity_index
    if joined in (None, caller.person_id) or written in (None, content.identity_index):
        return
    message = "推荐对象已接手，证件号码由本人更正；要更换推荐对象，请撤回这件推荐，另行建立"
    pointer = f"/form/{identity_field(form)}"
    raise Unprocessable(errors=[FieldError(pointer, "number_of_the_nominee", message, requirement="R79")])
