"""An upgrade stops for no collective that stands twice by now: it is named by ids, and the first one keeps the place."""

import asyncio
import json
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.common.migrations import upgrade
from services.embedded.stack import EmbeddedStack
from tests.factories import credit_code_of
from tests.nominations.when_it_breaks.test_backup import empty_place, xianjin

BEFORE_BOTH_RULES = "0032"
CODE, OTHER_CODE = credit_code_of("stands twice"), credit_code_of("stands once")
INSERT = """
INSERT INTO nominations.nominations (
    id, campaign_key, campaign_version, category, quota_unit, unit_id, unit_name, created_by, stage, status, revision, form,
    name, collective_key, credit_code, for_enterprise, percent_nominee, percent_unit, missing_answers, explanations,
    created_at, saved_at, submitted_at
) VALUES (
    $1, 'somewhere', 1, 'advanced_collective', '140922', $1, '示例', $1, 'unit', $2, 1, $3,
    $4, $4, $5::text, $5::text IS NOT NULL, 100, 100, 0, '[]', now(), now(), now() + make_interval(secs => $6)
)
"""
_at = iter(range(1_000))


@pytest.fixture(scope="module")
async def old(stack: EmbeddedStack, prepared: None) -> dict[str, str]:
    """A database of the release before both rules."""
    place = await empty_place(stack, "twice")
    await asyncio.to_thread(upgrade, service="nominations", url=owner_of(place), to=BEFORE_BOTH_RULES)
    return place


def owner_of(place: dict[str, str]) -> str:
    return place["NOMINATIONS_MIGRATION_DATABASE_URL"]


async def run(place: dict[str, str], query: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(owner_of(place).replace("+asyncpg", ""), ssl=False)
    try:
        return await connection.fetch(query, *values)
    finally:
        await connection.close()


async def case(
    place: dict[str, str], name: str, *, code: str | None = None, status: str = "deliberation", **form
) -> UUID:
    """In the order of their submission."""
    own = uuid4()
    await run(place, INSERT, own, status, json.dumps(form), name, code, float(next(_at)))
    return own


async def keys(place: dict[str, str], case: UUID) -> tuple[str | None, str | None]:
    query = "SELECT collective_key, entity_code FROM nominations.nominations WHERE id = $1"
    ((name, code),) = await run(place, query, case)
    return name, code


async def twice(place: dict[str, str]) -> tuple[int, list[tuple[str, ...]], str]:
    done = await asyncio.to_thread(xianjin, "nominations", "twice", **place)
    told = [line.split() for line in done.stdout.splitlines()]
    return done.returncode, [(words[0], words[1], words[2], words[6]) for words in told], done.stdout


async def test_who_stands_twice_is_named_and_stands_until_one_is_withdrawn(old):
    round_brackets = await case(old, "示例(忻州)公司")
    other_brackets = await case(old, "示例〔忻州〕公司")
    firm = await case(old, "示例有限公司", code=CODE, is_inner_office=False)
    same_firm = await case(old, "示例股份有限公司", code=CODE)
    workshop = await case(old, "示例有限公司铸造车间", code=CODE, is_inner_office=True)
    draft = await case(old, "示例【集团】公司", code=CODE, status="draft")
    once = await case(old, "示例[另一]公司", code=OTHER_CODE)

    await asyncio.to_thread(upgrade, service="nominations", url=owner_of(old))
    assert {each: await keys(old, each) for each in (round_brackets, other_brackets, firm, same_firm)} == {
        round_brackets: ("示例(忻州)公司", None),
        other_brackets: (None, None),
        firm: ("示例有限公司", CODE),
        same_firm: ("示例股份有限公司", None),
    }
    assert [await keys(old, each) for each in (workshop, draft, once)] == [
        ("示例有限公司铸造车间", None),
        ("示例(集团)公司", CODE),
        ("示例(另一)公司", OTHER_CODE),
    ]
    code, told, printed = await twice(old)
    assert (code, told, "示例" in printed) == (
        1,
        [
            ("somewhere", "140922", str(other_brackets), str(round_brackets)),
            ("somewhere", "140922", str(same_firm), str(firm)),
        ],
        False,
    )

    gone = "UPDATE nominations.nominations SET status = 'withdrawn' WHERE id = ANY($1)"
    await run(old, gone, [round_brackets, same_firm])
    assert (await twice(old))[:2] == (0, [])
    assert [await keys(old, each) for each in (other_brackets, firm, workshop)] == [
        ("示例(忻州)公司", None),
        ("示例有限公司", CODE),
        ("示例有限公司铸造车间", None),
    ]
