"""“按时、保质、按名额报送推荐材料” (R111): how ready one recommending organisation is, in the three words of the notice.

Each measure is a percentage that anybody can work out from the board; the score is their mean and decides nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.nominations.domain.quotas import SeatUse, seat_use
from services.nominations.domain.workflow import FIRST_STAGE, Status

Place = tuple[str, Status]
"""Stage and status."""

_IN_THE_UNIT = (Status.DELIBERATION, Status.DECIDED, Status.IN_PUBLICITY)
_UNDER_WAY = frozenset({SeatUse.RESERVED, SeatUse.CONSUMED})


@dataclass(frozen=True, slots=True)
class Readiness:
    """按时, 保质, 按名额: 0 to 100 each."""

    time: int
    completeness: int
    quota: int

    @property
    def score(self) -> int:
        return round((self.time + self.completeness + self.quota) / 3)


def readiness(
    *,
    seats: Mapping[str, int],
    zero_declared: frozenset[str],
    cases: Mapping[str, Mapping[Place, int]],
    in_time: bool,
    path: Sequence[str],
) -> Readiness:
    """`seats` and `cases` by category. A declared zero nomination is an answer, not a gap (R13); a draft is no case yet."""
    under_way = {
        category: {place: count for place, count in places.items() if seat_use(*place, path) in _UNDER_WAY}
        for category, places in cases.items()
    }
    granted = sum(seats.values())
    answered = sum(
        count if category in zero_declared else min(count, sum(under_way.get(category, {}).values()))
        for category, count in seats.items()
    )
    counted = [(place, count) for places in under_way.values() for place, count in places.items()]
    steps = sum(count for _, count in counted)
    done = sum(_done(place, path) * count for place, count in counted)
    open_seats = any(count for category, count in seats.items() if category not in zero_declared)
    nothing_to_do = 0 if open_seats else 100
    return Readiness(
        time=100 if in_time else 0,
        completeness=round(100 * done / steps) if steps else nothing_to_do,
        quota=round(100 * answered / granted) if granted else 100,
    )


def is_in_time(
    *,
    owed: frozenset[str],
    declared: Mapping[str, datetime],
    first_report: datetime | None,
    deadline: datetime,
    now: datetime,
) -> bool:
    """“按时报送” (R111–R112): the first answer came before the deadline that holds; who gave none is late from then on.

    `owed`: categories with seats. `declared`: category → when it was said that nobody is nominated in it (R13); that
    answers once it is said of all. Who was let in after the deadline (R113) has not given up, and is late all the same.
    """
    if not owed:
        return True
    answers = [first_report] if first_report is not None else []
    if owed <= declared.keys():
        answers.append(max(declared[category] for category in owed))
    return min(answers, default=now) < deadline


def _done(place: Place, path: Sequence[str]) -> float:
    """Which part of its way to the city a case has behind it: the unit's three steps, then signature and both bureaus."""
    stage, status = place
    if stage == path[-1]:
        return 1.0
    reviewed = [(stage, each) for stage in path[1:-1] for each in (Status.UNDER_REVIEW, Status.ENDORSED)]
    milestones = [*((FIRST_STAGE, each) for each in _IN_THE_UNIT), *reviewed]
    return (milestones.index(place) + 1) / (len(milestones) + 1) if (stage, status) in milestones else 0.0
