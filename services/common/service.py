"""How each of the three services becomes a FastAPI application: the same shell, the same refusals, the same health."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from services import CONTRACT_VERSION
from services.common.answers.strict_json import StrictRoute
from services.common.callers.audiences import Audiences, audiences_of
from services.common.health import health_routes
from services.common.problem_handlers import install_problem_handlers
from services.common.route_index import RouteIndex
from services.common.tracing import OURS_ALONE

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_service(
    *, title: str, description: str, lifespan: Lifespan, routers: Sequence[APIRouter], audiences: Audiences
) -> FastAPI:
    """An application whose routes carry their whole path (`/v1/…`).

    Raises TypeError for a route that is no `StrictRoute`: nobody would be kept from it. Routers bring `route_class`
    themselves, an application's own class does not reach into them.
    """
    app = FastAPI(
        title=title,
        description=description,
        version=CONTRACT_VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=OURS_ALONE,
    )
    install_problem_handlers(app)
    app.state.audiences = audiences_of(routers, audiences)
    routes = [_strict(route) for router in routers for route in router.routes]
    app.router.routes += [RouteIndex(routes), *routes]
    app.include_router(health_routes)
    return app


def _strict(route: BaseRoute) -> StrictRoute:
    if not isinstance(route, StrictRoute):
        raise TypeError(f"{route} is no StrictRoute")
    return route
