"""What the text on an ID card copy says: number, name, validity (R184, R193). Only what proves itself is believed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.documents.domain.card_rule import CardSide

_NUMBER = re.compile(r"(?<![0-9X])[1-9]\d{16}[0-9X](?![0-9X])", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_TERM = re.compile(r"(\d{4})[.,]?(\d{2})[.,]?(\d{2})[-~一至]+(长期|(\d{4})[.,]?(\d{2})[.,]?(\d{2}))", re.ASCII)
_TERM_YEARS = (5, 10, 20)  # 居民身份证法 第五条
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
_NAME = re.compile(f"[{_HAN}]{{2,20}}|[{_HAN}]{{1,20}}(?:·[{_HAN}]{{1,20}})+")
_NAME_LABEL = "姓名"
_FRONT_WORDS = ("姓名", "性别", "民族", "出生", "住址", "公民身份号码")
_BACK_WORDS = ("签发机关", "有效期限", "居民身份证", "中华人民共和国")
_NO_NAMES = (*_FRONT_WORDS, *_BACK_WORDS, "样本", "长期")
_OF_ADDRESSES = re.compile("[省市县区镇乡村路街巷号栋室]$")
_DOTS = str.maketrans(dict.fromkeys("•・．‧∙⋅.", "·"))
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class CardText:
    """`names`: what on the copy may be the name; none when it could not be told. Lives in memory only, never in a log."""

    number: str | None
    names: tuple[str, ...]
    valid_until: date | None
    no_expiry: bool
    shows: frozenset[CardSide]

    @property
    def has_validity(self) -> bool:
        return self.no_expiry or self.valid_until is not None


def read_card(lines: Iterable[str]) -> CardText:
    """Takes the lines of text in any order: a card may lie any way round."""
    plain = [plain_text(line) for line in lines]
    until, no_expiry = _validity(plain)
    number = _number(plain)
    shows = {side for side, words in _WORDS.items() if any(word in line for line in plain for word in words)}
    if number is not None:
        shows.add(CardSide.FRONT)
    return CardText(number, _names(plain), until, no_expiry, frozenset(shows))


_WORDS = {CardSide.FRONT: _FRONT_WORDS, CardSide.BACK: _BACK_WORDS}


def plain_text(text: str) -> str:
    """One way to write what can be written in several: width, spaces, dots between parts of a name."""
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_DOTS).upper()


def _number(lines: list[str]) -> str | None:
    """公民身份号码 by GB 11643: two that differ are none."""
    found = {number for line in lines for number in _NUMBER.findall(line) if _proves_itself(number)}
    return found.pop() if len(found) == 1 else None


def _proves_itself(number: str) -> bool:
    remainder = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11
    return number[-1] == "10X98765432"[remainder] and _day(number[6:10], number[10:12], number[12:14]) is not None


def _names(lines: list[str]) -> tuple[str, ...]:
    """What stands behind its label, or else every short line that could be a name."""
    labelled = [line.removeprefix(_NAME_LABEL) for line in lines if line.startswith(_NAME_LABEL)]
    certain = [name for name in labelled if _NAME.fullmatch(name)]
    if certain:
        return tuple(certain[:1])
    likely = (line for line in lines if _NAME.fullmatch(line) and not any(word in line for word in _NO_NAMES))
    return tuple(line for line in likely if not _OF_ADDRESSES.search(line) and len(line) > 1)[:_MOST_NAMES]


def _validity(lines: list[str]) -> tuple[date | None, bool]:
    """Its last day, and whether it has none (长期). A term that no card has was misread."""
    for start, end in _terms(lines):
        if end is None:
            return None, True
        if end.year - start.year in _TERM_YEARS and abs((end.replace(year=2000) - start.replace(year=2000)).days) <= 1:
            return end, False
    return None, False


def _terms(lines: list[str]) -> Iterator[tuple[date, date | None]]:
    for line in lines:
        for found in _TERM.finditer(line.translate(str.maketrans("·—–", ".--"))):
            start = _day(*found.group(1, 2, 3))
            end = None if found[4] == "长期" else _day(*found.group(5, 6, 7))
            if start is not None and (end is not None or found[4] == "长期"):
                yield start, end


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
