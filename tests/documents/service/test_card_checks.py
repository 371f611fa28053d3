"""ID card copies looked over before their upload, over HTTP."""

import httpx

from tests.documents.service.people import player
from tests.documents.service.steps import error_codes
from tests.documents.test_card_copy import card

ADDRESS = "/v1/documents/card-checks"


async def post(http: httpx.AsyncClient, content: bytes, **fields: str) -> httpx.Response:
    files = {"file": ("card.jpg", content, "image/jpeg")}
    return await http.post(ADDRESS, headers=player("nominee").headers, files=files, data=fields)


async def test_r184_glare_is_named_with_advice_and_refuses_nothing(http: httpx.AsyncClient) -> None:
    answer = await post(http, card("glare_on_number"), side="front")
    (finding,) = answer.json()["findings"]
    assert (answer.status_code, answer.json()["verdict"], answer.json()["not_checked"]) == (200, "review", ["content"])
    assert (finding["code"], finding["severity"], "反光" in finding["message"]) == ("card_glare", "warn", True)


async def test_a_clear_copy_that_nobody_read_goes_to_a_person_without_a_warning(http: httpx.AsyncClient) -> None:
    assert (await post(http, card("clean_scan"), side="front")).json() == {
        "verdict": "review",
        "findings": [],
        "not_checked": ["content"],
    }


async def test_what_is_no_picture_is_refused_by_its_field(http: httpx.AsyncClient) -> None:
    answer = await post(http, b"no picture", side="front")
    assert (answer.status_code, error_codes(answer)) == (422, [("/file", "file_damaged")])


async def test_the_side_must_be_named(http: httpx.AsyncClient) -> None:
    answer = await post(http, card("clean_scan"))
    assert (answer.status_code, [pointer for pointer, _ in error_codes(answer)]) == (422, ["/side"])


async def test_only_signed_in_people_have_cards_looked_over(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        ADDRESS, files={"file": ("card.jpg", card("clean_scan"), "image/jpeg")}, data={"side": "front"}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
