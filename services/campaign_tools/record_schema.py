"""JSON Schema from dataclasses: files that are read into them are described by them, and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]
_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Any: {},
}


class RecordSchemas:
    """`instead` describes classes whose files look otherwise than the class. Not `nullable`: what may be absent is left out.

    `filled`: a list has at least one item.
    """

    def __init__(self, *, instead: Mapping[Any, Schema] | None = None, nullable: bool, filled: bool) -> None:
        self._instead: dict[Any, Schema] = dict(instead or {})
        self._nullable = nullable
        self._filled = filled

    def of(self, wanted: Any) -> Schema:
        if wanted in self._instead:
            return self._instead[wanted]
        if wanted in _PLAIN:
            return dict(_PLAIN[wanted])
        if is_dataclass(wanted):
            return self._record(wanted)
        if isinstance(wanted, type) and issubclass(wanted, Enum):
            return {"enum": [str(member.value) for member in wanted]}
        return self._generic(wanted)

    def _record(self, record: Any) -> Schema:
        hints = get_type_hints(record)
        return closed(
            {field.name: self.of(hints[field.name]) for field in fields(record)},
            [field.name for field in fields(record) if field.default is MISSING and field.default_factory is MISSING],
        )

    def _generic(self, wanted: Any) -> Schema:
        origin, arguments = get_origin(wanted), get_args(wanted)
        if origin in (tuple, frozenset):
            schema = {"type": "array", "items": self.of(arguments[0])}
            return schema | ({"minItems": 1} if self._filled else {})
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in (UnionType, Union):
            return self._union([each for each in arguments if each is not NoneType], null=NoneType in arguments)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        raise TypeError(f"no schema for {wanted}")

    def _union(self, members: Sequence[Any], *, null: bool) -> Schema:
        choices = [self.of(member) for member in members]
        if null and self._nullable:
            choices.append({"type": "null"})
        return choices[0] if len(choices) == 1 else {"anyOf": choices}


def closed(properties: Mapping[str, Schema], required: Sequence[str]) -> Schema:
    """A mapping with these keys and no other."""
    schema: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return schema | ({"required": list(required)} if required else {})
