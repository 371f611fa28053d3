"""Separate consent to a sensitive file: which words were agreed to, and how (个人信息保护法 第十四、二十九条)."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class FileConsentChannel(StrEnum):
    """How the person agreed."""

    SCREEN = "screen"  # 在屏幕上勾选
    PAPER = "paper"  # 在纸上签字


@dataclass(frozen=True, slots=True)
class Consent:
    """Who and when stand with the file: its uploader and the time of its upload.

    `on_behalf`: somebody other than the person whose paper it is says so, such as the unit's clerk with a signed sheet.
    """

    text_sha256: str
    channel: FileConsentChannel
    on_behalf: bool


def text_version(text: str) -> str:
    """Names the words exactly: one changed character is another version."""
    return hashlib.sha256(text.encode()).hexdigest()
