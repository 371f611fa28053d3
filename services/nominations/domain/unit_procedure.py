"""The order and the numbers of the unit's own steps.

“由所在单位民主推荐、考察审核，领导班子集体研究审议决定，并在本单位进行公示” (R50–R53).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

ORDER = ("staff_deliberation", "inspection", "leadership_decision")
RECORD_KINDS = (*ORDER, "self_review")


@dataclass(frozen=True, slots=True)
class RecordFault:
    """One thing wrong with a record: the member it stands in, a code, a sentence, the rule."""

    member: str
    code: str
    message: str
    requirement: str


def faults_of_date(kind: str, held_on: date, *, earlier: Mapping[str, date], today: date) -> list[RecordFault]:
    """A step is neither in the future nor before the steps that precede it."""
    faults = []
    if held_on > today:
        faults.append(RecordFault("held_on", "date_in_future", "日期不能晚于今天", "R50"))
    before = ORDER[: ORDER.index(kind)] if kind in ORDER else ()
    if any(held_on < day for step, day in earlier.items() if step in before):
        message = "日期不能早于前一步：先民主推荐，再考察，后集体研究"
        faults.append(RecordFault("held_on", "out_of_order", message, "R50"))
    return faults


def overtaken_steps(kind: str, held_on: date, *, held: Mapping[str, date]) -> list[str]:
    """The later steps that were held before this one is: they no longer follow it, and are held anew."""
    after = ORDER[ORDER.index(kind) + 1 :] if kind in ORDER else ()
    return [step for step in after if step in held and held[step] < held_on]


def faults_of_votes(*, present: int, in_favour: int) -> list[RecordFault]:
    """No more votes in favour than people present."""
    if in_favour > present:
        return [RecordFault("in_favour", "more_than_present", "赞成人数不能多于到会人数", "R50")]
    return []
