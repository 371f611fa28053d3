"""Uploads in chunks: resumable, repeatable, bounded, and as strict as in one piece."""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import func, select, update

from services.documents.app import create_documents_app
from services.documents.resources import Resources
from services.documents.settings import DocumentsSettings
from services.documents.sweeping import sweep
from services.documents.tables import PendingObjectRow
from services.documents.upload_tables import UploadChunkRow, UploadRow
from tests.documents.papers import pdf_of_size
from tests.documents.pictures import portrait
from tests.documents.service.conftest import in_shell
from tests.documents.service.people import Player, player, serve_jwks
from tests.documents.service.steps import (
    Bucket,
    Case,
    consent_to,
    error_codes,
    fresh_card,
    fresh_pdf,
    kinds_in_force,
    open_case,
    set_state,
    uploaded,
)

CHUNK = 65_536


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def begin(
    http: httpx.AsyncClient,
    case: Case,
    content: bytes,
    *,
    kind: str = "sealed_scan",
    who: Player | None = None,
    **more: Any,
) -> httpx.Response:
    body = {"bundle_id": str(case.bundle_id), "kind": kind, "bytes": len(content), "chunk_bytes": CHUNK}
    body |= consent_to(kind)
    headers = (who or case.nominee).headers | more.pop("headers", {})
    return await http.post("/v1/documents/uploads", headers=headers, json=body | more)


async def begun(http: httpx.AsyncClient, case: Case, content: bytes, **more: Any) -> str:
    answer = await begin(http, case, content, **more)
    assert answer.status_code == 201, answer.text
    upload_id: str = answer.json()["id"]
    return upload_id


async def send(http: httpx.AsyncClient, who: Player, upload_id: str, content: bytes, offset: int) -> httpx.Response:
    return await http.post(
        f"/v1/documents/uploads/{upload_id}/chunks",
        headers=who.headers,
        files={"file": ("chunk", content[offset : offset + CHUNK], "application/octet-stream")},
        data={"offset": str(offset)},
    )


async def send_all(http: httpx.AsyncClient, case: Case, upload_id: str, content: bytes) -> None:
    for offset in range(0, len(content), CHUNK):
        answer = await send(http, case.nominee, upload_id, content, offset)
        assert answer.status_code == 200, answer.text


async def finish(http: httpx.AsyncClient, who: Player, upload_id: str, content: bytes, **more: Any) -> httpx.Response:
    body = {"sha256": sha256(content)} | more
    return await http.post(f"/v1/documents/uploads/{upload_id}/completion", headers=who.headers, json=body)


async def test_chunks_in_any_order_become_the_document_byte_for_byte(http: httpx.AsyncClient, bucket: Bucket) -> None:
    case, content = await open_case(http), pdf_of_size(200_000)
    upload_id = await begun(http, case, content, sha256=sha256(content))
    for offset in (CHUNK * 3, 0, CHUNK * 2, CHUNK):
        progress = (await send(http, case.nominee, upload_id, content, offset)).json()
    document = await finish(http, case.nominee, upload_id, content)
    read = await http.get(f"/v1/documents/{document.json()['id']}/content", headers=case.nominee.headers)
    assert (progress["state"], progress["held"], progress["missing"]) == (
        "received",
        [{"first": 0, "last": len(content) - 1}],
        [],
    )
    assert (document.status_code, document.json()["pages"], read.content == content) == (201, 1, True)


async def test_the_status_tells_what_is_held_and_what_is_missing(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), pdf_of_size(300_000)
    upload_id = await begun(http, case, content)
    for offset in (0, CHUNK, CHUNK * 3):
        await send(http, case.nominee, upload_id, content, offset)
    status = (await http.get(f"/v1/documents/uploads/{upload_id}", headers=case.nominee.headers)).json()
    assert (status["state"], status["held"], status["missing"]) == (
        "receiving",
        [{"first": 0, "last": 2 * CHUNK - 1}, {"first": 3 * CHUNK, "last": 4 * CHUNK - 1}],
        [{"first": 2 * CHUNK, "last": 3 * CHUNK - 1}, {"first": 4 * CHUNK, "last": len(content) - 1}],
    )


