"""JSON as the contract means it: no duplicate keys, no NaN, no endless nesting, no text that a database cannot hold."""

import json
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from services.common.answers.plain_reads import plain_read
from services.common.answers.query_parameters import query_parameters, refuse_unknown_parameters
from services.common.callers.audiences import gate

MAX_DEPTH = 32
_UNCLEAN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"  # control characters, lone surrogates
    "\u2028\u2029\u202a-\u202e\u2066-\u2069]"  # hidden line ends; bidi overrides make a name read as another
)

_STRINGS_AND_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
"""A string without its end is taken whole too, and never looked through again: a body of quotes must not cost its square."""


def refuse_unclean_text(text: str | None) -> str | None:
    """Stands behind optional texts too: no text is clean."""
    if text is not None and _UNCLEAN.search(text):
        raise PydanticCustomError("text_not_clean", "text holds control characters")
    return text


CLEAN = AfterValidator(refuse_unclean_text)
"""Stands after the length limits of a text, so that a text too long is called too long."""


class StrictRequest(BaseModel):
    """A request body: no field that the contract does not name."""

    model_config = ConfigDict(extra="forbid")


def strict_loads(body: bytes) -> Any:
    """Reads JSON. Raises json.JSONDecodeError, with the reason, for whatever two parsers could read differently."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise json.JSONDecodeError("not UTF-8", "", error.start) from None
    _refuse_depth(text)
    return json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant, parse_int=_bounded_int)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise json.JSONDecodeError("duplicate key", "", 0)
    return members


def _refuse_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not JSON", "", 0)


def _bounded_int(digits: str) -> int:
    if len(digits) > 18:
        raise json.JSONDecodeError("number too large", "", 0)
    return int(digits)


def _refuse_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return  # most bodies: too few to be nested too deeply
    depth = 0
    for bracket in _STRINGS_AND_BRACKETS.finditer(text):
        first = bracket.group()[0]
        depth += (first in "[{") - (first in "]}")
        if depth > MAX_DEPTH:
            raise json.JSONDecodeError("nested too deeply", "", bracket.start())


class _StrictRequest(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_strict_json"):
            self._strict_json = strict_loads(await self.body())
        return self._strict_json


class StrictRoute(APIRoute):
    """What every route does before its function runs: it refuses query parameters that it does not know where it has any,
    lets in whom its audience names, and reads JSON bodies by `strict_loads`. Its operation id is its function's name.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, endpoint, **{**more, "operation_id": endpoint.__name__})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        read = plain_read(self, otherwise=handle)
        known = query_parameters(self)

        async def handle_strictly(request: Request) -> Response:
            if known:
                refuse_unknown_parameters(request, known)
            await gate(request)
            if read is not None:
                return await read(request)
            return await handle(_StrictRequest(request.scope, request.receive))

        return handle_strictly
