"""What is the same for everybody is made once, and is what FastAPI would have made of it each time."""

from datetime import UTC, date, datetime

import httpx
import pytest
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.common.answers.caching import FOR_ANYBODY
from services.common.answers.made_once import MadeOnce
from services.common.answers.strict_json import StrictRoute
from services.common.asgi import RequestShell
from services.common.callers.audiences import public
from services.common.service import create_service


class Part(BaseModel):
    text: str
    none: str | None = None


class Notice(BaseModel):
    title: str = "推荐 <&> \u2028"
    day: date = date(2025, 2, 7)
    at: datetime = datetime(2025, 2, 7, 9, tzinfo=UTC)
    share: float = 0.5
    parts: list[Part] = Field(default_factory=lambda: [Part(text="示例")])
    by_key: dict[str, str] = {"a": "甲"}


class Made:
    """Counts how often it was made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Notice:
        self.times += 1
        return Notice(share=self.times / 2)


def test_it_is_made_once():
    kept, make = MadeOnce(), Made()
    answers = [kept.answer("notice", make) for _ in range(3)]
    assert (make.times, len({answer.body for answer in answers})) == (1, 1)


def test_each_name_is_made_by_itself():
    kept, make = MadeOnce(), Made()
    assert [kept.answer(name, make).body for name in "ab"] == [
        Notice(share=share).model_dump_json().encode() for share in (0.5, 1.0)
    ]


def test_it_is_made_anew_when_what_it_rests_on_changes_and_the_old_one_is_let_go():
    kept, make = MadeOnce(), Made()
    for rests_on in (date(2025, 2, 28), date(2025, 2, 28), date(2025, 3, 7), date(2025, 2, 28)):
        kept.answer("notice", make, rests_on=rests_on)
    assert make.times == 3


def test_what_could_not_be_made_is_not_kept():
    kept, make = MadeOnce(), Made()
    with pytest.raises(ZeroDivisionError):
        kept.answer("notice", lambda: 1 / 0)
    assert (kept.answer("notice", make).status_code, make.times) == (200, 1)


async def test_it_is_answered_as_fastapi_answers_it():
    router, kept = APIRouter(), MadeOnce()

    async def made_each_time() -> Notice:
        return Notice()

    async def made_once() -> Response:
        return kept.answer("notice", Notice)

    for path, function in (("/each-time", made_each_time), ("/once", made_once)):
        extra = {"dependencies": [FOR_ANYBODY]} if function is made_each_time else {}
        router.routes.append(StrictRoute(path, function, response_model=Notice, methods=["GET"], **extra))
    app = create_service(
        title="tests",
        description="tests",
        lifespan=None,
        routers=[router],
        audiences={"made_each_time": public("tests"), "made_once": public("tests")},
    )
    transport = httpx.ASGITransport(RequestShell(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
        whole = [await client.get(path, headers={"X-Request-ID": "tests-tests"}) for path in ("/each-time", "/once")]
        held = {"If-None-Match": whole[0].headers["etag"], "X-Request-ID": "tests-tests"}
        again = [await client.get(path, headers=held) for path in ("/each-time", "/once")]
    assert [(a.status_code, a.content, sorted(a.headers.items())) for a in (whole[1], again[1])] == [
        (a.status_code, a.content, sorted(a.headers.items())) for a in (whole[0], again[0])
    ]
    assert (again[1].status_code, whole[1].headers["cache-control"]) == (304, "public, max-age=60")
