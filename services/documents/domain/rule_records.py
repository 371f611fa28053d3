"""Strict reading of rules kept as data: the dataclass is the schema, each field documented where it is declared."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


class InvalidRules(ValueError):
    """A campaign file does not say what the program needs. The message names the field."""


def read_record(record: type[Record], data: Any, *, where: str) -> Record:
    """Builds a dataclass from a mapping, nested ones included.

    Refuses a missing, unknown or mistyped field by its full name, so that a misspelt limit never passes as no limit.
    """
    if not isinstance(data, Mapping):
        raise InvalidRules(f"{where} must be a mapping")
    hints = get_type_hints(record)
    names = [field.name for field in fields(cast("Any", record))]
    if unknown := sorted(str(name) for name in data if name not in names):
        raise InvalidRules(f"{where} has unknown fields: {', '.join(unknown)}")
    if missing := [name for name in names if name not in data]:
        raise InvalidRules(f"{where} misses the fields: {', '.join(missing)}")
    return record(**{name: _value(hints[name], data[name], f"{where}.{name}") for name in names})


def read_records(record: type[Record], data: Any, *, where: str) -> dict[str, Record]:
    """Builds a dataclass from each entry of a mapping, by its key."""
    if not isinstance(data, Mapping):
        raise InvalidRules(f"{where} must be a mapping")
    return {str(key): read_record(record, entry, where=f"{where}.{key}") for key, entry in data.items()}


def _value(wanted: Any, value: Any, where: str) -> Any:
    if is_dataclass(wanted) and isinstance(wanted, type):
        return read_record(wanted, value, where=where)
    if get_origin(wanted) in (tuple, frozenset):
        return get_origin(wanted)(_items(get_args(wanted)[0], value, where))
    if get_origin(wanted) is UnionType:
        return None if value is None else _value(_without_none(wanted), value, where)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return _member(wanted, value, where)
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise InvalidRules(f"{where} must be {wanted.__name__}, not {type(value).__name__}")
    return value


def _items(wanted: Any, value: Any, where: str) -> list[Any]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise InvalidRules(f"{where} must be a list with at least one item")
    return [_value(wanted, item, f"{where}[{index}]") for index, item in enumerate(value)]


def _member(wanted: type[Enum], value: Any, where: str) -> Enum:
    try:
        return wanted(value)
    except ValueError:
        raise InvalidRules(f"{where} must be one of {', '.join(str(member.value) for member in wanted)}") from None


def _without_none(union: Any) -> Any:
    (wanted,) = (part for part in get_args(union) if part is not NoneType)
    return wanted
