"""What is in force around a case, read by one statement: a dozen small reads by index, in one round trip.

The rows come as they are, to be read only: whoever changes one does it by a statement of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from pydantic_core import from_json  # reads in two thirds of the time of json.loads
from sqlalchemy import ColumnElement, Select, String, Table, and_, func, literal, or_, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import DeclarativeBase, aliased

from services.common.prepared import Slot
from services.common.read_only_rows import Convert, ReadOnlyRow
from services.nominations.campaigns.course_tables import CampaignClosing, Postponement
from services.nominations.city_tables import ContactForm, Objection, Removal, Reopening
from services.nominations.procedure_tables import (
    Confirmation,
    Disqualification,
    Endorsement,
    Opinion,
    PublicityNotice,
    UnitRecord,
    ZeroDeclaration,
)
from services.nominations.review_tables import CaseReturn, RankApproval
from services.nominations.tables import Nomination

Row = TypeVar("Row", bound=DeclarativeBase)
NOW = Slot("now")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that the rules ask about a case and that does not stand in its own row."""

    records: tuple[UnitRecord, ...]
    notices: tuple[PublicityNotice, ...]
    signatures: tuple[Endorsement, ...]
    opinions: tuple[Opinion, ...]
    confirmations: tuple[Confirmation, ...]
    found: tuple[Disqualification, ...]
    returns: tuple[CaseReturn, ...]
    """What it was sent back for and not submitted again yet: one or none."""
    open_objections: int
    objections_upheld: int
    is_set_up: bool
    """The county has filed who answers for the campaign there (R40)."""
    is_reopened: bool
    """The city lets a late county report after all (R113), or has put the deadline off for everybody."""
    is_closed: bool
    removal_is_pending: bool
    """Somebody proposed to take its eligibility away, and nobody has seconded that yet (R98)."""
    rank_approvals: tuple[RankApproval, ...]
    """The one in force, seconded or not."""
    zero_is_declared: bool


def statement(*conditions: ColumnElement[bool]) -> Select[Any]:
    """One row of one column: the case that meets the conditions, with its surroundings, as JSON text."""
    return select(_object({"case": _as_json(Nomination)} | _parts(Nomination))).where(*conditions)


def around(case: Any) -> ColumnElement[str]:
    """The surroundings alone as JSON text, for a statement that selects from cases, or from those that it writes."""
    return _object(_parts(case))


def _object(parts: Mapping[str, ColumnElement[Any]]) -> ColumnElement[str]:
    pairs = [part for name, query in parts.items() for part in (literal(name, literal_execute=True), query)]
    return sql_cast(func.json_build_object(*pairs), String)


def _parts(case: Any) -> dict[str, ColumnElement[Any]]:
    of_case = case.campaign_key
    subjects = or_(
        Disqualification.identity_index == case.identity_index,
        and_(case.for_enterprise, Disqualification.credit_code == case.credit_code),
    )
    found = and_(Disqualification.campaign_key == of_case, Disqualification.lifted_at.is_(None), subjects)
    return {
        "records": _rows(UnitRecord, case, _in_force(UnitRecord, case), UnitRecord.recorded_at),
        "notices": _rows(PublicityNotice, case, _in_force(PublicityNotice, case), PublicityNotice.opened_at),
        "signatures": _rows(Endorsement, case, _in_force(Endorsement, case), Endorsement.signed_at),
        "opinions": _rows(Opinion, case, _in_force(Opinion, case), Opinion.authority),
        "confirmations": _rows(Confirmation, case, Confirmation.nomination_id == case.id, Confirmation.confirmed_at),
        "found": _rows(Disqualification, case, found, Disqualification.id),
        "returns": _rows(
            CaseReturn,
            case,
            and_(CaseReturn.nomination_id == case.id, CaseReturn.answered_at.is_(None)),
            CaseReturn.returned_at,
        ),
        "open_objections": select(func.count())
        .where(Objection.nomination_id == case.id, Objection.concluded_at.is_(None))
        .correlate(case)
        .scalar_subquery(),
        "objections_upheld": _upheld(case),
        "is_set_up": _exists(case, ContactForm.campaign_key == of_case, ContactForm.quota_unit == case.quota_unit),
        "is_reopened": or_(
            _exists(
                case,
                Reopening.campaign_key == of_case,
                Reopening.quota_unit == case.quota_unit,
                Reopening.until > NOW,
                Reopening.seconded_at.is_not(None),
            ),
            _exists(
                case,
                Postponement.campaign_key == of_case,
                Postponement.until > NOW,
                Postponement.seconded_at.is_not(None),
            ),
        ),
        "is_closed": _exists(case, CampaignClosing.campaign_key == of_case),
        "removal_is_pending": _exists(
            case, Removal.nomination_id == case.id, Removal.decided_at.is_(None), Removal.superseded_at.is_(None)
        ),
        "rank_approvals": _rows(RankApproval, case, _in_force(RankApproval, case), RankApproval.approved_at),
        "zero_is_declared": _exists(
            case,
            ZeroDeclaration.campaign_key == of_case,
            ZeroDeclaration.quota_unit == case.quota_unit,
            ZeroDeclaration.category == case.category,
            ZeroDeclaration.revoked_at.is_(None),
        ),
    }


