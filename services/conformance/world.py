"""The people who walk the journeys, and what they have made so far."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from services.conformance.contract import Operation
from services.conformance.recorder import Recorder

_TRIES, _BETWEEN_TRIES = 30, 0.1
"""Some codes are sent after the answer, so that its time tells nothing."""
_MADE_ANEW = "upload"
"""A grant is not kept with the answer that is repeated: it is made anew."""


class StepFailed(Exception):
    """An answer without which the journey cannot go on."""


class NotHere(Exception):
    """What this journey needs does not exist at this server: a settable clock, a fake WeChat, text messages."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in."""

    id: str
    name: str
    token: str
    refresh_token: str
    organisation_id: str


@dataclass
class World:
    """One run. `made` holds the ids of what the journeys made, by what it is."""

    recorder: Recorder
    campaign: str
    accounts: Mapping[str, tuple[str, str]]
    wechat_url: str = ""
    appid: str = ""
    has_text_messages: bool = False
    made: dict[str, str] = field(default_factory=dict)
    clock_can_be_set: bool | None = None
    _people: dict[str, Person] = field(default_factory=dict)
    _probed: set[tuple[str, str]] = field(default_factory=set)

    def person(self, part: str) -> Person:
        if part not in self._people:
            self._people[part] = self.sign_in(*self.accounts[part])
        return self._people[part]

    def sign_in(self, username: str, password: str) -> Person:
        body = {"username": username, "password": password}
        answer = self.send(None, "POST", "/v1/auth/sessions", json=body).json()
        return person_of(answer)

    def forget(self, part: str) -> None:
        """Their session has ended: sign in again when needed."""
        self._people.pop(part, None)

    def send(
        self, part: str | None, method: str, path: str, *, expect: int | None = None, **more: Any
    ) -> httpx.Response:
        """A step that must succeed, or be refused with `expect`. Raises StepFailed, and the operation has failed."""
        operation = self.recorder.contract.operation(method, path.partition("?")[0])
        token = more.pop("token", None) or (self.person(part).token if part else None)
        headers = dict(more.pop("headers", {}))
        if operation is not None and operation.takes("Idempotency-Key", where="header") and expect is None:
            headers.setdefault("Idempotency-Key", f"conformance-{uuid4()}")
        request = {"method": method, "path": path, "token": token, "headers": headers, **more}
        answer = self.recorder.send(**request)
        wanted = answer.is_success if expect is None else answer.status_code == expect
        if not wanted:
            seen = f"{answer.status_code} {_reasons(answer)}"
            self.recorder.fail(operation, "journey", seen)
            raise StepFailed(f"{method} {operation.path if operation else path}: {seen}")
        if operation is not None and expect is None:
            self._repeat(operation, request, answer)
        return answer

    def set_clock(self, moment: str) -> None:
        """Raises NotHere where the clock is real."""
        answer = self.recorder.http.put("/v1/clock", json={"now": moment})
        self.clock_can_be_set = answer.is_success
        if not answer.is_success:
            raise NotHere("a settable clock")

    def text_code(self, phone: str) -> str:
        """The newest code that a phone received. Raises NotHere outside the sandbox."""
        if not self.has_text_messages:
            raise NotHere("text messages that can be read")
        for _ in range(_TRIES):
            items = self.recorder.http.get("/v1/sandbox/text-messages").json()["items"]
            codes: list[str] = [
                m["parameters"]["code"] for m in items if m["phone"] == phone and "code" in m["parameters"]
            ]
            if codes:
                return codes[-1]
            time.sleep(_BETWEEN_TRIES)
        raise StepFailed("no text message came")

    def phone(self, user: str, *, number: str = "") -> str:
        """What wx.login gives, or the phone-number button. Raises NotHere without a fake WeChat."""
        if not self.wechat_url:
            raise NotHere("a fake WeChat")
        what, more = ("phone-number", {"phone": number}) if number else ("login", {})
        answer = httpx.post(
            f"{self.wechat_url}/fake/{what}", json={"appid": self.appid, "user": user, **more}, timeout=10
        )
        return str(answer.raise_for_status().json()["code"])

    def _repeat(self, operation: Operation, request: dict[str, Any], first: httpx.Response) -> None:
        """Once for each operation: the same key again is answered again, another body under it is refused."""
        if "Idempotency-Key" not in request["headers"] or ("repeated", operation.id) in self._probed:
            return
        self._probed.add(("repeated", operation.id))
        again = self.recorder.send(**request)
        same = (again.status_code, again.content) == (first.status_code, first.content) or _same(again, first)
        self.recorder.require(same, operation, "same_key_same_answer", f"{again.status_code} after {first.status_code}")
        if "json" in request:
            other = request["json"] | {"conformance_other": True}
            refused = self.recorder.send(**request | {"json": other})
            self.recorder.require(
                refused.status_code == 422, operation, "same_key_other_body", str(refused.status_code)
            )


def person_of(answer: Mapping[str, Any]) -> Person:
    return Person(
        id=answer["person"]["id"],
        name=answer["person"]["full_name"],
        token=answer["access_token"],
        refresh_token=answer["refresh_token"],
        organisation_id=((answer.get("acting_as") or {}).get("organisation") or {}).get("id", ""),
    )


def _same(one: httpx.Response, other: httpx.Response) -> bool:
    try:
        bodies = [each.json() for each in (one, other)]
    except ValueError:
        return False
    for body in bodies:
        if isinstance(body, dict):
            body.pop(_MADE_ANEW, None)
    return one.status_code == other.status_code and bodies[0] == bodies[1]


def _reasons(answer: httpx.Response) -> str:
    """Codes only: sentences may name people."""
    try:
        body = answer.json()
    except ValueError:
        return ""
    codes = [f"{each.get('pointer', '')} {each.get('code', '')}".strip() for each in body.get("errors", [])]
    return " ".join([str(body.get("code", "")), *codes[:6]])
