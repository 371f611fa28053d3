"""Reads a campaign folder into plain data: the one place where campaign files are opened."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import yaml

_PRINT = ".print.yaml"


class CampaignFileBroken(ValueError):
    """A file cannot be read as data. The message names file and line."""


class _StrictLoader(yaml.SafeLoader):
    """YAML in which a key stands once and a date stays a text."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise yaml.MarkedYAMLError(
                problem=f"key {key!r} stands twice", problem_mark=node.value[place][0].start_mark
            )
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", lambda _loader, node: node.value)


def read_yaml(path: Path) -> Any:
    """Raises CampaignFileBroken with file and line."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506  a SafeLoader, stricter
    except yaml.YAMLError as error:
        raise CampaignFileBroken(f"{path}: {error}") from None


def read_campaign_folder(folder: Path) -> dict[str, Any]:
    """The whole campaign as data that JSON can hold. Raises CampaignFileBroken, FileNotFoundError."""
    data: dict[str, Any] = read_yaml(folder / "campaign.yaml")
    data["quotas"] = _quotas(folder / "quotas.csv")
    data |= read_yaml(folder / "consultation.yaml")
    files = sorted((folder / "forms").glob("*.yaml"))
    data["forms"] = {path.stem: read_yaml(path) for path in files if not path.name.endswith(_PRINT)}
    data["print_layouts"] = {
        path.name.removesuffix(_PRINT): read_yaml(path) for path in files if path.name.endswith(_PRINT)
    }
    return data


def _quotas(path: Path) -> list[dict[str, Any]]:
    """附件2: the columns after `name` are categories."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        return [
            {
                "quota_unit": row.pop("quota_unit"),
                "name": row.pop("name"),
                "seats": {category: int(seats) for category, seats in row.items()},
            }
            for row in rows
        ]
    except (KeyError, ValueError, TypeError) as error:
        raise CampaignFileBroken(f"{path}: {error}") from None


def read_days(ranges: list[list[str]]) -> set[date]:
    """Days of ranges, each `[first, last]` or `[only]`."""
    days: set[date] = set()
    for first, *rest in ranges:
        start, end = date.fromisoformat(first), date.fromisoformat(rest[0] if rest else first)
        days |= {date.fromordinal(day) for day in range(start.toordinal(), end.toordinal() + 1)}
    return days
