"""The shape of organisations.yaml: the bodies of a campaign, and what is the same in each county."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.auth.domain.roles import Bureau, OrganisationKind


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One body. `jurisdiction` is a division code, or the quota unit's own key."""

    jurisdiction: str
    kind: OrganisationKind
    name: str
    bureau: Bureau | None = None


@dataclass(frozen=True, slots=True)
class CountyBodyRow:
    """One body of each county; `{county}` stands for the county's name."""

    kind: OrganisationKind
    name: str
    bureau: Bureau | None = None


@dataclass(frozen=True, slots=True)
class OrganisationFile:
    """Counties by their division code."""

    bodies: tuple[BodyRow, ...]
    each_county: tuple[CountyBodyRow, ...]
    counties: Mapping[str, str]
