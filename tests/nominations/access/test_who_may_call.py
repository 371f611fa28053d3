"""Every route, walked by every role of the own and of another organisation and county: the audience table is kept."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from services.auth.domain.roles import OrganisationKind, Place, Role
from services.auth.queries import organisation_ids
from services.auth.sessions.passwords import Passwords
from services.auth.tables import OrganisationRow, PasswordCredentialRow, PersonRow, RoleAssignmentRow
from services.common.db import Database
from services.embedded.demo_people import PASSWORD
from tests.domain.the_campaign import the_campaign
from tests.factories import CATEGORY, Office, complete_form
from tests.the_contract import the_contract

COUNTY = "shenchi"
OTHER_UNIT = ("neighbour-clerk", "neighbour-head", "neighbour-nominee")
OTHER_COUNTY = tuple(f"pianguan-{role}" for role in ("clerk", "head", "nominee", "hrss", "iit", "office"))
CITY = ("city-hrss", "city-iit", "city-office")
"""The case has not been reported: to the city it does not exist yet."""
ADMINISTRATORS = ("admin", "security", "audit")
STRANGERS = (*OTHER_UNIT, *OTHER_COUNTY, *CITY, *ADMINISTRATORS)
OWN = tuple(f"{COUNTY}-{role}" for role in ("clerk", "head", "hrss", "iit", "office"))
REFUSED = (403, 404, 409, 415, 422, 428)
"""Never done; 415 and 422 before any row is looked for."""
BYTES = ("/content", "/thumbnail")
SEEN_BY_THE_CITY = {"get_organisation"}
"""Rows that the city's people see wherever they are: bodies, not people."""
ROLES = {
    "clerk": "unit_clerk",
    "head": "unit_head",
    "nominee": "nominee",
    "hrss": "county_reviewer",
    "iit": "county_reviewer",
    "office": "county_officer",
}
SENTINELS = {
    "mobile_phone": "13911112222",
    "employer_contact_name": "示例联络员戊",
    "employer_contact_phone": "0350-3977531",
    "native_place": "山西省灵石县",
}
"""Answers of class P2, each found nowhere else."""


@dataclass(frozen=True)
class Route:
    name: str
    method: str
    path: str
    roles: frozenset[str]
    data: str
    asks_for_campaign: bool

    def query(self, campaign: str) -> dict[str, str]:
        return {"campaign_key": campaign} if self.asks_for_campaign else {}


@dataclass(frozen=True)
class Rows:
    """What a county has that nobody else may see."""

    ids: dict[str, str]
    secrets: tuple[str, ...]
    identity_number: str

    def address(self, route: Route) -> str:
        path = route.path
        for name, value in self.ids.items():
            path = path.replace("{" + name + "}", value)
        return path

    def concerns(self, route: Route) -> bool:
        """Whether the address names one of these rows."""
        return any("{" + name + "}" in route.path for name in self.ids if name.endswith("_id"))


def routes() -> list[Route]:
    contract = the_contract()
    return [
        Route(
            operation["operationId"],
            method.upper(),
            path,
            frozenset(operation["x-audience"]["roles"]),
            operation["x-audience"]["data_class"],
            any((each["in"], each["name"]) == ("query", "campaign_key") for each in operation.get("parameters", ())),
        )
        for path, item in contract["paths"].items()
        for method, operation in item.items()
    ]


ROUTES = routes()
READS = [route for route in ROUTES if route.method == "GET"]


