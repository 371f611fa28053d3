"""What is held about a nominee, who looked at it and who was given it: theirs to read, and nobody else's."""

import httpx
import pytest

from tests.factories import Office, complete_form

REASON = "核对身份证号与户籍信息"


@pytest.fixture(scope="module")
async def own(client: httpx.AsyncClient) -> Office:
    return Office(client, "tests-with-many-seats", place="kelan")


@pytest.fixture(scope="module")
async def case(own: Office) -> str:
    """A nominee's own case at the county: a card was looked at, the number revealed, an authority asked, a form printed."""
    await own.set_clock("2025-02-07T09:00:00+08:00")
    draft: str = (await own.draft(complete_form())).json()["id"]
    code = (await own.step("clerk", draft, "hand-over-codes"))["code"]
    await own.done("kelan-nominee", "POST", "/v1/hand-overs", json={"code": code})
    await own.with_documents(draft)
    await own.step("nominee", draft, "confirmations", json={"part": "nominee"})
    await own.step("clerk", draft, "submissions")
    await own.sign(await own.walk_to_publicity(draft))
    await own.step("office", draft, "identity-reveals", json={"reason": REASON})
    bundle = (await own.done("kelan-office", "GET", f"/v1/documents/bundles/{draft}")).json()
    card = next(item["id"] for item in bundle["items"] if item["kind"] == "id_card_front")
    await own.done("kelan-office", "GET", f"/v1/documents/{card}/content")
    wanted = {"authority": "public_security", "officer_name": "示例警官", "phone": "13811112222"}
    await own.step("office", draft, "consultations", json=wanted)
    await own.done("kelan-office", "GET", f"/v1/nominations/{draft}/forms/attachment_6?format=docx")
    return draft


async def all_accesses(own: Office, username: str, page_size: int) -> list[dict]:
    found, token = [], None
    while True:
        params = {"page_size": page_size} | ({"page_token": token} if token else {})
        page = (await own.done(username, "GET", "/v1/me/data-accesses", params=params)).json()
        found += page["items"]
        token = page["next_page_token"]
        if token is None:
            return found


async def test_a_nominee_reads_every_answer_and_how_much_else_is_held(own: Office, case: str):
    (held,) = (await own.done("kelan-nominee", "GET", "/v1/me/data")).json()["items"]
    assert (held["id"], held["form"]["full_name"], held["form"]["resident_id_number"][3:14]) == (
        case,
        complete_form()["full_name"],
        "*" * 11,
    )
    assert [(each["part"], each["on_behalf"]) for each in held["confirmations"] if each["part"] == "nominee"] == [
        ("nominee", False)
    ]
    assert (held["held"]["events"] > 5, held["story"]) == (True, None)


async def test_a_nominee_reads_which_official_looked_and_who_was_given_what(own: Office, case: str):
    found = await all_accesses(own, "kelan-nominee", 100)
    office = "示例评选办经办人（岢岚县）"
    reveal = next(each for each in found if each["kind"] == "identity_revealed")
    assert (reveal["official"], reveal["purpose"], reveal["nomination_id"]) == (office, REASON, case)
    asked = next(each for each in found if each["kind"] == "handed_over" and each["purpose"] == "按管理权限征求意见")
    assert (asked["official"], asked["recipient"], asked["fields"]) == (office, "公安部门", ["征求意见表所列内容"])
    seen = next(each for each in found if each["kind"] == "paper_viewed" and each["official"] == office)
    assert (seen["fields"], seen["purpose"]) == (["id_card_front"], "查看加水印的影像")
    drawn = next(each for each in found if each["kind"] == "form_drawn")
    assert (drawn["official"], drawn["purpose"]) == (office, "下载、打印本件表格")
    assert {"published", "handed_over"} <= {each["kind"] for each in found}


async def test_the_list_is_one_list_in_order_however_it_is_cut_into_pages(own: Office, case: str):
    whole = await all_accesses(own, "kelan-nominee", 100)
    assert await all_accesses(own, "kelan-nominee", 3) == whole
    moments = [each["at"] for each in whole]
    assert (moments, len({each["id"] for each in whole})) == (sorted(moments, reverse=True), len(whole))


async def test_papers_are_listed_with_what_became_of_them(own: Office, case: str):
    held = (await own.done("kelan-nominee", "GET", "/v1/documents/me/data")).json()["items"]
    assert {(each["kind"], each["bundle_id"], each["erased_at"]) for each in held} == {
        (kind, case, None) for kind in ("portrait", "id_card_front", "id_card_back", "professional_title_certificate")
    }


@pytest.mark.parametrize("username", ["kelan-clerk", "kelan-office", "wutai-nominee", "city-office"])
@pytest.mark.parametrize(
    "address", ["/v1/me/data", "/v1/me/data-accesses", "/v1/documents/me/data", "/v1/documents/me/views"]
)
async def test_nobody_else_reads_it(own: Office, case: str, username: str, address: str):
    body = (await own.done(username, "GET", address)).text
    assert case not in body
