"""The addresses that belong to no single service: health, the contract and its page. All assets come from packages."""

from collections.abc import Mapping
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from services.common.health import health_routes
from services.common.problem_handlers import install_problem_handlers
from services.common.service import Lifespan
from services.contract import contract_of, merge, to_yaml

_ASSETS = Path(fastapi_offline.__file__).parent / "static"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def create_site(services: Mapping[str, FastAPI], *, lifespan: Lifespan) -> FastAPI:
    """An application with /livez, /readyz, /openapi.yaml and /docs for the services it is given."""
    site = FastAPI(title="Xianjin", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    site.state.services = services
    install_problem_handlers(site)
    site.include_router(health_routes)
    site.mount("/docs/assets", StaticFiles(directory=_ASSETS), name="assets")
    site.add_api_route("/openapi.yaml", _contract, include_in_schema=False)
    site.add_api_route("/docs", _page, include_in_schema=False)
    site.add_api_route("/", _front, include_in_schema=False)
    return site


async def _contract(request: Request) -> PlainTextResponse:
    state = request.app.state
    if not hasattr(state, "contract"):
        state.contract = to_yaml(merge([contract_of(service) for service in state.services.values()]))
    headers = {"Cache-Control": "public, max-age=300"}
    return PlainTextResponse(state.contract, media_type="application/yaml", headers=headers)


async def _page(_: Request) -> HTMLResponse:
    page = get_swagger_ui_html(
        openapi_url="/openapi.yaml",
        title="先进 Xianjin API",
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon.png",
    )
    page.headers["Content-Security-Policy"] = _PAGE_POLICY
    return page


async def _front(_: Request) -> RedirectResponse:
    return RedirectResponse("/docs")
