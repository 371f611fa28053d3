"""JSON that is the same for everybody until a version changes: made once, then sent as the bytes that it was made into."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from pydantic_core import to_json

from services.common.answers.caching import PUBLIC
from services.common.answers.revalidation import etag_of


@dataclass(frozen=True, slots=True)
class _Made:
    rests_on: Hashable
    body: bytes
    headers: dict[str, str]


class MadeOnce:
    """One answer a name: whoever keeps them names as many as there are versions of what they describe."""

    def __init__(self) -> None:
        self._made: dict[Hashable, _Made] = {}

    def answer(self, name: Hashable, make: Callable[[], Any], *, rests_on: Hashable = None) -> Response:
        """`rests_on` is what may change of what `make` describes: then it is made anew, and takes the place of the old."""
        made = self._made.get(name)
        if made is None or made.rests_on != rests_on:
            body = to_json(make())
            made = self._made[name] = _Made(rests_on, body, {"Cache-Control": PUBLIC, "ETag": etag_of(body)})
        return Response(made.body, media_type="application/json", headers=made.headers)
