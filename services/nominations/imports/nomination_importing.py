"""Many nominees by one workbook: what reads well becomes a draft, the rest is told cell by cell (R128).

A row is judged by the checks of a typed case. What is filled in must be right; what is missing stays missing in the draft,
as if it had been begun by hand. The same workbook again makes nothing twice: a nominee of the unit is known by the identity
number, a collective by its name. All good rows of a workbook are written in one transaction.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.lists.sheet_reading import SheetBroken
from services.common.problems import FieldError
from services.nominations.cases.checking import content_findings
from services.nominations.cases.content import identity_field
from services.nominations.cases.opening import open_nomination, register_bundle, require_open
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form import accept_draft
from services.nominations.domain.form_definition import Finding
from services.nominations.domain.identity import normalise_number
from services.nominations.domain.import_rows import ImportedRow, Place, rows_of
from services.nominations.domain.import_sheet import MAIN, ImportSheet, sheets_of, template_title
from services.nominations.domain.subject import collective_key
from services.nominations.domain.workflow import Status
from services.nominations.imports.import_reading import ReadBook, read_import
from services.nominations.imports.import_writing import Filled, Mark, cell_name, write_import
from services.nominations.problems import (
    CategoryUnknown,
    ImportRowsLoose,
    ImportSheetsChanged,
    ImportTooLong,
    ImportUnreadable,
)
from services.nominations.schemas.imports import ImportAnswer, ImportFault, ImportRow, Outcome
from services.nominations.schemas.nomination import NewNomination
from services.nominations.tables import Nomination


@dataclass
class _Judged:
    """A row, what its answers come to, and what is said of it."""

    row: ImportedRow
    values: dict[str, object]
    name: str
    wrong: list[tuple[Place, Finding]]
    told: list[tuple[Place, Finding]]
    """Warnings, and what is still missing before it can be submitted."""
    who: tuple[bytes, ...] | str | None
    """What an identity number may be stored under, or the collective's key."""
    outcome: Outcome = "refused"
    nomination_id: UUID | None = None


def template_sheets(campaign: Campaign, category: str) -> tuple[ImportSheet, ...]:
    """Raises CategoryUnknown."""
    if category not in campaign.category_keys:
        raise CategoryUnknown
    return sheets_of(campaign.form_of(category), campaign.enums)


async def import_nominations(
    context: Context, caller: Caller, content: bytes, *, campaign_key: str, category: str, dry_run: bool
) -> tuple[ImportAnswer, bytes]:
    """What came of each row, and the marked copy.

    Raises CampaignNotFound, CategoryUnknown, CampaignClosed, CampaignNotOpen, NoSeatGranted; ImportUnreadable, ImportTooLong,
    ImportSheetsChanged, ImportRowsLoose for a workbook of which nothing is used; Unavailable.
    """
    async with context.database.reading() as session:
        campaign = await context.campaigns.latest(session, campaign_key)
        sheets = template_sheets(campaign, category)
        await require_open(session, campaign, caller, category, now=context.clock.now())
    book = await _read(context, content, sheets)
    rows, loose = rows_of(sheets, book.lines, campaign.enums)
    if loose:
        raise ImportRowsLoose(errors=[_at(sheets, place, "row_without_owner", told) for place, told in loose[:100]])
    judged = [_judge(context, campaign, category, caller.jurisdiction, row) for row in rows]
    _refuse_repetitions(judged)
    good = [each for each in judged if not each.wrong]
    async with context.database.reading() as session:
        await _mark_known(session, caller, campaign, category, good)
    if not dry_run:
        await _create(context, caller, campaign, category, good)
    answer = _answer(judged, sheets, dry_run=dry_run)
    marks = [Mark(place, finding.message, is_error=True) for each in judged for place, finding in each.wrong]
    marks += [Mark(place, finding.message, is_error=False) for each in judged for place, finding in each.told]
    filled = Filled(book.lines, marks, {each.row.line.number: _sentence(each, dry_run=dry_run) for each in judged})
    return answer, await context.renderer.work(write_import, template_title(campaign, category), sheets, filled)


async def _read(context: Context, content: bytes, sheets: Sequence[ImportSheet]) -> ReadBook:
    try:
        book = await context.renderer.work(read_import, content, sheets)
    except SheetBroken:
        raise ImportUnreadable from None
    changed = [_of_sheet(sheet, heading, "column_missing", "缺少") for sheet, heading in book.missing]
    changed += [_of_sheet(sheet, heading, "column_unknown", "模板中没有") for sheet, heading in book.unknown]
    if changed:
        raise ImportSheetsChanged(errors=changed[:100])
    if book.too_long:
        raise ImportTooLong(
            errors=[FieldError("/file", "too_many_rows", f"“{each}”行数太多") for each in book.too_long]
        )
    return book


def _judge(context: Context, campaign: Campaign, category: str, quota_unit: str, row: ImportedRow) -> _Judged:
    form = campaign.form_of(category)
    values, findings = accept_draft(form, row.values, campaign.enums)
    unread = {_field_of(finding.pointer) for finding in findings}
    today = campaign.local_day(context.clock.now())
    content = content_findings(campaign, category, values, quota_unit=quota_unit, today=today)
    findings += [finding for finding in content if _field_of(finding.pointer) not in unread]
    faulty = {finding.pointer for _, finding in row.faults}
    placed = [(row.place_of(f.pointer), f) for f in findings if f.pointer not in faulty and f.severity != "notice"]
    name = campaign.name_of(category, values)
    who, needed = _who(context, campaign, category, values, name)
    wrong = [*row.faults, *((p, f) for p, f in placed if f.severity == "error" and row.is_answered(f.pointer))]
    if who is None and not any(finding.pointer == f"/form/{needed}" for _, finding in wrong):
        definition = form.get(needed)
        assert definition is not None
        told = f"请填写{definition.label}：导入时据此防止重复建立"
        wrong.append((row.place_of(f"/form/{needed}"), Finding(f"/form/{needed}", "needed_to_import", told, "R128")))
    stopped = {finding.pointer for _, finding in wrong}
    return _Judged(row, values, name, wrong, [(p, f) for p, f in placed if f.pointer not in stopped], who)


