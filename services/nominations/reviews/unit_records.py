"""The unit's own records, in the order of the notice: 民主推荐, 考察审核, 领导班子集体研究 (R50–R53), and 自审 (R77–R78)."""

import hashlib
import json
from typing import Any

import rfc8785
from sqlalchemy import Table, insert, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.db import fetch
from services.common.prepared import Slot, prepare
from services.common.problems import FieldError, Unprocessable
from services.nominations.cases.case_facts import Case
from services.nominations.cases.transition import require_allowed, take
from services.nominations.documents_client import HeldDocument
from services.nominations.domain.checklist import gates
from services.nominations.domain.unit_procedure import RecordFault, faults_of_date, faults_of_votes, overtaken_steps
from services.nominations.domain.workflow import Action
from services.nominations.procedure_tables import UnitRecord
from services.nominations.schemas.procedure import Inspection, LeadershipDecision, SelfReview, StaffDeliberation

Record = StaffDeliberation | Inspection | LeadershipDecision | SelfReview
_KINDS: dict[type, tuple[str, Action]] = {
    StaffDeliberation: ("staff_deliberation", Action.RECORD_STAFF_DELIBERATION),
    Inspection: ("inspection", Action.RECORD_INSPECTION),
    LeadershipDecision: ("leadership_decision", Action.RECORD_LEADERSHIP_DECISION),
    SelfReview: ("self_review", Action.RECORD_SELF_REVIEW),
}
_TABLE: Table = UnitRecord.__table__  # type: ignore[assignment]  # a declarative table is a Table
_WRITE = prepare(insert(_TABLE).values({column: Slot(column.name) for column in _TABLE.columns}))
_SUPERSEDE = prepare(
    update(_TABLE)
    .where(
        _TABLE.c.nomination_id == Slot("case"),
        _TABLE.c.kind == Slot("kind"),
        _TABLE.c.superseded_at.is_(None),
    )
    .values(superseded_at=Slot("now"))
)


async def record_step(
    session: AsyncSession, caller: Caller, case: Case, record: Record, minutes: HeldDocument | None = None
) -> None:
    """Writes one record; an earlier one of its kind, and later steps that it overtakes, are superseded.

    The history holds the record's hash and that of its minutes: neither is exchanged later unnoticed.
    Raises ActionBlocked, ActionForbidden, Unprocessable.
    """
    kind, action = _KINDS[type(record)]
    require_allowed(action, caller=caller, case=case)
    faults = _faults(case, kind, record)
    if faults:
        raise Unprocessable(
            errors=[FieldError(f"/{f.member}", f.code, f.message, requirement=f.requirement) for f in faults]
        )
    held = {past.kind: past.held_on for past in case.records}  # as of the lock on the case
    overtaken = overtaken_steps(kind, record.held_on, held=held)
    for each in held.keys() & {kind, *overtaken}:
        superseded = {"case": case.nomination.id, "kind": each, "now": case.now}
        await fetch(session, _SUPERSEDE.text, *_SUPERSEDE.given(superseded))
    details: dict[str, Any] = record.model_dump(mode="json", exclude={"held_on"})
    row = {
        "id": uuid7(),
        "nomination_id": case.nomination.id,
        "kind": kind,
        "held_on": record.held_on,
        "details": json.dumps(details),
        "recorded_by": caller.person_id,
        "recorded_at": case.now,
        "superseded_at": None,
    }
    await fetch(session, _WRITE.text, *_WRITE.given(row))
    told: dict[str, Any] = {"held_on": record.held_on.isoformat(), "record_hash": hash_of_record(details)}
    told |= {"overtaken": overtaken} if overtaken else {}
    told |= {"minutes_sha256": minutes.sha256} if minutes else {}
    await take(session, action, caller=caller, case=case, details=told)


def hash_of_record(details: dict[str, Any]) -> str:
    """SHA-256, hex, of what was recorded beside the day, as canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(details)).hexdigest()


def _faults(case: Case, kind: str, record: Record) -> list[RecordFault]:
    earlier = {past.kind: past.held_on for past in case.records}
    faults = faults_of_date(kind, record.held_on, earlier=earlier, today=case.today)
    if isinstance(record, StaffDeliberation):
        faults += faults_of_votes(present=record.present, in_favour=record.in_favour)
    if isinstance(record, SelfReview):
        passed = {key: gate.passed for key, gate in record.gates.items()}
        faults += gates(case.campaign.gates).faults(passed)
    return faults
