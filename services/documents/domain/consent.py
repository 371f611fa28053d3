"""Separate consent to a sensitive file: which words were agreed to, how, and when (个人信息保护法 第十四、二十九条)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FileConsentChannel(StrEnum):
    """How the person agreed."""

    SCREEN = "screen"  # 在屏幕上勾选
    PAPER = "paper"  # 在纸上签字


@dataclass(frozen=True, slots=True)
class Consent:
    """`text_sha256` is of the campaign's privacy notice, as it was shown.

    `on_behalf`: sent by somebody other than the person whose paper it is, such as the unit's clerk with a signed sheet.
    """

    text_sha256: str
    channel: FileConsentChannel
    on_behalf: bool
    at: datetime
