"""Statements built once and filled in per request, from the same expressions as every other query: text for the fast lane,
and selects for a session.

A statement is built with slots where a request's own values stand. What it is allowed to see is decided by the very
function that scopes all queries (`visible_to`), asked about a stand-in with the same roles.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ClauseElement, Select, bindparam
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.sql.visitors import replacement_traverse

from services.common.callers.tokens import Caller

_DIALECT: Any = asyncpg.dialect()  # type: ignore[no-untyped-call]
_PERSON, _ORGANISATION = UUID(int=0x51075EED1), UUID(int=0x51075EED2)
_JURISDICTION, _BUREAU = "\x00jurisdiction", "\x00bureau"
_PREDECESSORS = 0x51075EED
"""The high half of the stand-ins for bodies that the caller's took in; the low half counts them."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a value that every request brings itself."""

    name: str


_OF_CALLER: dict[object, Callable[[Caller], object]] = {
    _PERSON: lambda caller: caller.person_id,
    _ORGANISATION: lambda caller: UUID(caller.organisation_id),
    _JURISDICTION: lambda caller: caller.jurisdiction,
    _BUREAU: lambda caller: caller.bureau,
}


@dataclass(frozen=True, slots=True)
class PreparedStatement:
    """SQL text for asyncpg, and where each of its values comes from."""

    text: str
    values: tuple[object, ...]

    def given(self, values: Mapping[str, object]) -> list[object]:
        """The values of a statement that is not scoped to anybody."""
        return [values[value.name] if isinstance(value, Slot) else value for value in self.values]

    def filled(self, caller: Caller, given: Mapping[str, object]) -> list[object]:
        return [self._value(value, caller, given) for value in self.values]

    @staticmethod
    def _value(value: object, caller: Caller, given: Mapping[str, object]) -> object:
        if isinstance(value, Slot):
            return given[value.name]
        if isinstance(value, UUID) and value.int >> 64 == _PREDECESSORS:
            return UUID(sorted(caller.predecessors)[value.int & 0xFFFF])
        of_caller = _OF_CALLER.get(value) if isinstance(value, UUID | str) else None
        return of_caller(caller) if of_caller else value


class Statements:
    """The statements of one kind: one for each set of roles, number of bodies, and shape of the question. Bounded by them."""

    def __init__(self, build: Callable[..., ClauseElement]) -> None:
        self._build = build
        self._prepared: dict[Hashable, PreparedStatement] = {}

    def of(self, caller: Caller, **shape: Any) -> PreparedStatement:
        """`shape` is what decides the text, such as which filters are set; it is handed to the builder."""
        key = (caller.roles, len(caller.predecessors), *shape.values())
        known = self._prepared.get(key)
        if known is None:
            known = self._prepared[key] = prepare(self._build(stand_in(caller), **shape))
        return known


class ScopedSelects:
    """Selects for a session, one for each set of roles and shape of the question: building one costs more than running it."""

    def __init__(self, build: Callable[..., Select[Any]]) -> None:
        self._build = build
        self._built: dict[Hashable, tuple[Select[Any], frozenset[str]]] = {}

    def of(self, caller: Caller, **shape: Any) -> tuple[Select[Any], dict[str, object]]:
        """The select, and the caller's own values for it."""
        key = (caller.roles, *shape.values())
        known = self._built.get(key)
        if known is None:
            alone = replace(stand_in(caller), predecessors=frozenset())  # however many bodies: they are one list
            known = self._built[key] = _named(self._build(alone, **shape))
        statement, asked = known
        return statement, {name: _NAMED[name][1](caller) for name in asked}


_NAMED: dict[str, tuple[object, Callable[[Caller], object]]] = {
    "person": (_PERSON, lambda caller: caller.person_id),
    "organisations": ([_ORGANISATION], lambda caller: caller.organisations),
    "jurisdiction": (_JURISDICTION, lambda caller: caller.jurisdiction),
}


def _named(statement: Select[Any]) -> tuple[Select[Any], frozenset[str]]:
    """With a named parameter where a value of the stand-in or a slot stood. A stand-in's value that is left sees nothing."""
    names = set()

    def replaced(element: Any, **_: Any) -> Any:
        value = element.value if isinstance(element, BindParameter) else None
        if isinstance(value, Slot):
            return bindparam(value.name, type_=element.type)
        name = next((name for name, (stood, _) in _NAMED.items() if value == stood), None)
        if name is None:
            return None
        names.add(name)
        return bindparam(name, type_=element.type, expanding=element.expanding)

    named: Any = replacement_traverse(statement, {}, replaced)
    return named, frozenset(names)


def stand_in(caller: Caller) -> Caller:
    """A caller of the same roles whose own values are found again in a compiled statement."""
    return Caller(
        subject=str(_PERSON),
        session_id="",
        name="",
        organisation_id=str(_ORGANISATION),
        organisation_name="",
        organisation_kind=caller.organisation_kind,
        jurisdiction=_JURISDICTION,
        bureau=_BUREAU,
        roles=caller.roles,
        predecessors=frozenset(
            str(UUID(int=(_PREDECESSORS << 64) + place)) for place in range(len(caller.predecessors))
        ),
    )


def prepare(statement: ClauseElement) -> PreparedStatement:
    compiled: Any = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return PreparedStatement(str(compiled), tuple(compiled.params[name] for name in compiled.positiontup or ()))
