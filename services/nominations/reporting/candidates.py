"""Among whom the city chooses (R17, R46): whoever the office could list at this moment, by the rules that listing asks."""

from collections import Counter
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.db import fetch
from services.common.lists.paging import in_words
from services.common.prepared import Slot, Statements
from services.nominations.cases.case_facts import actor_of, case_of
from services.nominations.cases.surroundings import read_answer, statement
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.permissions import blockers
from services.nominations.domain.workflow import Action, Status
from services.nominations.queries import visible_to
from services.nominations.tables import Nomination


def _endorsed(caller: Caller, *, seats: int) -> Select[Any]:
    """With all that is in force around each. No more of them stand there than the campaign has seats."""
    ours = (Nomination.campaign_key == Slot("campaign_key"), Nomination.stage == "city")
    query = statement(*ours, Nomination.status == Slot("status"), visible_to(caller))
    return query.order_by(Nomination.id).limit(in_words(seats))


_ENDORSED = Statements(_endorsed)


async def count_candidates(
    session: AsyncSession, context: Context, caller: Caller, campaign: Campaign
) -> dict[str, int]:
    """Category → how many. Who is barred, objected to, or not agreed to is nobody to choose; read by one statement.

    A case in which this officer steps aside (R97) counts: another lists it.
    """
    now = context.clock.now()
    query = _ENDORSED.of(caller, seats=sum(sum(row.seats.values()) for row in campaign.quotas))
    given = {"campaign_key": campaign.key, "status": Status.ENDORSED.value, "now": now}
    found: Counter[str] = Counter()
    for (text,) in await fetch(session, query.text, *query.filled(caller, given)):
        nomination, surroundings = read_answer(text)
        version = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
        case = case_of(nomination, surroundings, version, now=now)
        against = blockers(Action.LIST, actor=actor_of(caller), case=case.facts)
        if all(blocker.about_role for blocker in against):
            found[nomination.category] += 1
    return dict(found)
