"""The notice's own campaign, read once, and copies of its data that a test may break."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from services.nominations.campaigns.campaign_files import read_campaign_folder
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.campaign_parsing import parse_campaign

FOLDER = Path("campaigns/shanxi-manufacturing-2025")


@cache
def _data() -> dict[str, Any]:
    return read_campaign_folder(FOLDER)


def campaign_data() -> dict[str, Any]:
    return deepcopy(_data())


@cache
def the_campaign() -> Campaign:
    return parse_campaign(_data())


def field_data(data: dict[str, Any], key: str) -> dict[str, Any]:
    """The data of one field of 附件6."""
    fields: list[dict[str, Any]] = data["forms"]["attachment_6"]["fields"]
    return next(field for field in fields if field["key"] == key)
