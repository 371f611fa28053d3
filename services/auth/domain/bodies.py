"""How a body changes: its name, its details, or into another body. What it was stays known."""

from dataclasses import dataclass
from enum import StrEnum

from services.auth.domain.acting import Organisation
from services.auth.domain.roles import OrganisationKind, Role

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""统一社会信用代码 (GB 32100-2015): no I, O, S, V, Z."""
MERGED = frozenset({OrganisationKind.UNIT, OrganisationKind.AUTHORITY})
"""Award offices, bureaus and the city's bodies have a place in the procedure: they are renamed, not merged (R4, R40)."""
KEEPERS = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER})


class BodyFault(StrEnum):
    """Why a body is not changed like that."""

    NAME_UNCHANGED = "name_unchanged"
    NAME_TAKEN = "name_taken"
    INTO_ITSELF = "into_itself"
    HAS_A_PLACE = "has_a_place_in_the_procedure"
    OTHER_KIND = "other_kind"
    OTHER_JURISDICTION = "other_jurisdiction"
    ENDED = "ended_by_a_merger"


@dataclass(frozen=True, slots=True)
class Body:
    """A body and whether another one took it in."""

    organisation: Organisation
    ended: bool


def keeps(role: Role, jurisdiction: str, body: Organisation) -> bool:
    """The city's office keeps all bodies, a county's its units and authorities."""
    if role is Role.CITY_OFFICER:
        return True
    return role is Role.COUNTY_OFFICER and body.jurisdiction == jurisdiction and body.kind in MERGED


def rename_fault(body: Body, name: str, *, taken: bool) -> BodyFault | None:
    checks = (
        (body.ended, BodyFault.ENDED),
        (body.organisation.name == name, BodyFault.NAME_UNCHANGED),
        (taken, BodyFault.NAME_TAKEN),
    )
    return next((fault for wrong, fault in checks if wrong), None)


def merger_faults(body: Body, into: Body) -> list[BodyFault]:
    """Every reason at once."""
    one, other = body.organisation, into.organisation
    checks = (
        (one.id == other.id, BodyFault.INTO_ITSELF),
        (body.ended or into.ended, BodyFault.ENDED),
        (one.kind not in MERGED, BodyFault.HAS_A_PLACE),
        (one.kind is not other.kind, BodyFault.OTHER_KIND),
        (one.jurisdiction != other.jurisdiction, BodyFault.OTHER_JURISDICTION),
    )
    return [fault for wrong, fault in checks if wrong]


def is_credit_code(code: str) -> bool:
    """18 characters; the last one follows from the others, weighed by powers of 3 (rules of GB 32100-2015)."""
    if len(code) != 18 or any(letter not in _ALPHABET for letter in code):
        return False
    total = sum(_ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:17]))
    return _ALPHABET[-total % 31] == code[17]
