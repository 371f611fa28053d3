"""Who one is, told by one statement, whatever one holds."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from services.auth.domain.roles import Role
from services.auth.tables import RoleAssignmentRow
from tests.auth.people import CITY, UNIT, new_person
from tests.auth.steps import bearer, refusal, sign_in
from tests.sent_statements import statements_of

TWO = ((Role.UNIT_CLERK, UNIT), (Role.CITY_OFFICER, CITY))


@pytest.fixture
async def somebody(client, database):
    person_id, username = await new_person(database, *TWO)
    signed_in = await sign_in(client, username)
    return person_id, signed_in, bearer(signed_in["access_token"])


async def ended(database, person_id, *roles: Role) -> None:
    async with database.transaction() as session:
        held = (RoleAssignmentRow.person_id == person_id, RoleAssignmentRow.role.in_(roles))
        over = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(RoleAssignmentRow).where(*held).values(ends_at=over))


async def test_it_is_what_was_told_when_the_session_began(client, somebody):
    _, signed_in, headers = somebody
    me = (await client.get("/v1/auth/me", headers=headers)).json()
    assert me == {name: signed_in[name] for name in ("person", "acting_as", "other_assignments")}
    assert [me["acting_as"]["role"], *[each["role"] for each in me["other_assignments"]]] == [role for role, _ in TWO]


async def test_it_is_one_statement(client, auth_app, somebody):
    headers = somebody[2]
    await client.get("/v1/auth/me", headers=headers)  # the token is known from here on
    with statements_of(auth_app.state.database) as sent:
        await client.get("/v1/auth/me", headers=headers)
        await asyncio.sleep(0)  # the driver tells of a statement a moment later
    own = [each for each in sent if "auth.role_assignments" in each or "auth.persons" in each]
    assert (len(own), "auth.organisations" in own[0]) == (1, True)


async def test_a_role_that_ended_meanwhile_is_not_acted_under(client, database, somebody):
    person_id, _, headers = somebody
    await ended(database, person_id, Role.UNIT_CLERK)
    assert refusal(await client.get("/v1/auth/me", headers=headers)) == (401, "token_invalid")


async def test_another_role_that_ended_is_no_longer_offered(client, database, somebody):
    person_id, _, headers = somebody
    await ended(database, person_id, Role.CITY_OFFICER)
    me = (await client.get("/v1/auth/me", headers=headers)).json()
    assert (me["acting_as"]["role"], me["other_assignments"]) == ("unit_clerk", [])


async def test_who_holds_nothing_any_more_is_told_so(client, database, somebody):
    person_id, _, headers = somebody
    await ended(database, person_id, *(role for role, _ in TWO))
    assert refusal(await client.get("/v1/auth/me", headers=headers)) == (403, "no_role")
