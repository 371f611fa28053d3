"""Values as the form writes them, once for every renderer: words for codes, Chinese dates, one line for each item."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.nominations.forms.print_specs import (
    ItemSpec,
    ValueFormat,
    ValueSpec,
)

_NOT_PRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"  # control characters; XML and UTF-8 cannot hold some
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"  # direction marks: they would print words in another order
)
_LINE_END = re.compile("\r\n?|[\u2028\u2029\x85]")
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words for codes: enum name → value → label, and field key → enum name (a list's own fields as `list.field`)."""

    enum_labels: Mapping[str, Mapping[str, str]]
    field_enums: Mapping[str, str]

    def word(self, field: str, value: str) -> str:
        """The label of a code; anything else stays as it is, 无 and the words of an open enum among them."""
        return self.enum_labels.get(self.field_enums.get(field, ""), {}).get(value, value)


def plain(text: str) -> str:
    """Text without characters that no paper shows. Line breaks and everything visible stay."""
    return _NOT_PRINTABLE.sub("", _LINE_END.sub("\n", text)).replace("\t", " ")


def printed(spec: ValueSpec, values: Mapping[str, Any], words: Vocabulary) -> str:
    """What stands in the place of `spec`; "" where nothing was entered."""
    parts = {key: _one(spec, key, values.get(key), words) for key in spec.fields}
    if spec.pattern and all(parts.values()):
        return _filled(spec.pattern, parts)
    return (spec.separator or " ").join(part for part in parts.values() if part)


def chinese_date(value: date | str) -> str:
    """2025-02-28 → 2025年2月28日. Anything that is no date stays as entered."""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except ValueError:
        return plain(str(value))
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_month(value: str) -> str:
    """1985-03 → 1985年3月. Anything that is no month stays as entered."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})(?:-[0-9]{2})?", value)
    return f"{int(match[1])}年{int(match[2])}月" if match else plain(value)


def _one(spec: ValueSpec, key: str, value: Any, words: Vocabulary) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(filter(None, (_item(spec.item, key, item, words) for item in value)))
    return scalar(value, spec.format, key, words)


def _item(spec: ItemSpec | None, key: str, item: Any, words: Vocabulary) -> str:
    if spec is None or not isinstance(item, Mapping):
        return scalar(item, "text", key, words)
    if not any(item.values()):
        return ""
    names = _PLACE.findall(spec.pattern)
    parts = {name: scalar(item.get(name), spec.formats.get(name, "text"), f"{key}.{name}", words) for name in names}
    return _filled(spec.pattern, {name: part or spec.absent.get(name, "") for name, part in parts.items()}).rstrip()


def scalar(value: Any, wanted: ValueFormat, field: str, words: Vocabulary) -> str:
    """One value as it is printed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if wanted == "date" and value:
        return chinese_date(value)
    if wanted == "year_month" and value:
        return chinese_month(str(value))
    return plain(words.word(field, str(value))).strip("\n")


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    """One pass over the pattern: braces inside a value are text."""
    return _PLACE.sub(lambda place: parts[place[1]], pattern)
