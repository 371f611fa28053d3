"""What a broken upload leaves behind is found, and what is in use is never removed."""

import asyncio
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import delete, select, update
from uuid_utils.compat import uuid7

from services.common.problems import Unavailable
from services.documents.keeping_objects import KeptObject, keep_object, record_object
from services.documents.object_store import ObjectStore
from services.documents.orphans import LONGEST_UPLOAD, remove_orphans
from services.documents.releasing import release_objects
from services.documents.resources import Resources
from services.documents.settings import DocumentsSettings
from services.documents.tables import PendingObjectRow
from services.documents.upload_queries import database_time
from services.documents.uploaded_bytes import UploadedBytes
from tests.documents.service.stand_in_store import removing_store
from tests.documents.service.steps import Bucket, fresh_portrait, open_case, uploaded


def bytes_of(content: bytes) -> UploadedBytes:
    return UploadedBytes(content, hashlib.sha256(content).hexdigest())


async def put_only(resources: Resources, content: bytes) -> str:
    """An upload that breaks between the put and the insert."""
    return (await keep_object(resources, bytes_of(content), sealed=False, media_type="image/jpeg")).object_key


async def pending(resources: Resources) -> set[str]:
    async with resources.database.reading() as session:
        return set(await session.scalars(select(PendingObjectRow.object_key)))


def later() -> datetime:
    return datetime.now(UTC) + LONGEST_UPLOAD + timedelta(minutes=1)


async def test_a_broken_upload_leaves_a_note_and_the_sweep_removes_its_object(
    resources: Resources, bucket: Bucket
) -> None:
    key = await put_only(resources, fresh_portrait())
    assert (key in bucket.keys(), key in await pending(resources)) == (True, True)  # noqa: SIM118  not a mapping
    await remove_orphans(resources, now=later())
    assert (key in bucket.keys(), key in await pending(resources)) == (False, False)  # noqa: SIM118  not a mapping


async def test_an_upload_still_on_its_way_is_left_alone(resources: Resources, bucket: Bucket) -> None:
    key = await put_only(resources, fresh_portrait())
    await remove_orphans(resources, now=datetime.now(UTC))
    assert {key} <= bucket.keys()


