"""Reads a campaign folder into plain data: the one place where campaign files are opened."""

import base64
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from services.nominations.campaigns.quota_table import read_quota_table

NO_MERGE = "`<<` is not read here: write the keys out"
_PRINT = ".print.yaml"


class CampaignFileBroken(ValueError):
    """A file cannot be read as data. The message names file and line."""


class _StrictLoader(yaml.CSafeLoader):
    """YAML in which a key is a text that stands once, and a date stays a text."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    mapping: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        if key_node.tag == "tag:yaml.org,2002:merge":
            raise yaml.MarkedYAMLError(problem=NO_MERGE, problem_mark=key_node.start_mark)
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.MarkedYAMLError(problem=f"key {key!r} is not a text", problem_mark=key_node.start_mark)
        if key in mapping:
            raise yaml.MarkedYAMLError(problem=f"key {key!r} stands twice", problem_mark=key_node.start_mark)
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: node.value)


def read_yaml(path: Path) -> Any:
    """Raises CampaignFileBroken with file and line."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506  a SafeLoader, stricter
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CampaignFileBroken(f"{path}: {error}") from None


def read_campaign_folder(folder: Path) -> dict[str, Any]:
    """The whole campaign as data that JSON can hold. Raises CampaignFileBroken, FileNotFoundError."""
    data: dict[str, Any] = {}
    for name in ("campaign.yaml", "consultation.yaml", "requirements.yaml"):
        part = _mapping_of(folder / name)
        for key in sorted(data.keys() & part.keys()):
            raise CampaignFileBroken(f"{folder / name}: key {key!r} stands in another file too")
        data |= part
    data["quotas"] = _quotas(folder / "quotas.csv")
    files = sorted((folder / "forms").glob("*.yaml"))
    data["forms"] = {path.stem: read_yaml(path) for path in files if not path.name.endswith(_PRINT)}
    data["print_layouts"] = {
        path.name.removesuffix(_PRINT): read_yaml(path) for path in files if path.name.endswith(_PRINT)
    }
    templates = read_templates(folder)
    return data | ({"docx_templates": templates} if templates else {})


def read_templates(folder: Path) -> dict[str, str]:
    """Offices' own DOCX by form, in base64: published with the rest, for good."""
    files = sorted((folder / "forms").glob("*.docx"))
    return {path.stem: base64.b64encode(path.read_bytes()).decode() for path in files}


def _mapping_of(path: Path) -> dict[str, Any]:
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise CampaignFileBroken(f"{path}: must be a mapping")
    return data


def _quotas(path: Path) -> list[dict[str, Any]]:
    """Excel puts a mark before UTF-8; it is no part of the first column's name."""
    try:
        table = read_quota_table(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CampaignFileBroken(f"{path}: {error}") from None
    for fault in table.faults:
        raise CampaignFileBroken(f"{path}: line {fault.line}: {fault.message}")
    return list(table.rows)


def read_days(ranges: list[list[str]]) -> set[date]:
    """Days of ranges, each `[first, last]` or `[only]`. Raises ValueError for a range of another shape or back to front."""
    days: set[date] = set()
    for limits in ranges:
        if not isinstance(limits, list) or len(limits) not in (1, 2):
            raise ValueError(f"{limits} is neither [first, last] nor [only]")
        start, end = date.fromisoformat(limits[0]), date.fromisoformat(limits[-1])
        if end < start:
            raise ValueError(f"{limits} runs back to front")
        days |= {date.fromordinal(day) for day in range(start.toordinal(), end.toordinal() + 1)}
    return days
