"""The addresses that belong to no single service: health, the contract and its page. All assets come from packages."""

import asyncio
from collections.abc import Mapping
from hmac import compare_digest
from pathlib import Path
from typing import Annotated

import fastapi_offline
from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.common.health import health_routes
from services.common.metrics import Fact, exposition
from services.common.problem_handlers import install_problem_handlers
from services.common.problems import HELP_PAGE, NotFound
from services.common.service import Lifespan
from services.common.tracing import OURS_ALONE
from services.contract import contract_of, merge, to_yaml
from services.error_page import error_page_html

_ASSETS = Path(fastapi_offline.__file__).parent / "static"
_WRITTEN = Path(__file__).parent.parent / "openapi" / "xianjin.yaml"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def create_site(services: Mapping[str, FastAPI], *, lifespan: Lifespan) -> FastAPI:
    """An application with /livez, /readyz, /openapi.yaml and /docs for the services it is given."""
    site = FastAPI(
        title="Xianjin", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, telemetry=OURS_ALONE
    )
    site.state.services = services
    install_problem_handlers(site)
    site.include_router(health_routes)
    site.mount("/docs/assets", StaticFiles(directory=_ASSETS), name="assets")
    site.add_api_route("/openapi.yaml", _contract, include_in_schema=False)
    site.add_api_route("/docs", _page, include_in_schema=False)
    site.add_api_route(HELP_PAGE, _errors, include_in_schema=False)
    site.add_api_route("/", _front, include_in_schema=False)
    site.add_api_route("/metrics", _metrics, include_in_schema=False)
    return site


class SiteSettings(BaseSettings):
    """What belongs to no single service."""

    model_config = SettingsConfigDict(env_prefix="XIANJIN_", extra="ignore")

    metrics_token: Annotated[SecretStr, Field(min_length=16)] | None = None
    """Prometheus sends it as a bearer token. None: there is no /metrics."""


async def _metrics(request: Request) -> Response:
    """For Prometheus only. Without the token the address does not exist; the reverse proxy does not pass it on either."""
    token = SiteSettings().metrics_token
    given = request.headers.get("authorization", "").encode()
    if token is None or not compare_digest(given, f"Bearer {token.get_secret_value()}".encode()):
        raise NotFound
    counted = await asyncio.gather(
        *(asyncio.wait_for(counter(), 5) for counter in request.app.state.counters), return_exceptions=True
    )
    facts = [fact for each in counted if not isinstance(each, BaseException) for fact in each]
    failed = sum(isinstance(each, BaseException) for each in counted)
    facts.append(Fact("xianjin_counts_failed", "Services whose counts could not be read", failed))
    return Response(exposition(facts), media_type=CONTENT_TYPE_LATEST)


async def _contract(request: Request) -> PlainTextResponse:
    state = request.app.state
    if not hasattr(state, "contract"):
        state.contract = _merged_contract(state.services)
    headers = {"Cache-Control": "public, max-age=300"}
    return PlainTextResponse(state.contract, media_type="application/yaml", headers=headers)


def _merged_contract(services: Mapping[str, FastAPI]) -> str:
    """The whole contract, whichever service is asked: one that runs alone tells what the release has on disk."""
    if len(services) == 1 and _WRITTEN.exists():
        return _WRITTEN.read_text(encoding="utf-8")
    return to_yaml(merge([contract_of(service) for service in services.values()]))


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


async def _errors(_: Request) -> HTMLResponse:
    return HTMLResponse(error_page_html(), headers={"Cache-Control": "public, max-age=300"})


async def _front(_: Request) -> RedirectResponse:
    return RedirectResponse("/docs")
