"""A city list goes on, whole and in order, when cases leave it; all lists together name no more than asked (R18, R61–R65)."""

import pytest

from tests.factories import Office
from tests.nominations.reporting.test_awards import disqualify
from tests.nominations.reporting.test_city_lists import AFTER, CITY_PUBLIC, act, codes, draw_up, rank, status_of

REASON = {"reason": "另行研究"}


@pytest.fixture(scope="module")
async def city(client) -> Office:
    return Office(client, "tests-list-losses")


@pytest.fixture(scope="module")
async def cases(city) -> list[str]:
    return [await city.endorsed_by_city() for _ in range(7)]


async def published(office: Office, list_id: str):
    await office.set_clock(CITY_PUBLIC)
    shown = await act(office, list_id, "publicity-notices")
    await office.set_clock(AFTER)
    return shown


async def ranks(office: Office, list_id: str) -> dict[str, int | None]:
    body = (await office.done("city-office", "GET", f"/v1/city-lists/{list_id}")).json()
    return {item["nomination_id"]: item["rank"] for items in body["selection"].values() for item in items}


async def test_a_list_that_names_nobody_is_not_drawn_up_r61(city):
    answer = await draw_up(city)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]], codes(answer)) == (
        422,
        ["/selection"],
        ["nobody_chosen"],
    )


async def test_a_list_that_everybody_has_left_is_not_reported_but_drawn_up_anew_r61_r65(city, cases):
    await city.set_clock(CITY_PUBLIC)
    first, second = cases[:2]
    list_id = (await draw_up(city, first)).json()["id"]
    await act(city, list_id, "removals", {"nomination_id": first} | REASON)
    empty = [await act(city, list_id, noun) for noun in ("publicity-notices", "submissions")]
    anew = await draw_up(city, first, second)
    assert [(answer.status_code, codes(answer)) for answer in empty] == [(409, ["list_is_empty"])] * 2
    assert (anew.status_code, await ranks(city, anew.json()["id"])) == (201, {first: None, second: None})
    assert [await status_of(city, case) for case in (first, second)] == ["listed", "listed"]
    for case in (first, second):
        await act(city, list_id, "removals", {"nomination_id": case} | REASON)


async def test_who_is_disqualified_leaves_the_list_and_the_others_go_on_in_their_order_r64_r98(city, cases):
    await city.set_clock(CITY_PUBLIC)
    first, fraud, third, doubted, last = cases[:5]
    listed = (first, fraud, third, doubted)
    list_id = (await draw_up(city, *listed)).json()["id"]
    shown = await published(city, list_id)
    await rank(city, list_id, *listed, etag=shown.headers["etag"])
    decided = await disqualify(city, fraud, first="city-office", second="city-hrss")
    after_the_decision = await ranks(city, list_id)
    await act(city, list_id, "removals", {"nomination_id": first} | REASON)
    reported = await act(city, list_id, "submissions")
    assert (decided.json()["status"], after_the_decision) == ("disqualified", {first: 1, third: 2, doubted: 3})
    assert (reported.status_code, await ranks(city, list_id)) == (201, {third: 1, doubted: 2})
    await the_next_list_names_only_what_is_left_of_the_provinces_number(city, [first, last, cases[5]])


async def the_next_list_names_only_what_is_left_of_the_provinces_number(city: Office, others: list[str]) -> None:
    """R18: four collectives of the city, on however many lists."""
    await city.set_clock(CITY_PUBLIC)
    too_many = await draw_up(city, *others)
    enough = await draw_up(city, *others[:2])
    assert (too_many.status_code, codes(too_many), enough.status_code) == (422, ["above_final_quota"], 201)
