"""Paper takes the place of what an authority said itself with its seal and a reason alone, and the case shows it (R97, R130)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.factories import PICTURES, Office
from tests.nominations.consultation.test_consultations import answered, opened
from tests.nominations.consultation.test_opinion_batches import favourable, record

REASON = "该局来函更正，原件附后"
PAPER = {"result": "favourable", "text": "同意", "signer_name": "示例", "signed_on": "2025-02-14"}


@pytest.fixture
def county(office) -> Office:
    return Office(office.client, "tests-replaced-answers")


async def by_link(office: Office, case: str, result: str) -> None:
    answer = await answered(office, (await opened(office, case))["sheet_key"], result=result)
    assert answer.is_success, answer.text


async def by_paper(office: Office, case: str, **more):
    path = f"/v1/nominations/{case}/opinions/public_security"
    return await office.send("wutai-office", "PUT", path, json=PAPER | more)


async def scan_of(office: Office, case: str) -> str:
    content = (PICTURES / "certificate.jpg").read_bytes()
    files, data = {"file": ("a", content, "image/jpeg")}, {"kind": "opinion_sheet", "bundle_id": case}
    scan: str = (await office.done("wutai-office", "POST", "/v1/documents", files=files, data=data)).json()["id"]
    return scan


async def proved(office: Office, case: str) -> dict[str, str]:
    return {"scan_document_id": await scan_of(office, case), "replacement_reason": REASON}


async def shown(office: Office, case: str) -> list[tuple]:
    opinions = (await office.done("wutai-hrss", "GET", f"/v1/nominations/{case}")).json()["opinions"]
    return [(each["source"], each["result"], each["replaces"]) for each in opinions]


def refused(answer) -> tuple[int, list[tuple[str, str]]]:
    return answer.status_code, [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


SCAN, WHY = ("/scan_document_id", "replaces_own_answer"), ("/replacement_reason", "replaces_own_answer")


@pytest.mark.parametrize("own", ["favourable", "unfavourable"])
async def test_paper_replaces_an_own_answer_with_a_sealed_sheet_and_a_reason_alone_r97_r130(county, own):
    case = await county.at_county()
    await by_link(county, case, own)
    scan = await scan_of(county, case)
    bare, unsealed = await by_paper(county, case), await by_paper(county, case, replacement_reason=REASON)
    unexplained = await by_paper(county, case, scan_document_id=scan, replacement_reason="  ")
    before = await shown(county, case)
    done = await by_paper(county, case, scan_document_id=scan, replacement_reason=REASON)
    assert [refused(each) for each in (bare, unsealed, unexplained)] == [
        (422, [SCAN, WHY]),
        (422, [SCAN]),
        (422, [WHY]),
    ]
    assert (before, done.status_code) == ([("link", own, None)], 200)
    assert await shown(county, case) == [("paper", "favourable", {"source": "link", "result": own, "reason": REASON})]


async def test_an_office_gets_rid_of_an_own_answer_in_no_two_steps_r97(county):
    case = await county.at_county()
    await by_link(county, case, "unfavourable")
    await by_paper(county, case, result="not_applicable", **await proved(county, case))
    again = await by_paper(county, case)
    await by_paper(county, case, **await proved(county, case))
    assert refused(again) == (422, [SCAN, WHY])
    assert await shown(county, case) == [
        ("paper", "favourable", {"source": "link", "result": "unfavourable", "reason": REASON})
    ]


async def test_what_the_authority_says_itself_replaces_paper_without_more_and_shows_it(county):
    case = await county.at_county()
    await by_paper(county, case)
    await by_link(county, case, "unfavourable")
    first = await shown(county, case)
    await by_link(county, case, "favourable")
    replaced = {"source": "paper", "result": "favourable", "reason": None}
    assert (first, await shown(county, case)) == (
        [("link", "unfavourable", replaced)],
        [("link", "favourable", replaced)],
    )


async def test_whoever_corrects_their_own_entry_says_no_more_than_before(county):
    case = await county.at_county()
    await by_paper(county, case, result="unfavourable")
    corrected = await by_paper(county, case)
    assert (corrected.status_code, await shown(county, case)) == (200, [("paper", "favourable", None)])


async def test_an_authority_that_is_not_the_right_one_is_followed_by_another_on_paper_r80(county):
    """“不适用” is no opinion: nothing of it is contradicted."""
    case = await county.at_county()
    await by_link(county, case, "not_applicable")
    done = await by_paper(county, case)
    replaced = {"source": "link", "result": "not_applicable", "reason": None}
    assert (done.status_code, await shown(county, case)) == (200, [("paper", "favourable", replaced)])


async def test_a_batch_replaces_no_own_answer_and_then_records_nothing_r196(county):
    own, other = await county.at_county(), await county.at_county()
    await by_link(county, own, "unfavourable")
    answer = await record(county, favourable(other), favourable(own))
    assert refused(answer) == (422, [("/items/1", "replaces_own_answer")])
    assert (await shown(county, own), await shown(county, other)) == ([("link", "unfavourable", None)], [])


async def test_the_history_says_what_was_replaced_and_why_to_offices_alone_r97(county):
    case = await county.at_county()
    await by_link(county, case, "unfavourable")
    await by_paper(county, case, **await proved(county, case))
    told = {}
    for who in ("wutai-hrss", "wutai-clerk"):
        events = (await county.done(who, "GET", f"/v1/nominations/{case}/events")).json()["items"]
        last = [event for event in events if event["event"] == "opinion_recorded"][-1]
        told[who] = (last["reason"], last["details"])
    own = {"authority": "public_security"}
    replaced = {"result": "favourable", "replaces": {"source": "link", "result": "unfavourable"}}
    assert told == {"wutai-hrss": (REASON, own | replaced), "wutai-clerk": ("", own)}


@pytest.mark.parametrize("missing", ["scan_document_id", "replacement_reason"])
async def test_the_database_keeps_an_own_answer_from_bare_paper_too_r97(county, context, missing):
    case = await county.at_county()
    await by_link(county, case, "favourable")
    await by_paper(county, case, **await proved(county, case))
    change = text(f"UPDATE nominations.opinions SET {missing} = NULL WHERE nomination_id = '{case}'")
    with pytest.raises(IntegrityError, match="an_own_answer_gives_way_to_a_sealed_sheet_alone"):
        async with context.database.transaction() as session:
            await session.execute(change)
