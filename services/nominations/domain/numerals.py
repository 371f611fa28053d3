"""Numbers as phones type them: “数字统一使用阿拉伯数字” (R150, R170). In a field for a number they are simply understood."""

import re
import unicodedata

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_BELOW_HUNDRED = re.compile("([一二三四五六七八九])?十([一二三四五六七八九])?")
_YEAR_MONTH = re.compile(r"(\d{4})(?:\s*[-年./]\s*(\d{1,2})\s*月?|(\d{2}))", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))", re.ASCII)
_APART = re.compile(r"[\s()\-‐‑‒–—―−转]+")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})", re.ASCII)
_AREA_CODE, _LOCAL, _EXTENSION = (re.compile(digits, re.ASCII) for digits in (r"0\d{2,3}", r"\d{7,8}", r"\d{1,6}"))


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
    """2021年5月, 2021.5, 2021/05 and 202105 become 2021-05; whatever else it is stays as it is."""
    parts = _YEAR_MONTH.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return text if parts is None else f"{parts[1]}-{int(parts[2] or parts[3]):02}"


def plain_day(text: str) -> str:
    """2021年5月1日, 2021.5.1, 2021/05/01 and 20210501 become 2021-05-01; whatever else it is stays as it is."""
    parts = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return text if parts is None else f"{parts[1]}-{int(parts[2] or parts[4]):02}-{int(parts[3] or parts[5]):02}"


def plain_phone(text: str) -> str:
    """+86 138 0350 1234 becomes 13803501234, (0350)3334026转801 becomes 0350-3334026-801; whatever else it is stays as it is.

    A number without anything between area code and number is left alone: where the one ends is not for us to say.
    """
    plain = unicodedata.normalize("NFKC", text)
    parts = [part for part in _APART.split(plain) if part]
    mobile = _MOBILE.fullmatch("".join(parts))
    if mobile is not None:
        return mobile[1]
    if len(parts) < 2 or _AREA_CODE.fullmatch(parts[0]) is None:
        return plain
    if _LOCAL.fullmatch("".join(parts[1:])) is not None:
        return f"{parts[0]}-{''.join(parts[1:])}"
    extended = len(parts) == 3 and _LOCAL.fullmatch(parts[1]) and _EXTENSION.fullmatch(parts[2])
    return "-".join(parts) if extended else plain
