"""Proposals for photos that do not satisfy the rules yet, over HTTP."""

import hashlib
import time
from base64 import b64decode
from typing import Any

import httpx
import pytest

from tests.documents.pictures import PHOTOS, drawing, encoded, labels, mutations, photo, portrait
from tests.documents.service.people import player
from tests.documents.service.steps import Bucket, error_codes, open_case, upload

CHECKS, FIXES = "/v1/documents/photo-checks", "/v1/documents/photo-fixes"
NOMINEE = player("nominee")


async def post(http: httpx.AsyncClient, address: str, content: bytes, **fields: str) -> httpx.Response:
    files = {"file": ("photo.jpg", content, "image/jpeg")}
    return await http.post(address, headers=NOMINEE.headers, files=files, data=fields)


async def fixed(http: httpx.AsyncClient, content: bytes, **fields: str) -> dict[str, Any]:
    answer = await post(http, FIXES, content, **fields)
    assert answer.status_code == 200, answer.text
    proposal: dict[str, Any] = answer.json()
    return proposal


async def test_a_proposal_comes_with_both_checks_and_what_was_changed(http: httpx.AsyncClient) -> None:
    proposal = await fixed(http, photo("d087"))
    content = b64decode(proposal["image_base64"])
    assert (proposal["before"]["verdict"], proposal["after"]["verdict"]) == ("reject", "accept")
    assert [change["code"] for change in proposal["changes"]] == ["re_encoded", "metadata_removed"]
    assert (proposal["byte_count"], proposal["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert (proposal["media_type"], proposal["width"], proposal["height"]) == ("image/jpeg", 413, 579)


async def test_an_accepted_proposal_can_be_uploaded(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    proposal = await fixed(http, encoded(drawing(width=900, height=1158), quality=95))
    answer = await upload(http, case.nominee, case.bundle_id, b64decode(proposal["image_base64"]))
    assert (answer.status_code, answer.json()["verdict"]) == (201, "accept")


async def test_the_same_proposal_comes_as_a_picture_alone(http: httpx.AsyncClient) -> None:
    proposal, answer = await fixed(http, photo("d087")), await post(http, f"{FIXES}?format=jpeg", photo("d087"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content == b64decode(proposal["image_base64"])


async def test_a_background_is_replaced_only_when_asked(http: httpx.AsyncClient) -> None:
    red = portrait(background=(190, 30, 40))
    kept, replaced = await post(http, FIXES, red), await fixed(http, red, background="blue")
    assert (kept.status_code, kept.json()["code"]) == (422, "photo_not_fixable")
    assert replaced["after"]["verdict"] == "accept"
    assert "background_replaced" in [change["code"] for change in replaced["changes"]]


async def test_a_photo_that_cannot_be_fixed_is_refused_with_its_check(http: httpx.AsyncClient) -> None:
    answer = await post(http, FIXES, photo("d067"))
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["check"]["verdict"]) == (422, "photo_not_fixable", "reject")
    assert ("/file", "multiple_faces") in error_codes(answer)


async def test_a_check_tells_whether_a_fix_is_worth_asking_for(http: httpx.AsyncClient) -> None:
    small, red = await post(http, CHECKS, photo("d087")), await post(http, CHECKS, photo("d044"))
    assert (small.json()["fix_available"], red.json()["fix_available"]) == (True, False)


async def test_nothing_of_a_proposal_is_stored(http: httpx.AsyncClient, bucket: Bucket) -> None:
    before = bucket.keys()
    await fixed(http, photo("d087"))
    assert bucket.keys() == before


@pytest.mark.parametrize("address", [CHECKS, FIXES])
async def test_only_signed_in_people_have_photos_measured(http: httpx.AsyncClient, address: str) -> None:
    answer = await http.post(address, files={"file": ("photo.jpg", portrait(), "image/jpeg")})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")


@pytest.mark.parametrize(
    ("fields", "error"),
    [({"background": "green"}, "/background"), ({"profile": "passport"}, "/profile"), ({"sharpen": "1"}, "/sharpen")],
)
async def test_a_wrong_field_is_named(http: httpx.AsyncClient, fields: dict[str, str], error: str) -> None:
    answer = await post(http, FIXES, portrait(), **fields)
    assert (answer.status_code, [pointer for pointer, _ in error_codes(answer)]) == (422, [error])


@pytest.mark.parametrize(
    "row", [row for row in labels() if row["expected_verdict"] == "reject"], ids=lambda row: row["file"]
)
async def test_every_labelled_fault_is_named_over_http(http: httpx.AsyncClient, row: dict[str, str]) -> None:
    answer = await post(http, CHECKS, (PHOTOS / row["file"]).read_bytes())
    codes = {finding["code"] for finding in answer.json()["findings"]}
    assert all(codes & set(alternatives.split("/")) for alternatives in row["reasons"].split("|"))


@pytest.mark.parametrize("name", ["d001", "d025", "d026", "d096", "d102", "d113"])
async def test_no_mutated_photo_brings_the_service_down_or_keeps_it_busy(http: httpx.AsyncClient, name: str) -> None:
    for mutated in mutations(photo(name), count=12, first=2):
        for address in (CHECKS, f"{FIXES}?format=jpeg"):
            started = time.monotonic()
            answer = await post(http, address, mutated, **({"background": "blue"} if address != CHECKS else {}))
            assert answer.status_code in {200, 422}
            assert time.monotonic() - started < 5
