"""Whoever takes a form or a package out of the system is written down, case by case, before its bytes leave."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import insert
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.security_log.audit_log import Fact
from services.nominations.audit import note
from services.nominations.audit_table import ProcedureAction
from services.nominations.context import Context
from services.nominations.domain.disclosures import Release
from services.nominations.personal_data.access_tables import DataRelease


async def note_release(
    context: Context, caller: Caller, kind: Release, nomination_ids: Iterable[UUID], *, form: str | None = None
) -> None:
    """In a transaction of its own: what fails afterwards was tried all the same."""
    rows = [
        {
            "id": uuid7(),
            "nomination_id": nomination_id,
            "kind": kind.value,
            "form": form,
            "taken_by": caller.subject,
            "taken_by_name": caller.name,
            "organisation_name": caller.organisation_name,
            "released_at": context.clock.now(),
        }
        for nomination_id in nomination_ids
    ]
    if rows:
        async with context.database.transaction() as session:
            await session.execute(insert(DataRelease), rows)
            facts: dict[str, Fact] = {"kind": kind.value, "form": form, "cases": len(rows)}
            await note(
                session, ProcedureAction.DATA_RELEASED, caller, first_case=str(rows[0]["nomination_id"]), **facts
            )
