"""An accepted file becomes a document of its bundle, in one transaction that also makes room for it."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.prepared import Slot, prepare
from services.common.repeats.idempotency import Answer
from services.documents.admission import refuse_frozen
from services.documents.card_readings import drop_readings, keep_reading
from services.documents.consenting import consent_columns, refuse_withdrawn
from services.documents.document_answers import described
from services.documents.intake import Accepted
from services.documents.keeping_objects import record_object
from services.documents.problems import DocumentCountReached, ReplacedNotInForce
from services.documents.queries import documents_in_force, lock_bundle, next_ordinal
from services.documents.schemas.checks import FindingAnswer
from services.documents.tables import DocumentRow

_TABLE: Table = DocumentRow.__table__  # type: ignore[assignment]  # a declarative table is a Table
_GIVEN = tuple(column.name for column in _TABLE.columns if column.name not in ("ordinal", "uploaded_at"))
_WRITE = prepare(
    insert(_TABLE)
    .values({name: Slot(name) for name in _GIVEN} | {"ordinal": next_ordinal(Slot("bundle_id"), Slot("kind"))})
    .returning(_TABLE.c.ordinal, _TABLE.c.uploaded_at)
)


async def record_document(session: AsyncSession, accepted: Accepted, *, replaces: UUID | None = None) -> DocumentRow:
    """The row is written as it is and not watched afterwards: whoever changes it reads it again.

    Raises BundleFrozen, ConsentMissing, DocumentCountReached, ReplacedNotInForce, Unavailable.
    """
    admission = accepted.admission
    refuse_frozen(admission.kind, await lock_bundle(session, admission.bundle_id))
    await refuse_withdrawn(session, admission)
    await _make_room(session, accepted, replaces=replaces)
    held_under = await record_object(session, accepted.stored, sha256=accepted.sha256, byte_count=accepted.byte_count)
    document = _document(accepted, object_key=held_under)
    await _write(session, document)
    if accepted.reading is not None:
        keep_reading(session, document.id, accepted.reading)
    return document


def _document(accepted: Accepted, *, object_key: str) -> DocumentRow:
    admission, checked = accepted.admission, accepted.checked
    return DocumentRow(
        id=uuid7(),
        bundle_id=admission.bundle_id,
        kind=admission.kind_key,
        single=admission.kind.max_count == 1,
        object_key=object_key,
        received_sha256=accepted.received_sha256,
        media_type=checked.media_type,
        width=checked.width,
        height=checked.height,
        pages=checked.pages,
        verdict=checked.verdict,
        findings=[FindingAnswer.model_validate(finding).model_dump(mode="json") for finding in checked.findings],
        not_checked=list(checked.not_checked),
        print_codes=None if checked.print_codes is None else list(checked.print_codes),
        uploaded_by=admission.person_id,
        card_read=accepted.reading is not None,
        **consent_columns(admission.consent),
    )


async def _write(session: AsyncSession, document: DocumentRow) -> None:
    values = {name: getattr(document, name) for name in _GIVEN}
    values["findings"] = json.dumps(document.findings)
    connection = await session.connection()
    written: Any = (await connection.exec_driver_sql(_WRITE.text, tuple(_WRITE.given(values)))).one()
    document.ordinal, document.uploaded_at = written


def recorded(document: DocumentRow, accepted: Accepted) -> Answer:
    answer = described(document, sha256=accepted.sha256, byte_count=accepted.byte_count)
    return Answer(201, answer, {"Location": f"/v1/documents/{document.id}"})


async def _make_room(session: AsyncSession, accepted: Accepted, *, replaces: UUID | None) -> None:
    """A single-count kind closes the one in force, any kind the one that is named; of the rest the limit holds."""
    admission = accepted.admission
    in_force = await documents_in_force(session, admission.bundle_id, admission.kind_key)
    closed = [
        each
        for each in in_force
        if admission.kind.max_count == 1 or (each.id == replaces and admission.may_close(each))
    ]
    if replaces is not None and replaces not in {each.id for each in closed}:
        raise ReplacedNotInForce
    if len(in_force) - len(closed) >= admission.kind.max_count:
        raise DocumentCountReached
    if not closed:
        return
    ids = [document.id for document in closed]
    now = func.clock_timestamp()  # not now(): the lock may have been waited for
    await session.execute(update(_TABLE).where(_TABLE.c.id.in_(ids)).values(replaced_at=now))
    await drop_readings(session, ids)