@pytest.fixture(scope="module")
async def neighbours(client: httpx.AsyncClient) -> None:
    """A second unit of the same county, with its clerk and head."""
    database = Database(os.environ["AUTH_DATABASE_URL"], pool_size=1, application="tests")
    unit, now, password_hash = uuid4(), datetime.now(UTC), await Passwords().hash(PASSWORD)
    try:
        async with database.transaction() as session:
            places = await organisation_ids(session)
            county = places[Place("140927", OrganisationKind.COUNTY_OFFICE)]
            name, kind = "神池县示例第二粮油有限公司", OrganisationKind.UNIT
            session.add(OrganisationRow(id=unit, parent_id=county, kind=kind, name=name, jurisdiction="140927"))
            await session.flush()
            for username, role in (("neighbour-clerk", Role.UNIT_CLERK), ("neighbour-head", Role.UNIT_HEAD)):
                person = uuid4()
                session.add(PersonRow(id=person, full_name="示例邻厂人员"))
                await session.flush()
                session.add(PasswordCredentialRow(person_id=person, username=username, password_hash=password_hash))
                session.add(RoleAssignmentRow(person_id=person, organisation_id=unit, role=role, starts_at=now))
    finally:
        await database.close()


@pytest.fixture(scope="module")
async def people(client: httpx.AsyncClient, neighbours: None) -> Office:
    return Office(client, "tests-with-many-seats", place=COUNTY)


@pytest.fixture(scope="module")
async def rows(people: Office) -> Rows:
    """A case at the county, its papers, its report not handed in, an objection to it, a zero declaration."""
    form = complete_form(**SENTINELS)
    case = await people.endorsed_by_county(form=form)
    body = (await people.done(f"{COUNTY}-clerk", "GET", f"/v1/nominations/{case}")).json()
    bundle = (await people.done(f"{COUNTY}-clerk", "GET", f"/v1/documents/bundles/{case}")).json()
    report = await people.report(case)
    notice = body["publicity"]["id"]
    await people.client.post(f"/v1/publicity-notices/{notice}/objections", json={"content": "示例异议，请核实数据。"})
    params = {"campaign_key": people.campaign}
    objections = await people.done(f"{COUNTY}-office", "GET", "/v1/objections", params=params)
    declared = {"campaign_key": "tests-zero", "category": CATEGORY, "reason": "经研究，没有符合条件的推荐对象"}
    declaration = await people.done(f"{COUNTY}-office", "POST", "/v1/zero-declarations", json=declared)
    me = (await people.done(f"{COUNTY}-clerk", "GET", "/v1/auth/me")).json()
    unit = me["acting_as"]["organisation"]["id"]
    asked = {"kind": "explanation", "about": "account", "text": "请说明为什么需要籍贯"}
    request = (await people.done(f"{COUNTY}-clerk", "POST", "/v1/auth/me/rights-requests", json=asked)).json()
    sessions = (await people.done(f"{COUNTY}-clerk", "GET", "/v1/auth/sessions")).json()["items"]
    ids = {
        "nomination_id": case,
        "bundle_id": case,
        "document_id": bundle["items"][0]["id"],
        "report_id": report,
        "objection_id": objections.json()["items"][0]["id"],
        "declaration_id": declaration.json()["id"],
        "person_id": me["person"]["id"],
        "organisation_id": unit,
        "request_id": request["id"],
        "session_id": sessions[0]["id"],
        "disqualification_id": str(uuid4()),
        "list_id": str(uuid4()),
        "upload_id": str(uuid4()),
        "key": people.campaign,
        "campaign_key": people.campaign,
        "form": "attachment_6",
        "category": CATEGORY,
        "authority": "tax",
        "event": "campaign_closed",
        "token": "x",
        "file_name": "x.jpg",
    }
    return Rows(ids, (case, report, bundle["items"][0]["id"], *SENTINELS.values()), form["resident_id_number"])


async def ask(people: Office, username: str, route: Route, rows: Rows) -> httpx.Response:
    body = {} if route.method == "GET" else {"json": {}}
    query = route.query(people.campaign)
    return await people.send(username, route.method, rows.address(route), params=query, **body)


def leaks(answer: httpx.Response, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word in answer.text]


