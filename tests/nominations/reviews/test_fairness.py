"""A neutral order for reviewers (R94), and misconduct of those who work on the campaign (R100)."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx
import pytest

from services.common.callers.service_clients import ServiceClient
from services.embedded.demo_people import PASSWORD
from services.nominations.context import Context
from services.nominations.review_tables import ReviewOrder
from services.nominations.tables import Nomination
from tests.factories import Office

FINDING = {"person_name": "示例人社审核员", "organisation_name": "示例县人社局", "finding": "涉嫌泄露评审意见"}


@pytest.fixture
def city(office) -> Office:
    return Office(office.client, "tests-fairness")


async def pages(office: Office, who: str, size: int) -> list[str]:
    """Every case that waits for a reviewer, page by page."""
    found: list[str] = []
    token = ""
    while True:
        path = f"/v1/work-items?campaign_key={office.campaign}&page_size={size}{token}"
        page = (await office.done(who, "GET", path)).json()
        found += [item["id"] for item in page["items"]]
        if page["next_page_token"] is None:
            return found
        token = f"&page_token={page['next_page_token']}"


async def begin_at(context: Context, office: Office, who: str, place: int) -> None:
    """Lets a reviewer's list begin at a place of our choice, as if it had been drawn."""
    person = (await office.done(who, "GET", "/v1/auth/me")).json()["person"]["id"]
    await pages(office, who, 50)
    async with context.database.transaction() as session:
        (await session.get_one(ReviewOrder, (office.campaign, person))).begins_at = place


async def test_reviewers_see_the_same_cases_each_from_a_place_of_their_own_r94(city, context):
    cases = [await city.collective_at_county() for _ in range(4)]
    await begin_at(context, city, "wutai-hrss", 0)
    order = await pages(city, "wutai-hrss", 50)
    async with context.database.reading() as session:
        keys = {case: (await session.get_one(Nomination, UUID(case))).neutral_key for case in order}
    await begin_at(context, city, "wutai-iit", keys[order[2]])
    turned = await pages(city, "wutai-iit", 50)
    by_one = await pages(city, "wutai-iit", 1)
    assert (set(order), turned, by_one) == (set(cases), order[2:] + order[:2], turned)


async def test_where_a_list_begins_is_drawn_once_and_written_down_r94(city, context):
    person = (await city.done("wutai-hrss", "GET", "/v1/auth/me")).json()["person"]["id"]
    await pages(city, "wutai-hrss", 50)
    async with context.database.reading() as session:
        first = (await session.get_one(ReviewOrder, (city.campaign, person))).begins_at
    await pages(city, "wutai-hrss", 50)
    async with context.database.reading() as session:
        assert (await session.get_one(ReviewOrder, (city.campaign, person))).begins_at == first


async def open_inquiry(office: Office, who: str, person: str | None = None):
    person = person or (await office.done(who, "GET", "/v1/auth/me")).json()["person"]["id"]
    body = {"campaign_key": office.campaign, "person_id": person} | FINDING
    return await office.send("city-office", "POST", "/v1/misconduct-cases", json=body)


async def signs_in(office: Office, who: str) -> int:
    body = {"username": who, "password": PASSWORD}
    return (await office.client.post("/v1/auth/sessions", json=body)).status_code


async def test_whoever_is_under_inquiry_has_no_access_until_nothing_was_found_r100(city):
    opened = (await open_inquiry(city, "hequ-hrss")).json()
    during = await signs_in(city, "hequ-hrss")
    conclusion = {"outcome": "unsubstantiated", "conclusion": "经查不属实"}
    await city.done("city-office", "POST", f"/v1/misconduct-cases/{opened['id']}/conclusion", json=conclusion)
    assert (opened["suspended_at"] is None, during == 201, await signs_in(city, "hequ-hrss")) == (False, False, 201)


async def test_access_does_not_come_back_where_misconduct_was_found_r100(city):
    opened = (await open_inquiry(city, "hequ-iit")).json()
    conclusion = {"outcome": "substantiated", "conclusion": "移交处理"}
    await city.done("city-office", "POST", f"/v1/misconduct-cases/{opened['id']}/conclusion", json=conclusion)
    assert await signs_in(city, "hequ-iit") != 201


