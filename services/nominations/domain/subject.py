"""Whom a case is about. What was voted, inspected and answered about one person or firm is said of nobody else.

“由所在单位民主推荐、考察审核” (R50–R51), “所有推荐对象需征求…意见” (R80–R82).
"""

import unicodedata
from dataclasses import dataclass

BRACKETS = "〔〕【】〖〗〘〙[]{}"
_ROUND = str.maketrans(BRACKETS, "()" * (len(BRACKETS) // 2))


def collective_key(name: str) -> str | None:
    """One collective, however its name is spaced and however wide its signs are, whatever the shape of its brackets.

    Nothing else is taken for the same: 有限公司 and 有限责任公司 are two. None for no name.
    """
    return "".join(unicodedata.normalize("NFKC", name).split()).translate(_ROUND) or None


@dataclass(frozen=True, slots=True)
class Subject:
    """An individual by the number, a firm or its head by the credit code, any other collective by its name."""

    identity: bytes | None
    """Blind index of the identity number: equal for equal numbers."""
    credit_code: str | None
    collective: str | None

    def is_replaced_by(self, other: "Subject") -> bool:
        """Whether the case was about somebody before and is about somebody else now. A firm may correct its name."""
        if self.identity is not None and self.identity != other.identity:
            return True
        if self.credit_code is not None:
            return self.credit_code != other.credit_code
        return self.collective is not None and self.collective != other.collective
