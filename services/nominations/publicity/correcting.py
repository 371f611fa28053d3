"""更正公示内容: what the unit shows is put right. When the facts shown change, the notice and its period begin anew (R48–R49)."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.versions import Version, require_same_version
from services.common.callers.tokens import Caller
from services.common.problems import FieldError, Unprocessable
from services.nominations.cases.case_facts import Case, load_case
from services.nominations.cases.checking import check_case, require_complete
from services.nominations.cases.confirming import confirm_own_part
from services.nominations.cases.content import accepted_content, write_content
from services.nominations.cases.one_index import gather_person
from services.nominations.cases.one_open_case import already_nominated_as_refusal, stands_beside_its_entity
from services.nominations.cases.papers import Papers
from services.nominations.cases.replacing_subject import subject_of
from services.nominations.cases.saving import version_of
from services.nominations.cases.submission import note_explanations
from services.nominations.cases.transition import require_allowed, take
from services.nominations.context import Context
from services.nominations.domain.workflow import FIRST_STAGE, Action
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.publicity.publicity_notices import hash_of_shown, post, shown_of, told_of
from services.nominations.schemas.procedure import Correction

_ANOTHER_SUBJECT = FieldError(
    "/form",
    "subject_replaced",
    "公示期间不能更换推荐对象；身份证号、统一社会信用代码或集体名称确有错误的，请先退回修改，再重新推荐、考察和公示",
    requirement="R53",
)


async def correct(  # noqa: PLR0917  who corrects what, edited from which version, with which papers
    session: AsyncSession,
    context: Context,
    caller: Caller,
    case: Case,
    papers: Papers,
    wanted: Correction,
    edited: Version,
) -> None:
    """Raises ActionForbidden, ActionBlocked, PreconditionFailed, Unprocessable, NominationIncomplete, AlreadyNominated.

    A nominee whose part changed has to confirm it again before the head of the unit signs (R79).
    """
    require_allowed(Action.CORRECT, caller=caller, case=case)
    nomination, notice = case.nomination, case.publicity
    assert notice is not None
    require_same_version(edited=edited, current=version_of(nomination))
    form = case.campaign.form_of(nomination.category)
    content = accepted_content(
        form, wanted.form, case.campaign, seal=context.seal, nomination_id=nomination.id, stored=nomination
    )
    before = subject_of(nomination)
    write_content(nomination, case.campaign, content)
    if before.is_replaced_by(subject_of(nomination)):
        raise Unprocessable(errors=[_ANOTHER_SUBJECT])
    with already_nominated_as_refusal(case):
        await gather_person(session, context.campaigns, context.seal, nomination)
    note_explanations(case, caller, wanted.explanations)
    corrected = await load_case(session, nomination, case.campaign, now=case.now)
    beside = await stands_beside_its_entity(session, corrected)
    require_complete(corrected, check_case(corrected, context.seal, papers, beside_entity=beside))
    await confirm_own_part(session, caller, corrected)
    if hash_of_shown(shown_of(corrected)) != notice.content_hash:
        await session.execute(
            update(PublicityNotice).where(PublicityNotice.id == notice.id).values(superseded_at=case.now)
        )
        notice = post(session, context, caller, corrected, level=FIRST_STAGE)
    with already_nominated_as_refusal(case):
        await take(
            session, Action.CORRECT, caller=caller, case=corrected, reason=wanted.reason, details=told_of(notice)
        )
