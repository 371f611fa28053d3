"""What is left of the limits that a request was charged to, told on its answer (IETF draft `RateLimit header fields for HTTP`).

Whoever counts already knows it: nothing is asked for it. The shell opens a slate for each request and writes it out.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Standing:
    """`left` of `quota` units; all of them again in `full_in` seconds, `window` at the longest."""

    quota: int
    window: int
    left: int
    full_in: float


_SLATE: ContextVar[dict[str, Standing] | None] = ContextVar("rate_standings", default=None)


@contextmanager
def slate() -> Iterator[Mapping[str, Standing]]:
    """By limit, what this request was charged. A request within a request has a slate of its own."""
    standings: dict[str, Standing] = {}
    token = _SLATE.set(standings)
    try:
        yield standings
    finally:
        _SLATE.reset(token)


def note_standing(name: str, standing: Standing) -> None:
    standings = _SLATE.get()
    if standings is not None:
        standings[name] = standing


def note_given_back(name: str, *, seconds: float) -> None:
    """A unit that fills again in so many seconds came back."""
    standing = (_SLATE.get() or {}).get(name)
    if standing is not None:
        standing.left = min(standing.quota, standing.left + 1)
        standing.full_in = max(0.0, standing.full_in - seconds)


def header_pairs(standings: Mapping[str, Standing]) -> list[tuple[bytes, bytes]]:
    """Empty where no limit was charged."""
    if not standings:
        return []
    policy = ", ".join(f'"{name}";q={each.quota};w={each.window}' for name, each in standings.items())
    left = ", ".join(f'"{name}";r={each.left};t={math.ceil(each.full_in)}' for name, each in standings.items())
    return [(b"ratelimit-policy", policy.encode("ascii")), (b"ratelimit", left.encode("ascii"))]
