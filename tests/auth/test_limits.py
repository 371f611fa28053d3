"""Guessing is made slow for the guesser, and for nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event, func, select, text

from services.auth.domain.binding import WechatUser
from services.auth.domain.sign_in_delays import WAITS, seconds_after
from services.auth.limit_tables import RateBucketRow
from services.auth.limits import SIGN_IN_BY_ADDRESS
from services.auth.wechat.binding_wechat import bind
from services.common.asgi import RequestShell
from services.common.db import Database
from services.common.limits.rate_limits import Limit, RateLimiter
from services.common.limits.rate_standing import header_pairs, slate
from services.common.problems import TooManyRequests
from tests.auth.people import new_person
from tests.auth.scripted_wechat import ScriptedWechat
from tests.auth.steps import PASSWORD, by_wechat, fresh, refusal

FREE = 5


@asynccontextmanager
async def at_address(app: FastAPI, address: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
        yield client


async def attempt(client: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    return await client.post("/v1/auth/sessions", json={"username": username, "password": password})


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert (WAITS, seconds_after(10_000)) == (
        (0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900),
        900,
    )


async def test_after_five_wrong_passwords_even_the_right_one_waits(auth_app: FastAPI) -> None:
    async with at_address(auth_app, "198.51.100.1") as client:
        codes = [refusal(await attempt(client, "kelan-clerk", "wrong")) for _ in range(FREE)]
        delayed = await attempt(client, "kelan-clerk", PASSWORD)
        assert codes == [(401, "credentials_wrong")] * FREE
        assert (refusal(delayed), delayed.headers["retry-after"]) == ((429, "sign_in_delayed"), "1")
        assert (delayed.headers["ratelimit"], delayed.headers["ratelimit-policy"]) == (
            '"sign_in";r=0;t=1',
            '"sign_in";q=5;w=900',
        )


async def test_who_waited_signs_in_and_starts_afresh(auth_app: FastAPI) -> None:
    async with at_address(auth_app, "198.51.100.2") as client:
        for _ in range(FREE):
            await attempt(client, "kelan-head", "wrong")
        await asyncio.sleep(1.05)
        assert (await attempt(client, "kelan-head", PASSWORD)).status_code == 201
        assert refusal(await attempt(client, "kelan-head", "wrong")) == (401, "credentials_wrong")


async def test_a_stranger_who_guesses_does_not_keep_the_owner_out(auth_app: FastAPI) -> None:
    async with at_address(auth_app, "198.51.100.3") as stranger, at_address(auth_app, "198.51.100.4") as owner:
        await asyncio.gather(*(attempt(stranger, "kelan-iit", "wrong") for _ in range(12)))
        assert refusal(await attempt(stranger, "kelan-iit", PASSWORD)) == (429, "sign_in_delayed")
        assert (await attempt(owner, "kelan-iit", PASSWORD)).status_code == 201


async def test_guesses_from_ones_own_office_leave_wechat_and_what_is_signed_in_alone(
    auth_app: FastAPI, database: Database, wechat: ScriptedWechat, appid: str
) -> None:
    """An office shares one address. Whoever guesses there on the last night keeps nobody from their work."""
    person_id, username = await new_person(database)
    openid = fresh("openid")
    async with database.transaction() as session:
        await bind(session, WechatUser(appid, openid, None), person_id, origin=None, now=datetime.now(UTC))
    async with at_address(auth_app, "198.51.100.20") as office:
        open_before = (await attempt(office, username, PASSWORD)).json()
        for _ in range(FREE + 1):
            guessed = await attempt(office, username, "wrong")
        by_wechat_now = await by_wechat(office, appid, wechat.knows(fresh("code"), openid))
        body = {"refresh_token": open_before["refresh_token"]}
        refreshed = await office.post("/v1/auth/sessions/refreshes", json=body)
    assert (refusal(guessed), by_wechat_now.status_code, refreshed.status_code) == (
        (429, "sign_in_delayed"),
        201,
        201,
    )


async def test_of_many_guesses_sent_at_once_five_are_looked_at(auth_app: FastAPI) -> None:
    async with at_address(auth_app, "198.51.100.5") as client:
        answers = await asyncio.gather(*(attempt(client, "kelan-hrss", "wrong") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [401] * FREE + [429] * 15


async def test_a_name_that_nobody_has_is_slowed_down_just_the_same(auth_app: FastAPI) -> None:
    name = fresh("nobody")
    async with at_address(auth_app, "198.51.100.6") as client:
        answers = [await attempt(client, name, "wrong") for _ in range(FREE + 1)]
    assert [refusal(answer)[1] for answer in answers] == ["credentials_wrong"] * FREE + ["sign_in_delayed"]


async def test_many_addresses_at_one_account_are_slowed_down_together_but_not_its_own(auth_app: FastAPI) -> None:
    async with at_address(auth_app, "203.0.113.1") as home:
        assert (await attempt(home, "kelan-office", PASSWORD)).status_code == 201
        codes = []
        for network in range(11):
            async with at_address(auth_app, f"198.51.100.{100 + network}") as bot:
                codes += [(await attempt(bot, "kelan-office", "wrong")).status_code for _ in range(FREE)]
        assert (codes[:50], codes[-1]) == ([401] * 50, 429)
        assert (await attempt(home, "kelan-office", PASSWORD)).status_code == 201


async def test_what_the_limit_of_an_address_refuses_is_no_slip_of_whoever_asked(
    auth_app: FastAPI, database: Database
) -> None:
    """An office shares one address, and somebody there has used it up."""
    _, username = await new_person(database)
    address = "198.51.100.60"
    bucket = SIGN_IN_BY_ADDRESS.of(address).key
    await database.fetch("INSERT INTO auth.rate_buckets VALUES ($1, now() + interval '1 hour')", bucket)
    async with at_address(auth_app, address) as office:
        refused = [await attempt(office, username, PASSWORD) for _ in range(FREE + 1)]
        await database.fetch("DELETE FROM auth.rate_buckets WHERE key = $1", bucket)
        right = await attempt(office, username, PASSWORD)
    assert [refusal(each) for each in refused] == [(429, "too_many_requests")] * (FREE + 1)
    assert right.status_code == 201


async def test_a_try_that_waited_for_another_one_is_judged_by_the_moment_at_which_its_turn_comes(
    auth_app: FastAPI, database: Database
) -> None:
    """Of two at once the one that began first may come second: it is nobody's slip."""
    _, username = await new_person(database)
    async with at_address(auth_app, "198.51.100.62") as phone:
        await attempt(phone, username, "wrong")
        newest = "SELECT key FROM auth.sign_in_attempts ORDER BY last_at DESC LIMIT 1"
        free = f"UPDATE auth.sign_in_attempts SET free_at = clock_timestamp() + interval '0.3 s' WHERE key = ({newest})"
        async with database.transaction() as session:
            await session.execute(text(free))
            trying = asyncio.create_task(attempt(phone, username, PASSWORD))
            await asyncio.sleep(0.8)
        assert (await trying).status_code == 201