async def test_a_chunk_sent_again_also_at_once_changes_nothing(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    upload_id = await begun(http, case, content)
    answers = await asyncio.gather(*(send(http, case.nominee, upload_id, content, 0) for _ in range(4)))
    assert [(each.status_code, each.json()["state"]) for each in answers] == [(200, "received")] * 4


async def test_other_bytes_for_the_same_place_are_refused(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    upload_id = await begun(http, case, content)
    await send(http, case.nominee, upload_id, content, 0)
    answer = await send(http, case.nominee, upload_id, bytes(len(content)), 0)
    assert (answer.status_code, answer.json()["code"]) == (409, "chunk_differs")


async def test_a_chunk_off_the_grid_or_of_another_length_is_refused_by_name(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), pdf_of_size(100_000)
    upload_id = await begun(http, case, content)
    answers = [await send(http, case.nominee, upload_id, content, offset) for offset in (1, CHUNK * 9)]
    answers.append(await send(http, case.nominee, upload_id, content[:100], 0))
    assert [(each.status_code, error_codes(each)) for each in answers] == [(422, [("/offset", "chunk_misplaced")])] * 3


async def test_an_upload_is_finished_after_a_restart_of_the_service(
    http: httpx.AsyncClient, settings: DocumentsSettings
) -> None:
    case, content = await open_case(http), pdf_of_size(150_000)
    upload_id = await begun(http, case, content)
    await send(http, case.nominee, upload_id, content, 0)
    again = create_documents_app(settings, in_process=serve_jwks)
    async with again.router.lifespan_context(again):
        transport = httpx.ASGITransport(app=in_shell(again), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://documents") as restarted:
            for offset in (CHUNK, CHUNK * 2):
                await send(restarted, case.nominee, upload_id, content, offset)
            answer = await finish(restarted, case.nominee, upload_id, content)
    assert (answer.status_code, answer.json()["sha256"]) == (201, sha256(content))


async def test_finishing_twice_also_at_once_makes_one_document(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    upload_id = await begun(http, case, content)
    await send_all(http, case, upload_id, content)
    answers = await asyncio.gather(*(finish(http, case.nominee, upload_id, content) for _ in range(3)))
    answers.append(await finish(http, case.nominee, upload_id, content))
    assert [each.status_code for each in answers] == [201] * 4
    assert len({each.json()["id"] for each in answers}) == 1
    assert await kinds_in_force(http, case) == ["sealed_scan"]


async def test_finishing_early_or_with_another_checksum_keeps_what_came(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), pdf_of_size(100_000)
    upload_id = await begun(http, case, content)
    await send(http, case.nominee, upload_id, content, 0)
    early = await finish(http, case.nominee, upload_id, content)
    await send(http, case.nominee, upload_id, content, CHUNK)
    wrong = await finish(http, case.nominee, upload_id, content + b"x")
    right = await finish(http, case.nominee, upload_id, content)
    assert [(each.status_code, each.json().get("code")) for each in (early, wrong, right)] == [
        (409, "upload_incomplete"),
        (422, "checksum_mismatch"),
        (201, None),
    ]


async def test_the_checksum_told_at_the_beginning_counts_too(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    upload_id = await begun(http, case, content, sha256="0" * 64)
    await send_all(http, case, upload_id, content)
    answer = await finish(http, case.nominee, upload_id, content)
    assert (answer.status_code, error_codes(answer)) == (422, [("/sha256", "checksum_mismatch")])


async def test_what_is_refused_in_one_piece_is_refused_in_chunks_each_time_it_is_asked(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), portrait(background=(200, 40, 40))
    upload_id = await begun(http, case, content, kind="portrait")
    await send_all(http, case, upload_id, content)
    answers = [await finish(http, case.nominee, upload_id, content) for _ in range(2)]
    status = await http.get(f"/v1/documents/uploads/{upload_id}", headers=case.nominee.headers)
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(422, "photo_rejected")] * 2
    assert status.json()["state"] == "refused"


async def test_the_same_file_held_by_its_owner_is_answered_at_once(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    document = await uploaded(http, case, content, kind="sealed_scan")
    answer = await begin(http, case, content, sha256=sha256(content))
    assert (answer.json()["state"], answer.json()["document"]) == ("finished", document)


async def test_nobody_learns_what_others_hold(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    await uploaded(http, case, content, kind="sealed_scan")
    elsewhere = await begin(http, await open_case(http), content, sha256=sha256(content))
    clerk = await begin(http, case, content, who=case.clerk, sha256=sha256(content))
    assert [each.json()["state"] for each in (elsewhere, clerk)] == ["receiving", "receiving"]


async def test_an_upload_exists_only_for_who_began_it(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    upload_id = await begun(http, case, content)
    address = f"/v1/documents/uploads/{upload_id}"
    answers = [
        await http.get(address, headers=case.clerk.headers),
        await send(http, case.clerk, upload_id, content, 0),
        await finish(http, case.clerk, upload_id, content),
        await http.delete(address, headers=case.clerk.headers),
    ]
    assert [each.status_code for each in answers] == [404] * 4


async def test_a_phone_that_forgot_its_uploads_finds_them_and_goes_on(http: httpx.AsyncClient) -> None:
    case, finished, content = await open_case(http), fresh_pdf(), fresh_pdf()
    done = await begun(http, case, finished)
    await send_all(http, case, done, finished)
    await finish(http, case.nominee, done, finished)
    upload_id = await begun(http, case, content)
    await send(http, case.nominee, upload_id, content, 0)
    one = (await http.get(f"/v1/documents/uploads/{upload_id}", headers=case.nominee.headers)).json()
    mine = (await http.get("/v1/documents/uploads", headers=case.nominee.headers)).json()
    others = (await http.get("/v1/documents/uploads", headers=case.clerk.headers)).json()
    assert (mine, others, one["held"] != []) == ({"items": [one]}, {"items": []}, True)


async def test_beginning_twice_with_one_key_begins_once(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_pdf()
    key = {"Idempotency-Key": "begin-00000001"}
    answers = [await begin(http, case, content, headers=key) for _ in range(2)]
    assert answers[0].json()["id"] == answers[1].json()["id"]


async def test_a_person_has_ten_open_uploads_at_most_until_one_is_abandoned(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answers = await asyncio.gather(*(begin(http, case, fresh_pdf()) for _ in range(12)))
    kept = [each.json()["id"] for each in answers if each.status_code == 201]
    refused = [each.json()["code"] for each in answers if each.status_code == 429]
    await http.delete(f"/v1/documents/uploads/{kept[0]}", headers=case.nominee.headers)
    after = await begin(http, case, fresh_pdf())
    assert (len(kept), refused, after.status_code) == (10, ["too_many_open_uploads"] * 2, 201)


async def test_a_refused_file_gives_way_to_the_next_try(http: httpx.AsyncClient) -> None:
    case, bad = await open_case(http), b"%PDF-1.4 broken"
    refused = await begun(http, case, bad)
    await send_all(http, case, refused, bad)
    await finish(http, case.nominee, refused, bad)
    for _ in range(9):
        await begun(http, case, fresh_pdf())
    tenth = await begin(http, case, fresh_pdf())
    gone = await http.get(f"/v1/documents/uploads/{refused}", headers=case.nominee.headers)
    assert (tenth.status_code, gone.status_code) == (201, 404)


async def test_an_id_card_never_lies_in_clear_not_even_in_chunks(http: httpx.AsyncClient, bucket: Bucket) -> None:
    before, case, content = bucket.keys(), await open_case(http), fresh_card()
    upload_id = await begun(http, case, content, kind="id_card_front")
    await send(http, case.nominee, upload_id, content, CHUNK)
    (key,) = bucket.keys() - before
    assert (key.startswith("chunks/"), content[CHUNK : CHUNK + 64] in bucket.read(key)) == (True, False)


async def test_too_large_a_file_is_refused_before_it_is_sent(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answers = [await begin(http, case, b"", bytes=10_000_001), await begin(http, case, b"", bytes=0)]
    assert [(each.status_code, each.json()["errors"][0]["pointer"]) for each in answers] == [(422, "/bytes")] * 2


async def test_a_frozen_bundle_takes_no_finished_upload(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_card()
    upload_id = await begun(http, case, content, kind="id_card_front")
    await send_all(http, case, upload_id, content)
    await set_state(http, case, revision=2, frozen=True)
    answer = await finish(http, case.nominee, upload_id, content)
    assert (answer.status_code, answer.json()["code"]) == (409, "bundle_frozen")


async def let_expire(resources: Resources, upload_id: str) -> None:
    async with resources.database.transaction() as session:
        await session.execute(
            update(UploadRow).where(UploadRow.id == upload_id).values(expires_at=func.now() - timedelta(seconds=1))
        )


async def test_an_expired_upload_takes_no_more_chunks(http: httpx.AsyncClient, resources: Resources) -> None:
    case, content = await open_case(http), fresh_pdf()
    upload_id = await begun(http, case, content)
    await let_expire(resources, upload_id)
    answers = [
        await send(http, case.nominee, upload_id, content, 0),
        await finish(http, case.nominee, upload_id, content),
    ]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(410, "upload_expired")] * 2


async def test_what_expired_is_swept_with_its_chunks_and_what_is_open_stays(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    case, content, before = await open_case(http), pdf_of_size(100_000), bucket.keys()
    expired, still_open = await begun(http, case, content), await begun(http, case, content)
    await send_all(http, case, expired, content)
    expired_keys = bucket.keys() - before
    await send(http, case.nominee, still_open, content, 0)
    await let_expire(resources, expired)
    await sweep(resources)
    await make_notes_old(resources)
    await sweep(resources)
    states = [
        (await http.get(f"/v1/documents/uploads/{each}", headers=case.nominee.headers)).status_code
        for each in (expired, still_open)
    ]
    assert (expired_keys & bucket.keys(), states) == (set(), [404, 200])
    await send_all(http, case, still_open, content)
    assert (await finish(http, case.nominee, still_open, content)).status_code == 201


async def make_notes_old(resources: Resources) -> None:
    async with resources.database.transaction() as session:
        await session.execute(update(PendingObjectRow).values(noted_at=func.now() - timedelta(hours=2)))


async def test_the_chunks_of_a_finished_upload_are_swept_and_its_document_stays(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    case, content = await open_case(http), pdf_of_size(100_000) + b"\n"
    upload_id = await begun(http, case, content)
    await send_all(http, case, upload_id, content)
    document = (await finish(http, case.nominee, upload_id, content)).json()
    async with resources.database.reading() as session:
        left = await session.scalar(select(func.count()).where(UploadChunkRow.upload_id == upload_id))
    await make_notes_old(resources)
    await sweep(resources)
    read = await http.get(f"/v1/documents/{document['id']}/content", headers=case.nominee.headers)
    assert (left, read.content == content) == (0, True)


async def test_chunks_that_a_restore_left_behind_are_named_as_missing_and_sent_again(
    http: httpx.AsyncClient, bucket: Bucket
) -> None:
    """A backup saves the objects of documents: of an upload on its way the rows come back, and no chunk."""
    case, content = await open_case(http), pdf_of_size(180_000)
    upload_id, before = await begun(http, case, content), bucket.keys()
    await send(http, case.nominee, upload_id, content, 0)
    lost, named = (
        bucket.keys() - before,
        [{"first": 0, "last": CHUNK - 1}, {"first": 2 * CHUNK, "last": len(content) - 1}],
    )
    await send(http, case.nominee, upload_id, content, CHUNK)
    kept = bucket.keys() - before - lost
    await send(http, case.nominee, upload_id, content, 2 * CHUNK)
    for key in bucket.keys() - before - kept:
        bucket.remove(key)
    early = await finish(http, case.nominee, upload_id, content)
    status = (await http.get(f"/v1/documents/uploads/{upload_id}", headers=case.nominee.headers)).json()
    await send_all(http, case, upload_id, content)
    answer = await finish(http, case.nominee, upload_id, content)
    assert (early.json()["code"], status["state"], status["missing"]) == ("upload_incomplete", "receiving", named)
    assert (answer.status_code, answer.json()["bytes"]) == (201, len(content))


async def test_a_stranger_begins_no_upload(http: httpx.AsyncClient) -> None:
    answer = await begin(http, await open_case(http), fresh_pdf(), who=player("nominee"))
    assert answer.status_code == 404
