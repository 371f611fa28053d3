"""A reader of no data that notes what the parser asks for: the parser is the schema, nothing is described twice."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from services.campaign_tools.record_schema import Schema, closed
from services.nominations.domain.campaign_reader import MISSING, Reader

_ANY_KEY = "*"
_TYPES: Mapping[Any, str] = {str: "string", int: "integer", bool: "boolean", list: "array", Mapping: "object"}
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_TEXT_MAP: Schema = {"type": "object", "additionalProperties": {"type": "string"}}


class AskingReader(Reader):
    """Answers every question with a value that lets the parser ask on."""

    def __init__(self, inside: tuple[str, ...] = ()) -> None:
        super().__init__({})
        self._inside = inside
        self._optional: set[str] = set()
        self._required: list[str] = []
        # Described when everything was asked: a child is noted before it is read.
        self._properties: dict[str, Callable[[], Schema]] = {}
        self._others: Callable[[], Schema] | None = None

    @property
    def schema(self) -> Schema:
        schema = closed({key: describe() for key, describe in self._properties.items()}, self._required)
        return schema if self._others is None else schema | {"additionalProperties": self._others()}

    def fault(self, key: str, message: str) -> None:
        """Faults of answers that nobody gave mean nothing, but for a key that the parser itself finds missing."""
        if message == "is missing":
            self._required.append(key)

    def number(self, key: str, default: int = MISSING, *, minimum: int = 0) -> int:
        self._note(key, {"type": "integer", "minimum": minimum}, required=default is MISSING)
        return minimum if default is MISSING else default

    def optional_number(self, key: str) -> int | None:
        self._note(key, {"type": "integer", "minimum": 0}, required=False)
        return None

    def optional_text(self, key: str) -> str | None:
        self._note(key, {"type": "string"}, required=False)
        return None

    def day(self, key: str) -> date:
        self._note(key, _DAY, required=True)
        return date.min

    def texts(self, key: str, default: tuple[str, ...] = MISSING) -> tuple[str, ...]:
        self._note(key, _TEXTS, required=default is MISSING)
        return ()

    def text_map(self, key: str) -> dict[str, str]:
        self._note(key, _TEXT_MAP, required=True)
        return {}

    def choice(self, key: str, choices: Mapping[str, Any], default: str = MISSING) -> Any:
        self._note(key, {"enum": list(choices)}, required=default is MISSING)
        return next(iter(choices.values()))

    def child(self, key: str) -> "AskingReader":
        reader = AskingReader((*self._inside, key))
        self._note_lazily(key, lambda: reader.schema, required=True)
        return reader

    def children(self, key: str, *, optional: bool = False) -> Iterator["AskingReader"]:
        """Rows have no rows: a list within a list of the same name is always empty."""
        if key in self._inside:
            self._note(key, {"type": "array", "maxItems": 0}, required=False)
            return
        reader = AskingReader((*self._inside, key))
        self._note_lazily(key, lambda: {"type": "array", "items": reader.schema}, required=not optional)
        yield reader

    def members(self, key: str) -> Iterator[tuple[str, "AskingReader"]]:
        reader = AskingReader((*self._inside, key))
        self._note_lazily(key, lambda: {"type": "object", "additionalProperties": reader.schema}, required=True)
        yield _ANY_KEY, reader

    def names(self) -> list[str]:
        return [_ANY_KEY]

    def finish(self) -> None:
        """Whatever is asked is known."""

    def _get(self, key: str) -> Any:
        """Of any type, and not None: the parser goes on to ask what is inside."""
        self._note(key, {}, required=False)
        return ...

    def _typed(self, key: str, kind: type, wanted: str, default: Any, fallback: Any) -> Any:
        del wanted  # words for people
        self._note(key, {"type": _TYPES[kind]} if kind in _TYPES else {}, required=default is MISSING)
        return fallback if default is MISSING else default

    def _note(self, key: str, schema: Schema, *, required: bool) -> None:
        if schema or key not in self._properties:
            self._note_lazily(key, lambda: schema, required=required)

    def _note_lazily(self, key: str, describe: Callable[[], Schema], *, required: bool) -> None:
        """What was first asked for as optional stays so."""
        if key == _ANY_KEY:
            self._others = describe
            return
        if not required and key not in self._properties:
            self._optional.add(key)
        self._properties[key] = describe
        if required and key not in self._optional and key not in self._required:
            self._required.append(key)
