"""Who can sign in: the demo people of the first campaign, those of the invented one, and a nominee at each unit."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from services.auth.domain.roles import Role
from services.auth.organisations.seed_patterns import demo_people_of
from services.embedded import demo_people

CAMPAIGNS = Path(__file__).parent / "campaigns"
FIRST, SECOND = "shanxi-manufacturing-2025", "sample-craft-2026"
_NOMINEE = {"suffix": "nominee", "role": "nominee", "kind": "unit", "full_name": "示例推荐对象（{name}）"}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in. Nominees have a WeChat account too: the fake WeChat's user of the same name."""

    username: str
    role: str
    full_name: str
    jurisdiction: str
    campaign_key: str
    wechat_user: str | None


def people() -> dict[str, dict[str, Any]]:
    """By campaign, in the shape of demo_people.yaml."""
    craft = yaml.load(
        (Path(__file__).parent / "craft_people.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return {FIRST: _with_nominees(demo_people.load()), SECOND: _with_nominees(craft)}


def accounts() -> list[Account]:
    return [
        Account(
            username=person.username,
            role=person.role.value,
            full_name=person.full_name,
            jurisdiction=person.at.jurisdiction,
            campaign_key=campaign,
            wechat_user=person.username if person.role is Role.NOMINEE else None,
        )
        for campaign, data in people().items()
        for person in demo_people_of(data)
    ]


def one_for_each_role() -> list[Account]:
    """The first account of each role and campaign; both bureaus of a stage."""
    chosen: dict[tuple[str, str, str], Account] = {}
    for account in accounts():
        if (
            account.campaign_key == FIRST
            and "-" in account.username
            and not account.username.startswith(("wutai", "city"))
        ):
            continue
        bureau = account.username.rpartition("-")[2] if account.role.endswith("_reviewer") else ""
        chosen.setdefault((account.campaign_key, account.role, bureau), account)
    return list(chosen.values())


def _with_nominees(data: dict[str, Any]) -> dict[str, Any]:
    return data | {"at_each_unit": [*data["at_each_unit"], _NOMINEE]}
