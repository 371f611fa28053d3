"""Work beside the requests of a service ends with them, whatever it is doing."""

import asyncio

import pytest

from services.common.background import beside_the_requests


async def for_ever(told: list[str]) -> None:
    told.append("begun")
    try:
        await asyncio.Event().wait()
    finally:
        told.append("ended")


async def end_in_a_fault(told: list[str]) -> None:
    async with beside_the_requests(for_ever(told), name="test"):
        await asyncio.sleep(0)
        raise LookupError


async def test_it_runs_beside_and_has_ended_when_the_block_is_left():
    told: list[str] = []
    async with beside_the_requests(for_ever(told), name="test"):
        await asyncio.sleep(0)
        assert told == ["begun"]
    assert told == ["begun", "ended"]


async def test_it_ends_also_when_the_requests_end_in_a_fault():
    told: list[str] = []
    with pytest.raises(LookupError):
        await end_in_a_fault(told)
    assert told == ["begun", "ended"]


async def test_what_is_switched_off_runs_not_at_all():
    before = asyncio.all_tasks()
    async with beside_the_requests(None, name="test"):
        assert asyncio.all_tasks() == before
