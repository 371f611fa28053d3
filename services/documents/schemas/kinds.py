"""Every limit a front end can tell before it uploads."""

from dataclasses import asdict
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from services.documents.campaign_rules import ShownNotice
from services.documents.domain.document_kind import DocumentKind, FileFormat, Retention, Sensitivity
from services.documents.domain.photo_profile import PhotoProfile


class ConsentTextAnswer(BaseModel):
    """Show the notice, ask for agreement to `statement` alone, and send `text_sha256` with the upload, or to auth before it.

    It is the notice of `GET /v1/auth/privacy-notices/{campaign_key}`: one text, one hash, one consent.
    """

    purpose: Annotated[str, Field(description="Of the privacy notice, as `POST /v1/auth/me/consents` takes it")]
    notice_version: int
    statement: Annotated[str, Field(description="The sentence beside the box, which nobody has ticked")]
    text: Annotated[str, Field(description="The campaign's whole privacy notice")]
    text_sha256: Annotated[str, Field(description="Of the text in UTF-8, in lower-case hex")]


class DocumentKindAnswer(BaseModel):
    """One kind of document. Sizes in bytes; `max_count` of 1 means that a new upload replaces the old one."""

    label: str
    required_when: Annotated[str, Field(description="For people to read; `POST …/checks` of a nomination decides")]
    formats: Annotated[list[FileFormat], Field(description="Told from the bytes. A `heic` is kept as a JPEG")]
    max_bytes: int
    max_pixels: Annotated[int, Field(description="Width times height; means nothing for a PDF")]
    max_pages: Annotated[int, Field(description="Of a PDF; means nothing for a picture")]
    max_count: int
    photo_profile: str | None
    readers: Annotated[list[str], Field(description="Roles that read it, besides who uploaded it")]
    sensitivity: Sensitivity
    consent_required: Annotated[bool, Field(description="An upload without consent to `consent` is refused")]
    consent: ConsentTextAnswer | None
    encrypted: bool
    watermarked: Annotated[bool, Field(description="People see it only with campaign, name and time burnt in")]
    direct_upload: Annotated[bool, Field(description="May go straight to the object store (`via: store`)")]
    after_submission: Annotated[bool, Field(description="Still added when the bundle is frozen")]
    retention: Retention

    @classmethod
    def of(cls, kind: DocumentKind, notice: ShownNotice | None, *, store_is_reachable: bool) -> Self:
        """Sets have no order: sorted, so that the same data give the same bytes."""
        told = {
            "formats": sorted(kind.formats),
            "readers": sorted(kind.readers),
            "direct_upload": store_is_reachable and not kind.encrypted,
        }
        return cls.model_validate(asdict(kind) | told | _consent_told(kind.consent_purpose, notice))


def _consent_told(purpose: str | None, notice: ShownNotice | None) -> dict[str, Any]:
    told = None
    if purpose is not None and notice is not None:
        told = ConsentTextAnswer(
            purpose=purpose,
            notice_version=notice.version,
            statement=notice.statements[purpose],
            text=notice.text,
            text_sha256=notice.sha256,
        )
    return {"consent_required": told is not None, "consent": told}


class UploadLimitsAnswer(BaseModel):
    """Limits of uploads themselves, whatever the kind."""

    max_bytes: Annotated[int, Field(description="Of one file, in one piece or in chunks")]
    max_chunk_bytes: int
    open_uploads_per_person: int
    upload_hours: Annotated[int, Field(description="How long an upload that was begun may be finished")]


class DocumentKindsAnswer(BaseModel):
    """Kinds and photo profiles of one campaign, by their key."""

    campaign_key: str
    uploads: UploadLimitsAnswer
    kinds: dict[str, DocumentKindAnswer]
    photo_profiles: dict[str, PhotoProfile]
