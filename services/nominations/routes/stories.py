"""Typical stories: written by the unit, consented to by the person, published by the city, read by anybody (R106)."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.answers.caching import FOR_ANYBODY
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading
from services.common.lists.paging import PageKey, PageSize, in_words, page_token, parsed_key, rows_to_fetch
from services.common.moments import moment_of
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.common.repeats.once import Once
from services.nominations import queries
from services.nominations.context import InContext
from services.nominations.domain.workflow import NOT_TO_BE_TOLD_OF, Role
from services.nominations.problems import ActionBlocked, ActionForbidden
from services.nominations.procedure_tables import Story
from services.nominations.publicity.stories import consent, publish_story, save_story, take_down
from services.nominations.schemas.declarations import PublicStories, PublicStory, SavedStory, StoryBody
from services.nominations.tables import Nomination

_PATH = "/v1/nominations/{nomination_id}/story"
_SIGNED_IN = SIGNED_IN | answers(ActionForbidden, NotFound, MalformedJson)
story_routes = DeclaringRouter(route_class=StrictRoute, tags=["stories"], responses=answers(Unavailable, Unprocessable))
Unit = Annotated[Caller, caller_with(Role.UNIT_CLERK)]
City = Annotated[Caller, caller_with(Role.CITY_OFFICER)]


def _body(story: Story) -> StoryBody:
    return StoryBody.model_validate(story, from_attributes=True)


async def _once(once: Once, caller: Caller, step: Callable[[AsyncSession], Awaitable[Story]]) -> Response:
    async def perform(session: AsyncSession) -> StoryBody:
        return _body(await step(session))

    return await once.do(caller, perform)


@story_routes.get(_PATH, responses=_SIGNED_IN)
async def get_story(nomination_id: UUID, caller: CurrentCaller, session: Reading) -> StoryBody:
    """典型事迹（限本件有权人员）。The story of a case, published or not."""
    await queries.get_nomination(session, caller, nomination_id)
    story = await session.get(Story, nomination_id)
    if story is None:
        raise NotFound
    return _body(story)


@story_routes.put(_PATH, responses=_SIGNED_IN)
async def write_story(nomination_id: UUID, wanted: SavedStory, caller: Unit, context: InContext) -> StoryBody:
    """撰写典型事迹（R106）。Writes it; a consent given to earlier words ends."""
    async with context.database.transaction() as session:
        return _body(await save_story(session, context, caller, nomination_id, wanted))


@story_routes.post(_PATH + "/consent", status_code=201, response_model=StoryBody, responses=_SIGNED_IN)
async def consent_to_story(nomination_id: UUID, caller: CurrentCaller, context: InContext, once: Once) -> Response:
    """本人同意宣传。The person it is about consents."""
    return await _once(once, caller, lambda session: consent(session, context, caller, nomination_id))


@story_routes.post(
    _PATH + "/publication", status_code=201, response_model=StoryBody, responses=_SIGNED_IN | answers(ActionBlocked)
)
async def publish_typical_story(nomination_id: UUID, caller: City, context: InContext, once: Once) -> Response:
    """发布典型事迹。Published by the city, with consent only."""
    return await _once(once, caller, lambda session: publish_story(session, context, caller, nomination_id))


@story_routes.post(_PATH + "/removal", status_code=201, response_model=StoryBody, responses=_SIGNED_IN)
async def take_story_down(nomination_id: UUID, caller: CurrentCaller, context: InContext, once: Once) -> Response:
    """撤下典型事迹，或本人撤回同意。Taken down at once; a person who asks withdraws consent with it."""
    return await _once(once, caller, lambda session: take_down(session, context, caller, nomination_id))


@story_routes.get("/v1/stories", dependencies=[FOR_ANYBODY])
async def list_stories(
    session: Reading, campaign_key: Annotated[str, Query(max_length=80)], after: PageKey, page_size: PageSize = 20
) -> PublicStories:
    """典型事迹（公开）。Published stories, newest first; of nobody who was withdrawn, disqualified or lost the title."""
    query = (
        select(Story, Nomination.name, Nomination.unit_name, Nomination.category)
        .join(Nomination, Nomination.id == Story.nomination_id)
        .where(
            Story.campaign_key == campaign_key,
            Story.published_at.is_not(None),
            Nomination.restricted_at.is_(None),
            Nomination.status.not_in(NOT_TO_BE_TOLD_OF),
        )
        .order_by(Story.published_at.desc(), Story.nomination_id.desc())
        .limit(in_words(rows_to_fetch(page_size + 1)))
    )
    if after is not None:
        query = query.where(tuple_(Story.published_at, Story.nomination_id) < parsed_key(after, moment_of, UUID))
    rows = (await session.execute(query)).all()
    items = [_public(row) for row in rows[:page_size]]
    last = rows[page_size - 1].Story if len(rows) > page_size else None
    more = page_token(last.published_at.isoformat(), last.nomination_id) if last is not None else None
    return PublicStories(items=items, next_page_token=more)


def _public(row: Any) -> PublicStory:
    return PublicStory(
        name=row.name,
        unit_name=row.unit_name,
        category=row.category,
        title=row.Story.title,
        text=row.Story.text,
        published_at=row.Story.published_at,
    )
