"""Reads plain data strictly and collects every fault with its path, so that an author mends a campaign in one go."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.nominations.domain.campaign import CampaignProblem
from services.nominations.domain.field_checks import plain_date

MISSING: Any = object()


class Reader:
    """One mapping of the data. Faults of all readers made from one gather in one list."""

    def __init__(self, data: object, path: str = "", problems: list[CampaignProblem] | None = None) -> None:
        self.path = path
        self.problems: list[CampaignProblem] = problems if problems is not None else []
        self._data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        self._asked: set[str] = set()
        if not isinstance(data, Mapping):
            self.fault("", "must be a mapping")

    def fault(self, key: str, message: str) -> None:
        self.problems.append(CampaignProblem(self._at(key), message))

    def text(self, key: str, default: str = MISSING) -> str:
        value: str = self._typed(key, str, "a text", default, "")
        return value

    def number(self, key: str, default: int = MISSING, *, minimum: int = 0) -> int:
        value: int = self._typed(key, int, "a whole number", default, minimum)
        if value < minimum:
            self.fault(key, f"must be at least {minimum}")
            return minimum
        return value

    def optional_number(self, key: str) -> int | None:
        return None if self._get(key) is None else self.number(key)

    def optional_text(self, key: str) -> str | None:
        return None if self._get(key) is None else self.text(key)

    def optional_flag(self, key: str) -> bool | None:
        value: bool | None = self._typed(key, bool, "true or false", None, None)
        return value

    def flag(self, key: str, default: bool) -> bool:
        value: bool = self._typed(key, bool, "true or false", default, default)
        return value

    def day(self, key: str) -> date:
        try:
            return plain_date(self.text(key))
        except ValueError:
            self.fault(key, "must be a date such as 2025-01-26")
            return date.min

    def texts(self, key: str, default: tuple[str, ...] = MISSING) -> tuple[str, ...]:
        value = self._typed(key, list, "a list of texts", default, [])
        if not all(isinstance(item, str) for item in value):
            self.fault(key, "must be a list of texts")
            return ()
        return tuple(value)

    def text_map(self, key: str) -> dict[str, str]:
        value = self._typed(key, Mapping, "a mapping of texts", MISSING, {})
        if not all(isinstance(item, str) for pair in value.items() for item in pair):
            self.fault(key, "must be a mapping of texts")
            return {}
        return dict(value)

    def raw(self, key: str) -> Any:
        """A member of any type, None when it is not there."""
        return self._get(key)

    def choice(self, key: str, choices: Mapping[str, Any], default: str = MISSING) -> Any:
        name = self.text(key, default)
        if name not in choices:
            self.fault(key, f"must be one of {', '.join(choices)}")
            return next(iter(choices.values()))
        return choices[name]

    def child(self, key: str) -> "Reader":
        value = self._get(key)
        if value is None:
            self.fault(key, "is missing")
        return Reader(value if value is not None else {}, self._at(key), self.problems)

    def children(self, key: str, *, optional: bool = False) -> Iterator["Reader"]:
        value = self._typed(key, list, "a list", [] if optional else MISSING, [])
        for index, item in enumerate(value):
            yield Reader(item, f"{self._at(key)}[{index}]", self.problems)

    def members(self, key: str) -> Iterator[tuple[str, "Reader"]]:
        value = self._typed(key, Mapping, "a mapping", MISSING, {})
        for name, item in value.items():
            yield name, Reader(item, f"{self._at(key)}.{name}", self.problems)

    def names(self) -> list[str]:
        """The keys that are there, in order."""
        return [str(key) for key in self._data]

    def finish(self) -> None:
        """Names every member that nobody asked for: a misspelt key must not be silently ignored."""
        for key in self._data:
            if key not in self._asked:
                self.fault(str(key), "is not known here")

    def _get(self, key: str) -> Any:
        if key not in self._asked and key in self._data and self._data[key] is None:
            self.fault(key, "is empty: leave it out")
        self._asked.add(key)
        return self._data.get(key)

    def _typed(self, key: str, kind: type, wanted: str, default: Any, fallback: Any) -> Any:
        value = self._get(key)
        if value is None and default is not MISSING:
            return default
        if value is None:
            self.fault(key, "is missing")
            return fallback
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(key, f"must be {wanted}")
            return fallback
        return value

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}".strip(".")
