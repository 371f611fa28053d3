"""For whom a person acts: one role assignment at a time, chosen among those that run now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.auth.domain.roles import Bureau, OrganisationKind, Role


@dataclass(frozen=True, slots=True)
class Organisation:
    id: UUID
    name: str
    kind: OrganisationKind
    jurisdiction: str
    """Division code such as `140922`, or the quota unit's own key: `xz_etdz`, `city_direct` (附件2)."""
    bureau: Bureau | None
    predecessors: tuple[UUID, ...] = ()
    """Bodies that it took in: their cases are its own now."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role held for an organisation from one moment until another; R43 ends some of them by themselves."""

    id: UUID
    role: Role
    organisation: Organisation
    starts_at: datetime
    ends_at: datetime | None
    acting_for: str = ""
    """Whose role it is that this person holds for a time; empty for a role of their own."""

    def runs_at(self, now: datetime) -> bool:
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class Acting:
    """The assignment somebody acts under, and those they could change to."""

    under: Assignment
    others: tuple[Assignment, ...]


def running(assignments: Iterable[Assignment], now: datetime) -> list[Assignment]:
    """Those that run now, the longest held first: the one somebody acts under who names none."""
    return sorted((each for each in assignments if each.runs_at(now)), key=lambda each: (each.starts_at, each.id))


def choose(held: Sequence[Assignment], wanted: UUID | None) -> Acting | None:
    """None when the wanted assignment is not among those held."""
    for assignment in held:
        if wanted is None or assignment.id == wanted:
            return Acting(assignment, tuple(each for each in held if each.id != assignment.id))
    return None
