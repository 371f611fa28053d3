"""Uploads straight to the object store, as wx.uploadFile posts them: one key, one size, one type, and checked when they came."""

import hashlib
from typing import Any

import httpx
import pytest

from services.documents.resources import Resources
from tests.documents.papers import pdf_of_size
from tests.documents.service.people import Player
from tests.documents.service.steps import Bucket, Case, consent_to, error_codes, fresh_card, fresh_pdf, open_case


async def begin(http: httpx.AsyncClient, case: Case, content: bytes, *, kind: str = "sealed_scan") -> httpx.Response:
    body = {"bundle_id": str(case.bundle_id), "kind": kind, "bytes": len(content), "via": "store"} | consent_to(kind)
    return await http.post("/v1/documents/uploads", headers=case.nominee.headers, json=body)


async def post_to_store(form: dict[str, Any], content: bytes, **changes: str) -> int:
    async with httpx.AsyncClient(trust_env=False) as phone:
        files = {"file": ("scan.pdf", content, "application/pdf")}
        return (await phone.post(form["url"], data=form["fields"] | changes, files=files)).status_code


async def finish(http: httpx.AsyncClient, who: Player, upload: dict[str, Any], content: bytes) -> httpx.Response:
    body = {"sha256": hashlib.sha256(content).hexdigest()}
    return await http.post(f"/v1/documents/uploads/{upload['id']}/completion", headers=who.headers, json=body)


async def test_the_store_answers_a_phones_upload_with_201_and_never_204(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    form = (await begin(http, case, content)).json()["form"]
    unasked = await post_to_store(form, content, success_action_status="204")
    assert (await post_to_store(form, content), unasked // 100) == (201, 4)


async def test_a_file_posted_to_the_store_becomes_a_document(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    upload = (await begin(http, case, content)).json()
    status = await post_to_store(upload["form"], content)
    answer = await finish(http, case.nominee, upload, content)
    read = await http.get(f"/v1/documents/{answer.json()['id']}/content", headers=case.nominee.headers)
    assert (status // 100, answer.status_code, read.content == content) == (2, 201, True)


@pytest.mark.parametrize(
    ("surplus", "changes"),
    [
        pytest.param(b"x", {}, id="one byte more"),
        pytest.param(None, {}, id="one byte less"),
        pytest.param(b"", {"key": "incoming/other"}, id="another key"),
        pytest.param(b"", {"key": "../other/up"}, id="another bucket"),
        pytest.param(b"", {"Content-Type": "text/html"}, id="another type"),
        pytest.param(b"", {"policy": "e30="}, id="another policy"),
    ],
)
async def test_the_store_takes_nothing_but_what_was_signed(
    http: httpx.AsyncClient, bucket: Bucket, surplus: bytes | None, changes: dict[str, str]
) -> None:
    before, case, content = bucket.keys(), await open_case(http), fresh_pdf()
    form = (await begin(http, case, content)).json()["form"]
    status = await post_to_store(form, content[:-1] if surplus is None else content + surplus, **changes)
    assert (status // 100, bucket.keys() - before) == (4, set())


async def test_what_is_not_there_yet_is_not_finished(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    upload = (await begin(http, case, content)).json()
    answer = await finish(http, case.nominee, upload, content)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_incomplete")


async def test_what_another_hand_put_there_is_not_read_into_memory(http: httpx.AsyncClient, bucket: Bucket) -> None:
    case, content = await open_case(http), fresh_pdf()
    upload = (await begin(http, case, content)).json()
    bucket.write(upload["form"]["fields"]["key"], bytes(12_000_000))
    answer = await finish(http, case.nominee, upload, content)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_incomplete")


async def test_other_bytes_of_the_same_size_are_a_checksum_mismatch(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    upload = (await begin(http, case, content)).json()
    await post_to_store(upload["form"], bytes(len(content)))
    answer = await finish(http, case.nominee, upload, content)
    assert (answer.status_code, error_codes(answer)) == (422, [("/sha256", "checksum_mismatch")])


async def test_the_same_rules_hold_as_in_one_piece(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), pdf_of_size(2000) + b"PK\x03\x04"
    upload = (await begin(http, case, content)).json()
    await post_to_store(upload["form"], content)
    answer = await finish(http, case.nominee, upload, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_carries_other_data")


async def test_what_is_kept_sealed_never_goes_through_the_store_in_clear(http: httpx.AsyncClient) -> None:
    answer = await begin(http, await open_case(http), fresh_card(), kind="id_card_front")
    assert (answer.status_code, error_codes(answer)) == (422, [("/via", "direct_upload_refused")])


async def test_a_form_is_signed_for_the_address_that_phones_reach(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    upload = (await begin(http, await open_case(http), fresh_pdf())).json()
    assert upload["form"]["url"] == f"{resources.settings.s3_public_url}/{resources.settings.s3_bucket}"
