"""What a new version of a campaign changes, in groups that a person thinks in: quotas, deadlines, conditions, forms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_NAMES = ("key", "kind", "quota_unit")
"""An item of a list is known again by one of these; otherwise by where it stands."""
_TITLES = ("label", "title", "name")
_GROUPS = {
    "quotas": "名额",
    "contact_form_due": "时限",
    "materials_deadline": "时限",
    "reference_date": "时限",
    "timezone": "时限",
    "publicity": "公示",
    "paths": "推荐程序",
    "consultation": "征求意见",
    "city_collected": "征求意见",
    "authorities": "征求意见",
    "disqualifiers": "否决情形",
    "document_needs": "材料",
    "enums": "选项",
    "print_layouts": "打印版式",
    "printed_unit_names": "打印版式",
    "docx_templates": "打印版式",
    "report_sections": "推荐报告",
}
"""By the first part of a path; conditions, scopes and forms are told apart below, everything else is 基本信息."""
_OF_A_CATEGORY = {"conditions": "评选条件", "scopes": "评选范围", "scope_rules": "评选范围", "final_quota": "名额"}
_ORDER = (
    "名额", "时限", "公示", "推荐程序", "评选条件", "评选范围", "奖项", "否决情形", "材料", "征求意见", "表格", "选项",
    "打印版式", "推荐报告", "基本信息",
)  # fmt: skip
_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` and `after` are None where there was, or will be, nothing."""

    group: str
    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if self.before is None:
            return f"＋ {self.path}: {_shown(self.after)}"
        if self.after is None:
            return f"－ {self.path}: {_shown(self.before)}"
        return f"～ {self.path}: {_shown(self.before)} → {_shown(self.after)}"


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every change, by group in the order of the notice."""
    found = [
        Change(_group(path), ".".join(path), _or_none(old), _or_none(new))
        for path, old, new in _walk(before, after, ())
    ]
    return sorted(found, key=lambda change: _ORDER.index(change.group))


_Difference = tuple[tuple[str, ...], Any, Any]


def _walk(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[_Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield from _walk(before.get(key, _ABSENT), after.get(key, _ABSENT), (*path, key))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _walk_list(before, after, path)
    elif isinstance(before, bool) != isinstance(after, bool) or before != after:
        yield path, before, after


def _walk_list(before: Sequence[Any], after: Sequence[Any], path: tuple[str, ...]) -> Iterator[_Difference]:
    old, new = _named(before), _named(after)
    if old is None or new is None:
        yield from _walk_texts(before, after, path)
        return
    for name in dict.fromkeys((*old, *new)):
        titled = _titled(name, old.get(name, new.get(name)))
        yield from _walk(old.get(name, _ABSENT), new.get(name, _ABSENT), (*path, titled))
    kept = [name for name in old if name in new]
    moved = [name for name in new if name in old]
    if kept != moved:
        yield (*path, "顺序"), "、".join(kept), "、".join(moved)


def _walk_texts(before: Sequence[Any], after: Sequence[Any], path: tuple[str, ...]) -> Iterator[_Difference]:
    """Items without a name: of two lists of one length the places are compared, otherwise what came and what went."""
    if len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            yield from _walk(old, new, (*path, str(index)))
        return
    for item in before:
        if item not in after:
            yield path, item, _ABSENT
    for item in after:
        if item not in before:
            yield path, _ABSENT, item
    if all(item in after for item in before) and all(item in before for item in after):
        yield path, list(before), list(after)


def _named(items: Sequence[Any]) -> dict[str, Any] | None:
    """The items by their names; None where one has none, or two have the same."""
    named = {name: item for name, item in ((_name(item), item) for item in items) if name is not None}
    return named if len(named) == len(items) else None


def _name(item: Any) -> str | None:
    if not isinstance(item, Mapping):
        return None
    found = [item[key] for key in _NAMES if isinstance(item.get(key), str)]
    return ".".join([*found, item["category"]] if isinstance(item.get("category"), str) else found) or None


def _titled(name: str, item: Any) -> str:
    """The name with the word that people know it by, such as `140922 五台县`."""
    words = next((item[key] for key in _TITLES if isinstance(item.get(key), str)), "")
    return f"{name} {words}".rstrip()


def _group(path: tuple[str, ...]) -> str:
    if path[0] == "categories":
        return next((_OF_A_CATEGORY[part] for part in path[2:3] if part in _OF_A_CATEGORY), "奖项")
    if path[0] == "forms":
        return "表格"
    return _GROUPS.get(path[0], "基本信息")


def _or_none(value: Any) -> Any:
    return None if value is _ABSENT else value


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_shown(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
