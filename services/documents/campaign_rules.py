"""The campaigns' `documents.yaml` and privacy notices: kinds, photo profiles, what is agreed to; read once at the start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from services.documents.domain.document_kind import DocumentKind, parse_document_kinds
from services.documents.domain.photo_profile import PhotoProfile, parse_photo_profiles
from services.documents.domain.rule_records import InvalidRules
from services.documents.problems import CampaignUnknown, DocumentKindUnknown, PhotoProfileUnknown
from services.privacy.notice import LegalBasis, sha256_of, text_of
from services.privacy.notice_files import FILE, NoticeFileBroken, read_notice


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """What people are shown and agree to: all of it, by its hash, and the sentence beside each box."""

    version: int
    text: str
    sha256: str
    statements: Mapping[str, str]
    """By purpose, of those that rest on a separate consent given once."""


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """What one campaign demands of files."""

    campaign_key: str
    label: str
    kinds: Mapping[str, DocumentKind]
    photo_profiles: Mapping[str, PhotoProfile]
    notice: ShownNotice | None
    """The campaign's privacy notice; None where no kind asks for a consent."""

    def kind(self, key: str) -> DocumentKind:
        """Raises DocumentKindUnknown."""
        if key not in self.kinds:
            raise DocumentKindUnknown
        return self.kinds[key]

    def photo_profile(self, key: str | None) -> PhotoProfile:
        """The campaign's first profile is its default. Raises PhotoProfileUnknown."""
        wanted = next(iter(self.photo_profiles), "") if key is None else key
        if wanted not in self.photo_profiles:
            raise PhotoProfileUnknown
        return self.photo_profiles[wanted]


class CampaignRules:
    """The rules of every campaign, by its key: the name of its folder."""

    def __init__(self, by_campaign: Mapping[str, DocumentRules]) -> None:
        self._by_campaign = by_campaign

    def of(self, campaign_key: str) -> DocumentRules:
        """Raises CampaignUnknown."""
        if campaign_key not in self._by_campaign:
            raise CampaignUnknown
        return self._by_campaign[campaign_key]

    def of_asked(self, campaign_key: str | None) -> DocumentRules:
        """Of the campaign that a client names; of the latest where it names none. Raises CampaignUnknown."""
        return self.of(max(self._by_campaign, key=_year_first, default="") if campaign_key is None else campaign_key)

    def kind_of(self, campaign_key: str, kind: str) -> DocumentKind | None:
        """None when the campaign no longer has it: its papers are still read."""
        rules = self._by_campaign.get(campaign_key)
        return None if rules is None else rules.kinds.get(kind)

    def campaign_label(self, campaign_key: str) -> str:
        """The campaign's Chinese name; its key when it is no longer there."""
        rules = self._by_campaign.get(campaign_key)
        return campaign_key if rules is None else rules.label

    def all_kinds(self) -> Iterator[tuple[str, str, DocumentKind]]:
        """Campaign, key, kind."""
        for campaign, rules in sorted(self._by_campaign.items()):
            for key, kind in rules.kinds.items():
                yield campaign, key, kind

    def kinds_read_by(self, role: str) -> list[tuple[str, str]]:
        """The pairs of campaign and kind that a role reads."""
        return [(campaign, key) for campaign, key, kind in self.all_kinds() if role in kind.readers]


def _year_first(campaign_key: str) -> tuple[str, str]:
    """A key ends in the campaign's year: `shanxi-manufacturing-2025`. One that does not is older than all that do."""
    end = campaign_key.rpartition("-")[2]
    return end if end.isdecimal() else "", campaign_key


def load_campaign_rules(folder: Path) -> CampaignRules:
    """Raises InvalidRules naming the file and the field."""
    return CampaignRules({path.parent.name: _read(path) for path in sorted(folder.glob("*/documents.yaml"))})


def _read(path: Path) -> DocumentRules:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    try:
        rules = DocumentRules(
            campaign_key=path.parent.name,
            label=str(data["label"]),
            kinds=parse_document_kinds(data["document_kinds"]),
            photo_profiles=parse_photo_profiles(data["photo_profiles"]),
            notice=_notice(path.parent / FILE),
        )
    except (InvalidRules, KeyError) as error:
        raise InvalidRules(f"{path.parent.name}/{path.name}: {error}") from error
    statements = rules.notice.statements if rules.notice is not None else {}
    for key, kind in rules.kinds.items():
        if kind.consent_purpose is not None and kind.consent_purpose not in statements:
            raise InvalidRules(f"{path.parent.name}/{path.name}: {key} asks for consent to no purpose of {FILE}")
        if kind.photo_profile is not None and kind.photo_profile not in rules.photo_profiles:
            raise InvalidRules(f"{path.parent.name}/{path.name}: {key} names the unknown profile {kind.photo_profile}")
    return rules


def _notice(path: Path) -> ShownNotice | None:
    """Raises InvalidRules."""
    if not path.exists():
        return None
    try:
        notice = read_notice(path)
    except NoticeFileBroken as error:
        raise InvalidRules(str(error)) from None
    text = text_of(notice)
    asked = (each for each in notice.purposes if each.basis is LegalBasis.SEPARATE_CONSENT and not each.each_time)
    return ShownNotice(notice.version, text, sha256_of(text), {each.key: each.statement for each in asked})
