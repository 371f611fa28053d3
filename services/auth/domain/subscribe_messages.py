"""What fits into a WeChat subscribe message: each field has a type, and WeChat refuses (47003) what is longer.

Limits: developers.weixin.qq.com, sendMessage of subscribe messages, table of parameter types (read 2026-11-23).
"""

import re
from collections.abc import Mapping

_LIMITS = {
    "thing": 20,
    "character_string": 32,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "phrase": 5,
    "name": 10,
    "phone_number": 17,
    "car_number": 8,
}
_TYPE = re.compile(r"^([a-z_]+?)\d+$")


def field_limit(field: str) -> int | None:
    """Characters that a field such as `thing1` takes; None for types without a length (dates, amounts)."""
    kind = _TYPE.match(field)
    return _LIMITS.get(kind[1]) if kind else None


def shortened(values: Mapping[str, str]) -> dict[str, str]:
    """Every value short enough for its field; what is cut ends with an ellipsis, so that nobody takes it for the whole."""
    return {field: _cut(value, field_limit(field)) for field, value in values.items()}


def _cut(value: str, limit: int | None) -> str:
    return value if limit is None or len(value) <= limit else value[: limit - 1] + "…"
