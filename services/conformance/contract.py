"""The contract as read from the server under test: which operation a request is, and what it promised to answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from services.conformance.given import ContractUnreadable

_METHODS = ("get", "put", "post", "delete")
PROBLEM = "application/problem+json"
_FORMATS = FormatChecker(formats=("uuid", "date", "email"))


@dataclass(frozen=True)
class Operation:
    """One address and method, with its part of the document."""

    id: str
    method: str
    path: str
    said: Mapping[str, Any]
    on_path: tuple[Mapping[str, Any], ...]

    @cached_property
    def pattern(self) -> "re.Pattern[str]":
        parts = re.split(r"\{[^}]+\}", self.path)
        return re.compile("([^/]+)".join(re.escape(part) for part in parts))

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def signed_in(self) -> bool:
        return bool(self.said.get("security"))

    @property
    def for_machines(self) -> bool:
        """Only services of the installation itself call it: a client cannot."""
        return list(self.said.get("x-audience", {}).get("roles", [])) == ["service"]

    @property
    def parameters(self) -> tuple[Mapping[str, Any], ...]:
        return (*self.on_path, *self.said.get("parameters", ()))

    def takes(self, name: str, *, where: str) -> bool:
        return any(each.get("name", "").lower() == name.lower() and each.get("in") == where for each in self.parameters)

    @property
    def body_types(self) -> tuple[str, ...]:
        return tuple(self.said.get("requestBody", {}).get("content", {}))

    def response(self, status: int) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self.said["responses"].get(str(status))
        return found

    def codes(self, status: int) -> frozenset[str]:
        """The problem codes that this operation may answer with this status."""
        content = (self.response(status) or {}).get("content", {}).get(PROBLEM, {})
        return frozenset(content.get("examples", {}))


class Contract:
    """All operations of a document, and a validator for what each may answer."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        if not isinstance(document, Mapping) or not str(document.get("openapi", "")).startswith("3.1"):
            raise ContractUnreadable("not an OpenAPI 3.1 document")
        self._components = document.get("components", {})
        self.version = str(document.get("info", {}).get("version", ""))
        self.operations = tuple(_operations(document))
        # Addresses without variables first: /nominations/searches is not a nomination's.
        self._by_method: dict[str, list[Operation]] = {}
        for operation in sorted(self.operations, key=lambda each: each.path.count("{")):
            self._by_method.setdefault(operation.method, []).append(operation)
        self._validators: dict[int, Draft202012Validator] = {}

    def operation(self, method: str, path: str) -> Operation | None:
        return next((each for each in self._by_method.get(method, ()) if each.pattern.fullmatch(path)), None)

    def mismatch(self, schema: Mapping[str, Any], body: object) -> str | None:
        """Where and why a body is not what the schema says; None when it is. The body's own words are not repeated."""
        validator = self._validators.get(id(schema))
        if validator is None:
            whole = {**schema, "components": self._components}
            validator = self._validators[id(schema)] = Draft202012Validator(whole, format_checker=_FORMATS)
        error = next(iter(validator.iter_errors(body)), None)
        if error is None:
            return None
        where = "/".join(str(part) for part in error.absolute_path)
        return f"/{where}: {error.validator}"


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in document.get("paths", {}).items():
        for method in _METHODS:
            if method in item:
                said = item[method]
                yield Operation(said["operationId"], method.upper(), path, said, tuple(item.get("parameters", ())))
