"""What operators run: verify, strays, rewrap, and the command that does them all."""

import base64
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from services.__main__ import main
from services.documents.encryption import ObjectCipher
from services.documents.orphans import note_strays, remove_orphans
from services.documents.resources import Resources, open_resources
from services.documents.rewrapping import rewrap
from services.documents.settings import DocumentsSettings
from services.documents.tables import DocumentRow, StoredObjectRow
from services.documents.verifying import Verified, verify
from services.embedded.stack import EmbeddedStack
from tests.documents.service.conftest import another_store
from tests.documents.service.people import SERVICE
from tests.documents.service.steps import Bucket, fresh_card, fresh_portrait, open_case, uploaded


async def key_of(resources: Resources, document: dict[str, str]) -> str:
    async with resources.database.reading() as session:
        key = await session.scalar(select(DocumentRow.object_key).where(DocumentRow.id == document["id"]))
    assert key is not None
    return key


async def found(resources: Resources, *keys: str) -> list[tuple[str, list[str]]]:
    states = {each.object_key: each async for each in verify(resources)}
    return [_short(states[key]) for key in keys]


def _short(each: Verified) -> tuple[str, list[str]]:
    return each.state, [str(document_id) for document_id in each.document_ids]


async def test_verify_names_every_object_that_is_missing_or_not_what_it_was(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    case = await open_case(http)
    kinds = ("portrait", "id_card_front", "id_card_back", "honour_certificate")
    documents = [
        await uploaded(http, case, fresh_portrait() if kind == "portrait" else fresh_card(), kind=kind)
        for kind in kinds
    ]
    keys = [await key_of(resources, document) for document in documents]
    as_kept = {key: bucket.read(key) for key in keys}
    sealed = as_kept[keys[1]]
    bucket.write(keys[1], sealed[:-1] + bytes([sealed[-1] ^ 1]))
    bucket.write(keys[2], b"short")
    bucket.remove(keys[3])
    assert await found(resources, *keys) == [
        ("intact", []),
        ("damaged", [documents[1]["id"]]),
        ("damaged", [documents[2]["id"]]),
        ("missing", [documents[3]["id"]]),
    ]
    for key, content in as_kept.items():
        bucket.write(key, content)


async def test_verify_tells_a_key_that_is_missing_from_bytes_that_were_changed(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    card = await uploaded(http, await open_case(http), fresh_card(), kind="id_card_front")
    other_key = SecretStr(base64.b64encode(bytes(32)).decode())
    elsewhere = replace(resources, cipher=ObjectCipher(other_key))
    assert await found(elsewhere, await key_of(resources, card)) == [("locked", [card["id"]])]


async def test_a_damaged_file_is_never_given_out_marked_or_small_either(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    case = await open_case(http)
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    key = await key_of(resources, card)
    as_kept = bucket.read(key)
    bucket.write(key, b"short")
    answers = [
        await http.get(f"/v1/documents/{card['id']}/{what}", headers=case.nominee.headers)
        for what in ("content", "thumbnail")
    ]
    bucket.write(key, as_kept)
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(500, "stored_object_damaged")] * 2


async def test_old_objects_that_no_row_names_are_found_and_removed_only_when_asked(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    document = await uploaded(http, await open_case(http), fresh_portrait())
    kept, tomorrow = await key_of(resources, document), datetime.now(UTC) + timedelta(hours=25)
    bucket.write("objects/stray", b"x")
    young = await note_strays(resources, now=datetime.now(UTC), apply=True)
    looked = await note_strays(resources, now=tomorrow, apply=False)
    still_there = {"objects/stray"} <= bucket.keys()
    await note_strays(resources, now=tomorrow, apply=True)
    await remove_orphans(resources, now=datetime.now(UTC))
    assert (young, "objects/stray" in looked, kept in looked, still_there) == ([], True, False, True)
    assert ({"objects/stray"} & bucket.keys(), {kept} <= bucket.keys()) == (set(), True)


async def test_after_a_change_of_keys_all_files_open_with_the_new_key_alone(
    http: httpx.AsyncClient, resources: Resources, settings: DocumentsSettings, bucket: Bucket
) -> None:
    case, content = await open_case(http), fresh_card()
    document = await uploaded(http, case, content, kind="id_card_front")
    key = await key_of(resources, document)
    lying_there = bucket.read(key)
    new = SecretStr(base64.b64encode(os.urandom(32)).decode())
    old = settings.object_encryption_key
    changed = settings.model_copy(update={"object_encryption_key": new, "object_encryption_old_keys": (old,)})
    async with open_resources(changed) as with_both:
        assert (await rewrap(with_both) >= 1, await rewrap(with_both)) == (True, 0)
        async with with_both.database.reading() as session:
            row = await session.get_one(StoredObjectRow, key)
        assert (row.key_id, bucket.read(key) == lying_there) == (ObjectCipher(new).key_id, True)
        assert (await found(with_both, key))[0] == ("intact", [])
    back = settings.model_copy(update={"object_encryption_old_keys": (new,)})
    async with open_resources(back) as again:
        await rewrap(again)
    read = await http.get(f"/v1/documents/{document['id']}/content", headers=SERVICE.headers)
    assert read.content == content


@pytest.fixture
def command_environment(stack: EmbeddedStack, settings: DocumentsSettings) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (stack.environment() | another_store()).items():
            patch.setenv(name, value)
        patch.setenv("XIANJIN_CAMPAIGNS_FOLDER", str(Path(__file__).parents[3] / "campaigns"))
        yield


@pytest.mark.usefixtures("command_environment")
def test_the_command_does_each_deed_and_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    campaign = "shanxi-manufacturing-2025"
    codes = [
        main(["documents", *words.split()])
        for words in (
            "sweep",
            "strays",
            f"event {campaign} campaign_closed 2025-06-01",
            "retention --today 2026-06-01",
            "retention --today 2026-06-02",
            "rewrap",
        )
    ]
    said = capsys.readouterr().out.splitlines()
    assert codes == [0] * 6
    assert said[0].startswith("removed ")
    assert {line.split(":")[0] for line in said if "due" in line} == {
        f"{campaign} {kind}"
        for kind in ("portrait", "professional_title_certificate", "degree_certificate", "honour_certificate")
    }
    assert said[-1] == "rewrapped 0 keys"


@pytest.mark.usefixtures("command_environment")
def test_the_command_says_by_its_exit_code_whether_files_are_damaged(
    capsys: pytest.CaptureFixture[str], bucket: Bucket
) -> None:
    code = main(["documents", "verify"])
    last = capsys.readouterr().out.splitlines()[-1]
    assert code == (0 if last.endswith("0 missing, 0 damaged, 0 locked") else 1)


@pytest.mark.usefixtures("command_environment")
def test_the_command_with_an_unknown_campaign_or_no_store_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = main(["documents", "event", "nowhere-1999", "campaign_closed", "2025-06-01"])
    monkeypatch.setenv("DOCUMENTS_S3_ENDPOINT", "127.0.0.1:1")
    away = main(["documents", "strays"])
    said = [line for line in capsys.readouterr().err.splitlines() if re.match("[一-龥]", line)]  # the rest is the log
    assert (unknown, away, len(said)) == (2, 2, 2)
