"""Lists that somebody goes through point by point before a case goes on: each point is looked at, each is passed."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.nominations.domain.unit_procedure import RecordFault


@dataclass(frozen=True, slots=True)
class Checklist:
    """Which points are asked (key → label), where they stand in the request, and the rule that asks them."""

    member: str
    points: Mapping[str, str]
    requirement: str

    def faults(self, passed: Mapping[str, bool]) -> list[RecordFault]:
        """Points that nobody looked at, that were not passed, and that do not exist."""
        missing = [
            self._fault(key, "point_missing", f"请审核“{label}”")
            for key, label in self.points.items()
            if key not in passed
        ]
        failed = [
            self._fault(key, "point_not_passed", f"“{self.points[key]}”未通过，不能同意推荐")
            for key, good in passed.items()
            if key in self.points and not good
        ]
        unknown = [self._fault(key, "unknown_field", "没有这一项") for key in passed if key not in self.points]
        return [*missing, *failed, *unknown]

    def _fault(self, key: str, code: str, message: str) -> RecordFault:
        return RecordFault(f"{self.member}/{key}", code, message, self.requirement)


def gates(points: Mapping[str, str]) -> Checklist:
    """“严把政治关、条件关、事迹关、廉政关” (R78)."""
    return Checklist("gates", points, "R78")


def dimensions(points: Mapping[str, str]) -> Checklist:
    """“以政治表现、工作业绩、贡献大小作为主要衡量标准” (R75)."""
    return Checklist("assessment", points, "R75")
