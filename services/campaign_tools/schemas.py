"""The JSON Schemas of a campaign's files, made from the code that reads them. An editor completes and checks with them."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from services.campaign_tools.asking_reader import AskingReader
from services.campaign_tools.organisation_file import OrganisationFile
from services.campaign_tools.print_schema import print_schema
from services.campaign_tools.record_schema import RecordSchemas, Schema, closed
from services.documents.domain.document_kind import DocumentKind
from services.documents.domain.photo_profile import PhotoProfile
from services.nominations.domain.campaign_parsing import read_campaign
from services.privacy.notice import PrivacyNotice

PARTS = {"consultation": ("authorities", "city_collected", "consultation"), "requirements": ("requirements",)}
"""What stands in files of its own, such as consultation.yaml; everything else of the campaign stands in campaign.yaml."""
_ELSEWHERE = ("quotas", "forms", "print_layouts", "docx_templates", *(key for keys in PARTS.values() for key in keys))
_DIALECT = "http://json-schema.org/draft-07/schema#"
_TITLES = {
    "campaign": "评选表彰活动",
    "consultation": "征求意见",
    "requirements": "通知条款",
    "form": "表格",
    "print": "表格打印版式",
    "documents": "材料与照片要求",
    "organisations": "组织机构",
    "privacy-notice": "个人信息处理告知书",
}


@cache
def schemas() -> dict[str, Schema]:
    """By the kind of file."""
    asked = AskingReader()
    read_campaign(asked)
    whole = asked.schema
    found = {
        "campaign": _part(whole, [key for key in whole["properties"] if key not in _ELSEWHERE]),
        **{name: _part(whole, keys) for name, keys in PARTS.items()},
        "form": whole["properties"]["forms"]["additionalProperties"],
        "print": print_schema(),
        "documents": _documents(),
        "organisations": RecordSchemas(nullable=False, filled=False).of(OrganisationFile),
        "privacy-notice": RecordSchemas(nullable=False, filled=True).of(PrivacyNotice),
    }
    return {name: {"$schema": _DIALECT, "title": _TITLES[name], **schema} for name, schema in found.items()}


def schema_files() -> dict[str, str]:
    """File name → text."""
    return {
        f"{name}.schema.json": json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        for name, schema in schemas().items()
    }


def schema_of(file: str) -> str:
    """The kind of a campaign's file by its name, such as `forms/attachment_6.print.yaml`."""
    if file.startswith("forms/"):
        return "print" if file.endswith(".print.yaml") else "form"
    return Path(file).stem


def _part(whole: Schema, keys: Sequence[str]) -> Schema:
    return closed({key: whole["properties"][key] for key in keys}, [key for key in whole["required"] if key in keys])


def _documents() -> Schema:
    records = RecordSchemas(nullable=True, filled=True)
    sections = {"photo_profiles": PhotoProfile, "document_kinds": DocumentKind}
    described = {
        key: {"type": "object", "additionalProperties": records.of(record)} for key, record in sections.items()
    }
    return closed({"label": {"type": "string"}, **described}, ["label", *sections])
