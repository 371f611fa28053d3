"""Which sessions have ended: heard from auth every two seconds while requests come, never once a request.

Access tokens live a quarter of an hour; this feed takes the ones of an ended session out of force within five seconds. When
auth is away, tokens stay in force until they expire: a service must not stop because another one restarts.
"""

import asyncio
import contextvars
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from services.common.callers.service_clients import ServiceClient, call
from services.common.problems import Problem, Unavailable

log = logging.getLogger(__name__)
FeedOfAuth = Callable[[str], Awaitable[Mapping[str, Any]]]
"""Takes the `as_of` of the answer before, empty at first; gives `as_of`, `kids`, and `ended`: mark to when to forget it."""

_ASK_AFTER_SECONDS = 2.0
_WAIT_WHEN_OLDER_SECONDS = 4.0
_PATIENCE_SECONDS = 1.0
_CLOCKS_AGREE_SECONDS = 10.0
_TELL_AGAIN_SECONDS = 60.0


def session_mark(session_id: str) -> str:
    """What the feed says of a session: the feed is public, so it names nobody's session."""
    return hashlib.sha256(f"session {session_id}".encode()).hexdigest()[:32]


def feed_over_http(auth: ServiceClient) -> FeedOfAuth:
    async def fetch(since: str) -> Mapping[str, Any]:
        response = await call(auth, "GET", "/v1/auth/ended-sessions", params={"since": since} if since else {})
        if response.status_code != 200:
            raise Unavailable
        feed: Mapping[str, Any] = response.json()
        return feed

    return fetch


class EndedSessions:
    """Bounded: a mark is forgotten when the last access token of its session has expired."""

    def __init__(self, fetch: FeedOfAuth) -> None:
        self._fetch = fetch
        self._as_of = ""
        self._forget_at: dict[str, float] = {}
        self._asked_at = self._heard_at = float("-inf")
        self._away = False
        self._told_of_clock_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None
        self.kids: frozenset[str] | None = None
        """The keys in force at auth; None before the first answer."""

    def __contains__(self, mark: str) -> bool:
        return mark in self._forget_at

    async def keep_up(self) -> None:
        """Asks in the background when it is time. Waits for the answer only after a pause without requests."""
        now = time.monotonic()
        if now - self._asked_at < _ASK_AFTER_SECONDS:
            if self._asking is None or now - self._heard_at < _WAIT_WHEN_OLDER_SECONDS:
                return
        elif self._asking is None:
            self._asked_at = now
            # Nobody's request: it goes into no caller's trace and under no caller's request id.
            self._asking = asyncio.create_task(self._ask(), name="ended sessions", context=contextvars.Context())
        if self._asking is not None and now - self._heard_at > _WAIT_WHEN_OLDER_SECONDS and not self._away:
            await asyncio.wait({self._asking}, timeout=_PATIENCE_SECONDS)

    async def _ask(self) -> None:
        try:
            feed = await asyncio.wait_for(self._fetch(self._as_of), 5 * _PATIENCE_SECONDS)
            self._hear(feed)
        except (Problem, SQLAlchemyError, OSError, TimeoutError, KeyError, ValueError) as error:
            self._away = True
            log.warning("auth tells nothing of ended sessions", extra={"error": type(error).__name__})
        finally:
            self._asking = None

    def _hear(self, feed: Mapping[str, Any]) -> None:
        now = time.time()
        self._compare_clocks(ahead=now - datetime.fromisoformat(feed["as_of"]).timestamp())
        still_known = {mark: until for mark, until in self._forget_at.items() if until > now}
        self._forget_at = still_known | {mark: float(until) for mark, until in feed["ended"].items()}
        self.kids = frozenset(feed["kids"])
        self._as_of = feed["as_of"]
        self._heard_at, self._away = time.monotonic(), False

    def _compare_clocks(self, *, ahead: float) -> None:
        """Tokens tell the time by auth's clock: where ours goes otherwise, they come from the future or end early."""
        now = time.monotonic()
        if abs(ahead) > _CLOCKS_AGREE_SECONDS and now - self._told_of_clock_at > _TELL_AGAIN_SECONDS:
            self._told_of_clock_at = now
            log.warning("clock differs from auth's", extra={"seconds_ahead": round(ahead)})
