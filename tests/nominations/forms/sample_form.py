"""An invented nominee on 附件6, and how to read a PDF again."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw

FORMS = Path(__file__).parents[3] / "campaigns" / "shanxi-manufacturing-2025" / "forms"
CODES = {
    "sex": {"male": "男"},
    "political_status": {"party_member": "中共党员"},
    "education_level": {"bachelor": "大学本科"},
    "degree": {"bachelor": "学士"},
    "award_history_level": {"provincial": "省部级"},
}
CODED_FIELDS = {name: name for name in ("sex", "political_status", "education_level", "degree")} | {
    "awards_received.level": "award_history_level"
}
VALUES: dict[str, Any] = {
    "full_name": "王喆垚",
    "sex": "male",
    "ethnicity": "汉族",
    "birth_month": "1985-03",
    "native_place": "山西省代县",
    "political_status": "party_member",
    "education_level": "bachelor",
    "degree": "bachelor",
    "identity_category": "企业管理人员",
    "years_in_field": 17,
    "resident_id_number": "990101198503070018",
    "employer_name": "忻州市某某机械厂",
    "post": "总工程师",
    "professional_title": "高级工程师",
    "employer_nature": "企业",
    "administrative_rank": "无",
    "employer_contact_name": "李祎",
    "employer_contact_phone": "0350-0000000",
    "employer_address": "山西省忻州市某街0号",
    "employer_postcode": "034000",
    "mobile_phone": "13000000000",
    "resume": [
        {"from": "2008-07", "to": "2015-06", "organisation": "某某机械厂", "post": "技术员"},
        {"from": "2015-07", "to": None, "organisation": "某某机械厂", "post": "总工程师"},
    ],
    "awards_received": [
        {"level": "provincial", "year": 2019, "month": 4, "authority": "山西省人民政府", "title": "某某奖"}
    ],
    "sanctions_received": "无",
    "deeds": "他长期在生产一线工作。\n他带领班组完成技术改造。",
    "recommending_organisation_name": "忻府区",
    "commendation_level": "省级以下",
    "filled_on": "2025-02-28",
}


def picture(width: int, height: int, colour: str, file_format: str = "JPEG") -> bytes:
    """A plain picture with a frame at its edge."""
    image = Image.new("RGB", (width, height), colour)
    ImageDraw.Draw(image).rectangle((0, 0, width - 1, height - 1), outline="black", width=3)
    file = BytesIO()
    image.save(file, file_format)
    return file.getvalue()


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page without the breaks that the width of a column makes."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    return [text.replace("\r", "").replace("\n", "").replace("\ufffe", "") for text in texts]
