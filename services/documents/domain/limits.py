"""Limits of one measure: the hard ones refuse, between them and the soft ones a person decides."""

from dataclasses import dataclass

from services.documents.domain.photo_findings import Finding, FindingCode, Severity
from services.documents.domain.rule_records import InvalidRules

Broken = tuple[Severity, float]
"""What a value deserves and the limit that it broke."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A value may be too high. Without a hard limit the measure is too rough to refuse anybody by it."""

    warn_above: float
    refuse_above: float | None

    def __post_init__(self) -> None:
        if self.refuse_above is not None and self.refuse_above < self.warn_above:
            raise InvalidRules("refuse_above must not lie below warn_above")

    def broken_by(self, value: float) -> Broken | None:
        if self.refuse_above is not None and value > self.refuse_above:
            return Severity.REFUSE, self.refuse_above
        return (Severity.WARN, self.warn_above) if value > self.warn_above else None


@dataclass(frozen=True, slots=True)
class Floor:
    """A value may be too low. Without a hard limit the measure is too rough to refuse anybody by it."""

    refuse_below: float | None
    warn_below: float

    def __post_init__(self) -> None:
        if self.refuse_below is not None and self.refuse_below > self.warn_below:
            raise InvalidRules("refuse_below must not lie above warn_below")

    def broken_by(self, value: float) -> Broken | None:
        if self.refuse_below is not None and value < self.refuse_below:
            return Severity.REFUSE, self.refuse_below
        return (Severity.WARN, self.warn_below) if value < self.warn_below else None


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value must lie."""

    lowest: float
    highest: float

    def __post_init__(self) -> None:
        if self.lowest >= self.highest:
            raise InvalidRules("lowest must lie below highest")

    def holds(self, value: float) -> bool:
        return self.lowest <= value <= self.highest


def broken_limit(code: FindingCode, broken: Broken, measured: float, message: str) -> Finding:
    """The finding about a measure that broke one of its limits."""
    severity, limit = broken
    return Finding(code, severity, round(measured, 2), limit, message)