def _upheld(case: Any) -> ColumnElement[int]:
    """Found true, and nothing shown anew since (R96): what was corrected before the finding did not put it right."""
    against, shown = aliased(PublicityNotice), aliased(PublicityNotice)
    return (
        select(func.count())
        .select_from(Objection)
        .join(against, against.id == Objection.notice_id)
        .join(shown, and_(shown.nomination_id == Objection.nomination_id, shown.level == against.level))
        .where(
            Objection.nomination_id == case.id,
            Objection.outcome == literal("substantiated", literal_execute=True),  # as its partial index says it
            shown.superseded_at.is_(None),
            shown.opened_at < Objection.concluded_at,
        )
        .correlate(case)
        .scalar_subquery()
    )


def _as_json(kind: type[DeclarativeBase]) -> ColumnElement[Any]:
    table = cast("Table", kind.__table__)
    return func.row_to_json(table.table_valued())


def _in_force(kind: Any, case: Any) -> ColumnElement[bool]:
    return and_(kind.nomination_id == case.id, kind.superseded_at.is_(None))


def _exists(case: Any, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(literal(1, literal_execute=True)).where(*conditions).correlate(case).exists()


def _rows(kind: type[DeclarativeBase], case: Any, condition: ColumnElement[bool], order: Any) -> ColumnElement[Any]:
    row = _as_json(kind)
    gathered = func.coalesce(func.json_agg(row.op("ORDER BY")(order)), literal("[]", literal_execute=True))
    return select(gathered).where(condition).correlate(case).scalar_subquery()


def read_answer(text: str) -> tuple[Nomination, Surroundings]:
    """What `statement` selected, as rows."""
    answer: dict[str, Any] = from_json(text)
    return _read(Nomination, answer["case"]), _surroundings(answer)


def read_around(text: str) -> Surroundings:
    """What `around` selected, as rows."""
    return _surroundings(from_json(text))


def _surroundings(answer: Mapping[str, Any]) -> Surroundings:
    return Surroundings(
        records=_all(UnitRecord, answer["records"]),
        notices=_all(PublicityNotice, answer["notices"]),
        signatures=_all(Endorsement, answer["signatures"]),
        opinions=_all(Opinion, answer["opinions"]),
        confirmations=_all(Confirmation, answer["confirmations"]),
        found=_all(Disqualification, answer["found"]),
        returns=_all(CaseReturn, answer["returns"]),
        open_objections=answer["open_objections"],
        objections_upheld=answer["objections_upheld"],
        is_set_up=answer["is_set_up"],
        is_reopened=answer["is_reopened"],
        is_closed=answer["is_closed"],
        removal_is_pending=answer["removal_is_pending"],
        rank_approvals=_all(RankApproval, answer["rank_approvals"]),
        zero_is_declared=answer["zero_is_declared"],
    )


def _all(kind: type[Row], rows: Sequence[dict[str, Any]]) -> tuple[Row, ...]:
    return tuple(_read(kind, row) for row in rows)


def _read(kind: type[Row], row: Mapping[str, Any]) -> Row:
    return cast("Row", ReadOnlyRow(row, _CONVERTERS[kind]))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("\\x"))


_BY_TYPE: dict[type, Convert] = {UUID: UUID, datetime: _instant, date: date.fromisoformat, bytes: _bytes}
_CONVERTERS: dict[type[DeclarativeBase], dict[str, Convert]] = {
    kind: {
        column.name: _BY_TYPE[column.type.python_type]
        for column in kind.__table__.columns
        if column.type.python_type in _BY_TYPE
    }
    for kind in (
        Nomination,
        UnitRecord,
        PublicityNotice,
        Endorsement,
        Opinion,
        Confirmation,
        RankApproval,
        Disqualification,
        CaseReturn,
    )
}
"""By table: the columns that JSON writes as text."""
