"""The restore drill: a backup of the running installation comes back elsewhere, whole, and nothing else is accepted."""

import asyncio
import base64
import io
import json
import os
import shutil
import signal
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from minio import Minio

from services.__main__ import main
from services.backup.restoring import broken_cases, read_manifest
from services.backup.saving import file_of
from services.documents.resources import open_resources
from services.documents.settings import DocumentsSettings
from services.documents.verifying import verify
from services.embedded.provision import DATABASE, provision
from services.embedded.stack import EmbeddedStack
from tests.factories import Office

ELSEWHERE = "elsewhere"


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def xianjin(*arguments: str, **settings: str) -> Done:
    """The command, in this process."""
    told, complained = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(told), redirect_stderr(complained):
        for name, value in settings.items():
            patch.setenv(name, value)
        code = main(arguments)
    return Done(code, told.getvalue(), complained.getvalue())


@pytest.fixture(scope="module")
async def backup(office: Office, stack: EmbeddedStack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Taken while cases exist that hold sealed identity cards, portraits, quota seats and chained events."""
    await office.submitted()
    await office.draft()
    folder = tmp_path_factory.mktemp("backup")
    done = await asyncio.to_thread(xianjin, "backup", str(folder))
    assert done.returncode == 0, done.stderr
    (own,) = [path for path in folder.iterdir() if path.name != "objects"]
    return own


@pytest.fixture(scope="module")
async def elsewhere(stack: EmbeddedStack) -> dict[str, str]:
    return await empty_place(stack, ELSEWHERE)


async def empty_place(stack: EmbeddedStack, place: str) -> dict[str, str]:
    """Another database of the same server and another bucket of the same store, both empty."""
    secrets = json.loads((stack.data / "secrets.json").read_text("utf-8"))
    await provision(stack.postgres.superuser_url, secrets, database=place)
    settings = stack.environment()
    store = Minio(
        settings["DOCUMENTS_S3_ENDPOINT"],
        access_key=settings["DOCUMENTS_S3_ACCESS_KEY"],
        secret_key=settings["DOCUMENTS_S3_SECRET_KEY"],
        secure=False,
        region="us-east-1",
    )
    await asyncio.to_thread(store.make_bucket, bucket_name=place)
    moved = {
        name: value.replace(f"/{DATABASE}", f"/{place}") for name, value in os.environ.items() if "DATABASE_URL" in name
    }
    return moved | {"DOCUMENTS_S3_BUCKET": place}


async def not_whole() -> set[str]:
    """What a store that was killed by the tests before has lost: a backup can only bring back what is there."""
    async with open_resources(DocumentsSettings()) as resources:
        return {f"object {each.object_key}" async for each in verify(resources) if each.state != "intact"}


async def counted(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
    try:
        names = ("nominations", "nomination_events", "quota_accounts", "quota_entries", "nomination_tallies")
        return {name: await connection.fetchval(f"SELECT count(*) FROM nominations.{name}") for name in names}
    finally:
        await connection.close()


async def test_a_backup_comes_back_elsewhere_as_whole_as_it_was(backup, elsewhere):
    damaged = await not_whole()
    done = await asyncio.to_thread(xianjin, "restore", str(backup), **elsewhere)
    told = {line.partition("not whole: ")[2] for line in done.stderr.splitlines() if "not whole: " in line}
    assert (done.returncode, told) == (1 if damaged else 0, damaged), done.stderr
    there = await counted(elsewhere["NOMINATIONS_MIGRATION_DATABASE_URL"])
    manifest = json.loads((backup / "manifest.json").read_text("utf-8"))["files"]
    assert there == {name: manifest[f"nominations.{name}.copy"]["rows"] for name in there}
    await a_history_that_was_changed_is_named_alone(elsewhere["NOMINATIONS_MIGRATION_DATABASE_URL"])


async def a_history_that_was_changed_is_named_alone(url: str) -> None:
    """By whoever owns the database, past every trigger; the histories before and after it hold."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
    try:
        await connection.execute("ALTER TABLE nominations.nomination_events DISABLE TRIGGER USER")
        cases = await connection.fetch("SELECT DISTINCT nomination_id FROM nominations.nomination_events ORDER BY 1")
        changed = cases[len(cases) // 2]["nomination_id"]
        forge = (
            "UPDATE nominations.nomination_events SET hash = repeat('0', 64) WHERE nomination_id = $1 AND sequence = 1"
        )
        await connection.execute(forge, changed)
    finally:
        await connection.close()
    assert await broken_cases(url) == [str(changed)]


async def test_a_backup_is_not_restored_over_what_is_there(backup):
    done = await asyncio.to_thread(xianjin, "restore", str(backup))
    assert (done.returncode, "不是空表" in done.stderr) == (1, True)


async def test_a_backup_that_was_changed_is_refused_before_anything_is_made(backup, elsewhere, tmp_path):
    changed = tmp_path / backup.name
    shutil.copytree(backup, changed)
    shutil.copytree(backup.parent / "objects", tmp_path / "objects")
    file = changed / "nominations.quota_accounts.copy"
    file.write_bytes(file.read_bytes().replace(b"\t1000\t", b"\t9999\t", 1))
    done = await asyncio.to_thread(xianjin, "restore", str(changed), **elsewhere)
    assert (done.returncode, "nominations.quota_accounts.copy" in done.stderr) == (1, True)


async def test_a_backup_that_was_not_finished_is_none(tmp_path):
    assert (await asyncio.to_thread(xianjin, "restore", str(tmp_path))).returncode == 1


def test_only_its_owner_reads_a_backup(backup):
    modes = {path.stat().st_mode & 0o777 for path in backup.iterdir()}
    assert (modes, backup.stat().st_mode & 0o777) == ({0o600}, 0o700)


async def test_a_second_backup_fetches_no_object_again(backup):
    before = {path: path.stat().st_mtime_ns for path in (backup.parent / "objects").iterdir()}
    assert (await asyncio.to_thread(xianjin, "backup", str(backup.parent))).returncode == 0
    after = {path: path.stat().st_mtime_ns for path in (backup.parent / "objects").iterdir()}
    assert {path: after[path] for path in before} == before


async def test_what_is_left_of_two_backups_that_are_pruned_is_the_newer_one_whole(office, tmp_path):
    for _ in range(2):
        assert (await asyncio.to_thread(xianjin, "backup", str(tmp_path))).returncode == 0
    older, newer = sorted(path for path in tmp_path.iterdir() if path.name != "objects")
    done = await asyncio.to_thread(xianjin, "prune-backups", str(tmp_path), "--keep-days", "0")
    assert (done.returncode, older.exists()) == (0, False)
    named = {file_of(key) for key in read_manifest(newer)["objects"]}
    assert {path.name for path in (tmp_path / "objects").iterdir()} == named


async def test_backups_are_kept_as_long_as_certificates_of_erasure_say(office, tmp_path):
    assert (await asyncio.to_thread(xianjin, "backup", str(tmp_path))).returncode == 0
    said, unsaid = [
        await asyncio.to_thread(xianjin, "prune-backups", str(tmp_path), **settings)
        for settings in ({"DOCUMENTS_BACKUPS_KEPT_DAYS": "30"}, {})
    ]
    assert [done.returncode for done in (said, unsaid)] == [0, 0]
    assert ("0 objects" in said.stdout, "every backup stays" in unsaid.stdout) == (True, True)


@pytest.fixture
async def kept(backup: Path, stack: EmbeddedStack) -> "dict[str, Kept]":
    """An object of each kind, whole in the store and in the folder: a portrait as it is, an identity card sealed."""
    rows = await documents_rows("SELECT object_key, sealed FROM documents.stored_objects ORDER BY object_key")
    damaged = await not_whole()
    whole = [row for row in rows if f"object {row['object_key']}" not in damaged]
    found = {"sealed" if row["sealed"] else "open": row["object_key"] for row in whole}
    return {kind: Kept(key, backup.parent / "objects" / file_of(key)) for kind, key in found.items()}


@dataclass(frozen=True)
class Kept:
    key: str
    file: Path

    def decay(self) -> bytes:
        """One bit turns over. Gives the bytes as they were."""
        before = self.file.read_bytes()
        self.file.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        return before


async def documents_rows(query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(
        os.environ["DOCUMENTS_MIGRATION_DATABASE_URL"].replace("+asyncpg", ""), ssl=False
    )
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()


async def test_what_decayed_in_the_folder_is_fetched_again_and_told(backup, kept):
    before = {each: each.decay() for each in (kept["open"], kept["sealed"])}
    done = await asyncio.to_thread(xianjin, "backup", str(backup.parent))
    assert {each: each.file.read_bytes() for each in before} == before
    told = [line.partition("fetched again: ")[2] for line in done.stderr.splitlines() if "fetched again: " in line]
    assert (done.returncode, sorted(told)) == (0, sorted(each.key for each in before))


@pytest.mark.parametrize("kind", ["open", "sealed"])
async def test_what_decayed_in_the_store_as_well_is_named_and_the_rest_is_saved(backup, kept, stack, kind):
    settings, one = stack.environment(), kept[kind]
    store = Minio(
        settings["DOCUMENTS_S3_ENDPOINT"],
        access_key=settings["DOCUMENTS_S3_ACCESS_KEY"],
        secret_key=settings["DOCUMENTS_S3_SECRET_KEY"],
        secure=False,
        region="us-east-1",
    )

    def put(content: bytes) -> None:
        store.put_object(
            bucket_name=settings["DOCUMENTS_S3_BUCKET"],
            object_name=one.key,
            data=io.BytesIO(content),
            length=len(content),
        )

    before = one.decay()
    await asyncio.to_thread(put, b"rotten")
    try:
        done = await asyncio.to_thread(xianjin, "backup", str(backup.parent))
        newest = max(path for path in backup.parent.iterdir() if path.name != "objects")
        assert (done.returncode, one.key in done.stderr, (newest / "manifest.json").exists()) == (1, True, True)
        assert one.file.read_bytes() != b"rotten"
    finally:
        await asyncio.to_thread(put, before)
        one.file.write_bytes(before)


async def test_with_other_keys_the_rows_come_back_and_the_keys_that_are_wrong_are_named(backup, stack):
    place = await empty_place(stack, "otherkeys")
    names = ("DOCUMENTS_OBJECT_ENCRYPTION_KEY", "AUTH_KEY_ENCRYPTION_KEY")
    other = {name: base64.b64encode(os.urandom(32)).decode() for name in names}
    done = await asyncio.to_thread(xianjin, "restore", str(backup), **place, **other)
    wrong = [line for line in done.stderr.splitlines() if "Wrong key" in line]
    assert (done.returncode, [name for line in wrong for name in names if name in line]) == (1, list(names))
    assert not [line for line in done.stderr.splitlines() if "object sealed/" in line]


def first_table_in(folder: Path) -> None:
    """Waits until there is one."""
    while not list(folder.glob("*/*.copy")):
        time.sleep(0.002)


async def test_a_backup_that_was_killed_is_none_and_the_next_one_is_whole(office, tmp_path):
    killed = await asyncio.create_subprocess_exec(sys.executable, "-m", "services", "backup", str(tmp_path))
    await asyncio.to_thread(first_table_in, tmp_path)
    killed.kill()
    await killed.wait()
    (broken_off,) = [path for path in tmp_path.iterdir() if path.name != "objects"]
    refused = await asyncio.to_thread(xianjin, "restore", str(broken_off))
    again = await asyncio.to_thread(xianjin, "backup", str(tmp_path))
    (whole,) = [path for path in tmp_path.iterdir() if path.name not in ("objects", broken_off.name)]
    assert (killed.returncode, refused.returncode, again.returncode) == (-signal.SIGKILL, 1, 0)
    assert list(read_manifest(whole)["objects"])


async def test_a_full_disk_under_the_folder_is_told_and_the_next_backup_goes_on(backup, kept, tmp_path):
    full = tmp_path / "objects" / f"{file_of(kept['sealed'].key)}.part"
    full.parent.mkdir()
    full.symlink_to("/dev/full")
    told = await asyncio.to_thread(xianjin, "backup", str(tmp_path))
    unfinished = not list(tmp_path.glob("*/manifest.json"))
    full.unlink()
    again = await asyncio.to_thread(xianjin, "backup", str(tmp_path))
    assert (told.returncode, "No space left on device" in told.stderr, unfinished) == (2, True, True)
    assert again.returncode == 0
