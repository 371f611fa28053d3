"""Random legal and illegal commands over HTTP never break what must always hold, as PostgreSQL holds it afterwards.

The rules alone are walked by tests/domain/test_procedure_invariants.py; here it is ledger, chain, lists and locks as they are.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from services.evidence.chain import first_broken
from services.nominations.cases.case_history import history, readable
from services.nominations.city_tables import CityListItem
from services.nominations.domain.quotas import Movement, replay, seat_use
from services.nominations.domain.workflow import Status
from services.nominations.procedure_tables import CountyReportItem
from services.nominations.tables import Nomination, NominationTally, QuotaAccount, QuotaEntry
from tests.factories import CONTACT_FORM, ENDORSE, OPENED, SELF_REVIEW, Office

T = TypeVar("T")
CATEGORY, COUNTY = "advanced_collective", "140922"
PATH = ("unit", "county", "city")
CAMPAIGNS = [f"tests-random-{number}" for number in range(3)]
FORWARD = frozenset(
    {
        "unit_signed",
        "review_endorsed",
        "nomination_reported",
        "nomination_listed",
        "city_publicity_opened",
        "nomination_ranked",
        "reported_to_province",
    }
)
DAYS = ("2025-02-07", "2025-02-14", "2025-02-17", "2025-02-25", "2025-03-04")
"""The clock goes from one of these days to the next: periods of publicity end in between."""
_turn = itertools.count()
Command = Callable[["City", str], Awaitable[httpx.Response]]


class City:
    """A county with two seats, and everybody's commands about one case: as the procedure means them, or out of place."""

    def __init__(self, office: Office, context: Any) -> None:
        self.office, self.context = office, context
        self.city_list = ""

    async def post(self, who: str, case: str, noun: str, body: Any = None) -> httpx.Response:
        return await self.office.send(who, "POST", f"/v1/nominations/{case}/{noun}", json=body)

    async def submit(self, case: str) -> httpx.Response:
        return await self.post("wutai-clerk", case, "submissions")

    async def withdraw(self, case: str) -> httpx.Response:
        return await self.post("wutai-clerk", case, "withdrawal", {"reason": "不再推荐"})

    async def deliberate(self, case: str) -> httpx.Response:
        held = {"held_on": "2025-02-07"}
        votes = held | {"form": "ballot", "present": 9, "in_favour": 8}
        await self.post("wutai-clerk", case, "staff-deliberations", votes)
        await self.post("wutai-clerk", case, "inspections", held | {"inspectors": ["示例甲"], "result": "符合条件"})
        await self.post("wutai-clerk", case, "self-reviews", SELF_REVIEW)
        decision = held | {"attendance": ["示例甲"], "decision": "同意推荐"}
        return await self.post("wutai-clerk", case, "leadership-decisions", decision)

    async def show(self, case: str) -> httpx.Response:
        return await self.post("wutai-clerk", case, "publicity-notices")

    async def sign(self, case: str) -> httpx.Response:
        me = (await self.office.done("wutai-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
        return await self.post("wutai-head", case, "unit-signatures", {"signer_name": me})

    async def endorse(self, case: str) -> httpx.Response:
        for who in ("wutai-hrss", "wutai-iit", "city-hrss"):
            await self.post(who, case, "reviews", ENDORSE)
        return await self.post("city-iit", case, "reviews", ENDORSE)

    async def send_back(self, case: str) -> httpx.Response:
        await self.post("wutai-iit", case, "reviews", {"decision": "return", "reason": "请补充"})
        return await self.post("city-iit", case, "reviews", {"decision": "return", "reason": "请补充"})

    async def reject(self, case: str) -> httpx.Response:
        return await self.post("wutai-hrss", case, "reviews", {"decision": "reject", "reason": "不符合条件"})

    async def report(self, case: str) -> httpx.Response:
        sections = dict.fromkeys(("organisation", "process", "consultation", "publicity", "recommendation"), "示例")
        body = {"campaign_key": self.office.campaign, "sections": sections, "ranking": {CATEGORY: [case]}}
        read = await self.office.send("wutai-office", "GET", f"/v1/nominations/{case}")
        for need in read.json().get("required_opinions", []):
            opinion = {"result": "favourable", "text": "同意", "signer_name": "示例", "signed_on": "2025-02-14"}
            path = f"/v1/nominations/{case}/opinions/{need['authority']}"
            await self.office.send("wutai-office", "PUT", path, json=opinion)
        drawn = await self.office.send("wutai-office", "POST", "/v1/county-reports", json=body)
        if not drawn.is_success:
            return drawn
        path = f"/v1/county-reports/{drawn.json()['id']}"
        handed_in = await self.office.send("wutai-office", "POST", f"{path}/submissions")
        if not handed_in.is_success:
            await self.office.send("wutai-office", "DELETE", path)
        return handed_in

    async def put_on_list(self, case: str) -> httpx.Response:
        body = {"campaign_key": self.office.campaign, "selection": {CATEGORY: [case]}, "no_choice_reason": "仅此一家"}
        drawn = await self.office.send("city-office", "POST", "/v1/city-lists", json=body)
        if drawn.is_success:
            self.city_list = drawn.json()["id"]
        if self.city_list:
            await self.office.second_list("city-hrss", self.city_list)
        return await self.of_list("publicity-notices")

    async def rank(self, case: str) -> httpx.Response:
        path = f"/v1/city-lists/{self.city_list or UUID(int=0)}"
        etag = (await self.office.send("city-office", "GET", path)).headers.get("etag", '"1"')
        ranking = {"ranking": {CATEGORY: [case]}}
        await self.office.send("city-office", "PUT", f"{path}/ranking", json=ranking, headers={"If-Match": etag})
        return await self.of_list("submissions")

    async def take_off(self, case: str) -> httpx.Response:
        return await self.of_list("removals", {"nomination_id": case, "reason": "另行研究"})

    async def of_list(self, noun: str, body: Any = None, *, who: str = "city-office") -> httpx.Response:
        path = f"/v1/city-lists/{self.city_list or UUID(int=0)}/{noun}"
        return await self.office.send(who, "POST", path, json=body)

    async def object_to(self, case: str) -> httpx.Response:
        read = (await self.office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()
        notice = (read["publicity"] or {}).get("id", UUID(int=0))
        return await self.office.client.post(
            f"/v1/publicity-notices/{notice}/objections", json={"content": "请核实其事迹"}
        )

    async def conclude(self, case: str) -> httpx.Response:
        params = {"campaign_key": self.office.campaign, "page_size": 100}
        listed = await self.office.done("wutai-office", "GET", "/v1/objections", params=params)
        for each in listed.json()["items"]:
            if each["nomination_id"] == case:
                body = {"outcome": "unsubstantiated", "finding": "经核查不属实"}
                await self.office.send("wutai-office", "POST", f"/v1/objections/{each['id']}/conclusions", json=body)
        return listed

    async def disqualify(self, case: str) -> httpx.Response:
        path = f"/v1/nominations/{case}/disqualification"
        body = {"ground": "fraud", "finding": "经查实，事迹系伪造。"}
        found = await self.office.send("wutai-office", "PUT", path, json=body)
        read = {"proposed_at": found.json().get("proposed_at", "2025-01-01T00:00:00Z")}
        return await self.office.send("wutai-hrss", "POST", f"{path}/seconding", json=read)


EVERYTHING: tuple[Command, ...] = (
    City.submit,
    City.withdraw,
    City.deliberate,
    City.show,
    City.sign,
    City.endorse,
    City.send_back,
    City.reject,
    City.report,
    City.put_on_list,
    City.rank,
    City.take_off,
    City.object_to,
    City.conclude,
    City.disqualify,
)
NEXT: dict[tuple[str, str], Command] = {
    ("unit", "draft"): City.submit,
    ("unit", "returned"): City.submit,
    ("unit", "deliberation"): City.deliberate,
    ("unit", "decided"): City.show,
    ("unit", "in_publicity"): City.sign,
    ("county", "under_review"): City.endorse,
    ("county", "endorsed"): City.report,
    ("city", "under_review"): City.endorse,
    ("city", "endorsed"): City.put_on_list,
    ("city", "in_city_publicity"): City.rank,
}


COMMANDS = st.sampled_from([*["next"] * 20, "time", "time", *EVERYTHING])
"""Mostly on the way, so that the commands that are out of place meet cases at every step."""


def machine(run: Callable[[Coroutine[Any, Any, Any]], Any], office: Office, context: Any, seen: set[str]) -> type:
    class RandomCommands(RuleBasedStateMachine):
        @initialize(steps=st.integers(6, 9))
        def a_county_with_three_drafts_for_two_seats_and_one_of_them_on_its_way(self, steps: int) -> None:
            self.day = 0
            self.city = City(Office(office.client, CAMPAIGNS[next(_turn) % len(CAMPAIGNS)]), context)
            self.city.office._sessions = office._sessions
            self.cases = run(drafts(self.city))
            for _ in range(steps):
                self.goes_on(self.cases[0])

        @rule(commands=st.lists(st.tuples(st.integers(0, 2), COMMANDS), min_size=6, max_size=10))
        def a_stretch(self, commands: list[tuple[int, Command | str]]) -> None:
            for case, command in commands:
                if command == "time":
                    self.time_passes()
                elif command == "next":
                    self.goes_on(self.cases[case])
                else:
                    assert not isinstance(command, str)
                    self.does(command, self.cases[case])
                self.everything_holds()

        @rule(case=st.integers(0, 2), first=st.sampled_from(EVERYTHING), second=st.sampled_from(EVERYTHING))
        def two_at_once(self, case: int, first: Command, second: Command) -> None:
            run(both(self.city, first, second, self.cases[case]))

        def time_passes(self) -> None:
            self.day = min(self.day + 1, len(DAYS) - 1)
            run(self.city.office.set_clock(f"{DAYS[self.day]}T09:00:00+08:00"))

        def goes_on(self, case: str) -> None:
            read = run(self.city.office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()
            command = NEXT.get((read["stage"], read["status"]))
            if read["status"] in {"in_publicity", "in_city_publicity"}:
                self.time_passes()
            if command is not None:
                self.does(command, case)

        def does(self, command: Command, case: str) -> None:
            answer = run(command(self.city, case))
            assert answer.status_code < 500, answer.text

        @invariant()
        def everything_holds(self) -> None:
            if hasattr(self, "cases"):
                seen.update(run(whole(context, self.city.office.campaign)))

    return RandomCommands


async def drafts(city: City) -> list[str]:
    office = city.office
    await office.set_clock(OPENED)
    path = f"/v1/campaigns/{office.campaign}/contact-form"
    await office.done("wutai-office", "PUT", path, json={"form": CONTACT_FORM})
    return [await office.collective() for _ in range(3)]


async def both(city: City, first: Command, second: Command, case: str) -> None:
    answers = await asyncio.gather(first(city, case), second(city, case))
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []


async def whole(context: Any, campaign: str) -> set[str]:
    """Reads the campaign's rows as they are and asserts what must always hold. Gives the events that have happened."""
    happened: set[str] = set()
    async with context.database.reading() as session:
        cases = (await session.scalars(select(Nomination).where(Nomination.campaign_key == campaign))).all()
        account = await session.get_one(QuotaAccount, (campaign, COUNTY, CATEGORY))
        entries = select(QuotaEntry.kind, QuotaEntry.seats).where(
            QuotaEntry.campaign_key == campaign, QuotaEntry.quota_unit == COUNTY, QuotaEntry.category == CATEGORY
        )
        lines = (await session.execute(entries.order_by(QuotaEntry.id))).all()
        tally = select(NominationTally.stage, NominationTally.status, NominationTally.cases).where(
            NominationTally.campaign_key == campaign, NominationTally.cases > 0
        )
        tallies: Counter[tuple[str, str]] = Counter()
        for row in await session.execute(tally):
            tallies[row.stage, row.status] += row.cases
        chains = {case.id: await history(session, case.id) for case in cases}
        reported = await session.scalars(select(CountyReportItem).where(CountyReportItem.returned_at.is_(None)))
        listed = await session.scalars(select(CityListItem).where(CityListItem.removed_at.is_(None)))
        ids = {case.id for case in cases}
        in_reports = [item.nomination_id for item in reported if item.nomination_id in ids]
        on_lists = [item.nomination_id for item in listed if item.nomination_id in ids]
    stands = Counter(seat_use(case.stage, Status(case.status), PATH).value for case in cases)
    ledger = replay(Movement(line.kind) for line in lines for _ in range(line.seats))
    kept = {name: getattr(account, name) for name in ("granted", "reserved", "consumed", "forfeited", "waived")}
    assert {name: getattr(ledger, name) for name in kept} == kept
    assert {name: stands[name] for name in ("reserved", "consumed", "forfeited")} == {
        name: kept[name] for name in ("reserved", "consumed", "forfeited")
    }
    assert ledger.available >= 0
    assert tallies == Counter((case.stage, case.status) for case in cases)
    assert (max(Counter(in_reports).values(), default=0), max(Counter(on_lists).values(), default=0)) <= (1, 1)
    for case in cases:
        assert first_broken(chains[case.id]) is None
        events = [readable(event) for event in chains[case.id]]
        assert events[-1]["to"] == {"stage": case.stage, "status": case.status}
        assert went_forward_under_objection(events) == []
        happened |= {event["event"] for event in events}
    return happened


def went_forward_under_objection(events: list[dict[str, Any]]) -> list[str]:
    """Steps forward that the history shows while an objection was open (R63, R96)."""
    opened, found = 0, []
    for event in events:
        opened += {"objection_received": 1, "objection_concluded": -1}.get(event["event"], 0)
        if opened and event["event"] in FORWARD:
            found.append(event["event"])
    return found


@pytest.mark.parametrize("event", sorted(FORWARD))
def test_the_check_of_objections_can_fail(event):
    history = [{"event": "objection_received"}, {"event": event}, {"event": "objection_concluded"}, {"event": event}]
    assert went_forward_under_objection(history) == [event]


async def test_random_commands_never_break_ledger_chain_or_order_r14_r63_r96(office, context):
    loop, seen = asyncio.get_running_loop(), set[str]()
    for who in ("wutai-clerk", "wutai-head", "wutai-hrss", "wutai-iit", "wutai-office"):
        await office.token(who)
    for who in ("city-office", "city-hrss", "city-iit"):
        await office.token(who)

    def run(coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(120)

    chosen = settings(
        max_examples=len(CAMPAIGNS),
        stateful_step_count=3,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        await asyncio.to_thread(run_state_machine_as_test, machine(run, office, context, seen), settings=chosen)
    finally:
        await office.set_clock(OPENED)
    assert {"nomination_submitted", "unit_signed", "review_endorsed", "nomination_reported"} <= seen
