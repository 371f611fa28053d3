"""Who sees which organisations; and what the campaign's data seeds."""

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from services.auth.organisations.seed_patterns import bodies_of, demo_units_of
from services.auth.organisations.seeding import seed_demo_people, seed_organisations
from services.auth.tables import OrganisationRow, PersonRow
from services.common.db import Database
from tests.auth.conftest import BODIES, PEOPLE
from tests.auth.steps import PASSWORD, bearer_of, refusal


async def everything(client: httpx.AsyncClient, username: str, page_size: int = 100) -> list[dict[str, Any]]:
    headers, found, token = await bearer_of(client, username), [], None
    while token or not found:
        query = {"page_size": page_size} | ({"page_token": token} if token else {})
        page = (await client.get("/v1/auth/organisations", params=query, headers=headers)).json()
        found += page["items"]
        token = page["next_page_token"]
        if not token:
            break
    return found


async def seeded(client: httpx.AsyncClient, username: str) -> list[dict[str, Any]]:
    """Without the bodies that other tests made."""
    named = {body.name for body in (*bodies_of(BODIES), *demo_units_of(PEOPLE))}
    return [row for row in await everything(client, username) if row["name"] in named]


WUTAI_AUTHORITIES = {
    f"五台县{name}部门" for name in ("公安", "组织人事", "纪检监察", "应急管理", "市场监管", "税务", "生态环境")
}
"""Of the notice's own words, 五（三）."""


@pytest.mark.parametrize("username", ["wutai-hrss", "wutai-iit", "wutai-office"])
async def test_a_county_sees_its_own_bodies_and_no_other(client: httpx.AsyncClient, username: str) -> None:
    names = {row["name"] for row in await seeded(client, username)}
    assert names == {
        "五台县先进集体和先进个人评选推荐办公室",
        "五台县人力资源和社会保障局",
        "五台县工业和信息化局",
        "五台县示例铸造有限公司",
        *WUTAI_AUTHORITIES,
    }


@pytest.mark.parametrize("username", ["city-hrss", "city-office", "admin"])
async def test_the_city_sees_all_bodies_of_the_16_quota_units(client: httpx.AsyncClient, username: str) -> None:
    # R15
    rows = await seeded(client, username)
    assert len(rows) == 1 + 4 + 14 * 10 + 3 + 16
    assert len({row["jurisdiction"] for row in rows}) == 16 + 2


async def test_small_pages_show_the_same_rows_as_one_large_page(client: httpx.AsyncClient) -> None:
    assert await everything(client, "city-office", page_size=7) == await everything(client, "city-office")


@pytest.mark.parametrize("username", ["wutai-clerk", "wutai-head"])
async def test_units_do_not_list_organisations(client: httpx.AsyncClient, username: str) -> None:
    response = await client.get("/v1/auth/organisations", headers=await bearer_of(client, username))
    assert refusal(response) == (403, "forbidden")


@pytest.mark.parametrize("token", ["WyJhIl0", "WzEsMl0", "WyJhIiwiYiJd", "!", "WyJhIiwiYiIsImMiXQ"])
async def test_a_broken_page_token_is_named(client: httpx.AsyncClient, token: str) -> None:
    headers = await bearer_of(client, "city-office")
    response = await client.get("/v1/auth/organisations", params={"page_token": token}, headers=headers)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "invalid_page_token")


async def test_a_countys_bodies_stand_under_its_award_office(client: httpx.AsyncClient) -> None:
    # R40
    rows = {row["name"]: row for row in await seeded(client, "wutai-office")}
    office = rows["五台县先进集体和先进个人评选推荐办公室"]["id"]
    below = {name for name, row in rows.items() if row["parent_id"] == office}
    assert below == {
        "五台县人力资源和社会保障局",
        "五台县工业和信息化局",
        "五台县示例铸造有限公司",
        *WUTAI_AUTHORITIES,
    }


async def test_the_citys_group_stands_under_the_province(client: httpx.AsyncClient) -> None:
    rows = {row["kind"]: row for row in await everything(client, "city-office")}
    assert rows["city_working_group"]["parent_id"] == rows["province"]["id"]


async def test_seeding_twice_adds_nothing(database: Database) -> None:
    async def count() -> list[int | None]:
        async with database.reading() as session:
            return [
                await session.scalar(select(func.count()).select_from(table)) for table in (OrganisationRow, PersonRow)
            ]

    before = await count()
    await seed_organisations(database, BODIES)
    await seed_demo_people(database, PEOPLE, PASSWORD)
    assert await count() == before
