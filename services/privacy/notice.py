"""个人信息处理告知书: what people are told before their data is taken (PIPL 第七、十四、十七、二十三、三十条, 条例第二十一条).

A purpose rests on one basis. Where an office does its duty by law, nobody is asked for a consent that they could not refuse;
where consent is the basis, it is asked for by itself, can be refused and withdrawn, and the notice says what follows.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LegalBasis(StrEnum):
    """On what a purpose rests (第十三条)."""

    STATUTORY_DUTY = "statutory_duty"  # 履行法定职责
    SEPARATE_CONSENT = "separate_consent"  # 单独同意


BASIS_LABELS: Mapping[LegalBasis, str] = {
    LegalBasis.STATUTORY_DUTY: "履行法定职责所必需",
    LegalBasis.SEPARATE_CONSENT: "取得您的单独同意",
}


@dataclass(frozen=True, slots=True)
class Handler:
    """Who answers for the data (第十七条第一项)."""

    name: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose, by itself: what is taken for it, why, for how long, who gets it, and on what basis."""

    key: str
    label: str
    basis: LegalBasis
    ground: str
    """The words of law that the basis stands in."""
    information: tuple[str, ...]
    why: str
    retention: str
    sensitive: bool = False
    necessity: str = ""
    """Why it cannot be done without, for sensitive data (第三十条)."""
    effect: str = ""
    """What it may do to the person's rights, for sensitive data (第三十条)."""
    recipients: tuple[str, ...] = ()
    statement: str = ""
    """The sentence that somebody agrees to."""
    without_consent: str = ""
    """What happens to whoever does not agree: nothing that they need for the rest (第十六条)."""
    withdrawal: str = ""
    """What withdrawing means (第十五条)."""
    each_time: bool = False
    """Asked each time, on the very words that are to be used, by the procedure itself."""


@dataclass(frozen=True, slots=True)
class PrivacyNotice:
    """One version for one campaign. What was published never changes."""

    version: int
    title: str
    effective_on: str
    introduction: str
    handlers: tuple[Handler, ...]
    purposes: tuple[Purpose, ...]
    security: str
    rights: tuple[str, ...]
    complaints: str
    changes: str

    def purpose(self, key: str) -> Purpose | None:
        return next((each for each in self.purposes if each.key == key), None)


def faults_of(notice: PrivacyNotice) -> Iterator[tuple[str, str]]:
    """Path and sentence of everything that the law asks for and the notice does not say."""
    if notice.version < 1:
        yield "version", "must be at least 1"
    if not _is_day(notice.effective_on):
        yield "effective_on", "must be a date such as 2025-01-26"
    for name in ("title", "introduction", "security", "complaints", "changes"):
        if not getattr(notice, name).strip():
            yield name, "is empty"
    for name in ("handlers", "purposes", "rights"):
        if not getattr(notice, name):
            yield name, "must have at least 1 item"
    seen = set()
    for index, purpose in enumerate(notice.purposes):
        if purpose.key in seen:
            yield f"purposes[{index}].key", f"{purpose.key} stands twice"
        seen.add(purpose.key)
        for name in _wanting(purpose):
            yield f"purposes[{index}].{name}", "is empty"


def _wanting(purpose: Purpose) -> Iterator[str]:
    needed = ["key", "label", "ground", "why", "retention", "information"]
    if purpose.sensitive:
        needed += ["necessity", "effect"]
    if purpose.basis is LegalBasis.SEPARATE_CONSENT:
        needed += ["statement", "without_consent", "withdrawal"]
    return (name for name in needed if not getattr(purpose, name))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def text_of(notice: PrivacyNotice) -> str:
    """The notice as people read it, every purpose in it: what is hashed, shown and printed is this text."""
    parts = [notice.title, f"第{notice.version}版，自{notice.effective_on}起施行", notice.introduction.strip()]
    parts += ["一、个人信息处理者", *(_handler(each) for each in notice.handlers)]
    parts += ["二、处理目的、种类、依据和保存期限", *(_purpose(n, each) for n, each in enumerate(notice.purposes, 1))]
    parts += ["三、保护措施", notice.security.strip()]
    parts += ["四、您的权利", *(f"（{n}）{each.strip()}" for n, each in enumerate(notice.rights, 1))]
    parts += ["五、咨询、投诉和举报", notice.complaints.strip(), "六、告知书的变更", notice.changes.strip()]
    return "\n\n".join(parts) + "\n"


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _handler(handler: Handler) -> str:
    return f"{handler.name}；地址：{handler.address}；电话：{handler.phone}；电子邮箱：{handler.email}"


def _purpose(number: int, purpose: Purpose) -> str:
    lines = [
        f"（{number}）{purpose.label}{'（含敏感个人信息）' if purpose.sensitive else ''}",
        f"处理的个人信息：{'、'.join(purpose.information)}。",
        f"目的和方式：{purpose.why}",
        f"处理依据：{BASIS_LABELS[purpose.basis]}。{purpose.ground}",
    ]
    lines += [f"必要性：{purpose.necessity}"] if purpose.necessity else []
    lines += [f"对个人权益的影响：{purpose.effect}"] if purpose.effect else []
    lines += [f"接收方：{'、'.join(purpose.recipients)}。"] if purpose.recipients else []
    lines += [f"保存期限：{purpose.retention}"]
    if purpose.basis is LegalBasis.SEPARATE_CONSENT:
        lines += [
            f"请您单独同意：“{purpose.statement}”",
            f"不同意的：{purpose.without_consent}",
            f"撤回同意的：{purpose.withdrawal}",
        ]
    return "\n".join(lines)
