"""Requests that no honest client sends, made from the contract itself: right shapes with wrong things in them."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ODD: list[Any] = [
    None, True, 0, -1, 1e308, 2**53, "", "无", "a\u0000b", "\u202e", "x" * 5000, "😀", [], {}, [1], {"a": 1},
    "2025-02-30", "9999-12-31", "0001-01-01", "'; DROP TABLE x;--", "%s%n", "../../etc/passwd",
]  # fmt: skip
ODD_VERSIONS = ['"1-1738717200254060"', '"0-0"', "x", '"99999999999999999999-1"', '"1--5"']
ODD_RANGES = ["bytes=0-0", "bytes=-1", "bytes=5-1", "x", "bytes=99999999999999999999-"]
PLAUSIBLE = ["tests-with-many-seats", "advanced_individual", "同意", "甲", "ballot", "attachment_6"]
FORM_KEYS = [
    "full_name",
    "resume",
    "sex",
    "awards_received",
    "conditions",
    "a/b",
    "years_in_field",
    "resident_id_number",
]

SIGNING_OUT = {"end_sessions", "end_session"}
"""After them whoever asked is a stranger, here and in every other test that acts as them. The fuzz asks them."""


@dataclass
class OddRequests:
    """A reproducible stream of requests: the same seed, the same requests."""

    contract: dict[str, Any]
    ids: list[str]
    seed: int

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def stream(self, rounds: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Method, address and the keyword arguments of an httpx request."""
        for _ in range(rounds):
            for path, item in self.contract["paths"].items():
                for method, operation in item.items():
                    if operation["operationId"] in SIGNING_OUT:
                        continue
                    yield method.upper(), self._address(path, operation), self._content(operation)

    def _address(self, path: str, operation: dict[str, Any]) -> str:
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                value = self._random.choice([*self.ids, "x", "%00", "a%2Fb", *PLAUSIBLE])
                path = path.replace("{" + parameter["name"] + "}", value)
        return path

    def _content(self, operation: dict[str, Any]) -> dict[str, Any]:
        headers: dict[str, str] = {}
        for name, values in (
            ("If-Match", ODD_VERSIONS),
            ("Range", ODD_RANGES),
            ("Idempotency-Key", ["abcdefgh", "a" * 128]),
        ):
            if self._random.random() < 0.3:
                headers[name] = self._random.choice(values)
        request: dict[str, Any] = {"headers": headers, "params": self._query(operation)}
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            headers["Content-Type"] = "application/json"
            request["content"] = json.dumps(self._value(content["application/json"]["schema"])).encode()
        elif content:
            request["files"] = {"file": ("a.jpg", self._random.choice([b"", b"x", b"\xff\xd8\xff\xd9"]), "image/jpeg")}
            request["data"] = {"kind": self._random.choice(["portrait", "x", "\u0000"]), "bundle_id": self.ids[0]}
        return request

    def _query(self, operation: dict[str, Any]) -> dict[str, str]:
        names = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
        odd = [str(value) for value in ODD if value is not None]
        return {name: self._random.choice([*odd, *PLAUSIBLE]) for name in names if self._random.random() < 0.6}

    def _value(self, schema: dict[str, Any], depth: int = 0) -> Any:
        if "$ref" in schema:
            schema = self.contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if depth > 6 or self._random.random() < 0.25:
            return self._random.choice(ODD)
        if "anyOf" in schema:
            return self._value(self._random.choice(schema["anyOf"]), depth + 1)
        if "enum" in schema:
            return self._random.choice(schema["enum"])
        if schema.get("type") == "object":
            return self._object(schema, depth)
        if schema.get("type") == "array":
            return [self._value(schema.get("items", {}), depth + 1) for _ in range(self._random.randint(0, 2))]
        plain = {"integer": [0, 1, 10**12], "boolean": [True, False], "number": [0.5]}
        by_format = {"uuid": self.ids, "date": ["2025-02-07"]}
        choices = plain.get(schema.get("type", "")) or by_format.get(schema.get("format", "")) or PLAUSIBLE
        return self._random.choice(choices)

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        members = schema.get("properties", {}).items()
        made = {name: self._value(member, depth + 1) for name, member in members if self._random.random() < 0.85}
        if schema.get("additionalProperties"):
            made |= {key: self._random.choice(ODD) for key in self._random.sample(FORM_KEYS, 3)}
        return made
