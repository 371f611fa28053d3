"""三员分立, the two bureaus, judge and judged: refused by the rule, by the services, and by the database itself."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy.exc import DBAPIError

from services.auth.domain.role_conflicts import HeldRole, RoleConflict, conflict_of
from services.auth.domain.roles import Bureau, Place, Role
from services.auth.keys.sealing import Vault
from services.auth.messages.phones import phone_mark
from services.auth.organisations.appointing import appoint
from services.auth.organisations.body_problems import RolesConflict
from services.auth.organisations.excluding_roles import take_turns
from services.auth.settings import AuthSettings
from services.common.db import Database
from tests.auth.people import CITY, HRSS, IIT, UNIT, new_person
from tests.auth.steps import fresh, invite, refusal, sign_in
from tests.auth.test_inviting import body_id

NOW = datetime(2025, 2, 7, tzinfo=UTC)
REVIEWER = HeldRole(Role.COUNTY_REVIEWER, Bureau.HRSS, NOW)


@pytest.fixture
def vault(settings: AuthSettings) -> Vault:
    return Vault(settings.key_encryption_key)


def held(role: Role, bureau: Bureau | None = None) -> HeldRole:
    return HeldRole(role, bureau, NOW)


@pytest.mark.parametrize("one", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
@pytest.mark.parametrize("other", sorted(set(Role) - {Role.SERVICE}))
def test_an_administrator_is_nothing_else(one: Role, other: Role):
    expected = None if one is other else RoleConflict.ADMINISTRATOR
    assert conflict_of(held(one), [held(other)]) is expected


@pytest.mark.parametrize("role", [Role.COUNTY_REVIEWER, Role.CITY_REVIEWER])
def test_nobody_reviews_for_both_bureaus_r4(role: Role):
    assert conflict_of(held(role, Bureau.IIT), [REVIEWER]) is RoleConflict.BOTH_BUREAUS
    assert conflict_of(held(role, Bureau.HRSS), [REVIEWER]) is None


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.CITY_REVIEWER])
def test_whoever_judges_is_no_nominee(role: Role):
    assert conflict_of(held(Role.NOMINEE), [held(role)]) is RoleConflict.JUDGES_AND_IS_JUDGED
    assert conflict_of(held(role), [held(Role.NOMINEE)]) is RoleConflict.JUDGES_AND_IS_JUDGED


def test_a_clerk_may_be_a_nominee_and_stand_in_for_the_head():
    assert conflict_of(held(Role.NOMINEE), [held(Role.UNIT_CLERK), held(Role.UNIT_HEAD)]) is None


def test_roles_one_after_the_other_do_not_conflict():
    over = replace(REVIEWER, ends_at=NOW + timedelta(days=1))
    assert conflict_of(HeldRole(Role.NOMINEE, None, NOW + timedelta(days=1)), [over]) is None
    assert conflict_of(HeldRole(Role.NOMINEE, None, NOW), [over]) is RoleConflict.JUDGES_AND_IS_JUDGED


@pytest.mark.parametrize(("days", "conflict"), [(1, None), (0.5, RoleConflict.JUDGES_AND_IS_JUDGED)])
def test_a_role_that_is_over_before_the_other_begins_does_not_conflict(days: float, conflict: RoleConflict | None):
    later = replace(REVIEWER, starts_at=NOW + timedelta(days=days))
    assert conflict_of(HeldRole(Role.NOMINEE, None, NOW, NOW + timedelta(days=1)), [later]) is conflict


@pytest.mark.parametrize(
    "roles",
    [
        ((Role.SYSTEM_ADMIN, CITY), (Role.AUDIT_ADMIN, CITY)),
        ((Role.SECURITY_ADMIN, CITY), (Role.CITY_OFFICER, CITY)),
        ((Role.COUNTY_REVIEWER, HRSS), (Role.COUNTY_REVIEWER, IIT)),
        ((Role.NOMINEE, UNIT), (Role.COUNTY_REVIEWER, IIT)),
    ],
)
async def test_the_database_refuses_what_the_rule_refuses(
    auth_app: object, database: Database, roles: tuple[tuple[Role, Place], ...]
):
    with pytest.raises(DBAPIError, match="exclude one another"):
        await new_person(database, *roles)


async def test_somebody_written_down_twice_is_still_one_person(client: httpx.AsyncClient):
    phone, name = "13911113333", "示例双岗人员"
    await invite(client, clerk="wutai-clerk", name=name, phone=phone)
    body = {"full_name": name, "phone": phone, "role": "county_reviewer"}
    body |= {"organisation_id": await body_id(client, "五台县工业和信息化局")}
    headers = {"Authorization": f"Bearer {(await sign_in(client, 'wutai-office'))['access_token']}"}
    refused = await client.post("/v1/auth/invitations", json=body, headers=headers)
    assert refusal(refused) == (409, "roles_conflict")
    assert refused.json()["errors"][0]["code"] == "judges_and_is_judged"
    namesake = await client.post("/v1/auth/invitations", json=body | {"full_name": "示例另一人"}, headers=headers)
    assert namesake.status_code == 201


async def test_a_long_sheet_keeps_nobody_waiting_but_whoever_writes_down_the_same_numbers(
    client: httpx.AsyncClient, database: Database, vault: Vault
):
    one, other = [phone_mark(vault, number) for number in ("13911114401", "13911114402")]
    async with database.transaction() as session:
        await take_turns(session, [one, other])
        await asyncio.wait_for(invite(client, name="示例无号码"), 5)
        await asyncio.wait_for(invite(client, name="示例他号码", phone="13911114403"), 5)
        waiting = asyncio.create_task(invite(client, name="示例同号码", phone="13911114401"))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
    assert (done, (await waiting)["person_id"] is not None) == (set(), True)


async def test_the_first_administrators_are_appointed_from_the_machine_and_choose_their_passwords(
    client: httpx.AsyncClient, database: Database, vault: Vault
):
    code = await appoint(
        database,
        vault,
        lifetime=timedelta(days=1),
        role=Role.AUDIT_ADMIN,
        full_name="示例审计员",
        phone=None,
        jurisdiction="140900",
    )
    body = {"invitation_code": code, "username": fresh("audit"), "password": "Keel-Marrow-41-tundra"}
    answer = await client.post("/v1/auth/invitations/redemptions", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["acting_as"]["role"] == "audit_admin"


async def test_nobody_is_appointed_to_two_administrations(client: httpx.AsyncClient, database: Database, vault: Vault):
    facts = {"full_name": "示例兼任者", "phone": "13811110000", "jurisdiction": "140900"}
    await appoint(database, vault, lifetime=timedelta(days=1), role=Role.SYSTEM_ADMIN, **facts)
    with pytest.raises(RolesConflict):
        await appoint(database, vault, lifetime=timedelta(days=1), role=Role.AUDIT_ADMIN, **facts)


@pytest.mark.parametrize("role", [Role.NOMINEE, Role.UNIT_HEAD, Role.COUNTY_OFFICER, Role.SERVICE])
async def test_only_the_citys_first_people_are_appointed(
    client: httpx.AsyncClient, database: Database, vault: Vault, role: Role
):
    with pytest.raises(ValueError, match=role):
        await appoint(database, vault, lifetime=timedelta(days=1), role=role, full_name="示例", phone=None)
