"""Puts values, pictures and signed opinions into a form.

Everything that the reader will see is decided here; a renderer only decides how its format says it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from uuid import UUID

from services.nominations.domain.form_definition import NOTHING
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
from services.nominations.forms.form_content import FormContent
from services.nominations.forms.print_identity import PrintIdentity, identity_of
from services.nominations.forms.print_layout import OfficeLayout, PrintLayout, TableSection
from services.nominations.forms.print_specs import (
    CellSpec,
    ClosingSection,
    CoverSpec,
    GridSection,
    InstructionsSpec,
    LineSection,
    LongTextSection,
    NotesSection,
    OpinionBox,
    OpinionSection,
    OpinionsSection,
    PageBreak,
    PastePage,
    PasteSlot,
    PhotoSpec,
    ProseSection,
    RowsSection,
    TextSection,
    TitleSection,
    ValueSpec,
)
from services.nominations.forms.sheets import list_table, may_outgrow_a_page, sheet_part, value_of
from services.nominations.forms.template_data import template_data
from services.nominations.forms.values import chinese_date, plain

DRAFT_MARK = "草稿"
SEAL = "（盖章）"
EMPTY_DATE = "　　年　　月　　日"


def compose(layout: PrintLayout, content: FormContent) -> FormDocument:
    """Puts the content into the layout. What was not entered stays empty; nothing is made up."""
    return FormDocument(
        form=layout.form,
        title=layout.title,
        page=layout.page,
        text=layout.text,
        mark=DRAFT_MARK if content.status == "draft" else "",
        blocks=tuple(_blocks(layout, content)),
        images=content.images,
        template=layout.template if isinstance(layout, OfficeLayout) else None,
        said=template_data(layout, content) if isinstance(layout, OfficeLayout) else {},
    )


def print_identity(
    layout: PrintLayout, content: FormContent, *, subject: UUID, pictures: Mapping[str, str]
) -> PrintIdentity:
    """Of the final print about `subject`. `pictures`: place → SHA-256 of what stands there; what boxes say is no part of it."""
    bare = compose(layout, replace(content, images={}, opinions={}, unsigned_boxes=frozenset(), status="final"))
    return _identity(bare, subject=subject, pictures=pictures)


def identified(document: FormDocument, *, subject: UUID) -> FormDocument:
    """A final document that is no form of a campaign and has no boxes to sign: all of it is what it is known by."""
    return replace(document, identity=_identity(document, subject=subject, pictures={}))


def _identity(document: FormDocument, *, subject: UUID, pictures: Mapping[str, str]) -> PrintIdentity:
    tree = asdict(document)
    for beside in ("images", "mark", "identity", "template", "said"):
        del tree[beside]
    return identity_of({"subject": str(subject), "pictures": dict(pictures), "document": tree})


def _blocks(layout: PrintLayout, content: FormContent) -> Iterator[Block]:
    if layout.cover:
        yield _cover(layout.cover, content)
    if layout.instructions:
        yield NewPage()
        yield _instructions(layout.instructions)
    if layout.cover or layout.instructions:
        yield NewPage(to_odd=layout.page.duplex)
    for section in layout.body:
        match section:
            case PageBreak():
                yield NewPage()
            case RowsSection():
                yield list_table(section, content)
            case TitleSection() | LineSection() | NotesSection() | ProseSection() | ClosingSection():
                yield sheet_part(section, content, layout.page.text_width)
            case _:
                yield _table(section, content, layout.page.text_width)


def _cover(spec: CoverSpec, content: FormContent) -> Cover:
    return Cover(spec.title_lines, tuple((item.label, value_of(item.value, content)) for item in spec.items))


def _instructions(spec: InstructionsSpec) -> Instructions:
    return Instructions(spec.heading, spec.points)


def _table(section: TableSection, content: FormContent, width: float) -> Table:
    match section:
        case GridSection():
            return Table(section.column_widths, tuple(_grid_row(section, row, content) for row in section.rows))
        case TextSection():
            value = Cell(Text("lines", value_of(section.value, content)))
            row = Row(section.min_height, (Cell(Text("label", section.label)), value), breakable=True)
            return Table((section.label_width, width - section.label_width), (row,))
        case LongTextSection():
            heading = Row(11, (Cell(Text("heading", section.heading)),))
            text = Row(section.min_height, (Cell(Text("prose", value_of(section.value, content))),), breakable=True)
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
    heading = (Row(11, (Cell(Text("heading", section.heading), colspan=columns),)),) if section.heading else ()
    boxes = (_opinion_row(section.row_height, row, content) for row in section.rows)
    return Table((width / columns,) * columns, (*heading, *boxes))


def _opinion_row(
    height: float, boxes: tuple[OpinionBox, ...], content: FormContent, *, label: tuple[Cell, ...] = ()
) -> Row:
    opinions = tuple(_opinion(box, content) for box in boxes)
    breakable = any(may_outgrow_a_page(opinion.text) for opinion in opinions)
    return Row(height, label + tuple(Cell(opinion) for opinion in opinions), breakable)


def _grid_row(section: GridSection, specs: tuple[CellSpec, ...], content: FormContent) -> Row:
    cells = tuple(_cell(spec, content) for spec in specs)
    breakable = any(isinstance(c.content, Text) and may_outgrow_a_page(c.content.text) for c in cells)
    return Row(section.row_height, cells, breakable)


def _cell(spec: CellSpec, content: FormContent) -> Cell:
    match spec.content:
        case str() as label:
            return Cell(Text("label", label), spec.colspan, spec.rowspan)
        case ValueSpec() as value:
            return Cell(Text("value", value_of(value, content)), spec.colspan, spec.rowspan)
        case PhotoSpec() as photo:
            return Cell(
                Picture(photo.key, photo.width, photo.height, "照片", photo.placeholder), spec.colspan, spec.rowspan
            )


def _opinion(box: OpinionBox, content: FormContent) -> Opinion:
    signed = content.opinions.get(box.key)
    unsaid = NOTHING if box.key in content.unsigned_boxes else ""
    return Opinion(
        heading=box.heading,
        text=plain(signed.text) if signed else unsaid or box.preset_text,
        signer=f"{box.signer_label}：{plain(signed.signer_name) if signed else unsaid}",
        seal=SEAL,
        date=chinese_date(signed.signed_on) if signed else EMPTY_DATE,
    )


def _places(slot: PasteSlot, images: Mapping[str, bytes]) -> Iterator[Picture]:
    """A place for each picture of the slot, one empty place where there is none."""
    keys = [key for key in images if key == slot.key or key.startswith(f"{slot.key}/")]
    for key in keys or [slot.key]:
        yield Picture(key, slot.width, slot.height, slot.label)
