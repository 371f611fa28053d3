"""What a person has erased or restricted is their own: an objection to them, filed with their case, is not (R95, R97)."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from services.documents.hearing_decisions import hear_decisions
from services.documents.resources import Resources
from services.documents.tables import DocumentRow
from tests.factories import OPENED, PICTURES, Office, complete_form

GROUND = "《中华人民共和国档案法》第十四条"
CAMPAIGN = "tests-restricted-papers"


@pytest.fixture
def people(client) -> Office:
    return Office(client, CAMPAIGN)


@pytest.fixture
async def case(people: Office) -> str:
    """The nominee's, at the county, whose office filed an objection with it."""
    await people.set_clock(OPENED)
    draft: str = (await people.draft(complete_form())).json()["id"]
    await people.with_documents(draft)
    await people.taken_over(draft)
    await people.step("nominee", draft, "confirmations", json={"part": "nominee"})
    await people.step("clerk", draft, "submissions")
    await people.walk_to_county(draft)
    files = {"file": ("a.jpg", (PICTURES / "id_card_back.jpg").read_bytes(), "image/jpeg")}
    data = {"kind": "objection_attachment", "bundle_id": draft}
    await people.done("wutai-office", "POST", "/v1/documents", files=files, data=data)
    return draft


async def erasure_answered(people: Office, documents: Resources, **answer: str) -> None:
    asked = {"kind": "erasure", "about": "documents", "text": "请删除我的材料", "campaign_key": CAMPAIGN}
    request = (await people.done("wutai-nominee", "POST", "/v1/auth/me/rights-requests", json=asked)).json()["id"]
    body = {"reason": "经核实办理"} | answer
    await people.done("wutai-office", "POST", f"/v1/auth/rights-requests/{request}/decisions", json=body)
    await hear_decisions(documents)


async def became(documents: Resources, case: str) -> dict[str, Any]:
    """Of each kind: whether it is erased, and for what it is held."""
    async with documents.database.reading() as session:
        papers = await session.scalars(select(DocumentRow).where(DocumentRow.bundle_id == UUID(case)))
        return {paper.kind: (paper.erased_at is not None, paper.held_for) for paper in papers}


OWN = ("portrait", "id_card_front", "id_card_back", "professional_title_certificate")


async def test_an_erasure_that_is_granted_leaves_the_objection(people: Office, case: str, documents: Resources) -> None:
    await erasure_answered(people, documents, outcome="done")
    own = dict.fromkeys(OWN, (True, None))
    assert await became(documents, case) == own | {"objection_attachment": (False, None)}


async def test_papers_that_are_restricted_leave_the_objection_to_the_office(
    people: Office, case: str, documents: Resources
) -> None:
    await erasure_answered(people, documents, outcome="restricted", ground=GROUND)
    own = dict.fromkeys(OWN, (False, "restricted"))
    assert await became(documents, case) == own | {"objection_attachment": (False, None)}
