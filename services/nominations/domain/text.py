"""Counting 字, the way the server publishes and the client never decides (R131, R162, A18; rules of the counter below).

Normalise to NFC, CRLF to LF, drop outer white space. Each Han character and each CJK punctuation mark is one; each
unbroken run of Latin letters and digits is one; the rest is not counted. Word and WPS count nearly alike.
"""

import re
import unicodedata
from dataclasses import dataclass

_HAN = "\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_CJK_PUNCTUATION = (
    "\u2014\u2018\u2019\u201c\u201d\u2026\u00b7\u3001-\u3003\u3008-\u3020\u3030\ufe30-\ufe4f"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_COUNTED = re.compile(f"[{_HAN}{_CJK_PUNCTUATION}]|[^\\W_{_HAN}]+")


@dataclass(frozen=True, slots=True)
class DeedsCount:
    """`count` is what the limit applies to; `code_points` is what a client's own counter may show."""

    count: int
    code_points: int


def count_characters(text: str) -> DeedsCount:
    """Counts a text as it will be stored."""
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    return DeedsCount(count=len(_COUNTED.findall(clean)), code_points=len(clean))
