"""Which passwords are refused, and why. Length counts most; common words are looked through their disguises."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

SHORTEST = 10
LONGEST = 128
LONG_ENOUGH_WITHOUT_KINDS = 20
_KINDS = 3
_DISGUISES = str.maketrans("@4301!$57+", "aaeoiisstt")
_AROUND = "0123456789!@#$%^&*()_+-=.,?~`"
_SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv")
_LONGEST_SEQUENCE = 5
_FEWEST_DIFFERENT = 5


class Fault(StrEnum):
    TOO_SHORT = "password_too_short"  # 太短
    TOO_LONG = "password_too_long"  # 太长
    TOO_SIMPLE = "password_too_simple"  # 字符种类太少
    COMMON = "password_common"  # 常见密码
    HOLDS_NAME = "password_holds_name"  # 含用户名或姓名
    UNCHANGED = "password_unchanged"  # 与原密码相同


@dataclass(frozen=True, slots=True)
class CommonPasswords:
    whole: frozenset[str]
    words: frozenset[str]
    """What remains of a common password when digits and signs around it are taken off."""


def faults(password: str, *, names: Collection[str], common: CommonPasswords) -> list[Fault]:
    """All faults at once. `names`: the username and the parts of the person's name."""
    text = unicodedata.normalize("NFKC", password).lower()
    found = []
    if len(password) < SHORTEST:
        found.append(Fault.TOO_SHORT)
    if len(password) > LONGEST:
        found.append(Fault.TOO_LONG)
    if (_kinds(password) < _KINDS and len(password) < LONG_ENOUGH_WITHOUT_KINDS) or len(set(text)) < _FEWEST_DIFFERENT:
        found.append(Fault.TOO_SIMPLE)
    if _is_common(text, common):
        found.append(Fault.COMMON)
    if any(len(name) >= 3 and name.lower() in text for name in names):
        found.append(Fault.HOLDS_NAME)
    return found


def _kinds(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit)
    kinds = [any(test(letter) for letter in password) for test in tests]
    return sum(kinds) + any(not (letter.isascii() and letter.isalnum()) for letter in password)


def _is_common(text: str, common: CommonPasswords) -> bool:
    plain = text.translate(_DISGUISES)
    bare = text.strip(_AROUND)
    looks = {bare, bare.translate(_DISGUISES), plain.strip(_AROUND)}
    mostly_sequence = _longest_sequence(text) > max(_LONGEST_SEQUENCE, len(text) // 2)
    return bool({text, plain} & common.whole or looks & common.words) or mostly_sequence or not bare


def _longest_sequence(text: str) -> int:
    """The longest run of neighbours on the keyboard or in the alphabet, read either way."""
    lines = [line for sequence in _SEQUENCES for line in (sequence, sequence[::-1])]
    return max(
        (
            length
            for length in range(_LONGEST_SEQUENCE, len(text) + 1)
            if any(text[start : start + length] in line for line in lines for start in range(len(text) - length + 1))
        ),
        default=0,
    )