async def test_who_waits_uses_up_nothing_of_the_limits(auth_app: FastAPI, database: Database) -> None:
    _, username = await new_person(database)
    address = "198.51.100.61"
    full_at = "SELECT full_at FROM auth.rate_buckets WHERE key = $1"
    bucket = SIGN_IN_BY_ADDRESS.of(address).key
    async with at_address(auth_app, address) as office:
        for _ in range(FREE + 1):
            await attempt(office, username, "wrong")
        before = await database.fetch(full_at, bucket)
        waiting = await attempt(office, username, PASSWORD)
    assert (refusal(waiting), await database.fetch(full_at, bucket)) == ((429, "sign_in_delayed"), before)


async def test_attempts_of_yesterday_are_swept(client: httpx.AsyncClient, database: Database) -> None:
    old = [fresh("old").encode() for _ in range(3)]
    for days, key in enumerate(old):
        values = "$1, 1, now() - make_interval(days => $2), now()"
        await database.fetch(f"INSERT INTO auth.sign_in_attempts VALUES ({values})", key, days)
    await attempt(client, fresh("nobody"), "wrong")
    left = await database.fetch("SELECT key FROM auth.sign_in_attempts WHERE key = ANY($1)", old)
    assert [bytes(row[0]) for row in left] == old[:1]


async def test_when_too_many_wait_with_passwords_the_next_comes_back_later_and_nothing_is_counted(
    auth_app: FastAPI,
) -> None:
    async with at_address(auth_app, "198.51.100.9") as client:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("services.auth.sessions.passwords._MOST_WAITING", 0)
            answers = [await attempt(client, "kelan-clerk", "wrong") for _ in range(FREE + 1)]
        right = await attempt(client, "kelan-clerk", PASSWORD)
    assert [refusal(each) for each in answers] == [(503, "service_unavailable")] * (FREE + 1)
    assert (answers[0].headers["retry-after"], right.status_code) == ("30", 201)


async def test_wrong_invitation_codes_run_out_for_one_wechat_user(
    client: httpx.AsyncClient, wechat: ScriptedWechat, appid: str
) -> None:
    openid, answers = fresh("openid"), []
    for _ in range(11):
        code = wechat.knows(fresh("code"), openid)
        body = {"appid": appid, "code": code, "invitation_code": "K7Q2M-9XHDR"}
        answers.append(await client.post("/v1/auth/wechat/sessions", json=body))
    assert [refusal(answer) for answer in answers] == [(422, "invitation_invalid")] * 10 + [(429, "too_many_requests")]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60


