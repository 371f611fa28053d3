"""What people are shown: marked ID cards, thumbnails, links for ten minutes, the right file name, and who looked."""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import httpx
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import func, update

from services.documents.app import create_documents_app
from services.documents.life_tables import DocumentLinkRow
from services.documents.link_signing import LinkSigner
from services.documents.resources import Resources
from services.documents.settings import DocumentsSettings
from tests.documents.papers import heic
from tests.documents.service.conftest import in_shell
from tests.documents.service.people import SERVICE, Player, player, serve_jwks
from tests.documents.service.steps import (
    Case,
    fresh_card,
    fresh_pdf,
    fresh_portrait,
    open_case,
    register,
    upload,
    uploaded,
)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


async def content(http: httpx.AsyncClient, document: dict[str, str], who: Player, **headers: str) -> httpx.Response:
    return await http.get(f"/v1/documents/{document['id']}/content", headers=who.headers | headers)


async def link(http: httpx.AsyncClient, document: dict[str, str], who: Player, *, thumbnail: bool = False) -> str:
    answer = await http.post(
        f"/v1/documents/{document['id']}/links", headers=who.headers, json={"thumbnail": thumbnail}
    )
    assert answer.status_code == 201, answer.text
    url: str = answer.json()["url"]
    return url


@pytest.mark.parametrize("role", ["nominee", "clerk", "county", "city"])
async def test_an_id_card_is_marked_for_everybody_and_original_for_a_service_only(
    http: httpx.AsyncClient, role: str
) -> None:
    case, card = await open_case(http), fresh_card()
    document = await uploaded(http, case, card, kind="id_card_front")
    readers = {
        "nominee": case.nominee,
        "clerk": case.clerk,
        "county": player("county_reviewer"),
        "city": player("city_officer"),
    }
    seen = await content(http, document, readers[role])
    original = await content(http, document, SERVICE)
    assert original.content == card
    assert (seen.status_code, seen.headers["content-type"], opened(seen.content).size) == (
        200,
        "image/jpeg",
        (860, 540),
    )
    changed = (
        np.abs(np.asarray(opened(seen.content)).astype(int) - np.asarray(opened(card)).astype(int)).max(axis=2) > 40
    )
    bands = [changed[top : top + 135].mean() > 0.005 for top in range(0, 540, 135)]
    assert bands == [True] * 4


