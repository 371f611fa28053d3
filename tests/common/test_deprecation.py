"""What will go says so twelve months ahead, in the contract and in each answer."""

from datetime import date

import httpx
import pytest
from fastapi import FastAPI

from services.common.answers.deprecation import deprecated
from services.common.asgi import RequestShell


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()

    @app.get("/going", **deprecated(since=date(2026, 1, 31), until=date(2027, 1, 31)))
    async def going() -> dict[str, str]:
        return {}

    @app.get("/staying")
    async def staying() -> dict[str, str]:
        return {}

    return app


async def headers_of(app: FastAPI, path: str) -> tuple[str | None, str | None]:
    transport = httpx.ASGITransport(app=RequestShell(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://xianjin") as client:
        answer = await client.get(path)
    return answer.headers.get("deprecation"), answer.headers.get("sunset")


async def test_an_operation_that_will_go_names_both_days(app):
    assert await headers_of(app, "/going") == ("@1769817600", "Sun, 31 Jan 2027 00:00:00 GMT")


async def test_an_operation_that_stays_says_nothing(app):
    assert await headers_of(app, "/staying") == (None, None)


def test_the_contract_marks_it_and_names_both_days(app):
    told = app.openapi()["paths"]["/going"]["get"]
    assert (told["deprecated"], told["x-deprecated-on"], told["x-sunset-on"]) == (True, "2026-01-31", "2027-01-31")


def test_nothing_goes_within_twelve_months():
    with pytest.raises(ValueError, match="twelve months"):
        deprecated(since=date(2026, 1, 31), until=date(2027, 1, 30))
