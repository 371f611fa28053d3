"""A picture that is not sound is refused for what it is, never answered 500; what is accepted can be shown (R130, R184)."""

from base64 import b64decode
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from services.documents.resources import Resources
from services.documents.tables import DocumentRow, StoredObjectRow
from services.documents.uploaded_bytes import digest_of
from tests.documents.odd_pictures import (
    png_of_nothing,
    with_bare_marker,
    with_chunk,
    with_components,
    with_cut_resolution,
    with_fill_byte,
    with_second_size,
    with_short_adobe_marker,
    with_short_colour_profile,
    without_chunk,
)
from tests.documents.pictures import drawing, encoded, with_place
from tests.documents.service.people import player
from tests.documents.service.steps import (
    Bucket,
    error_codes,
    fresh_card,
    fresh_portrait,
    open_case,
    upload,
    uploaded,
)

PNG = encoded(drawing(width=80, height=60), "PNG")
PALETTE = encoded(drawing(width=80, height=60).quantize(64), "PNG")
JPEG = encoded(drawing(width=80, height=60))
BOMB = png_of_nothing(width=20_000, height=20_000)
UNSOUND = {
    "a frame of no component": with_components(JPEG, 0),
    "a frame of two components": with_components(JPEG, 2),
    "a frame of five components": with_components(JPEG, 5),
    "a frame of 255 components": with_components(JPEG, 255),
    "a second size that is a bomb": with_second_size(PNG, width=20_000, height=20_000),
    "a second size that is none": with_second_size(PNG, width=81, height=61),
    "a size behind the picture": with_second_size(PNG, width=81, height=61, before=b"IEND"),
    "a broken colour profile behind the picture": with_chunk(PNG, b"iCCP", b"x\x00", before=b"IEND"),
    "a palette picture without its palette": without_chunk(PALETTE, b"PLTE"),
    "a short Adobe marker": with_short_adobe_marker(JPEG),
    "a short colour profile": with_short_colour_profile(JPEG),
    "a cut resolution of Photoshop's": with_cut_resolution(JPEG),
}


async def post(http: httpx.AsyncClient, address: str, content: bytes, **fields: str) -> httpx.Response:
    files = {"file": ("photo.jpg", content, "image/jpeg")}
    return await http.post(f"/v1/documents/{address}", headers=player("nominee").headers, files=files, data=fields)


@pytest.mark.parametrize("content", UNSOUND.values(), ids=UNSOUND.keys())
async def test_a_paper_that_is_no_sound_picture_is_damaged(http: httpx.AsyncClient, content: bytes) -> None:
    case = await open_case(http)
    answer = await upload(http, case.nominee, case.bundle_id, content, kind="honour_certificate")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_damaged")
    assert error_codes(answer) == [("/file", "corrupt")]


@pytest.mark.parametrize(
    "make",
    [lambda jpeg: with_components(jpeg, 2), with_short_adobe_marker, with_short_colour_profile, with_cut_resolution],
    ids=["two components", "a short Adobe marker", "a short colour profile", "a cut resolution"],
)
async def test_a_portrait_that_cannot_be_shown_is_damaged(http: httpx.AsyncClient, make: Any) -> None:
    case = await open_case(http)
    answer = await upload(http, case.nominee, case.bundle_id, make(fresh_portrait()))
    assert (answer.status_code, error_codes(answer)) == (422, [("/file", "corrupt")])


async def test_a_portrait_that_has_a_place_and_no_picture_is_damaged(http: httpx.AsyncClient) -> None:
    case, photo = await open_case(http), with_place(fresh_portrait())
    answer = await upload(http, case.nominee, case.bundle_id, photo[: photo.index(b"\xff\xda")] + b"\xff\xd9")
    assert (answer.status_code, error_codes(answer)) == (422, [("/file", "corrupt")])


async def test_a_portrait_that_only_needs_to_be_written_anew_is_mended(http: httpx.AsyncClient) -> None:
    answer = await post(http, "photo-fixes", with_short_adobe_marker(fresh_portrait()))
    document = await uploaded(http, await open_case(http), b64decode(answer.json()["image_base64"]))
    assert document["verdict"] == "accept"


async def test_a_card_of_more_pixels_than_bytes_is_damaged(http: httpx.AsyncClient) -> None:
    answer = await post(http, "card-checks", BOMB, side="front")
    assert (answer.status_code, error_codes(answer)) == (422, [("/file", "file_damaged")])


async def test_a_picture_of_more_pixels_than_bytes_is_not_fixable(http: httpx.AsyncClient) -> None:
    answer = await post(http, "photo-fixes", BOMB)
    assert (answer.status_code, answer.json()["code"]) == (422, "photo_not_fixable")
    assert error_codes(answer) == [("/file", "not_jpeg")]


@pytest.mark.parametrize("make", [with_fill_byte, with_bare_marker])
async def test_a_good_photo_with_more_bytes_between_its_segments_is_stripped(
    http: httpx.AsyncClient, make: Any
) -> None:
    answer = await post(http, "photo-fixes", make(fresh_portrait()))
    assert (answer.status_code, [each["code"] for each in answer.json()["changes"]]) == (200, ["metadata_removed"])


async def exchanged(resources: Resources, bucket: Bucket, document: dict[str, Any], content: bytes) -> None:
    """The document has these bytes, as if they had come so."""
    async with resources.database.transaction() as session:
        key = select(DocumentRow.object_key).where(DocumentRow.id == UUID(document["id"])).scalar_subquery()
        row = (await session.scalars(select(StoredObjectRow).where(StoredObjectRow.object_key == key))).one()
        row.sha256, row.byte_count = digest_of(content), len(content)
        if row.sealed:
            sealed = resources.cipher.seal(content, object_key=row.object_key)
            row.key_id, row.wrapped_key, content = sealed.key_id, sealed.wrapped_key, sealed.content
    bucket.write(row.object_key, content)


@pytest.mark.parametrize(("kind", "shown"), [("id_card_front", "content"), ("honour_certificate", "thumbnail")])
async def test_a_picture_that_was_kept_before_and_cannot_be_drawn_is_said_to_be_so(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket, kind: str, shown: str
) -> None:
    """The release that took it asked only the decoder by which it measured."""
    case = await open_case(http)
    content = fresh_card()
    document = await uploaded(http, case, content, kind=kind)
    await exchanged(resources, bucket, document, with_short_adobe_marker(content))
    answer = await http.get(f"/v1/documents/{document['id']}/{shown}", headers=case.nominee.headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "thumbnail_unavailable")
