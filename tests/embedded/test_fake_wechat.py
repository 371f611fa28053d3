"""The fake WeChat answers as WeChat does: errors in a 200 body, codes that work once."""

import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from services.commands.preparing import fake_wechat
from services.embedded.wechat import create_fake_wechat

APPID, SECRET = "wx0000000000000000", "app-secret"


class Hands:
    """A clock that a test turns."""

    now = 1_000_000.0


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def wechat(hands: Hands) -> Iterator[httpx.AsyncClient]:
    app = create_fake_wechat({APPID: SECRET, "wx1": "other"}, now=lambda: hands.now)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://wechat") as client:
        yield client


async def login(wechat: httpx.AsyncClient, user: str = "one") -> str:
    return (await wechat.post("/fake/login", json={"appid": APPID, "user": user})).json()["code"]


async def exchange(wechat: httpx.AsyncClient, code: str, **changes: str) -> httpx.Response:
    query = {"appid": APPID, "secret": SECRET, "js_code": code, "grant_type": "authorization_code"} | changes
    return await wechat.get("/sns/jscode2session", params=query)


async def test_a_code_gives_openid_and_session_key(wechat):
    answer = await exchange(wechat, await login(wechat))
    assert set(answer.json()) == {"openid", "session_key", "unionid"}


async def test_answers_are_plain_text_as_wechats_are(wechat):
    answer = await exchange(wechat, await login(wechat))
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


async def test_a_user_keeps_their_openid(wechat):
    answers = [(await exchange(wechat, await login(wechat))).json()["openid"] for _ in range(2)]
    assert answers[0] == answers[1]


async def test_a_code_works_once(wechat):
    code = await login(wechat)
    await exchange(wechat, code)
    answer = await exchange(wechat, code)
    assert (answer.status_code, answer.json()["errcode"]) == (200, 40163)


async def test_a_code_expires_after_five_minutes(wechat, hands):
    code = await login(wechat)
    hands.now += 301
    assert (await exchange(wechat, code)).json()["errcode"] == 40029


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [({"js_code": "unknown"}, 40029), ({"appid": "wx9"}, 40013), ({"secret": "wrong"}, 40125)],
)
async def test_each_mistake_has_its_own_error(wechat, changes, errcode):
    assert (await exchange(wechat, await login(wechat), **changes)).json()["errcode"] == errcode


async def test_a_code_of_one_app_is_no_code_of_another(wechat):
    answer = await exchange(wechat, await login(wechat), appid="wx1", secret="other")
    assert answer.json()["errcode"] == 40029


async def test_a_hundred_logins_a_minute_are_the_limit(wechat):
    codes = [await login(wechat) for _ in range(101)]
    answers = [(await exchange(wechat, code)).json().get("errcode") for code in codes]
    assert (answers[99], answers[100]) == (None, 45011)


async def test_a_forced_error_comes_once(wechat):
    await wechat.post("/fake/next-error", json={"errcode": -1})
    answers = [(await exchange(wechat, await login(wechat))).json().get("errcode") for _ in range(2)]
    assert answers == [-1, None]


async def test_a_phone_code_gives_the_number_and_its_watermark(wechat):
    token = (await wechat.post("/cgi-bin/stable_token", json={"appid": APPID, "secret": SECRET})).json()["access_token"]
    body = {"appid": APPID, "user": "one", "phone": "13900000000"}
    code = (await wechat.post("/fake/phone-number", json=body)).json()["code"]
    answer = await wechat.post("/wxa/business/getuserphonenumber", params={"access_token": token}, json={"code": code})
    info = answer.json()["phone_info"]
    assert (info["purePhoneNumber"], info["watermark"]["appid"]) == ("13900000000", APPID)


async def test_a_login_code_is_no_phone_code(wechat):
    token = (await wechat.post("/cgi-bin/stable_token", json={"appid": APPID, "secret": SECRET})).json()["access_token"]
    answer = await wechat.post(
        "/wxa/business/getuserphonenumber", params={"access_token": token}, json={"code": await login(wechat)}
    )
    assert answer.json()["errcode"] == 40029


async def test_the_stable_token_stays_the_same_until_it_ages(wechat, hands):
    body = {"appid": APPID, "secret": SECRET}
    tokens = [(await wechat.post("/cgi-bin/stable_token", json=body)).json()["access_token"] for _ in range(2)]
    hands.now += 7000
    tokens.append((await wechat.post("/cgi-bin/stable_token", json=body)).json()["access_token"])
    assert (tokens[0] == tokens[1], tokens[1] == tokens[2]) == (True, False)


def test_its_thread_ends_before_the_process_may(environment: None) -> None:
    before = set(threading.enumerate())
    with fake_wechat(f"http://127.0.0.1:{unused_port()}"):
        during = set(threading.enumerate()) - before
    assert ([thread.name for thread in during], set(threading.enumerate()) - before) == (["fake-wechat"], set())


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
