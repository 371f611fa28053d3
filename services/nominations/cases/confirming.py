"""Each part is confirmed by who answers for it: the nominee's by the nominee, the unit's by its clerk (R79, R147, R169, A30)."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, Unprocessable
from services.nominations.cases.case_facts import Case
from services.nominations.cases.content import hash_of_part
from services.nominations.cases.transition import require_allowed, take
from services.nominations.domain.facts import Blocker
from services.nominations.domain.form_definition import Part
from services.nominations.domain.workflow import Action, Role
from services.nominations.problems import refusal
from services.nominations.procedure_tables import Confirmation


async def confirm(session: AsyncSession, caller: Caller, case: Case, *, part: Part, statement: str) -> None:
    """Fixes what the part says now. Raises ActionForbidden, ActionBlocked, Unprocessable naming each missing answer.

    The clerk may confirm for a nominee who has not joined, and then says how the nominee agreed.
    """
    require_allowed(Action.CONFIRM, caller=caller, case=case)
    _require_right_person(caller, case, part)
    on_behalf = part is Part.NOMINEE and not _is_nominee(caller, case)
    if on_behalf and not statement.strip():
        message = "请写明本人如何确认，例如：本人已在纸质表上签字"
        raise Unprocessable(errors=[FieldError("/statement", "required", message, requirement="R79")])
    _require_complete(case, part)
    await _write(session, caller, case, part, on_behalf=on_behalf, statement=statement)
    details = {"part": part.value, "on_behalf": on_behalf, "content_hash": _hash(case, part)}
    await take(session, Action.CONFIRM, caller=caller, case=case, details=details)


async def confirm_own_part(session: AsyncSession, caller: Caller, case: Case) -> None:
    """Whoever submits stands for their own part by doing so."""
    part = Part.NOMINEE if _is_nominee(caller, case) else Part.UNIT
    if part in case.parts:
        await _write(session, caller, case, part, on_behalf=False, statement="")


def _is_nominee(caller: Caller, case: Case) -> bool:
    return caller.person_id == case.nomination.nominee_person_id


def _require_right_person(caller: Caller, case: Case, part: Part) -> None:
    joined = case.nomination.nominee_person_id is not None
    if part is Part.NOMINEE and joined and not _is_nominee(caller, case):
        raise refusal([Blocker("nominee_confirms", "推荐对象已接手，须由本人确认", "R79", about_role=True)])
    if part is Part.UNIT and Role.UNIT_CLERK not in caller.roles:
        raise refusal([Blocker("unit_confirms", "单位填写的部分由单位经办人确认", "R79", about_role=True)])


def _require_complete(case: Case, part: Part) -> None:
    progress = case.parts.get(part)
    if progress is None:
        errors = [FieldError("/part", "part_not_asked", "这张表没有须由该方填写的部分", requirement="R128")]
    else:
        form = case.campaign.form_of(case.nomination.category)
        missing = [definition for key in progress.missing if (definition := form.get(key)) is not None]
        errors = [
            FieldError(f"/form/{each.key}", "required", f"请填写{each.label}", requirement=each.requirement)
            for each in missing
        ]
    if errors:
        raise Unprocessable(errors=errors)


def _hash(case: Case, part: Part) -> str:
    return hash_of_part(case.campaign.form_of(case.nomination.category), case.nomination, part)


async def _write(
    session: AsyncSession, caller: Caller, case: Case, part: Part, *, on_behalf: bool, statement: str
) -> None:
    facts = {
        "content_hash": _hash(case, part),
        "person_id": caller.person_id,
        "person_name": caller.name,
        "on_behalf": on_behalf,
        "statement": statement,
        "confirmed_at": case.now,
    }
    key = {"nomination_id": case.nomination.id, "part": part.value}
    await session.execute(
        insert(Confirmation).values(key | facts).on_conflict_do_update(index_elements=list(key), set_=facts)
    )
