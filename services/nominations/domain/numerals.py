"""Numbers as phones type them: “数字统一使用阿拉伯数字” (R150, R170). In a field for a number they are simply understood."""

import re
import unicodedata

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_BELOW_HUNDRED = re.compile("([一二三四五六七八九])?十([一二三四五六七八九])?")
_YEAR_MONTH = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*月?", re.ASCII)
_DATE = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?", re.ASCII)


def whole_number(text: str) -> int | None:
    """15, １５ and 十五 are one number. None for anything else; no more than nine digits."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"\d{1,9}", plain, re.ASCII):
        return int(plain)
    if plain in _DIGITS:
        return _DIGITS[plain]
    tens = _BELOW_HUNDRED.fullmatch(plain)
    if tens is None:
        return None
    return 10 * _DIGITS[tens[1] or "一"] + _DIGITS[tens[2] or "零"]


def plain_year_month(text: str) -> str:
    """2021年5月, 2021.5 and 2021/05 become 2021-05; whatever else it is stays as it is."""
    parts = _YEAR_MONTH.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return text if parts is None else f"{parts[1]}-{int(parts[2]):02}"


def plain_day(text: str) -> str:
    """2021年5月1日, 2021.5.1 and 2021/05/01 become 2021-05-01; whatever else it is stays as it is."""
    parts = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return text if parts is None else f"{parts[1]}-{int(parts[2]):02}-{int(parts[3]):02}"