class NobodyThere(httpx.AsyncBaseTransport):
    """A line on which auth does not answer."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)


async def test_access_that_could_not_be_given_back_is_given_back_on_the_next_try_r100(city, context, monkeypatch):
    opened = (await open_inquiry(city, "pianguan-hrss")).json()
    path = f"/v1/misconduct-cases/{opened['id']}/conclusion"
    conclusion = {"outcome": "unsubstantiated", "conclusion": "经查不属实"}
    with monkeypatch.context() as broken:
        broken.setattr(context.auth, "_http", ServiceClient(NobodyThere(), "http://xianjin"))
        lost = await city.send("city-office", "POST", path, json=conclusion)
        other = await city.send("city-office", "POST", path, json=conclusion | {"outcome": "substantiated"})
    during = await signs_in(city, "pianguan-hrss")
    again = await city.send("city-office", "POST", path, json=conclusion)
    third = await city.send("city-office", "POST", path, json=conclusion)
    assert (lost.status_code, other.json()["detail"], during == 201) == (503, "这件违纪违法登记已办结", False)
    assert (again.status_code, again.json()["reinstated_at"] is not None) == (201, True)
    assert (third.status_code, third.json()["code"]) == (409, "misconduct_case_concluded")
    assert await signs_in(city, "pianguan-hrss") == 201


class Meanwhile(httpx.AsyncBaseTransport):
    """A line on which somebody else is faster: what they do is done before the first suspension is."""

    def __init__(self, real: ServiceClient, deed: Callable[[], Awaitable[object]]) -> None:
        self.real = real
        self.waiting = [deed]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT" and self.waiting:
            await self.waiting.pop()()
        return await self.real._transport.handle_async_request(request)


async def test_who_is_cleared_while_they_are_being_suspended_keeps_their_access_r100(city, context, monkeypatch):
    opened = (await open_inquiry(city, "fanshi-iit")).json()
    path = f"/v1/misconduct-cases/{opened['id']}"
    conclusion = {"outcome": "unsubstantiated", "conclusion": "经查不属实"}
    line = Meanwhile(
        context.auth._http, lambda: city.done("city-office", "POST", f"{path}/conclusion", json=conclusion)
    )
    with monkeypatch.context() as crossed:
        crossed.setattr(context.auth, "_http", ServiceClient(line, "http://xianjin"))
        await city.done("city-office", "PUT", f"{path}/suspension")
    assert (line.waiting, await signs_in(city, "fanshi-iit")) == ([], 201)


async def test_access_does_not_come_back_while_another_inquiry_stands_r100(city):
    first = (await open_inquiry(city, "pianguan-iit")).json()
    second = (await open_inquiry(Office(city.client, "tests-rank"), "pianguan-iit", person=first["person_id"])).json()
    conclusion = {"outcome": "unsubstantiated", "conclusion": "经查不属实"}
    paths = [f"/v1/misconduct-cases/{each['id']}/conclusion" for each in (first, second)]
    kept = (await city.done("city-office", "POST", paths[0], json=conclusion)).json()
    during = await signs_in(city, "pianguan-iit")
    await city.done("city-office", "POST", paths[1], json=conclusion)
    assert (kept["reinstated_at"], during == 201, await signs_in(city, "pianguan-iit")) == (None, False, 201)


async def test_one_inquiry_about_a_person_at_a_time_r100(city):
    first = (await open_inquiry(city, "baode-iit")).json()
    body = {"campaign_key": city.campaign, "person_id": first["person_id"]} | FINDING
    again = await city.send("city-office", "POST", "/v1/misconduct-cases", json=body)
    assert again.json()["code"] == "misconduct_case_open"


async def test_only_the_city_office_records_misconduct_r100(city):
    answer = await city.send("wutai-office", "GET", f"/v1/misconduct-cases?campaign_key={city.campaign}")
    assert answer.status_code == 403


async def test_nobody_opens_an_inquiry_about_themselves_r100(city):
    problem = (await open_inquiry(city, "city-office")).json()
    assert [error["code"] for error in problem["errors"]] == ["own_case"]


async def test_more_reviewers_at_once_than_the_service_has_connections_are_all_answered(city):
    """Each request lives on one connection: one that held it and waited for a second would wait for its neighbours."""
    await city.token("wutai-hrss")
    path = f"/v1/work-items?campaign_key={city.campaign}"
    answers = await asyncio.gather(*(city.send("wutai-hrss", "GET", path) for _ in range(60)))
    assert {answer.status_code for answer in answers} == {200}
