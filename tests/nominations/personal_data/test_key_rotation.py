"""Keys change while people work: nobody is refused for it, and nobody gets a second open case by it."""

import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from uuid_utils import uuid7

from services.app import Dispatcher
from services.common.repeats.answer_seal import AnswerSeal, AnswerSealBrokenError
from services.common.repeats.idempotency import Answer, Claim, KeptAnswers
from services.nominations.context import Context
from services.nominations.personal_data.rewrapping import SEALED, Rewrapped, rewrap
from services.nominations.personal_data.sealing import IdentitySeal, SealBrokenError
from services.nominations.schemas.nomination import CharacterCount
from services.nominations.tables import IdempotencyKeyRow, Nomination
from tests.factories import OPENED, Office, complete_form, new_identity

REASON = {"reason": "核对身份证号"}


@dataclass(frozen=True)
class Keys:
    """The keys that the service began with, and those that it changes to."""

    field_then: str
    index_then: str
    field_now: str
    index_now: str


@pytest.fixture(scope="module")
def keys(prepared: None) -> Keys:
    new = [base64.b64encode(os.urandom(32)).decode() for _ in range(2)]
    return Keys(os.environ["NOMINATIONS_FIELD_ENCRYPTION_KEY"], os.environ["NOMINATIONS_BLIND_INDEX_KEY"], *new)


@pytest.fixture(scope="module")
async def office(client, dispatcher, context, keys) -> AsyncIterator[Office]:
    yield Office(client, "tests-key-rotation")
    await rewrap(context.database, context.campaigns, getting_ready(keys), context.answers)


def getting_ready(keys: Keys) -> IdentitySeal:
    """Writes with the keys that were before, and knows the new ones."""
    return IdentitySeal(encryption_keys=[keys.field_then, keys.field_now], index_keys=[keys.index_then, keys.index_now])


def changed_over(keys: Keys) -> IdentitySeal:
    return IdentitySeal(encryption_keys=[keys.field_now, keys.field_then], index_keys=[keys.index_now, keys.index_then])


def new_alone(keys: Keys) -> IdentitySeal:
    return IdentitySeal(encryption_keys=[keys.field_now], index_keys=[keys.index_now])


@asynccontextmanager
async def served_with(dispatcher: Dispatcher, context: Context, seal: IdentitySeal) -> AsyncIterator[None]:
    """Requests meanwhile are answered by a process with these keys."""
    state: Any = dispatcher.services["nominations"].state
    state.context = replace(context, seal=seal)
    try:
        yield
    finally:
        state.context = context


def person() -> dict[str, Any]:
    number, month = new_identity()
    return {"resident_id_number": number, "birth_month": month, "sex": "male"}


async def found_by_number(office: Office, number: str) -> set[str]:
    body = {"campaign_key": office.campaign, "resident_id_number": number}
    page = await office.done("wutai-clerk", "POST", "/v1/nominations/searches", json=body)
    return {item["id"] for item in page.json()["items"]}


async def number_of(office: Office, case: str) -> str:
    number: str = (await office.step("clerk", case, "identity-reveals", json=REASON))["resident_id_number"]
    return number


async def type_anew(office: Office, case: str, form: dict[str, Any]) -> dict[str, Any]:
    path = f"/v1/nominations/{case}"
    match = {"If-Match": (await office.done("wutai-clerk", "GET", path)).headers["ETag"]}
    saved: dict[str, Any] = (await office.done("wutai-clerk", "PUT", path, json={"form": form}, headers=match)).json()
    return saved


async def confirmed(office: Office, case: str) -> list[bool]:
    parts = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["parts"]
    return [part["confirmed"] for part in parts]


async def test_a_case_of_before_is_found_opened_and_confirmed_while_the_keys_change(office, dispatcher, context, keys):
    who = person()
    case = await office.submitted(complete_form(**who))
    for seal in (getting_ready(keys), changed_over(keys)):
        async with served_with(dispatcher, context, seal):
            assert await found_by_number(office, who["resident_id_number"]) == {case}
            assert await number_of(office, case) == who["resident_id_number"]
            assert await confirmed(office, case) == [True, True]


