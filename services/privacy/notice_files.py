"""`privacy-notice.yaml` of a campaign's folder, read into the notice that it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from services.privacy.notice import PrivacyNotice, faults_of

FILE = "privacy-notice.yaml"
_NOTICE = TypeAdapter(PrivacyNotice)


class NoticeFileBroken(Exception):
    """It is no notice, or does not say what the law asks for; names file and place."""


def notice_of(data: Mapping[str, Any]) -> PrivacyNotice:
    """Raises pydantic's ValidationError for another shape."""
    return _NOTICE.validate_python(data)


def read_notices(campaigns: Path) -> dict[str, PrivacyNotice]:
    """By campaign, which is the folder's name; of those that have one. Raises NoticeFileBroken."""
    return {path.parent.name: read_notice(path) for path in sorted(campaigns.glob(f"*/{FILE}"))}


def read_notice(path: Path) -> PrivacyNotice:
    """Raises NoticeFileBroken."""
    try:
        notice = notice_of(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError, ValidationError) as error:
        raise NoticeFileBroken(f"{path}: {error}") from None
    for place, message in faults_of(notice):
        raise NoticeFileBroken(f"{path}: {place} {message}")
    return notice
