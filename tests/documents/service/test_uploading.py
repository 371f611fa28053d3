"""A file comes in (R124-R126, R130, R177, R184)."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from uuid_utils.compat import uuid7

from tests.documents.papers import heic, pdf, pdf_of_size
from tests.documents.pictures import (
    drawing,
    encoded,
    mutations,
    of_size,
    photo,
    portrait,
    with_claimed_size,
    with_place,
)
from tests.documents.service.people import DAIXIAN, SERVICE, Player, player
from tests.documents.service.steps import (
    Bucket,
    error_codes,
    fresh_card,
    fresh_portrait,
    kinds_in_force,
    open_case,
    upload,
    uploaded,
)

PDF = pdf()
DEMO_PICTURES = Path("services/demo/pictures")


async def test_a_good_portrait_is_stored_and_read_back_byte_for_byte(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_portrait()
    answer = await upload(http, case.nominee, case.bundle_id, content)
    document = answer.json()
    read = await http.get(f"/v1/documents/{document['id']}/content", headers=case.nominee.headers)
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/documents/{document['id']}")
    assert read.content == content
    uploaded_at = document.pop("uploaded_at")
    assert uploaded_at.endswith("Z")
    assert document == {
        "id": str(UUID(document["id"])),
        "kind": "portrait",
        "bundle_id": str(case.bundle_id),
        "ordinal": 1,
        "sha256": hashlib.sha256(content).hexdigest(),
        "received_sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "media_type": "image/jpeg",
        "width": 413,
        "height": 579,
        "pages": None,
        "verdict": "accept",
        "findings": [],
        "not_checked": [],
        "print_codes": None,
        "card_read": False,
        "consent": None,
        "replaced_at": None,
        "held_for": None,
    }


@pytest.mark.parametrize(
    ("content", "code", "requirement"),
    [
        pytest.param(portrait(background=(200, 40, 40)), "bg_not_blue", "R124", id="red background"),
        pytest.param(encoded(drawing(), "PNG"), "not_jpeg", "R126", id="PNG renamed"),
        pytest.param(portrait(width=295, height=413), "pixels_too_few", "R124", id="one inch"),
        pytest.param(photo("d087"), "size_below_min", "R125", id="too few bytes"),
        pytest.param(b"", "empty", None, id="nothing"),
    ],
)
async def test_a_bad_portrait_is_refused_by_the_code_of_its_fault(
    http: httpx.AsyncClient, content: bytes, code: str, requirement: str | None
) -> None:
    case = await open_case(http)
    answer = await upload(http, case.nominee, case.bundle_id, content)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["check"]["verdict"]) == (422, "photo_rejected", "reject")
    named = {error["code"]: error for error in problem["errors"]}
    assert (named[code]["pointer"], named[code].get("requirement")) == ("/file", requirement)
    assert [finding["code"] for finding in problem["check"]["findings"]].count(code) == 1
    assert await kinds_in_force(http, case) == []


async def test_a_photo_check_answers_what_the_upload_would_say_and_stores_nothing(
    http: httpx.AsyncClient, bucket: Bucket
) -> None:
    before = bucket.keys()
    case, content = await open_case(http), portrait(background=(200, 40, 40))
    files = {"file": ("photo.jpg", content, "image/jpeg")}
    check = await http.post("/v1/documents/photo-checks", headers=case.nominee.headers, files=files)
    refused = await upload(http, case.nominee, case.bundle_id, content)
    assert (check.status_code, check.json()) == (200, refused.json()["check"])
    assert (check.json()["verdict"], check.json()["fix_available"]) == ("reject", False)
    assert bucket.keys() == before


async def test_a_portrait_is_kept_without_its_place_and_not_a_pixel_less(http: httpx.AsyncClient) -> None:
    case, bare = await open_case(http), fresh_portrait()
    document = (await upload(http, case.nominee, case.bundle_id, with_place(bare))).json()
    kept = (await http.get(f"/v1/documents/{document['id']}/content", headers=case.nominee.headers)).content
    assert (kept, document["bytes"], document["sha256"] == document["received_sha256"]) == (bare, len(bare), False)


async def test_the_size_of_a_portrait_is_that_of_what_is_kept_r125(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    heavy_by_its_place = with_place(of_size(encoded(drawing(), quality=70), 49_900))
    assert len(heavy_by_its_place) > 50_000
    answer = await upload(http, case.nominee, case.bundle_id, heavy_by_its_place)
    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (422, ["size_below_min"])


async def test_a_photo_check_needs_a_signed_in_person(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/documents/photo-checks", files={"file": ("photo.jpg", portrait(), "image/jpeg")})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")


async def test_an_unknown_photo_profile_is_named(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        "/v1/documents/photo-checks",
        headers=player("nominee").headers,
        files={"file": ("photo.jpg", portrait(), "image/jpeg")},
        data={"profile": "passport"},
    )
    assert (answer.json()["code"], error_codes(answer)) == (
        "photo_profile_unknown",
        [("/profile", "photo_profile_unknown")],
    )


@pytest.mark.parametrize(
    ("content", "code", "error"),
    [
        pytest.param(b"", "file_empty", "empty", id="nothing"),
        pytest.param(encoded(drawing(), "WEBP"), "file_type_refused", "format_not_accepted", id="WebP"),
        pytest.param(fresh_card()[:-4000], "file_damaged", "truncated", id="cut off"),
        pytest.param(
            with_claimed_size(fresh_card(), width=64000, height=64000),
            "file_too_many_pixels",
            "too_many_pixels",
            id="decompression bomb",
        ),
        pytest.param(PDF, "file_type_refused", "format_not_accepted", id="PDF as an ID card"),
    ],
)
async def test_a_bad_file_of_another_kind_is_refused_by_its_cause(
    http: httpx.AsyncClient, content: bytes, code: str, error: str
) -> None:
    case = await open_case(http)
    answer = await upload(http, case.nominee, case.bundle_id, content, kind="id_card_front")
    assert (answer.status_code, answer.json()["code"], error_codes(answer)) == (422, code, [("/file", error)])


async def test_a_file_above_the_limit_of_its_kind_is_refused(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = await upload(http, case.nominee, case.bundle_id, pdf_of_size(10_000_000), kind="deeds_annex")
    assert (answer.status_code, answer.json()["code"], error_codes(answer)) == (
        422,
        "file_too_large",
        [("/file", "file_too_large")],
    )


async def test_a_sealed_scan_may_be_a_pdf(http: httpx.AsyncClient) -> None:
    document = await uploaded(http, await open_case(http), PDF, kind="sealed_scan")
    assert (document["media_type"], document["width"], document["pages"], document["not_checked"]) == (
        "application/pdf",
        None,
        1,
        ["content"],
    )


async def test_12_megabytes_are_413_as_json_whether_or_not_the_length_was_declared(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    declared = await upload(http, case.nominee, case.bundle_id, bytes(12_000_000))

    async def chunks() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        for _ in range(12):
            yield bytes(1_000_000)

    headers = case.nominee.headers | {"Content-Type": "multipart/form-data; boundary=b"}
    streamed = await http.post("/v1/documents", headers=headers, content=chunks())
    assert [(answer.status_code, answer.json()["code"]) for answer in (declared, streamed)] == [
        (413, "payload_too_large")
    ] * 2


async def test_a_kind_that_the_campaign_does_not_have_is_named(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = await upload(http, case.nominee, case.bundle_id, fresh_portrait(), kind="passport")
    assert (answer.status_code, error_codes(answer)) == (422, [("/kind", "document_kind_unknown")])


async def test_every_wrong_form_field_is_named_at_once(http: httpx.AsyncClient) -> None:
    answer = await http.post(
        "/v1/documents",
        headers=player("nominee").headers,
        files={"photo": ("photo.jpg", portrait(), "image/jpeg")},
        data={"kind": "portrait", "bundle_id": "7"},
    )
    assert (answer.status_code, sorted(error_codes(answer))) == (
        422,
        [("/bundle_id", "invalid_id"), ("/file", "required"), ("/photo", "unknown_field")],
    )


async def test_an_upload_that_is_not_multipart_is_refused_as_json(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/documents", headers=player("nominee").headers, json={"kind": "portrait"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


# Starlette leaves the spooled file of an unfinished part to the garbage collector, and Python says so.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
async def test_a_multipart_body_without_its_end_is_refused_as_json(http: httpx.AsyncClient) -> None:
    headers = player("nominee").headers | {"Content-Type": "multipart/form-data; boundary=b"}
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + portrait()[:5000]
    answer = await http.post("/v1/documents", headers=headers, content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert sorted(error_codes(answer)) == [("/bundle_id", "required"), ("/file", "required"), ("/kind", "required")]


async def test_the_same_idempotency_key_makes_one_document_and_answers_twice(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_card()
    answers = [
        await upload(
            http,
            case.nominee,
            case.bundle_id,
            content,
            kind="honour_certificate",
            **{"Idempotency-Key": "key-00000001"},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotent-replayed"] == "true"
    assert await kinds_in_force(http, case) == ["honour_certificate"]


async def test_an_idempotency_key_is_not_for_another_file(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    key = {"Idempotency-Key": "key-00000002"}
    await upload(http, case.nominee, case.bundle_id, fresh_portrait(), **key)
    answer = await upload(http, case.nominee, case.bundle_id, fresh_portrait(), **key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_new_portrait_replaces_the_one_in_force_and_leaves_it_readable(http: httpx.AsyncClient) -> None:
    case, first_content = await open_case(http), fresh_portrait()
    first = await uploaded(http, case, first_content)
    second = await uploaded(http, case, fresh_portrait())
    bundle = await http.get(f"/v1/documents/bundles/{case.bundle_id}", headers=case.nominee.headers)
    old = await http.get(f"/v1/documents/{first['id']}", headers=case.nominee.headers)
    old_content = await http.get(f"/v1/documents/{first['id']}/content", headers=case.nominee.headers)
    assert bundle.json() == {"bundle_id": str(case.bundle_id), "frozen": False, "items": [second]}
    every = await http.get(
        f"/v1/documents/bundles/{case.bundle_id}", headers=case.nominee.headers, params={"with_replaced": "true"}
    )
    assert [(item["id"], item["ordinal"]) for item in every.json()["items"]] == [(first["id"], 1), (second["id"], 2)]
    assert old.json()["replaced_at"] >= first["uploaded_at"]
    assert old_content.content == first_content


async def test_portraits_sent_at_once_leave_one_in_force(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answers = await asyncio.gather(*(upload(http, case.nominee, case.bundle_id, fresh_portrait()) for _ in range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert await kinds_in_force(http, case) == ["portrait"]


async def test_the_sixth_certificate_of_five_is_refused_even_when_all_come_at_once(http: httpx.AsyncClient) -> None:
    case, kind = await open_case(http), "professional_title_certificate"
    answers = await asyncio.gather(
        *(upload(http, case.nominee, case.bundle_id, fresh_card(), kind=kind) for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 201, 201, 201, 409]


async def test_the_same_bytes_sent_twice_are_one_object(http: httpx.AsyncClient, bucket: Bucket) -> None:
    before, content = bucket.keys(), fresh_portrait()
    for _ in range(2):
        await uploaded(http, await open_case(http), content)
    assert bucket.keys() - before == {f"objects/{hashlib.sha256(content).hexdigest()}"}


@pytest.mark.parametrize(
    "stranger",
    [
        pytest.param(player("nominee"), id="another nominee"),
        pytest.param(player("unit_clerk"), id="another unit's clerk"),
        pytest.param(player("county_officer", jurisdiction=DAIXIAN), id="another county"),
        pytest.param(player("county_reviewer"), id="a reviewer only reads"),
    ],
)
async def test_who_may_not_fill_a_bundle_does_not_find_it(http: httpx.AsyncClient, stranger: Player) -> None:
    case = await open_case(http)
    answer = await upload(http, stranger, case.bundle_id, fresh_portrait())
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_an_official_files_a_scan_but_replaces_no_paper_of_the_nominee(http: httpx.AsyncClient) -> None:
    case, officer = await open_case(http), player("county_officer")
    scan = await upload(http, officer, case.bundle_id, PDF, kind="sealed_scan")
    card = await upload(http, officer, case.bundle_id, fresh_card(), kind="id_card_front")
    assert [scan.status_code, (card.status_code, card.json()["code"])] == [201, (403, "document_kind_not_yours")]


async def test_nobody_uploads_into_a_bundle_that_is_not_there(http: httpx.AsyncClient) -> None:
    answer = await upload(http, player("city_officer"), uuid7(), fresh_portrait())
    assert answer.status_code == 404


async def test_a_service_uploads_nothing(http: httpx.AsyncClient) -> None:
    answer = await upload(http, SERVICE, (await open_case(http)).bundle_id, fresh_portrait())
    assert answer.status_code == 403


async def test_a_portrait_that_is_an_archive_too_is_refused(http: httpx.AsyncClient) -> None:
    case, archive, photo_bytes = await open_case(http), io.BytesIO(), fresh_portrait()
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr("a.txt", b"hidden")
    comment = b"\xff\xfe" + (len(archive.getvalue()) + 2).to_bytes(2) + archive.getvalue()
    answer = await upload(http, case.nominee, case.bundle_id, photo_bytes[:-2] + comment + photo_bytes[-2:])
    assert (answer.status_code, answer.json()["code"]) == (422, "file_carries_other_data")


@pytest.mark.parametrize("content", [heic(), pdf(pages=2)], ids=["heic", "pdf"])
async def test_no_mutated_file_is_answered_by_an_error_of_ours(http: httpx.AsyncClient, content: bytes) -> None:
    case = await open_case(http)
    statuses: set[int] = set()
    for mutated in mutations(content, count=40, first=0):
        answer = await upload(http, case.nominee, case.bundle_id, mutated, kind="honour_certificate")
        statuses.add(answer.status_code)
    assert statuses <= {201, 409, 422}


@pytest.mark.parametrize(
    ("kind", "picture", "codes"),
    [
        ("id_card_front", "id_card_front", []),
        ("id_card_back", "id_card_back", []),
        ("id_card_front", "id_card_back", ["card_wrong_side"]),
        ("id_card_back", "id_card_front", ["card_wrong_side"]),
    ],
)
async def test_a_card_copy_is_looked_over_and_doubts_go_to_a_person_r184(
    http: httpx.AsyncClient, kind: str, picture: str, codes: list[str]
) -> None:
    case = await open_case(http)
    content = (DEMO_PICTURES / f"{picture}.jpg").read_bytes()
    answer = await upload(http, case.nominee, case.bundle_id, content, kind=kind)
    body = answer.json()
    assert (answer.status_code, [finding["code"] for finding in body["findings"]]) == (201, codes), body
    assert (body["verdict"], body["not_checked"]) == ("review", ["content"])  # nobody read it here: never passed
