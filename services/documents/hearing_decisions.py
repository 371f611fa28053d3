"""What was decided at auth about people's papers is carried out here, once each, within seconds (decision 0064).

A consent withdrawn: what was taken under it counts no longer and is shown to nobody. An office's answer to a request for
erasure: `erased`, the bytes are destroyed and a record stays; `restricted`, law keeps them and nobody sees them. Where the
whole case is restricted, nobody sees its papers either, until the procedure says that it goes on with the case (0073).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.personal_decisions import Decision
from services.common.china_time import china_day
from services.documents.audit import note
from services.documents.audit_table import PapersAction
from services.documents.card_readings import drop_readings
from services.documents.domain.holding import HeldFor
from services.documents.erasing import erase_documents, request_granted
from services.documents.life_tables import PaperDecisionRow
from services.documents.queries import of_the_case_itself
from services.documents.resources import Resources
from services.documents.tables import BundleRow, DocumentRow


async def hear_decisions(resources: Resources) -> int:
    """Gives how many were new. Safe in several replicas at once. Raises Unavailable."""
    async with resources.database.reading() as session:
        since = await session.scalar(select(func.max(PaperDecisionRow.decided_at)))
    heard = await resources.auth.decisions(since=since)
    return sum([await _carry_out(resources, decision) for decision in heard])


async def _carry_out(resources: Resources, decision: Decision) -> bool:
    async with resources.database.transaction() as session:
        row = insert(PaperDecisionRow).values(
            id=decision.id,
            decided=decision.decided,
            person_id=decision.person_id,
            campaign_key=decision.campaign_key,
            purpose=decision.purpose,
            covers_until=decision.covers_until,
            decided_at=decision.at,
        )
        added = await session.scalar(row.on_conflict_do_nothing().returning(PaperDecisionRow.id))
        if added is None:
            return False
        meant = await _meant(resources, session, decision)
        match decision.decided:
            case "withdrawn":
                await _hold(session, meant, HeldFor.CONSENT_WITHDRAWN, since=decision.at)
            case "restricted" if decision.about == "nomination":
                await _restrict_cases(session, decision)
                await drop_readings(session, [paper.id for paper in meant])
            case "restricted":
                await _hold(session, meant, HeldFor.RESTRICTED, since=decision.at)
            case "erased":
                ground = request_granted(china_day(decision.at))
                await erase_documents(session, [each.id for each in meant], ground)
        done = PapersAction.PAPERS_ERASED if decision.decided == "erased" else PapersAction.PAPERS_HELD
        await note(session, done, decision=str(decision.id), decided=decision.decided, papers=len(meant))
    return True


async def _meant(resources: Resources, session: AsyncSession, decision: Decision) -> Sequence[DocumentRow]:
    """The papers that a decision is about, never what others filed with a case about its person.

    Its bundles are held, so that no upload of before is recorded after it.
    """
    held = list(await session.scalars(select(BundleRow.id).where(_of_the_person(decision)).with_for_update()))
    given = func.coalesce(DocumentRow.consent_at, DocumentRow.uploaded_at)
    found = await session.scalars(
        select(DocumentRow)
        .join(BundleRow, BundleRow.id == DocumentRow.bundle_id)
        .where(
            DocumentRow.bundle_id.in_(held),
            DocumentRow.erased_at.is_(None),
            given <= decision.covers_until,
            of_the_case_itself(resources.rules, [decision.person_id]),
            _under(resources, decision.purpose),
        )
        .order_by(DocumentRow.id)
        .with_for_update(of=DocumentRow)
    )
    return found.all()


async def _restrict_cases(session: AsyncSession, decision: Decision) -> None:
    """Papers that come later to a case of before are meant too; what the procedure said already of going on stays said."""
    meant = update(BundleRow).where(_of_the_person(decision), BundleRow.created_at <= decision.covers_until)
    await session.execute(
        meant.where(BundleRow.restricted_at.is_(None)).values(restricted_at=decision.at, case_worked_on=False)
    )


def _of_the_person(decision: Decision) -> ColumnElement[bool]:
    own = BundleRow.owner_person_id == decision.person_id
    return own if decision.campaign_key is None else and_(own, BundleRow.campaign_key == decision.campaign_key)


def _under(resources: Resources, purpose: str | None) -> ColumnElement[bool]:
    """The kinds that a campaign takes under a purpose; all without one."""
    if purpose is None:
        return true()
    kinds = [(key, kind) for key, kind, rules in resources.rules.all_kinds() if rules.consent_purpose == purpose]
    return tuple_(BundleRow.campaign_key, DocumentRow.kind).in_(kinds) if kinds else false()


async def _hold(session: AsyncSession, papers: Sequence[DocumentRow], reason: HeldFor, *, since: datetime) -> None:
    for paper in papers:
        paper.held_for, paper.held_since = paper.held_for or reason.value, paper.held_since or since
        if reason is HeldFor.CONSENT_WITHDRAWN:
            paper.replaced_at = paper.replaced_at or func.clock_timestamp()
    await drop_readings(session, [paper.id for paper in papers])
    await session.flush()
