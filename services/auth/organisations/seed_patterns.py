"""Campaign and demo data are written once for all counties; here each pattern becomes its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.auth.domain.roles import Bureau, OrganisationKind, Place, Role, may_be_held_at


@dataclass(frozen=True, slots=True)
class Body:
    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    username: str
    full_name: str
    role: Role
    at: Place


def bodies_of(data: Mapping[str, Any]) -> list[Body]:
    """`bodies` as they stand, then `each_county` for each of `counties`. Raises KeyError, ValueError."""
    written = [Body(_place(row, row["jurisdiction"]), row["name"]) for row in data["bodies"]]
    for jurisdiction, county in data["counties"].items():
        written += [Body(_place(row, jurisdiction), row["name"].format(county=county)) for row in data["each_county"]]
    return written


def demo_units_of(data: Mapping[str, Any]) -> list[Body]:
    return [
        Body(Place(unit["jurisdiction"], OrganisationKind.UNIT), unit["unit"]) for unit in data["quota_units"].values()
    ]


def demo_people_of(data: Mapping[str, Any]) -> list[DemoPerson]:
    """Usernames are `<quota unit>-<suffix>`; those of the city are written out. Raises KeyError, ValueError."""
    people = [_person(row, row["username"], row["full_name"], row["jurisdiction"]) for row in data["in_the_city"]]
    for prefix, unit in data["quota_units"].items():
        patterns = data["at_each_unit"] + (data["at_each_county"] if unit["county_level"] else [])
        people += [
            _person(row, f"{prefix}-{row['suffix']}", row["full_name"].format(name=unit["name"]), unit["jurisdiction"])
            for row in patterns
        ]
    return people


def _place(row: Mapping[str, Any], jurisdiction: str) -> Place:
    bureau = Bureau(row["bureau"]) if "bureau" in row else None
    return Place(jurisdiction, OrganisationKind(row["kind"]), bureau)


def _person(row: Mapping[str, Any], username: str, full_name: str, jurisdiction: str) -> DemoPerson:
    role, place = Role(row["role"]), _place(row, jurisdiction)
    if not may_be_held_at(role, place.kind):
        raise ValueError(f"{username}: {role} is not held at a {place.kind}")
    return DemoPerson(username, full_name, role, place)
