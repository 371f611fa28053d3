"""What was decided about papers and cases, for who holds them: withdrawn, erased, restricted (PIPL 第十五、四十七条)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.rights_requests import RightsAbout, RightsKind, RightsOutcome
from services.auth.personal_data.privacy_tables import ConsentRow
from services.auth.personal_data.rights_tables import RightsRequestRow

_LATE_COMMITS = timedelta(seconds=45)
"""What is decided now may be committed this much later: whoever asks again hears so far back twice."""


@dataclass(frozen=True, slots=True)
class PaperDecision:
    """`purpose` None: all papers of the person; `campaign_key` None: of all campaigns. `covers_until`: later ones stay."""

    id: UUID
    decided: str
    about: str
    person_id: UUID
    campaign_key: str | None
    purpose: str | None
    covers_until: datetime
    at: datetime


async def paper_decisions(
    session: AsyncSession, *, since: datetime | None, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[PaperDecision]:
    """The oldest first, from a little before `since`; `after` is the last of the page before."""
    told = union_all(_withdrawals(), _answered()).subquery()
    query = select(told).order_by(told.c.at, told.c.id).limit(limit)
    if since is not None:
        query = query.where(told.c.at > since - _LATE_COMMITS)
    if after is not None:
        query = query.where(tuple_(told.c.at, told.c.id) > after)
    return [PaperDecision(*row) for row in await session.execute(query)]


def _withdrawals() -> Select[*tuple[Any, ...]]:
    """A consent withdrawn stops the use of what was given under it, whatever an office answers later."""
    act = ConsentRow
    return select(
        act.id.label("id"),
        literal("withdrawn").label("decided"),
        literal(RightsAbout.DOCUMENTS.value).label("about"),
        act.person_id.label("person_id"),
        act.campaign_key.label("campaign_key"),
        act.purpose.label("purpose"),
        act.at.label("covers_until"),
        act.at.label("at"),
    ).where(act.act == "withdrawn")


def _answered() -> Select[*tuple[Any, ...]]:
    """An office's answer to a request for erasure: done, or kept by law and used no more, a case with its papers."""
    request, act = RightsRequestRow, ConsentRow
    return (
        select(
            request.id,
            case((request.outcome == RightsOutcome.DONE, literal("erased")), else_=literal("restricted")),
            request.about,
            request.person_id,
            request.campaign_key,
            act.purpose,
            func.coalesce(act.at, request.decided_at),
            request.decided_at,
        )
        .outerjoin(act, act.id == request.consent_id)
        .where(
            request.kind == RightsKind.ERASURE,
            or_(
                and_(request.about == RightsAbout.DOCUMENTS, request.outcome == RightsOutcome.DONE),
                and_(request.about != RightsAbout.ACCOUNT, request.outcome == RightsOutcome.RESTRICTED),
            ),
        )
    )
