"""Packages, case files, seals and keys as clients read them."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import StrictRequest


class PackagePart(BaseModel):
    """One part: a ZIP that stands and is checked alone."""

    part: int
    cases: int
    bytes: Annotated[int, Field(description="About; for a progress bar")]


class PackagePlan(BaseModel):
    """How the package comes: ask for each part with the same `megabytes`."""

    parts: list[PackagePart]


class WantedPackage(StrictRequest):
    """Which part, with the `megabytes` of the plan."""

    megabytes: Annotated[int | None, Field(ge=5, le=2000, description="For mail: as in the plan")] = None
    part: Annotated[int, Field(ge=1, le=1000)] = 1


class PreparedPackageBody(BaseModel):
    """A package on its way; ask again until it is `ready`, then download `content`."""

    id: UUID
    state: Annotated[
        Literal["preparing", "ready", "outdated", "failed"],
        Field(description="`outdated`: something in it has changed since; prepare it anew"),
    ]
    percent: Annotated[int, Field(ge=0, le=100)]
    part: int
    part_count: int
    cases: int
    bytes: Annotated[int | None, Field(description="Of the ZIP, exactly; null until it is ready")]
    etag: Annotated[str | None, Field(description="For `If-Range`")]
    content: Annotated[str | None, Field(description="The address of the ZIP; takes `Range`")]
    made_at: datetime


class SealBody(BaseModel):
    """A signed root over every case of the campaign. The statement's bytes are what is signed."""

    sealed_at: datetime
    tree_size: int
    root: str
    key_id: str
    statement: Annotated[str, Field(description="Base64 of canonical JSON (RFC 8785)")]
    signature: Annotated[str, Field(description="Base64, Ed25519 over the statement's bytes")]


class Seals(BaseModel):
    """The newest first; each names the hash of the one before."""

    items: list[SealBody]
    next_page_token: str | None


class CaseProof(BaseModel):
    """That a case's history up to an event was part of a sealed root (RFC 6962)."""

    nomination_id: UUID
    sequence: Annotated[int, Field(description="Of the last event that the seal covers")]
    hash: str
    index: int
    path: Annotated[list[str], Field(description="Hashes of the siblings from the leaf up, hex")]
    seal: SealBody


class EvidenceKeyBody(BaseModel):
    key_id: Annotated[str, Field(description="The first 16 hex digits of the key's SHA-256")]
    public_key: Annotated[str, Field(description="Base64 of the raw Ed25519 key: what `xianjin verify --key` takes")]
    first_used_at: datetime


class EvidenceKeys(BaseModel):
    """Every key that has ever sealed, the first one first."""

    items: list[EvidenceKeyBody]
