"""Every form of the notice, blank and filled with an invented case, as the services compose it."""

import io
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pypdfium2
import yaml
from docx import Document
from docx.oxml.ns import qn

from services.demo.content import CONTACT_FORM
from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.form_content import FormContent, SignedOpinion
from services.nominations.forms.form_document import compose
from services.nominations.forms.print_layout import PrintLayout, parse_print_layout
from services.nominations.prints.rendering import vocabulary
from services.nominations.prints.sheet_rendering import contact_rows, opinion_values, sheet_document, summary_rows
from tests.domain.sample_forms import complete_collective_form, complete_individual_form
from tests.domain.the_campaign import FOLDER, the_campaign
from tests.nominations.forms.sample_form import picture

FORMS = tuple(the_campaign().forms)
TABLES = ("attachment_3", "attachment_4", "attachment_9")
_BESIDE = {"recommending_organisation_name": "五台县", "form_date": "2025-02-28", "filled_on": "2025-02-28"}
_REPORT = {
    "organisation": "成立专班，加强领导。",
    "process": "自下而上，逐级推荐。",
    "consultation": "征求了各部门意见。",
    "publicity": "公示5个工作日，无异议。",
    "recommendation": "同意推荐。",
}
_OWN_FORMS = {"attachment_5": "advanced_collective", "attachment_6": "advanced_individual"}
_SUBJECTS = {"advanced_collective": complete_collective_form, "advanced_individual": complete_individual_form}


@cache
def layout_of(form: str) -> PrintLayout:
    return parse_print_layout(
        yaml.load((FOLDER / f"forms/{form}.print.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    )


def blank(form: str) -> FormDocument:
    return sheet_document(the_campaign(), layout_of(form), the_campaign().forms[form], values={}, status="blank")


def filled(form: str, changes: Mapping[str, Any] | None = None) -> FormDocument:
    """`changes` replace answers of the case."""
    campaign, definition = the_campaign(), the_campaign().forms[form]
    beside = _BESIDE | {"commendation_level": campaign.commendation_level, "reporter_name": "示例丙"}
    beside |= {"organisation_name": "五台县", "reporter_phone": "0350-3000000"} | _REPORT
    category = definition.category or _OWN_FORMS.get(form)
    if category is None:
        rows = contact_rows(campaign, definition, CONTACT_FORM) if form in TABLES else []
        return sheet_document(campaign, layout_of(form), definition, values=beside, status="final", rows=rows)
    answers = _SUBJECTS[category]() | dict(changes or {})
    if definition.boxes:
        opinions = {key: SignedOpinion("无异议。", "示例乙", date(2025, 2, 14)) for key in definition.boxes}
        values = opinion_values(campaign, definition, answers)
        return sheet_document(campaign, layout_of(form), definition, values=values, status="final", opinions=opinions)
    if form in TABLES:
        rows = summary_rows(campaign, definition, [(1, answers), (2, answers)])
        return sheet_document(campaign, layout_of(form), definition, values=beside, status="final", rows=rows)
    words = vocabulary(campaign, definition)
    images = {"photo": picture(413, 579, "royalblue"), "id_card_front": picture(856, 540, "lightgrey")}
    content = FormContent(
        values=beside | answers,
        enum_labels=words.enum_labels,
        field_enums=words.field_enums,
        images=images,
        opinions={"opinion_unit": SignedOpinion("同意推荐。", "示例甲", date(2025, 2, 14))},
        status="final",
    )
    return compose(layout_of(form), content)


def words(text: str) -> str:
    """Without spaces, rules and page furniture, brackets and colons in one width: what a reader reads."""
    plain = unicodedata.normalize("NFKC", text.replace("\ufffe", "").replace("\u200b", ""))
    return "".join(plain.replace("_", "").split())


def words_of_pdf(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return words("".join(page.get_textpage().get_text_bounded() for page in document))
    finally:
        document.close()


def words_of_docx(word: bytes) -> str:
    body = Document(io.BytesIO(word)).element.body
    return words("".join(text.text or "" for text in body.iter(qn("w:t"))))