async def test_a_marked_view_has_no_etag_no_range_and_is_not_kept(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    document = await uploaded(http, case, fresh_card(), kind="id_card_front")
    answer = await content(http, document, case.nominee, Range="bytes=0-9", **{"If-None-Match": "*"})
    assert (answer.status_code, answer.headers["accept-ranges"], answer.headers["cache-control"]) == (
        200,
        "none",
        "private, no-store",
    )
    assert "etag" not in answer.headers


async def test_a_heic_is_kept_as_a_jpeg_without_the_place(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    document = await uploaded(http, case, heic(), kind="honour_certificate")
    read = await content(http, document, case.nominee)
    assert (document["media_type"], document["width"], document["height"]) == ("image/jpeg", 120, 160)
    assert (document["sha256"] != document["received_sha256"], document["bytes"]) == (True, len(read.content))
    assert (opened(read.content).format, dict(opened(read.content).getexif())) == ("JPEG", {})


async def test_a_heic_portrait_is_judged_as_the_jpeg_it_becomes(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = await upload(http, case.nominee, case.bundle_id, heic())
    codes = {error["code"] for error in answer.json()["errors"]}
    assert (answer.json()["code"], {"not_jpeg"} & codes, {"pixels_too_few"} <= codes) == ("photo_rejected", set(), True)


async def test_a_thumbnail_is_small_has_an_etag_and_is_marked_where_the_file_is(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    photo = await uploaded(http, case, fresh_portrait())
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    small = await http.get(f"/v1/documents/{photo['id']}/thumbnail", headers=case.nominee.headers)
    again = await http.get(
        f"/v1/documents/{photo['id']}/thumbnail",
        headers=case.nominee.headers | {"If-None-Match": small.headers["etag"]},
    )
    marked = await http.get(f"/v1/documents/{card['id']}/thumbnail", headers=case.nominee.headers)
    clean = await http.get(f"/v1/documents/{card['id']}/thumbnail", headers=SERVICE.headers)
    assert (max(opened(small.content).size), again.status_code) == (320, 304)
    assert (max(opened(marked.content).size), marked.content != clean.content, "etag" in marked.headers) == (
        320,
        True,
        False,
    )


async def test_the_thumbnail_of_a_pdf_is_its_first_page(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    scan = await uploaded(http, case, fresh_pdf(), kind="sealed_scan")
    small = await http.get(f"/v1/documents/{scan['id']}/thumbnail", headers=case.nominee.headers)
    linked = await http.get(await link(http, scan, case.nominee, thumbnail=True))
    assert (small.status_code, small.headers["content-type"], small.headers["etag"]) == (
        200,
        "image/jpeg",
        f'"{scan["sha256"]}-thumbnail"',
    )
    assert (Image.open(io.BytesIO(small.content)).size, linked.content) == ((227, 320), small.content)


async def test_a_link_needs_no_header_shows_what_its_person_sees_and_is_their_view(http: httpx.AsyncClient) -> None:
    case, reviewer = await open_case(http), player("county_reviewer")
    photo_bytes = fresh_portrait()
    photo = await uploaded(http, case, photo_bytes)
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    whole = await http.get(await link(http, photo, reviewer))
    part = await http.get(await link(http, photo, reviewer), headers={"Range": "bytes=3-9"})
    marked = await http.get(await link(http, card, reviewer))
    views = await http.get(f"/v1/documents/{card['id']}/views", headers=case.nominee.headers)
    assert (whole.content == photo_bytes, part.status_code, part.content) == (True, 206, photo_bytes[3:10])
    assert (marked.headers["accept-ranges"], [each["shown"] for each in views.json()["items"]]) == (
        "none",
        ["watermarked"],
    )


async def test_a_link_tells_nothing_and_ends_after_ten_minutes(http: httpx.AsyncClient, resources: Resources) -> None:
    case = await open_case(http)
    document = await uploaded(http, case, fresh_portrait())
    answer = await http.post(f"/v1/documents/{document['id']}/links", headers=case.nominee.headers, json={})
    url = answer.json()["url"]
    life = datetime.fromisoformat(answer.json()["expires_at"]) - datetime.now(UTC)
    link_id = resources.links.read(url.split("/")[4])
    async with resources.database.transaction() as session:
        await session.execute(
            update(DocumentLinkRow).where(DocumentLinkRow.id == link_id).values(expires_at=func.now())
        )
    late = await http.get(url)
    assert (
        timedelta(minutes=9) < life <= timedelta(minutes=10),
        document["id"] in url,
        str(case.nominee.id) in url,
    ) == (
        True,
        False,
        False,
    )
    assert (late.status_code, late.json()["code"]) == (410, "link_expired")


async def test_an_invented_or_altered_link_opens_nothing(http: httpx.AsyncClient, resources: Resources) -> None:
    case = await open_case(http)
    document = await uploaded(http, case, fresh_portrait())
    url = await link(http, document, case.nominee)
    token = url.split("/")[4]
    other = LinkSigner(resources.settings.object_encryption_key).sign(resources.links.read(token) or case.bundle_id)
    flipped = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    answers = [
        await http.get(f"/v1/documents/links/{each}/a.jpg")
        for each in (other, flipped, token.split(".")[0], "x.", "é", "%00", token + "x")
    ]
    assert [each.status_code for each in answers] == [410] * 7


async def test_who_may_not_read_gets_no_link(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    document = await uploaded(http, case, fresh_portrait())
    answers = [
        await http.post(f"/v1/documents/{document['id']}/links", headers=who.headers, json={})
        for who in (player("nominee"), SERVICE)
    ]
    assert [each.status_code for each in answers] == [404, 403]


def name_of(answer: httpx.Response) -> str:
    return unquote(answer.headers["content-disposition"].rpartition("''")[2])


async def named_case(http: httpx.AsyncClient, unit: str, person: str | None) -> Case:
    case = await open_case(http)
    await register(http, case, unit_name=unit, person_name=person)
    return case


async def test_r127_files_are_named_unit_plus_person(http: httpx.AsyncClient) -> None:
    case = await named_case(http, "示例名称公司", "示例甲")
    photo = await uploaded(http, case, fresh_portrait())
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    scans = [await uploaded(http, case, fresh_pdf(), kind="sealed_scan") for _ in range(2)]
    names = [name_of(await content(http, each, case.nominee)) for each in (photo, card, *scans)]
    assert names == [
        "示例名称公司+示例甲.jpg",
        "示例名称公司+示例甲-身份证人像面.jpg",
        "示例名称公司+示例甲-盖章扫描件.pdf",
        "示例名称公司+示例甲-盖章扫描件(2).pdf",
    ]


async def test_namesakes_that_come_at_once_are_numbered_and_keep_their_numbers(http: httpx.AsyncClient) -> None:
    cases = [await open_case(http) for _ in range(4)]
    names = {"unit_name": "示例同名公司", "person_name": "示例乙"}
    bundles = await asyncio.gather(*(register(http, case, **names) for case in cases))
    again = [await register(http, case, **names) for case in cases]
    unnamed = [await register(http, case) for case in cases]
    stem = "示例同名公司+示例乙"
    assert sorted(each["file_stem"] for each in bundles) == [stem, f"{stem}(2)", f"{stem}(3)", f"{stem}(4)"]
    assert [each["file_stem"] for each in again] == [each["file_stem"] for each in bundles]
    assert [each["file_stem"] for each in unnamed] == [each["file_stem"] for each in bundles]


async def test_a_corrected_name_names_the_files_anew(http: httpx.AsyncClient) -> None:
    case = await named_case(http, "示例改名公司", "示例丙")
    corrected = await register(http, case, unit_name="示例改名公司", person_name="示例丁")
    assert corrected["file_stem"] == "示例改名公司+示例丁"


async def test_a_person_sees_who_was_shown_their_papers_and_nobody_else_does(http: httpx.AsyncClient) -> None:
    case, reviewer = await open_case(http), player("county_reviewer")
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    for who in (reviewer, SERVICE, reviewer):
        await content(http, card, who)
    address = f"/v1/documents/{card['id']}/views"
    first = (await http.get(address, headers=case.nominee.headers, params={"page_size": 2})).json()
    rest = await http.get(
        address, headers=case.nominee.headers, params={"page_size": 2, "page_token": first["next_page_token"]}
    )
    others = [
        await http.get(address, headers=who.headers) for who in (case.clerk, reviewer, player("nominee"), SERVICE)
    ]
    assert [(each["viewer_name"], each["shown"]) for each in first["items"] + rest.json()["items"]] == [
        ("测试甲", "watermarked"),
        ("nominations", "original"),
        ("测试甲", "watermarked"),
    ]
    assert ([each.status_code for each in others], rest.json()["next_page_token"]) == ([404] * 4, None)


async def test_the_views_of_a_collectives_papers_are_its_clerks_to_see(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    await register(http, case, owner_person_id=None)
    scan = (await upload(http, case.clerk, case.bundle_id, fresh_pdf(), kind="sealed_scan")).json()
    answers = [
        await http.get(f"/v1/documents/{scan['id']}/views", headers=who.headers)
        for who in (case.clerk, player("unit_clerk"))
    ]
    assert [each.status_code for each in answers] == [200, 404]


async def test_papers_of_a_campaign_that_is_gone_are_still_read_and_cards_still_marked(
    http: httpx.AsyncClient, settings: DocumentsSettings, tmp_path: Path
) -> None:
    case = await open_case(http)
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    bare = create_documents_app(settings.model_copy(update={"campaigns_folder": tmp_path}), in_process=serve_jwks)
    async with bare.router.lifespan_context(bare):
        transport = httpx.ASGITransport(app=in_shell(bare), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://documents") as later:
            answer = await content(later, card, case.nominee)
            scan = await content(later, card, SERVICE)
    assert (answer.status_code, answer.headers["accept-ranges"], name_of(scan)) == (200, "none", "id_card_front.jpg")
