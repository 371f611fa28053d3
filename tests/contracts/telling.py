"""Takes steps of the procedure by operation id, keeps what was asked and answered, and compares it with what is documented.

Ids, moments, tokens and hashes differ from run to run and are compared by their kind; everything else by value.
"""

import asyncio
import json
import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.contracts.conftest import METRICS_TOKEN, TOLD
from tests.factories import Office

CAMPAIGN = "shanxi-manufacturing-2025"
"""The campaign that readers know: examples name it where the run names its own copy."""
_PARAMETER = re.compile(r"\{(\w+)\}")
_KINDS = (
    ("id", re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")),
    ("moment", re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)")),
    ("version", re.compile(r'"\d+-\d{16}"')),
    ("link", re.compile(r"(https?://|/v1/).*")),
    ("spoken code", re.compile(r"[0-9A-Z]{4,}(-[0-9A-Z]{4,})*")),
    ("scene", re.compile(r"i=[0-9A-Z]{10}")),
    ("opaque", re.compile(r"(?=\S*(\d|[a-z]\S*[A-Z]|[A-Z]\S*[a-z]))[\w./+=:;,&?%-]{16,}")),
)
_KEPT_ITEMS = 2
_REPEATABLE = ("key", "guarded", "idempotent")
"""What is sent twice. Safe requests change nothing, and what is renewed makes the first one void."""
_OF_THE_SERVER = ("seq", "ended", "device", "attempts")
"""Members that tell what else happened on the server, how often it has tried by now, or who asked."""
_OF_JOBS = ("kind", "text", "audience", "urgent", "pushes")
"""Members of what was told to people: jobs run beside one another, so which came first differs."""


def kind_of(text: str) -> str:
    """What a string is, when its letters are of one run only; else the string itself."""
    return next((f"<{name}>" for name, pattern in _KINDS if pattern.fullmatch(text)), text)


_OF_BYTES = ("bytes", "etag")
"""Of a package: its numbers and times are in it."""
_OF_TODAY = ("due_on", "reason", "bytes_state")
"""Of an erasure: the day of the run, and whether the sweep has been."""


def differences(documented: Any, seen: Any, place: str = "") -> list[str]:
    """Where an answer is not as documented. Documented lists show their first items."""
    if isinstance(documented, dict) and isinstance(seen, dict):
        here = [f"{place}/{key} only once" for key in documented.keys() ^ seen.keys()]
        left_out = (*_OF_THE_SERVER, *(_OF_JOBS if "told_at" in documented else ()))
        left_out += _OF_BYTES if "part_count" in documented else ()
        left_out += _OF_TODAY if "bytes_state" in documented else ()
        shared = [key for key in documented if key in seen and key not in left_out]
        return here + [each for key in shared for each in differences(documented[key], seen[key], f"{place}/{key}")]
    if isinstance(documented, list) and isinstance(seen, list):
        if len(seen) < len(documented):
            return [f"{place} has {len(seen)} of {len(documented)} items"]
        return [e for n, item in enumerate(documented) for e in differences(item, seen[n], f"{place}/{n}")]
    if isinstance(documented, str) and isinstance(seen, str):
        same = kind_of(documented) == kind_of(seen)
    elif isinstance(documented, float) and isinstance(seen, float | int):
        same = abs(documented - seen) <= 0.02 * max(1, abs(documented))  # measured by floating point
    else:
        same = documented == seen
    return [] if same else [f"{place}: {documented!r} is documented, {seen!r} came"]


@dataclass
class Teller:
    """Asks as people would; the first success of each operation is its example."""

    office: Office
    contract: dict[str, Any]
    text_messages: Path
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    undeclared: list[str] = field(default_factory=list)
    cached: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """`Cache-Control` of what was read, and whether it has an `ETag`."""
    repeated: dict[str, str] = field(default_factory=dict)
    """What came of sending a POST that had succeeded a second time, by operation."""

    def __post_init__(self) -> None:
        self.operations = {
            operation["operationId"]: (method.upper(), path, operation)
            for path, item in self.contract["paths"].items()
            for method, operation in item.items()
        }
        self.office.client.event_hooks["response"].append(self._keep)

    async def jobs_done(self) -> None:
        """Waits until nothing is left to be told: the jobs run beside."""
        headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        async with asyncio.timeout(60):
            quiet = 0
            while quiet < 2:
                await asyncio.sleep(0.2)
                facts = (await self.office.client.get("/metrics", headers=headers)).text
                due = re.findall(r"^xianjin_jobs_due\{.*\} (\S+)$", facts, re.MULTILINE)
                quiet = 0 if any(float(each) for each in due) else quiet + 1

    async def ask(self, operation: str, by: str | None, **asked: Any) -> httpx.Response:
        """Path parameters by name; `json`, `params`, `data`, `files`, `headers`, `token` as they are sent."""
        method, path, said = self.operations[operation]
        address = _PARAMETER.sub(lambda found: str(asked.pop(found[1])), path)
        headers = asked.pop("headers", {})
        token = asked.pop("token", None) or (await self.office.token(by) if by else None)
        if token:
            headers = headers | {"Authorization": f"Bearer {token}"}
        how = said["x-idempotency"]
        if how == "key":
            headers = {"Idempotency-Key": str(uuid.uuid4())} | headers
        answer = await self.office.client.request(method, address, headers=headers, **asked)
        if method == "POST" and how in _REPEATABLE and answer.is_success and operation not in self.repeated:
            again = await self.office.client.request(method, address, headers=headers, **asked)
            self.repeated[operation] = _outcome(how, answer, again)
        return answer

    async def tell(self, operation: str, by: str | None, **asked: Any) -> Any:
        """Like `ask`, for what must succeed. Gives the JSON of the answer, or its bytes."""
        answer = await self.ask(operation, by, **asked)
        assert answer.is_success, f"{operation}: {answer.status_code} {answer.text}"
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        return answer.json() if is_json else answer.content

    def code_sent_to(self, phone: str, *, template: str = "opinion_code") -> str:
        """The newest; empty while there is none."""
        lines = self.text_messages.read_text("utf-8").splitlines() if self.text_messages.exists() else []
        sent = [message for message in map(json.loads, lines) if message["phone"] == phone]
        code: str = next((m["parameters"]["code"] for m in reversed(sent) if m["template"] == template), "")
        return code

    async def _keep(self, answer: httpx.Response) -> None:
        await answer.aread()
        found = self._operation_of(answer.request)
        if found is None:
            return
        name, path = found
        declared = self.operations[name][2]["responses"]
        if str(answer.status_code) not in declared:
            self.undeclared.append(f"{name} answers {answer.status_code}")
        elif answer.status_code >= 400:
            shown = declared[str(answer.status_code)]["content"]["application/problem+json"]["examples"]
            if answer.json()["code"] not in shown:
                self.undeclared.append(f"{name} answers {answer.status_code} {answer.json()['code']}")
        elif name not in self.told:
            self.told[name] = _example(answer, path)
        if answer.request.method == "GET" and answer.status_code == 200:
            self.cached[name] = (answer.headers["cache-control"], "etag" in answer.headers)

    def _operation_of(self, request: httpx.Request) -> tuple[str, dict[str, str]] | None:
        fixed_first = sorted(self.operations.items(), key=lambda each: each[1][1].count("{"))
        for name, (method, path, _) in fixed_first:
            pattern = _PARAMETER.sub(r"(?P<\1>[^/]+)", path.replace(".", r"\."))
            match = re.fullmatch(pattern, request.url.path)
            if match and method == request.method:
                return name, match.groupdict()
        return None


def _outcome(said: str, first: httpx.Response, second: httpx.Response) -> str:
    if second.status_code >= 500:
        return "failed"
    if second.is_error:
        return "guarded"
    if said != "key":
        return "idempotent"
    replayed = (
        second.status_code == 200 or second.headers.get("idempotent-replayed") == "true"
    )  # of many: each by itself
    etags = (first.headers.get("etag"), second.headers.get("etag"))
    same = {**first.json(), "upload": None} == {**second.json(), "upload": None}  # a grant is made anew each time
    return "key" if replayed and same and etags[0] == etags[1] else "done twice"


def _example(answer: httpx.Response, path: dict[str, str]) -> dict[str, Any]:
    request = answer.request
    example: dict[str, Any] = {"status": answer.status_code}
    if path:
        example["path"] = path
    if request.url.params:
        example["query"] = dict(request.url.params)
    if request.headers.get("content-type", "").startswith("application/json") and request.content:
        example["body"] = json.loads(request.content)
    if answer.headers.get("content-type", "").startswith("application/json"):
        example["answer"] = _shortened(answer.json())
    written: dict[str, Any] = json.loads(json.dumps(example).replace(TOLD, CAMPAIGN))
    return written


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: each[:60] if key == "marked_base64" else _shortened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_shortened(each) for each in value[:_KEPT_ITEMS]]
    return value
