"""How a form stands on paper, as data: page, cover, 填表说明, tables, boxes (R129, R148). Lengths in mm, sizes in points.

The layout knows labels, widths and order; what a field may hold is the form definition's business.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from services.nominations.forms.print_specs import (
    CellSpec,
    ClosingSection,
    CoverItem,
    CoverSpec,
    GridSection,
    InstructionsSpec,
    ItemSpec,
    LineItem,
    LineSection,
    ListColumn,
    LongTextSection,
    NotesSection,
    OpinionBox,
    OpinionSection,
    OpinionsSection,
    PageBreak,
    PageSpec,
    PastePage,
    PasteSlot,
    PhotoSpec,
    ProseSection,
    RowsSection,
    TextSection,
    TextSpec,
    TitleSection,
    ValueSpec,
)


class PrintLayoutError(ValueError):
    """The layout data cannot be read; the message names the place."""


TableSection = GridSection | TextSection | LongTextSection | OpinionSection | OpinionsSection | PastePage
SheetSection = RowsSection | TitleSection | LineSection | NotesSection | ProseSection | ClosingSection
Section = TableSection | SheetSection | PageBreak


@dataclass(frozen=True, slots=True)
class PrintLayout:
    """A whole form. Without cover and instructions it begins with its body."""

    form: str
    title: str
    page: PageSpec
    text: TextSpec
    body: tuple[Section, ...]
    cover: CoverSpec | None = None
    instructions: InstructionsSpec | None = None


@dataclass(frozen=True, slots=True)
class OfficeLayout(PrintLayout):
    """With the office's own DOCX for the form, which is published beside it."""

    template: bytes = b""


def with_template(layout: PrintLayout, template: bytes) -> OfficeLayout:
    return OfficeLayout(**{each.name: getattr(layout, each.name) for each in fields(layout)}, template=template)


def parse_print_layout(data: Mapping[str, Any]) -> PrintLayout:
    """Reads the loaded YAML or JSON. Raises PrintLayoutError for a missing or unknown key, or spans that do not fit."""
    try:
        return PrintLayout(
            form=data["form"],
            title=data["title"],
            page=PageSpec(**data["page"]),
            text=TextSpec(**data["text"]),
            body=tuple(_section(**section) for section in data["body"]),
            cover=_cover(data["cover"]) if "cover" in data else None,
            instructions=_instructions(data["instructions"]) if "instructions" in data else None,
        )
    except (KeyError, TypeError, AttributeError) as fault:
        raise PrintLayoutError(f"{data.get('form', 'layout')}: {fault}") from fault


def _cover(data: Mapping[str, Any]) -> CoverSpec:
    items = [
        CoverItem(item["label"], _value({k: v for k, v in item.items() if k != "label"})) for item in data["items"]
    ]
    return CoverSpec(tuple(data["title_lines"]), tuple(items))


def _instructions(data: Mapping[str, Any]) -> InstructionsSpec:
    return InstructionsSpec(data["heading"], tuple(data["points"]))


def _value(data: Mapping[str, Any]) -> ValueSpec:
    item = ItemSpec(**data["item"]) if "item" in data else None
    return ValueSpec(**{**data, "fields": tuple(data["fields"]), "item": item})


def _grid(data: Mapping[str, Any]) -> GridSection:
    widths = tuple(data["column_widths"])
    rows = tuple(tuple(_cell(cell) for cell in row) for row in data["rows"])
    _require_full(rows, len(widths))
    return GridSection(widths, data["row_height"], rows)


def _cell(data: Mapping[str, Any]) -> CellSpec:
    spans = {key: data[key] for key in ("colspan", "rowspan") if key in data}
    rest = {key: value for key, value in data.items() if key not in spans}
    if "photo" in rest:
        rest["key"] = rest.pop("photo")
        return CellSpec(PhotoSpec(**rest), **spans)
    if "label" in rest:
        return CellSpec(rest["label"], **spans)
    return CellSpec(_value(rest), **spans)


def _require_full(rows: Sequence[Sequence[CellSpec]], columns: int) -> None:
    """Every place of the grid belongs to exactly one cell: a hole would shift the form."""
    hanging = [0] * columns
    for number, row in enumerate(rows, start=1):
        taken = sum(1 for depth in hanging if depth > 0) + sum(cell.colspan for cell in row)
        if taken != columns:
            raise PrintLayoutError(f"row {number} fills {taken} of {columns} columns")
        hanging = _after(hanging, row)
    if any(hanging):
        raise PrintLayoutError("a cell reaches below the last row")


def _after(hanging: Sequence[int], row: Sequence[CellSpec]) -> list[int]:
    depths = [cell.rowspan for cell in row for _ in range(cell.colspan)]
    return [depth - 1 if depth > 0 else depths.pop(0) - 1 for depth in hanging]


def _text(data: Mapping[str, Any]) -> TextSection:
    return TextSection(**{**data, "value": _value(data["value"])})


def _long_text(data: Mapping[str, Any]) -> LongTextSection:
    return LongTextSection(**{**data, "value": _value(data["value"])})


def _opinion(data: Mapping[str, Any]) -> OpinionSection:
    return OpinionSection(**{**data, "box": OpinionBox(**data["box"])})


def _opinions(data: Mapping[str, Any]) -> OpinionsSection:
    return OpinionsSection(**{**data, "rows": tuple(tuple(OpinionBox(**box) for box in row) for row in data["rows"])})


def _paste_page(data: Mapping[str, Any]) -> PastePage:
    return PastePage(**{**data, "slots": tuple(PasteSlot(**slot) for slot in data["slots"])})


def _title(data: Mapping[str, Any]) -> TitleSection:
    return TitleSection(**{**data, "lines": tuple(data["lines"])})


def _line(data: Mapping[str, Any]) -> LineSection:
    return LineSection(**{**data, "items": tuple(_line_item(item) for item in data["items"])})


def _line_item(data: Mapping[str, Any]) -> LineItem:
    own = {key: data[key] for key in ("label", "share") if key in data}
    return LineItem(value=_value({key: value for key, value in data.items() if key not in own}), **own)


def _list(data: Mapping[str, Any]) -> RowsSection:
    columns = tuple(_list_column(column) for column in data["columns"])
    return RowsSection(**{**data, "columns": columns, "blank_rows": tuple(data.get("blank_rows", ()))})


def _list_column(data: Mapping[str, Any]) -> ListColumn:
    own = {key: data[key] for key in ("label", "width") if key in data}
    return ListColumn(value=_value({key: value for key, value in data.items() if key not in own}), **own)


def _notes(data: Mapping[str, Any]) -> NotesSection:
    return NotesSection(**data)


def _prose(data: Mapping[str, Any]) -> ProseSection:
    return ProseSection(**{**data, "value": _value(data["value"])})


def _closing(data: Mapping[str, Any]) -> ClosingSection:
    return ClosingSection(tuple(_value(value) for value in data["values"]))


def _page_break(data: Mapping[str, Any]) -> PageBreak:
    return PageBreak(**data)


SECTIONS: Mapping[str, Callable[[Mapping[str, Any]], Section]] = {
    "grid": _grid,
    "text": _text,
    "long_text": _long_text,
    "opinion": _opinion,
    "opinions": _opinions,
    "paste_page": _paste_page,
    "page_break": _page_break,
    "title": _title,
    "line": _line,
    "list": _list,
    "notes": _notes,
    "prose": _prose,
    "closing": _closing,
}


def _section(*, kind: str, **data: Any) -> Section:
    return SECTIONS[kind](data)
