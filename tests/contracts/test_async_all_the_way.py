"""No request waits for a thread: a hop there and back costs more than reading a case, and many of them queue."""

from collections.abc import Callable, Iterator
from inspect import isasyncgenfunction, iscoroutinefunction, isroutine
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from services.commands.openapi import built_services


def routes_of(router: Any) -> Iterator[APIRoute]:
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from routes_of(route.original_router)


def needed_by(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for needed in dependant.dependencies:
        assert needed.call is not None
        yield needed.call
        yield from needed_by(needed)


def runs_in_the_loop(call: Callable[..., Any]) -> bool:
    function = call if isroutine(call) else call.__call__
    return iscoroutinefunction(function) or isasyncgenfunction(function)


def test_every_route_and_everything_that_it_needs_runs_in_the_loop():
    routes = [route for service in built_services().values() for route in routes_of(service)]
    threaded = {
        f"{route.name} needs {call}"
        for route in routes
        for call in (route.endpoint, *needed_by(route.dependant))
        if not runs_in_the_loop(call)
    }
    assert (threaded, len(routes) > 100) == (set(), True)
