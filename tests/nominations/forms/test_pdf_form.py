"""附件6 as PDF."""

import ctypes
import pickle
from collections.abc import Callable
from datetime import date

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from services.nominations.forms import pdf as pdf_module
from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.form_content import SignedOpinion
from services.nominations.forms.pdf import render_pdf
from services.nominations.forms.pictures import UNREADABLE
from services.nominations.forms.print_layout import PrintLayout
from tests.nominations.forms.sample_form import VALUES, page_texts

DrawnForm = Callable[..., FormDocument]


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _fonts(page: pypdfium2.PdfPage) -> dict[str, set[tuple[str, float]]]:
    """Character → the fonts and sizes it is printed in."""
    text, found = page.get_textpage(), {}
    for index in range(text.count_chars()):
        name = ctypes.create_string_buffer(200)
        pdfium.FPDFText_GetFontInfo(text, index, name, 200, None)
        font = (name.value.decode().partition("+")[2], round(pdfium.FPDFText_GetFontSize(text, index), 1))
        found.setdefault(chr(pdfium.FPDFText_GetUnicode(text, index)), set()).add(font)
    return found


@pytest.fixture(scope="module")
def final_pdf(drawn_form: DrawnForm) -> bytes:
    return render_pdf(drawn_form())


@pytest.fixture(scope="module")
def blank_pages(blank_form: FormDocument) -> list[str]:
    return [_squeezed(text) for text in page_texts(render_pdf(blank_form))]


def test_every_page_is_a4_r187(final_pdf: bytes) -> None:
    sizes = {tuple(round(side) for side in page.get_size()) for page in pypdfium2.PdfDocument(final_pdf)}
    assert sizes == {(595, 842)}


def test_the_cover_says_who_is_recommended_by_whom_r189(final_pdf: bytes) -> None:
    assert _squeezed(page_texts(final_pdf)[0]) == (
        "山西省制造业振兴升级先进个人推荐审批表"
        "姓名：王喆垚工作单位：忻州市某某机械厂推荐单位：忻府区表彰层次：省级以下填报时间：2025年2月28日"
    )


def test_instructions_stand_on_the_back_of_the_cover_in_the_notices_words(
    blank_pages: list[str], layout: PrintLayout
) -> None:
    assert layout.instructions is not None
    assert blank_pages[1] == _squeezed(layout.instructions.heading + "".join(layout.instructions.points))


def test_the_body_begins_on_a_new_sheet_r187(blank_pages: list[str]) -> None:
    assert blank_pages[2].startswith("姓名性别")


def test_a_blank_form_holds_labels_in_order_and_nothing_else(blank_pages: list[str]) -> None:
    assert blank_pages[2] == _squeezed(
        "姓名性别民族出生年月籍贯政治面貌照片（近期2寸正面半身免冠蓝底彩色照片）学历学位身份标识"
        "从事本领域工作年限身份证号工作单位职务/职称工作单位性质行政级别工作单位联系人工作单位联系电话"
        "工作单位地址(邮编)本人联系电话个人简历"
    )
    assert blank_pages[3] == "何时何地受过何种奖励何时何地受过何种处分"
    assert blank_pages[4] == _squeezed(
        "主要先进事迹（不超过1500字）所在单位意见上述情况真实准确，同意推荐。"
        "签字人（推荐对象所在单位负责人）：（盖章）年月日"
    )
    assert blank_pages[6:] == ["有效身份证件和职称证书粘贴处"]


def test_unsigned_boxes_print_signer_seal_and_date_only_r168(blank_pages: list[str]) -> None:
    boxes = [
        f"{level}{bureau}部门意见:签字人：（盖章）年月日"
        for level in ("县级", "地市级", "省级")
        for bureau in ("人力资源和社会保障", "工业和信息化")
    ]
    assert blank_pages[5] == "各级人力资源和社会保障部门、工业和信息化部门推荐审核意见" + "".join(boxes)


def test_a_signed_box_holds_opinion_signer_and_date_r130(final_pdf: bytes) -> None:
    page = _squeezed(page_texts(final_pdf)[5])
    assert [page.count(word) for word in ("经审核，同意推荐。", "签字人：赵曌", "2025年2月20日", "年月日")] == [
        1,
        1,
        1,
        5,
    ]


