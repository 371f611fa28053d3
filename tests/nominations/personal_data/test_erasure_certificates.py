"""个人信息删除证明: whoever asks what became of their papers is handed a paper that says so (PIPL 第四十七条)."""

import re
from datetime import date

import pypdfium2
import pytest

from services.documents.domain.document_kind import RetentionStart
from services.documents.domain.erasure import KeptFor
from services.documents.resources import Resources
from services.documents.retention import Rule, erase
from services.documents.sweeping import sweep
from tests.documents.pictures import of_size
from tests.factories import Office
from tests.nominations.personal_data.test_one_consent import (
    CAMPAIGN,
    CARD,
    PLACE,
    answered,
    drafted,
    with_card,
    withdraw,
)

OVER = Rule(CAMPAIGN, "id_card_front", KeptFor(RetentionStart.AWARD_DECISION, date(2025, 5, 1), 30))
GROUND = "自作出表彰决定（2025年5月1日）起保存30日，期限届满，依照《个人信息保护法》第四十七条第一款第二项删除"


@pytest.fixture
def people(client) -> Office:
    return Office(client, CAMPAIGN, place=PLACE)


@pytest.fixture
async def case(people: Office) -> str:
    return await people.taken_over(await drafted(people))


async def certificate(people: Office, case: str, who: str = "nominee", wanted: str = "pdf"):
    address = f"/v1/nominations/{case}/erasure-certificate"
    return await people.send(f"{PLACE}-{who}", "GET", address, params={"format": wanted})


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return re.sub(r"[\s\u200b]", "", "".join(page.get_textpage().get_text_range() for page in document))


async def test_it_names_each_paper_its_ground_its_fingerprint_and_what_became_of_the_bytes(
    people: Office, case: str, documents: Resources
) -> None:
    card = await with_card(people, case, of_size(CARD, len(CARD) + 2000))  # bytes that nobody else's card has
    await erase(documents, OVER)
    await sweep(documents)
    answer = await certificate(people, case)
    said = words(answer.content)
    wanted = [
        "个人信息删除证明",
        case,
        "下列1份材料已经删除",
        "身份证人像面",
        GROUND,
        card["sha256"],
        "文件已销毁",
        "（盖章）",
    ]
    assert [part for part in wanted if part not in said] == []
    assert answer.headers["content-type"] == "application/pdf"


async def test_a_request_that_the_office_granted_stands_as_the_ground(
    people: Office, case: str, documents: Resources
) -> None:
    await with_card(people, case)
    await withdraw(people, documents)
    await answered(people, documents)
    assert "个人提出删除申请，受理机构于" in words((await certificate(people, case)).content)


async def test_the_unit_draws_it_as_docx_too(people: Office, case: str, documents: Resources) -> None:
    await with_card(people, case)
    await erase(documents, OVER)
    answer = await certificate(people, case, "clerk", "docx")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")


async def test_its_print_is_noted_and_known_again_by_its_code(people: Office, case: str, documents: Resources) -> None:
    await with_card(people, case)
    await erase(documents, OVER)
    said = words((await certificate(people, case)).content)
    await certificate(people, case)
    prints = (await people.done(f"{PLACE}-nominee", "GET", f"/v1/nominations/{case}/form-prints")).json()["items"]
    assert [(each["form"], each["code"] in said) for each in prints] == [("erasure_certificate", True)] * 2


async def test_where_nothing_was_erased_there_is_nothing_to_certify(people: Office, case: str) -> None:
    await with_card(people, case)
    answer = await certificate(people, case)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_erased")


async def test_a_case_out_of_scope_has_no_certificate(people: Office, case: str, documents: Resources) -> None:
    await with_card(people, case)
    await erase(documents, OVER)
    answer = await people.send("daixian-clerk", "GET", f"/v1/nominations/{case}/erasure-certificate")
    assert answer.status_code == 404


async def test_ones_own_data_say_in_words_why_a_paper_is_gone(people: Office, case: str, documents: Resources) -> None:
    await with_card(people, case)
    await erase(documents, OVER)
    mine = (await people.done(f"{PLACE}-nominee", "GET", "/v1/documents/me/data")).json()["items"]
    assert next(each["erasure_reason"] for each in mine if each["bundle_id"] == case) == GROUND
