"""Sends requests and keeps what came of each, by operation. Every answer is held against the rules as it comes."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.conformance.contract import Contract, Operation
from services.conformance.rules import faults


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that an answer broke."""

    operation: str
    rule: str
    seen: str


@dataclass
class Record:
    """What was seen of one operation."""

    succeeded: int = 0
    refused: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    """How often each status and problem code came."""


class Recorder:
    """One client of the server under test."""

    def __init__(self, contract: Contract, http: httpx.Client) -> None:
        self.contract = contract
        self.http = http
        self.records = {operation.id: Record() for operation in contract.operations}
        self.failures: dict[Failure, int] = {}
        self.checked = 0

    def send(self, method: str, path: str, *, token: str | None = None, **more: Any) -> httpx.Response:
        """One request. Raises httpx.TransportError when nobody answers."""
        headers = {name: value for name, value in dict(more.pop("headers", {})).items() if value is not None}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = self.http.request(method, path, headers=headers, **more)
        operation = self.contract.operation(method, answer.request.url.path)
        if operation is not None:
            self._note(operation, answer)
        return answer

    def fail(self, operation: Operation | None, rule: str, seen: str) -> None:
        failure = Failure(operation.id if operation else "", rule, seen)
        self.failures[failure] = self.failures.get(failure, 0) + 1

    def require(self, holds: bool, operation: Operation | None, rule: str, seen: str) -> None:
        self.checked += 1
        if not holds:
            self.fail(operation, rule, seen)

    def _note(self, operation: Operation, answer: httpx.Response) -> None:
        record = self.records[operation.id]
        if answer.is_success or answer.status_code == 304:
            record.succeeded += 1
        else:
            record.refused += 1
        record.answers[f"{answer.status_code}{_code(answer)}"] += 1
        self.checked += 1
        for rule, seen in faults(self.contract, operation, answer):
            self.fail(operation, rule, seen)


def _code(answer: httpx.Response) -> str:
    if answer.status_code < 400:
        return ""
    try:
        return f" {answer.json().get('code', '')}"
    except (ValueError, AttributeError):
        return ""
