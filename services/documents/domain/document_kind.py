"""Kinds of documents as data: what may be uploaded, how much of it, who reads it and how long it stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.documents.domain.card_rule import CardSide
from services.documents.domain.rule_records import InvalidRules, read_records


class FileFormat(StrEnum):
    """What a file really is, told from its bytes."""

    JPEG = "jpeg"  # JPG 图片
    HEIC = "heic"  # 苹果手机照片，转为 JPG 保存
    PNG = "png"  # PNG 图片
    PDF = "pdf"  # PDF 文件


class Sensitivity(StrEnum):
    """Data classes of the official forms."""

    PUBLIC = "P0"  # 可公开
    INTERNAL = "P1"  # 内部
    PERSONAL = "P2"  # 个人信息
    SENSITIVE = "P3"  # 敏感个人信息


class RetentionStart(StrEnum):
    """The event from which a retention period counts."""

    AWARD_DECISION = "award_decision"  # 表彰决定
    CAMPAIGN_CLOSED = "campaign_closed"  # 评选活动结束


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a file stays: days counted from an event; no number of days means it is archived with the case."""

    counted_from: RetentionStart
    days: int | None

    def __post_init__(self) -> None:
        if self.days is not None and self.days < 0:
            raise InvalidRules("retention days must not be negative")


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document. `readers` are roles; the owner's own reading needs no role.

    Sizes in bytes; `max_pixels` is the limit before decoding and means nothing for a PDF, `max_pages` nothing for a
    picture. `photo_profile` is the key of the profile that a portrait must satisfy; `card_side` the side of an identity
    card that a copy shows, for which it is looked over. `required_when` is for people to read: the form's own rules decide.
    `consent_purpose`: the purpose of the campaign's privacy notice that a person agrees to, separately, before such a file
    is taken (个人信息保护法 第二十九条); null where no consent of its own is needed. `after_submission`: still added when
    the bundle is frozen. `watermarked`: people see it only with their name burnt in.
    """

    label: str
    required_when: str
    formats: frozenset[FileFormat]
    max_bytes: int
    max_pixels: int
    max_pages: int
    max_count: int
    photo_profile: str | None
    card_side: CardSide | None
    readers: frozenset[str]
    sensitivity: Sensitivity
    consent_purpose: str | None
    encrypted: bool
    watermarked: bool
    after_submission: bool
    retention: Retention

    def __post_init__(self) -> None:
        if min(self.max_bytes, self.max_pixels, self.max_pages, self.max_count) < 1:
            raise InvalidRules("max_bytes, max_pixels, max_pages and max_count must be at least 1")
        if self.watermarked and FileFormat.PDF in self.formats:
            raise InvalidRules("a watermark is burnt into pictures: a watermarked kind takes no pdf")


def parse_document_kinds(data: Mapping[str, Any]) -> dict[str, DocumentKind]:
    """Reads the section `document_kinds`: kinds by their key. Raises InvalidRules naming the wrong field."""
    return read_records(DocumentKind, data, where="document_kinds")
