"""A plain read answers as FastAPI's own handler does, whatever it is sent."""

from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from services.common.answers import strict_json
from services.common.answers.plain_reads import plain_read
from services.common.answers.strict_json import StrictRoute
from services.common.callers.audiences import operations
from services.nominations.routes.lists import list_routes
from services.nominations.routes.nominations import nomination_routes

ID = "0199b3a2-c5d8-7e10-a1b2-c3d4e5f60718"


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Seen(BaseModel):
    what: dict[str, object]
    opened: list[str]
    left_out: Annotated[str | None, Field(serialization_alias="leftOut")] = None


async def _one_of_two(request: Request) -> list[str]:
    """Asked for by two others, and called once."""
    request.scope["asked"].append("asked")
    return request.scope["asked"]


async def _signed_in(seen: Annotated[list[str], Depends(_one_of_two)], x_token: Annotated[str, Header()] = "") -> str:
    if x_token == "wrong":
        raise HTTPException(401)
    return f"{x_token} {len(seen)}"


async def _session(request: Request, seen: Annotated[list[str], Depends(_one_of_two)]) -> AsyncIterator[str]:
    seen.append("opened")
    try:
        yield "session"
    finally:
        request.scope["closed"].append("closed")


async def _kept(response: Response) -> None:
    response.headers["Cache-Control"] = "public"


async def _number(number: Annotated[int | None, Query(ge=1)] = None) -> int:
    return number or 0


Session = Annotated[str, Depends(_session, scope="function")]


async def everything(  # noqa: PLR0917
    case: UUID,
    who: Annotated[str, Depends(_signed_in)],
    number: Annotated[int, Depends(_number)],
    session: Session,
    response: Response,
    seen: Annotated[list[str], Depends(_one_of_two)],
    kind: Literal["a", "b"],
    colour: Colour = Colour.RED,
    flag: bool = False,
) -> Seen:
    response.headers["ETag"] = '"1"'
    what = {"case": case, "who": who, "number": number, "kind": kind, "colour": colour, "flag": flag}
    return Seen(what=what | {"session": session}, opened=seen)


async def says_so(case: UUID) -> Seen:
    raise HTTPException(404, headers={"X-Said": str(case)})


async def itself(case: UUID) -> Response:
    return Response(str(case), 203, headers={"X-Own": "1"})


def application(route_class: type[APIRoute]) -> FastAPI:
    router = APIRouter(route_class=route_class)
    router.add_api_route("/v1/all/{case}", everything, dependencies=[Depends(_kept)])
    router.add_api_route("/v1/refused/{case}", says_so)
    router.add_api_route("/v1/itself/{case}", itself, response_model=Seen)
    router.add_api_route("/v1/other/{case}", everything, status_code=202, response_model_exclude_none=True)
    app = FastAPI()
    app.state.audiences = {}
    app.include_router(router)
    return app


async def answered(route_class: type[APIRoute], path: str, headers: dict[str, str]) -> tuple[object, ...]:
    app, closed = application(route_class), []

    async def noting(scope, receive, send):
        await app({**scope, "asked": [], "closed": closed}, receive, send)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(noting), base_url="http://test") as http:
        answer = await http.get(path, headers=headers)
    return answer.status_code, sorted(answer.headers.items()), answer.text, closed


@pytest.mark.parametrize("headers", [{}, {"X-Token": "right"}, {"X-Token": "wrong"}])
@pytest.mark.parametrize(
    "path",
    [
        f"/v1/all/{ID}?kind=a",
        f"/v1/all/{ID}?kind=b&colour=blue&flag=true&number=3",
        f"/v1/all/{ID}",
        f"/v1/all/{ID}?kind=a&number=0",
        f"/v1/all/{ID}?kind=a&kind=b",
        f"/v1/all/{ID}?kind=&colour=&flag=",
        "/v1/all/none?kind=c&colour=green&flag=perhaps&number=many",
        f"/v1/other/{ID}?kind=a",
        f"/v1/refused/{ID}",
        f"/v1/itself/{ID}",
    ],
)
async def test_a_plain_read_answers_as_fastapi_does(path, headers):
    assert await answered(StrictRoute, path, headers) == await answered(APIRoute, path, headers)


def test_every_route_of_the_comparison_is_a_plain_read(monkeypatch):
    made = []
    monkeypatch.setattr(
        strict_json, "plain_read", lambda route, otherwise: made.append(plain_read(route, otherwise=otherwise))
    )
    application(StrictRoute)
    assert [each is not None for each in made] == [True] * len(made)


async def _as_a_list(word: Annotated[list[str], Query()]) -> Seen:
    return Seen(what={}, opened=word)


def _in_a_thread() -> Seen:
    return Seen(what={}, opened=[])


async def _open_until_it_is_sent(request: Request, session: Annotated[str, Depends(_session)]) -> Seen:
    return Seen(what={}, opened=[session])


@pytest.mark.parametrize("function", [_as_a_list, _in_a_thread, _open_until_it_is_sent])
def test_what_needs_more_is_left_to_fastapi(function):
    route = APIRoute("/v1/more", function)
    assert plain_read(route, otherwise=route.get_route_handler()) is None


@pytest.mark.parametrize(
    ("router", "name"),
    [
        (nomination_routes, "get_nomination"),
        (nomination_routes, "list_events"),
        (list_routes, "list_nominations"),
        (list_routes, "list_work_items"),
        (list_routes, "get_nomination_counts"),
    ],
)
def test_the_reads_that_people_hit_hardest_are_plain(router, name):
    (route,) = (each for each in operations([router]) if each.name == name)
    assert plain_read(route, otherwise=route.get_route_handler()) is not None