def _field_of(pointer: str) -> str:
    return pointer.removeprefix("/form/").partition("/")[0]


def _who(
    context: Context, campaign: Campaign, category: str, values: dict[str, object], name: str
) -> tuple[tuple[bytes, ...] | str | None, str]:
    """By what the nominee is known, and the field that says it."""
    key = identity_field(campaign.form_of(category))
    if key is None:
        return collective_key(name), campaign.category(category).name_field
    number = values.get(key)
    return (context.seal.indexes(normalise_number(str(number))) if number else None), key


def _refuse_repetitions(judged: Sequence[_Judged]) -> None:
    first: dict[object, int] = {}
    for each in judged:
        if each.who is None:
            continue
        before = first.setdefault(each.who, each.row.line.number)
        if before != each.row.line.number:
            place = Place(MAIN, each.row.line.number, each.row.main.headings[0])
            each.wrong.append((place, Finding("/form", "listed_twice", f"与第{before}行是同一推荐对象", "R128")))


async def _mark_known(
    session: AsyncSession, caller: Caller, campaign: Campaign, category: str, rows: Sequence[_Judged]
) -> None:
    """The unit's own cases only: what other units do is not told here. A withdrawn one does not count."""
    wanted = [index for each in rows if isinstance(each.who, tuple) for index in each.who]
    names = [each.who for each in rows if isinstance(each.who, str)]
    same: ColumnElement[bool] = (
        Nomination.identity_index.in_(wanted) if wanted else Nomination.collective_key.in_(names)
    )
    query = select(Nomination.id, Nomination.identity_index, Nomination.collective_key).where(
        Nomination.campaign_key == campaign.key,
        Nomination.category == category,
        Nomination.unit_id.in_(caller.organisations),
        Nomination.status != Status.WITHDRAWN,
        same,
    )
    known: dict[object, UUID] = {}
    for row in await session.execute(query.order_by(Nomination.id)):
        known.setdefault(row.identity_index if wanted else row.collective_key, row.id)
    for each in rows:
        found = [known[key] for key in (each.who if isinstance(each.who, tuple) else (each.who,)) if key in known]
        each.outcome = "already_there" if found else "created"
        each.nomination_id = found[0] if found else None


async def _create(context: Context, caller: Caller, campaign: Campaign, category: str, rows: Sequence[_Judged]) -> None:
    """Bundles first, outside the transaction. Two uploads at once wait for each other, and the second finds the first's."""
    fresh = [(each, uuid7(), _new(campaign, category, each)) for each in rows if each.outcome == "created"]
    for _, nomination_id, wanted in fresh:
        await register_bundle(context, caller, nomination_id, wanted)
    async with context.database.transaction() as session:
        lock = f"{campaign.key} {category} {caller.organisation_id}"
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(lock, 12))))
        await _mark_known(session, caller, campaign, category, [each for each, _, _ in fresh])
        for each, nomination_id, wanted in fresh:
            if each.outcome == "created":
                await open_nomination(session, context, caller, nomination_id, wanted, campaign)
                each.nomination_id = nomination_id


def _new(campaign: Campaign, category: str, each: _Judged) -> NewNomination:
    return NewNomination(campaign_key=campaign.key, category=category, form=each.values)


def _answer(judged: Sequence[_Judged], sheets: Sequence[ImportSheet], *, dry_run: bool) -> ImportAnswer:
    counts = Counter(each.outcome for each in judged)
    by_title = {sheet.title: sheet for sheet in sheets}

    def faults(found: Sequence[tuple[Place, Finding]]) -> list[ImportFault]:
        return [
            ImportFault(
                pointer=finding.pointer,
                code=finding.code,
                message=finding.message,
                requirement=finding.requirement,
                sheet=place.sheet,
                cell=cell_name(by_title[place.sheet], place),
            )
            for place, finding in found
        ]

    rows = [
        ImportRow(
            row=each.row.line.number,
            name=each.name,
            outcome=each.outcome,
            nomination_id=each.nomination_id,
            errors=faults(each.wrong),
            remarks=faults(each.told),
        )
        for each in judged
    ]
    return ImportAnswer(
        dry_run=dry_run,
        created=counts["created"],
        already_there=counts["already_there"],
        refused=counts["refused"],
        rows=rows,
    )


def _sentence(each: _Judged, *, dry_run: bool) -> str:
    if each.outcome == "refused":
        return "未导入：" + "；".join(dict.fromkeys(finding.message for _, finding in each.wrong))
    if each.outcome == "already_there":
        return "已有这一推荐，未作改动，请在系统中修改"
    done = "可以导入" if dry_run else "已建立草稿"
    return f"{done}，另有{len(each.told)}项待补充或核对" if each.told else done


def _at(sheets: Sequence[ImportSheet], place: Place, code: str, told: str) -> FieldError:
    sheet = next(sheet for sheet in sheets if sheet.title == place.sheet)
    return FieldError("/file", code, f"“{place.sheet}”{cell_name(sheet, place)}：{told}")


def _of_sheet(sheet: str, heading: str, code: str, told: str) -> FieldError:
    what = f"“{sheet}”表的“{heading}”列" if heading else f"“{sheet}”表"
    return FieldError("/file", code, f"{told}{what}")
