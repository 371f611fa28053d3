"""“所有推荐材料同时报送纸质版和电子版”, “一式3份” (R121–R122): what came of a county's report, ticked item by item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Received:
    """What the city has in hand of one item."""

    paper_copies: int = 0
    electronic: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of a report: a form of the whole report, a case's approval form, or one of its opinion sheets."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """An item, what came of it, and what is still missing."""

    item: Item
    received: Received
    copies_missing: int
    electronic_missing: bool

    @property
    def complete(self) -> bool:
        return not self.copies_missing and not self.electronic_missing


def ticked(items: Sequence[Item], received: Mapping[str, Received], *, copies: int) -> list[Ticked]:
    """Each item in its order. More copies than asked for are no fault."""
    found = [(item, received.get(item.key, Received())) for item in items]
    return [
        Ticked(item, came, copies_missing=max(0, copies - came.paper_copies), electronic_missing=not came.electronic)
        for item, came in found
    ]
