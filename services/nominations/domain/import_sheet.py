"""The workbook in which a unit writes many nominees: its sheets and columns, made from a category's form and nothing else.

One row a nominee. A list of the form (简历, 奖励) has a sheet of its own, whose rows name the nominee's 序号. Promises have no
column: they are made by a person, not by a table.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form_definition import Enums, FieldDefinition, FieldType, FormDefinition

MOST_ROWS = 200
"""Nominees in one workbook; a unit has a handful, the largest a few dozen."""
MOST_LIST_ROWS = 5000
MAIN, GUIDE, NUMBER, RESULT = "推荐对象", "填写说明", "序号", "结果"
YES, NO = "是", "否"
_NOT_IN_A_TITLE = str.maketrans("[]:*?/\\'", "（）：＊？／＼’")
_LONGEST_TITLE = 31
"""Characters that Excel allows in a sheet's name, and how many."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column. `choice` is the one choice that it stands for, of a field that allows several."""

    heading: str
    field: FieldDefinition
    choice: str | None = None
    help: str = ""
    choices: tuple[str, ...] = ()
    """Words to pick from; the only ones allowed where `closed`."""
    closed: bool = True


@dataclass(frozen=True, slots=True)
class ImportSheet:
    """One sheet. `list_key` is the list whose entries are its rows; None for the sheet of the nominees."""

    title: str
    list_key: str | None
    columns: tuple[SheetColumn, ...]

    @property
    def headings(self) -> tuple[str, ...]:
        return (NUMBER, *(column.heading for column in self.columns))


def template_title(campaign: Campaign, category: str) -> str:
    return f"{campaign.category(category).title}导入表"


def sheets_of(form: FormDefinition, enums: Enums) -> tuple[ImportSheet, ...]:
    """The nominees' sheet, then one for each list."""
    asked = [definition for definition in form.fields if definition.type is not FieldType.ATTESTATION]
    lists = [definition for definition in asked if definition.type is FieldType.LIST]
    columns = [column for definition in asked for column in _columns(definition, enums)]
    taken = {MAIN, GUIDE}
    sheets = [ImportSheet(MAIN, None, _told_apart(columns))]
    for definition in lists:
        title = _title(definition.label, taken)
        sheets.append(
            ImportSheet(
                title, definition.key, _told_apart([c for item in definition.items for c in _columns(item, enums)])
            )
        )
    return tuple(sheets)


def _columns(definition: FieldDefinition, enums: Enums) -> Iterator[SheetColumn]:
    label, words = definition.label, _choices(definition, enums)
    if definition.type is FieldType.ENUM_SET:
        for number, choice in enumerate(enums[definition.enum or ""], start=1):
            yield SheetColumn(
                f"{label}（{number}）", definition, choice.value, f"{choice.label}\n符合的填“{YES}”", (YES,)
            )
    elif definition.type is not FieldType.LIST:
        yield SheetColumn(label, definition, None, definition.help, words, closed=not definition.suggestions)
    elif definition.blank_as is not None:
        told = f"有的，在“{label}”表中逐条填写；没有的，填“{definition.blank_as}”"
        yield SheetColumn(label, definition, None, told, (definition.blank_as,))


def _choices(definition: FieldDefinition, enums: Enums) -> tuple[str, ...]:
    if definition.type is FieldType.ENUM:
        words = tuple(choice.label for choice in enums[definition.enum or ""])
    elif definition.type is FieldType.BOOLEAN:
        words = (YES, NO)
    else:
        words = definition.suggestions
    more = definition.blank_as
    return (*words, more) if words and more is not None and more not in words else words


def _told_apart(columns: Iterable[SheetColumn]) -> tuple[SheetColumn, ...]:
    """Two fields of one name are told apart by their keys."""
    found: dict[str, SheetColumn] = {}
    for column in columns:
        heading = column.heading
        if heading in found or heading in (NUMBER, RESULT):
            heading = f"{heading}（{column.field.key}）"
        found[heading] = SheetColumn(
            heading, column.field, column.choice, column.help, column.choices, closed=column.closed
        )
    return tuple(found.values())


def _title(label: str, taken: set[str]) -> str:
    plain = label.translate(_NOT_IN_A_TITLE)[:_LONGEST_TITLE]
    title, number = plain, 1
    while title in taken:
        number += 1
        title = f"{plain[: _LONGEST_TITLE - 3]}{number}"
    taken.add(title)
    return title