async def test_one_refresh_token_is_not_tried_without_end(client: httpx.AsyncClient) -> None:
    token = fresh("token")
    answers = [await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": token}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429]


async def test_of_concurrent_takers_on_two_replicas_exactly_the_burst_succeeds(database: Database) -> None:
    limit, replicas = (
        Limit(fresh("limit"), burst=7, every=timedelta(minutes=1)),
        [RateLimiter(database, schema="auth") for _ in range(2)],
    )
    results = await asyncio.gather(
        *(replicas[turn % 2].take(limit.of("somebody")) for turn in range(20)), return_exceptions=True
    )
    assert [type(result) for result in results if result is not None] == [TooManyRequests] * 13


async def test_a_bucket_fills_again_by_itself(database: Database) -> None:
    limiter, limit = RateLimiter(database, schema="auth"), Limit(fresh("limit"), 1, timedelta(milliseconds=200))
    await limiter.take(limit.of("a"))
    with pytest.raises(TooManyRequests):
        await limiter.take(limit.of("a"))
    await asyncio.sleep(0.25)
    await limiter.take(limit.of("a"), limit.of("b"))


async def test_who_is_refused_by_one_limit_uses_up_nothing_of_another(database: Database) -> None:
    limiter, hour = RateLimiter(database, schema="auth"), timedelta(hours=1)
    address, phone = Limit(fresh("address"), 1, hour), Limit(fresh("phone"), 3, hour)
    await limiter.take(address.of("flooder"), phone.of("victim"))
    for _ in range(5):
        with pytest.raises(TooManyRequests):
            await limiter.take(address.of("flooder"), phone.of("victim"))
    await limiter.take(address.of("owner"), phone.of("victim"))
    with pytest.raises(TooManyRequests):
        await limiter.take(address.of("owner"), phone.of("victim"))
    await limiter.take(phone.of("victim"))


async def test_of_many_at_once_who_share_one_limit_each_other_is_charged_as_often_as_they_got_through(
    database: Database,
) -> None:
    limiter, hour = RateLimiter(database, schema="auth"), timedelta(hours=1)
    shared, wide = Limit(fresh("shared"), 5, hour), Limit(fresh("wide"), 12, hour)
    await limiter.take(wide.of("x"))
    charges = [(shared.of("x"), wide.of("x")) for _ in range(20)]
    results = await asyncio.gather(*(limiter.take(*each) for each in charges), return_exceptions=True)
    left = await asyncio.gather(*(limiter.take(wide.of("x")) for _ in range(12)), return_exceptions=True)
    assert (results.count(None), left.count(None)) == (5, 6)


async def test_full_buckets_are_swept(database: Database) -> None:
    limiter = RateLimiter(database, schema="auth")
    await limiter.take(Limit("old", 1, timedelta(milliseconds=1)).of(fresh("one")))
    await asyncio.sleep(0.01)
    limiter._until_sweep = 1
    await limiter.take(Limit("new", 1, timedelta(hours=1)).of(fresh("one")))
    async with database.reading() as session:
        swept = RateBucketRow.full_at < func.now() - text("interval '1 second'")
        assert await session.scalar(select(func.count()).select_from(RateBucketRow).where(swept)) == 0


async def test_every_answer_says_what_is_left_and_a_success_counts_for_nothing(auth_app: FastAPI) -> None:
    """What is left for the account is told to nobody: it would say where its owner signed in before."""
    transport = httpx.ASGITransport(app=RequestShell(auth_app), client=("198.51.100.41", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://auth") as client:
        wrong = [await attempt(client, "pianguan-office", "wrong") for _ in range(2)]
        right = await attempt(client, "pianguan-office", PASSWORD)
        plain = await client.get("/v1/auth/jwks.json")
    assert {answer.headers["ratelimit-policy"] for answer in (*wrong, right)} == {'"sign_in_by_address";q=300;w=600'}
    assert [answer.headers["ratelimit"].split(";t=")[0] for answer in (*wrong, right)] == [
        f'"sign_in_by_address";r={left}' for left in (299, 298, 298)
    ]
    assert "ratelimit" not in plain.headers


async def test_what_is_left_is_told_from_the_one_statement_that_counts(database: Database) -> None:
    limiter, hour = RateLimiter(database, schema="auth"), timedelta(hours=1)
    near, far = Limit(fresh("near"), 3, hour), Limit(fresh("far"), 5, hour)
    await limiter.take(far.of("x"))
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    with slate() as standings:
        await limiter.take(near.of("x"), far.of("x"))
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    left = f'"{near.name}";r=2;t=3600, "{far.name}";r=3;t=7200'
    assert (len(sent), dict(header_pairs(standings))[b"ratelimit"].decode()) == (1, left)


async def test_a_unit_comes_back_with_the_commit_and_not_with_a_refusal(database: Database) -> None:
    limiter, limit = RateLimiter(database, schema="auth"), Limit(fresh("back"), 3, timedelta(hours=1))

    async def given_back(*, refused: bool) -> int:
        with slate() as standings:
            await limiter.take(limit.of("x"))
            async with database.transaction() as session:
                await limiter.give_back(session, limit.of("x"))
                if refused:
                    await session.rollback()
            return standings[limit.name].left

    assert (await given_back(refused=False), await given_back(refused=True)) == (3, 2)