def test_a_box_that_nobody_signs_says_wu_and_keeps_the_words_of_the_form_r171_a13(drawn_form: DrawnForm) -> None:
    form = drawn_form(opinions={}, unsigned_boxes=frozenset({"opinion_county_hrss", "opinion_county_iit"}))
    boxes = [
        f"{level}{bureau}部门意见:{said}（盖章）年月日"
        for level, said in (("县级", "无签字人：无"), ("地市级", "签字人："), ("省级", "签字人："))
        for bureau in ("人力资源和社会保障", "工业和信息化")
    ]
    page = _squeezed(page_texts(render_pdf(form))[5])
    assert page == "各级人力资源和社会保障部门、工业和信息化部门推荐审核意见" + "".join(boxes)


def test_what_was_signed_stands_whatever_the_path_says_a13(drawn_form: DrawnForm) -> None:
    form = drawn_form(unsigned_boxes=frozenset({"opinion_county_hrss"}))
    page = _squeezed(page_texts(render_pdf(form))[5])
    assert "县级人力资源和社会保障部门意见:经审核，同意推荐。签字人：赵曌（盖章）2025年2月20日" in page


def test_values_stand_in_their_places(final_pdf: bytes) -> None:
    page = _squeezed(page_texts(final_pdf)[2])
    for pair in (
        "姓名王喆垚",
        "性别男",
        "出生年月1985年3月",
        "政治面貌中共党员",
        "学历学位大学本科/学士",
        "身份证号990101198503070018",
        "职务/职称总工程师/高级工程师",
        "工作单位地址(邮编)山西省忻州市某街0号（034000）",
        "2015年7月—至今某某机械厂总工程师",
    ):
        assert pair in page


def test_text_is_fangsong_12_point_r149(final_pdf: bytes) -> None:
    fonts = _fonts(pypdfium2.PdfDocument(final_pdf)[2])
    assert fonts["汉"] == {("FandolFang-Regular", 12.0)}
    assert fonts["1"] == {("FandolFang-Regular", 12.0)}


def test_characters_that_fangsong_lacks_print_as_themselves(drawn_form: DrawnForm) -> None:
    pdf = render_pdf(drawn_form({"full_name": "喆垚犇龑祎"}))
    assert "喆垚犇龑祎" in page_texts(pdf)[2]
    fonts = _fonts(pypdfium2.PdfDocument(pdf)[2])
    assert [fonts[character] for character in "喆垚犇龑祎"] == [{("NotoSerifSC-Regular", 12.0)}] * 5


def test_long_deeds_flow_over_pages_with_every_character_r183(drawn_form: DrawnForm) -> None:
    deeds = "".join(f"第{number}项：他完成技术改造。" for number in range(200))
    assert len(deeds) > 2500
    pages = page_texts(render_pdf(drawn_form({"deeds": deeds})))
    assert len(pages) == 9
    assert deeds in _squeezed("".join(pages))


def test_three_hundred_awards_are_all_printed(drawn_form: DrawnForm) -> None:
    award = VALUES["awards_received"][0]
    awards = [award | {"title": f"奖项{number}号"} for number in range(300)]
    text = _squeezed("".join(page_texts(render_pdf(drawn_form({"awards_received": awards})))))
    assert [number for number in range(300) if text.count(f"授予“奖项{number}号”") != 1] == []


@pytest.mark.parametrize(
    "text",
    [
        '#eval("1")',
        "\\",
        "$x^2$",
        "*b* _i_",
        "<w:t>&amp;</w:t>",
        "@ref #set page()",
        "= 标题",
        "`raw` // 注释",
        "a--b…~c",
    ],
)
def test_markup_is_printed_as_plain_text(drawn_form: DrawnForm, text: str) -> None:
    pages = page_texts(render_pdf(drawn_form({"post": text, "deeds": text, "professional_title": None})))
    assert _squeezed(text) in _squeezed(pages[2])
    assert _squeezed(text) in _squeezed(pages[4])


@pytest.mark.parametrize("text", ["示", "示，", "示例ab1"])
@pytest.mark.parametrize("length", [1, 700, 790, 800, 830, 1500, 4000])
def test_a_text_that_is_surely_higher_than_its_row_is_drawn_as_if_it_had_been_measured(
    drawn_form: DrawnForm, monkeypatch: pytest.MonkeyPatch, text: str, length: int
) -> None:
    form = drawn_form({"deeds": (text * length)[:length]})
    quick = render_pdf(form)
    always_measured = pdf_module._template().replace(b"> height\n", b"> height + 1000mm\n", 1)
    assert always_measured != pdf_module._template()
    monkeypatch.setattr(pdf_module, "_template", lambda: always_measured)
    assert render_pdf(form) == quick


