"""The pieces of a print layout: page, cover, 填表说明, tables, boxes, lines (R129, R148). Lengths in mm, sizes in points."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ValueFormat = Literal["text", "date", "year_month", "boolean"]


@dataclass(frozen=True, slots=True)
class PageSpec:
    """The sheet. `duplex` asks for the body to begin on a new sheet, behind cover and 填表说明 (R187)."""

    margin_top: float
    margin_bottom: float
    margin_side: float
    paper: Literal["a4"] = "a4"
    orientation: Literal["portrait", "landscape"] = "portrait"
    duplex: bool = False
    seal_reminder: str = ""
    """Stands at the foot of every page, continuation pages too (R140, R145)."""

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
    row_height: float
    rows: tuple[tuple[OpinionBox, ...], ...]
    heading: str = ""


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


@dataclass(frozen=True, slots=True)
class TitleSection:
    """The head of a sheet without a cover."""

    lines: tuple[str, ...]
    annex: str = ""
    """附件3: stands at the left, above the title."""
    size_pt: float = 18


@dataclass(frozen=True, slots=True)
class LineItem:
    label: str
    value: ValueSpec
    share: float = 1
    """Of the width that the labels leave."""


@dataclass(frozen=True, slots=True)
class LineSection:
    """Labels with their values on one line, outside any table."""

    items: tuple[LineItem, ...]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list; without a label of its own it takes the one of the form definition."""

    value: ValueSpec
    width: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class RowsSection:
    """A table with as many rows as there are, its head repeated on every page."""

    columns: tuple[ListColumn, ...]
    head_height: float
    row_height: float
    blank_rows: tuple[str, ...] = ()
    """What the first column says on the blank form, row by row."""
    size_pt: float = 0
    """0: that of the form."""


@dataclass(frozen=True, slots=True)
class NotesSection:
    """备注 below a table: the notes of the form definition, numbered where there are several."""

    heading: str
    size_pt: float = 0


@dataclass(frozen=True, slots=True)
class ProseSection:
    """A part of a report: a heading and running text."""

    heading: str
    value: ValueSpec


@dataclass(frozen=True, slots=True)
class ClosingSection:
    """Whose report it is, sealed and dated, at the right."""

    values: tuple[ValueSpec, ...]
