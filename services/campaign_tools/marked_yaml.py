"""YAML with the line of every key kept, and all its faults at once: what an author's editor needs to jump there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from services.campaign_tools.chinese import in_chinese

_MERGE = "tag:yaml.org,2002:merge"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_NAMES = ("key", "kind", "quota_unit")
"""A path names an item of a list by one of these, or by its number."""
_TRANSPARENT = ("fields", "items")
"""Lists that a path passes through without a word: `forms.attachment_6.sex` is a field of the form."""

_DEEPEST_MERGE = 8


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong: where to look, and what."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        words = " ".join(filter(None, (in_chinese(self.message), self.message)))
        return f"{self.file}:{self.line}  {self.path or '-'}  {words}"


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """A file as data. `node` is None when nothing of it could be read."""

    name: str
    data: Any
    faults: tuple[Fault, ...]
    node: yaml.Node | None = None

    @property
    def readable(self) -> bool:
        return self.node is not None

    def line_of(self, path: str) -> int:
        """The line of the key that a path such as `categories[1].title` names, or of the nearest one above it."""
        node, line, rest = self.node, 1, path
        while node is not None and rest:
            step = _step(node, rest)
            if step is None:
                break
            line, node, rest = step
        return line


def read_marked(path: Path, name: str, *, merges: bool = False) -> MarkedFile:
    """Never raises for what the file holds: what is wrong with it is among its faults."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = " ".join(filter(None, (error.context, error.problem)))
        return _unreadable(name, mark.line + 1 if mark else 1, words)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        return _unreadable(name, 1, str(error).replace("\n", " "))
    if node is None:
        return _unreadable(name, 1, "is empty")
    builder = _Builder(name, merges=merges)
    data = builder.build(node, "")
    return MarkedFile(name, data, tuple(builder.faults), node)


def _unreadable(name: str, line: int, message: str) -> MarkedFile:
    return MarkedFile(name, None, (Fault(name, line, "", message),))


class _Builder:
    """Data from nodes. A key that is wrong is named and left out, so that the rest can still be checked."""

    def __init__(self, name: str, *, merges: bool) -> None:
        self.faults: list[Fault] = []
        self._name = name
        self._merges = merges
        self._open: list[yaml.Node] = []
        self._scalars = yaml.constructor.SafeConstructor()

    def build(self, node: yaml.Node, path: str) -> Any:
        if any(node is above for above in self._open):
            self._fault(node, path, "stands inside itself")
            return None
        self._open.append(node)
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            if isinstance(node, yaml.SequenceNode):
                return [self.build(item, f"{path}[{index}]") for index, item in enumerate(node.value)]
            return self._scalar(node, path)
        finally:
            self._open.pop()

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                merged |= self._merge(key_node, value_node, path)
                continue
            key = self._scalar(key_node, path) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str):
                self._fault(key_node, path, f"key {getattr(key_node, 'value', '')!r} is not a text: put it in quotes")
                continue
            at = f"{path}.{key}".lstrip(".")
            if key in own:
                self._fault(key_node, at, "stands twice")
            own[key] = self.build(value_node, at)
        return merged | own

    def _merge(self, key_node: yaml.Node, value_node: yaml.Node, path: str) -> dict[str, Any]:
        if not self._merges:
            self._fault(key_node, f"{path}.<<".lstrip("."), "`<<` is not read here: write the keys out")
            return {}
        found = self.build(value_node, path)
        if isinstance(found, dict):
            return found
        self._fault(key_node, path, "`<<` takes one mapping")
        return {}

    def _scalar(self, node: yaml.Node, path: str) -> Any:
        if node.tag == _TIMESTAMP:
            return node.value
        try:
            return self._scalars.construct_object(node)
        except (yaml.MarkedYAMLError, ValueError) as error:
            self._fault(node, path, getattr(error, "problem", None) or str(error))
            return None

    def _fault(self, node: yaml.Node, path: str, message: str) -> None:
        self.faults.append(Fault(self._name, node.start_mark.line + 1, path, message))


def _step(node: yaml.Node, rest: str) -> tuple[int, yaml.Node, str] | None:
    """One part of the path: the line where it stands, its node, and what is left of the path."""
    if isinstance(node, yaml.SequenceNode):
        return _into_list(node, rest)
    pairs = list(_pairs(node))
    fitting = [(key, value) for key, value in pairs if _begins(rest, key.value)]
    if fitting:
        key, value = max(fitting, key=lambda pair: len(pair[0].value))
        return key.start_mark.line + 1, value, rest[len(key.value) :].removeprefix(".")
    for key, value in pairs:
        if key.value in _TRANSPARENT and isinstance(value, yaml.SequenceNode):
            return _into_list(value, rest)
    return None


def _into_list(node: yaml.SequenceNode, rest: str) -> tuple[int, yaml.Node, str] | None:
    number = re.match(r"\[(\d+)\]\.?", rest)
    if number:
        if int(number[1]) >= len(node.value):
            return None
        item = node.value[int(number[1])]
        return item.start_mark.line + 1, item, rest[number.end() :]
    found = None
    for item in node.value:
        for key, value in _pairs(item):
            if key.value in _NAMES and isinstance(value, yaml.ScalarNode) and _begins(rest, value.value):
                found = item.start_mark.line + 1, item, rest[len(value.value) :].removeprefix(".")
    return found  # the last one: where a name stands twice, the second is the fault


def _pairs(node: yaml.Node, depth: int = 0) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The keys of a mapping; those that it merges come after its own."""
    if not isinstance(node, yaml.MappingNode) or depth > _DEEPEST_MERGE:
        return
    merged = []
    for key, value in node.value:
        if key.tag == _MERGE:
            merged.append(value)
        elif isinstance(key, yaml.ScalarNode):
            yield key, value
    for value in merged:
        yield from _pairs(value, depth + 1)


def _begins(rest: str, name: str) -> bool:
    return bool(name) and rest.startswith(name) and rest[len(name) : len(name) + 1] in ("", ".", "[")
