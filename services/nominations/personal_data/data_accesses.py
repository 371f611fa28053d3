"""Who looked at a person's data and who was given it, as one list for that person (PIPL 第二十三、四十四、四十五条).

From the histories of their cases, the downloads, the opened opinion sheets, and documents' record of views.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.common.callers.tokens import Caller
from services.nominations.consultation.consultation_tables import Consultation, ConsultationView
from services.nominations.context import Context
from services.nominations.documents_client import PaperView
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.disclosures import BY_EVENT, RELEASES, SHEET_FIELDS, AccessKind, Release
from services.nominations.domain.workflow import Event
from services.nominations.personal_data.access_tables import DataRelease
from services.nominations.tables import Nomination, NominationEvent

_SHOWN = {"original": "查看原件", "watermarked": "查看加水印的影像", "thumbnail": "查看缩略图"}
_TIES = 50
"""Rows of one instant that are fetched beyond the page, so that none is lost between two pages."""


@dataclass(frozen=True, slots=True)
class DataAccess:
    """One access: which official, of which body, saw or gave what to whom, and why."""

    id: str
    at: datetime
    kind: AccessKind
    nomination_id: UUID | None
    official: str
    organisation: str
    recipient: str
    fields: tuple[str, ...]
    purpose: str

    @property
    def key(self) -> tuple[datetime, str]:
        return self.at, self.id


Before = tuple[datetime, str] | None


async def accesses_of(context: Context, caller: Caller, token: str, *, before: Before, limit: int) -> list[DataAccess]:
    """The newest first. Raises Unavailable while documents is away."""
    until, some = before[0] if before else None, limit + _TIES
    async with context.database.reading() as session:
        found = [
            *await _from_events(session, context, caller.person_id, until=until, limit=some),
            *await _from_releases(session, caller.person_id, until=until, limit=some),
            *await _from_sheets(session, context, caller.person_id, until=until, limit=some),
        ]
    views = await context.documents.views_of_own_papers(token, until=until, limit=some)
    found += [_of_view(view) for view in views]
    wanted = [each for each in found if before is None or each.key < before]
    return sorted(wanted, key=lambda each: each.key, reverse=True)[:limit]


async def _from_events(
    session: AsyncSession, context: Context, person_id: UUID, *, until: datetime | None, limit: int
) -> list[DataAccess]:
    at = NominationEvent.recorded_at
    query = (
        select(NominationEvent.canonical, Nomination.campaign_key)
        .join(Nomination, Nomination.id == NominationEvent.nomination_id)
        .where(NominationEvent.event.in_([event.value for event in BY_EVENT]))
    )
    rows = (await session.execute(query.where(*_of(person_id, at, until)).order_by(at.desc()).limit(limit))).all()
    campaigns = {key: await context.campaigns.latest(session, key) for key in {row.campaign_key for row in rows}}
    return [access for row in rows for access in _of_event(bytes(row.canonical), campaigns[row.campaign_key])]


def _of_event(canonical: bytes, campaign: Campaign) -> Iterator[DataAccess]:
    body = json.loads(canonical)
    disclosure, actor = BY_EVENT[Event(body["event"])], body["actor"]
    asked = body["details"].get("authority", "")
    yield DataAccess(
        id=f"event-{body['nomination_id']}-{body['sequence']:06}",
        at=datetime.fromisoformat(body["recorded_at"]),
        kind=disclosure.kind,
        nomination_id=UUID(body["nomination_id"]),
        official=actor["name"],
        organisation=actor["organisation_name"],
        recipient=disclosure.recipient or campaign.authorities.get(asked, asked) or actor["organisation_name"],
        fields=disclosure.fields,
        purpose=disclosure.purpose or body["reason"],
    )


async def _from_releases(
    session: AsyncSession, person_id: UUID, *, until: datetime | None, limit: int
) -> list[DataAccess]:
    at = DataRelease.released_at
    query = select(DataRelease).join(Nomination, Nomination.id == DataRelease.nomination_id)
    rows = await session.scalars(query.where(*_of(person_id, at, until)).order_by(at.desc()).limit(limit))
    return [
        DataAccess(
            id=f"release-{row.id}",
            at=row.released_at,
            kind=RELEASES[Release(row.kind)].kind,
            nomination_id=row.nomination_id,
            official=row.taken_by_name,
            organisation=row.organisation_name,
            recipient=row.organisation_name,
            fields=RELEASES[Release(row.kind)].fields,
            purpose=RELEASES[Release(row.kind)].purpose,
        )
        for row in rows
    ]


async def _from_sheets(
    session: AsyncSession, context: Context, person_id: UUID, *, until: datetime | None, limit: int
) -> list[DataAccess]:
    at = ConsultationView.taken_at
    query = (
        select(ConsultationView, Consultation, Nomination.campaign_key)
        .join(Consultation, Consultation.id == ConsultationView.consultation_id)
        .join(Nomination, Nomination.id == Consultation.nomination_id)
        .where(ConsultationView.step == "opened")
    )
    rows = (await session.execute(query.where(*_of(person_id, at, until)).order_by(at.desc()).limit(limit))).all()
    campaigns = {key: await context.campaigns.latest(session, key) for key in {row.campaign_key for row in rows}}
    found = []
    for view, asked, campaign_key in rows:
        authority = campaigns[campaign_key].authorities.get(asked.authority, asked.authority)
        found.append(
            DataAccess(
                id=f"sheet-{view.id}",
                at=view.taken_at,
                kind=AccessKind.SHEET_OPENED,
                nomination_id=asked.nomination_id,
                official=asked.officer_name,
                organisation=authority,
                recipient=authority,
                fields=SHEET_FIELDS,
                purpose="出具意见",
            )
        )
    return found


def _of_view(view: PaperView) -> DataAccess:
    return DataAccess(
        id=f"view-{view.id}",
        at=view.viewed_at,
        kind=AccessKind.PAPER_VIEWED,
        nomination_id=None,
        official=view.viewer_name,
        organisation=view.viewer_organisation,
        recipient=view.viewer_organisation or view.viewer_name,
        fields=(view.kind,),
        purpose=_SHOWN.get(view.shown, view.shown),
    )


def _of(
    person_id: UUID, at: InstrumentedAttribute[datetime], until: datetime | None
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Nomination.nominee_person_id == person_id, true() if until is None else at <= until
