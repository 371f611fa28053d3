"""Puts values, pictures and signed opinions into a form.

Everything that the reader will see is decided here; a renderer only decides how its format says it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from services.nominations.forms.blocks import (
    Block,
    Cell,
    Cover,
    FormDocument,
    Instructions,
    NewPage,
    Opinion,
    Picture,
    Pictures,
    Row,
    Table,
    Text,
)
from services.nominations.forms.print_layout import (
    CellSpec,
    CoverSpec,
    GridSection,
    InstructionsSpec,
    LongTextSection,
    OpinionBox,
    OpinionSection,
    OpinionsSection,
    PageBreak,
    PastePage,
    PasteSlot,
    PhotoSpec,
    PrintLayout,
    TableSection,
    TextSection,
    ValueSpec,
)
from services.nominations.forms.values import Vocabulary, chinese_date, plain, printed

Status = Literal["blank", "draft", "final"]
DRAFT_MARK = "草稿"
SEAL = "（盖章）"
EMPTY_DATE = "　　年　　月　　日"
MAX_WHOLE_TEXT = 200
"""Characters, a line break counted as 20. A row with a longer text may break over pages: kept whole, it could be higher
than a page, and what stands below the edge is lost."""


@dataclass(frozen=True, slots=True)
class SignedOpinion:
    """What was signed in a box."""

    text: str
    signer_name: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class FormContent:
    """What a form says. A picture of `certificates` after the first has a key such as `certificates/2`."""

    values: Mapping[str, Any]
    enum_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    field_enums: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, bytes] = field(default_factory=dict)
    opinions: Mapping[str, SignedOpinion] = field(default_factory=dict)
    status: Status = "draft"

    @property
    def words(self) -> Vocabulary:
        return Vocabulary(self.enum_labels, self.field_enums)


def compose(layout: PrintLayout, content: FormContent) -> FormDocument:
    """Puts the content into the layout. What was not entered stays empty; nothing is made up."""
    return FormDocument(
        title=layout.title,
        page=layout.page,
        text=layout.text,
        mark=DRAFT_MARK if content.status == "draft" else "",
        blocks=tuple(_blocks(layout, content)),
        images=content.images,
    )


def _blocks(layout: PrintLayout, content: FormContent) -> Iterator[Block]:
    if layout.cover:
        yield _cover(layout.cover, content)
    if layout.instructions:
        yield NewPage()
        yield _instructions(layout.instructions)
    if layout.cover or layout.instructions:
        yield NewPage(to_odd=layout.page.duplex)
    for section in layout.body:
        yield NewPage() if isinstance(section, PageBreak) else _table(section, content, layout.page.text_width)


def _cover(spec: CoverSpec, content: FormContent) -> Cover:
    return Cover(spec.title_lines, tuple((item.label, _value(item.value, content)) for item in spec.items))


def _instructions(spec: InstructionsSpec) -> Instructions:
    return Instructions(spec.heading, spec.points)


def _table(section: TableSection, content: FormContent, width: float) -> Table:
    match section:
        case GridSection():
            return Table(section.column_widths, tuple(_grid_row(section, row, content) for row in section.rows))
        case TextSection():
            value = Cell(Text("lines", _value(section.value, content)))
            row = Row(section.min_height, (Cell(Text("label", section.label)), value), breakable=True)
            return Table((section.label_width, width - section.label_width), (row,))
        case LongTextSection():
            heading = Row(11, (Cell(Text("heading", section.heading)),))
            text = Row(section.min_height, (Cell(Text("prose", _value(section.value, content))),), breakable=True)
            return Table((width,), (heading, text))
        case OpinionSection():
            row = _opinion_row(section.height, (section.box,), content, label=(Cell(Text("label", section.label)),))
            return Table((section.label_width, width - section.label_width), (row,))
        case OpinionsSection():
            return _opinions(section, content, width)
        case PastePage():
            places = tuple(place for slot in section.slots for place in _places(slot, content.images))
            return Table((width,), (Row(section.height, (Cell(Pictures(section.heading, places)),), breakable=True),))


def _opinions(section: OpinionsSection, content: FormContent, width: float) -> Table:
    columns = len(section.rows[0])
    heading = Row(11, (Cell(Text("heading", section.heading), colspan=columns),))
    boxes = (_opinion_row(section.row_height, row, content) for row in section.rows)
    return Table((width / columns,) * columns, (heading, *boxes))


def _opinion_row(
    height: float, boxes: tuple[OpinionBox, ...], content: FormContent, *, label: tuple[Cell, ...] = ()
) -> Row:
    opinions = tuple(_opinion(box, content) for box in boxes)
    breakable = any(_may_outgrow_a_page(opinion.text) for opinion in opinions)
    return Row(height, label + tuple(Cell(opinion) for opinion in opinions), breakable)


def _grid_row(section: GridSection, specs: tuple[CellSpec, ...], content: FormContent) -> Row:
    cells = tuple(_cell(spec, content) for spec in specs)
    breakable = any(isinstance(c.content, Text) and _may_outgrow_a_page(c.content.text) for c in cells)
    return Row(section.row_height, cells, breakable)


def _may_outgrow_a_page(text: str) -> bool:
    return len(text) + 20 * text.count("\n") > MAX_WHOLE_TEXT


def _cell(spec: CellSpec, content: FormContent) -> Cell:
    match spec.content:
        case str() as label:
            return Cell(Text("label", label), spec.colspan, spec.rowspan)
        case ValueSpec() as value:
            return Cell(Text("value", _value(value, content)), spec.colspan, spec.rowspan)
        case PhotoSpec() as photo:
            return Cell(
                Picture(photo.key, photo.width, photo.height, "照片", photo.placeholder), spec.colspan, spec.rowspan
            )


def _value(spec: ValueSpec, content: FormContent) -> str:
    return printed(spec, content.values, content.words) or spec.blank


def _opinion(box: OpinionBox, content: FormContent) -> Opinion:
    signed = content.opinions.get(box.key)
    return Opinion(
        heading=box.heading,
        text=plain(signed.text) if signed else box.preset_text,
        signer=f"{box.signer_label}：{plain(signed.signer_name) if signed else ''}",
        seal=SEAL,
        date=chinese_date(signed.signed_on) if signed else EMPTY_DATE,
    )


def _places(slot: PasteSlot, images: Mapping[str, bytes]) -> Iterator[Picture]:
    """A place for each picture of the slot, one empty place where there is none."""
    keys = [key for key in images if key == slot.key or key.startswith(f"{slot.key}/")]
    for key in keys or [slot.key]:
        yield Picture(key, slot.width, slot.height, slot.label)
