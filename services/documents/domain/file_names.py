"""Names of downloaded files: R127 “命名为“单位+姓名””, literally, as far as every phone and computer can store them."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_LONGEST = 60  # characters of each part: file systems end at 255 bytes, a Chinese character takes three


def file_stem(unit_name: str, person_name: str | None) -> str:
    """单位+姓名 with a literal plus; a collective has no second part."""
    return "+".join(part for part in (_storable(unit_name), _storable(person_name or "")) if part)


def free_stem(stem: str, taken: AbstractSet[str]) -> str:
    """The stem, or with the first number that nobody has: 单位+姓名(2)."""
    return next(name for name in _numbered(stem) if name not in taken)


def file_name(*, stem: str | None, label: str, ordinal: int, is_portrait: bool, several: bool, extension: str) -> str:
    """A portrait is named as the notice says; other papers carry their kind behind it, and several of a kind a number."""
    number = f"({ordinal})" if several and ordinal > 1 else ""
    if stem is None:
        return f"{label}{number}.{extension}"
    return f"{stem}.{extension}" if is_portrait else f"{stem}-{label}{number}.{extension}"


def _storable(name: str) -> str:
    return _FORBIDDEN.sub("_", name.strip()).strip(" .")[:_LONGEST]


def _numbered(stem: str) -> Iterable[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}({number})"
        number += 1
