"""How each of the three services becomes a FastAPI application: the same shell, the same refusals, the same health."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from services import CONTRACT_VERSION
from services.common.callers.audiences import Audiences, audiences_of, gate
from services.common.health import health_routes
from services.common.problem_handlers import install_problem_handlers
from services.common.tracing import OURS_ALONE

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_service(
    *, title: str, description: str, lifespan: Lifespan, routers: Sequence[APIRouter], audiences: Audiences
) -> FastAPI:
    """An application whose routes carry their whole path (`/v1/…`), whose operation ids are the functions' names.

    Routers bring `route_class=StrictRoute` themselves: an application's own class does not reach into them.
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
        generate_unique_id_function=_operation_id,
    )
    install_problem_handlers(app)
    app.state.audiences = audiences_of(routers, audiences)
    for router in routers:
        app.include_router(router, dependencies=[Depends(gate)])
    app.include_router(health_routes)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
