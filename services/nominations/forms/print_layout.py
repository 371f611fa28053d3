"""How a form stands on paper, as data: page, cover, 填表说明, tables, boxes (R129, R148). Lengths in mm, sizes in points.

The layout knows labels, widths and order; what a field may hold is the form definition's business.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

ValueFormat = Literal["text", "date", "year_month", "boolean"]


class PrintLayoutError(ValueError):
    """The layout data cannot be read; the message names the place."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """The sheet. `duplex` asks for the body to begin on a new sheet, behind cover and 填表说明 (R187)."""

    margin_top: float
    margin_bottom: float
    margin_side: float
    paper: Literal["a4"] = "a4"
    orientation: Literal["portrait", "landscape"] = "portrait"
    duplex: bool = False

    @property
    def size_mm(self) -> tuple[float, float]:
        return (210.0, 297.0) if self.orientation == "portrait" else (297.0, 210.0)

    @property
    def text_width(self) -> float:
        return self.size_mm[0] - 2 * self.margin_side


@dataclass(frozen=True, slots=True)
class TextSpec:
    size_pt: float
    line_pitch_pt: float


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """One line for each item of a list: `{part}` stands for the item's part."""

    pattern: str
    formats: Mapping[str, ValueFormat] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    """The word for a part that is not given, such as 至今."""


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """Where a value comes from and how it is written."""

    fields: tuple[str, ...]
    format: ValueFormat = "text"
    separator: str = ""
    pattern: str = ""
    """Used when every field is given; otherwise those given are joined by the separator."""
    item: ItemSpec | None = None
    blank: str = ""
    """What the empty form prints here."""


@dataclass(frozen=True, slots=True)
class CoverItem:
    label: str
    value: ValueSpec


@dataclass(frozen=True, slots=True)
class CoverSpec:
    title_lines: tuple[str, ...]
    items: tuple[CoverItem, ...]


@dataclass(frozen=True, slots=True)
class InstructionsSpec:
    heading: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhotoSpec:
    """A picture's box in a cell; the placeholder stands while there is no picture."""

    key: str
    width: float
    height: float
    placeholder: str


@dataclass(frozen=True, slots=True)
class CellSpec:
    """A label, a value or a picture."""

    content: str | ValueSpec | PhotoSpec
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True)
class GridSection:
    column_widths: tuple[float, ...]
    row_height: float
    rows: tuple[tuple[CellSpec, ...], ...]


@dataclass(frozen=True, slots=True)
class TextSection:
    """A label at the left, beside it text that may run over pages."""

    label: str
    label_width: float
    min_height: float
    value: ValueSpec


@dataclass(frozen=True, slots=True)
class LongTextSection:
    """A heading across, below it text that may run over pages."""

    heading: str
    min_height: float
    value: ValueSpec


@dataclass(frozen=True, slots=True)
class OpinionBox:
    """A box to sign, seal and date (R130). `preset_text` is printed by the notice itself (R191)."""

    key: str
    signer_label: str
    heading: str = ""
    preset_text: str = ""


@dataclass(frozen=True, slots=True)
class OpinionSection:
    label: str
    label_width: float
    height: float
    box: OpinionBox


@dataclass(frozen=True, slots=True)
class OpinionsSection:
    heading: str
    row_height: float
    rows: tuple[tuple[OpinionBox, ...], ...]


@dataclass(frozen=True, slots=True)
class PasteSlot:
    key: str
    label: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PastePage:
    heading: str
    height: float
    slots: tuple[PasteSlot, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


TableSection = GridSection | TextSection | LongTextSection | OpinionSection | OpinionsSection | PastePage
Section = TableSection | PageBreak


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
}


def _section(*, kind: str, **data: Any) -> Section:
    return SECTIONS[kind](data)
