"""ID card copies against the form (R184, R193). A machine read them: a difference warns, a person decides.

The documents service compares; what was read never comes here, but for the last day of validity.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.nominations.domain.form_definition import Finding

_NUMBER, _NAME, _UNTIL = "/form/resident_id_number", "/form/full_name", "/form/id_card_valid_until"
_WARNING = "warning"


@dataclass(frozen=True, slots=True)
class ComparedCard:
    """`number`, `name`: same, differs or not_read. `valid_until` is a date as in JSON; both it and 长期 may be unread."""

    kind: str
    number: str
    name: str
    valid_until: str | None
    no_expiry: bool


def card_findings(cards: Iterable[ComparedCard], values: Mapping[str, Any], *, today: date) -> Iterator[Finding]:
    """Warnings at the form's fields, and at the copy where the card itself is what is wrong."""
    for card in cards:
        if card.number == "differs":
            yield Finding(
                _NUMBER,
                "id_card_number_differs",
                "公民身份号码与身份证复印件上识别的不一致，请对照复印件核对",
                "R184",
                _WARNING,
            )
        if card.name == "differs":
            yield Finding(
                _NAME,
                "id_card_name_differs",
                "姓名与身份证复印件上识别的不一致，请对照复印件核对（生僻字可能识别有误）",
                "R184",
                _WARNING,
            )
        yield from _validity(card, values, today)


def _validity(card: ComparedCard, values: Mapping[str, Any], today: date) -> Iterator[Finding]:
    if not card.no_expiry and card.valid_until is None:
        return
    if card.valid_until is not None and card.valid_until < today.isoformat():
        yield Finding(
            f"/documents/{card.kind}",
            "id_card_copy_expired",
            "身份证复印件上的有效期限已过，请换领后重新上传",
            "R193",
            _WARNING,
        )
    typed = values.get("id_card_valid_until")
    read = "长期" if card.no_expiry else card.valid_until
    if isinstance(typed, str) and typed and typed != read:
        yield Finding(
            _UNTIL,
            "id_card_validity_differs",
            "有效期与身份证复印件上识别的不一致，请对照复印件核对",
            "R193",
            _WARNING,
        )
