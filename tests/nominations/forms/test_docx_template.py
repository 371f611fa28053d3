"""An office's own DOCX for a form: filled with the same words, in a sandbox, checked before it is published."""

import io
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from docx import Document

from services.campaign_tools.chinese import in_chinese
from services.campaign_tools.folder_check import check_folder
from services.nominations.campaigns.campaign_files import read_campaign_folder
from services.nominations.forms.docx import render_docx
from services.nominations.forms.form_document import compose, print_identity
from services.nominations.forms.pdf import render_pdf
from services.nominations.forms.print_identity import PrintIdentity
from services.nominations.forms.print_layout import with_template
from tests.domain.the_campaign import FOLDER

SOUND = ("{{ title }} {{ mark }} {{ code }}{{ qr }}", "姓名：{{ values.full_name }}", "{{ pictures.photo }}")
HOSTILE = "{{ 7*7 }}{% for %}<w:p/>&\u200b#eval 甲\n乙"


def word(*paragraphs: str, table: tuple[str, ...] = ()) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        rows = document.add_table(rows=len(table), cols=1).rows
        for row, text in zip(rows, table, strict=True):
            row.cells[0].text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.fixture
def filled(layout, content_of):
    """What the paragraphs and cells of the filled template say, and how many pictures it has."""

    def fill(template: bytes, values: dict | None = None, *, final: bool = True):
        content = content_of(values, status="final" if final else "draft")
        document = compose(with_template(layout, template), content)
        if final:
            document = replace(document, identity=PrintIdentity("a" * 64))
        made = Document(io.BytesIO(render_docx(document)))
        cells = [cell.text for each in made.tables for row in each.rows for cell in row.cells]
        return [each.text for each in made.paragraphs], cells, len(made.inline_shapes)

    return fill


def test_a_template_says_what_our_own_form_says(filled):
    table = ("{%tr for item in values.resume %}", "{{ item.from }} {{ item.organisation }}", "{%tr endfor %}")
    paragraphs, cells, pictures = filled(
        word(*SOUND, "{{ values.birth_month }}", "{{ opinions.opinion_county_hrss.date }}", table=table)
    )
    assert paragraphs[0].startswith("山西省制造业振兴升级先进个人推荐审批表  ")
    assert (paragraphs[3].endswith("月"), paragraphs[4], pictures) == (True, "2025年2月20日", 2)
    assert len(cells) > 0
    assert all("年" in cell for cell in cells)


def test_a_box_that_nobody_signs_says_wu_in_a_template_too_a13(layout, content_of):
    template = word(*SOUND, "{{ opinions.opinion_county_iit.text }} {{ opinions.opinion_county_iit.signer }}")
    content = content_of(unsigned_boxes=frozenset({"opinion_county_iit"}), status="draft")
    made = Document(io.BytesIO(render_docx(compose(with_template(layout, template), content))))
    assert made.paragraphs[3].text == "无 无"


def test_what_a_user_typed_is_text_whatever_it_looks_like_r129(filled):
    paragraphs, _, _ = filled(word(*SOUND), {"full_name": HOSTILE})
    assert paragraphs[1] == "姓名：" + HOSTILE


def test_a_draft_says_so_and_a_blank_is_empty(filled):
    paragraphs, _, _ = filled(word(*SOUND, "{{ values.remarks }}", "{{ opinions.none.text }}"), final=False)
    assert ("草稿" in paragraphs[0], paragraphs[3:]) == (True, ["", ""])


def test_a_template_reaches_nothing_beside_its_values(filled):
    escape = "{{ ''.__class__.__mro__ }}{{ values.__class__ }}{{ cycler }}{{ lipsum }}"
    paragraphs, _, _ = filled(word(*SOUND, escape))
    assert paragraphs[3] == ""


def test_a_template_that_fails_on_a_case_leaves_our_own_form(filled):
    _, cells, _ = filled(word(*SOUND, "{{ 1 // 0 }}"))
    assert len(cells) > 20


def test_pdf_and_print_identity_are_those_of_our_own_layout_r148(layout, content_of):
    own, content = with_template(layout, word(*SOUND)), content_of()
    prints = [print_identity(each, content, subject=UUID(int=1), pictures={}) for each in (layout, own)]
    assert prints[0] == prints[1]
    assert render_pdf(compose(own, content)) == render_pdf(compose(layout, content))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / FOLDER.name))


def told(folder: Path, template: bytes, form: str = "attachment_6") -> list[tuple[str, int, str]]:
    (folder / "forms" / f"{form}.docx").write_bytes(template)
    return [(fault.file, fault.line, fault.message) for fault in check_folder(folder)]


def test_a_sound_template_is_published_with_the_campaign(folder):
    assert told(folder, word(*SOUND)) == []
    assert read_campaign_folder(folder)["docx_templates"].keys() == {"attachment_6"}


def test_each_unknown_value_is_told_with_its_file_and_paragraph(folder):
    loop = "{% for item in values.resume %}{{ item.salary }}{% endfor %}"
    found = told(folder, word(*SOUND, "民族 {{ values.nation }}", loop, table=("{{ secret }}",)))
    assert sorted(found) == [
        ("forms/attachment_6.docx", 4, "no value values.nation in paragraph 4: 民族 {{ values.nation }}"),
        ("forms/attachment_6.docx", 5, f"no value item.salary in paragraph 5: {loop[:40]}"),
        ("forms/attachment_6.docx", 6, "no value secret in paragraph 6: {{ secret }}"),
    ]
    assert all(in_chinese(message) for _, _, message in found)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        (b"no archive", "is no DOCX: BadZipFile"),
        (word(*SOUND, "{{ values.full_name "), "cannot be read as a template: unexpected '}'"),
        (word(*SOUND, "{{ 1 // 0 }}"), "cannot be filled: ZeroDivisionError"),
        (word("{{ mark }}"), "must show {{ qr }}"),
        (b"x" * 5_000_001, "is larger than 5000000 bytes"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(folder, template, message):
    ((file, line, said),) = told(folder, template)
    assert (file, line) == ("forms/attachment_6.docx", 1)
    assert said.startswith(message.split(":")[0])
    assert in_chinese(said)


def test_a_template_for_no_form_is_refused(folder):
    assert told(folder, word(*SOUND), "attachment_66") == [
        ("forms/attachment_66.docx", 1, "is for no form of this campaign")
    ]
