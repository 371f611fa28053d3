"""What the tests do over HTTP, in the words of the service."""

import io
import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from minio import Minio
from uuid_utils.compat import uuid7

from services.documents.campaign_rules import load_campaign_rules
from services.documents.settings import DocumentsSettings
from tests.documents.papers import pdf
from tests.documents.pictures import drawing, encoded, of_size, portrait
from tests.documents.service.people import SERVICE, WUTAI, Player, player

CAMPAIGN = "shanxi-manufacturing-2025"
_RULES = load_campaign_rules(Path("campaigns")).of(CAMPAIGN)
NOTICE = _RULES.notice
_sizes = itertools.count(150_000)


def consent_to(kind: str) -> dict[str, str]:
    """The form field that goes with a file whose kind needs consent."""
    asked = kind in _RULES.kinds and _RULES.kinds[kind].consent_purpose is not None
    return {"consent": NOTICE.sha256} if asked and NOTICE is not None else {}


def fresh_portrait() -> bytes:
    """A good portrait whose bytes no other test has sent."""
    return of_size(portrait(), next(_sizes))


def fresh_pdf() -> bytes:
    """A sound PDF whose bytes no other test has sent."""
    return pdf(extra=(b"(%d)" % next(_sizes),))


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
    registration: dict[str, Any]


async def open_case(
    http: httpx.AsyncClient, *, jurisdiction: str = WUTAI, open_to: tuple[str, ...] = ("county", "city")
) -> Case:
    """A case that was handed over to both offices, unless a test says otherwise."""
    organisation = uuid7()
    nominee = player("nominee", organisation=organisation)
    registration = {
        "owner_person_id": str(nominee.id),
        "organisation_id": str(organisation),
        "jurisdiction": jurisdiction,
        "campaign_key": CAMPAIGN,
        "open_to": open_to,
    }
    clerk = player("unit_clerk", organisation=organisation)
    case = Case(uuid7(), nominee, clerk, organisation, registration)
    await register(http, case)
    return case


async def register(http: httpx.AsyncClient, case: Case, **changes: Any) -> dict[str, Any]:
    address = f"/v1/documents/bundles/{case.bundle_id}"
    answer = await http.put(address, headers=SERVICE.headers, json=case.registration | changes)
    assert answer.status_code == 200, answer.text
    bundle: dict[str, Any] = answer.json()
    return bundle


async def set_state(
    http: httpx.AsyncClient, case: Case, *, revision: int, frozen: bool, **submission: str
) -> dict[str, Any]:
    address = f"/v1/documents/bundles/{case.bundle_id}/state"
    body = {"case_revision": revision, "frozen": frozen}
    answer = await http.put(address, headers=SERVICE.headers, json=body, params=submission)
    assert answer.status_code == 200, answer.text
    state: dict[str, Any] = answer.json()
    return state


async def upload(
    http: httpx.AsyncClient,
    who: Player,
    bundle_id: UUID,
    content: bytes,
    *,
    kind: str = "portrait",
    replaces: str | None = None,
    consent: dict[str, str] | None = None,
    **headers: str,
) -> httpx.Response:
    return await http.post(
        "/v1/documents",
        headers=who.headers | headers,
        files={"file": ("photo.jpg", content, "image/jpeg")},
        data={"kind": kind, "bundle_id": str(bundle_id)}
        | ({"replaces": replaces} if replaces else {})
        | (consent_to(kind) if consent is None else consent),
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

    def write(self, key: str, content: bytes) -> None:
        self._client.put_object(bucket_name=self._name, object_name=key, data=io.BytesIO(content), length=len(content))

    def remove(self, key: str) -> None:
        self._client.remove_object(bucket_name=self._name, object_name=key)

    def read(self, key: str) -> bytes:
        with self._client.get_object(bucket_name=self._name, object_name=key) as answer:
            return bytes(answer.read())