@pytest.mark.parametrize("first_writes", ["then", "now"])
async def test_nobody_gets_a_second_open_case_under_another_key(office, dispatcher, context, keys, first_writes):
    """While processes are replaced, some write with the old key and some with the new."""
    seals = [getting_ready(keys), changed_over(keys)]
    first, second = seals if first_writes == "then" else reversed(seals)
    who = person()
    async with served_with(dispatcher, context, first):
        case = await office.submitted(complete_form(**who))
    async with served_with(dispatcher, context, second):
        again = await office.ready(complete_form(**who))
        answer = await office.send("wutai-clerk", "POST", f"/v1/nominations/{again}/submissions")
        assert (answer.status_code, answer.json()["code"]) == (409, "already_nominated")
        assert await confirmed(office, case) == [True, True]


async def test_what_was_found_about_a_person_bars_them_under_the_new_key_too_r83(office, dispatcher, context, keys):
    who = person()
    case = await office.at_county(form=complete_form(**who))
    arrears = {"disqualifier": "social_insurance_arrears", "occurred_on": "2024-12-01", "finding": "示例"}
    await office.step("office", case, "disqualifications", json=arrears)
    await office.set_clock(OPENED)
    async with served_with(dispatcher, context, changed_over(keys)):
        again = (await office.draft(complete_form(**who))).json()
    submit = next(each for each in again["actions"] if each["action"] == "submit")
    assert "disqualified" in [blocker["code"] for blocker in submit["blockers"]]


async def test_the_same_number_typed_anew_leaves_what_was_confirmed(office, dispatcher, context, keys):
    form = complete_form()
    case = await office.ready(form)
    async with served_with(dispatcher, context, changed_over(keys)):
        saved = await type_anew(office, case, form)
    assert [part["confirmed"] for part in saved["parts"] if part["part"] == "nominee"] == [True]


def test_everything_that_is_sealed_is_rewrapped():
    sealed = {
        f"{table.name}.{column.name}"
        for table in Nomination.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    rewrapped = {f"{column.class_.__tablename__}.{column.key}" for column in SEALED}
    assert sealed - {"nominations.identity_sealed"} == rewrapped


async def test_after_rewrapping_the_new_keys_are_enough(office, dispatcher, context, keys):
    who = person()
    case = await office.submitted(complete_form(**who))
    first = await rewrap(context.database, context.campaigns, changed_over(keys), context.answers)
    second = await rewrap(context.database, context.campaigns, changed_over(keys), context.answers)
    async with served_with(dispatcher, context, new_alone(keys)):
        found = await found_by_number(office, who["resident_id_number"])
        seen = await number_of(office, case), await confirmed(office, case)
    await rewrap(context.database, context.campaigns, getting_ready(keys), context.answers)
    assert (first.cases >= 1, second) == (True, Rewrapped(0, 0))
    assert (found, seen) == ({case}, (who["resident_id_number"], [True, True]))


async def test_a_lost_key_leaves_cases_readable_and_a_number_typed_anew_heals_them(office, dispatcher, context, keys):
    """The drill: both keys are gone, nobody kept them."""
    others = [base64.b64encode(os.urandom(32)).decode() for _ in range(2)]
    form = complete_form()
    case = (await office.draft(form)).json()["id"]
    async with served_with(dispatcher, context, IdentitySeal(encryption_keys=others[:1], index_keys=others[1:])):
        await type_anew(office, case, form)
        healed = await number_of(office, case)
    with pytest.raises(SealBrokenError):
        await rewrap(context.database, context.campaigns, changed_over(keys), context.answers)
    await type_anew(office, case, form)
    assert healed == form["resident_id_number"]


async def test_answers_kept_for_repetition_move_to_the_new_key_and_are_told_as_before(office, context, keys):
    claim = Claim("somebody", "nothing", str(uuid7()), b"")

    async def counted(_session):
        return Answer(201, CharacterCount(count=1, code_points=1, limit=None))

    def under(*sealing: str) -> KeptAnswers:
        return KeptAnswers(context.database, IdempotencyKeyRow, AnswerSeal(sealing))

    await context.answers.once(claim, counted)
    with pytest.raises(AnswerSealBrokenError):
        await under(keys.field_now).given(claim)
    moved = [await under(keys.field_now, keys.field_then).reseal() for _ in range(2)]
    again = await under(keys.field_now).given(claim)
    await under(keys.field_then, keys.field_now).reseal()
    assert (moved[0] >= 1, moved[1], json.loads(bytes(again.body))["count"]) == (True, 0, 1)
