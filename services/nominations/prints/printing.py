"""A final form goes out as a file: which one, of which version, to whom is written down (R129, R148)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.nominations.city_tables import CityList
from services.nominations.context import Context
from services.nominations.forms.blocks import FormDocument
from services.nominations.prints.print_tables import FormPrint
from services.nominations.prints.rendering import TableFormat
from services.nominations.procedure_tables import CountyReport
from services.nominations.tables import Nomination

_NOBODY = UUID(int=0)
"""A service that asks for a form prints nothing in a person's name."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form is about, and which revision of it."""

    kind: Literal["nomination_id", "report_id", "list_id"]
    id: UUID
    revision: int

    @property
    def columns(self) -> dict[str, UUID]:
        return {self.kind: self.id}


def of_case(nomination: Nomination) -> Subject:
    return Subject("nomination_id", nomination.id, nomination.revision)


def of_report(report: CountyReport) -> Subject:
    return Subject("report_id", report.id, report.revision)


def of_list(city_list: CityList) -> Subject:
    return Subject("list_id", city_list.id, city_list.revision)


async def draw_for(
    context: Context, caller: Caller, document: FormDocument, wanted: TableFormat, subject: Subject
) -> bytes:
    """Draws the form; a final one is written down as printed. Raises Unavailable."""
    content = await context.renderer.draw(document, wanted)
    if document.identity is not None:
        async with context.database.transaction() as session:
            session.add(
                FormPrint(
                    id=uuid7(),
                    **subject.columns,
                    form=document.form,
                    revision=subject.revision,
                    content_hash=document.identity.content_hash,
                    code=document.identity.code,
                    format=wanted,
                    printed_by=_NOBODY if "service" in caller.roles else caller.answerable_id,
                    printed_by_name=caller.name,
                    printed_at=context.clock.now(),
                )
            )
    return content


async def prints_of(
    session: AsyncSession, about: ColumnElement[bool], *, after: UUID | None, limit: int
) -> Sequence[FormPrint]:
    """Newest first."""
    query = select(FormPrint).where(about).order_by(FormPrint.id.desc()).limit(limit)
    return (await session.scalars(query if after is None else query.where(FormPrint.id < after))).all()


async def prints_with(session: AsyncSession, hashes: Sequence[str]) -> Sequence[FormPrint]:
    """The first print of each of these contents: when it first went out, and by whom."""
    known = FormPrint.content_hash.in_(hashes) if hashes else false()
    query = select(FormPrint).where(known).order_by(FormPrint.content_hash, FormPrint.id)
    return (await session.scalars(query.ext(distinct_on(FormPrint.content_hash)))).all()
