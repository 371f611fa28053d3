"""How far drafts are filled in (R110): counts and percents alone, for offices read a draft only once it was handed over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Integer, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.nominations.domain.workflow import Status
from services.nominations.schemas.progress import DraftsBody, StepCount

MOST = 500
"""So many drafts of an organisation and category are averaged, the newest: a board costs the same however many are open."""
_MEANS = text("""
    SELECT place.quota_unit, place.category, mean.percent_nominee, mean.percent_unit
    FROM unnest(CAST(:quota_units AS text[]), CAST(:categories AS text[])) AS place (quota_unit, category)
    CROSS JOIN LATERAL (
        SELECT round(avg(newest.percent_nominee)) AS percent_nominee, round(avg(newest.percent_unit)) AS percent_unit
        FROM (
            SELECT draft.percent_nominee, draft.percent_unit FROM nominations.nominations AS draft
            WHERE draft.campaign_key = :campaign_key AND draft.quota_unit = place.quota_unit
                AND draft.category = place.category AND draft.status = 'draft'
            ORDER BY draft.id DESC LIMIT :most
        ) AS newest
    ) AS mean
    WHERE mean.percent_nominee IS NOT NULL
    ORDER BY place.quota_unit, place.category
""").bindparams(bindparam("most", type_=Integer, literal_execute=True))


async def drafts_of(
    session: AsyncSession, campaign_key: str, steps: Mapping[str, Sequence[StepCount]], *, most: int = MOST
) -> dict[str, list[DraftsBody]]:
    """By organisation, a row for each category with drafts. `steps`: how many cases stand where, which counts the drafts."""
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for quota_unit, counts in steps.items():
        for step in counts:
            if step.status == Status.DRAFT:
                counted[quota_unit, step.category] += step.cases
    places = {"quota_units": [unit for unit, _ in counted], "categories": [category for _, category in counted]}
    drafts: dict[str, list[DraftsBody]] = defaultdict(list)
    for row in await session.execute(_MEANS, places | {"campaign_key": campaign_key, "most": most}):
        drafts[row.quota_unit].append(
            DraftsBody(
                category=row.category,
                cases=counted[row.quota_unit, row.category],
                percent_nominee=row.percent_nominee,
                percent_unit=row.percent_unit,
            )
        )
    return drafts
