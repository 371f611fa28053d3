"""Bodies are renamed, described and merged; what they were stays known, and refusals give every reason."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from jose import jwt
from sqlalchemy import select
from uuid_utils.compat import uuid7

from services.auth.domain.acting import Organisation
from services.auth.domain.bodies import KEEPERS, Body, BodyFault, is_credit_code, keeps, merger_faults, rename_fault
from services.auth.domain.roles import Bureau, OrganisationKind, Role
from services.auth.organisations.seeding import seed_organisations
from services.auth.queries import organisation_ids
from services.auth.tables import OrganisationRow, PasswordCredentialRow, PersonRow, RoleAssignmentRow
from services.common.db import Database
from tests.auth.conftest import BODIES
from tests.auth.people import UNIT, new_person
from tests.auth.steps import bearer, bearer_of, refusal, sign_in
from tests.auth.test_inviting import body_id, send_sheet, sheet


def body(kind: OrganisationKind, jurisdiction: str = "140922", *, ended: bool = False) -> Body:
    bureau = Bureau.IIT if kind is OrganisationKind.COUNTY_BUREAU else None
    return Body(Organisation(uuid4(), "示例公司", kind, jurisdiction, bureau), ended)


ONE, OTHER = body(OrganisationKind.UNIT), body(OrganisationKind.UNIT)


@pytest.mark.parametrize(
    ("one", "other", "faults"),
    [
        (ONE, OTHER, []),
        (ONE, ONE, [BodyFault.INTO_ITSELF]),
        (body(OrganisationKind.AUTHORITY), body(OrganisationKind.AUTHORITY), []),
        (ONE, body(OrganisationKind.UNIT, "140923"), [BodyFault.OTHER_JURISDICTION]),
        (ONE, body(OrganisationKind.AUTHORITY, ended=True), [BodyFault.ENDED, BodyFault.OTHER_KIND]),
        (body(OrganisationKind.UNIT, ended=True), OTHER, [BodyFault.ENDED]),
        (
            body(OrganisationKind.COUNTY_BUREAU),
            body(OrganisationKind.COUNTY_BUREAU),
            [BodyFault.HAS_A_PLACE],
        ),
    ],
)
def test_units_of_one_place_merge_and_nothing_else_r4(one: Body, other: Body, faults: list[BodyFault]):
    assert merger_faults(one, other) == faults


@pytest.mark.parametrize(
    ("name", "taken", "fault"),
    [("新名", False, None), ("示例公司", False, BodyFault.NAME_UNCHANGED), ("新名", True, BodyFault.NAME_TAKEN)],
)
def test_a_new_name_is_new_and_nobody_elses(name: str, taken: bool, fault: BodyFault | None):
    assert rename_fault(ONE, name, taken=taken) is fault


def test_a_body_that_was_merged_keeps_its_last_name():
    ended = body(OrganisationKind.UNIT, ended=True)
    assert rename_fault(ended, "新名", taken=False) is BodyFault.ENDED


def test_nobody_but_the_offices_keeps_a_body():
    assert {role for role in Role if keeps(role, "140922", ONE.organisation)} == KEEPERS
    assert {Role.COUNTY_OFFICER, Role.CITY_OFFICER} == KEEPERS


def test_a_county_keeps_its_units_and_the_city_everything():
    office = body(OrganisationKind.COUNTY_OFFICE).organisation
    assert [keeps(Role.COUNTY_OFFICER, "140922", each) for each in (ONE.organisation, office)] == [True, False]
    assert [keeps(Role.COUNTY_OFFICER, "140923", ONE.organisation), keeps(Role.CITY_OFFICER, "140900", office)] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("91110000600037341L", True),
        ("9114090012345678XH", True),
        ("11140900MB1234567E", True),
        ("N2140981MF12345678", True),
        ("91140900MA00000160", True),
        ("91140900MA0000006Y", True),
        ("91110000600037341M", False),
        ("9114090012345678XI", False),
        ("9I14090012345678XH", False),
        ("9111000060003734", False),
        ("", False),
    ],
)
def test_a_credit_code_is_checked_by_its_last_character(code: str, right: bool):
    assert is_credit_code(code) is right


async def new_unit(database: Database, name: str, *people: tuple[Role, str]) -> UUID:
    """A unit of 五台县 with people who sign in by name. It is never the first of them, whom other tests mean."""
    unit = uuid7()
    async with database.transaction() as session:
        session.add(
            OrganisationRow(id=unit, kind=OrganisationKind.UNIT, name=name, jurisdiction="140922", parent_id=None)
        )
    for role, username in people:
        person_id, made = await new_person(database, (Role.UNIT_CLERK, UNIT))
        async with database.transaction() as session:
            held = (await session.execute(_assignment_of(person_id))).scalar_one()
            held.organisation_id, held.role = unit, role
            (await session.get_one(PasswordCredentialRow, person_id)).username = username
            (await session.get_one(PersonRow, person_id)).full_name = f"示例{username[:12]}"
        assert made != username
    return unit


def _assignment_of(person_id: UUID) -> Any:
    return select(RoleAssignmentRow).where(RoleAssignmentRow.person_id == person_id)


async def change(client: httpx.AsyncClient, method: str, unit: UUID | str, noun: str, **body: Any) -> httpx.Response:
    username = body.pop("by", "wutai-office")
    content = {"reason": "机构改革", "document_number": "示编办〔2025〕3号"} | body
    address = f"/v1/auth/organisations/{unit}/{noun}"
    return await client.request(method, address, json=content, headers=await bearer_of(client, username))


async def test_a_renamed_body_keeps_its_old_name_in_its_history_and_no_file_brings_it_back(
    client: httpx.AsyncClient, database: Database
):
    police = await body_id(client, "五台县公安部门")
    renamed = (await change(client, "PUT", police, "name", name="五台县公安局")).json()
    assert renamed["name"] == "五台县公安局"
    assert [(each["kind"], each["before"], each["document_number"]) for each in renamed["history"]] == [
        ("renamed", {"name": "五台县公安部门"}, "示编办〔2025〕3号")
    ]
    await seed_organisations(database, BODIES)
    async with database.reading() as session:
        names = await session.scalars(
            select(OrganisationRow.name).where(
                OrganisationRow.jurisdiction == "140922", OrganisationRow.kind == OrganisationKind.AUTHORITY
            )
        )
        assert "五台县公安部门" not in set(names)
    await change(client, "PUT", police, "name", name="五台县公安部门")  # as other tests know it


async def test_of_bodies_that_take_one_name_at_once_one_has_it(client: httpx.AsyncClient, database: Database):
    units = [await new_unit(database, f"五台县示例更名前{number}厂") for number in range(4)]
    office, rounds = await bearer_of(client, "wutai-office"), []
    for number in range(6):
        body = {"name": f"五台县示例同名{number}厂", "reason": "机构改革"}
        renaming = (client.put(f"/v1/auth/organisations/{each}/name", json=body, headers=office) for each in units)
        rounds.append(sorted(answer.status_code for answer in await asyncio.gather(*renaming)))
    assert rounds == [[200, 409, 409, 409]] * 6


async def test_details_are_saved_whole_with_a_checked_credit_code(client: httpx.AsyncClient, database: Database):
    unit = await new_unit(database, f"五台县示例{uuid4().hex[:8]}厂")
    wrong = await change(client, "PUT", unit, "details", credit_code="91110000600037341M")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/credit_code")
    details = {"credit_code": "91110000600037341L", "contact_name": "示例联系人", "contact_phone": "0350-3334026"}
    saved = (await change(client, "PUT", unit, "details", **details)).json()
    assert {name: saved[name] for name in details} == details
    emptied = (await change(client, "PUT", unit, "details")).json()
    assert (emptied["credit_code"], len(emptied["history"])) == (None, 2)


async def test_a_merged_units_people_act_for_its_successor_and_see_what_was_its_own(
    client: httpx.AsyncClient, database: Database
):
    mark = uuid4().hex[:8]
    old = await new_unit(database, f"五台县示例甲{mark}厂", (Role.UNIT_CLERK, f"clerk-{mark}"))
    new = await new_unit(database, f"五台县示例乙{mark}厂")
    session = await sign_in(client, f"clerk-{mark}")
    merged = await change(client, "POST", old, "merger", into_id=str(new))
    assert (merged.status_code, merged.json()["merged_into"]) == (201, str(new))
    assert merged.json()["history"][0]["after"]["roles_passed_on"] == 1
    refreshed = await client.post("/v1/auth/sessions/refreshes", json={"refresh_token": session["refresh_token"]})
    me = await client.get("/v1/auth/me", headers=bearer(refreshed.json()["access_token"]))
    assert me.json()["acting_as"]["organisation"]["id"] == str(new)
    address = f"/v1/auth/organisations/{new}"
    successor = (await client.get(address, headers=await bearer_of(client, "wutai-office"))).json()
    assert successor["predecessors"] == [str(old)]
    again = await change(client, "POST", old, "merger", into_id=str(new))
    assert (refusal(again), again.json()["errors"][0]["code"]) == (
        (409, "organisation_not_changed"),
        "ended_by_a_merger",
    )
    invited = {"full_name": "示例", "role": "unit_head", "organisation_id": str(old)}
    headers = await bearer_of(client, "wutai-office")
    assert refusal(await client.post("/v1/auth/invitations", json=invited, headers=headers)) == (404, "not_found")


async def test_a_colleague_who_is_to_stand_in_goes_on_so_after_a_merger_though_they_hold_the_role_themselves(
    client: httpx.AsyncClient, database: Database
):
    mark = uuid4().hex[:8]
    names = [f"giver-{mark}", f"taker-{mark}"]
    old = await new_unit(database, f"五台县示例己{mark}厂", (Role.UNIT_HEAD, names[0]), (Role.UNIT_CLERK, names[1]))
    new = await new_unit(database, f"五台县示例庚{mark}厂")
    async with database.transaction() as session:
        taker = (await session.scalars(select(PasswordCredentialRow).where(_named(names[1])))).one().person_id
        at_new = RoleAssignmentRow(
            person_id=taker, organisation_id=new, role=Role.UNIT_HEAD, starts_at=datetime.now(UTC)
        )
        session.add(at_new)
    giver = await bearer_of(client, names[0])
    starts, ends = (datetime.now(UTC) + timedelta(days=days) for days in (1, 8))
    body = {
        "to_person_id": str(taker),
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
        "reason": "外出学习",
    }
    made = await client.post("/v1/auth/delegations", json=body, headers=giver)
    merged = await change(client, "POST", old, "merger", into_id=str(new))
    kept = (await client.get("/v1/auth/delegations", headers=giver)).json()["items"]
    assert (merged.status_code, [each["id"] for each in kept]) == (201, [made.json()["id"]])


def _named(username: str) -> Any:
    return PasswordCredentialRow.username == username


async def test_the_systems_of_a_merged_body_work_for_its_successor_whose_people_revoke_their_credentials(
    client: httpx.AsyncClient, database: Database
):
    mark = uuid4().hex[:8]
    old = await new_unit(database, f"五台县示例辛{mark}厂", (Role.UNIT_CLERK, f"old-{mark}"))
    new = await new_unit(database, f"五台县示例壬{mark}厂", (Role.UNIT_CLERK, f"new-{mark}"))
    body = {"name": "示例数据平台", "scopes": ["nominations:read"]}
    made = await client.post("/v1/auth/service-credentials", json=body, headers=await bearer_of(client, f"old-{mark}"))
    await change(client, "POST", old, "merger", into_id=str(new))
    secret = {"client_id": made.json()["id"], "client_secret": made.json()["client_secret"]}
    granted = await client.post("/v1/auth/token", data={"grant_type": "client_credentials", **secret})
    claims = jwt.get_unverified_claims(granted.json()["access_token"])
    successor = await bearer_of(client, f"new-{mark}")
    listed = (await client.get("/v1/auth/service-credentials", headers=successor)).json()["items"]
    revoked = await client.delete(f"/v1/auth/service-credentials/{made.json()['id']}", headers=successor)
    assert (claims["org"], claims["was"]) == (str(new), [str(old)])
    assert ([each["id"] for each in listed], revoked.status_code) == ([made.json()["id"]], 200)


async def test_of_three_mergers_the_last_successor_has_all(client: httpx.AsyncClient, database: Database):
    mark = uuid4().hex[:8]
    units = [await new_unit(database, f"五台县示例{turn}{mark}厂") for turn in "丙丁戊"]
    await change(client, "POST", units[0], "merger", into_id=str(units[1]))
    await change(client, "POST", units[1], "merger", into_id=str(units[2]))
    address = f"/v1/auth/organisations/{units[2]}"
    last = (await client.get(address, headers=await bearer_of(client, "city-office"))).json()
    assert set(last["predecessors"]) == {str(units[0]), str(units[1])}


@pytest.mark.parametrize("by", ["daixian-office", "wutai-clerk", "wutai-iit", "admin"])
async def test_nobody_changes_a_body_that_they_do_not_keep(client: httpx.AsyncClient, database: Database, by: str):
    unit = await new_unit(database, f"五台县示例{uuid4().hex[:8]}厂")
    answer = await change(client, "PUT", unit, "name", name="五台县他人厂", by=by)
    assert answer.status_code in (403, 404)
    seen = await client.get(f"/v1/auth/organisations/{unit}", headers=await bearer_of(client, by))
    assert seen.status_code == {"daixian-office": 404, "wutai-clerk": 403, "wutai-iit": 200, "admin": 200}[by]


async def test_an_office_that_has_a_place_is_renamed_by_the_city_and_merged_by_nobody(
    client: httpx.AsyncClient, database: Database
):
    async with database.reading() as session:
        places = {str(id_): place for place, id_ in (await organisation_ids(session)).items()}
    bureau = await body_id(client, "代县工业和信息化局")
    assert places[bureau].kind is OrganisationKind.COUNTY_BUREAU
    assert refusal(await change(client, "PUT", bureau, "name", name="代县工信局", by="daixian-office")) == (
        404,
        "not_found",
    )
    other = await body_id(client, "代县人力资源和社会保障局")
    answer = await change(client, "POST", bureau, "merger", into_id=other, by="city-office")
    assert [each["code"] for each in answer.json()["errors"]] == ["has_a_place_in_the_procedure"]


async def test_a_row_of_a_sheet_that_names_a_merged_unit_is_told_into_which_and_the_others_are_done(
    client: httpx.AsyncClient, database: Database
):
    name, successor = (f"五台县示例{uuid4().hex[:8]}厂" for _ in range(2))
    old, new = await new_unit(database, name), await new_unit(database, successor)
    await change(client, "POST", old, "merger", into_id=str(new))
    rows = [(name, "", "示例己", "", "单位经办人"), (successor, "", "示例庚", "", "单位经办人")]
    answer = await send_sheet(client, "wutai-office", sheet(*rows))
    told = [(row["outcome"], [each["message"] for each in row["errors"]]) for row in answer.json()["rows"]]
    assert (answer.status_code, told) == (
        201,
        [("refused", [f"该单位已并入“{successor}”，请填写并入后的单位名称"]), ("invited", [])],
    )
