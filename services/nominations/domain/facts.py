"""What the rules need to know of whoever asks and of the case, and the form of an answer against them."""

from dataclasses import dataclass
from datetime import date

from services.nominations.domain.workflow import Role, Status


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason against an action. `available_on` is the first day on which it falls away by itself."""

    code: str
    message: str
    requirement: str
    available_on: date | None = None
    about_role: bool = False
    """The caller is the wrong person, whatever the case's state: 403, not 409."""
    pointer: str = ""
    """Where in the request the case stands that it is about; empty when the request is about one case."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and for whom they act."""

    person_id: str
    organisation_id: str
    jurisdiction: str
    bureau: str
    roles: frozenset[str]
    predecessors: frozenset[str] = frozenset()
    """Bodies that the actor's organisation has taken in: their cases are its own."""

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rules need to know of a case. Facts that depend on time are computed from dates by whoever loads them."""

    stage: str
    status: Status
    unit_id: str
    quota_unit: str
    nominee_person_id: str | None
    today: date
    materials_closed: bool = False
    """The deadline is over for a case that was never reported, or not with whom it is about now.

    What came in time and went back is not late (R113).
    """
    records: frozenset[str] = frozenset()
    """Unit records in force: staff_deliberation, inspection, leadership_decision, self_review."""
    confirmed_parts: frozenset[str] = frozenset()
    """Parts of the form that somebody stands for as they are now."""
    asked_parts: frozenset[str] = frozenset()
    """Parts in which the form asks anything."""
    disqualifiers: tuple[str, ...] = ()
    """Labels of the circumstances that bar the case, wherever they were found (R83)."""
    zero_declared: bool = False
    """The recommending organisation has declared that it nominates nobody in this category (R13)."""
    publicity_closes_on: date | None = None
    publicity_provisional: bool = False
    signed_bureaus: frozenset[str] = frozenset()
    """Bureaus that have signed at the present stage."""
    signers: frozenset[str] = frozenset()
    """Whoever has signed any box that is in force."""
    city_publicity_closes_on: date | None = None
    city_publicity_provisional: bool = False
    """The notice of the whole city, once it is open (R62)."""
    open_objections: int = 0
    """Objections that nobody has concluded yet: the case goes no further (R63, R96)."""
    objections_upheld: int = 0
    """Objections found true against a notice that still stands: nothing was put right yet (R96)."""
    office_set_up: bool = True
    """The county has said who answers for the campaign there (R40)."""
    campaign_closed: bool = False
    """The campaign's work is done and its working group dissolved (R43)."""
    removal_pending: bool = False
    """Somebody proposed to take its eligibility away, and nobody has decided that yet (R98, R101)."""
    rank_awaits_approval: bool = False
    """副处级 or above, and the city has not agreed to put it forward (R74)."""
    rank_proposed_by: str | None = None
    """Who proposed to agree to it, while nobody has seconded that (R97)."""
    missing_opinions: tuple[str, ...] = ()
    """Labels of the authorities whose opinion is required and not yet recorded."""
    adverse_opinions: tuple[str, ...] = ()
    """Labels of the authorities that said no."""
