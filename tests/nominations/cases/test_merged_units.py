"""Cases and papers follow a unit into the body that took it in: tokens say what it was, and the papers keep its name."""

import os
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from services.auth.domain.roles import OrganisationKind, Role
from services.auth.sessions.passwords import Passwords
from services.auth.tables import OrganisationRow, PasswordCredentialRow, PersonRow, RoleAssignmentRow
from services.common.db import Database
from services.embedded.demo_people import PASSWORD
from tests.factories import Office

SUCCESSOR = "岚州示例集团有限公司"


@pytest.fixture
async def successor() -> tuple[str, str]:
    """Another unit of the county, and its clerk's username."""
    unit, person, username = uuid4(), uuid4(), f"successor-{uuid4().hex}"
    database = Database(os.environ["AUTH_DATABASE_URL"], pool_size=1, application="tests")
    try:
        async with database.transaction() as session:
            kind = OrganisationKind.UNIT
            session.add(OrganisationRow(id=unit, kind=kind, name=SUCCESSOR, jurisdiction="140931"))
            session.add(PersonRow(id=person, full_name="示例集团办事员"))
            await session.flush()
            hashed = await Passwords().hash(PASSWORD)
            session.add(PasswordCredentialRow(person_id=person, username=username, password_hash=hashed))
            now = datetime.now(UTC)
            session.add(RoleAssignmentRow(person_id=person, organisation_id=unit, role=Role.UNIT_CLERK, starts_at=now))
    finally:
        await database.close()
    return str(unit), username


async def test_the_successor_works_on_with_the_cases_of_the_unit_it_took_in(client, successor):
    unit, clerk = successor
    own = Office(client, "tests-with-many-seats", place="baode")
    case = await own.submitted()
    merged = (await own.done("baode-clerk", "GET", "/v1/auth/me")).json()["acting_as"]["organisation"]
    assert (await own.send(clerk, "GET", f"/v1/nominations/{case}")).status_code == 404
    body = {"into_id": unit, "reason": "企业合并", "document_number": "示工信〔2025〕1号"}
    await own.done("baode-office", "POST", f"/v1/auth/organisations/{merged['id']}/merger", json=body)
    later = Office(client, "tests-with-many-seats", place="baode")  # tokens of before say what they said
    params = {"campaign_key": own.campaign}
    listed = (await later.done(clerk, "GET", "/v1/nominations", params=params)).json()["items"]
    assert case in {item["id"] for item in listed}
    changes = (await later.done(clerk, "GET", "/v1/nomination-changes", params=params)).json()["items"]
    assert case in {item["id"] for item in changes}
    shown = (await later.done(clerk, "GET", f"/v1/nominations/{case}")).json()
    assert shown["unit_name"] == "保德县示例化工有限公司"
    papers = (await later.done(clerk, "GET", f"/v1/documents/bundles/{case}")).json()["items"]
    assert len(papers) == 4
    assert (await own.send("baode-clerk", "GET", f"/v1/nominations/{case}")).status_code == 200
    form = await later.done(clerk, "GET", f"/v1/nominations/{case}/forms/attachment_6?format=docx")
    assert form.status_code == 200
