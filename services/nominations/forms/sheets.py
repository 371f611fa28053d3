"""The parts of a sheet without a cover: title, head lines, lists that run over pages, notes, prose, closing."""

from collections.abc import Sequence

from services.nominations.forms.blocks import Cell, Closing, Line, Notes, Prose, Row, Table, Text, Title
from services.nominations.forms.form_content import FormContent
from services.nominations.forms.print_specs import (
    ClosingSection,
    LineSection,
    NotesSection,
    ProseSection,
    RowsSection,
    TitleSection,
    ValueSpec,
)
from services.nominations.forms.values import printed

SheetPart = TitleSection | LineSection | NotesSection | ProseSection | ClosingSection
LABEL_CHARACTER_MM = 4.3
"""As wide as a character of 小四."""
MAX_WHOLE_TEXT = 200
"""Characters, a line break counted as 20. A row with a longer text may break over pages: kept whole, it could be higher
than a page, and what stands below the edge is lost."""


def sheet_part(section: SheetPart, content: FormContent, width: float) -> Title | Line | Notes | Prose | Closing:
    match section:
        case TitleSection():
            return Title(section.annex, section.lines, section.size_pt)
        case LineSection():
            return _line(section, content, width)
        case NotesSection():
            return Notes(_numbered(section.heading, content.notes), section.size_pt)
        case ProseSection():
            return Prose(section.heading, value_of(section.value, content))
        case ClosingSection():
            return Closing(tuple(value_of(value, content) for value in section.values))


def list_table(section: RowsSection, content: FormContent) -> Table:
    """Its head, then a row for each of `content.rows`; a blank form has the rows that the notice prints."""
    words = [column.label or content.labels.get(column.value.fields[0], "") for column in section.columns]
    head = Row(section.head_height, tuple(Cell(Text("label", word)) for word in words))
    if content.status == "blank":
        empty = ("",) * (len(words) - 1)
        said: list[tuple[str, ...]] = [(first, *empty) for first in section.blank_rows]
    else:
        vocabulary = content.words
        said = [tuple(printed(c.value, row, vocabulary) for c in section.columns) for row in content.rows]
    rows = (
        Row(section.row_height, tuple(Cell(Text("value", text)) for text in texts), any(map(may_outgrow_a_page, texts)))
        for texts in said
    )
    return Table(tuple(column.width for column in section.columns), (head, *rows), 1, section.size_pt)


def may_outgrow_a_page(text: str) -> bool:
    return len(text) + 20 * text.count("\n") > MAX_WHOLE_TEXT


def value_of(spec: ValueSpec, content: FormContent) -> str:
    return printed(spec, content.values, content.words) or spec.blank


def _line(section: LineSection, content: FormContent, width: float) -> Line:
    """The labels as wide as their words, the values in what is left."""
    labels = [LABEL_CHARACTER_MM * len(item.label) + 2 for item in section.items]
    left, shares = width - sum(labels), sum(item.share for item in section.items)
    return Line(
        tuple(
            (item.label, label, value_of(item.value, content), left * item.share / shares)
            for item, label in zip(section.items, labels, strict=True)
        )
    )


def _numbered(heading: str, notes: Sequence[str]) -> tuple[str, ...]:
    numbered = [f"{number}.{note}" for number, note in enumerate(notes, 1)] if len(notes) > 1 else list(notes)
    return tuple(note if index else heading + note for index, note in enumerate(numbered))