def test_a_long_word_breaks_inside_its_cell(drawn_form: DrawnForm) -> None:
    page = pypdfium2.PdfDocument(render_pdf(drawn_form({"employer_name": "W" * 100})))[2]
    text = page.get_textpage()
    right = max(
        text.get_charbox(i)[2] for i in range(text.count_chars()) if chr(pdfium.FPDFText_GetUnicode(text, i)) == "W"
    )
    assert right < (24 + 29.1 + 35.4) / 25.4 * 72


def test_direction_marks_cannot_turn_words_round(drawn_form: DrawnForm) -> None:
    assert "姓名甲乙丙性别" in _squeezed(page_texts(render_pdf(drawn_form({"full_name": "甲\u202e乙丙"})))[2])


def test_a_name_of_forty_characters_is_printed_whole(drawn_form: DrawnForm) -> None:
    name = "阿不都热依木" * 6 + "·买买提"
    assert name in _squeezed(page_texts(render_pdf(drawn_form({"full_name": name})))[2])


def test_rows_beside_the_photo_that_outgrow_the_page_run_on(drawn_form: DrawnForm) -> None:
    long = {"full_name": "喆" * 190, "native_place": "晋" * 190}
    body = "".join(page_texts(render_pdf(drawn_form(long)))[2:])
    assert (body.count("喆"), body.count("晋"), _squeezed(body).count("政治面貌中共党员")) == (190, 190, 1)


def test_only_a_draft_is_marked(drawn_form: DrawnForm, final_pdf: bytes) -> None:
    draft = page_texts(render_pdf(drawn_form(status="draft")))
    assert ["草稿" in text for text in draft] == [True] * len(draft)
    assert not any("草稿" in text for text in page_texts(final_pdf))


def test_the_portrait_is_two_inches_and_not_distorted_r188(final_pdf: bytes) -> None:
    page = pypdfium2.PdfDocument(final_pdf)[2]
    boxes = [item.get_bounds() for item in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE])]
    left, bottom, right, top = boxes[0]
    assert len(boxes) == 1
    assert ((right - left) / 72 * 25.4, (top - bottom) / 72 * 25.4) == (
        pytest.approx(35, abs=0.1),
        pytest.approx(49, abs=0.1),
    )


def test_both_sides_of_the_id_card_and_every_certificate_are_on_the_paste_pages_r184_r185(
    drawn_form: DrawnForm,
) -> None:
    images = dict(drawn_form().images)
    images["certificates/2"] = images["certificates"]
    document = pypdfium2.PdfDocument(render_pdf(drawn_form(images=images)))
    pictures = [len(list(page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE]))) for page in document]
    assert sum(pictures[6:]) == 4


def test_a_file_that_is_no_picture_says_so_in_its_place(drawn_form: DrawnForm) -> None:
    pdf = render_pdf(drawn_form(images={"certificates": b"%PDF-1.7"}))
    assert _squeezed(page_texts(pdf)[6]) == f"有效身份证件和职称证书粘贴处{UNREADABLE}"


def test_a_very_long_opinion_is_printed_whole(drawn_form: DrawnForm) -> None:
    text = "".join(f"第{number}条情况属实。" for number in range(150))
    signed = SignedOpinion(text=text, signer_name="赵曌", signed_on=date(2025, 2, 20))
    pages = page_texts(render_pdf(drawn_form(opinions={"opinion_unit": signed})))
    assert text in _squeezed("".join(pages))


@pytest.mark.parametrize("box", ["opinion_unit", "opinion_county_hrss"])
def test_an_opinion_of_many_short_lines_keeps_its_signer_and_date_r130(drawn_form: DrawnForm, box: str) -> None:
    signed = SignedOpinion(text="犇\n" * 95, signer_name="赵曌", signed_on=date(2025, 2, 20))
    printed = _squeezed("".join(page_texts(render_pdf(drawn_form(opinions={box: signed})))))
    assert [printed.count(word) for word in ("犇", "：赵曌", "2025年2月20日")] == [95, 1, 1]


def test_the_same_form_gives_the_same_bytes(drawn_form: DrawnForm) -> None:
    assert render_pdf(drawn_form()) == render_pdf(drawn_form())


def test_a_document_travels_to_a_worker_process(drawn_form: DrawnForm) -> None:
    document = drawn_form()
    assert pickle.loads(pickle.dumps(document)) == document  # noqa: S301 — our own object
    assert pickle.loads(pickle.dumps(render_pdf)) is render_pdf  # noqa: S301


def test_long_names_leave_the_cover_one_page(drawn_form: DrawnForm) -> None:
    pages = page_texts(render_pdf(drawn_form({"full_name": "阿" * 50, "employer_name": "W" * 100})))
    assert "填报时间" in _squeezed(pages[0])
    assert _squeezed(pages[1]).startswith("填表说明")
