"""Tells each step: what was asked, the key facts of the answer, how long it took. Keeps what it told for the transcript."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx


class DemoFailed(Exception):
    """An answer was not what the story needs."""


@dataclass
class Narrator:
    """Sends requests to the service that owns each address, and prints them as a story."""

    base_urls: Mapping[str, str]
    """auth, documents, nominations, wechat."""
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))
    step: int = 0

    def heading(self, text: str) -> None:
        print(f"\n── {text}", flush=True)

    def say(self, text: str) -> None:
        print(f"     {text}", flush=True)

    def ask(self, title: str, method: str, path: str, *, expect: int, token: str = "", **more: Any) -> httpx.Response:
        """One request. Raises DemoFailed when the status is not the expected one."""
        self.step += 1
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= more.pop("headers", {})
        started = time.perf_counter()
        response = self.http.request(method, self._base(path) + path, headers=headers, **more)
        milliseconds = (time.perf_counter() - started) * 1000
        print(
            f"{self.step:3}. {title}\n     {method} {path} → {response.status_code} ({milliseconds:.0f} ms)", flush=True
        )
        if response.status_code != expect:
            raise DemoFailed(f"step {self.step}: expected {expect}, got {response.status_code}: {response.text[:800]}")
        return response

    def refusals(self, response: httpx.Response) -> None:
        """Prints what a refusal names: every field or reason, in the words a clerk reads."""
        problem = response.json()
        self.say(f"{problem['code']}：{problem['title']}")
        for error in problem.get("errors", []):
            where = f" {error['pointer']}" if error["pointer"] else ""
            self.say(f"  · {error['code']}{where} {error['message']}")

    def _base(self, path: str) -> str:
        if path.startswith("/fake/"):
            return self.base_urls["wechat"]
        if path.startswith("/v1/auth"):
            return self.base_urls["auth"]
        return self.base_urls["documents" if path.startswith("/v1/documents") else "nominations"]