@pytest.mark.parametrize("username", STRANGERS)
async def test_no_read_shows_a_stranger_a_row_of_another_jurisdiction(people: Office, rows: Rows, username: str):
    found = []
    for route in READS:
        if route.roles == {"public"}:
            continue
        answer = await ask(people, username, route, rows)
        by_the_city = route.name in SEEN_BY_THE_CITY and username in (*CITY, *ADMINISTRATORS)
        concerned = rows.concerns(route) and not by_the_city
        hidden = answer.status_code in (403, 404) if concerned else answer.status_code < 500
        if not hidden or (answer.is_success and leaks(answer, rows.secrets)):
            found.append((route.name, answer.status_code, leaks(answer, rows.secrets)))
    assert found == []


@pytest.mark.parametrize("username", [*OTHER_UNIT, *OTHER_COUNTY, *CITY])
async def test_no_command_of_a_stranger_touches_a_row_of_another_jurisdiction(
    people: Office, rows: Rows, username: str
):
    commands = [route for route in ROUTES if route.method != "GET" and rows.concerns(route)]
    done = {}
    for route in commands:
        answer = await ask(people, username, route, rows)
        if answer.status_code not in REFUSED:
            done[route.name] = answer.status_code
    assert done == {}


@pytest.mark.parametrize("username", [*OWN, f"{COUNTY}-nominee"])
async def test_whoever_is_not_in_the_audience_of_a_route_is_refused(people: Office, rows: Rows, username: str):
    role = ROLES[username.removeprefix(f"{COUNTY}-")]
    wrong = {}
    for route in ROUTES:
        if route.roles & {"public", "signed_in", role}:
            continue
        answer = await ask(people, username, route, rows)
        if answer.status_code not in REFUSED:
            wrong[route.name] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("username", OWN)
async def test_a_read_shows_its_audience_no_field_above_its_data_class(people: Office, rows: Rows, username: str):
    personal = tuple(SENTINELS.values())
    above = {}
    for route in READS:
        if route.path.endswith(BYTES) or route.name == "get_nomination_form":
            continue
        answer = await ask(people, username, route, rows)
        forbidden = (rows.identity_number, *(personal if route.data in ("P0", "P1") else ()))
        if answer.is_success and leaks(answer, forbidden):
            above[route.name] = leaks(answer, forbidden)
    assert above == {}


async def test_the_cases_own_people_read_what_strangers_do_not(people: Office, rows: Rows):
    """The walk proves nothing if its addresses were wrong: here they answer."""
    named = [route for route in READS if rows.concerns(route) and "attachment" not in rows.address(route)]
    absent = {"get_disqualification", "get_story", "get_upload", "get_publicity_notice"}
    absent |= {"get_city_list", "plan_city_package", "download_city_package"}
    absent |= {"list_sealed_scans_of_list", "list_form_prints_of_list"}
    absent |= {"get_erasure_certificate"}  # nothing of it was erased
    absent |= {"list_consents_of_person"}  # the person of these addresses is the clerk, who is nobody's nominee
    refused = {}
    for route in named:
        username = f"{COUNTY}-clerk" if "unit_clerk" in route.roles else f"{COUNTY}-office"
        answer = await ask(people, username, route, rows)
        if not answer.is_success:
            refused[route.name] = answer.status_code
    assert refused.keys() - absent == set()


async def test_without_signing_in_only_public_routes_answer(client: httpx.AsyncClient, rows: Rows):
    """And what they answer is of class P0: the notice shows P0 fields, no more."""
    answered = {}
    for route in ROUTES:
        query = route.query("tests-with-many-seats")
        answer = await client.request(route.method, rows.address(route), params=query)
        if route.roles == {"public"}:
            if leaks(answer, (rows.identity_number, *SENTINELS.values())):
                answered[route.name] = "leaks"
        elif answer.status_code not in (401, 415, 422):
            answered[route.name] = answer.status_code
    assert answered == {}


def test_the_sentinels_are_of_class_p2():
    form = the_campaign().forms["attachment_6"]
    classes = {field.key: field.sensitivity for field in form.fields if field.key in SENTINELS}
    assert classes == dict.fromkeys(SENTINELS, "P2")
