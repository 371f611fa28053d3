"""“积极稳妥开展典型事迹宣传” (R106): the unit writes, the person it is about consents, the city publishes. In that order."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.problems import NotFound
from services.nominations.cases.case_facts import Case
from services.nominations.cases.case_history import record
from services.nominations.cases.saving import locked_case
from services.nominations.context import Context
from services.nominations.domain.facts import Blocker
from services.nominations.domain.workflow import NOT_TO_BE_TOLD_OF, Event, Role, Status
from services.nominations.problems import NominationHeld, refusal
from services.nominations.procedure_tables import Story
from services.nominations.schemas.declarations import SavedStory

_TAKE_DOWN = frozenset({Role.CITY_OFFICER, Role.UNIT_CLERK, Role.UNIT_HEAD})


async def save_story(
    session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID, wanted: SavedStory
) -> Story:
    """Writes or rewrites it. What was consented to and published is no longer: consent was given to other words."""
    case = await locked_case(session, context, caller, nomination_id)
    _require_unrestricted(case)
    story = await session.get(Story, nomination_id)
    if story is None:
        story = Story(nomination_id=nomination_id, campaign_key=case.nomination.campaign_key, revision=0)
        session.add(story)
    story.revision += 1
    story.title, story.text = wanted.title, wanted.text
    story.written_by, story.saved_at = caller.person_id, case.now
    story.consented_by = story.consented_at = story.published_at = None
    await _note(session, caller, case, Event.STORY_SAVED)
    return story


async def consent(session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID) -> Story:
    """The nominee agrees; for a collective, the head of its unit. Raises NotFound, ActionForbidden."""
    case, story = await _story(session, context, caller, nomination_id)
    if not _is_about(caller, case):
        raise refusal([Blocker("consent_is_personal", "须由本人（集体由单位负责人）同意", "R106", about_role=True)])
    story.consented_by, story.consented_at = caller.person_id, case.now
    await _note(session, caller, case, Event.STORY_CONSENTED)
    return story


async def publish_story(session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID) -> Story:
    """Raises NotFound, ActionBlocked while the person has not consented, and once the case has come to nothing."""
    case, story = await _story(session, context, caller, nomination_id)
    _require_unrestricted(case)
    if Status(case.nomination.status) in NOT_TO_BE_TOLD_OF:
        raise refusal([Blocker("case_over", "这件推荐已撤回、不予推荐、取消资格或者撤销称号，不能宣传", "R106")])
    if story.consented_at is None:
        raise refusal([Blocker("consent_missing", "本人尚未同意宣传，不能发布", "R106")])
    story.published_at = case.now
    await _note(session, caller, case, Event.STORY_PUBLISHED)
    return story


async def take_down(session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID) -> Story:
    """Off the public page: by the city or the unit at any time; whom it is about withdraws their consent with it.

    Raises NotFound, ActionForbidden.
    """
    case, story = await _story(session, context, caller, nomination_id)
    if not _is_about(caller, case) and caller.roles.isdisjoint(_TAKE_DOWN):
        raise refusal([Blocker("role_not_allowed", "您的角色不能办理这一步", "R106", about_role=True)])
    story.published_at = None
    if _is_about(caller, case):
        story.consented_by = story.consented_at = None
    await _note(session, caller, case, Event.STORY_TAKEN_DOWN)
    return story


def _is_about(caller: Caller, case: Case) -> bool:
    """The nominee; for a collective, the head of its unit, whoever that is by now."""
    collective = case.campaign.category(case.nomination.category).subject == "collective"
    return caller.person_id == case.nomination.nominee_person_id or (collective and Role.UNIT_HEAD in caller.roles)


def _require_unrestricted(case: Case) -> None:
    """Telling of somebody is no duty of the procedure: nothing more is told once processing is restricted."""
    if case.nomination.restricted_at is not None:
        raise NominationHeld


async def _story(session: AsyncSession, context: Context, caller: Caller, nomination_id: UUID) -> tuple[Case, Story]:
    case = await locked_case(session, context, caller, nomination_id)
    story = await session.get(Story, nomination_id)
    if story is None:
        raise NotFound
    return case, story


async def _note(session: AsyncSession, caller: Caller, case: Case, event: Event) -> None:
    place = (case.nomination.stage, case.nomination.status)
    await session.flush()
    await record(session, case.nomination, event, caller=caller, at=case.now, before=place)