async def test_a_finished_upload_clears_its_note_and_survives_the_sweep(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    content = fresh_portrait()
    await uploaded(http, await open_case(http), content)
    key = f"objects/{hashlib.sha256(content).hexdigest()}"
    assert key not in await pending(resources)
    await remove_orphans(resources, now=later())
    assert {key} <= bucket.keys()


async def test_a_second_upload_of_the_same_bytes_rescues_what_the_first_left(
    http: httpx.AsyncClient, resources: Resources, bucket: Bucket
) -> None:
    content = fresh_portrait()
    key = await put_only(resources, content)
    await uploaded(http, await open_case(http), content)
    await remove_orphans(resources, now=later())
    assert {key} <= bucket.keys()


async def release_at_once(resources: Resources, key: str) -> None:
    """What an erasure of the same bytes does, or an operator who looks for strays, while an upload is on its way."""
    async with resources.database.transaction() as session:
        await release_objects(session, [key], at_once=True)


async def test_an_upload_whose_object_a_sweep_took_meanwhile_is_not_recorded(resources: Resources) -> None:
    uploaded = bytes_of(fresh_portrait())
    kept = await keep_object(resources, uploaded, sealed=False, media_type="image/jpeg")
    await release_at_once(resources, kept.object_key)
    await remove_orphans(resources, now=datetime.now(UTC))
    with pytest.raises(Unavailable):
        await recorded(resources, kept, uploaded)


async def test_an_upload_whose_object_a_sweep_is_about_to_take_is_not_recorded(resources: Resources) -> None:
    uploaded = bytes_of(fresh_portrait())
    kept = await keep_object(resources, uploaded, sealed=False, media_type="image/jpeg")
    async with resources.database.transaction() as session:
        note = update(PendingObjectRow).where(PendingObjectRow.object_key == kept.object_key)
        await session.execute(note.values(removing_at=datetime.now(UTC)))
    with pytest.raises(Unavailable):
        await recorded(resources, kept, uploaded)


async def test_an_upload_that_is_recorded_first_keeps_its_object(resources: Resources, bucket: Bucket) -> None:
    uploaded = bytes_of(fresh_portrait())
    kept = await keep_object(resources, uploaded, sealed=False, media_type="image/jpeg")
    await release_at_once(resources, kept.object_key)
    await recorded(resources, kept, uploaded)
    await remove_orphans(resources, now=datetime.now(UTC))
    assert {kept.object_key} <= bucket.keys()


async def recorded(resources: Resources, kept: KeptObject, uploaded: UploadedBytes) -> None:
    async with resources.database.transaction() as session:
        await record_object(session, kept, sha256=uploaded.sha256, byte_count=len(uploaded.content))


async def test_an_upload_waits_while_a_sweep_removes_the_same_object(resources: Resources) -> None:
    content = fresh_portrait()
    key = await put_only(resources, content)
    async with resources.database.transaction() as session:
        await session.execute(
            update(PendingObjectRow).where(PendingObjectRow.object_key == key).values(removing_at=datetime.now(UTC))
        )
    with pytest.raises(Unavailable):
        await put_only(resources, content)


async def orphans(resources: Resources, number: int) -> set[str]:
    """Noted long ago, and nothing in the store."""
    keys = {f"chunks/{uuid7().hex}" for _ in range(number)}
    async with resources.database.transaction() as session:
        await session.execute(delete(PendingObjectRow))
        session.add_all(PendingObjectRow(object_key=key, noted_at=datetime(1970, 1, 1, tzinfo=UTC)) for key in keys)
    return keys


async def claimed(resources: Resources) -> set[str]:
    async with resources.database.reading() as session:
        row = PendingObjectRow
        return set(await session.scalars(select(row.object_key).where(row.removing_at.is_not(None))))


async def test_a_sweep_that_the_store_leaves_alone_gives_back_what_it_claimed(
    resources: Resources, settings: DocumentsSettings
) -> None:
    keys = await orphans(resources, 3)
    nowhere = ObjectStore(settings.model_copy(update={"s3_endpoint": "127.0.0.1:1", "s3_secure": False}))
    with pytest.raises(Unavailable):
        await remove_orphans(replace(resources, store=nowhere), now=datetime.now(UTC))
    assert (await claimed(resources), await pending(resources)) == (set(), keys)


async def test_a_sweep_that_is_stopped_gives_back_what_it_claimed(
    resources: Resources, settings: DocumentsSettings
) -> None:
    keys, removing = await orphans(resources, 3), asyncio.Event()

    async def removes(_: str) -> None:
        removing.set()
        await asyncio.sleep(1)

    async with removing_store(settings, removes) as store:
        sweeping = asyncio.create_task(remove_orphans(replace(resources, store=store), now=datetime.now(UTC)))
        await removing.wait()
        sweeping.cancel()
        await asyncio.wait([sweeping])
    assert (await claimed(resources), await pending(resources)) == (set(), keys)


async def test_a_sweep_claims_no_more_than_it_removes_in_a_while(
    resources: Resources, settings: DocumentsSettings
) -> None:
    await orphans(resources, 120)
    at_once: list[int] = []

    async def removes(_: str) -> None:
        at_once.append(len(await claimed(resources)))

    async with removing_store(settings, removes) as store:
        removed = await remove_orphans(replace(resources, store=store), now=datetime.now(UTC))
    assert (removed, max(at_once), await pending(resources)) == (120, 100, set())


async def test_a_sweep_leaves_alone_what_another_one_took_over(
    resources: Resources, settings: DocumentsSettings
) -> None:
    keys, told = await orphans(resources, 3), list[str]()

    async def removes(key: str) -> None:
        told.append(key)
        async with resources.database.transaction() as session:
            taken = update(PendingObjectRow).where(PendingObjectRow.object_key != key)
            await session.execute(taken.values(removing_at=datetime.now(UTC)))

    async with removing_store(settings, removes) as store:
        removed = await remove_orphans(replace(resources, store=store), now=datetime.now(UTC))
    assert (removed, len(told), await pending(resources)) == (1, 1, keys - set(told))


async def test_a_claim_is_renewed_before_its_object_is_removed(
    resources: Resources, settings: DocumentsSettings
) -> None:
    await orphans(resources, 2)
    claimed_at, removed_at = list[datetime](), list[datetime]()

    async def removes(key: str) -> None:
        async with resources.database.reading() as session:
            since = await session.scalar(select(PendingObjectRow.removing_at).where(PendingObjectRow.object_key == key))
            assert since is not None
            claimed_at.append(since)
            removed_at.append(await database_time(session))

    async with removing_store(settings, removes) as store:
        await remove_orphans(replace(resources, store=store), now=datetime.now(UTC))
    assert claimed_at[1] > removed_at[0]
