"""Who still holds an answer gets no second copy of it."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

from services.common.asgi import RequestShell

LIST = [{"name": "示例"}]


async def streamed(_request):
    async def parts():
        yield b"["
        yield b"]"

    return StreamingResponse(parts(), media_type="application/json")


APP = Starlette(
    routes=[
        Route("/list", lambda _: JSONResponse(LIST), methods=["GET", "POST"]),
        Route("/version", lambda _: JSONResponse({}, headers={"ETag": '"7"'})),
        Route("/refused", lambda _: JSONResponse({}, status_code=404)),
        Route("/text", lambda _: PlainTextResponse("示例")),
        Route("/streamed", streamed),
    ]
)


@pytest.fixture
async def client():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(RequestShell(APP)), base_url="http://a") as client:
        yield client


async def test_an_answer_that_is_still_held_is_not_sent_again(client):
    first = await client.get("/list")
    second = await client.get("/list", headers={"If-None-Match": first.headers["etag"]})
    assert (first.json(), second.status_code, second.content) == (LIST, 304, b"")
    assert (second.headers["etag"], "content-length" in second.headers) == (first.headers["etag"], False)


@pytest.mark.parametrize("held", ['"7"', 'W/"7"', '"6", "7"', "*"])
async def test_an_answers_own_version_counts(client, held):
    answer = await client.get("/version", headers={"If-None-Match": held})
    assert (answer.status_code, answer.headers["etag"]) == (304, '"7"')


@pytest.mark.parametrize("held", ['"8"', "", "7", 'W/"77"'])
async def test_another_version_is_sent_whole(client, held):
    assert (await client.get("/version", headers={"If-None-Match": held})).status_code == 200


@pytest.mark.parametrize(("path", "status"), [("/refused", 404), ("/text", 200), ("/streamed", 200)])
async def test_refusals_texts_and_streams_go_out_as_they_are(client, path, status):
    answer = await client.get(path, headers={"If-None-Match": "*"})
    assert (answer.status_code, "etag" in answer.headers) == (status, False)


async def test_a_command_is_answered_whatever_it_holds(client):
    assert (await client.post("/list", headers={"If-None-Match": "*"})).status_code == 200
