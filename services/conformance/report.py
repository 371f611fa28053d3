"""What a run found: for people a page, for programs JSON. A run passes when no rule was broken."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.conformance.contract import Contract
from services.conformance.recorder import Recorder


@dataclass(frozen=True, slots=True)
class Stop:
    """A journey that ended early: a step failed, or what it needs is not here."""

    journey: str
    why: str
    failed: bool


@dataclass(frozen=True)
class Report:
    """Everything there is to say about a server."""

    url: str
    contract: Contract
    recorder: Recorder
    stops: Sequence[Stop]

    @property
    def passed(self) -> bool:
        return not self.recorder.failures and not any(stop.failed for stop in self.stops)

    def verdict_of(self, operation_id: str) -> str:
        """`failed`, `passed` (a success was seen), `refusals_only`, or `not_exercised`."""
        record = self.recorder.records[operation_id]
        if any(failure.operation == operation_id for failure in self.recorder.failures):
            return "failed"
        if record.succeeded:
            return "passed"
        return "refusals_only" if record.refused else "not_exercised"

    def counts(self) -> dict[str, int]:
        verdicts = [self.verdict_of(operation.id) for operation in self.contract.operations]
        return {name: verdicts.count(name) for name in ("passed", "failed", "refusals_only", "not_exercised")}

    @property
    def coverage(self) -> float:
        """The share of operations with a success seen, of those that a client can call."""
        of_clients = [each for each in self.contract.operations if not each.for_machines]
        seen = [each for each in of_clients if self.recorder.records[each.id].succeeded]
        return len(seen) / len(of_clients) if of_clients else 0.0

    def as_json(self) -> str:
        operations: list[dict[str, Any]] = [
            {
                "operation_id": each.id,
                "method": each.method,
                "path": each.path,
                "verdict": self.verdict_of(each.id),
                "for_machines_only": each.for_machines,
                "answers": dict(sorted(self.recorder.records[each.id].answers.items())),
                "failures": [
                    {"rule": failure.rule, "seen": failure.seen, "times": times}
                    for failure, times in self.recorder.failures.items()
                    if failure.operation == each.id
                ],
            }
            for each in self.contract.operations
        ]
        body = {
            "url": self.url,
            "contract_version": self.contract.version,
            "passed": self.passed,
            "checks": self.recorder.checked,
            "coverage": round(self.coverage, 4),
            "operations_by_verdict": self.counts(),
            "journeys_stopped": [{"journey": s.journey, "why": s.why, "failed": s.failed} for s in self.stops],
            "operations": operations,
        }
        return json.dumps(body, ensure_ascii=False, indent=1)

    def as_text(self) -> str:
        counts, failures = self.counts(), sum(self.recorder.failures.values())
        lines = [
            f"Xianjin conformance of {self.url}, contract {self.contract.version}",
            "",
            f"  {'PASSED' if self.passed else 'FAILED'}: {self.recorder.checked} checks, {failures} failures",
            f"  {self.coverage:.0%} of the operations that a client can call answered with success",
            f"  operations: {', '.join(f'{number} {name}' for name, number in counts.items())}",
        ]
        if self.stops:
            lines += ["", "Journeys that ended early"]
            lines += [f"  {'FAILED ' if s.failed else 'skipped'} {s.journey}: {s.why}" for s in self.stops]
        for verdict, title in (
            ("failed", "Failed"),
            ("refusals_only", "Refusals only: no success was seen"),
            ("not_exercised", "Not exercised"),
            ("passed", "Passed"),
        ):
            found = [each for each in self.contract.operations if self.verdict_of(each.id) == verdict]
            if found:
                lines += ["", f"{title} ({len(found)})"]
                lines += [line for each in found for line in self._lines(each.id, each.name)]
        return "\n".join([*lines, ""])

    def _lines(self, operation_id: str, name: str) -> list[str]:
        record = self.recorder.records[operation_id]
        seen = ", ".join(f"{answer} ×{times}" for answer, times in sorted(record.answers.items()))
        failures = [
            f"      {failure.rule}: {failure.seen} (×{times})"
            for failure, times in self.recorder.failures.items()
            if failure.operation == operation_id
        ]
        return [f"  {name}  [{seen or 'nothing'}]", *failures]
