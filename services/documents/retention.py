"""Papers stay as long as their kind says (个人信息保护法 第十九、四十七条): then their bytes go, and a record stays."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.documents.audit import note
from services.documents.audit_table import PapersAction
from services.documents.domain.document_kind import RetentionStart
from services.documents.domain.erasure import KeptFor
from services.documents.erasing import erase_documents, time_is_over
from services.documents.life_tables import CampaignEventRow
from services.documents.resources import Resources
from services.documents.tables import BundleRow, DocumentRow

_AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of one campaign whose time is over."""

    campaign_key: str
    kind: str
    kept_for: KeptFor


async def set_event(resources: Resources, *, campaign_key: str, event: RetentionStart, happened_on: date) -> None:
    """From this day the kinds that count from the event are kept. Told again, the later word holds. Raises CampaignUnknown."""
    resources.rules.of(campaign_key)
    row = insert(CampaignEventRow).values(campaign_key=campaign_key, event=event.value, happened_on=happened_on)
    async with resources.database.transaction() as session:
        await session.execute(
            row.on_conflict_do_update(
                index_elements=["campaign_key", "event"], set_={"happened_on": row.excluded.happened_on}
            )
        )
        facts = {"campaign": campaign_key, "event": event.value, "day": happened_on.isoformat()}
        await note(session, PapersAction.RETENTION_COUNTED, **facts)


async def rules_due(resources: Resources, *, today: date) -> list[Rule]:
    """The kinds whose time is over. A kind whose event nobody has told of stays."""
    async with resources.database.reading() as session:
        events = await session.scalars(select(CampaignEventRow))
        told = {(row.campaign_key, row.event): row.happened_on for row in events}
    due: list[Rule] = []
    for campaign_key, key, kind in resources.rules.all_kinds():
        happened_on = told.get((campaign_key, kind.retention.counted_from.value))
        if happened_on is None or kind.retention.days is None:
            continue
        kept_for = KeptFor(kind.retention.counted_from, happened_on, kind.retention.days)
        if kept_for.last_day < today:
            due.append(Rule(campaign_key, key, kept_for))
    return due


async def count_due(resources: Resources, rule: Rule) -> int:
    async with resources.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(_due(rule).subquery())) or 0


async def erase(resources: Resources, rule: Rule) -> int:
    """Erases what the rule covers, a part at a time, and gives the number. The next sweep destroys the bytes."""
    erased = 0
    while True:
        async with resources.database.transaction() as session:
            number = await _erase_some(session, rule)
        erased += number
        if number < _AT_A_TIME:
            return erased


def _due(rule: Rule) -> Select[UUID]:
    return (
        select(DocumentRow.id)
        .join(BundleRow, BundleRow.id == DocumentRow.bundle_id)
        .where(
            BundleRow.campaign_key == rule.campaign_key, DocumentRow.kind == rule.kind, DocumentRow.erased_at.is_(None)
        )
    )


async def _erase_some(session: AsyncSession, rule: Rule) -> int:
    chosen: list[UUID] = list(await session.scalars(_due(rule).limit(_AT_A_TIME)))
    erased = await erase_documents(session, chosen, time_is_over(rule.kept_for))
    if erased:
        facts = {"campaign": rule.campaign_key, "kind": rule.kind, "rule": rule.kept_for.noted}
        await note(session, PapersAction.PAPERS_ERASED, papers=erased, **facts)
    return erased
