"""The few pieces of WordprocessingML that a form needs, as XML text. Every word of content is escaped here."""

from collections.abc import Iterable
from typing import Literal
from xml.sax.saxutils import escape

from docx.oxml.shape import CT_Inline
from docx.shared import Mm
from lxml import etree

BODY_FONT = "仿宋"
"""The notice's own font (R149, R170). Windows and WPS have it; it may not be passed on, so it is only named."""
TITLE_FONT = "宋体"

COVER_WIDTHS_MM = (40.0, 95.0)

Alignment = Literal["left", "center", "right", "both"]
Stands = Literal["top", "center", "bottom"]


def twips(mm: float) -> int:
    """Twentieths of a point, the measure of Word."""
    return round(mm / 25.4 * 1440)


def run(text: str, *, size_pt: float | None = None, title: bool = False, bold: bool = False) -> str:
    """Text in one style; line breaks inside are kept."""
    style = ""
    if title:
        style += f'<w:rFonts w:ascii="{TITLE_FONT}" w:hAnsi="{TITLE_FONT}" w:eastAsia="{TITLE_FONT}"/><w:b/>'
    style += "<w:b/>" if bold else ""
    if size_pt:
        style += f'<w:sz w:val="{round(size_pt * 2)}"/><w:szCs w:val="{round(size_pt * 2)}"/>'
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")]
    return f"<w:r><w:rPr>{style}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"


def paragraph(
    *content: str,
    align: Alignment = "left",
    first_line_chars: int = 0,
    before_mm: float = 0,
    indent_left_mm: float = 0,
    indent_right_mm: float = 0,
    page_break_before: bool = False,
    line_pt: float | None = None,
    line_at_least_pt: float | None = None,
) -> str:
    """A paragraph of runs and pictures. `line_pt` makes its line exactly so high."""
    style = "<w:pageBreakBefore/>" if page_break_before else ""
    line = f' w:line="{round(line_pt * 20)}" w:lineRule="exact"' if line_pt else ""
    line = f' w:line="{round(line_at_least_pt * 20)}" w:lineRule="atLeast"' if line_at_least_pt else line
    style += f'<w:spacing w:before="{twips(before_mm)}" w:after="0"{line}/>'
    indents = (
        f' w:firstLineChars="{first_line_chars * 100}" w:firstLine="{first_line_chars * 240}"'
        if first_line_chars
        else ""
    )
    if indent_left_mm or indent_right_mm:
        indents += f' w:left="{twips(indent_left_mm)}" w:right="{twips(indent_right_mm)}"'
    style += f"<w:ind{indents}/>" if indents else ""
    style += f'<w:jc w:val="{align}"/>'
    return f"<w:p><w:pPr>{style}</w:pPr>{''.join(content)}</w:p>"


def cell(
    content: str,
    *,
    width_mm: float,
    colspan: int = 1,
    rowspan: int = 1,
    stands: Stands = "top",
    underlined: bool = False,
) -> str:
    """A cell; `content` is one or more paragraphs."""
    style = f'<w:tcW w:w="{twips(width_mm)}" w:type="dxa"/>'
    style += f'<w:gridSpan w:val="{colspan}"/>' if colspan > 1 else ""
    style += '<w:vMerge w:val="restart"/>' if rowspan > 1 else ""
    line = '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
    style += f"<w:tcBorders>{line}</w:tcBorders>" if underlined else ""
    style += f'<w:vAlign w:val="{stands}"/>'
    return f"<w:tc><w:tcPr>{style}</w:tcPr>{content}</w:tc>"


def merged_cell(*, width_mm: float, colspan: int) -> str:
    """The place below a cell that spans rows."""
    span = f'<w:gridSpan w:val="{colspan}"/>' if colspan > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{twips(width_mm)}" w:type="dxa"/>{span}<w:vMerge/></w:tcPr><w:p/></w:tc>'


def row(cells: Iterable[str], *, min_height_mm: float, breakable: bool, repeated: bool = False) -> str:
    whole = "" if breakable else "<w:cantSplit/>"
    head = "<w:tblHeader/>" if repeated else ""
    height = f'<w:trHeight w:val="{twips(min_height_mm)}" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr>{whole}{height}{head}</w:trPr>{''.join(cells)}</w:tr>"


def table(rows: Iterable[str], *, column_widths_mm: Iterable[float], bordered: bool = True) -> str:
    """A centred table of fixed columns."""
    widths = [twips(width) for width in column_widths_mm]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    line = "single" if bordered else "nil"
    borders = "".join(f'<w:{side} w:val="{line}" w:sz="6" w:space="0" w:color="000000"/>' for side in sides)
    margins = "".join(f'<w:{side} w:w="{twips(1.8)}" w:type="dxa"/>' for side in ("left", "right"))
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    style = (
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
    )
    return f"<w:tbl><w:tblPr>{style}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def cover_line(label: str, value: str, *, size_pt: float) -> str:
    """A label and its value on a line, as a row of a table without borders."""
    label_width, value_width = COVER_WIDTHS_MM
    value_line = paragraph(run(value, size_pt=size_pt), align="center")
    left = cell(paragraph(run(label, size_pt=size_pt)), width_mm=label_width, stands="bottom")
    right = cell(value_line, width_mm=value_width, stands="bottom", underlined=True)
    return row((left, right), min_height_mm=14, breakable=False)


def value_line(items: Iterable[tuple[str, float, str, float]]) -> str:
    """Labels and underlined values beside one another, as a table of one row without borders."""
    cells, widths = [], []
    for label, label_mm, value, value_mm in items:
        cells.append(cell(paragraph(run(label)), width_mm=label_mm, stands="bottom"))
        cells.append(cell(paragraph(run(value)), width_mm=value_mm, stands="bottom", underlined=True))
        widths += [label_mm, value_mm]
    return table([row(cells, min_height_mm=9, breakable=False)], column_widths_mm=widths, bordered=False)


def picture_relation(number: int) -> str:
    """By this id the package says where the bytes of the picture lie."""
    return f"picture{number}"


def picture(number: int, *, name: str, width_mm: float, height_mm: float) -> str:
    """A run that shows the picture with this number. `name` is read out to people who cannot see it."""
    relation = picture_relation(number)
    inline = CT_Inline.new_pic_inline(number, relation, f"{relation}.jpeg", Mm(width_mm), Mm(height_mm))
    inline.docPr.set("descr", name)
    return f"<w:r><w:drawing>{etree.tostring(inline, encoding='unicode')}</w:drawing></w:r>"


def page_numbers(words: str) -> str:
    """A foot line: the words, and the page of all pages at the right."""
    begin, end = ('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    field = begin + "<w:r><w:instrText> {} </w:instrText></w:r>" + end
    page, pages = field.format("PAGE"), field.format("NUMPAGES")
    return f"{run(words)}<w:r><w:tab/><w:tab/></w:r>{run('第')}{page}{run('页　共')}{pages}{run('页')}"
