"""Finds a route by the shape of its address, instead of trying a service's routes one after the other.

It stands before the routes and only says sooner what they would say: of those of one shape the first that fits is taken, as
FastAPI takes it. What it does not find, a wrong method included, is left to them.
"""

from collections import defaultdict
from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

_Shape = tuple[str, int, str]
"""Method, number of segments, and the segment behind `/v1`, which tells most addresses apart."""


class RouteIndex(BaseRoute):
    def __init__(self, routes: Iterable[APIRoute]) -> None:
        """Raises ValueError for a route whose addresses are of several shapes."""
        self._by_shape: dict[_Shape, list[APIRoute]] = defaultdict(list)
        for route in routes:
            for method in route.methods or ():
                shape = _shape(method, route.path)
                if "{" in shape[2] or ":" in route.path:
                    raise ValueError(f"the addresses of {route.path} have no one shape")
                self._by_shape[shape].append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http":
            for route in self._by_shape.get(_shape(scope["method"], scope["path"]), ()):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    return match, found
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["route"].handle(scope, receive, send)


def _shape(method: str, path: str) -> _Shape:
    segments = path.split("/")
    return method, len(segments), segments[2] if len(segments) > 2 else ""
