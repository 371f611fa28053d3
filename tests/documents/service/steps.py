"""What the tests do over HTTP, in the words of the service."""

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from minio import Minio
from uuid_utils.compat import uuid7

from services.documents.settings import DocumentsSettings
from tests.documents.pictures import drawing, encoded, of_size, portrait
from tests.documents.service.people import SERVICE, WUTAI, Player, player

CAMPAIGN = "shanxi-manufacturing-2025"
_sizes = itertools.count(150_000)


def fresh_portrait() -> bytes:
    """A good portrait whose bytes no other test has sent."""
    return of_size(portrait(), next(_sizes))


def fresh_card() -> bytes:
    """A picture of no person's card, in bytes that no other test has sent."""
    return of_size(encoded(drawing(width=860, height=540)), next(_sizes) + 200_000)


@dataclass(frozen=True, slots=True)
class Case:
    """One bundle and the people around it."""

    bundle_id: UUID
    nominee: Player
    clerk: Player
    organisation_id: UUID


async def open_case(
    http: httpx.AsyncClient, *, jurisdiction: str = WUTAI, open_to: tuple[str, ...] = ("county", "city")
) -> Case:
    """A case that was handed over to both offices, unless a test says otherwise."""
    organisation = uuid7()
    case = Case(
        bundle_id=uuid7(),
        nominee=player("nominee", organisation=organisation),
        clerk=player("unit_clerk", organisation=organisation),
        organisation_id=organisation,
    )
    answer = await http.put(
        f"/v1/documents/bundles/{case.bundle_id}",
        headers=SERVICE.headers,
        json={
            "owner_person_id": str(case.nominee.id),
            "organisation_id": str(organisation),
            "jurisdiction": jurisdiction,
            "campaign_key": CAMPAIGN,
            "open_to": open_to,
        },
    )
    assert answer.status_code == 200, answer.text
    return case


async def upload(
    http: httpx.AsyncClient, who: Player, bundle_id: UUID, content: bytes, *, kind: str = "portrait", **headers: str
) -> httpx.Response:
    return await http.post(
        "/v1/documents",
        headers=who.headers | headers,
        files={"file": ("photo.jpg", content, "image/jpeg")},
        data={"kind": kind, "bundle_id": str(bundle_id)},
    )


async def uploaded(http: httpx.AsyncClient, case: Case, content: bytes, *, kind: str = "portrait") -> dict[str, Any]:
    answer = await upload(http, case.nominee, case.bundle_id, content, kind=kind)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def kinds_in_force(http: httpx.AsyncClient, case: Case) -> list[str]:
    answer = await http.get(f"/v1/documents/bundles/{case.bundle_id}", headers=case.nominee.headers)
    return [item["kind"] for item in answer.json()["items"]]


def error_codes(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


class Bucket:
    """The bucket as somebody sees it who holds its keys."""

    def __init__(self, settings: DocumentsSettings) -> None:
        self._name = settings.s3_bucket
        self._client = Minio(
            settings.s3_endpoint,
            access_key=settings.s3_access_key.get_secret_value(),
            secret_key=settings.s3_secret_key.get_secret_value(),
            secure=settings.s3_secure,
            region=settings.s3_region,
        )

    def keys(self) -> set[str]:
        return {found.object_name or "" for found in self._client.list_objects(bucket_name=self._name, recursive=True)}

    def read(self, key: str) -> bytes:
        with self._client.get_object(bucket_name=self._name, object_name=key) as answer:
            return bytes(answer.read())
