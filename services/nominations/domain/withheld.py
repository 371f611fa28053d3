"""What the history of a case holds and not every reader is told: opinions are for the offices that asked (R58, R80–R82),
and nobody below hears of a rank before the province has decided (R64).
"""

from collections.abc import Mapping
from typing import Any

from services.nominations.domain.workflow import Event, Role, Status

_DECIDED = frozenset({Status.AWARDED, Status.NOT_AWARDED, Status.REVOKED})
_OF_THE_UNIT = frozenset({Role.NOMINEE, Role.UNIT_CLERK, Role.UNIT_HEAD})
_OF_A_COUNTY = frozenset({Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER})


def reads_opinions(roles: frozenset[str]) -> bool:
    """“按管理权限征求相关部门意见” (R58): what was said is for the offices, never for nominee or unit (R80–R82)."""
    return roles.isdisjoint(_OF_THE_UNIT)


def as_told(event: Mapping[str, Any], *, roles: frozenset[str], status: Status) -> dict[str, Any]:
    """An event as these roles read it. Its hash stays that of the whole event, which the case file holds (R97)."""
    hidden = _hidden(str(event["event"]), roles, decided=status in _DECIDED)
    told = dict(event)
    told["details"] = {key: value for key, value in event["details"].items() if key not in hidden}
    if "result" in hidden:
        told["reason"] = ""
    if Role.AUTHORITY in event["actor"]["roles"] and not reads_opinions(roles):
        told["actor"] = event["actor"] | {"name": event["actor"]["organisation_name"]}
    return told


def _hidden(event: str, roles: frozenset[str], *, decided: bool) -> frozenset[str]:
    unit, county = not reads_opinions(roles), bool(roles & _OF_A_COUNTY)
    if event == Event.OPINION_RECORDED and unit:
        return frozenset({"result", "replaces"})
    ranks: Mapping[str, bool] = {
        Event.REPORTED: unit,  # the county's order, which the county made itself
        Event.RANKED: unit or county,
        Event.REPORTED_TO_PROVINCE: unit or county,
    }
    return frozenset({"rank"}) if ranks.get(event) and not decided else frozenset()
