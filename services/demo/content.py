"""What the invented nominee of the demo fills in. Nobody real; the number's sequence code is one that is not given out."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.nominations.domain.identity import check_digit

APPID_USER = "demo-phone"
_DEEDS = (
    "王晓明同志参加工作以来，一直在生产一线从事铸造工艺工作。（示例文字）他带领班组改进砂型工艺，使铸件废品率由3.2%降至0.9%；"
    "主持完成2项技术改造，全年节约用电120万千瓦时。他坚持把经验写成规程，先后带出8名技术骨干。"
)


@dataclass(frozen=True, slots=True)
class DemoNominee:
    """An invented person: each run has another number, because one person has one open nomination."""

    full_name: str
    resident_id_number: str
    born_on: date


def new_nominee() -> DemoNominee:
    born_on = date(1975, 1, 1) + timedelta(days=secrets.randbelow(5000))
    digits = f"650102{born_on:%Y%m%d}999"
    return DemoNominee("王晓明", digits + check_digit(digits), born_on)


def draft_form(nominee: DemoNominee) -> dict[str, Any]:
    """What a nominee has typed before the bus came: well-formed and far from complete."""
    return {
        "full_name": nominee.full_name,
        "sex": "male",
        "resident_id_number": nominee.resident_id_number,
        "employer_name": "五台县示例铸造有限公司",
        "deeds": "我在生产一线工作。",
    }


def nominee_part(nominee: DemoNominee) -> dict[str, Any]:
    """What the nominee answers for: 附件6 but for what the unit fills in (A30)."""
    return draft_form(nominee) | {
        "ethnicity": "han",
        "birth_month": f"{nominee.born_on:%Y-%m}",
        "native_place": "山西省五台县",
        "political_status": "party_member",
        "education_level": "bachelor",
        "degree": "bachelor",
        "identity_category": "technical_professional",
        "years_in_field": 15,
        "post": "铸造车间主任",
        "professional_title": "高级工程师",
        "employer_nature": "enterprise",
        "administrative_rank": "无",
        "mobile_phone": "13900000000",
        "id_card_valid_until": "2040年3月12日",
        "resume": [
            {"from": "2008-07", "to": "2015-06", "organisation": "五台县示例铸造有限公司", "post": "技术员"},
            {"from": "2016-03", "organisation": "五台县示例铸造有限公司", "post": "铸造车间主任"},
        ],
        "awards_received": [
            {
                "level": "below_provincial",
                "year": 2021,
                "month": 5,
                "authority": "示例市总工会",
                "title": "示例市劳动模范",
            }
        ],
        "deeds": _DEEDS,
        "truth_declaration": True,
        "photo_declaration": True,
    }


def unit_part() -> dict[str, Any]:
    """What the unit's clerk answers for."""
    return {
        "employer_contact_name": "示例联系人",
        "employer_contact_phone": "0350-3000000",
        "employer_address": "山西省忻州市五台县示例路1号",
        "employer_postcode": "035500",
        "scope": "employees",
        "conditions": ["technical_innovation"],
        "grounds": "改进砂型工艺，废品率由3.2%降至0.9%。",
        "is_enterprise_head": False,
        "is_state_owned": False,
        "frontline": True,
        "hardship": False,
        "industry_field": "装备制造",
        "political_attestation": True,
        "conduct_attestation": True,
        "unit_truth_declaration": True,
    }


ASSESSMENT = {
    key: {"met": True}
    for key in ("procedure", "authenticity", "content", "political_conduct", "performance", "contribution")
}
SELF_REVIEW = {
    "held_on": "2025-02-07",
    "gates": {
        key: {"passed": True, "reviewer_name": "示例审核员"}
        for key in ("political", "conditions", "deeds", "integrity")
    },
    "responsible_name": "示例负责人",
    "statement": "经自审，推荐材料真实，符合评选条件和规定程序。",
}
CONTACT_FORM = {
    "organisation_name": "示例县评选推荐工作机构",
    "filled_on": "2025-02-07",
    "people": [
        {
            "position": position,
            "full_name": name,
            "employer_name": "示例县人力资源和社会保障局",
            "post": "示例职务",
            "office_phone": "0350-3000000",
            "fax": "0350-3000001",
            "mobile_phone": "13900000000",
            "email": "office@example.cn",
            "address": "山西省忻州市示例县示例路1号",
            "postcode": "035500",
        }
        for position, name in (("leader", "示例局长"), ("contact", "示例科员"))
    ],
}
