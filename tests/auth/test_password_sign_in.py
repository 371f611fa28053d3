"""Sign-in by name and password, over HTTP."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from services.auth.domain.roles import Bureau, OrganisationKind, Place, Role
from services.auth.queries import organisation_ids
from services.auth.sessions.passwords import Passwords
from services.auth.tables import PasswordCredentialRow, PersonRow, RoleAssignmentRow
from services.common.db import Database
from tests.auth.steps import PASSWORD, bearer, fresh, refusal, sign_in

WUTAI = Place("140922", OrganisationKind.UNIT)
DAIXIAN = Place("140923", OrganisationKind.UNIT)


async def person_with(
    database: Database, *roles: tuple[Role, Place, datetime, datetime | None]
) -> tuple[str, list[UUID]]:
    """A new person with these roles: their username, and the ids of the roles."""
    username, held = fresh("person"), [uuid4() for _ in roles]
    async with database.transaction() as session:
        places = await organisation_ids(session)
        person = PersonRow(id=uuid4(), full_name="示例人员甲")
        session.add(person)
        await session.flush()
        session.add(
            PasswordCredentialRow(
                person_id=person.id, username=username, password_hash=await Passwords().hash(PASSWORD)
            )
        )
        for assignment_id, (role, place, starts_at, ends_at) in zip(held, roles, strict=True):
            session.add(
                RoleAssignmentRow(
                    id=assignment_id,
                    person_id=person.id,
                    organisation_id=places[place],
                    role=role,
                    starts_at=starts_at,
                    ends_at=ends_at,
                )
            )
    return username, held


def ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


async def test_a_reviewer_signs_in_and_acts_for_their_bureau(client: httpx.AsyncClient) -> None:
    # R4
    answer = await sign_in(client, "wutai-hrss")
    organisation = answer["acting_as"]["organisation"]
    organisation.pop("id")
    assert (answer["token_type"], answer["expires_in"], answer["acting_as"]["role"], organisation) == (
        "Bearer",
        900,
        "county_reviewer",
        {
            "name": "五台县人力资源和社会保障局",
            "kind": "county_bureau",
            "jurisdiction": "140922",
            "bureau": str(Bureau.HRSS),
        },
    )


async def test_a_name_is_the_same_name_in_any_case(client: httpx.AsyncClient) -> None:
    assert (await sign_in(client, "WuTai-Clerk"))["person"] == (await sign_in(client, "wutai-clerk"))["person"]


async def test_a_wrong_name_and_a_wrong_password_are_one_answer(client: httpx.AsyncClient) -> None:
    answers = []
    for username in ("wutai-clerk", "nobody-at-all"):
        response = await client.post("/v1/auth/sessions", json={"username": username, "password": "wrong"})
        answers.append((response.status_code, response.json(), response.headers["www-authenticate"]))
    assert answers[0] == answers[1]
    assert (answers[0][0], answers[0][1]["code"]) == (401, "credentials_wrong")


async def test_a_wrong_name_costs_as_much_work_as_a_wrong_password(
    client: httpx.AsyncClient, database: Database
) -> None:
    """By processor time, the least of several: nothing is delayed yet, and no other load counts."""
    names = {
        "nobody": [fresh("nobody") for _ in range(6)],
        "somebody": [(await person_with(database, (Role.UNIT_CLERK, WUTAI, ago(2), None)))[0] for _ in range(6)],
    }
    least = dict.fromkeys(names, 60.0)
    for pair in zip(*names.values(), strict=True):
        for kind, username in zip(names, pair, strict=True):
            started = time.process_time()
            response = await client.post("/v1/auth/sessions", json={"username": username, "password": "wrong"})
            least[kind] = min(least[kind], time.process_time() - started)
            assert refusal(response) == (401, "credentials_wrong")
    assert 0.75 < least["nobody"] / least["somebody"] < 1.33


async def test_somebody_with_two_roles_chooses_and_the_answer_names_the_other(
    client: httpx.AsyncClient, database: Database
) -> None:
    username, (first, second) = await person_with(
        database, (Role.UNIT_CLERK, WUTAI, ago(2), None), (Role.UNIT_HEAD, DAIXIAN, ago(1), None)
    )
    body = {"username": username, "password": PASSWORD, "role_assignment_id": str(second)}
    answer = (await client.post("/v1/auth/sessions", json=body)).json()
    others = [other["role_assignment_id"] for other in answer["other_assignments"]]
    assert (answer["acting_as"]["role_assignment_id"], others) == (str(second), [str(first)])


async def test_a_role_that_is_not_held_is_refused_by_its_field(client: httpx.AsyncClient) -> None:
    body = {"username": "wutai-clerk", "password": PASSWORD, "role_assignment_id": str(uuid4())}
    response = await client.post("/v1/auth/sessions", json=body)
    assert refusal(response) == (422, "role_assignment_unknown")
    assert response.json()["errors"][0]["pointer"] == "/role_assignment_id"


async def test_who_holds_no_role_any_more_cannot_sign_in(client: httpx.AsyncClient, database: Database) -> None:
    # R43
    username, _ = await person_with(database, (Role.UNIT_CLERK, WUTAI, ago(3), ago(1)))
    response = await client.post("/v1/auth/sessions", json={"username": username, "password": PASSWORD})
    assert refusal(response) == (403, "no_role")


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"username": "a", "password": "b", "role": "system_admin"}, [("/role", "unknown_field")]),
        ({"username": "a" * 65, "password": ""}, [("/username", "too_long"), ("/password", "too_short")]),
        (
            {"username": "a\u202eb", "password": "b\x00"},
            [("/username", "text_not_clean"), ("/password", "text_not_clean")],
        ),
        ({"username": 1}, [("/username", "wrong_type"), ("/password", "required")]),
    ],
)
async def test_every_wrong_field_is_named_at_once(
    client: httpx.AsyncClient, body: dict[str, object], errors: list[tuple[str, str]]
) -> None:
    response = await client.post("/v1/auth/sessions", json=body)
    assert response.status_code == 422
    assert [(error["pointer"], error["code"]) for error in response.json()["errors"]] == errors


async def test_a_body_with_a_key_twice_is_refused(client: httpx.AsyncClient) -> None:
    body = '{"username": "wutai-clerk", "username": "admin", "password": "x"}'
    response = await client.post("/v1/auth/sessions", content=body, headers={"Content-Type": "application/json"})
    assert refusal(response) == (400, "malformed_json")


async def test_me_is_who_signed_in(client: httpx.AsyncClient) -> None:
    signed_in = await sign_in(client, "city-iit")
    me = (await client.get("/v1/auth/me", headers=bearer(signed_in["access_token"]))).json()
    assert me == {name: signed_in[name] for name in ("person", "acting_as", "other_assignments")}


async def test_after_signing_out_neither_token_works_at_auth(client: httpx.AsyncClient) -> None:
    signed_in = await sign_in(client)
    headers = bearer(signed_in["access_token"])
    ended = await client.delete("/v1/auth/sessions/current", headers=headers)
    assert (ended.status_code, ended.json()) == (200, {"ended": True})
    me = await client.get("/v1/auth/me", headers=headers)
    refreshed = await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": signed_in["refresh_token"]})
    assert (refusal(me), refusal(refreshed)) == ((401, "token_invalid"), (401, "refresh_token_invalid"))


async def test_a_role_taken_away_in_the_middle_of_work_ends_the_refreshes(
    client: httpx.AsyncClient, database: Database
) -> None:
    # R43
    username, (held,) = await person_with(database, (Role.UNIT_CLERK, WUTAI, ago(1), None))
    signed_in = await sign_in(client, username)
    async with database.transaction() as session:
        assignment = await session.get_one(RoleAssignmentRow, held)
        assignment.ends_at = datetime.now(UTC)
    response = await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": signed_in["refresh_token"]})
    assert refusal(response) == (401, "refresh_token_invalid")
