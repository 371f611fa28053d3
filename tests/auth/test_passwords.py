"""Passwords: what is refused, how they change, and when they must."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.password_policy import CommonPasswords, Fault, faults
from services.auth.domain.roles import Role
from services.auth.domain.steps import Security, Step, steps_due
from services.auth.sessions.common_passwords import common_passwords
from services.common.db import Database
from tests.auth.people import CITY, new_person
from tests.auth.steps import PASSWORD, bearer, bearer_of, refusal, sign_in

NEW = "Keel-Marrow-41-tundra"


async def change(client: httpx.AsyncClient, token: str, new: str, current: str = PASSWORD) -> httpx.Response:
    body = {"current_password": current, "new_password": new}
    return await client.put("/v1/auth/me/password", json=body, headers=bearer(token))


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        (NEW, []),
        ("一二三四五六七八九十Aa1", []),
        ("correct horse battery staple", []),
        ("Ab1!xyz", [Fault.TOO_SHORT]),
        ("x1X" * 50, [Fault.TOO_LONG, Fault.TOO_SIMPLE]),
        ("keelmarrowtun", [Fault.TOO_SIMPLE]),
        ("Aa1Aa1Aa1Aa1", [Fault.TOO_SIMPLE]),
        ("P@ssw0rd2025", [Fault.COMMON]),
        ("Xinzhou@2025!", [Fault.COMMON]),
        ("ＰａｓｓＷｏｒｄ2025!", [Fault.COMMON]),
        ("Qwertyuiop-12", [Fault.COMMON]),
        ("Liverpool2020!", [Fault.COMMON]),
        ("1029384756", [Fault.TOO_SIMPLE, Fault.COMMON]),
        ("Q1w2e3r4t5y6", [Fault.COMMON]),
        ("2025-02-07-08", [Fault.TOO_SIMPLE, Fault.COMMON]),
        ("Wutai-Clerk-41x", [Fault.HOLDS_NAME]),
        ("示例办事员Keel-4", [Fault.HOLDS_NAME]),
    ],
)
def test_the_policy_names_every_fault(password: str, expected: list[Fault]) -> None:
    assert faults(password, names=["wutai-clerk", "示例办事员"], common=common_passwords()) == expected


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Keel-Mar4z", []),
        ("Keel-Ma4z", [Fault.TOO_SHORT]),
        ((NEW * 7)[:128], []),
        ((NEW * 7)[:129], [Fault.TOO_LONG]),
        ("keelmarrowtundrawind", []),
        ("keelmarrowtundrawin", [Fault.TOO_SIMPLE]),
        ("Ab1!cAb1!cAb1!c", []),
        ("Ab1!Ab1!Ab1!Ab1!", [Fault.TOO_SIMPLE]),
        ("keelmarrow-41", []),
        ("工信局keelmarrow41", []),
        ("keelmarrow41x", [Fault.TOO_SIMPLE]),
    ],
)
def test_length_and_kinds_are_enough_at_their_limits(password: str, expected: list[Fault]) -> None:
    assert faults(password, names=[], common=common_passwords()) == expected


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Cdefghijklm-7Q", [Fault.COMMON]),
        ("Mlkjihgfedc-7Q", [Fault.COMMON]),
        ("3456789-KqX", [Fault.COMMON]),
        ("Wertyui-7K", [Fault.COMMON]),
        ("Sdfghjkl-7Q", [Fault.COMMON]),
        ("Zxcvbnm-7Q", [Fault.COMMON]),
        ("Qaz2wsx3edc-7K", [Fault.COMMON]),
        ("7Q-mrtcdefghij", [Fault.COMMON]),
        ("7Q-mrtzcdefghi", []),
        ("cdefgh-K7ravx", []),
        ("fghijk", [Fault.TOO_SHORT, Fault.TOO_SIMPLE, Fault.COMMON]),
        ("fghij", [Fault.TOO_SHORT, Fault.TOO_SIMPLE]),
    ],
)
def test_a_password_is_not_mostly_a_run_of_neighbours(password: str, expected: list[Fault]) -> None:
    """A run of more than five, and of more than half the password, either way."""
    assert faults(password, names=[], common=CommonPasswords(frozenset(), frozenset())) == expected


@pytest.mark.parametrize("password", ["$unflower-229", "Web5portal-29!", "h4rvest-m00n"])
def test_a_common_word_is_known_in_its_disguise_and_with_signs_around_it(password: str) -> None:
    common = CommonPasswords(whole=frozenset({"harvest-moon"}), words=frozenset({"sunflower", "web5portal"}))
    assert faults(password, names=[], common=common) == [Fault.COMMON]


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("王小明Keel-Marrow-41", [Fault.HOLDS_NAME]),
        ("keel-ZHANGXIAO-41", [Fault.HOLDS_NAME]),
        ("李白Keel-Marrow-41", []),
    ],
)
def test_a_name_of_three_characters_or_more_is_in_no_password(password: str, expected: list[Fault]) -> None:
    assert faults(password, names=["王小明", "ZhangXiao", "李白"], common=common_passwords()) == expected


def test_thirty_thousand_leaked_passwords_are_known_without_a_network() -> None:
    common = common_passwords()
    assert (len(common.whole) >= 30_000, len(common.words) >= 18_000) == (True, True)


@given(st.text(max_size=200))
def test_the_policy_judges_any_text(password: str) -> None:
    assert set(faults(password, names=["someone"], common=common_passwords())) <= set(Fault)


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        (Security(None, must_change_password=False, second_factor_enrolled=False, second_factor_required=False), set()),
        (
            Security(
                datetime(2025, 1, 1, tzinfo=UTC),
                must_change_password=False,
                second_factor_enrolled=True,
                second_factor_required=True,
            ),
            {Step.CHANGE_PASSWORD},
        ),
        (
            Security(
                datetime(2025, 12, 1, tzinfo=UTC),
                must_change_password=True,
                second_factor_enrolled=False,
                second_factor_required=True,
            ),
            {Step.CHANGE_PASSWORD, Step.ENROL_SECOND_FACTOR},
        ),
    ],
)
def test_steps_fall_due(security: Security, expected: set[Step]) -> None:
    now = datetime(2025, 12, 31, tzinfo=UTC)
    assert steps_due(security, password_lifetime=timedelta(days=180), now=now) == expected


@pytest.mark.parametrize(
    ("days", "lifetime", "expected"),
    [
        (179, timedelta(days=180), set()),
        (180, timedelta(days=180), {Step.CHANGE_PASSWORD}),
        (10_000, None, set()),
    ],
)
def test_a_password_is_changed_once_it_has_lived_its_time(
    days: int, lifetime: timedelta | None, expected: set[Step]
) -> None:
    now = datetime(2025, 12, 31, tzinfo=UTC)
    security = Security(
        now - timedelta(days=days),
        must_change_password=False,
        second_factor_enrolled=False,
        second_factor_required=False,
    )
    assert steps_due(security, password_lifetime=lifetime, now=now) == expected


async def test_a_changed_password_works_and_the_old_one_does_not(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    here, elsewhere = await sign_in(client, username), await sign_in(client, username)
    answer = await change(client, here["access_token"], NEW)
    assert (answer.status_code, answer.json()["sessions_ended"]) == (200, 1)
    statuses = [
        (await client.post("/v1/auth/sessions", json={"username": username, "password": password})).status_code
        for password in (PASSWORD, NEW)
    ]
    refreshed = [
        await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": each["refresh_token"]})
        for each in (here, elsewhere)
    ]
    assert (statuses, [each.status_code for each in refreshed]) == ([401, 201], [201, 401])


async def test_a_weak_password_is_refused_with_every_fault_at_its_field(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, username = await new_person(database)
    token = (await sign_in(client, username))["access_token"]
    answer = await change(client, token, "abc123")
    assert refusal(answer) == (422, "password_refused")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/new_password", "password_too_short"),
        ("/new_password", "password_too_simple"),
        ("/new_password", "password_common"),
    ]


async def test_the_same_password_again_is_no_change(client: httpx.AsyncClient, database: Database) -> None:
    _, username = await new_person(database)
    token = (await sign_in(client, username))["access_token"]
    codes = [error["code"] for error in (await change(client, token, PASSWORD)).json()["errors"]]
    assert codes[-1] == "password_unchanged"


async def test_guessing_the_current_password_with_a_stolen_token_is_slowed_down(
    client: httpx.AsyncClient, database: Database
) -> None:
    _, username = await new_person(database)
    token = (await sign_in(client, username))["access_token"]
    codes = [refusal(await change(client, token, NEW, current="wrong"))[1] for _ in range(6)]
    assert codes == ["password_wrong"] * 5 + ["sign_in_delayed"]


async def test_a_password_that_is_due_stops_everything_but_its_change(
    client: httpx.AsyncClient, database: Database, auth_app: FastAPI
) -> None:
    _, username = await new_person(database, changed_days_ago=181)
    signed_in = await sign_in(client, username)
    headers = bearer(signed_in["access_token"])
    refused = await client.post("/v1/auth/invitations", json={"full_name": "示例"}, headers=headers)
    assert (signed_in["required_steps"], refusal(refused)) == (["change_password"], (403, "step_required"))
    assert refused.json()["required_steps"] == ["change_password"]
    await change(client, signed_in["access_token"], NEW)
    refreshed = await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": signed_in["refresh_token"]})
    caller = await auth_app.state.tokens.verify(refreshed.json()["access_token"])
    assert (refreshed.json()["required_steps"], caller.must) == ([], frozenset())


async def test_a_reset_password_must_be_changed_and_ends_the_sessions(
    client: httpx.AsyncClient, database: Database
) -> None:
    person_id, username = await new_person(database)
    before = await sign_in(client, username)
    headers = await bearer_of(client, "admin")
    reset = await client.post(f"/v1/auth/persons/{person_id}/password-resets", headers=headers)
    body = {"username": username, "password": reset.json()["temporary_password"]}
    after = await client.post("/v1/auth/sessions", json=body)
    refreshed = await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": before["refresh_token"]})
    assert (after.json()["required_steps"], refreshed.status_code) == (["change_password"], 401)


async def test_a_suspended_person_is_out_everywhere_and_comes_back_when_reinstated(
    client: httpx.AsyncClient, database: Database
) -> None:
    person_id, username = await new_person(database)
    session = await sign_in(client, username)
    headers, address = await bearer_of(client, "admin"), f"/v1/auth/persons/{person_id}/suspension"
    suspended = await client.put(address, json={"reason": "示例：调离岗位"}, headers=headers)
    assert suspended.json() == {"suspended": True, "sessions_ended": 1}
    body = {"username": username, "password": PASSWORD}
    refused = await client.post("/v1/auth/sessions", json=body)
    refreshed = await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": session["refresh_token"]})
    assert (refusal(refused), refreshed.status_code) == ((403, "person_suspended"), 401)
    await client.delete(address, headers=headers)
    assert (await sign_in(client, username))["person"]["id"] == str(person_id)


async def test_only_the_system_administrator_suspends_and_not_themselves(
    client: httpx.AsyncClient, database: Database
) -> None:
    person_id, _ = await new_person(database)
    address, body = f"/v1/auth/persons/{person_id}/suspension", {"reason": "示例原因"}
    clerk = await client.put(address, json=body, headers=await bearer_of(client, "wutai-clerk"))
    admin = await sign_in(client, "admin")
    own = await client.put(
        f"/v1/auth/persons/{admin['person']['id']}/suspension", json=body, headers=bearer(admin["access_token"])
    )
    assert (refusal(clerk), refusal(own)) == ((403, "forbidden"), (409, "own_suspension"))


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
async def test_whoever_keeps_the_system_cannot_get_to_sign_in_as_whoever_watches_over_it(
    client: httpx.AsyncClient, database: Database, role: Role
) -> None:
    """三员分立: a reset password or a removed second factor would be a way in."""
    person_id, username = await new_person(database, (role, CITY))
    headers, person = await bearer_of(client, "admin"), f"/v1/auth/persons/{person_id}"
    reset = await client.post(f"{person}/password-resets", headers=headers)
    freed = await client.delete(f"{person}/second-factor", headers=headers)
    signed_in = await client.post("/v1/auth/sessions", json={"username": username, "password": PASSWORD})
    assert [(answer.status_code, answer.json()["code"]) for answer in (reset, freed)] == [
        (403, "administrator_out_of_reach")
    ] * 2
    assert signed_in.status_code == 201
