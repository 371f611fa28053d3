"""What the procedure asks of the documents service, in its own name: whose bundle it is, what lies in it, the bytes to print."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx

from services.common.callers.service_clients import ServiceClient, call
from services.common.lists.paging import MAX_PAGE, page_token
from services.common.problems import NotFound, Unavailable
from services.nominations.auth_client import AuthClient
from services.nominations.domain.card_copies import ComparedCard

_LOST = frozenset({"stored_object_damaged"})

_LAST_ID = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """The facts about a document that the procedure needs."""

    id: UUID
    kind: str
    sha256: str
    verdict: str
    media_type: str
    byte_count: int
    print_codes: tuple[str, ...] | None = None
    """QR codes of printed forms that a scan shows; None where nobody looked."""
    card_read: bool = False
    """An ID card copy whose text was read: it can be compared."""


@dataclass(frozen=True, slots=True)
class BundleOwner:
    """Whose case a bundle belongs to: by this documents decides who may read it."""

    person_id: UUID | None
    unit_id: UUID
    quota_unit: str
    campaign_key: str
    open_to: tuple[str, ...] = ()
    """Stages above the unit whose offices may read from now on."""
    unit_name: str | None = None
    person_name: str | None = None
    """R127 单位+姓名: how downloaded files are named. None keeps what was said before."""
    kept_from: tuple[UUID, ...] = ()
    """回避: people and bodies who read nothing of it in whatever office they sit. Once said it holds."""


@dataclass(frozen=True, slots=True)
class PaperView:
    """Somebody was shown a paper."""

    id: UUID
    kind: str
    viewer_name: str
    viewer_organisation: str
    shown: str
    viewed_at: datetime

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "PaperView":
        return cls(
            UUID(item["id"]),
            item["kind"],
            item["viewer_name"],
            item["viewer_organisation"],
            item["shown"],
            datetime.fromisoformat(item["viewed_at"]),
        )


@dataclass(frozen=True, slots=True)
class ErasedPaper:
    """A paper of which only the record of its erasure is left."""

    kind_label: str
    sha256: str
    uploaded_at: datetime
    reason: str
    erased_at: datetime
    bytes_state: str
    backups_until: date | None

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "ErasedPaper":
        until = item["backups_until"]
        return cls(
            item["kind_label"],
            item["sha256"],
            datetime.fromisoformat(item["uploaded_at"]),
            item["reason"],
            datetime.fromisoformat(item["erased_at"]),
            item["bytes_state"],
            date.fromisoformat(until) if until is not None else None,
        )


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """Goes with each file to documents; shown once."""

    grant: str
    kind: str
    max_count: int
    expires_at: str


class DocumentsClient:
    """Speaks to /v1/documents with the nominations service's own token."""

    def __init__(self, http: ServiceClient, auth: AuthClient) -> None:
        self._http = http
        self._auth = auth

    async def register_bundle(self, bundle_id: UUID, owner: BundleOwner) -> None:
        """Makes the bundle of a case, or opens it to a further stage. Safe to repeat."""
        body: dict[str, object] = {
            "owner_person_id": str(owner.person_id) if owner.person_id else None,
            "organisation_id": str(owner.unit_id),
            "jurisdiction": owner.quota_unit,
            "campaign_key": owner.campaign_key,
            "open_to": list(owner.open_to),
            "unit_name": owner.unit_name,
            "person_name": owner.person_name,
        }
        if owner.kept_from:  # a documents service of the release before does not know it
            body["kept_from"] = [str(each) for each in owner.kept_from]
        await self._send("PUT", f"/v1/documents/bundles/{bundle_id}", json=body)

    async def grant_upload(
        self, bundle_id: UUID, *, kind: str, subject_id: UUID, max_count: int, minutes: int
    ) -> UploadGrant:
        """Somebody without an account may add a few files. Raises NotFound, Unavailable."""
        body = {"kind": kind, "subject_id": str(subject_id), "max_count": max_count, "minutes": minutes}
        answer = (await self._send("POST", f"/v1/documents/bundles/{bundle_id}/upload-grants", json=body)).json()
        return UploadGrant(answer["grant"], answer["kind"], answer["max_count"], answer["expires_at"])

    async def set_state(
        self,
        bundle_id: UUID,
        *,
        case_revision: int,
        frozen: bool,
        case_worked_on: bool | None = None,
        begins: UUID | None = None,
        ends: UUID | None = None,
    ) -> None:
        """Safe to repeat and to come late: documents ignores news of an older revision of the case.

        `case_worked_on`: of a restricted case, whether anybody but the person goes on with it; None of any other. `begins`,
        `ends`: the number of a submission, until whose end no other news opens the papers.
        """
        body: dict[str, object] = {"case_revision": case_revision, "frozen": frozen}
        if case_worked_on is not None:  # a documents service of the release before does not know it
            body["restriction"] = "worked_on" if case_worked_on else "kept"
        submission = {name: str(number) for name, number in (("begins", begins), ("ends", ends)) if number is not None}
        await self._send("PUT", f"/v1/documents/bundles/{bundle_id}/state", json=body, params=submission)

    async def held(self, bundle_id: UUID) -> list[HeldDocument]:
        """The documents in force of a case, one of each kind where the kind allows one."""
        response = await self._send("GET", f"/v1/documents/bundles/{bundle_id}")
        return [
            HeldDocument(
                UUID(item["id"]),
                item["kind"],
                item["sha256"],
                item["verdict"],
                item["media_type"],
                item["bytes"],
                None if item.get("print_codes") is None else tuple(item["print_codes"]),
                item.get("card_read", False),  # a documents service of the release before says neither
            )
            for item in response.json()["items"]
        ]

    async def compared_cards(self, bundle_id: UUID, *, name: str, number: str) -> list[ComparedCard]:
        """What was read of the ID card copies, against what was typed. Raises NotFound, Unavailable."""
        body = {"name": name, "resident_id_number": number}
        answer = await self._send("POST", f"/v1/documents/bundles/{bundle_id}/card-comparisons", json=body)
        return [
            ComparedCard(item["kind"], item["number"], item["name"], item["valid_until"], item["no_expiry"])
            for item in answer.json()["items"]
        ]

    async def set_campaign_event(self, campaign_key: str, event: str, day: str) -> None:
        """From this day papers are kept for the time of their kind. Safe to repeat: the later word holds."""
        await self._send("PUT", f"/v1/documents/campaigns/{campaign_key}/events/{event}", json={"happened_on": day})

    async def content(self, document_id: UUID) -> bytes:
        """Raises NotFound for a file that is erased or damaged: no repetition brings it back. Raises Unavailable."""
        path = f"/v1/documents/{document_id}/content"
        response = await self._send("GET", path, told=_LOST)
        if response.status_code >= 500:
            raise NotFound
        return response.content

    async def views_of_own_papers(self, token: str, *, until: datetime | None, limit: int) -> list[PaperView]:
        """Who was shown the papers of the person whose token it is, the newest first. Raises Unavailable."""
        since = page_token(until.isoformat(), _LAST_ID) if until is not None else None
        return [PaperView.of(item) for item in await self._items(token, "/v1/documents/me/views", since, limit=limit)]

    async def erased_papers(self, token: str, bundle_id: UUID) -> list[ErasedPaper]:
        """All that was erased of a case among what the holder of the token could read. Raises Unavailable."""
        path = f"/v1/documents/bundles/{bundle_id}/erasures"
        return [ErasedPaper.of(item) for item in await self._items(token, path)]

    async def _items(
        self, token: str, path: str, wanted: str | None = None, *, limit: int | None = None
    ) -> list[dict[str, Any]]:
        """A list read in the name of the token's holder, from a page on; None: to its end."""
        found: list[dict[str, Any]] = []
        while limit is None or len(found) < limit:
            params = {"page_size": str(MAX_PAGE)} | ({"page_token": wanted} if wanted else {})
            response = await call(self._http, "GET", path, token=token, params=params)
            if response.status_code != 200:
                raise Unavailable
            page = response.json()
            found += page["items"]
            wanted = page["next_page_token"]
            if wanted is None:
                break
        return found[:limit]

    async def _send(
        self, method: str, path: str, *, told: frozenset[str] = frozenset(), **more: object
    ) -> httpx.Response:
        response = await call(self._http, method, path, token=await self._auth.service_token(), told=told, **more)
        if response.status_code == 401:
            self._auth.forget()
            raise Unavailable
        if response.status_code == 404 or (response.status_code == 409 and path.endswith("/content")):
            raise NotFound  # 409: consent was withdrawn or processing is restricted, nobody is shown it
        if 400 <= response.status_code < 500:
            raise Unavailable
        return response
