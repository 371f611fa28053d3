"""Keyset pages: the token holds the sort key of the last row shown, so a page costs the same wherever it stands."""

import base64
import json
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import BindParameter, literal

from services.common.problems import FieldError, Unprocessable

MAX_PAGE = 100
WRONG_TOKEN = FieldError("/query/page_token", "invalid_page_token", "翻页标记无效，请从第一页重新查询")

_SIZES = (21, 51, MAX_PAGE + 1)
"""A page and the row that says that there are more, for the pages that front ends ask for."""


def rows_to_fetch(rows: int) -> int:
    """As many at least: one of a few numbers, so that a statement is prepared for each of them and not for a hundred."""
    return next((size for size in _SIZES if size >= rows), rows)


def in_words(rows: int) -> BindParameter[int]:
    """A limit that stands in the statement itself. PostgreSQL takes one in a slot for a tenth of what is found, and may
    then plan the statement anew for every request.
    """
    return literal(rows, literal_execute=True)


PageSize = Annotated[int, Query(ge=1, le=MAX_PAGE, description="Rows a page")]


def page_token(*key: Any) -> str:
    """The token of the page that follows the row with this sort key."""
    return base64.urlsafe_b64encode(json.dumps(key, default=str).encode()).decode().rstrip("=")


def page_key(page_token: str | None) -> list[Any] | None:
    """The sort key in a token, None without one. Raises Unprocessable for a token that `page_token` did not make."""
    if page_token is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(page_token + "=" * (-len(page_token) % 4)))
    except ValueError:
        key = None
    if not isinstance(key, list) or not key or not all(isinstance(part, str | int) for part in key):
        raise Unprocessable(errors=[WRONG_TOKEN])
    return key


def parsed_key(key: list[Any] | None, *parsers: Callable[[str], Any]) -> Any:
    """The parts of a sort key, each read by its parser; None without a key. Raises Unprocessable for another list's token."""
    if key is None:
        return None
    try:
        return tuple(parser(str(part)) for parser, part in zip(parsers, key, strict=True))
    except ValueError:
        raise Unprocessable(errors=[WRONG_TOKEN]) from None


async def _page_key(page_token: Annotated[str | None, Query(max_length=400)] = None) -> list[Any] | None:
    return page_key(page_token)


async def _after_id(page_token: Annotated[str | None, Query(max_length=400)] = None) -> UUID | None:
    parts = parsed_key(page_key(page_token), UUID)
    return parts[0] if parts is not None else None


PageKey = Annotated[list[Any] | None, Depends(_page_key)]
AfterId = Annotated[UUID | None, Depends(_after_id)]
"""Where the page begins, in a list that is ordered by id alone."""
