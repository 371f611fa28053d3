"""Whom a case is about. What was voted, inspected and answered about one person or firm is said of nobody else.

“由所在单位民主推荐、考察审核” (R50–R51), “所有推荐对象需征求…意见” (R80–R82).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.nominations.domain.form_definition import Finding

BRACKETS = "〔〕【】〖〗〘〙[]{}"
_ROUND = str.maketrans(BRACKETS, "()" * (len(BRACKETS) // 2))


def collective_key(name: str) -> str | None:
    """One collective, however its name is spaced and however wide its signs are, whatever the shape of its brackets.

    Nothing else is taken for the same: 有限公司 and 有限责任公司 are two. None for no name.
    """
    return "".join(unicodedata.normalize("NFKC", name).split()).translate(_ROUND) or None


def entity_code(credit_code: str | None, answers: Mapping[str, Any]) -> str | None:
    """The code where the collective is the legal entity itself, which it names once and for all, whatever it is called.

    An inner office (`is_inner_office`: a workshop, a team, a department) has no code of its own and states that of the
    entity, for whatever bars the one bars the other (R6, R83): it is a collective of its own, known by its name.
    """
    return None if answers.get("is_inner_office") is True else credit_code


def beside_entity(pointer: str) -> Finding:
    """The notice forbids no firm to stand beside its own workshop, but somebody has to say why both do (R12, R97)."""
    message = (
        "同一统一社会信用代码下另有一件推荐（单位本身或者其他内设机构），请核对是否重复推荐；确需分别推荐的请说明理由"
    )
    return Finding(pointer, "entity_put_forward_twice", message, "R6", "warning")


@dataclass(frozen=True, slots=True)
class Subject:
    """An individual by the number, a firm or its head by the credit code, any other collective by its name.

    A workshop states its firm's code and is another subject than the firm and than every other workshop of it.
    """

    identity: bytes | None
    """Blind index of the identity number: equal for equal numbers."""
    credit_code: str | None
    entity_code: str | None
    """The same code, unless it is an inner office that states it."""
    collective: str | None

    def is_replaced_by(self, other: "Subject") -> bool:
        """Whether the case was about somebody before and is about somebody else now. A firm may correct its name."""
        if self.identity is not None and self.identity != other.identity:
            return True
        if self.credit_code is not None and self._codes() != other._codes():
            return True
        return self.entity_code is None and self.collective is not None and self.collective != other.collective

    def _codes(self) -> tuple[str | None, str | None]:
        return self.credit_code, self.entity_code


def has_been_reported(*, first_reported_at: datetime | None, replaced_at: datetime | None) -> bool:
    """“于2025年2月28日前…逾期不报视为自动放弃” (R112–R113): it counts of whom the case is about, not of the case.

    `replaced_at`: since when it is about somebody else than before; None again once it was reported with them.
    """
    return first_reported_at is not None and replaced_at is None
