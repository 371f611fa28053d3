"""What a run is told of the server: people, and what stands in for phones."""

from collections.abc import Mapping
from dataclasses import dataclass

PARTS = (
    "unit_clerk",
    "unit_head",
    "nominee",
    "county_officer",
    "county_hrss",
    "county_iit",
    "city_officer",
    "city_hrss",
    "city_iit",
    "system_admin",
    "audit_admin",
    "outsider",
    "other_officer",
)
"""Who is needed: one unit and its county, the city, and a clerk and an officer of another county."""


class ContractUnreadable(Exception):
    """What /openapi.yaml answered is no contract that can be tested against."""


@dataclass(frozen=True)
class Given:
    """User name and password by part; where the fake WeChat is; whether text messages can be read."""

    campaign: str
    accounts: Mapping[str, tuple[str, str]]
    wechat_url: str = ""
    appid: str = ""
    is_sandbox: bool = False
