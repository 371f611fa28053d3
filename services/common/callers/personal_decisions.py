"""What auth decided about people's data, heard by the services that hold it within seconds (decision 0064)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

import httpx

from services.common.problems import Problem, Unavailable

log = logging.getLogger(__name__)
Decided = Literal["withdrawn", "erased", "restricted"]


@dataclass(frozen=True, slots=True)
class Decision:
    """`purpose` None: all papers of the person; `campaign_key` None: of all campaigns. Later papers are not meant."""

    id: UUID
    decided: Decided
    about: Literal["documents", "nomination"]
    person_id: UUID
    campaign_key: str | None
    purpose: str | None
    covers_until: datetime
    at: datetime


class Sends(Protocol):
    """A service's own authorised call to auth. Raises Unavailable."""

    async def __call__(self, method: str, path: str, **more: Any) -> httpx.Response: ...


async def decisions_of_auth(send: Sends, *, since: datetime | None) -> list[Decision]:
    """The oldest first; what was heard a while ago comes again. Raises Unavailable."""
    params = {"page_size": "100"} | ({"since": since.isoformat()} if since is not None else {})
    found: list[Decision] = []
    while True:
        response = await send("GET", "/v1/auth/paper-decisions", params=params)
        if response.status_code != 200:
            raise Unavailable
        page = response.json()
        found += [_decision(item) for item in page["items"]]
        if page["next_page_token"] is None:
            return found
        params |= {"page_token": page["next_page_token"]}


async def hear_regularly(hear: Callable[[], Awaitable[int]], *, seconds: float) -> None:
    """Runs until it is cancelled. While auth is away, things stand as they were last heard of."""
    while True:
        try:
            heard = await hear()
        except Problem as trouble:
            log.warning("auth tells nothing of people's data", extra={"error": trouble.code})
        except Exception as error:
            log.exception("decisions about people's data were not carried out", extra={"error": type(error).__name__})
        else:
            if heard:
                log.info("decisions about people's data carried out", extra={"number": heard})
        await asyncio.sleep(seconds)


def _decision(item: Mapping[str, Any]) -> Decision:
    return Decision(
        id=UUID(item["id"]),
        decided=item["decided"],
        about=item.get("about", "documents"),
        person_id=UUID(item["person_id"]),
        campaign_key=item["campaign_key"],
        purpose=item["purpose"],
        covers_until=datetime.fromisoformat(item["covers_until"]),
        at=datetime.fromisoformat(item["at"]),
    )
