"""A complete 附件6 and 附件5, plainly fictional. The identity number is synthetic and says: male, born in March 1985."""

from typing import Any


def complete_individual_form() -> dict[str, Any]:
    return {
        "full_name": "示例员工",
        "sex": "male",
        "ethnicity": "han",
        "birth_month": "1985-03",
        "native_place": "山西省五台县",
        "political_status": "party_member",
        "education_level": "bachelor",
        "degree": "bachelor",
        "identity_category": "technical_professional",
        "years_in_field": 15,
        "resident_id_number": "140922198503120018",
        "employer_name": "五台县示例铸造有限公司",
        "post": "车间主任",
        "professional_title": "高级工程师",
        "employer_nature": "enterprise",
        "administrative_rank": "无",
        "employer_contact_name": "示例联系人",
        "employer_contact_phone": "0350-3000000",
        "employer_address": "山西省忻州市五台县示例路1号",
        "employer_postcode": "035500",
        "mobile_phone": "13900000000",
        "resume": [
            {"from": "2008-07", "to": "2015-06", "organisation": "五台县示例铸造有限公司", "post": "技术员"},
            {"from": "2015-06", "organisation": "五台县示例铸造有限公司", "post": "车间主任"},
        ],
        "awards_received": [
            {
                "level": "below_provincial",
                "year": 2021,
                "month": 5,
                "authority": "示例市总工会",
                "title": "示例劳动模范",
            }
        ],
        "sanctions_received": "无",
        "deeds": "该同志扎根生产一线，改进砂型工艺，废品率由3.2%降至0.9%。",
        "scope": "employees",
        "conditions": ["technical_innovation"],
        "grounds": "改进砂型工艺，成效显著。",
        "is_enterprise_head": False,
        "is_state_owned": False,
        "political_attestation": True,
        "conduct_attestation": True,
        "truth_declaration": True,
    }


def complete_collective_form() -> dict[str, Any]:
    return {
        "collective_name": "山西省忻州市五台县示例铸造有限公司",
        "address": "山西省忻州市五台县示例路1号",
        "parent_organisation_name": "无",
        "collective_nature": "enterprise",
        "collective_rank": "无",
        "leader_name": "示例负责人",
        "leader_post": "总经理",
        "leader_phone": "13900000000",
        "contact_name": "示例联系人",
        "contact_post": "办公室主任",
        "contact_phone": "0350-3000000",
        "contact_email": "contact@example.cn",
        "postcode": "035500",
        "awards_received": "无",
        "sanctions_received": "无",
        "deeds": "该公司扎根铸造行业，废品率由3.2%降至0.9%。",
    }
