from itertools import permutations

import pytest
from fastapi.routing import APIRoute, APIRouter
from starlette.routing import Match

from services.common.callers.audiences import operations
from services.common.route_index import RouteIndex
from services.common.service import create_service
from services.nominations.routes import ROUTERS


async def one() -> None: ...


def scope_of(method: str, path: str) -> dict[str, object]:
    return {"type": "http", "method": method, "path": path}


def found(routes: list[APIRoute] | RouteIndex, method: str, path: str) -> object:
    """The route that takes the request, and what it read of the address."""
    for route in [routes] if isinstance(routes, RouteIndex) else routes:
        match, child = route.matches(scope_of(method, path))
        if match is Match.FULL:
            return child["route"], child["path_params"]
    return None


@pytest.mark.parametrize("paths", list(permutations(["/v1/cases/{id}", "/v1/cases/counts", "/v1/cases/{id}/events"])))
@pytest.mark.parametrize(
    "asked", ["/v1/cases/7", "/v1/cases/counts", "/v1/cases/7/events", "/v1/cases", "/", "/v1/x/7"]
)
def test_of_two_that_fit_the_first_is_taken_as_without_an_index(paths, asked):
    routes = [APIRoute(path, one) for path in paths]
    assert found(RouteIndex(routes), "GET", asked) == found(routes, "GET", asked)


def test_a_method_that_is_not_known_is_left_to_the_routes():
    assert found(RouteIndex([APIRoute("/v1/cases/{id}", one, methods=["PUT"])]), "GET", "/v1/cases/7") is None


@pytest.mark.parametrize("path", ["/v1/{anything}", "/v1/files/{path:path}"])
def test_a_route_of_many_shapes_is_refused(path):
    with pytest.raises(ValueError, match="no one shape"):
        RouteIndex([APIRoute(path, one)])


def test_the_index_finds_every_route_of_the_procedure():
    routes = list(operations(ROUTERS))
    asked = [(next(iter(route.methods)), route.path.replace("{", "").replace("}", "")) for route in routes]
    index = RouteIndex(routes)
    assert [found(index, *each) for each in asked] == [found(routes, *each) for each in asked]


def test_a_service_takes_no_route_that_nobody_would_be_kept_from():
    router = APIRouter()
    router.add_api_route("/v1/open", one)
    with pytest.raises(TypeError, match="is no StrictRoute"):
        create_service(title="", description="", lifespan=None, routers=[router], audiences={})
