"""附件6 as DOCX, opened again with python-docx."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn

from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.docx import render_docx
from services.nominations.forms.pictures import UNREADABLE
from services.nominations.forms.print_layout import PrintLayout

DrawnForm = Callable[..., FormDocument]


def _opened(document: FormDocument) -> Any:
    return docx.Document(BytesIO(render_docx(document)))


def _cell_texts(table: Any) -> list[list[str]]:
    """The texts of each row, a merged cell once."""
    return [["".join(t.text for t in cell.iter(qn("w:t"))) for cell in row._tr.tc_lst] for row in table.rows]


def _paragraphs(element: Any) -> list[str]:
    return ["".join(t.text for t in line.iter(qn("w:t"))) for line in element.iter(qn("w:p"))]


@pytest.fixture(scope="module")
def final(drawn_form: DrawnForm) -> Any:
    return _opened(drawn_form())


@pytest.fixture(scope="module")
def blank(blank_form: FormDocument) -> Any:
    return _opened(blank_form)


def test_every_page_is_a4_r187(final: Any) -> None:
    assert {(round(s.page_width.mm), round(s.page_height.mm)) for s in final.sections} == {(210, 297)}


def test_the_body_begins_on_a_new_sheet_r187(final: Any) -> None:
    assert [section.start_type for section in final.sections] == [WD_SECTION.NEW_PAGE, WD_SECTION.ODD_PAGE]


def test_text_is_fangsong_12_point_r149(final: Any) -> None:
    normal = final.styles["Normal"]
    assert (normal.element.rPr.rFonts.get(qn("w:eastAsia")), normal.font.name, normal.font.size.pt) == (
        "仿宋",
        "仿宋",
        12,
    )


def test_the_cover_says_who_is_recommended_by_whom_r189(final: Any) -> None:
    assert [line.text for line in final.paragraphs[:2]] == ["山西省制造业振兴升级先进个人", "推荐审批表"]
    assert _cell_texts(final.tables[0]) == [
        ["姓　　名：", "王喆垚"],
        ["工作单位：", "忻州市某某机械厂"],
        ["推荐单位：", "忻府区"],
        ["表彰层次：", "省级以下"],
        ["填报时间：", "2025年2月28日"],
    ]


def test_instructions_are_the_notices_words_in_order(blank: Any, layout: PrintLayout) -> None:
    assert layout.instructions is not None
    texts = [line.text for line in blank.paragraphs if line.text]
    assert texts[2:] == [layout.instructions.heading, *layout.instructions.points]


def test_values_stand_in_a_table_with_spans(final: Any) -> None:
    table = final.tables[1]
    assert _cell_texts(table) == [
        ["姓　　名", "王喆垚", "性　　别", "男", ""],
        ["民　　族", "汉族", "出生年月", "1985年3月", ""],
        ["籍　　贯", "山西省代县", "政治面貌", "中共党员", ""],
        ["学历学位", "大学本科 / 学士", "身份标识", "企业管理人员", ""],
        ["从事本领域工作年限", "17", "身份证号", "990101198503070018"],
        ["工作单位", "忻州市某某机械厂", "职务/职称", "总工程师 / 高级工程师"],
        ["工作单位性质", "企业", "行政级别", "无"],
        ["工作单位联系人", "李祎", "工作单位联系电话", "0350-0000000"],
        ["工作单位地址(邮编)", "山西省忻州市某街0号（034000）", "本人联系电话", "13000000000"],
    ]
    assert table.cell(0, 4)._tc is table.cell(3, 4)._tc
    assert table.cell(4, 3)._tc is table.cell(4, 4)._tc


def test_a_signed_box_holds_opinion_signer_and_date_r130(final: Any) -> None:
    boxes = final.tables[7].rows[1]._tr.tc_lst
    assert [_paragraphs(box) for box in boxes] == [
        [
            "县级人力资源和社会保障部门意见:",
            "经审核，同意推荐。",
            "签字人：赵曌",
            "（盖章）",
            "2025年2月20日",
        ],
        ["县级工业和信息化部门意见:", "签字人：", "（盖章）", "　　年　　月　　日"],
    ]


def test_pictures_stand_at_the_size_of_their_boxes_r188_r184(final: Any) -> None:
    sizes = [(round(shape.width.mm), round(shape.height.mm)) for shape in final.inline_shapes]
    assert sizes == [(35, 49), (86, 54), (86, 54), (140, 88)]


def test_every_picture_has_a_number_of_its_own(final: Any) -> None:
    numbers = [shape._inline.docPr.id for shape in final.inline_shapes]
    assert len(set(numbers)) == len(numbers)


def test_deeds_keep_their_paragraphs_and_may_run_over_pages_r183(final: Any) -> None:
    row = final.tables[5].rows[1]
    assert [line.text for line in row.cells[0].paragraphs] == ["他长期在生产一线工作。", "他带领班组完成技术改造。"]
    assert row._tr.trPr.find(qn("w:cantSplit")) is None


def test_three_hundred_awards_are_all_there(drawn_form: DrawnForm) -> None:
    award = {"level": "省部级", "year": 2019, "month": 4, "authority": "某厅"}
    awards = [award | {"title": f"奖项{number}"} for number in range(300)]
    cell = _opened(drawn_form({"awards_received": awards})).tables[3].cell(0, 1)
    assert [line.text for line in cell.paragraphs] == [
        f"省部级奖励：2019年4月，被某厅授予“奖项{number}”" for number in range(300)
    ]


@pytest.mark.parametrize("text", ["<w:t>&amp;</w:t>", "]]>", "\"'&<>", "{{ x }}", "  两端空格  ", "\\ $x$ *b* =1+1"])
def test_markup_is_printed_as_plain_text(drawn_form: DrawnForm, text: str) -> None:
    assert _opened(drawn_form({"full_name": text})).tables[1].cell(0, 1).text == text


def test_characters_that_xml_cannot_hold_are_left_out(drawn_form: DrawnForm) -> None:
    assert _opened(drawn_form({"full_name": "甲\x00\x0c\ud800\u202e乙"})).tables[1].cell(0, 1).text == "甲乙"


def test_a_file_that_is_no_picture_says_so_in_its_place(drawn_form: DrawnForm) -> None:
    word = _opened(drawn_form(images={"photo": b"broken"}))
    assert word.tables[1].cell(0, 4).text == UNREADABLE


def test_only_a_draft_is_marked(drawn_form: DrawnForm, final: Any) -> None:
    draft = _opened(drawn_form(status="draft"))
    assert [section.header.paragraphs[0].text for section in draft.sections] == ["草稿", "草稿"]
    assert [section.header.paragraphs[0].text for section in final.sections] == ["", ""]
